"""The other server: only ever asked to GET, politely, and never followed to another address."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin, urlsplit

from ecf_sandbox.remote.proxy.upstream import NoAnswer, Upstream
from ecf_sandbox.transport import Headers, Reply

LONGEST_WAIT = 60.0
# Where the server asks for patience without saying for how long, as the service does.
_USUAL_WAIT = 10.0
_WAITS, _REDIRECTS = 2, 3
_LONGEST_BODY = 64 * 2**20

Say = Callable[[str], None]


class Unreachable(Exception):
    """There is no answer to be had. Says why."""


class TooMany(Exception):
    """The server still allows no more requests after some patience. Says how long it asks to wait, if it does."""


class There:
    """The server at a URL; raises ValueError if that is none.

    `longest_wait` (seconds) is how long it may ask to wait after too many requests, twice for one request.
    """

    def __init__(
        self,
        url: str,
        *,
        timeout: float,
        longest_wait: float = LONGEST_WAIT,
        say: Say = lambda _: None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        checked = Upstream(url, timeout=timeout)
        parts = urlsplit(checked.url)
        self.url = checked.url
        self._prefix = parts.path.rstrip("/")
        self._origin = Upstream(f"{parts.scheme}://{parts.netloc}", timeout=timeout, whole=_LONGEST_BODY)
        self._longest_wait, self._say, self._sleep = longest_wait, say, sleep

    def get(self, target: str, headers: Headers = ()) -> Reply:
        """The answer to a GET, after redirects within the same server; raises Unreachable or TooMany.

        A redirect to anywhere else is an answer like any other: whoever is there is not shown the token.
        """
        at = self._prefix + target
        for _ in range(_REDIRECTS):
            reply = self._patiently(at, headers)
            onward = self._onward(at, reply)
            if onward is None:
                return reply
            at = onward
        return self._patiently(at, headers)

    def _patiently(self, at: str, headers: Headers) -> Reply:
        for _ in range(_WAITS):
            reply = self._once(at, headers)
            if reply.status != 429:
                return reply
            wait = wait_asked_for(reply)
            if wait > self._longest_wait:
                raise TooMany(f"it asks to wait for {wait:g} seconds")
            self._say(f"too many requests; waiting for {wait:g} seconds")
            self._sleep(wait)
        reply = self._once(at, headers)
        if reply.status == 429:
            raise TooMany(f"it still says so after {_WAITS} waits")
        return reply

    def _once(self, at: str, headers: Headers) -> Reply:
        try:
            answered = self._origin.ask("GET", at, headers, None)
        except NoAnswer as reason:
            raise Unreachable(str(reason)) from None
        if answered.rest is not None:
            raise Unreachable(f"{self.url} answers with more than {_LONGEST_BODY >> 20} MiB")
        return Reply(answered.status, {name.lower(): value for name, value in answered.headers}, answered.body)

    def _onward(self, at: str, reply: Reply) -> str | None:
        location = reply.headers.get("location")
        if location is None or reply.status not in (301, 302, 303, 307, 308):
            return None
        onward = urljoin(self._origin.url + at, location)
        # A prefix alone would let pass http://host.example:80@elsewhere.
        if urlsplit(onward)[:2] != urlsplit(self._origin.url)[:2]:
            return None
        return onward.partition("#")[0].removeprefix(self._origin.url) or "/"


def wait_asked_for(reply: Reply) -> float:
    """The seconds that a refusal for too many requests asks to wait, in either of its headers; else the usual."""
    for name in ("retry-after", "ratelimit-reset"):
        value = reply.headers.get(name, "").strip()
        if value.isascii() and value.isdigit():
            return float(value[:9])
    until, sent = _moment(reply.headers.get("retry-after")), _moment(reply.headers.get("date"))
    return max(0.0, (until - sent).total_seconds()) if until and sent else _USUAL_WAIT


def _moment(text: str | None) -> datetime | None:
    try:
        return parsedate_to_datetime(text) if text else None
    except ValueError:
        return None
