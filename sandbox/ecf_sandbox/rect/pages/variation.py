"""A request as a form, for whoever wants to see what another date, person or reason leads to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ecf_sandbox.rect.domain.declarations import TYPES
from ecf_sandbox.rect.domain.teachers import TeacherType
from ecf_sandbox.rect.pages.words import declaration, partnership
from ecf_sandbox.rect.queries.names import full_name
from ecf_sandbox.rect.records import Records
from ecf_sandbox.rect.rules.change_schedule import IDENTIFIERS
from ecf_sandbox.rect.rules.declarations import ATTENDED, ENGAGED_OR_SHORT
from ecf_sandbox.rect.rules.participants import DEFERRAL_REASONS, WITHDRAWAL_REASONS
from ecf_sandbox.rect.service import SERVICE
from ecf_sandbox.state.record import Record
from ecf_sandbox.tools.explain.target import Asked
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
        return same(str(it.year) for it in records.contract_periods)
    if name == "schedule_identifier":
        return same(sorted(IDENTIFIERS))
    if name == "declaration_type":
        return same(TYPES)
    if name == "course_identifier":
        return same(it.course for it in TeacherType)
    if name == "evidence_held":
        return [NOTHING, *same(sorted(ATTENDED | ENGAGED_OR_SHORT))]
    return same(sorted(_REASONS.get(action or "", ())))


def _people(records: Records) -> Options:
    return by_name((it.id, full_name(it)) for it in records.teachers)


def _named(rows: Iterable[Record]) -> Options:
    return by_name((it.id, it.name) for it in rows)  # type: ignore[attr-defined]  # all of these have


def _meant(resource: str, records: Records) -> tuple[str, Options] | None:
    """Whom or what the path names."""
    if resource in ("participants", "transfers", "unfunded mentors"):
        return "Participant", _people(records)
    if resource == "declarations":
        return "Declaration", [(it.id, declaration(records, it)) for it in records.declarations]
    if resource == "partnerships":
        return "Partnership", by_name((it.id, partnership(records, it)) for it in records.school_partnerships)
    if resource == "schools":
        return "School", _named(records.schools)
    return None


FORM = RequestForm(
    service=SERVICE,
    labels=_LABELS,
    names=_names,
    options=_options,
    meant=_meant,
    dates=frozenset({"declaration_date"}),
)
request_fields, with_fields = FORM.fields, FORM.changed
