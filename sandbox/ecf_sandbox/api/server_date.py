"""The moment that a request is made to happen at."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from ecf_sandbox.rulebook.refusals import BadRequest

# The last second that there is, less what a turn needs for its stamps.
LAST = datetime.max.replace(microsecond=0, tzinfo=UTC)

_USUAL = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")


def server_date(header: str, now: datetime) -> datetime | None:
    """The moment of an `X-With-Server-Date` header, None if it has no effect; raises BadRequest if it is unreadable.

    Source: behaviour/http-and-partnerships.md#b16. The service crashes where this refuses.
    """
    if _USUAL.fullmatch(header):
        try:
            return datetime.fromisoformat(header[:19]).replace(tzinfo=UTC)
        except ValueError:  # 30 February, hour 24: the tolerant reader knows
            pass
    # Imported here because its patterns take a twentieth of the start, and few dates need it.
    from ecf_sandbox.dates.server_date import Unreadable, read_server_date

    try:
        found = read_server_date(header.encode("latin-1").decode(errors="replace"), now)
        return None if found is None else min(found, LAST)
    except Unreadable as wrong:
        raise BadRequest("Bad request", str(wrong)) from None


def too_far(header: str) -> BadRequest:
    """The refusal of a moment so near the end of time that dates counted from it do not exist."""
    return BadRequest("Bad request", f"X-With-Server-Date {header!r} is too far away for this request")
