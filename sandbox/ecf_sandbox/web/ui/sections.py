"""What a world holds, as lists and pages of single things: a service fills them in, the templates lay them out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from ecf_sandbox.state.journal import Exchange
from ecf_sandbox.state.record import Record
from ecf_sandbox.state.turn import Turn

if TYPE_CHECKING:
    from ecf_sandbox.web.ui.model import Field

PER_PAGE = 50
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Look:
    """A world as somebody looks at it: its records at a moment, what happened (the oldest first), what is asked."""

    turn: Turn[Any]
    happened: Sequence[Exchange]
    query: Mapping[str, str]


class Cell(Record, frozen=True, kw_only=True):
    """A text, perhaps with the thing it leads to, or the exchange of the journal."""

    text: str
    section: str = ""
    id: str = ""
    number: int = 0


class Table(Record, frozen=True, kw_only=True):
    """A table with the heads of its columns; the first cell of a row is its head. `empty` is said of no rows."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    empty: str = "None."


class Listing(Record, frozen=True, kw_only=True):
    """A page of a list: the fields that narrow it down, how many there are, and those of this page."""

    title: str
    table: Table
    found: int
    page: int = 1
    pages: int = 1
    filters: tuple[Field, ...] = ()
    sentences: tuple[str, ...] = ()


class Happening(Record, frozen=True, kw_only=True):
    """A row of a timeline: in a lane, from 0, or across all of them if it has none.

    `number` is that of its exchange in the journal, 0 if it has none there. `on` is the day, where that is all that is
    known of when it was; it need not be the day of `at` in UTC.
    """

    at: datetime
    text: str
    on: date | None = None
    lane: int | None = None
    note: str = ""
    refused: bool = False
    number: int = 0
    now: bool = False


class Timeline(Record, frozen=True, kw_only=True):
    """What happened to somebody, the oldest first."""

    lanes: tuple[str, ...]
    rows: tuple[Happening, ...]
    refused_shown: bool = True


class Detail(Record, frozen=True, kw_only=True):
    """The page of one thing. `tabs` are names and titles; `tab` is the one that is shown.

    `parameter` is what events call the thing, so that what can happen to it can be offered.
    """

    id: str
    title: str
    facts: tuple[tuple[str, Cell], ...] = ()
    sentences: tuple[str, ...] = ()
    tabs: tuple[tuple[str, str], ...] = ()
    tab: str = ""
    tables: tuple[Table, ...] = ()
    timeline: Timeline | None = None
    parameter: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A kind of thing that a world holds. `name` stands in addresses, and before the dot in names that stand for ids.

    `key` is what the script calls the link to it.
    """

    name: str
    title: str
    listing: Callable[[Look], Listing]
    show: Callable[[Look, str], Detail | None]
    key: str = ""


class Upcoming(Record, frozen=True, kw_only=True):
    """A moment ahead: the name that the clock can go to, and what comes then, in words."""

    name: str
    at: datetime
    words: tuple[str, ...]


class Tally(Record, frozen=True, kw_only=True):
    """So many things that became something: 3, `declaration`, `paid`."""

    count: int
    thing: str
    state: str


def page_of(rows: Sequence[T], query: Mapping[str, str], per_page: int = PER_PAGE) -> tuple[Sequence[T], int, int]:
    """The rows of the page that a query asks for, the page's number, and how many there are; the nearest there is."""
    pages = max(1, -(-len(rows) // per_page))
    asked = query.get("page", "1")
    page = min(max(1, int(asked)), pages) if asked.isascii() and asked.isdigit() and len(asked) < 10 else 1
    return rows[(page - 1) * per_page : page * per_page], page, pages
