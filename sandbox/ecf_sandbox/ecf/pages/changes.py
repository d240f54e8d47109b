"""What changed, as a trainer shows it: the thing, what it was, what it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ecf_sandbox.ecf.domain.declarations import Declaration, LineItem, Statement
from ecf_sandbox.ecf.domain.participants import (
    Eligibility,
    IdChange,
    InductionRecord,
    InductionStatus,
    StatusChange,
    TrainingRecord,
    User,
)
from ecf_sandbox.ecf.domain.schools import Partnership, SchoolCohort
from ecf_sandbox.ecf.explain.wording import readable
from ecf_sandbox.ecf.queries.training import user_of
from ecf_sandbox.ecf.records import Records
from ecf_sandbox.state.journal import Exchange
from ecf_sandbox.state.record import Record
from ecf_sandbox.state.records import Records as AnyRecords
from ecf_sandbox.web.ui.cells import state
from ecf_sandbox.web.ui.model import Change
from ecf_sandbox.web.ui.row_changes import GONE, NEW, Telling, changes_of, differences

_UNTOLD = frozenset({"created_at", "updated_at", "identity_id", "superseded_by_id"})


def changes(exchange: Exchange, after: AnyRecords) -> tuple[Change, ...]:
    """The changes that matter to somebody who watches, each once; `after` are the records that the exchange left."""
    return changes_of(exchange, after, _WORDS)


def _declaration(records: Records, before: Declaration | None, after: Declaration | None) -> Iterator[Change]:
    it = after or before
    if it is not None and (before is None or after is None or before.state is not after.state):
        thing = f"Declaration {it.type} of {records.users[it.user_id].full_name}"
        yield Change(
            thing=thing,
            before=state(before.state.value) if before else NEW,
            after=state(after.state.value) if after else GONE,
        )


def _line_item(records: Records, before: LineItem | None, after: LineItem | None) -> Iterator[Change]:
    if before is None and after is not None:
        declaration, statement = records.declarations[after.declaration_id], records.statements[after.statement_id]
        whose = f"{declaration.type} of {records.users[declaration.user_id].full_name}"
        yield Change(thing=f"Statement {statement.name}, cohort {statement.cohort}", before="", after=f"takes {whose}")


def _statement(_records: Records, before: Statement | None, after: Statement | None) -> Iterator[Change]:
    if before and after and before.phase is not after.phase:
        thing = f"Statement {after.name}, cohort {after.cohort}"
        yield Change(thing=thing, before=before.phase.value, after=after.phase.value)


def _training(records: Records, before: TrainingRecord | None, after: TrainingRecord | None) -> Iterator[Change]:
    if after is None:
        return
    whose = user_of(records, after).full_name
    if before is None:
        yield Change(thing=f"Training of {whose}", before=NEW, after=f"{'ECT' if after.ect else 'mentor'}, active")
        return
    for name, was, now in differences(before, after, _UNTOLD):
        if name == "schedule_id":
            yield Change(
                thing=f"Schedule of {whose}",
                before=records.schedules[was].identifier,
                after=records.schedules[now].identifier,
            )
        elif name == "mentor_record_id":
            yield Change(thing=f"Mentor of {whose}", before=_mentor(records, was), after=_mentor(records, now))
        elif not name.endswith("_id"):
            yield Change(
                thing=f"{name.replace('_', ' ').capitalize()} of {whose}", before=readable(was), after=readable(now)
            )


def _mentor(records: Records, id: str | None) -> str:
    found = records.training_records.get(id)
    return user_of(records, found).full_name if found else "nobody"


def _induction(records: Records, before: InductionRecord | None, after: InductionRecord | None) -> Iterator[Change]:
    if after is None:
        return
    training = records.training_records[after.training_record_id]
    whose = user_of(records, training).full_name
    if before is None:
        school = _school_of(records, after)
        earlier = [it for it in records.induction_records.by("training_record_id", training.id) if it.id != after.id]
        was = _school_of(records, earlier[-1]) if earlier else NEW
        if school != was:
            yield Change(thing=f"School of {whose}", before=was, after=school)
    # One that is followed by another is `changed`, which only its keepers need to know.
    elif (
        before.induction_status is not after.induction_status and after.induction_status is not InductionStatus.CHANGED
    ):
        thing = f"{whose} at {_school_of(records, after)}"
        yield Change(thing=thing, before=before.induction_status.value, after=after.induction_status.value)


def _school_of(records: Records, it: InductionRecord) -> str:
    programme = records.programmes[it.programme_id]
    return records.schools[records.school_cohorts[programme.school_cohort_id].school_id].name


def _partnership(records: Records, before: Partnership | None, after: Partnership | None) -> Iterator[Change]:
    if after is None:
        return
    provider = records.providers[after.provider_id].name
    thing = f"Partnership of {records.schools[after.school_id].name} for {after.cohort} with {provider}"
    partner = records.delivery_partners[after.delivery_partner_id].name
    if before is None:
        yield Change(thing=thing, before=NEW, after=f"active, with {partner}")
        return
    if before.delivery_partner_id != after.delivery_partner_id:
        was = records.delivery_partners[before.delivery_partner_id].name
        yield Change(thing=f"Delivery partner at {records.schools[after.school_id].name}", before=was, after=partner)
    if before.challenged is not after.challenged:
        yield Change(thing=thing, before=_standing(before), after=_standing(after))


def _standing(it: Partnership) -> str:
    return f"challenged ({readable(it.challenge_reason)})" if it.challenged else "active"


def _eligibility(records: Records, before: Eligibility | None, after: Eligibility | None) -> Iterator[Change]:
    if after is not None and (before is None or before.status is not after.status):
        whose = user_of(records, records.training_records[after.training_record_id]).full_name
        was = state(before.status.value) if before else "not checked yet"
        yield Change(thing=f"Eligibility of {whose}", before=was, after=state(after.status.value))


def _status(records: Records, before: StatusChange | None, after: StatusChange | None) -> Iterator[Change]:
    if before is None and after is not None and after.reason:
        whose = user_of(records, records.training_records[after.training_record_id]).full_name
        yield Change(thing=f"Reason noted for {whose}", before="", after=after.reason)


def _user(_records: Records, before: User | None, after: User | None) -> Iterator[Change]:
    if before is not None and after is not None:
        for name, was, now in differences(before, after, _UNTOLD):
            called = name.upper() if name == "trn" else name.replace("_", " ").capitalize()
            yield Change(thing=f"{called} of {before.full_name}", before=readable(was), after=readable(now))


def _id_change(records: Records, _before: IdChange | None, after: IdChange | None) -> Iterator[Change]:
    if after is not None:
        whose = records.users[after.user_id].full_name
        yield Change(
            thing=f"Participant id of {whose}", before=after.from_participant_id, after=after.to_participant_id
        )


def _school_cohort(records: Records, before: SchoolCohort | None, after: SchoolCohort | None) -> Iterator[Change]:
    if after is not None and (before is None or before.choice is not after.choice):
        thing = f"Programme of {records.schools[after.school_id].name} for {after.cohort}"
        was = state(before.choice.value) if before else NEW
        yield Change(thing=thing, before=was, after=state(after.choice.value))


_WORDS: Mapping[type[Record], Telling] = {
    Declaration: _declaration,
    LineItem: _line_item,
    Statement: _statement,
    TrainingRecord: _training,
    InductionRecord: _induction,
    Partnership: _partnership,
    Eligibility: _eligibility,
    StatusChange: _status,
    User: _user,
    IdChange: _id_change,
    SchoolCohort: _school_cohort,
}
