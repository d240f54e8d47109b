"""Values for requests, the plainest first: moments at the edges of what counts, and queries."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from urllib.parse import urlencode

from ecf_sandbox.dates.wire import instant
from ecf_sandbox.state.properties import Choose

SECOND = timedelta(seconds=1)
ZONES = (UTC, timezone(timedelta(hours=1)), timezone(timedelta(hours=-5)), timezone(timedelta(hours=5, minutes=30)))


def edges_of_a_year(year: int) -> Iterator[datetime]:
    """About when clocks change in the United Kingdom, and between: then midnight in London is not that of UTC."""
    for month, day in ((1, 1), (3, 31), (7, 1), (10, 26)):
        yield datetime(year, month, day, tzinfo=UTC)
        yield datetime(year, month, day, tzinfo=UTC) - timedelta(hours=1)


def at_an_edge(edges: Iterator[datetime], choose: Choose) -> datetime:
    """One of some moments, or a second off."""
    edge = choose(list(dict.fromkeys(edges)))
    return edge + choose((timedelta(0), -SECOND, SECOND))


def written(moment: datetime, choose: Choose) -> str:
    """A moment as RFC 3339 has it, in one of several time zones."""
    zone = choose(ZONES)
    return instant(moment) if zone is UTC else moment.astimezone(zone).isoformat(timespec="seconds")


def target_of(path: str, options: Mapping[str, Sequence[Any]], choose: Choose) -> str:
    """A path with a query, each of whose parameters may be left out."""
    parameters: dict[str, Any] = {}
    for key, values in options.items():
        value = choose([None, *values])
        if value is not None:
            parameters[key] = value
    return f"{path}?{urlencode(parameters, safe='[]')}" if parameters else path


def list_parameters(now: datetime, years: Sequence[str]) -> dict[str, Sequence[Any]]:
    """What every list can be asked for: a page, the cohorts, what changed since a moment."""
    moments = [instant(now - it) for it in (timedelta(days=365), timedelta(days=1), timedelta(0))]
    return {
        "page[page]": (1, 2, 1000),
        "page[per_page]": (1, 2, 100, 3000),
        "filter[cohort]": [*years, ",".join(years[:2])] if years else [],
        "filter[updated_since]": moments,
    }
