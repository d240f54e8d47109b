"""Deferring, resuming and withdrawing: whom it reaches, what it writes, and what stays as it was."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecf_sandbox.ecf.actions.participants import defer, resume, withdraw
from ecf_sandbox.ecf.domain.declarations import DeclarationState, Feature
from ecf_sandbox.ecf.domain.participants import Identity, InductionStatus, ParticipantType, RecordStatus, TrainingStatus
from ecf_sandbox.ecf.editions import GUIDANCE, LIVE
from ecf_sandbox.ecf.queries.training import latest_for
from ecf_sandbox.ecf.service import SERVICE as ECF
from ecf_sandbox.rulebook.refusals import Refused
from ecf_sandbox.state.record import replace
from ecf_sandbox.state.world import State as Start
from ecf_sandbox.state.world import World
from tests.builders import a_participant, a_turn, at, id_of
from tests.ecf.events.builders import (
    STAMPED,
    a_country,
    a_declaration,
    history_of,
    newest_of,
    record_of,
    turn_with,
    updated,
    user_of,
)

ECT, MENTOR = ParticipantType.ECT, ParticipantType.MENTOR
BREAK = {"course_identifier": "ecf-induction", "reason": "career-break"}
LEAVES = {"course_identifier": "ecf-induction", "reason": "moved-school"}
BACK = {"course_identifier": "ecf-induction"}
ACTIVE, DEFERRED, WITHDRAWN = TrainingStatus.ACTIVE, TrainingStatus.DEFERRED, TrainingStatus.WITHDRAWN


def do(turn, action, fields, provider="alpha", participant="ann"):
    """The provider's word about somebody."""
    return action(turn, turn.records.providers[provider], id_of(participant), fields)


def refusals(turn, action, fields, **whom):
    """The rule of each refusal, in order."""
    with pytest.raises(Refused) as refused:
        do(turn, action, fields, **whom)
    return [it.rule for it in refused.value.refusals]


def a_guided_turn(*rows):
    return a_turn(a_country(*rows), edition=GUIDANCE)


def journal(turn, name="ann"):
    said = turn.records.status_changes.by("training_record_id", f"{name}-training")
    return [(it.provider_id, it.state, it.reason) for it in said]


class TestDeferring:
    def test_closes_the_record_and_goes_on_with_a_deferred_one(self):
        turn = turn_with(*a_participant("ann"))

        training = do(turn, defer, BREAK)

        before, after = history_of(turn, "ann")
        assert training == record_of(turn, "ann")
        assert training.training_status is DEFERRED
        assert (before.induction_status, before.training_status) == (InductionStatus.CHANGED, ACTIVE)
        assert (after.induction_status, after.training_status, after.end_date) == (
            InductionStatus.ACTIVE,
            DEFERRED,
            None,
        )
        assert journal(turn) == [("alpha", DEFERRED, "career-break")]
        assert updated(turn, "ann")

    def test_of_somebody_who_has_not_begun_writes_no_history(self):
        turn = turn_with(*a_participant("ann", induction={"start_date": at("2025-04-01T00:00:00")}))

        do(turn, defer, BREAK)

        (only,) = history_of(turn, "ann")
        assert only.training_status is DEFERRED

    def test_of_a_leaver_leaves_the_leaving_date(self):
        leaves = {"induction_status": InductionStatus.LEAVING, "end_date": at("2025-03-01T00:00:00")}
        turn = turn_with(*a_participant("ann", induction=leaves))

        do(turn, defer, BREAK)

        after = newest_of(turn, "ann")
        assert (after.induction_status, after.end_date) == (InductionStatus.LEAVING, at("2025-03-01T00:00:00"))

    def test_refused_writes_nothing(self):
        turn = turn_with(*a_participant("ann"))
        before = turn.records

        assert refusals(turn, defer, {**BREAK, "reason": "holiday"}) == ["deferral.reason-invalid"]
        assert turn.records is before


