"""What every record is: a frozen row whose changes are new rows."""

from __future__ import annotations

from datetime import date
from typing import Any, TypeVar

import msgspec


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """A row. Compared by value; never changed, only replaced."""


R = TypeVar("R", bound=Record)


def replace(row: R, /, **changes: object) -> R:
    """The same row with some members changed."""
    return msgspec.structs.replace(row, **changes)


def plain(it: object) -> Any:
    """A record, or several, as dicts, lists and scalars; moments as RFC 3339 text."""
    return msgspec.to_builtins(it, enc_hook=_text)


def _text(it: Any) -> str:
    # While freezegun holds the clock, moments are of a class of its own, which msgspec does not know.
    if isinstance(it, date):
        return it.isoformat().replace("+00:00", "Z")
    raise NotImplementedError(type(it))
