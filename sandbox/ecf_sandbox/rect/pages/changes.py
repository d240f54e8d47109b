"""What changed, as a trainer shows it: the thing, what it was, what it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from ecf_sandbox.rect.domain.contracts import ContractPeriod, Statement
from ecf_sandbox.rect.domain.declarations import Declaration
from ecf_sandbox.rect.domain.metadata import TeacherMetadata
from ecf_sandbox.rect.domain.providers import DeliveryPartner, DeliveryPartnership
from ecf_sandbox.rect.domain.schools import School, SchoolPartnership
from ecf_sandbox.rect.domain.teachers import (
    AtSchoolPeriod,
    IdChange,
    InductionPeriod,
    MentorshipPeriod,
    Teacher,
    TeacherType,
    TrainingPeriod,
)
from ecf_sandbox.rect.pages.teachers import declared_for
from ecf_sandbox.rect.pages.words import course, partnership, schedule, span, statement, trained_by
from ecf_sandbox.rect.queries.names import full_name
from ecf_sandbox.rect.queries.training import delivery_partnership_of
from ecf_sandbox.rect.records import Records
from ecf_sandbox.state.journal import Exchange
from ecf_sandbox.state.record import Record
from ecf_sandbox.state.records import Records as AnyRecords
from ecf_sandbox.tools.explain.wording import readable
from ecf_sandbox.web.ui.cells import state
from ecf_sandbox.web.ui.model import Change
from ecf_sandbox.web.ui.row_changes import GONE, NEW, Telling, changes_of, differences
from ecf_sandbox.web.ui.words import day, moment

NOBODY, OPEN = "nobody", "open"
_UNTOLD = frozenset({"created_at", "updated_at", "unfunded_updated_at", "transfer_updated_at", "serial"})
# The ones that a trainer looks for first stand first.
_ORDER = ("Declaration", "Training", "Statement")


def changes(exchange: Exchange, after: AnyRecords) -> tuple[Change, ...]:
    """The changes that matter to somebody who watches, each once; `after` are the records that the exchange left."""
    found = changes_of(exchange, after, _WORDS)
    return tuple(sorted(found, key=lambda it: not it.thing.startswith(_ORDER)))


def _declaration(records: Records, before: Declaration | None, after: Declaration | None) -> Iterator[Change]:
    it = after or before
    if it is None:
        return
    thing = f"Declaration {it.declaration_type} of {full_name(declared_for(records, it))}"
    was, now = (state(each.state.value) if each else None for each in (before, after))
    if was != now:
        yield Change(thing=thing, before=was or NEW, after=now or GONE)
    for name, words in (("payment_statement_id", "goes onto"), ("clawback_statement_id", "is clawed back with")):
        id = getattr(after, name, None)
        if id is not None and id != getattr(before, name, None):
            yield Change(thing=thing, before="", after=f"{words} {_statement_words(records, id)}")


def _statement_words(records: Records, id: str) -> str:
    it = records.statements[id]
    return f"the {statement(records, it).text} statement, cohort {it.contract_period_year}"


def _statement(records: Records, before: Statement | None, after: Statement | None) -> Iterator[Change]:
    if before and after and before.status is not after.status:
        thing = f"Statement {statement(records, after, whose=True).text}"
        yield Change(thing=thing, before=before.status.value, after=after.status.value)


def _training(records: Records, before: TrainingPeriod | None, after: TrainingPeriod | None) -> Iterator[Change]:
    it = after or before
    if it is None or it.at_school_period_id not in records.at_school_periods:
        return
    whose = full_name(records.teachers[records.at_school_periods[it.at_school_period_id].teacher_id])
    thing = f"Training of {whose} as {course(it.kind)}"
    if before is None:
        yield Change(thing=thing, before=NEW, after=_training_words(records, it))
        return
    if after is None:
        yield Change(thing=thing, before=_training_words(records, it), after=GONE)
        return
    was, now = trained_by(records, before), trained_by(records, after)
    if was != now:
        yield Change(thing=thing, before=was, after=now)
    elif before.school_partnership_id != after.school_partnership_id:
        yield Change(thing=thing, before=_partner(records, before), after=_partner(records, after))
    if before.training_status is not after.training_status:
        reason = after.withdrawal_reason if after.training_status == "withdrawn" else after.deferral_reason
        now = f"{after.training_status.value} ({reason})" if reason else after.training_status.value
        yield Change(thing=thing, before=before.training_status.value, after=now)
    if before.started_on != after.started_on:
        yield Change(thing=f"{thing}, first day", before=day(before.started_on), after=day(after.started_on))
    if before.finished_on != after.finished_on:
        yield _last_day(thing, before, after)
    if before.schedule_id != after.schedule_id:
        yield Change(thing=f"{thing}, schedule", before=schedule(records, before), after=schedule(records, after))


def _training_words(records: Records, it: TrainingPeriod) -> str:
    parts = (trained_by(records, it), schedule(records, it), span(it))
    return "; ".join(part for part in parts if part)


def _partner(records: Records, it: TrainingPeriod) -> str:
    found = records.school_partnerships.get(it.school_partnership_id)
    return partnership(records, found) if found else NOBODY


def _last_day(thing: str, before: Any, after: Any) -> Change:
    was, now = (day(it.finished_on) if it.finished_on else OPEN for it in (before, after))
    return Change(thing=f"{thing}, last day", before=was, after=now)


def _at_school(records: Records, before: AtSchoolPeriod | None, after: AtSchoolPeriod | None) -> Iterator[Change]:
    it = after or before
    if it is None:
        return
    thing = f"{full_name(records.teachers[it.teacher_id])} at {records.schools[it.school_id].name}"
    if before is None or after is None:
        words = f"{course(it.kind)}, {span(it)}"
        yield Change(thing=thing, before=words if before else NEW, after=GONE if before else words)
        return
    if before.finished_on != after.finished_on:
        yield _last_day(thing, before, after)
    for name, called in (("email", "e-mail"), ("working_pattern", "working pattern")):
        was, now = getattr(before, name), getattr(after, name)
        if was != now:
            yield Change(thing=f"{thing}, {called}", before=state(was or "nothing"), after=state(now or "nothing"))


def _mentorship(records: Records, before: MentorshipPeriod | None, after: MentorshipPeriod | None) -> Iterator[Change]:
    it = after or before
    if it is None:
        return
    ect = _name_at(records, it.ect_at_school_period_id)
    thing = f"Mentor of {ect}: {_name_at(records, it.mentor_at_school_period_id)}"
    if before is None or after is None:
        yield Change(thing=thing, before=span(it) if before else NEW, after=GONE if before else span(it))
    elif before.finished_on != after.finished_on:
        yield _last_day(thing, before, after)


def _name_at(records: Records, id: str) -> str:
    return full_name(records.teachers[records.at_school_periods[id].teacher_id])


def _induction(records: Records, before: InductionPeriod | None, after: InductionPeriod | None) -> Iterator[Change]:
    if after is None or (before is not None and before.teacher_id != after.teacher_id):
        return
    thing = f"Induction of {full_name(records.teachers[after.teacher_id])}"
    if before is None or before.finished_on != after.finished_on or before.outcome is not after.outcome:
        was = "not recorded" if before is None else _induction_words(before)
        yield Change(thing=thing, before=was, after=_induction_words(after))


def _induction_words(it: InductionPeriod) -> str:
    return f"{span(it)}{f', {it.outcome.value}' if it.outcome else ''}"


def _teacher(_records: Records, before: Teacher | None, after: Teacher | None) -> Iterator[Change]:
    if before is None and after is not None:
        yield Change(thing=f"Participant {full_name(after)}", before=NEW, after="known to the service")
    elif after is None and before is not None:
        yield Change(thing=f"Participant {full_name(before)}", before="a record of its own", after=GONE)
    elif before is not None and after is not None:
        yield from _renamed(before, after)
        for name, was, now in differences(before, after, _UNTOLD | _NAMES):
            yield Change(thing=f"{_TEACHER[name]} of {full_name(after)}", before=_value(was), after=_value(now))


_NAMES = frozenset({"first_name", "last_name", "corrected_name"})
_TEACHER = {
    "trn": "TRN",
    "ect_training_record_id": "Training record as ECT",
    "mentor_training_record_id": "Training record as mentor",
    "induction_start_date": "Start of induction in the teaching record",
    "induction_completed_date": "Completion of induction in the teaching record",
    "ect_eligible_since": "Eligibility for funding as ECT",
    "ect_ineligible_since": "End of funding as ECT",
    "mentor_eligible_since": "Eligibility for funding as mentor",
    "mentor_ineligible_since": "End of mentor funding",
    "mentor_ineligible_reason": "Why mentor funding ended, concerning the training",
    "ect_frozen_year": "Frozen cohort of origin as ECT",
    "mentor_frozen_year": "Frozen cohort of origin as mentor",
}


def _renamed(before: Teacher, after: Teacher) -> Iterator[Change]:
    if full_name(before) != full_name(after):
        yield Change(thing=f"Full name of {full_name(before)}", before=full_name(before), after=full_name(after))


def _value(value: Any) -> str:
    if isinstance(value, datetime):
        return moment(value)
    return day(value) if isinstance(value, date) else readable(value, {})


def _id_change(records: Records, before: IdChange | None, after: IdChange | None) -> Iterator[Change]:
    if before is None and after is not None:
        whose = full_name(records.teachers[after.teacher_id])
        yield Change(
            thing=f"Participant id of {whose}", before=after.from_participant_id, after=after.to_participant_id
        )


def _partnership(
    records: Records, before: SchoolPartnership | None, after: SchoolPartnership | None
) -> Iterator[Change]:
    if after is None:
        return
    thing = f"Partnership {partnership(records, after)}"
    now = _delivered_by(records, after)
    if before is None:
        yield Change(thing=thing, before=NEW, after=f"with {now}")
    elif before.delivery_partnership_id != after.delivery_partnership_id:
        yield Change(thing=f"{thing}, delivery partner", before=_delivered_by(records, before), after=now)


def _delivered_by(records: Records, it: SchoolPartnership) -> str:
    return records.delivery_partners[delivery_partnership_of(records, it).delivery_partner_id].name


def _seen(records: Records, before: TeacherMetadata | None, after: TeacherMetadata | None) -> Iterator[Change]:
    """Whether a provider is shown somebody among its participants, which its training periods decide."""
    it = after or before
    if it is None or it.teacher_id not in records.teachers:
        return
    was, now = (_shown(each) for each in (before, after))
    if was != now:
        whose, by = full_name(records.teachers[it.teacher_id]), records.lead_providers[it.lead_provider_id].name
        yield Change(thing=f"{whose}, for {by}", before=was, after=now)


def _shown(it: TeacherMetadata | None) -> str:
    trains = it is not None and any(it.latest_training_period_id(kind) for kind in TeacherType)
    return "a participant" if trains else "not shown"


def _school(_records: Records, before: School | None, after: School | None) -> Iterator[Change]:
    if before is None or after is None:
        return
    if before.fundable is not after.fundable:
        was, now = ("eligible" if it.fundable else "not eligible" for it in (before, after))
        yield Change(thing=f"Funding of {after.name}", before=was, after=now)
    for name, called in (("name", "Name"), ("urn", "URN"), ("induction_tutor_name", "Induction tutor")):
        if getattr(before, name) != getattr(after, name):
            yield Change(
                thing=f"{called} of {after.name}",
                before=_value(getattr(before, name)),
                after=_value(getattr(after, name)),
            )


def _contract_period(
    _records: Records, before: ContractPeriod | None, after: ContractPeriod | None
) -> Iterator[Change]:
    if before is None or after is None:
        return
    if before.payments_frozen_at != after.payments_frozen_at:
        yield Change(thing=f"Payments for cohort {after.year}", before="made", after="frozen")
    if before.enabled is not after.enabled:
        was, now = ("open" if it.enabled else "closed" for it in (before, after))
        yield Change(thing=f"Partnerships for cohort {after.year}", before=was, after=now)


def _delivery_partner(
    _records: Records, before: DeliveryPartner | None, after: DeliveryPartner | None
) -> Iterator[Change]:
    if before is not None and after is not None and before.name != after.name:
        yield Change(thing="Delivery partner", before=before.name, after=after.name)


def _delivery_partnership(
    records: Records, before: DeliveryPartnership | None, after: DeliveryPartnership | None
) -> Iterator[Change]:
    if before is None and after is not None:
        provider = records.lead_providers[after.lead_provider_id].name
        partner = records.delivery_partners[after.delivery_partner_id].name
        yield Change(thing=f"{provider} in {after.contract_period_year}", before="", after=f"works with {partner}")


_WORDS: Mapping[type[Record], Telling] = {
    Declaration: _declaration,
    Statement: _statement,
    TrainingPeriod: _training,
    AtSchoolPeriod: _at_school,
    MentorshipPeriod: _mentorship,
    InductionPeriod: _induction,
    Teacher: _teacher,
    IdChange: _id_change,
    SchoolPartnership: _partnership,
    TeacherMetadata: _seen,
    School: _school,
    ContractPeriod: _contract_period,
    DeliveryPartner: _delivery_partner,
    DeliveryPartnership: _delivery_partnership,
}