class TestWithdrawing:
    def test_leaves_everything_but_the_training_status(self):
        turn = turn_with(*a_participant("ann"))

        assert do(turn, withdraw, LEAVES).training_status is WITHDRAWN

        before, after = history_of(turn, "ann")
        assert (after.induction_status, after.end_date) == (InductionStatus.ACTIVE, None)
        assert (after.schedule_id, after.programme_id) == (before.schedule_id, before.programme_id)
        assert record_of(turn, "ann").status is RecordStatus.ACTIVE
        assert journal(turn) == [("alpha", WITHDRAWN, "moved-school")]

    @pytest.mark.parametrize(
        ("renamed", "reason", "other"),
        [(False, "school-left-fip", "switched-to-school-led"), (True, "switched-to-school-led", "school-left-fip")],
        ids=["before 2025", "since 2025"],
    )
    def test_of_whose_school_changed_programme_knows_one_name_for_it(self, renamed, reason, other):
        turn = turn_with(*a_participant("ann"), Feature(name="programme_type_changes_2025", active=renamed))

        assert refusals(turn, withdraw, {**LEAVES, "reason": other}) == ["withdrawal.reason-invalid"]
        do(turn, withdraw, {**LEAVES, "reason": reason})
        assert journal(turn) == [("alpha", WITHDRAWN, reason)]

    @pytest.mark.parametrize("changes", [{}, {"provider_id": "beta"}, {"state": DeclarationState.VOIDED}], ids=repr)
    def test_needs_a_started_declaration_of_anybodys_in_any_state(self, changes):
        turn = a_guided_turn(*a_participant("ann"), a_declaration("ann", **changes))

        assert do(turn, withdraw, LEAVES).training_status is WITHDRAWN

    @pytest.mark.parametrize("changes", [{"type": "retained-1"}, {"training_record_id": "bea-training"}], ids=repr)
    def test_is_not_helped_by_another_declaration(self, changes):
        turn = a_guided_turn(*a_participant("ann"), *a_participant("bea"), a_declaration("ann", **changes))

        assert refusals(turn, withdraw, LEAVES) == ["withdrawal.not-started"]


class TestResuming:
    def test_takes_no_reason_down(self):
        turn = turn_with(*a_participant("ann"))
        do(turn, defer, BREAK)

        assert do(turn, resume, BACK).training_status is ACTIVE
        assert journal(turn)[-1] == ("alpha", ACTIVE, None)

    def test_is_refused_with_a_reason_even_an_empty_one(self):
        turn = turn_with(*a_participant("ann"))
        do(turn, defer, BREAK)

        assert refusals(turn, resume, {**BACK, "reason": None}) == ["participant.reason-not-taken"]


class TestWhom:
    def test_a_retired_id_still_means_whoever_has_it_now(self):
        retired = Identity(id="old", user_id=id_of("ann"), email="old@example.com", external_id=id_of("old"), **STAMPED)
        turn = turn_with(*a_participant("ann"), retired)
        turn.save(replace(record_of(turn, "ann"), identity_id="old"))

        assert do(turn, defer, BREAK, participant="old").id == "ann-training"
        assert user_of(turn, "ann").updated_at > turn.now

    @pytest.mark.parametrize("id", [None, id_of("nobody"), "ann-training"], ids=["no id", "unknown", "a record's id"])
    def test_nobody_is_meant_by_anything_else(self, id):
        turn = turn_with(*a_participant("ann"))

        with pytest.raises(Refused) as refused:
            defer(turn, turn.records.providers["alpha"], id, BREAK)

        assert [it.rule for it in refused.value.refusals] == ["participant.unknown"]

    def test_the_course_decides_between_the_records_of_one_person(self):
        turn = turn_with(*a_participant("ann"))
        turn.save(
            replace(record_of(turn, "ann"), id="mentor", type=MENTOR),
            replace(newest_of(turn, "ann"), id="as mentor", training_record_id="mentor"),
        )

        assert do(turn, defer, {**BREAK, "course_identifier": "ecf-mentor"}).id == "mentor"
        assert record_of(turn, "ann").training_status is ACTIVE

    def test_whom_the_school_removed_is_not_on_the_course(self):
        turn = turn_with(*a_participant("ann", status=RecordStatus.WITHDRAWN))

        assert refusals(turn, defer, BREAK) == ["participant.course-not-theirs"]

    def test_another_providers_participant_is_not_recognised(self):
        turn = turn_with(*a_participant("ann"))

        assert refusals(turn, defer, BREAK, provider="beta") == ["participant.not-linked"]

    def test_whom_a_challenged_partnership_hides_can_still_be_met(self):
        turn = turn_with(*a_participant("ann"))
        turn.save(replace(turn.records.partnerships["alpha-partnership"], challenged_at=at("2025-01-01T00:00:00")))

        assert do(turn, defer, BREAK).training_status is DEFERRED

    def test_a_former_provider_speaks_of_its_own_record_only(self):
        turn = turn_with(*a_participant("ann"))
        gone = {"induction_status": InductionStatus.LEAVING, "end_date": at("2025-01-01T00:00:00")}
        own = replace(newest_of(turn, "ann"), **gone)
        theirs = replace(
            newest_of(turn, "ann"), id="theirs", programme_id="beta-programme", start_date=at("2025-01-01T00:00:00")
        )
        turn.save(own, theirs)

        do(turn, withdraw, LEAVES)

        assert turn.records.induction_records["theirs"] == theirs
        assert do(turn, defer, BREAK, provider="beta").training_status is DEFERRED
        assert journal(turn) == [("alpha", WITHDRAWN, "moved-school"), ("beta", DEFERRED, "career-break")]


