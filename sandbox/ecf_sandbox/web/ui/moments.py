"""Moments ahead as the clock's page has them, and what came of going to one, counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from ecf_sandbox.state.journal import Exchange
from ecf_sandbox.state.moments import NamedMoment
from ecf_sandbox.web.ui.cells import state
from ecf_sandbox.web.ui.sections import Tally, Upcoming

Words = Callable[[Sequence[NamedMoment]], Iterable[str]]


def grouped(moments: Iterable[NamedMoment], words: Words) -> tuple[Upcoming, ...]:
    """The moments in the order that they have, those of one instant as one, in the words for them together."""
    found: dict[datetime, list[NamedMoment]] = {}
    for it in moments:
        found.setdefault(it.at, []).append(it)
    return tuple(_upcoming(at, those, words) for at, those in found.items())


def _upcoming(at: datetime, those: Sequence[NamedMoment], words: Words) -> Upcoming:
    # Only the name of a payment pays, so that comes before the others of its moment.
    named = next((it for it in those if it.pays), those[0])
    return Upcoming(name=named.name, at=at, words=tuple(words(those)))


def tally_of(
    exchanges: Sequence[Exchange], counted: Mapping[str, tuple[str, str]], but: Callable[[Any], bool] = lambda _: False
) -> tuple[Tally, ...]:
    """The rows that became something, by what they became last.

    `counted` has for each table that counts what a row is called and which attribute is its state; `but` says which
    rows are left out.
    """
    became: dict[tuple[str, str], str] = {}
    for exchange in exchanges:
        for it in exchange.changes:
            thing, name = counted.get(it.table, ("", ""))
            after: Any = it.after
            if (
                thing
                and after is not None
                and not but(after)
                and (it.before is None or getattr(it.before, name) is not getattr(after, name))
            ):
                became[thing, it.key] = state(getattr(after, name).value)
    found = Counter((thing, now) for (thing, _), now in became.items())
    return tuple(Tally(count=count, thing=thing, state=now) for (thing, now), count in found.items())
