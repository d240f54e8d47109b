"""Where in a request or its answer a difference is met."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ecf_sandbox.moving.difference import Places, Seen

PARTICIPANTS = frozenset(
    {
        *("listParticipants", "showParticipant", "deferParticipant", "resumeParticipant", "withdrawParticipant"),
        "changeParticipantSchedule",
    }
)
ACTIONS = frozenset({"deferParticipant", "resumeParticipant", "withdrawParticipant", "changeParticipantSchedule"})
DECLARATIONS = frozenset({"listDeclarations", "showDeclaration", "createDeclaration", "voidDeclaration"})
PARTNERSHIPS = frozenset({"listPartnerships", "showPartnership", "confirmPartnership", "updatePartnership"})
SCHOOLS = frozenset({"listSchools", "showSchool"})
STATEMENTS = frozenset({"listStatements", "showStatement"})


def enrolments(seen: Seen) -> Iterable[Mapping[str, Any]]:
    """Each enrolment of an answer about participants; in v1 and v2 a participant is one."""
    if seen.operation not in PARTICIPANTS:
        return
    for it in seen.attributes():
        found = it.get("ecf_enrolments", [it])
        yield from (each for each in found if isinstance(each, Mapping))


def shown_enrolments(names: Iterable[str], of: Callable[[Mapping[str, Any]], bool]) -> Places:
    """The attributes of enrolments of which one fits."""
    places = [f"answer: ecf_enrolments[].{it}" for it in names]
    return lambda seen: places if any(of(it) for it in enrolments(seen)) else ()


def shown(operations: frozenset[str], names: Iterable[str], of: Callable[[Mapping[str, Any]], bool]) -> Places:
    """The attributes of an answer to these operations of which one fits."""
    places = [f"answer: {it}" for it in names]
    return lambda seen: places if seen.operation in operations and any(of(it) for it in seen.attributes()) else ()


def has(*names: str) -> Callable[[Mapping[str, Any]], bool]:
    """Whether attributes have one of these."""
    return lambda it: any(name in it for name in names)


def rows(*operations: str) -> Places:
    """The answer to these operations, if there is anything in it."""
    return lambda seen: ["answer"] if seen.operation in operations and any(seen.attributes()) else ()


def errors(title: str = "", detail: str = "", *, status: int = 422) -> Places:
    """The errors of an answer with that title, or with such a text in the detail."""

    def places(seen: Seen) -> list[str]:
        if seen.status != status:
            return []
        found = [it for it in seen.errors if (not title or it[0] == title) and detail in it[1]]
        return [f"answer: error {it[0]!r}" for it in found]

    return places
