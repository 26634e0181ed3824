"""The databases that are measured: one for each size and kind, made once and used again."""

from __future__ import annotations

import contextlib
import functools
import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from tests.bench.recipes import recipe_for
from tests.postgres import lasting_server

if TYPE_CHECKING:
    from collections.abc import Iterator

SQLITE, POSTGRESQL = "sqlite", "postgresql"
READ_RECIPE = "SELECT recipe FROM bench_recipe"
# Nothing is interrupted: a load takes minutes, and a busy machine must not decide what is measured.
PATIENCE = {
    "STATEMENT_TIMEOUT_MS": "0",
    "LOCK_TIMEOUT_MS": "0",
    "IDLE_TRANSACTION_TIMEOUT_MS": "0",
    "LOG_LEVEL": "ERROR",
}


class SQLiteFolder:
    """Files side by side."""

    vendor = SQLITE

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def url_of(self, name: str) -> str:
        """Return the address of a file."""
        return f"sqlite:///{self._path(name)}"

    def recipe_of(self, name: str) -> str | None:
        """Return what the file was made by."""
        if not self._path(name).exists():
            return None
        with (
            contextlib.closing(sqlite3.connect(self._path(name))) as connection,
            contextlib.suppress(sqlite3.OperationalError),
        ):
            row = connection.execute(READ_RECIPE).fetchone()
            return str(row[0]) if row else None
        return None

    def make_anew(self, name: str) -> None:
        """Remove the file; whoever opens it makes it."""
        for ending in ("", "-wal", "-shm"):
            Path(f"{self._path(name)}{ending}").unlink(missing_ok=True)

    @contextlib.contextmanager
    def copied(self, name: str) -> Iterator[str]:
        """Copy the pages, also those that wait in the journal."""
        copy = f"{name}_copy"
        self.make_anew(copy)
        with (
            contextlib.closing(sqlite3.connect(self._path(name))) as source,
            contextlib.closing(sqlite3.connect(self._path(copy))) as target,
        ):
            source.backup(target)
        try:
            yield self.url_of(copy)
        finally:
            self.make_anew(copy)

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.sqlite3"


class PostgreSQLServer:
    """Databases of a server, where we may create some."""

    vendor = POSTGRESQL

    def __init__(self, url: str) -> None:
        self._url = url

    def url_of(self, name: str) -> str:
        """Return the address of a database beside the one given."""
        return urlunsplit(urlsplit(self._url)._replace(path=f"/{name}"))

    def recipe_of(self, name: str) -> str | None:
        """Return what the database was made by."""
        with psycopg.connect(self._url) as connection:
            found = connection.execute("SELECT FROM pg_database WHERE datname = %s", [name]).fetchone()
        if found is None:
            return None
        with (
            psycopg.connect(self.url_of(name)) as connection,
            contextlib.suppress(psycopg.errors.UndefinedTable),
        ):
            row = connection.execute(READ_RECIPE).fetchone()
            return str(row[0]) if row else None
        return None

    def make_anew(self, name: str) -> None:
        """Drop the database, and create it."""
        self._drop(name)
        self._run(
            sql.SQL("CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE template0").format(sql.Identifier(name))
        )

    @contextlib.contextmanager
    def copied(self, name: str) -> Iterator[str]:
        """Copy the files of the database, to which nobody may be connected."""
        copy = f"{name}_copy"
        self._drop(copy)
        create = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY")
        self._run(create.format(sql.Identifier(copy), sql.Identifier(name)))
        try:
            yield self.url_of(copy)
        finally:
            self._drop(copy)

    def _drop(self, name: str) -> None:
        self._run(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def _run(self, statement: sql.Composed) -> None:
        with psycopg.connect(self._url, autocommit=True) as connection:
            connection.execute(statement)


Server: TypeAlias = SQLiteFolder | PostgreSQLServer


@contextlib.contextmanager
def server_of(vendor: str) -> Iterator[Server]:
    """Yield where the databases of that kind are, for as long as it takes."""
    folder = cache_folder()
    if vendor == SQLITE:
        yield SQLiteFolder(folder)
        return
    given = os.environ.get("DATABASE_URL", "")
    if given.startswith("postgres"):
        yield PostgreSQLServer(given)
        return
    with lasting_server(folder) as url:
        yield PostgreSQLServer(url)


def cache_folder() -> Path:
    """Return where databases stay between runs: BENCH_DIR, or the cache of whoever runs this.

    Root's own cache is closed to the user that its PostgreSQL runs as, so root uses that of the system.
    """
    if given := os.environ.get("BENCH_DIR"):
        return Path(given)
    own = Path("/var/cache") if os.geteuid() == 0 else Path.home() / ".cache"
    return Path(os.environ.get("XDG_CACHE_HOME") or own) / "tocsin-bench"


def database_name(size: int) -> str:
    """Return what the database with so many incidents is called."""
    return f"bench_{size}"


@functools.cache
def database_of(size: int, server: Server) -> str:
    """Return the address of the database with so many incidents, made or brought up to date first; looks once."""
    name, recipe = database_name(size), recipe_for(size)
    found = server.recipe_of(name)
    if found != recipe:
        tell(f"{server.vendor}: making {name}: {recipe}" + (f" (was: {found})" if found else ""))
        server.make_anew(name)
    run_module("tests.bench.building", str(size), database_url=server.url_of(name))
    return server.url_of(name)


def run_module(module: str, *arguments: str, database_url: str) -> str:
    """Run a module in a process of its own, because the settings read the database once; return what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        env={**os.environ, **PATIENCE, "DATABASE_URL": database_url},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return done.stdout


def tell(words: str) -> None:
    """Say it beside the table."""
    print(words, file=sys.stderr, flush=True)
