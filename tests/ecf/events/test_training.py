"""Finding whose record an event is about, and how a change reaches the newest induction record."""

from __future__ import annotations

import pytest

from ecf_sandbox.ecf.domain.participants import Course, InductionStatus, RecordStatus
from ecf_sandbox.ecf.events.participants import merge_participants
from ecf_sandbox.ecf.events.training import find, in_force, update_training
from ecf_sandbox.rulebook.refusals import DoesNotFit
from ecf_sandbox.state.record import replace
from tests.builders import a_participant, at, id_of
from tests.ecf.events.builders import a_mentor, midnight, newest_of, record_of, turn_with, updated


class TestFinding:
    def test_goes_by_the_course(self):
        turn = turn_with(*a_mentor("max"))

        assert find(turn.records, id_of("max"), Course.MENTOR).id == "max-training"
        with pytest.raises(DoesNotFit, match="has no record as ect"):
            find(turn.records, id_of("max"))

    def test_meets_a_record_that_the_school_removed(self):
        turn = turn_with(*a_participant("ann", status=RecordStatus.WITHDRAWN))

        assert find(turn.records, id_of("ann")).id == "ann-training"

    def test_knows_a_retired_id(self):
        turn = turn_with(*a_participant("ann"), *a_mentor("max"))
        merge_participants(turn, id_of("ann"), id_of("max"))

        assert find(turn.records, id_of("ann")).id == "ann-training"


class TestAChange:
    def test_of_the_mentor_is_followed_by_the_newest_induction_record(self):
        turn = turn_with(*a_mentor("max"), *a_participant("ann"))

        update_training(turn, record_of(turn, "ann"), mentor_record_id="max-training")

        assert newest_of(turn, "ann").mentor_record_id == "max-training"

    def test_that_changes_nothing_is_no_update(self):
        turn = turn_with(*a_participant("ann"))

        update_training(turn, record_of(turn, "ann"), status=RecordStatus.ACTIVE)

        assert not updated(turn, "ann")


NOW = at("2025-02-10T12:00:00")
PAST, AHEAD = midnight("2025-01-01"), midnight("2025-03-01")
LEAVING, ACTIVE = InductionStatus.LEAVING, InductionStatus.ACTIVE


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param({}, True, id="active and begun"),
        pytest.param({"start_date": AHEAD}, True, id="registered for a day that is ahead"),
        pytest.param({"start_date": AHEAD, "school_transfer": True}, False, id="to join by transfer"),
        pytest.param({"end_date": PAST}, False, id="active but ended"),
        pytest.param({"end_date": AHEAD}, True, id="active with an end ahead"),
        pytest.param({"induction_status": LEAVING, "end_date": AHEAD}, True, id="about to leave"),
        pytest.param({"induction_status": LEAVING, "end_date": PAST}, False, id="left"),
        pytest.param({"induction_status": LEAVING}, False, id="leaving, nobody knows when"),
        pytest.param({"induction_status": InductionStatus.WITHDRAWN}, False, id="removed"),
        pytest.param({"induction_status": InductionStatus.COMPLETED}, False, id="completed"),
    ],
)
def test_an_induction_record_is_in_force_while(changes, expected):
    turn = turn_with(*a_participant("ann"))

    assert in_force(replace(newest_of(turn, "ann"), **changes), NOW) is expected
