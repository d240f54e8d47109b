"""Read the filters of a list."""

from __future__ import annotations

import re
from datetime import datetime

from ecf_sandbox.api.call import Call
from ecf_sandbox.api.formats import uuid_of
from ecf_sandbox.dates.updated_since import read_updated_since
from ecf_sandbox.rulebook.refusals import BadRequest

_LEADING_INTEGER = re.compile(r"[ \t\n\v\f\r]*([+-]?[0-9]+(?:_[0-9]+)*)")
_LONGEST = 40  # digits; more make no difference to any comparison, and Python refuses to read thousands


def cohorts(call: Call) -> frozenset[int] | None:
    """The years of `filter[cohort]`, a comma list; None without the filter. `,` names no year at all."""
    text = call.filter("cohort")
    return None if text is None else frozenset(leading_integer(part) for part in text.split(",") if part)


def updated_since(call: Call) -> datetime | None:
    """The moment of `filter[updated_since]`; None without the filter. Raises BadRequest if it is none."""
    text = call.filter("updated_since")
    if text is None:
        return None
    try:
        return read_updated_since(text)
    except ValueError:
        raise bad_updated_since() from None


def bad_updated_since() -> BadRequest:
    """The refusal of a moment that is none; "RCF" is the service's own spelling."""
    return BadRequest("Bad request", "The filter '#/updated_since' must be a valid RCF3339 date")


def uuids(call: Call, name: str) -> frozenset[str] | None:
    """The ids of a filter that is a comma list, in canonical spelling; what is no id is left out.

    None without the filter, and for a lone `,` (behaviour/errata.md#partnerships).
    """
    text = call.filter(name)
    parts = [part for part in text.split(",") if part] if text is not None else []
    return frozenset(id for part in parts if (id := uuid_of(part)) is not None) if parts else None


def leading_integer(text: str) -> int:
    """The number that a text begins with, 0 if there is none: ` 2023`, `2023abc` and `2023.9` are 2023."""
    found = _LEADING_INTEGER.match(text)
    if found is None:
        return 0
    digits = found[1].replace("_", "")
    return int(digits[:_LONGEST])
