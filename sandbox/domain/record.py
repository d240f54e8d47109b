"""What every record is: a frozen row whose changes are new rows."""

from __future__ import annotations

from typing import TypeVar

import msgspec


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """A row. Compared by value; never changed, only replaced."""


R = TypeVar("R", bound=Record)


def replace(row: R, /, **changes: object) -> R:
    """The same row with some members changed."""
    return msgspec.structs.replace(row, **changes)
