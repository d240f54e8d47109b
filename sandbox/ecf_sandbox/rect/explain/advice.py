"""What this service knows of its refusals beyond its rules: why, whom an id means, and what might help."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from ecf_sandbox.rect.explain.changed import what_changed
from ecf_sandbox.rect.explain.lists import about_list
from ecf_sandbox.rect.explain.not_found import why_absent
from ecf_sandbox.rect.explain.reasons import ACTIVE_ALREADY, DONE_ALREADY, reasons
from ecf_sandbox.rect.explain.suggestions import (
    attributes,
    declarations,
    not_found,
    participants,
    partnerships,
    schedules,
    voiding,
)
from ecf_sandbox.tools.explain.explain import Advice
from ecf_sandbox.tools.explain.suggestions.suggestion import Case, ProposedChange

Changes = Callable[[Case], Iterator[ProposedChange]]
BY_OPERATION: Mapping[str, Changes] = {
    "createDeclaration": declarations.changes,
    "voidDeclaration": voiding.changes,
    "deferParticipant": participants.changes,
    "resumeParticipant": participants.changes,
    "withdrawParticipant": participants.changes,
    "changeParticipantSchedule": schedules.changes,
    "confirmPartnership": partnerships.changes,
    "updatePartnership": partnerships.changes,
    "patchPartnership": partnerships.changes,
}


def changes(case: Case) -> Iterator[ProposedChange]:
    """All small changes that may help."""
    yield from not_found.changes(case)
    by_operation = BY_OPERATION.get(case.operation)
    if by_operation is not None and case.provider is not None and case.asked is not None:
        yield from attributes.changes(case)
        yield from by_operation(case)


ADVICE = Advice(
    reasons=reasons,
    why_absent=why_absent,
    about_list=about_list,
    changes=changes,
    changed=what_changed,
    done_already=frozenset({*DONE_ALREADY, ACTIVE_ALREADY}),
)
