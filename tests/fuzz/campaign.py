"""Rounds of requests, each over a fresh application, and what was found in all of them."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count

from ecf_sandbox.services import SERVICES
from ecf_sandbox.transport import Reply
from tests.fuzz.corpus import corpus
from tests.fuzz.minimal import minimal
from tests.fuzz.mutation import Lent, mutated
from tests.fuzz.request import Request
from tests.fuzz.subject import SLOW, Failure, Subject, known_ids

ROUND = 500
GROWN = 4000  # requests that the corpus takes in beside those that it begins with
# How often each part of the sandbox is asked: the provider API, the control plane, the pages and the rest. A document
# takes as long as a hundred other requests, since its examples are tried.
PARTS = {b"/api": 600, b"/_sandbox/openapi": 5, b"/_sandbox": 270, b"/ui": 80, b"": 45}
_ID = re.compile(rb"[0-9a-fA-F-]{36}|\d+")


@dataclass
class Found:
    """What a campaign found: each kind of failure with the requests that make it, and what was slow."""

    requests: int = 0
    answers: Counter[int] = field(default_factory=Counter)
    failures: dict[str, tuple[Failure, tuple[Request, ...]]] = field(default_factory=dict)
    slow: list[tuple[float, Request]] = field(default_factory=list)

    def add(self, other: Found) -> None:
        """What another campaign found, too."""
        self.requests += other.requests
        self.answers += other.answers
        self.failures = {**other.failures, **self.failures}
        self.slow += other.slow

    def told(self) -> str:
        """For a reader: counts, then each failure with its requests."""
        answers = ", ".join(f"{status or 'dropped'}: {n:,}" for status, n in sorted(self.answers.items()))
        lines = [f"{self.requests:,} requests; {answers}", f"{len(self.failures)} kinds of failure"]
        lines += map(self.failure, self.failures)
        lines.append(f"{len(self.slow)} over {SLOW:g} s of processor")
        for took, it in sorted(self.slow, key=lambda pair: -pair[0])[:10]:
            lines.append(f"  {took:.1f} s  {it.method} {it.target[:150].decode('latin-1')}, {len(it.body):,} bytes")
        return "\n".join(lines)

    def failure(self, kind: str) -> str:
        """One kind of failure, with the requests that make it."""
        failure, requests = self.failures[kind]
        lines = ["", f"## {kind}", *(f"    {line}" for it in requests for line in it.curl().split("\n"))]
        return "\n".join([*lines, *(f"  {line}" for line in failure.detail.rstrip().split("\n")[-12:])])


class Round:
    """Requests to one application, of which `found` learns what fails."""

    def __init__(self, found: Found, service: str, make: Callable[[str], Subject] = Subject, seed: int = 0) -> None:
        self.found, self.service, self.make, self.seed = found, service, make, seed
        self.subject = make(service)
        self.sent: list[Request] = []

    def ask(self, request: Request) -> Reply | Failure:
        """Send one request and keep what is wrong about its answer."""
        self.sent.append(request)
        reply = self.subject.send(request)
        self.found.requests += 1
        self.found.answers[500 if isinstance(reply, Failure) else reply.status] += 1
        if self.subject.took > SLOW:
            self.found.slow.append((self.subject.took, request))
        if isinstance(reply, Failure):
            self._keep(reply, self._fails_at_once)
        return reply

    def end(self) -> None:
        """Read all that is kept."""
        failure = self._unreadable(self.subject)
        if failure is not None:
            self._keep(failure, self._fails_afterwards)

    def _unreadable(self, subject: Subject) -> Failure | None:
        return subject.unreadable(self.seed)

    def _keep(self, failure: Failure, fails: Callable[[str, Sequence[Request]], bool]) -> None:
        if failure.kind not in self.found.failures:
            small = minimal(self.sent, lambda requests: fails(failure.kind, requests))
            self.found.failures[failure.kind] = (failure, small)

    def _fails_at_once(self, kind: str, requests: Sequence[Request]) -> bool:
        subject = self.make(self.service)
        replies = [subject.send(it) for it in requests]
        return any(isinstance(it, Failure) and it.kind == kind for it in replies)

    def _fails_afterwards(self, kind: str, requests: Sequence[Request]) -> bool:
        subject = self.make(self.service)
        for it in requests:
            subject.send(it)
        failure = self._unreadable(subject)
        return failure is not None and failure.kind == kind


def campaign(
    requests: int,
    seed: int,
    make: Callable[[str], Subject] = Subject,
    progress: Callable[[Found], None] = lambda _: None,
    begin_with: Iterable[Request] | None = None,
    grown: Iterable[Request] = (),
) -> Found:
    """Send so many requests, to one service after the other.

    Whoever is answered in a way that was not seen before joins the corpus; `grown` is what did so elsewhere.
    """
    found, chance, grown = Found(), random.Random(seed), list(grown)
    own = None if begin_with is None else list(begin_with)
    drawn = [Drawn(it, [*(corpus(it) if own is None else own), *grown], chance) for it in SERVICES]
    for number in count():
        of = drawn[number % len(drawn)]
        round = Round(found, of.service, make, seed + number)
        for request in of.requests(min(ROUND, requests - found.requests)):
            of.learn(request, round.ask(request))
        round.end()
        progress(found)
        if found.requests >= requests:
            return found
    raise AssertionError("a count has no end")


class Drawn:
    """Draws requests to a service from a corpus that grows by what is answered anew."""

    def __init__(self, service: str, begin_with: Sequence[Request], chance: random.Random) -> None:
        self.service, self.chance = service, chance
        self.parts: dict[bytes, list[Request]] = {part: [] for part in PARTS}
        for it in begin_with:
            self._part(it).append(it)
        self.all = list(begin_with)
        self.lent = Lent(self.all, known_ids(service))
        self.plain = list(begin_with)
        self.seen: set[object] = set()

    def requests(self, number: int) -> Iterator[Request]:
        """So many: first each of the corpus as it is, then changed ones."""
        for _ in range(number):
            if self.plain:
                yield self.plain.pop()
                continue
            weights = [weight if self.parts[part] else 0 for part, weight in PARTS.items()]
            part = self.chance.choices(list(PARTS), weights)[0]
            yield mutated(self.chance.choice(self.parts[part]), self.lent, self.chance)

    def learn(self, request: Request, reply: Reply | Failure) -> None:
        """Take a request in if its answer is of a new sort."""
        sort = _sort(request, reply)
        if sort not in self.seen and len(self.seen) < GROWN:
            self.seen.add(sort)
            self._part(request).append(request)
            self.all.append(request)

    def _part(self, request: Request) -> list[Request]:
        return self.parts[next(part for part in PARTS if request.target.startswith(part))]


def _sort(request: Request, reply: Reply | Failure) -> object:
    if isinstance(reply, Failure):
        return reply.kind
    path = _ID.sub(b"*", request.target.partition(b"?")[0])[:60] if reply.status not in (404, 401) else b""
    told = (reply.headers.get(name, "") for name in ("x-sandbox-rules", "x-sandbox-findings", "content-type"))
    return (request.method, path, reply.status, *told)
