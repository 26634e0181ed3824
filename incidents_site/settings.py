"""Every setting of an installation, from top to bottom. docs/configuration.md explains each one."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key
from environs import Env

from incidents_site.logs import logging_at

env = Env()

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"

# --- What kind of installation this is

TOCSIN_ENVIRONMENT = env.str("TOCSIN_ENVIRONMENT", "local")
if TOCSIN_ENVIRONMENT not in {"local", "production"}:
    raise ImproperlyConfigured(
        f"TOCSIN_ENVIRONMENT is {TOCSIN_ENVIRONMENT!r}; it can be local or production."
    )
PRODUCTION = TOCSIN_ENVIRONMENT == "production"
DEBUG = env.bool("DEBUG", False)

ORGANISATION_NAME = env.str("ORGANISATION_NAME", "Your organisation")
BASE_URL = env.str("BASE_URL", "http://127.0.0.1:8000").rstrip("/")
SUPPORT_TEXT = env.str("SUPPORT_TEXT", "Ask the people who run this installation.")
DEMO_PASSWORD = "tocsin-demo"  # noqa: S105 - public on purpose, and refused in production

# --- Secrets and hosts


def _kept_secret_key(path: Path) -> str:
    """Return the key kept at path, made on the first start. Linking is atomic, so that two processes agree."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=path.parent) as draft:  # readable by its owner only
            draft.write(get_random_secret_key())
            draft.flush()
            with contextlib.suppress(FileExistsError):
                os.link(draft.name, path)
    return path.read_text()


SECRET_KEY = env.str("SECRET_KEY", "")
if PRODUCTION and not SECRET_KEY:
    raise ImproperlyConfigured("Set SECRET_KEY in production: 50 or more random characters, kept secret.")
SECRET_KEY = SECRET_KEY or _kept_secret_key(VAR_DIR / "secret_key")
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", [])

LOOPBACK_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
ALLOWED_HOSTS = [*env.list("ALLOWED_HOSTS", [urlsplit(BASE_URL).hostname or "localhost"]), *LOOPBACK_HOSTS]
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", [BASE_URL])

# --- Apps and middleware

INSTALLED_APPS = [
    "incidents",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "csp",
    "django_filters",
    "django_htmx",
]

MIDDLEWARE = [
    "incidents_site.middleware.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Pads what it compresses by a random length, so that sizes tell nothing of the secrets in a page.
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "incidents_site.middleware.ResponseHeadersMiddleware",
    "incidents_site.middleware.ReadableAddressMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "incidents_site.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "incidents_site.middleware.TimeZoneMiddleware",
]

ROOT_URLCONF = "incidents_site.urls"
WSGI_APPLICATION = "incidents_site.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Database: SQLite without any configuration, PostgreSQL by DATABASE_URL

STATEMENT_TIMEOUT_MS = env.int("STATEMENT_TIMEOUT_MS", 5000)
LOCK_TIMEOUT_MS = env.int("LOCK_TIMEOUT_MS", 3000)
IDLE_TRANSACTION_TIMEOUT_MS = env.int("IDLE_TRANSACTION_TIMEOUT_MS", 10000)

SQLITE: dict[str, Any] = {
    "CONN_MAX_AGE": None,
    "OPTIONS": {
        # Writers queue from the start of a transaction: a read that turns into a write cannot find it stale.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        # FULL keeps the last commit through a power cut, which NORMAL does not.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-16384;",
    },
}
POSTGRESQL: dict[str, Any] = {
    "CONN_MAX_AGE": None,
    "CONN_HEALTH_CHECKS": True,
    "OPTIONS": {
        "connect_timeout": 3,
        "options": (
            f"-c statement_timeout={STATEMENT_TIMEOUT_MS} -c lock_timeout={LOCK_TIMEOUT_MS}"
            f" -c idle_in_transaction_session_timeout={IDLE_TRANSACTION_TIMEOUT_MS}"
            # To compile a statement takes longer than any of ours runs.
            " -c jit=off"
        ),
    },
}

