"""Say plainly that a port is taken, before gunicorn says it five times."""

from __future__ import annotations

import socket
import sys

if not sys.argv[2].isdecimal() or not 0 < int(sys.argv[2]) < 65536:
    sys.exit(f"PORT={sys.argv[2]} is no port: choose a number from 1 to 65535.")
host, port = sys.argv[1], int(sys.argv[2])
with socket.socket() as probe:
    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        probe.bind((host, port))
    except OSError as error:
        sys.exit(
            f"Cannot serve on {host}:{port}: {error.strerror}.\nChoose another port: make run PORT={port + 1}"
        )
