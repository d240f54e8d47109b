"""Brings text that a client sent into the shapes that the formats of a report can hold."""

from __future__ import annotations

import re

# What XML 1.0 cannot hold, not even escaped.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SPACE = re.compile(r"\s+")
_ACTIVE = re.compile(r"[\\`*_\[\]<>|~&#!$]")
# GitHub makes links of bare addresses.
_ADDRESS = re.compile(r"(?<=[A-Za-z])://|(?<=www)\.", re.IGNORECASE)


def visible(text: str) -> str:
    """The text with every character that XML forbids written as its number, as JSON does."""
    return _NOT_XML.sub(lambda it: f"\\u{ord(it[0]):04x}", text)


def one_line(text: str) -> str:
    """The text on one line, without control characters."""
    return visible(_SPACE.sub(" ", text)).strip()


def cell(text: str) -> str:
    """The text for a cell of a Markdown table, where it means nothing but itself."""
    escaped = _ACTIVE.sub(lambda it: f"\\{it[0]}", one_line(text))
    return _ADDRESS.sub(lambda it: f"\\{it[0]}", escaped)


def cut(text: str, longest: int) -> str:
    """The text, or its beginning and how much was left out."""
    return text if len(text) <= longest else f"{text[:longest]}… ({len(text) - longest:,} more characters)"
