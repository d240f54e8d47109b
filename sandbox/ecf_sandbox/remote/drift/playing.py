"""Plays the plan there and here, and tells every difference once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from ecf_sandbox.remote.drift.answers import NOT_JSON, document_of, unlike
from ecf_sandbox.remote.drift.behaviour import behaviour_of, first_id, items_of
from ecf_sandbox.remote.drift.comparing import Unlike
from ecf_sandbox.remote.drift.difference import Difference
from ecf_sandbox.remote.drift.enums import Documented
from ecf_sandbox.remote.drift.plan import FIRST, Reading, Shown, plan
from ecf_sandbox.remote.drift.promised import Promised, can_judge
from ecf_sandbox.remote.proxy.secrets import Secrets
from ecf_sandbox.transport import Headers, Reply

WRONG_TOKEN = "no-such-token"


class Server(Protocol):
    """Answers a GET."""

    def get(self, target: str, headers: Headers = ()) -> Reply: ...


class RefusesToken(Exception):
    """The other server does not take the token. Says what it answered."""


class LeadsElsewhere(Exception):
    """The other server sends whoever asks to another address, where the token is not shown."""


@dataclass(slots=True)
class Side:
    """One of the two servers, its token, and what it has answered so far by the target of the plan."""

    server: Server
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
class Found:
    """What came out: requests sent there, differences, and what could not be compared, with why."""

    requests: int
    differences: tuple[Difference, ...]
    not_compared: tuple[tuple[str, str], ...]
    judged: bool


def drift(there: Server, here: Server, *, tokens: tuple[str, str], version: int, say: Callable[[str], None]) -> Found:
    """Play the plan of a version at both; `tokens` are those for there and for here.

    `say` is told how far it is. Raises RefusesToken or LeadsElsewhere, and whatever `there` raises.
    """
    secrets = Secrets({"HTTP_AUTHORIZATION": f"Bearer {tokens[0]}"})
    documented, judge = Documented(), Promised() if can_judge() else None
    sides = Side(there, tokens[0]), Side(here, tokens[1])
    readings = plan(version)
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
        differences += [_told(reading, it, secrets) for it in found]
    return Found(requests, tuple(_once(differences)), tuple(missing), judge is not None)


def _check_welcome(reply: Reply) -> None:
    if reply.status in (401, 403):
        raise RefusesToken(f"it answers {reply.status}")
    if 300 <= reply.status < 400 and "location" in reply.headers:
        raise LeadsElsewhere(f"it answers {reply.status}")


def _misbehaviour(reading: Reading, theirs: Reply, ours: Reply, sides: tuple[Side, Side]) -> Iterator[Unlike]:
    if not theirs.status == ours.status == 200 or reading.shown is not Shown.OURS:
        return
    claims = [behaviour_of(reading, it.answered.get(reading.target), it.answered.get(reading.after)) for it in sides]
    for claim, holds in claims[0].items():
        # What does not hold here either is no claim of ours.
        if holds == "no" and claims[1].get(claim, "yes") == "yes":
            yield Unlike("behaviour", "/data", f"not so: {claim}", claim)


def _told(reading: Reading, it: Unlike, secrets: Secrets) -> Difference:
    with_ = ", ".join(
        [*([reading.shown.value] if reading.shown is not Shown.OURS else []), *_accepting(reading.accept)]
    )
    there, here = secrets.text(it.there), secrets.text(it.here)
    pointer = secrets.text(it.pointer)
    return Difference(kind=it.kind, path=reading.target, with_=with_, pointer=pointer, there=there, here=here)


def _accepting(accept: str) -> list[str]:
    return [f"Accept: {accept}"] if accept else []


def _once(differences: Sequence[Difference]) -> Iterator[Difference]:
    """Each difference for the first request of a resource that shows it; another status is told every time."""
    seen = set()
    for it in differences:
        # What is in the document is the same however it was asked for; its type may hang on that.
        asked = "" if it.pointer else it.with_
        key = (it.path.partition("?")[0], asked, it.kind, it.pointer, it.there, it.here)
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
