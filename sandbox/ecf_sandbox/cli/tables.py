"""Tables for people: as wide as what is in them, at most as wide as the terminal, with `…` where something is cut."""

from __future__ import annotations

import os
import re
import sys
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ecf_sandbox.cli.terminal import columns_of, cut, cut_middle, ellipsis_for, plain_line, width_of

GAP = "  "
LEAST = 6
_UUID = re.compile(r"\b([0-9a-f]{8})-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b", re.IGNORECASE)


def _as_it_is(text: str) -> str:
    return text


def with_short_ids(text: str) -> str:
    """A text in which each uuid is its first eight digits and an ellipsis."""
    return _UUID.sub(r"\1…", text)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: what is above it, and what may be done to it where the terminal is narrow.

    It is made no narrower than `least` before others have given what they can; what is `optional` is left out before
    that. `shorten` is tried on a text that is too long before it is cut, at its end or in the `middle`.
    """

    head: str
    least: int | None = None
    optional: bool = False
    right: bool = False
    middle: bool = False
    shorten: Callable[[str], str] = _as_it_is


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of texts below the heads of their columns, and what is to be said after them."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]
    nothing: str  # what is said in place of a table without rows
    notes: Sequence[str] = ()

    def lines(self, width: int | None, ellipsis: str = "…", *, heads: bool = True) -> list[str]:
        """The lines of the table; None for `width` cuts nothing."""
        notes = [part for it in self.notes for part in (textwrap.wrap(it, width) if width else [it])]
        if not self.rows:
            return [self.nothing, *notes]
        cells = [[plain_line(it) for it in row] for row in self.rows]
        shown = [[it.head for it in self.columns], *cells] if heads else cells
        wide = widths(self.columns, [max(map(columns_of, column)) for column in zip(*shown, strict=True)], width)
        return [*(line(self.columns, row, wide, width, ellipsis) for row in shown), *notes]


def print_table(table: Table, *, heads: bool = True) -> None:
    """Print a table on standard output, in the width that it has; what isn't read on a terminal is cut nowhere."""
    import click

    for it in table.lines(width_of(sys.stdout, os.environ), ellipsis_for(sys.stdout), heads=heads):
        click.echo(it)


def widths(columns: Sequence[Column], natural: Sequence[int], width: int | None) -> list[int]:
    """How wide each column is shown, 0 for one that is left out, so that all fit into `width` if they can."""
    wide = list(natural)
    if width is None:
        return wide
    least = [it if column.least is None else min(it, column.least) for column, it in zip(columns, natural, strict=True)]
    for place in reversed(range(len(columns))):
        if columns[place].optional and _total(least) > width:
            wide[place] = least[place] = 0
    # First down to the least of each, and where even that is too much, whatever is widest.
    for floor in (least, [min(it, LEAST) for it in least]):
        while _total(wide) > width and (over := [place for place, it in enumerate(wide) if it > floor[place]]):
            widest = max(over, key=lambda place: (wide[place] - floor[place], place))
            wide[widest] -= 1
    return wide


def line(
    columns: Sequence[Column], row: Sequence[str], wide: Sequence[int], width: int | None, ellipsis: str = "…"
) -> str:
    """One line of a table whose columns are that wide; None for `width` cuts nothing."""
    shown = [
        _padded(column, text, room, None if width is None else ellipsis)
        for column, text, room in zip(columns, row, wide, strict=True)
        if room
    ]
    text = GAP.join(shown).rstrip()
    return text if width is None else cut(text, width, ellipsis)


def _padded(column: Column, text: str, room: int, ellipsis: str | None) -> str:
    if ellipsis is not None and columns_of(text) > room:
        text = column.shorten(text).replace("…", ellipsis)
        text = (cut_middle if column.middle else cut)(text, room, ellipsis)
    padding = " " * (room - columns_of(text))
    return padding + text if column.right else text + padding


def _total(wide: Sequence[int]) -> int:
    shown = [it for it in wide if it]
    return sum(shown) + len(GAP) * (len(shown) - 1)
