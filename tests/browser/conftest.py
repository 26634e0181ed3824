"""A real browser on a real server."""

from __future__ import annotations

import os
import re
import shutil
from typing import TYPE_CHECKING, Literal, Protocol

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page
    from pytest_django.live_server_helper import LiveServer

    from incidents.models import User

Theme = Literal["light", "dark"]

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
PHONE_WIDTH, DESKTOP_WIDTH = 390, 1280
# Chromium reports each 4xx it was answered; tests ask for those on purpose. Htmx reports a request that ends with its
# page as one that was not sent; what a server answered wrongly it reports as htmx:responseError.
EXPECTED_ERROR = re.compile(
    r"Failed to load resource: the server responded with a status of 4\d\d"
    r"|htmx:(?:afterRequest|sendError|sendAbort|abort)\b"
)
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


class Browse(Protocol):
    """Opens a page of its own, logged in as the person given."""

    def __call__(
        self,
        user: User | None = None,
        *,
        theme: Theme = "light",
        phone: bool = False,
        javascript: bool = True,
    ) -> Page: ...


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("no chromium: apt-get install -y chromium")
    with sync_playwright() as playwright:
        # Playwright runs an event loop in this thread, and Django would refuse to query beside it.
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
        yield playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def browse(browser: Browser, live_server: LiveServer, committed_db: None) -> Iterator[Browse]:
    """Open pages; whatever one of them reports on its console fails the test."""
    contexts: list[BrowserContext] = []
    problems: list[str] = []

    def open_page(
        user: User | None = None, *, theme: Theme = "light", phone: bool = False, javascript: bool = True
    ) -> Page:
        context = browser.new_context(
            base_url=live_server.url,
            color_scheme=theme,
            has_touch=phone,
            java_script_enabled=javascript,
            locale="en-GB",
            reduced_motion="reduce",
            timezone_id="Europe/London",
            viewport={"width": PHONE_WIDTH if phone else DESKTOP_WIDTH, "height": 844 if phone else 900},
        )
        contexts.append(context)
        if user is not None:
            session = _session_of(user)
            context.add_cookies(
                [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}]
            )
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("console", lambda message: _collect(message, problems))
        page.on("pageerror", lambda error: problems.append(str(error)))
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert problems == [], "the browser reported problems"


@pytest.fixture
def page(browse: Browse) -> Page:
    """Open one page for somebody who is not logged in."""
    return browse()


@pytest.fixture
def assert_accessible() -> Callable[[Page], None]:
    """Fail with what axe finds on the page."""

    def check(page: Page) -> None:
        results = Axe().run(page, options={"runOnly": AXE_TAGS, "resultTypes": ["violations"]})
        assert results.violations_count == 0, results.generate_report()

    return check


def _session_of(user: User) -> str:
    client = Client()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def _collect(message: ConsoleMessage, problems: list[str]) -> None:
    if message.type in {"error", "warning"} and not EXPECTED_ERROR.match(message.text):
        problems.append(f"{message.type}: {message.text}")
