"""Browsers on the default scenario."""

from __future__ import annotations

import pytest

from tests.web.ui.browsing import Browser
from tests.web.ui.worlds import a_browser


@pytest.fixture(scope="module")
def reader() -> Browser:
    """One that the tests of a module share, none of which changes anything."""
    return a_browser()


@pytest.fixture
def browser() -> Browser:
    """One of a test's own."""
    return a_browser()
