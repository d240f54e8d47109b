"""What the DfE finds out and decides about somebody's eligibility for funding."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated

from ecf_sandbox.ecf.actions.declarations import become_eligible
from ecf_sandbox.ecf.actions.training_history import touch_training
from ecf_sandbox.ecf.domain.participants import (
    Course,
    Eligibility,
    EligibilityStatus,
    TrainingRecord,
    ValidationDetails,
)
from ecf_sandbox.ecf.events.event import ParticipantId
from ecf_sandbox.ecf.events.participants import CourseIdentifier, merge_into_oldest
from ecf_sandbox.ecf.events.training import find
from ecf_sandbox.ecf.queries.training import user_of
from ecf_sandbox.ecf.records import Turn
from ecf_sandbox.state.record import replace

Finding = Annotated[bool, "what the teacher record says"]


class Reason(StrEnum):
    """Why somebody is not eligible, or not yet."""

    NONE = "none"
    ACTIVE_FLAGS = "active_flags"
    PREVIOUS_PARTICIPATION = "previous_participation"
    PREVIOUS_INDUCTION = "previous_induction"
    NO_QTS = "no_qts"
    DIFFERENT_TRN = "different_trn"
    DUPLICATE_PROFILE = "duplicate_profile"
    NO_INDUCTION = "no_induction"
    EXEMPT_FROM_INDUCTION = "exempt_from_induction"


def make_eligible(
    turn: Turn, participant_id: ParticipantId, course_identifier: CourseIdentifier = Course.ECT
) -> Eligibility:
    """The DfE decides by hand that somebody is funded: what was declared for them becomes eligible."""
    return set_eligibility(turn, participant_id, EligibilityStatus.ELIGIBLE, Reason.NONE, course_identifier)


def make_ineligible(
    turn: Turn,
    participant_id: ParticipantId,
    reason: Annotated[Reason, "why"],
    course_identifier: CourseIdentifier = Course.ECT,
) -> Eligibility:
    """The DfE decides by hand that somebody is not funded; what is eligible already stays so."""
    return set_eligibility(turn, participant_id, EligibilityStatus.INELIGIBLE, reason, course_identifier)


def set_eligibility(
    turn: Turn,
    participant_id: ParticipantId,
    status: Annotated[EligibilityStatus, "the decision"],
    reason: Annotated[Reason, "why"],
    course_identifier: CourseIdentifier = Course.ECT,
) -> Eligibility:
    """The DfE decides by hand about somebody's eligibility: later checks leave it as it is."""
    training = find(turn.records, participant_id, course_identifier)
    present = turn.records.eligibilities.get(training.id) or Eligibility(training_record_id=training.id)
    decided = replace(present, status=status, reason=reason.value, manually_validated=True)
    return _store(turn, training, decided)


def record_check(
    turn: Turn,
    participant_id: ParticipantId,
    trn: Annotated[str | None, "the teacher reference number found"],
    course_identifier: CourseIdentifier = Course.ECT,
    match: Annotated[bool, "whether a teacher record was found"] = True,
    qts: Finding = True,
    active_alert: Finding = False,
    previous_participation: Finding = False,
    previous_induction: Finding = False,
    no_induction: Finding = False,
    exempt_from_induction: Finding = False,
    typed_trn: Annotated[str | None, "the teacher reference number that was typed in; left out: the one found"] = None,
    full_name: Annotated[str | None, "the name that was typed in; left out: their name"] = None,
    date_of_birth: Annotated[date | None, "the date of birth that was typed in"] = None,
    nino: Annotated[str | None, "the national insurance number that was typed in"] = None,
    deduplicate: Annotated[bool, "whether people with the same number become one"] = True,
) -> TrainingRecord:
    """The DfE checks somebody against the teacher records: number, eligibility, and whether they are known already."""
    training = find(turn.records, participant_id, course_identifier)
    _type_in(turn, training, typed_trn or trn, full_name, date_of_birth, nino)
    if match:
        found = Eligibility(
            training_record_id=training.id,
            qts=qts,
            active_flags=active_alert,
            previous_participation=previous_participation,
            previous_induction=previous_induction,
            no_induction=no_induction,
            exempt_from_induction=exempt_from_induction,
            different_trn=_another_trn(turn, training, trn),
        )
        _store(turn, training, _decide(turn, training, found))
        _keep_trn(turn, training, trn)
        if deduplicate:
            merge_into_oldest(turn, user_of(turn.records, training))
    return turn.records.training_records[training.id]


def _store(turn: Turn, training: TrainingRecord, decided: Eligibility) -> Eligibility:
    before = turn.records.eligibilities.get(training.id)
    if decided == before:
        return decided
    turn.save(decided)
    touch_training(turn, training.id)
    if decided.fundable and not (before and before.fundable):
        become_eligible(turn, training.id)
    return decided


def _decide(turn: Turn, training: TrainingRecord, found: Eligibility) -> Eligibility:
    """What follows from the findings, first match (behaviour/participants.md#11-2); a decision by hand is kept."""
    present = turn.records.eligibilities.get(training.id)
    if present is not None and present.manually_validated:
        return replace(found, status=present.status, reason=present.reason, manually_validated=True)
    ect, mentor = training.ect, not training.ect
    table = (
        (found.active_flags, EligibilityStatus.MANUAL_CHECK, Reason.ACTIVE_FLAGS),
        (found.previous_participation, EligibilityStatus.INELIGIBLE, Reason.PREVIOUS_PARTICIPATION),
        (found.previous_induction and ect, EligibilityStatus.INELIGIBLE, Reason.PREVIOUS_INDUCTION),
        (not found.qts and ect, EligibilityStatus.MANUAL_CHECK, Reason.NO_QTS),
        (found.different_trn, EligibilityStatus.MANUAL_CHECK, Reason.DIFFERENT_TRN),
        (mentor and training.duplicity == "secondary", EligibilityStatus.INELIGIBLE, Reason.DUPLICATE_PROFILE),
        (found.exempt_from_induction and ect, EligibilityStatus.INELIGIBLE, Reason.EXEMPT_FROM_INDUCTION),
        (found.no_induction and ect, EligibilityStatus.MANUAL_CHECK, Reason.NO_INDUCTION),
        (True, EligibilityStatus.ELIGIBLE, Reason.NONE),
    )
    status, reason = next((status, reason) for holds, status, reason in table if holds)
    return replace(found, status=status, reason=reason.value)


def _type_in(
    turn: Turn,
    training: TrainingRecord,
    trn: str | None,
    full_name: str | None,
    date_of_birth: date | None,
    nino: str | None,
) -> None:
    present = turn.records.validation_details.get(training.id) or ValidationDetails(training_record_id=training.id)
    typed = replace(
        present,
        trn=trn,
        full_name=full_name or user_of(turn.records, training).full_name,
        date_of_birth=date_of_birth or present.date_of_birth,
        national_insurance_number=nino or present.national_insurance_number,
    )
    if typed != turn.records.validation_details.get(training.id):
        turn.save(typed)
        touch_training(turn, training.id)


def _another_trn(turn: Turn, training: TrainingRecord, trn: str | None) -> bool:
    present = user_of(turn.records, training).trn
    return bool(present) and present != trn


def _keep_trn(turn: Turn, training: TrainingRecord, trn: str | None) -> None:
    """A number found is the person's, unless they have one: then that stays."""
    user = user_of(turn.records, training)
    if not user.trn and trn:
        turn.save(replace(user, trn=trn, updated_at=turn.stamp()))
