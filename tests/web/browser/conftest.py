"""One browser for all tests of a process, at one sandbox."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial
from typing import Any

import pytest

from tests.served import standing
from tests.web.browser.driving import Tab, add_rect_world, chromium, missing, tab_of


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--pictures", action="store_true", help="Take the pictures of the documentation anew.")


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    try:
        from playwright.sync_api import sync_playwright
    except ModuleNotFoundError:
        missing("Playwright is not installed: make browser")
    path = chromium()
    with sync_playwright() as playwright:
        # Without a sandbox of its own, since in a container it may have none; it sees only pages of this project.
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """Where a sandbox stands, with a world of the other service beside main."""
    with standing("2026-10-12T09:00:00+00:00") as sandbox:
        add_rect_world(sandbox)
        yield sandbox.url


@pytest.fixture
def tab(browser, address) -> Callable[..., AbstractContextManager[Tab]]:
    """Opens a tab at that sandbox."""
    return partial(tab_of, browser, address)
