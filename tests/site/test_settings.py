"""How an installation is configured: by its environment, which it refuses when it is wrong."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
PRODUCTION = {
    "TOCSIN_ENVIRONMENT": "production",
    "SECRET_KEY": "k7!" + "abcdefghijklmnopqrstuvwxyz0123456789" * 2,
    "BASE_URL": "https://tocsin.example.com",
}
READ = "from incidents_site import settings as s; import json; print(json.dumps({expression}))"


def test_check_deploy_is_clean_in_production() -> None:
    result = manage("check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)

    assert result.returncode == 0, result.stderr


def test_check_deploy_insists_on_production() -> None:
    result = manage("check", "--deploy", "--fail-level", "WARNING")

    assert result.returncode != 0
    assert "incidents.W001" in result.stderr


def test_check_deploy_insists_on_an_https_address() -> None:
    result = manage("check", "--deploy", **{**PRODUCTION, "BASE_URL": "http://tocsin.example.com"})

    assert "incidents.W002" in result.stderr


def test_production_needs_a_secret_key() -> None:
    result = manage("check", **{**PRODUCTION, "SECRET_KEY": ""})

    assert "Set SECRET_KEY in production" in result.stderr


@pytest.mark.parametrize(
    ("name", "value", "complaint"),
    [
        ("TOCSIN_ENVIRONMENT", "staging", "it can be local or production"),
        ("DATABASE_URL", "mysql://db/tocsin", "DATABASE_URL must begin with postgresql:// or sqlite:///"),
        ("DEBUG", "perhaps", "DEBUG"),
        ("STATEMENT_TIMEOUT_MS", "soon", "STATEMENT_TIMEOUT_MS"),
    ],
)
def test_wrong_value_is_refused_by_name(name: str, value: str, complaint: str) -> None:
    result = manage("check", **{name: value})

    assert result.returncode != 0
    assert complaint in result.stderr


def test_production_cookies_are_bound_to_the_host_and_to_tls() -> None:
    cookies = read("[s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_SECURE]", **PRODUCTION)

    assert cookies == ["__Host-session", "__Host-csrf", True]


def test_hosts_are_local_until_an_address_is_given() -> None:
    assert set(read("s.ALLOWED_HOSTS")) == {"127.0.0.1", "localhost", "[::1]"}


def test_the_address_is_the_allowed_host() -> None:
    assert "tocsin.example.com" in read("s.ALLOWED_HOSTS", **PRODUCTION)


def test_postgresql_keeps_connections_and_bounds_waiting() -> None:
    database = read("s.DATABASES['default']", DATABASE_URL="postgresql://u:p@db/tocsin", LOCK_TIMEOUT_MS="77")

    assert database["CONN_MAX_AGE"] is None
    assert database["CONN_HEALTH_CHECKS"] is True
    assert "-c statement_timeout=5000 -c lock_timeout=77" in database["OPTIONS"]["options"]


def test_sqlite_keeps_connections_writers_queue_and_commits_last() -> None:
    database = read("s.DATABASES['default']", DATABASE_URL="sqlite:////tmp/tocsin-unused.sqlite3")
    options = database["OPTIONS"]

    assert database["CONN_MAX_AGE"] is None
    assert options["transaction_mode"] == "IMMEDIATE"
    assert "journal_mode=WAL; PRAGMA synchronous=FULL" in options["init_command"]


def test_proxies_are_believed_only_when_counted() -> None:
    expression = "getattr(s, 'SECURE_PROXY_SSL_HEADER', None)"

    assert read(expression) is None
    assert read(expression, TRUSTED_PROXY_COUNT="1") == ["HTTP_X_FORWARDED_PROTO", "https"]


def test_secret_key_is_made_once_and_readable_by_its_owner_only(tmp_path: Path) -> None:
    expression = f"[s._kept_secret_key(s.Path({str(tmp_path / 'var' / 'key')!r})) for _ in range(2)]"

    first, second = read(expression)

    assert first == second
    assert len(first) >= 50
    assert (tmp_path / "var" / "key").stat().st_mode & 0o777 == 0o600


def test_every_variable_is_documented() -> None:
    code = "".join((ROOT / name).read_text() for name in ("incidents_site/settings.py", "gunicorn.conf.py"))
    read_names = set(re.findall(r'(?:env\.\w+|environ\.get)\(\s*[\'"]([A-Z_]+)[\'"]', code))

    documented = set(
        re.findall(r"^\| `([A-Z_]+)`", (ROOT / "docs/configuration.md").read_text(), re.MULTILINE)
    )

    assert read_names == documented
    assert "DATABASE_URL" in read_names


def manage(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return run([sys.executable, "manage.py", *arguments], environment)


def read(expression: str, **environment: str) -> Any:
    result = run([sys.executable, "-c", READ.format(expression=expression)], environment)
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


def run(command: list[str], environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a command in a clean environment, because settings are read once per process."""
    clean = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/")}
    return subprocess.run(
        command, cwd=ROOT, env={**clean, **environment}, capture_output=True, text=True, check=False
    )
