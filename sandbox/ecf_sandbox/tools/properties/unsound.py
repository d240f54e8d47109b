"""Requests that one rule must refuse, and no other: a sound one with the smallest change, or at the wrong time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from ecf_sandbox.state.ids import named_id
from ecf_sandbox.state.properties import Choose, Request, Unsound
from ecf_sandbox.state.record import Record, replace
from ecf_sandbox.state.world import World
from ecf_sandbox.tools.properties.requests import Candidate, attributes_in, beginning_at_one, with_attributes

NOBODY = named_id("unsound", "anything", "nobody")
BLANK = (None, "", " ")
_TRIES = 40


class Asked(Record, frozen=True, kw_only=True):
    """Who asks, in which world, and how its options are drawn; `candidates` are the requests that one might make."""

    world: World
    provider: Any
    choose: Choose
    candidates: Callable[[Any, Any, str, Any], Iterable[Candidate]]

    @property
    def records(self) -> Any:
        """The present records."""
        return self.world.state.records

    @property
    def now(self) -> datetime:
        """The present."""
        return self.world.now()

    def sound(self, write: str) -> Iterator[Request]:
        """Requests that might be sound, beginning at one that is drawn."""
        found = list(self.candidates(self.records, self.provider, write, self.now))
        yield from (candidate(self.choose) for candidate in beginning_at_one(found, self.choose))

    def of(self, provider: Any) -> Asked:
        """The same for another provider."""
        return replace(self, provider=provider)


Find = Callable[[Asked], Iterator[Request]]


def first_unsound(
    requests: Iterable[Request], rule: str, beside: tuple[str, ...], rules: Callable[[Request], Iterable[str]]
) -> Unsound | None:
    """The first of some requests that this rule refuses, and no other but those `beside` it."""
    for request in islice(requests, _TRIES):
        if {*rules(request)} == {rule, *beside}:
            return Unsound(request=request, rule=rule, beside=beside)
    return None


def changed(write: str, **changes: Sequence[Any]) -> Find:
    """A sound request with other attributes, one drawn of each; `None` stands for none."""

    def find(it: Asked) -> Iterator[Request]:
        drawn = {name: it.choose(options) for name, options in changes.items()}
        for request in it.sound(write):
            told = attributes_in(request) | drawn
            yield with_attributes(request, {name: value for name, value in told.items() if value is not None})

    return find


def as_it_is(write: str) -> Find:
    """A request that only the time, the contract or the school makes unsound."""
    return lambda it: it.sound(write)


def other_course(write: str) -> Find:
    """A sound request for the course on which the participant is not."""

    def find(it: Asked) -> Iterator[Request]:
        for request in it.sound(write):
            told = attributes_in(request)
            other = "ecf-induction" if told["course_identifier"] == "ecf-mentor" else "ecf-mentor"
            yield with_attributes(request, told | {"course_identifier": other})

    return find


def any_of(make: Callable[[str], Find], *writes: str) -> Find:
    """The same of one of several writes, which is drawn."""
    return lambda it: make(it.choose(writes))(it)


def rules_of(write: str, breaks: Mapping[str, Find], families: Mapping[str, tuple[str, tuple[str, ...]]]) -> list[str]:
    """The rules of a write of which it is known how to break them alone: those of its family, and some it shares."""
    own, shared = families[write]
    return [rule for rule in breaks if rule.startswith(own) or rule in shared]
