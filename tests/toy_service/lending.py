"""Lending a book: the attempt, its rules, and what is done; and a book that comes back, which is an event."""

from __future__ import annotations

from typing import Annotated

from ecf_sandbox.rulebook.refusals import DoesNotFit
from ecf_sandbox.rulebook.rule import Rulebook, rule
from ecf_sandbox.rulebook.values import Fields, uuid_of
from ecf_sandbox.state.described import parameters_of
from ecf_sandbox.state.event import Event, KeyOf
from ecf_sandbox.state.record import Record, replace
from tests.toy_service.records import Book, Loan, Member, Turn, copies_left


class Lending(Record, frozen=True, kw_only=True):
    """A wish to borrow: the book, if there is such a one, and how many copies are left."""

    book: Book | None
    left: int = 0

    @property
    def title(self) -> str:
        """What the book is called."""
        return self.book.title if self.book else ""


@rule("loan.book-unknown", field="book_id", detail="There is no such book.", source="the librarian")
def book_unknown(lending: Lending) -> bool:
    """A book is lent that the library has."""
    return lending.book is None


@rule("loan.all-lent", field="book_id", detail="All copies of {title} are lent.", source="the librarian")
def all_lent(lending: Lending) -> bool:
    """A book is lent while a copy is in the house."""
    return lending.book is not None and lending.left < 1


LEND: Rulebook[Lending] = Rulebook("lend a book", (book_unknown, all_lent))
RULEBOOKS = (LEND,)


def lend(turn: Turn, member: Member, fields: Fields) -> Loan:
    """A member borrows a book. Raises Refused."""
    book = turn.records.books.get(uuid_of(fields.get("book_id")))
    turn.enforce(LEND, Lending(book=book, left=copies_left(turn.records, book) if book else 0))
    assert book is not None  # or it had been refused
    loan = Loan(id=turn.new_id(), book_id=book.id, member_id=member.id, lent_at=turn.now)
    turn.save(loan)
    return loan


def return_book(turn: Turn, loan_id: Annotated[str, KeyOf("loans", "loan"), "the id of the loan"]) -> Loan:
    """A member brings a book back."""
    loan = turn.records.loans[loan_id]
    if loan.returned_at is not None:
        raise DoesNotFit("it was brought back already")
    returned = replace(loan, returned_at=turn.now)
    turn.save(returned)
    return returned


EVENTS = {"return_book": Event(run=return_book, parameters=parameters_of(return_book, provided={Turn}))}
