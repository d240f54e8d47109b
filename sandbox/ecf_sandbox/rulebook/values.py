"""What a client may write for one value, and how tolerantly the service reads it: blank, number, id.

Whatever asks what the service makes of a value reads it here, since Python's own `strip`, `isspace`, `isdecimal` and
`int` take more for white space and for digits than Ruby's.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

Scalar = str | int | float | bool | None
Fields = Mapping[str, Scalar]

# White space as Unicode has it; Python alone counts the four separators 1C to 1F as well.
_BLANK = re.compile(r"[^\S\x1c-\x1f]*")
_STRIPPED = "\0\t\n\v\f\r "
_LEADING_NUMBER = re.compile(r"[ \t-\r]*([+-]?)([0-9]+(?:_[0-9]+)*)")
_LONGEST = 40  # digits; more make no difference to any comparison, and Python refuses to read thousands
# Rails takes a dash after any four digits, and braces around the whole (behaviour/declarations.md#4-2,
# behaviour/http-and-partnerships.md#b13).
_CANONICAL = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_SPELLING = re.compile(r"(?:[0-9a-f]{4}-?){8}|\{(?:[0-9a-f]{4}-?){8}\}", re.IGNORECASE | re.ASCII)


def is_blank(value: Scalar) -> bool:
    """Whether nothing was said: nothing at all, `false`, or white space only. Zero says something."""
    return value is None or value is False or (isinstance(value, str) and _BLANK.fullmatch(value) is not None)


def stripped(text: str) -> str:
    """A text without the white space at its ends, of which there is only ASCII's for this purpose."""
    return text.strip(_STRIPPED)


def whole_number(value: Scalar) -> int | None:
    """The number that a value begins with (`"2025abc"` and 2025.9 are 2025), or None.

    Source: behaviour/http-and-partnerships.md#a6-2.
    """
    if isinstance(value, str):
        found = _LEADING_NUMBER.match(value)
        return None if found is None else int(found[1] + _significant(found[2]))
    if isinstance(value, float):
        return int(value) if math.isfinite(value) else None
    return None if value is None else int(value)


def _significant(digits: str) -> str:
    return digits.replace("_", "").lstrip("0")[:_LONGEST] or "0"


def uuid_of(value: Scalar) -> str | None:
    """The id that was meant, in lower case with four dashes, or None for what is no uuid."""
    if not isinstance(value, str):
        return None
    if _CANONICAL.fullmatch(value):  # in a tenth of the time
        return value
    if not _SPELLING.fullmatch(value):
        return None
    digits = value.strip("{}").replace("-", "").lower()
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"
