"""Keeps rows together with what follows of them: which `updated_at` moves, and which look-up rows are worked out anew.

Everything that changes a row of this service goes through here (behaviour/rect.md#9-4, #13, #14-1, #15-1, #18-3).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from ecf_sandbox.dates.uk import uk_day
from ecf_sandbox.rect.domain.declarations import Declaration
from ecf_sandbox.rect.domain.providers import DeliveryPartner
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
from ecf_sandbox.rect.queries.metadata import teacher_rows, with_schools_looked_up
from ecf_sandbox.rect.records import Records, Turn
from ecf_sandbox.state.record import Record, replace

_PERSONAL = ("trn", "first_name", "last_name", "corrected_name")
# What of a row moves the `updated_at` of the person, when it changes.
_OF_TEACHER = (
    *_PERSONAL,
    *("induction_start_date", "induction_completed_date"),
    *("ect_eligible_since", "ect_ineligible_since", "mentor_eligible_since", "mentor_ineligible_since"),
    *("mentor_ineligible_reason", "ect_frozen_year", "mentor_frozen_year"),
)
_OF_TRAINING = (
    *("started_on", "finished_on", "schedule_id", "school_partnership_id", "at_school_period_id"),
    *("deferred_at", "deferral_reason", "withdrawn_at", "withdrawal_reason"),
)
_OF_SCHOOL = (
    *("name", "urn", "induction_tutor_name", "induction_tutor_email"),
    *("primary_contact_email", "secondary_contact_email"),
)
_OF_PARTNERSHIP = tuple(it for it in _OF_SCHOOL if it != "name")


def written_at(turn: Turn) -> datetime:
    """What the database fills in for a new row: its own present, whatever server date was sent, if that is shown."""
    return turn.present if turn.edition.on("database_clock_shown") else turn.now


@dataclass
class _Following:
    """What has to follow of a change: ids of people, schools, partnerships and declarations.

    Whoever moves for those that know them as unfunded moves for the others as well.
    """

    teachers: set[str] = field(default_factory=set)
    unfunded: set[str] = field(default_factory=set)
    metadata_of: set[str] = field(default_factory=set)
    schools: set[str] = field(default_factory=set)
    school_rows: set[str] = field(default_factory=set)
    partnerships: set[str] = field(default_factory=set)
    declarations: set[str] = field(default_factory=set)
    transfers: set[str] = field(default_factory=set)


def save(turn: Turn, *rows: Record) -> None:
    """Add rows, or replace those with their keys, with all that follows; of a row that stays the same nothing does."""
    before = turn.records
    changed = [(old, it) for it in rows if (old := _as_it_was(before, it)) != it]
    turn.save(*(it for _, it in changed))
    following = _Following()
    for old, row in changed:
        _note(following, turn.records, old, row)
    _carry_out(turn, following)


def remove(turn: Turn, *rows: Record) -> None:
    """Take rows away, with all that follows."""
    following = _Following()
    for row in rows:
        _note(following, turn.records, row, None)
    turn.remove(*rows)
    _carry_out(turn, following)


def _as_it_was(before: Records, row: Record) -> Record | None:
    table = getattr(before, before.TABLES[type(row)])
    found: Record | None = table.get(table.key_of(row))
    return found


def _differs(old: Record | None, new: Record | None, names: Iterable[str]) -> bool:
    """Whether a row is new or gone, or differs in one of these members."""
    return old is None or new is None or any(getattr(old, it) != getattr(new, it) for it in names)


def _note(following: _Following, records: Records, old: Record | None, new: Record | None) -> None:
    """Note what follows of a row that was and is like that; None for one that was not or is no more."""
    it = new or old
    if isinstance(it, TrainingPeriod):
        _note_training(following, records, it, old, new)
    elif isinstance(it, AtSchoolPeriod):
        _note_at_school(following, it, old, new)
    elif isinstance(it, MentorshipPeriod):
        following.metadata_of.add(records.at_school_periods[it.ect_at_school_period_id].teacher_id)
    elif isinstance(it, InductionPeriod):
        following.teachers.add(it.teacher_id)
        following.metadata_of.add(it.teacher_id)
    elif isinstance(it, IdChange):
        following.teachers.add(it.teacher_id)
    elif isinstance(it, Teacher) and old and new:
        if _differs(old, new, _OF_TEACHER):
            following.teachers.add(it.id)
        if _differs(old, new, _PERSONAL):
            following.unfunded.add(it.id)
    elif isinstance(it, SchoolPartnership):
        _note_partnership(following, records, it, old, new)
    elif isinstance(it, School) and old and new:
        _note_school(following, records, it, old, new)
    elif isinstance(it, DeliveryPartner) and old and new:
        for delivery in records.delivery_partnerships.by("delivery_partner_id", it.id):
            found = records.school_partnerships.by("delivery_partnership_id", delivery.id)
            following.partnerships |= {partnership.id for partnership in found}
    elif isinstance(it, Declaration) and old and new:
        following.declarations.add(it.id)


def _note_training(
    following: _Following, records: Records, it: TrainingPeriod, old: Record | None, new: Record | None
) -> None:
    period = records.at_school_periods[it.at_school_period_id]
    if _differs(old, new, _OF_TRAINING):
        following.teachers.add(period.teacher_id)
    if old and new and _differs(old, new, ("started_on", "finished_on")):
        following.transfers.add(it.id)
    following.metadata_of.add(period.teacher_id)
    following.schools.add(period.school_id)


def _note_at_school(following: _Following, it: AtSchoolPeriod, old: Record | None, new: Record | None) -> None:
    if old and new and _differs(old, new, ("email",)):
        following.teachers.add(it.teacher_id)
    if it.kind is TeacherType.MENTOR and _differs(old, new, ("email",)):
        following.teachers.add(it.teacher_id)
        following.unfunded.add(it.teacher_id)
    following.metadata_of.add(it.teacher_id)
    following.schools.add(it.school_id)


def _note_partnership(
    following: _Following, records: Records, it: SchoolPartnership, old: Record | None, new: Record | None
) -> None:
    following.schools.add(it.school_id)
    if old and new and _differs(old, new, ("delivery_partnership_id",)):
        following.partnerships.add(it.id)
        for training in records.training_periods.by("school_partnership_id", it.id):
            teacher_id = records.at_school_periods[training.at_school_period_id].teacher_id
            following.teachers.add(teacher_id)
            following.metadata_of.add(teacher_id)
            found = records.declarations.by("training_period_id", training.id)
            following.declarations |= {declaration.id for declaration in found}


def _note_school(following: _Following, records: Records, it: School, old: Record, new: Record) -> None:
    if _differs(old, new, _OF_SCHOOL):
        following.school_rows.add(it.id)
    if _differs(old, new, _OF_PARTNERSHIP):
        following.partnerships |= {found.id for found in records.school_partnerships.by("school_id", it.id)}
    if _differs(old, new, ("urn",)):
        for period in records.at_school_periods.by("school_id", it.id):
            following.teachers.add(period.teacher_id)


def _carry_out(turn: Turn, following: _Following) -> None:
    for teacher_id in sorted(following.metadata_of):
        if _refresh_teacher(turn, teacher_id):
            following.teachers.add(teacher_id)
    records, now = turn.records, turn.now
    touched: list[Record] = []
    for id in sorted(following.teachers):
        # Somebody who was merged into another is no more.
        if (teacher := records.teachers.get(id)) is not None:
            unfunded = {"unfunded_updated_at": now} if id in following.unfunded else {}
            touched.append(replace(teacher, updated_at=now, **unfunded))
    touched += [replace(records.school_partnerships[id], updated_at=now) for id in sorted(following.partnerships)]
    touched += [replace(records.declarations[id], updated_at=now) for id in sorted(following.declarations)]
    touched += [replace(records.training_periods[id], transfer_updated_at=now) for id in sorted(following.transfers)]
    for id in sorted(following.school_rows):
        touched += [replace(it, updated_at=now) for it in records.school_metadata.by("school_id", id)]
    turn.save(*touched)
    for id in sorted(following.schools):
        refresh_school(turn, id)


def _refresh_teacher(turn: Turn, teacher_id: str) -> bool:
    """Work out what providers have to do with somebody. Whether they have another mentor now."""
    records = turn.records
    old = {it.id: it for it in records.teacher_metadata.by("teacher_id", teacher_id)}
    new = {it.id: it for it in teacher_rows(records, teacher_id, uk_day(turn.now))}
    gone, changed = [it for id, it in old.items() if id not in new], [it for id, it in new.items() if old.get(id) != it]
    turn.remove(*gone)
    turn.save(*changed)
    return any(
        it.mentor_at_school_period_id != (old[it.id].mentor_at_school_period_id if it.id in old else None)
        for it in changed
    )


def refresh_teacher(turn: Turn, teacher_id: str) -> None:
    """Work out the look-up rows of somebody, as every night."""
    _carry_out(turn, _Following(metadata_of={teacher_id}))


def refresh_school(turn: Turn, school_id: str) -> None:
    """Work out what is known of a school in each contract period, and who trains there or is meant to."""
    before = turn.records
    after = with_schools_looked_up(before, [school_id], turn.now)
    gone = [it for it in before.school_interests.by("school_id", school_id) if it.id not in after.school_interests]
    turn.remove(*gone)
    changed: list[Record] = [
        it for it in after.school_interests.by("school_id", school_id) if it.id not in before.school_interests
    ]
    changed += [
        it for it in after.school_metadata.by("school_id", school_id) if before.school_metadata.get(it.id) != it
    ]
    turn.save(*changed)
