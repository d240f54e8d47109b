"""Another moment at which a request is sent: its server date, or none."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from ecf_sandbox.dates.wire import instant
from ecf_sandbox.tools.explain.explanation import Request
from ecf_sandbox.tools.explain.suggestions.suggestion import Case, ProposedChange

SERVER_DATE = "X-With-Server-Date"


def without_header(case: Case) -> Iterator[ProposedChange]:
    """The request at the world's own time."""
    if SERVER_DATE in case.request.headers:
        words = f"Leave the header {SERVER_DATE} out: the request then happens now."
        yield ProposedChange(aspect="moment", words=words, cost=4, header_dropped=SERVER_DATE)


def sent_at(at: datetime, words: str, *, cost: int, first: tuple[Request, ...] = ()) -> ProposedChange:
    """The request at a moment, perhaps after others that are sent now; `words` say why then."""
    told = f"{words}: with the header {SERVER_DATE}: {instant(at)}."
    return ProposedChange(aspect="moment", words=told, cost=cost, at=at, first=first)
