"""Where in a request or its answer a difference is met."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ecf_sandbox.moving import requests
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


def shown_enrolments(names: Iterable[str], of: Callable[[Mapping[str, Any]], bool], *, new: bool = False) -> Places:
    """The attributes of enrolments of which one fits; those that it has, unless they are `new`."""
    listed = list(names)

    def places(seen: Seen) -> list[str]:
        found = [it for it in enrolments(seen) if of(it)]
        if new:
            return [f"answer: ecf_enrolments[].{name}" for name in listed] if found else []
        before = "" if is_old(seen) else "ecf_enrolments[]."
        return [f"answer: {before}{name}" for name in listed if any(name in it for it in found)]

    return places


def shown(
    operations: frozenset[str], names: Iterable[str], of: Callable[[Mapping[str, Any]], bool], *, new: bool = False
) -> Places:
    """The attributes of an answer to these operations of which one fits; those that it has, unless they are `new`."""
    listed = list(names)

    def places(seen: Seen) -> list[str]:
        found = [it for it in seen.attributes() if of(it)] if seen.operation in operations else []
        return [f"answer: {name}" for name in listed if (found if new else any(name in it for it in found))]

    return places


def is_old(seen: Seen) -> bool:
    """Whether v1 or v2 was asked, where the attributes of a participant are not in enrolments."""
    return requests.in_newest_version(seen.request) != seen.request


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
