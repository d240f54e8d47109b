"""Plays the plan at the other server and in a sandbox of this process, and reports every difference once."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any, Protocol
from urllib.parse import urljoin, urlsplit

from ecf_sandbox.app import create_app
from ecf_sandbox.remote.drift_claims import Promised, behaviour_of, can_judge, first_id, items_of
from ecf_sandbox.remote.drift_compare import NOT_JSON, AnswerDifference, Difference, Documented, document_of, unlike
from ecf_sandbox.remote.drift_plan import FIRST, Reading, Shown, plan
from ecf_sandbox.remote.secrets import Secrets
from ecf_sandbox.remote.upstream import NoAnswer, Upstream
from ecf_sandbox.scenario import Scenario
from ecf_sandbox.scenario.world import world_of
from ecf_sandbox.state.editions import Edition
from ecf_sandbox.state.service import Service
from ecf_sandbox.state.target import split_target
from ecf_sandbox.state.worlds import Worlds
from ecf_sandbox.transport import Headers, InProcess, Reply

WRONG_TOKEN = "no-such-token"


class DriftServer(Protocol):
    """Answers a GET."""

    def get(self, target: str, headers: Headers = ()) -> Reply: ...


class RefusesToken(Exception):
    """The other server does not take the token. Says what it answered."""


class LeadsElsewhere(Exception):
    """The other server sends whoever asks to another address, where the token is not shown."""


@dataclass(slots=True)
class Side:
    """One of the two servers, its token, and what it has answered so far by the target of the plan."""

    server: DriftServer
    token: str
    answered: dict[str, Any] = field(default_factory=dict)

    def target(self, reading: Reading) -> str | None:
        """What is asked for; None if it takes an id and none was listed."""
        if FIRST not in reading.target:
            return reading.target
        found = first_id(self.answered.get(reading.list_))
        return reading.target.replace(FIRST, found) if found and found.replace("-", "").isalnum() else None

    def ask(self, reading: Reading, target: str) -> Reply:
        """The answer, kept for the readings that go on from it."""
        reply = self.server.get(target, self._headers(reading))
        if reading.shown is Shown.OURS and not reading.accept:
            self.answered[reading.target] = document_of(reply)
        return reply

    def _headers(self, reading: Reading) -> list[tuple[str, str]]:
        token = {Shown.OURS: self.token, Shown.WRONG: WRONG_TOKEN, Shown.NONE: None}[reading.shown]
        headers = [("Accept", reading.accept or "*/*")]
        return headers if token is None else [*headers, ("Authorization", f"Bearer {token}")]


@dataclass(frozen=True, slots=True)
class DriftResult:
    """What came out: requests sent there, differences, and what could not be compared, with why."""

    requests: int
    differences: tuple[Difference, ...]
    not_compared: tuple[tuple[str, str], ...]
    judged: bool


def drift(
    there: DriftServer,
    here: DriftServer,
    *,
    service: Service,
    tokens: tuple[str, str],
    version: int,
    say: Callable[[str], None],
) -> DriftResult:
    """Play the plan of a version of a service at both.

    `tokens` are those for there and for here; `say` is told how far it is. Raises RefusesToken or LeadsElsewhere, and
    whatever `there` raises.
    """
    secrets = Secrets({"HTTP_AUTHORIZATION": f"Bearer {tokens[0]}"})
    documented, judge = Documented(service), Promised(service) if can_judge() else None
    sides = Side(there, tokens[0]), Side(here, tokens[1])
    readings = plan(service, version)
    requests, differences, missing = 0, list[Difference](), list[tuple[str, str]]()
    for number, reading in enumerate(readings, 1):
        say(f"[{number}/{len(readings)}] GET {reading.target}")
        targets = [it.target(reading) for it in sides]
        if None in targets:
            missing.append((reading.target, f"nothing is listed {_where(targets)}"))
            continue
        theirs, ours = (it.ask(reading, target or "") for it, target in zip(sides, targets, strict=True))
        requests += 1
        if number == 1:
            _check_welcome(theirs)
        unseen = _unseen(sides, reading)
        if unseen:
            missing.append((reading.target, unseen))
        enums = documented.enums(targets[0] or "", version, theirs.status)
        found = [*unlike(theirs, ours, enums), *_misbehaviour(reading, theirs, ours, sides)]
        if judge is not None and theirs.status == ours.status:
            found += judge.unlike(targets[0] or "", theirs, {it.pointer for it in found})
        differences += [_difference(reading, it, secrets) for it in found]
    return DriftResult(requests, tuple(_once(differences)), tuple(missing), judge is not None)


def _check_welcome(reply: Reply) -> None:
    if reply.status in (401, 403):
        raise RefusesToken(f"it answers {reply.status}")
    if 300 <= reply.status < 400 and "location" in reply.headers:
        raise LeadsElsewhere(f"it answers {reply.status}")


def _misbehaviour(reading: Reading, theirs: Reply, ours: Reply, sides: tuple[Side, Side]) -> Iterator[AnswerDifference]:
    if not theirs.status == ours.status == 200 or reading.shown is not Shown.OURS:
        return
    claims = [behaviour_of(reading, it.answered.get(reading.target), it.answered.get(reading.after)) for it in sides]
    for claim, holds in claims[0].items():
        # What does not hold here either is no claim of ours.
        if holds == "no" and claims[1].get(claim, "yes") == "yes":
            yield AnswerDifference("behaviour", "/data", f"not so: {claim}", claim)


def _difference(reading: Reading, difference: AnswerDifference, secrets: Secrets) -> Difference:
    with_ = ", ".join(
        [*([reading.shown.value] if reading.shown is not Shown.OURS else []), *_accepting(reading.accept)]
    )
    there, here = secrets.text(difference.there), secrets.text(difference.here)
    pointer = secrets.text(difference.pointer)
    return Difference(kind=difference.kind, path=reading.target, with_=with_, pointer=pointer, there=there, here=here)


def _accepting(accept: str) -> list[str]:
    return [f"Accept: {accept}"] if accept else []


def _once(differences: Sequence[Difference]) -> Iterator[Difference]:
    """Each difference for the first request of a resource that shows it; another status is told every time."""
    seen = set()
    for it in differences:
        # What is in the document is the same however it was asked for; its type may hang on that.
        asked = "" if it.pointer else it.with_
        key = (split_target(it.path).path, asked, it.kind, it.pointer, it.there, it.here)
        if it.kind == "status" or key not in seen:
            seen.add(key)
            yield it


def _unseen(sides: tuple[Side, Side], reading: Reading) -> str:
    """Why the items of a whole list were not compared; empty if they were, or if there are to be none."""
    if "page[" in reading.target or reading.shown is not Shown.OURS or reading.accept:
        return ""
    documents = [it.answered.get(reading.target, NOT_JSON) for it in sides]
    listed = [items_of(it) for it in documents]
    if None in listed:
        return ""
    empty = [None if not it else "" for it in listed]
    return f"nothing is listed {_where(empty)}" if None in empty else ""


def _where(targets: Sequence[str | None]) -> str:
    there, here = (it is None for it in targets)
    return "there or here" if there and here else "there" if there else "here"


class Here:
    """A fresh world that begins as a scenario says; `token` is that of its first lead provider."""

    def __init__(self, scenario: Scenario, edition: Edition, now: datetime | None) -> None:
        self.service = scenario.service
        self.token = scenario.tokens[0]
        self._send = InProcess(create_app(Worlds(world_of(scenario, edition=edition, now=now))).wsgi_app)

    def get(self, target: str, headers: Headers = ()) -> Reply:
        """The answer to a GET."""
        return self._send("GET", target, headers)


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
