"""What becomes of somebody's record when a school enrols them, whichever way they come to it."""

from __future__ import annotations

from datetime import date

import pytest

from ecf_sandbox.ecf.actions.participants import withdraw
from ecf_sandbox.ecf.domain.participants import (
    Course,
    InductionStatus,
    ParticipantType,
    RecordStatus,
    StatusChange,
    TrainingStatus,
)
from ecf_sandbox.ecf.events.participants import (
    complete_induction,
    school_reregisters,
    school_withdraws_record,
    set_mentor_completion,
)
from ecf_sandbox.ecf.events.transfers import school_marks_leaving, school_transfer
from ecf_sandbox.ecf.queries.transfers import transfers
from tests.builders import a_participant, at, id_of
from tests.ecf.events.builders import MENTOR, a_mentor, history_of, newest_of, record_of, turn_with

ACTIVE, COMPLETED, LEAVING = InductionStatus.ACTIVE, InductionStatus.COMPLETED, InductionStatus.LEAVING
SOON = date(2025, 3, 1)
BOTH = pytest.mark.parametrize("type", list(ParticipantType))
KEEPING = pytest.mark.parametrize("keep", [True, False], ids=["keeping the provider", "with the new school's"])


def somebody(type=ParticipantType.ECT):
    """Alpha trains them at Abbey School."""
    return turn_with(*(a_mentor("ann") if type is MENTOR else a_participant("ann")))


def join(turn, type=ParticipantType.ECT, school="grange", on=SOON, keep=False):
    return school_transfer(turn, id_of("ann"), school, on, keep, type.course)


def told(turn, provider):
    """The transfers that a provider is told of."""
    return [it for person in transfers(turn.records, provider, validated_only=False) for it in person.transfers]


def entries(turn):
    return turn.records.status_changes.by("training_record_id", "ann-training")


class TestSomebodyWhoseRecordASchoolWithdrew:
    def turn(self, type=ParticipantType.ECT):
        turn = somebody(type)
        school_withdraws_record(turn, id_of("ann"), type.course)
        return turn

    @BOTH
    @KEEPING
    def test_is_active_again_after_a_transfer(self, type, keep):
        turn = self.turn(type)

        join(turn, type, keep=keep)

        record = record_of(turn, "ann")
        assert (record.status, record.training_status) == (RecordStatus.ACTIVE, TrainingStatus.ACTIVE)

    @BOTH
    def test_has_the_old_record_active_again_as_well_without_an_end(self, type):
        turn = self.turn(type)

        joining = join(turn, type)

        old = turn.records.induction_records["ann-induction"]
        assert (old.induction_status, old.end_date) == (ACTIVE, None)
        assert (joining.induction_status, joining.school_transfer) == (ACTIVE, True)

    def test_leaves_nowhere_so_that_no_transfer_is_told(self):
        turn = self.turn()

        join(turn)

        assert not told(turn, "alpha")
        assert not told(turn, "beta")

    def test_can_be_withdrawn_by_the_provider_they_come_to(self):
        turn = self.turn()
        join(turn, on=date(2025, 2, 1))

        fields = {"course_identifier": Course.ECT.value, "reason": "other"}
        withdraw(turn, turn.records.providers["beta"], id_of("ann"), fields)

        assert newest_of(turn, "ann").training_status is TrainingStatus.WITHDRAWN

    def test_keeps_the_day_on_which_the_old_school_said_that_they_leave(self):
        turn = self.turn()
        school_marks_leaving(turn, id_of("ann"), date(2025, 2, 20))

        join(turn)

        old = turn.records.induction_records["ann-induction"]
        assert (old.induction_status, old.end_date) == (ACTIVE, at("2025-02-20T00:00:00"))

    def test_is_active_for_the_new_provider_after_the_old_one_withdrew_them_too(self):
        turn = somebody()
        fields = {"course_identifier": Course.ECT.value, "reason": "other"}
        withdraw(turn, turn.records.providers["alpha"], id_of("ann"), fields)
        school_withdraws_record(turn, id_of("ann"))

        joining = join(turn)

        record = record_of(turn, "ann")
        assert (record.status, record.training_status) == (RecordStatus.ACTIVE, TrainingStatus.ACTIVE)
        assert joining.training_status is TrainingStatus.ACTIVE


class TestSomebodyWhoHasCompleted:
    def turn(self, type=ParticipantType.ECT):
        turn = somebody(type)
        if type is MENTOR:
            set_mentor_completion(turn, id_of("ann"), date(2025, 1, 31), None)
        else:
            complete_induction(turn, id_of("ann"), date(2025, 1, 31))
        return turn

    @BOTH
    @KEEPING
    def test_has_a_completed_record_at_the_new_school(self, type, keep):
        joining = join(self.turn(type), type, keep=keep)

        assert (joining.induction_status, joining.training_status) == (COMPLETED, TrainingStatus.ACTIVE)
        assert joining.school_transfer

    @BOTH
    def test_gets_no_entry_in_the_journal_of_training_statuses(self, type):
        turn = self.turn(type)

        join(turn, type)

        assert entries(turn) == ()

    def test_leaves_nowhere_so_that_no_later_transfer_is_told(self):
        turn = self.turn()

        join(turn, on=date(2025, 2, 10), keep=True)
        join(turn, school="moor", keep=True)

        assert [it.induction_status for it in history_of(turn, "ann")][1:] == [COMPLETED] * 3
        assert not told(turn, "alpha")

    def test_of_a_mentor_the_first_transfer_is_told_and_the_next_is_not(self):
        turn = self.turn(MENTOR)

        join(turn, MENTOR, on=date(2025, 2, 10), keep=True)
        join(turn, MENTOR, school="moor", keep=True)

        assert [it.induction_status for it in history_of(turn, "ann")] == [LEAVING, COMPLETED, COMPLETED]
        assert len(told(turn, "alpha")) == 1

    def test_stays_withdrawn_if_a_school_withdrew_the_record(self):
        turn = self.turn()
        school_withdraws_record(turn, id_of("ann"))

        joining = join(turn)

        assert record_of(turn, "ann").status is RecordStatus.WITHDRAWN
        assert joining.induction_status is COMPLETED

    def test_is_completed_where_they_are_registered_again(self):
        turn = self.turn()

        school_reregisters(turn, id_of("ann"), "grange", 2024)

        assert newest_of(turn, "ann").induction_status is COMPLETED

    def test_is_noted_as_active_by_being_registered_again(self):
        turn = self.turn()

        school_reregisters(turn, id_of("ann"), "grange", 2024)

        assert [(it.provider_id, it.state) for it in entries(turn)] == [("beta", TrainingStatus.ACTIVE)]


class TestAnybodyElse:
    def test_is_active_and_gets_an_entry_for_the_provider_they_come_to(self):
        turn = somebody()

        joining = join(turn)

        (entry,) = entries(turn)
        assert isinstance(entry, StatusChange)
        assert (entry.provider_id, entry.state) == ("beta", TrainingStatus.ACTIVE)
        assert joining.induction_status is ACTIVE
