"""What a client may write for one attribute, and how tolerantly the service reads it: blank, number, id."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

# Rails takes a dash after any four digits, and braces around the whole (behaviour/declarations.md#4-2).
_SPELLING = re.compile(r"(?:[0-9a-f]{4}-?){8}|\{(?:[0-9a-f]{4}-?){8}\}", re.IGNORECASE | re.ASCII)


def canonical(text: str) -> str | None:
    """The id in lower case with four dashes, or None for what is no uuid."""
    if not _SPELLING.fullmatch(text):
        return None
    digits = text.strip("{}").replace("-", "").lower()
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


Scalar = str | int | float | bool | None
Fields = Mapping[str, Scalar]

# White space as Unicode has it; Python alone counts the four separators 1C to 1F as well.
_BLANK = re.compile(r"[^\S\x1c-\x1f]*")
_LEADING_NUMBER = re.compile(r"[ \t-\r]*([+-]?[0-9]+(?:_[0-9]+)*)")


def is_blank(value: Scalar) -> bool:
    """Whether nothing was said: nothing at all, `false`, or white space only. Zero says something."""
    return value is None or value is False or (isinstance(value, str) and _BLANK.fullmatch(value) is not None)


def whole_number(value: Scalar) -> int | None:
    """The number that a value begins with (`"2025abc"` and 2025.9 are 2025), or None.

    Source: behaviour/http-and-partnerships.md#a6-2.
    """
    if isinstance(value, str):
        found = _LEADING_NUMBER.match(value)
        # Nothing that the service counts has ten digits, and Python does not read numbers of any length.
        return int(found[1]) if found and len(found[1]) < 1000 else None
    if isinstance(value, float):
        return int(value) if math.isfinite(value) else None
    return None if value is None else int(value)


def uuid_of(value: Scalar) -> str | None:
    """The id that was meant, in its canonical spelling, or None for what is no uuid."""
    return canonical(value) if isinstance(value, str) else None
