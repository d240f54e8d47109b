"""The endpoints: list books, show one, borrow one."""

from __future__ import annotations

from typing import Any

from ecf_sandbox.api.context import Json, RequestContext
from ecf_sandbox.api.lists import page_of
from ecf_sandbox.api.routes import Kind, Route
from ecf_sandbox.dates.wire import instant
from ecf_sandbox.rulebook.refusals import NotFound
from tests.toy_service.lending import lend
from tests.toy_service.records import Book, Loan, Records, copies_left

_SHOW, _LEND = f"{__name__}:show_book", f"{__name__}:create_loan"
ROUTES = (
    Route(method="GET", path="/books", operation_id="listBooks", endpoint=f"{__name__}:list_books", versions=(1,)),
    Route(method="GET", path="/books/<segment:id>", operation_id="showBook", endpoint=_SHOW, versions=(1,)),
    Route(method="POST", path="/loans", operation_id="createLoan", endpoint=_LEND, versions=(1,), kind=Kind.WRITE),
)


def list_books(context: RequestContext) -> Json:
    """All books, or those of an author."""
    records, author = context.turn.records, context.filter("author")
    found = [it for it in records.books if author in (None, it.author)]
    return {"data": [_book(records, it) for it in page_of(context, found)]}


def show_book(context: RequestContext) -> Json:
    """One book."""
    book = context.turn.records.books.get(context.uuid)
    if book is None:
        raise NotFound
    return {"data": _book(context.turn.records, book)}


def create_loan(context: RequestContext) -> Json:
    """Whoever asks borrows a book."""
    return {"data": _loan(lend(context.turn, context.provider, context.attributes()))}


def _book(records: Records, it: Book) -> dict[str, Any]:
    attributes = {"title": it.title, "author": it.author, "copies_left": copies_left(records, it)}
    return {"id": it.id, "type": "book", "attributes": attributes}


def _loan(it: Loan) -> dict[str, Any]:
    return {"id": it.id, "type": "loan", "attributes": {"book_id": it.book_id, "lent_at": instant(it.lent_at)}}
