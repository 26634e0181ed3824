"""Say plainly that a port is taken, before gunicorn says it five times."""

from __future__ import annotations

import socket
import sys

host, port = sys.argv[1], int(sys.argv[2])
with socket.socket() as probe:
    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        probe.bind((host, port))
    except OSError as error:
        sys.exit(
            f"Cannot serve on {host}:{port}: {error.strerror}.\nChoose another port: make run PORT={port + 1}"
        )
