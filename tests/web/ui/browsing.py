"""A reader of pages without a browser: what is on a page, and where its links lead."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from ecf_sandbox.app import create_app
from ecf_sandbox.scenario.loading import Scenario, load_scenario
from ecf_sandbox.scenario.world import world_of
from ecf_sandbox.state.worlds import Worlds


class Outline(HTMLParser):
    """The parts of a page that tests speak of."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.title, self.headings, self.links = "", [], {}  # type: tuple[str, list[str], dict[str, str]]
        self.fields: dict[str, str] = {}
        self._inside: list[tuple[str, dict[str, str | None]]] = []
        self._text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in ("title", "h1", "a"):
            self._inside.append((tag, given))
            self._text = ""
        if tag in ("input", "select") and given.get("name"):
            self.fields[str(given["name"])] = str(given.get("value") or "")

    def handle_data(self, data: str) -> None:
        self._text += data

    def handle_endtag(self, tag: str) -> None:
        if self._inside and self._inside[-1][0] == tag:
            _, given = self._inside.pop()
            text = " ".join(self._text.split())
            if tag == "title":
                self.title = text
            elif tag == "h1":
                self.headings.append(text)
            elif given.get("href"):
                self.links.setdefault(text, str(given["href"]))


@cache
def default() -> Scenario:
    """The default scenario, of which each browser has a world of its own."""
    return load_scenario("default", seed="sandbox")


class Browser:
    """Opens pages of a sandbox and follows links by what they say."""

    def __init__(self, worlds: Worlds | None = None, *, now: datetime | None = None, **options: Any) -> None:
        self.worlds = worlds or Worlds(world_of(default(), now=now))
        self.client: FlaskClient = create_app(self.worlds, **options).test_client()
        self.at = ""
        self.answer: TestResponse

    def open(self, address: str, status: int = 200, **headers: str) -> Outline:
        """Open a page of this sandbox."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answer = self.client.get(address, headers=named)
        assert self.answer.status_code == status, self.answer.text
        self.at = address
        return Outline(self.answer.text)

    def follow(self, words: str) -> Outline:
        """Follow the first link whose text begins so."""
        links = Outline(self.answer.text).links
        found = next((href for text, href in links.items() if text.startswith(words)), None)
        assert found is not None, f"no link {words!r} among {list(links)}"
        parts = urlsplit(found)
        return self.open(f"{parts.path}?{parts.query}" if parts.query else parts.path)

    def submit(self, address: str, **fields: str) -> Outline:
        """Send a form and open the page that it leads to."""
        answer = self.client.post(address, data=fields)
        assert answer.status_code == 303, answer.text
        return self.open(answer.headers["Location"])

    def data(self, address: str) -> Any:
        """What the twin of a page in JSON says."""
        path, _, query = address.partition("?")
        answer = self.client.get(f"{path}.json?{query}")
        assert answer.status_code == 200, answer.text
        return answer.json
