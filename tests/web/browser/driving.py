"""A browser that goes through pages as somebody does: by what a link says, or by keys."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.served import Answering

RECT_WORLD = "rect"
NAMES = ("chromium", "chromium-browser", "google-chrome")
PROJECTOR, PHONE = (1280, 800), (390, 844)


def chromium() -> str:
    """Where Chromium is; skips the test where it, or what drives it, is not installed, and fails it in CI."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        missing("there is no Chromium here: apt install chromium")
    return str(found)


def missing(told: str) -> None:
    """What `make browser` needs is not there."""
    pytest.fail(told) if os.environ.get("CI") else pytest.skip(told)


def add_rect_world(sandbox: Answering) -> None:
    """A world of Register early career teachers beside main."""
    body = json.dumps({"name": RECT_WORLD, "scenario": "rect-default", "now": "2026-05-12T12:00:00Z"}).encode()
    reply = sandbox.send("POST", "/_sandbox/worlds", {"Content-Type": "application/json"}, body)
    assert reply.status == 201, reply.body


@dataclass
class Tab:
    """One page of a browser at a sandbox; it notes whatever the browser complains about."""

    page: Any
    url: str
    javascript: bool
    complaints: list[str]

    def open(self, address: str, status: int = 200) -> None:
        """Open a page of the sandbox."""
        answer = self.page.goto(self.url + address)
        assert answer is not None
        assert answer.status == status

    @property
    def address(self) -> str:
        """Where it is, without the host."""
        parts = urlsplit(self.page.url)
        return f"{parts.path}?{parts.query}" if parts.query else parts.path

    @property
    def text(self) -> str:
        """What stands in the main part of the page."""
        return str(self.page.inner_text("main"))

    def follow(self, words: str) -> None:
        """Follow the first link that says so."""
        with self.page.expect_navigation():
            self.page.get_by_role("link", name=words).first.click()

    def click(self, what: str) -> None:
        """Click on something that leads elsewhere."""
        with self.page.expect_navigation():
            self.page.click(what)

    def press(self, key: str) -> None:
        """Press a key that leads elsewhere."""
        with self.page.expect_navigation():
            self.page.keyboard.press(key)

    def onwards(self) -> None:
        """The next step: with a clicker's key, or without JavaScript by the link."""
        self.press("PageDown") if self.javascript else self.click("a[data-key=next]")

    def backwards(self) -> None:
        """The step before."""
        self.press("PageUp") if self.javascript else self.click(".onward a[data-key=back]")

    def measure(self, script: str) -> Any:
        """What a piece of script in the page finds."""
        return self.page.evaluate(script)

    def is_cut(self) -> list[str]:
        """What reaches beyond the width of the window, or is wider than what scrolls around it allows."""
        found: list[str] = self.measure(CUT)
        return found

    def buttons_end_at(self) -> float:
        """How far down the buttons of a step reach."""
        return float(self.measure("document.querySelector('.onward').getBoundingClientRect().bottom"))


# Outside of what scrolls by itself, and of what is there for screen readers only, nothing may reach beyond the window.
CUT = """() => [...document.querySelectorAll('body *')].filter((it) => {
  const box = it.getBoundingClientRect();
  const hidden = it.closest('.hidden, .skip, pre, .scroll, input');
  const clipped = getComputedStyle(it).overflowX !== 'visible' && it.scrollWidth > it.clientWidth + 1;
  return box.width > 0 && !hidden && (box.right > window.innerWidth + 1 || box.left < -1 || clipped);
}).map((it) => `${it.tagName} ${it.className}: ${it.textContent.trim().slice(0, 60)}`)"""


@contextmanager
def tab_of(
    browser: Any, url: str, size: tuple[int, int] = PROJECTOR, *, javascript: bool = True, scale: float = 1
) -> Iterator[Tab]:
    """A tab of its own, which nothing that other tabs keep reaches; what it complained of fails the test at the end."""
    width, height = size
    context = browser.new_context(
        viewport={"width": width, "height": height}, device_scale_factor=scale, java_script_enabled=javascript
    )
    context.set_default_timeout(60_000)
    complaints: list[str] = []
    page = context.new_page()
    page.on("console", lambda it: complaints.append(it.text) if it.type in ("error", "warning") else None)
    page.on("pageerror", lambda it: complaints.append(str(it)))
    page.on("request", lambda it: complaints.append(it.url) if not it.url.startswith(url) else None)
    yield Tab(page, url, javascript, complaints)
    context.close()
    assert [it for it in complaints if "status of 4" not in it] == []
