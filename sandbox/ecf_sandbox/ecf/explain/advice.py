"""What this service knows of its refusals beyond its rules: why, whom an id means, and what might help."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ecf_sandbox.ecf.actions.change_schedule import gather as gather_change
from ecf_sandbox.ecf.actions.declarations import gather as gather_declaration
from ecf_sandbox.ecf.explain.changed import what_changed
from ecf_sandbox.ecf.explain.lists import about_list
from ecf_sandbox.ecf.explain.not_found import why_absent
from ecf_sandbox.ecf.explain.reasons import DONE_ALREADY, reasons
from ecf_sandbox.ecf.explain.suggestions import (
    cohorts,
    declarations,
    not_found,
    participants,
    partnerships,
    schedules,
    voiding,
)
from ecf_sandbox.ecf.records import Turn
from ecf_sandbox.ecf.rules.declarations import date_malformed, date_missing
from ecf_sandbox.rulebook.values import Fields
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
# What has judged nothing is looked up again: the service turned it down before it asked the rules.
_NO_DATE = frozenset({date_missing.id, date_malformed.id})


def changes(case: Case) -> Iterator[ProposedChange]:
    """All small changes that may help."""
    yield from cohorts.changes(case)
    yield from not_found.changes(case)
    by_operation = BY_OPERATION.get(case.operation)
    if by_operation is not None and case.provider is not None and case.asked is not None:
        yield from by_operation(case)


def attempt(case: Case, turn: Turn) -> Any:
    """What the rules would have judged, had it come to that."""
    asked, provider = case.asked, case.provider
    if asked is None or provider is None or case.status not in (400, 404):
        return None
    fields: Fields = {name: it for name, it in case.attributes.items() if not isinstance(it, dict | list)}
    if asked.action == "change-schedule":
        return gather_change(turn, provider, asked.uuid, fields)
    if asked.resource == "declarations" and case.request.method == "POST" and fields:
        return gather_declaration(turn, provider, fields)
    return None


ADVICE = Advice(
    reasons=reasons,
    why_absent=why_absent,
    about_list=about_list,
    changes=changes,
    changed=what_changed,
    attempt=attempt,
    unjudged=_NO_DATE,
    done_already=frozenset(DONE_ALREADY),
)
