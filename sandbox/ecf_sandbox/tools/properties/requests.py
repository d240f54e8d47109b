"""Sound requests, drawn among those that might be, and what the rules say of any request."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from ecf_sandbox.rulebook.refusals import BadRequest, NotFound, Refused
from ecf_sandbox.state.properties import Choose, Request, T
from ecf_sandbox.state.record import replace

AN_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
NOT_FOUND = "not found"
BAD_REQUEST = "bad request"
_TRIES = 12

# A request whose details are yet to be drawn.
Candidate = Callable[[Choose], Request]


def first_sound(
    candidates: Iterable[Candidate], rules: Callable[[Request], Sequence[str]], choose: Choose
) -> Request | None:
    """The first of some candidates that no rule refuses, beginning at one that is drawn; None where there is none."""
    found = list(candidates)
    if not found:
        return None
    for candidate in beginning_at_one(found, choose)[:_TRIES]:
        request = candidate(choose)
        if not rules(request):
            return request
    return None


def beginning_at_one(options: Sequence[T], choose: Choose) -> list[T]:
    """All of some options, in their order, beginning at one that is drawn."""
    first = options.index(choose(options)) if options else 0
    return [*options[first:], *options[:first]]


def rules_against(act: Callable[[], object]) -> tuple[str, ...]:
    """The rules that refuse what is done, each once. `not found` and `bad request` are none."""
    try:
        act()
    except Refused as refused:
        return tuple(dict.fromkeys(it.rule for it in refused.refusals))
    except NotFound:
        return (NOT_FOUND,)
    except BadRequest:
        return (BAD_REQUEST,)
    return ()


def named(names: Mapping[str, str], value: Any) -> Any:
    """A target or a document with references in place of ids."""
    if isinstance(value, str):
        return AN_ID.sub(lambda found: names.get(found[0], found[0]), value)
    if isinstance(value, Mapping):
        return {name: named(names, it) for name, it in value.items()}
    return value


def id_in(target: str) -> str | None:
    """The id in a target, if there is one."""
    return next(iter(AN_ID.findall(target)), None)


def fixed(request: Request) -> Candidate:
    """A request of which nothing is left to be drawn."""
    return lambda _: request


def attributes_in(request: Request) -> dict[str, Any]:
    """The attributes that a request sends."""
    return dict(request.body["data"]["attributes"]) if request.body else {}


def with_attributes(request: Request, attributes: Mapping[str, Any]) -> Request:
    """The same with other attributes."""
    return replace(request, body={"data": {**request.body["data"], "attributes": dict(attributes)}})


def moments_between(opens: datetime, closes: datetime | None, now: datetime) -> Sequence[datetime]:
    """Moments at which something may have been reached by now: in the middle of a day, then those at its edges."""
    last = now if closes is None else min(now, closes - timedelta(seconds=1))
    noon = last.replace(hour=12, minute=0, second=0, microsecond=0)
    days = (noon, noon - timedelta(days=1), opens + timedelta(hours=12), last, opens)
    return [it for it in dict.fromkeys(days) if opens <= it <= last]