_database = env.dj_db_url("DATABASE_URL", f"sqlite:///{VAR_DIR / 'tocsin.sqlite3'}")
if _database["ENGINE"] not in {"django.db.backends.sqlite3", "django.db.backends.postgresql"}:
    raise ImproperlyConfigured("DATABASE_URL must begin with postgresql:// or sqlite:///.")
_engine_settings = SQLITE if _database["ENGINE"].endswith("sqlite3") else POSTGRESQL
DATABASES = {
    "default": {
        **_database,
        **_engine_settings,
        "OPTIONS": {**_engine_settings["OPTIONS"], **_database.get("OPTIONS", {})},
        "TEST": {"NAME": env.str("TEST_DATABASE_NAME", None)},
    },
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    Path(DATABASES["default"]["NAME"]).parent.mkdir(parents=True, exist_ok=True)

# Limits on tries count in the cache, so every process has to see the same one.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "tocsin_cache"}}

# --- Templates and static files

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    ["incidents_site.templates.Loader", "django.template.loaders.app_directories.Loader"],
                ),
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "incidents.web.context.installation",
                "incidents.web.navigation.navigation",
            ],
        },
    },
]
FORM_RENDERER = "incidents.web.rendering.FormRenderer"

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if DEBUG
            else "incidents_site.storage.StaticFilesStorage"
        ),
    },
}
WHITENOISE_USE_FINDERS = DEBUG

# --- People

AUTH_USER_MODEL = "incidents.User"
AUTHENTICATION_BACKENDS = ["incidents.web.accounts.PasswordBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "incidents.web.accounts.DemoPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
PASSWORD_RESET_TIMEOUT = 60 * 60

ACCOUNT_ADAPTER = "incidents.web.accounts.AccountAdapter"
ACCOUNT_CHANGE_EMAIL = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_FORMS = {
    "change_password": "incidents.web.account_forms.ChangePasswordForm",
    "login": "incidents.web.account_forms.LoginForm",
    "reauthenticate": "incidents.web.account_forms.ReauthenticateForm",
    "reset_password": "incidents.web.account_forms.ResetPasswordForm",
    "reset_password_from_key": "incidents.web.account_forms.ResetPasswordKeyForm",
}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_LOGOUT_REDIRECT_URL = LOGIN_URL
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/300s/key",
    "reset_password": "20/m/ip,5/m/key",
}
ACCOUNT_REAUTHENTICATION_TIMEOUT = 5 * 60
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
# How many proxies of ours stand in front. Their X-Forwarded-* headers are believed, nobody else's.
TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", 0)
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXY_COUNT

# --- What a browser is told

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_SSL_REDIRECT = PRODUCTION
# The API refuses instead: its clients take a redirect for an answer, and would go on sending their key in the clear.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^v[123]/"]
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCTION
# Only who owns the whole domain can ask browsers to preload it, so that is not ours to say.
SILENCED_SYSTEM_CHECKS = ["security.W021"]
if TRUSTED_PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

SESSION_COOKIE_NAME = "__Host-session" if PRODUCTION else "tocsin_session"
SESSION_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_NAME = "__Host-csrf" if PRODUCTION else "tocsin_csrf"
CSRF_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "incidents.web.views.errors.csrf_failure"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    },
}

# A million letters must reach the form, which says by the field that they are too many.
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000

# --- E-mail

vars().update(env.dj_email_url("EMAIL_URL", "console://"))
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", f"Tocsin <tocsin@{urlsplit(BASE_URL).hostname}>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# --- Language and time: stored in UTC, shown in the person's zone

LANGUAGE_CODE = "en-gb"
USE_I18N = True
USE_TZ = True
TIME_ZONE = env.str("TIME_ZONE", "UTC")

# --- Logs: one line a record on standard output, with the request's id

LOGGING = logging_at(env.str("LOG_LEVEL", "INFO"))
