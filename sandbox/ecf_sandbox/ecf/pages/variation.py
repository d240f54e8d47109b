"""A request as a form, for whoever wants to see what another date, person or reason leads to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ecf_sandbox.ecf.domain.declarations import Declaration
from ecf_sandbox.ecf.domain.participants import Course
from ecf_sandbox.ecf.records import Records
from ecf_sandbox.ecf.rules.declarations import ATTENDED, ENGAGED_OR_SHORT
from ecf_sandbox.ecf.rules.participants import DEFERRAL_REASONS, WITHDRAWAL_REASONS
from ecf_sandbox.ecf.service import SERVICE
from ecf_sandbox.state.record import Record
from ecf_sandbox.tools.explain.target import Asked
from ecf_sandbox.web.ui.cells import state
from ecf_sandbox.web.ui.request_form import NOTHING, Options, RequestForm, by_name, same

_LABELS: Mapping[str, str] = {
    "participant_id": "Participant",
    "declaration_type": "What is declared",
    "declaration_date": "Declaration date",
    "course_identifier": "Course",
    "evidence_held": "Evidence held",
    "reason": "Reason",
    "schedule_identifier": "Schedule",
    "cohort": "Cohort",
    "school_id": "School",
    "delivery_partner_id": "Delivery partner",
}
_REASONS = {"defer": DEFERRAL_REASONS, "withdraw": WITHDRAWAL_REASONS}


def _names(asked: Asked, method: str) -> tuple[str, ...]:
    resource, action = asked.resource, asked.action
    if resource == "declarations" and method == "POST":
        return ("participant_id", "declaration_type", "declaration_date", "course_identifier", "evidence_held")
    if resource == "participants":
        schedule = ("schedule_identifier", "cohort") if action == "change-schedule" else ()
        return (*schedule, *(("reason",) if action in _REASONS else ()), "course_identifier")
    if resource == "partnerships":
        return ("cohort", "school_id", "delivery_partner_id") if method == "POST" else ("delivery_partner_id",)
    return ()


def _options(name: str, action: str | None, records: Records) -> Options:
    if name == "participant_id":
        return _people(records)
    if name == "school_id":
        return _named(records.schools)
    if name == "delivery_partner_id":
        return _named(records.delivery_partners)
    if name == "cohort":
        return [(str(it.start_year), str(it.start_year)) for it in records.cohorts]
    if name == "schedule_identifier":
        return same(dict.fromkeys(it.identifier for it in records.schedules))
    if name == "declaration_type":
        return same(dict.fromkeys(each.declaration_type for it in records.schedules for each in it.milestones))
    if name == "course_identifier":
        return same(it.value for it in Course)
    if name == "evidence_held":
        return [NOTHING, *same(sorted(ATTENDED | ENGAGED_OR_SHORT))]
    return same(sorted(_REASONS.get(action or "", ())))


def _people(records: Records) -> Options:
    return by_name((it.id, it.full_name) for it in records.users)


def _named(rows: Iterable[Record]) -> Options:
    return by_name((it.id, it.name) for it in rows)  # type: ignore[attr-defined]  # all of these have


def _meant(resource: str, records: Records) -> tuple[str, Options] | None:
    """Whom or what the path names."""
    if resource in ("participants", "transfers", "unfunded mentors"):
        return "Participant", _people(records)
    if resource == "declarations":
        return "Declaration", [(it.id, _declared(records, it)) for it in records.declarations]
    if resource == "schools":
        return "School", _named(records.schools)
    return None


def _declared(records: Records, it: Declaration) -> str:
    return f"{records.users[it.user_id].full_name}, {it.type}, {state(it.state.value)}"


FORM = RequestForm(
    service=SERVICE,
    labels=_LABELS,
    names=_names,
    options=_options,
    meant=_meant,
    dates=frozenset({"declaration_date"}),
)
request_fields, with_fields = FORM.fields, FORM.changed
