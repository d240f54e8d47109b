"""What the library knows: its members with their cards, its books, and what is lent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar

from ecf_sandbox.state import records, turn
from ecf_sandbox.state.record import Record
from ecf_sandbox.state.table import Table


class Member(Record, frozen=True, kw_only=True):
    """Whoever may borrow; the card is the token."""

    id: str
    name: str
    card: str


class Book(Record, frozen=True, kw_only=True):
    """A title, of which there are some copies."""

    id: str
    title: str
    author: str
    copies: int = 1


class Loan(Record, frozen=True, kw_only=True):
    """A copy that a member has, or had."""

    id: str
    book_id: str
    member_id: str
    lent_at: datetime
    returned_at: datetime | None = None


class Records(records.Records):
    """The tables of the library."""

    SERVICE = "library"
    TABLES: ClassVar[Mapping[type[Record], str]] = {Member: "members", Book: "books", Loan: "loans"}
    REFERS_TO: ClassVar[Mapping[str, str]] = {"book_id": "books", "member_id": "members"}
    COUNTED = ("books", "loans")

    def __init__(self) -> None:
        super().__init__()
        self.members: Table[str, Member] = Table("id", "card")
        self.books: Table[str, Book] = Table("id")
        self.loans: Table[str, Loan] = Table("id", "book_id")


Turn = turn.Turn[Records]


def caller_of(found: Records, token: str) -> Member | None:
    """The member who has a card."""
    return found.members.one("card", token)


def tokens(found: Records) -> dict[str, str]:
    """The card of each member, by name."""
    return {it.name: it.card for it in sorted(found.members, key=lambda it: it.name)}


def names(found: Records) -> dict[str, str]:
    """`books.Emma` is the id of a book, and `loans.Emma` that of its newest loan."""
    titles = {it.id: it.title for it in found.books}
    loans = sorted(found.loans, key=lambda it: it.lent_at)
    return {f"books.{title}": id for id, title in titles.items()} | {
        f"loans.{titles[it.book_id]}": it.id for it in loans
    }


def copies_left(found: Records, book: Book) -> int:
    """How many copies are in the house."""
    return book.copies - sum(it.returned_at is None for it in found.loans.by("book_id", book.id))
