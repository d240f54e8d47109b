"""What an id in a request stands for, in words; each service finds it in its own records."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from ecf_sandbox.state.record import Record
from ecf_sandbox.tools.explain.suggestions.suggestion import Case
from ecf_sandbox.tools.explain.target import Asked


class ResolvedId(Record, frozen=True, kw_only=True):
    """Something that was meant: which kind of thing, in words, its id, and the person whom it leads to, if any."""

    kind: str
    words: str
    id: str
    person_id: str | None = None


def is_about(case: Case, resource: str) -> bool:
    """Whether the path names a thing of that resource."""
    return case.asked is not None and case.asked.resource == resource


def id_given(case: Case, resource: str, attribute: str) -> str | None:
    """An id as it was typed: in the path, where that is about the resource, else in the attribute."""
    given = case.asked.id if case.asked and is_about(case, resource) else case.attributes.get(attribute)
    return given if isinstance(given, str) else None


def nothing_by_id(case: Case, given: str | None, attribute: str, readable: Callable[[Any], str]) -> str:
    """That nothing has the id that was given, or that none was sent; a list or an object as a value is dropped."""
    sent = case.attributes.get(attribute) if given is None else given
    told = isinstance(sent, str | int | float)
    return f"{readable(sent)} is no id of anything here." if told else f"No {attribute} was sent."


def about_id(asked: Asked, found: ResolvedId | None, wanted: str) -> Iterator[str]:
    """What the id in a path stands for, unless it is the id of a thing of the kind that is wanted."""
    if found is None:
        shape = "no id of anything here" if asked.uuid else "no id: ids look like 1f0c9a3e-…, 32 digits and four dashes"
        yield f"{asked.id} is {shape}."
    elif found.kind != wanted or found.id != asked.uuid:
        yield f"{asked.id} is {found.words}."