class TestSomebodyWhoseDetailsAwaitValidation:
    def unvalidated(self, edition):
        """A turn in which nothing has been found out about ann."""
        *rows, _ = a_participant("ann")
        return a_turn(a_country(*rows), edition=edition)

    def test_is_unknown_in_the_guidance(self):
        assert refusals(self.unvalidated(GUIDANCE), defer, BREAK) == ["participant.unknown"]

    @pytest.mark.parametrize("course", ["ecf-mentor", "npq-senior-leadership"])
    def test_is_not_given_away_by_the_wrong_course(self, course):
        fields = {**BREAK, "course_identifier": course}

        assert refusals(self.unvalidated(GUIDANCE), defer, fields) == ["participant.unknown"]

    def test_is_known_in_the_live_service(self):
        assert do(self.unvalidated(LIVE), defer, BREAK).training_status is DEFERRED

    def test_is_known_by_a_record_that_has_been_validated(self):
        turn = a_guided_turn(*a_participant("ann"))
        turn.save(
            replace(record_of(turn, "ann"), id="mentor", type=MENTOR),
            replace(newest_of(turn, "ann"), id="as mentor", training_record_id="mentor"),
        )

        assert refusals(turn, defer, {**BREAK, "course_identifier": "ecf-mentor"}) == ["participant.unknown"]
        assert refusals(turn, defer, {**BREAK, "course_identifier": "npq"}) == ["participant.course-not-theirs"]
        assert do(turn, defer, BREAK).type is ECT


# What each action makes of each status in the live service; what is missing is refused.
MOVES = {
    (ACTIVE, defer): DEFERRED,
    (ACTIVE, withdraw): WITHDRAWN,
    (DEFERRED, withdraw): WITHDRAWN,
    (DEFERRED, resume): ACTIVE,
    (WITHDRAWN, resume): ACTIVE,
}
FIELDS = {defer: BREAK, resume: BACK, withdraw: LEAVES}


@given(said=st.lists(st.tuples(st.sampled_from([defer, resume, withdraw]), st.integers(0, 86_400)), max_size=8))
def test_whatever_is_said_in_a_row_every_reader_sees_the_last_word(said):
    # In a world, because several words may fall into one second: it keeps ids and stamps apart.
    world = World("main", Start(records=a_country(*a_participant("ann"))), edition=LIVE, seed="tests", service=ECF)
    now, status, taken = at("2025-02-10T12:00:00"), ACTIVE, []

    for action, seconds in said:
        now, before = now + timedelta(seconds=seconds), world.state.records
        expected = MOVES.get((status, action))
        if expected is None:
            with pytest.raises(Refused), world.turn(now) as turn:
                do(turn, action, FIELDS[action])
            assert world.state.records is before
            continue
        with world.turn(now) as turn:
            do(turn, action, FIELDS[action])
        status, taken = expected, [*taken, expected]

        history = history_of(turn, "ann")
        assert latest_for(world.state.records, record_of(turn, "ann"), "alpha") == history[-1]
        assert (history[-1].training_status, record_of(turn, "ann").training_status) == (status, status)
        assert [state for _, state, _ in journal(turn)] == taken
        assert [it.end_date is None for it in history] == [False] * len(taken) + [True]
