"""What a terminal is like (its width, whether it shows colours), and text that can't command it."""

from __future__ import annotations

import json
import os
import unicodedata
from collections.abc import Mapping
from typing import IO, Any

FALLBACK = 80  # of a terminal that doesn't say how wide it is


def plain_line(text: str) -> str:
    """A text in one line, with escapes for everything that would move a cursor or change a colour."""
    return text if text.isprintable() else "".join(it if it.isprintable() else _escaped(it) for it in text)


def plain_text(text: str) -> str:
    """The same of a text in several lines."""
    return "\n".join(map(plain_line, text.split("\n")))


def plain_json(text: str) -> str:
    """JSON that means the same, with escapes for everything that would move a cursor or change a colour."""
    lines = text.split("\n")
    if all(map(str.isprintable, lines)):
        return text
    # Such characters stand only inside strings, where JSON takes an escape for any.
    return "\n".join("".join(it if it.isprintable() else json.dumps(it)[1:-1] for it in one) for one in lines)


def width_of(stream: IO[Any], environment: Mapping[str, str] = os.environ) -> int | None:
    """How many columns fit: what COLUMNS says, else what the terminal says, None for what is no terminal."""
    told = environment.get("COLUMNS", "")
    if told.isdecimal() and int(told) > 0:
        return int(told)
    if not is_terminal(stream):
        return None
    try:
        return os.get_terminal_size(stream.fileno()).columns or FALLBACK
    except (OSError, ValueError):
        return FALLBACK


def is_terminal(stream: IO[Any]) -> bool:
    """Whether somebody reads a stream on a terminal."""
    try:
        return stream.isatty()
    except ValueError:  # closed
        return False


def wants_colour(stream: IO[Any], environment: Mapping[str, str] = os.environ) -> bool:
    """Whether to colour what is written there: on a terminal, unless NO_COLOR (https://no-color.org) says not to."""
    return is_terminal(stream) and not environment.get("NO_COLOR") and environment.get("TERM") != "dumb"


def columns_of(text: str) -> int:
    """How many columns a text takes: accents take none, East Asian characters and most pictures two."""
    if text.isascii():
        return len(text)
    return sum(_columns(it) for it in text)


def cut(text: str, columns: int, ellipsis: str = "…") -> str:
    """A text in at most so many columns; where something had to go, it ends in an ellipsis."""
    if columns_of(text) <= columns:
        return text
    room, kept = columns - len(ellipsis), ""
    for it in text:
        room -= _columns(it)
        if room < 0:
            break
        kept += it
    return kept.rstrip() + ellipsis[: max(columns, 0)]


def cut_middle(text: str, columns: int, ellipsis: str = "…") -> str:
    """The same, with its beginning and its end: what the end of a path or a name says tells it from others."""
    room = columns - len(ellipsis)
    if columns_of(text) <= columns or room < 2 * len(ellipsis):
        return cut(text, columns, ellipsis)
    end = text[len(text) - room // 2 :]
    while columns_of(end) > room // 2:
        end = end[1:]
    return cut(text, columns - columns_of(end), ellipsis) + end


def ellipsis_for(stream: IO[Any]) -> str:
    """The ellipsis that the encoding of a stream has."""
    try:
        "…".encode(getattr(stream, "encoding", None) or "ascii")
    except (UnicodeEncodeError, LookupError):
        return "..."
    return "…"


def _columns(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _escaped(character: str) -> str:
    return character.encode("unicode_escape", "surrogatepass").decode()
