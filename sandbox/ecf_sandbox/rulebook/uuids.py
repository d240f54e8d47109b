"""How an id may be spelt: the service reads several spellings of a uuid as the same one."""

from __future__ import annotations

import re

# Rails takes a dash after any four digits, and braces around the whole (behaviour/declarations.md#4-2).
_SPELLING = re.compile(r"(?:[0-9a-f]{4}-?){8}|\{(?:[0-9a-f]{4}-?){8}\}", re.IGNORECASE | re.ASCII)


def canonical(text: str) -> str | None:
    """The id in lower case with four dashes, or None for what is no uuid."""
    if not _SPELLING.fullmatch(text):
        return None
    digits = text.strip("{}").replace("-", "").lower()
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"
