"""How gunicorn serves Tocsin; docs/configuration.md explains the variables."""

from __future__ import annotations

import os

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
wsgi_app = "incidents_site.wsgi"
worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
timeout = 30
graceful_timeout = 20
keepalive = 5
# A worker that leaks is replaced in time, and the two never at the same moment.
max_requests = 20_000
max_requests_jitter = 2_000
# Heartbeats on a disk that is slow would kill healthy workers.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: PTH112, S108
accesslog = os.environ.get("ACCESS_LOG") or None
control_socket_disable = True
