"""What the library knows of its refusals: another book may be in the house."""

from __future__ import annotations

from collections.abc import Iterator

from ecf_sandbox.tools.explain.explain import Advice
from ecf_sandbox.tools.explain.suggestions.suggestion import Case, ProposedChange
from tests.toy_service.lending import all_lent
from tests.toy_service.records import Book, Member, copies_left

WORDS = {Book: lambda it: f"{it.title} by {it.author}", Member: lambda it: it.name}


def changes(case: Case) -> Iterator[ProposedChange]:
    """Another book of the same author."""
    if case.broke(all_lent):
        for it in case.records.books:
            if it.author == case.attempt.book.author and copies_left(case.records, it):
                words = f"Borrow {it.title} instead."
                yield ProposedChange(aspect="book", words=words, cost=2, attributes={"book_id": it.id})


ADVICE = Advice(changes=changes)
