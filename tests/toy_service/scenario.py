"""The sections of a scenario file of the library: members and books, by keys of one's own."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from ecf_sandbox.scenario.fields import NUMBER, TEXT, entries
from ecf_sandbox.scenario.section import Section, optional, required
from ecf_sandbox.scenario.yaml_reader import ScenarioProblem
from ecf_sandbox.state.ids import named_id
from tests.toy_service.records import Book, Member, Records


class MemberEntry(Section, title="members"):
    """By a key of your own."""

    name = required(TEXT, "the name")
    card = optional(TEXT, "the token", "its key and `-card`")


class BookEntry(Section, title="books"):
    """By a key of your own."""

    title = required(TEXT, "the title")
    author = required(TEXT, "who wrote it")
    copies = optional(NUMBER, "how many there are", "1", value=1)


class Sections(Section):
    """What the library begins with."""

    members_ = required(entries(MemberEntry), "who may borrow")
    books = required(entries(BookEntry), "what there is to borrow")


class Beginning:
    """The records that a file describes."""

    def __init__(self, seed: str) -> None:
        self.seed = seed
        self.as_of = datetime(9999, 1, 1, tzinfo=UTC)
        self.problems: list[ScenarioProblem] = []
        self.stories: dict[str, str] = {}

    def set_as_of(self, moment: datetime | None) -> None:
        self.as_of = moment or self.as_of

    def beginning(self, root: Sections) -> tuple[Records, Mapping[str, str]]:
        members = {
            key: Member(id=self._id("member", key), name=it.name, card=it.card or f"{key}-card")
            for key, it in root.members_
        }
        books = [
            Book(id=self._id("book", key), title=it.title, author=it.author, copies=it.copies) for key, it in root.books
        ]
        return Records().save(*members.values(), *books), {key: it.card for key, it in members.items()}

    def _id(self, kind: str, name: str) -> str:
        return named_id(self.seed, kind, name)
