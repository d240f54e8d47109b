"""Changing schedule: what is meant by what was sent, where it leads, and moves out of closed cohorts."""

from __future__ import annotations

from typing import Any

import pytest

from ecf_sandbox.ecf.actions.change_schedule import change_schedule, gather
from ecf_sandbox.ecf.domain.cohorts import Milestone
from ecf_sandbox.ecf.domain.declarations import DeclarationState, Feature
from ecf_sandbox.ecf.domain.participants import InductionStatus, ParticipantType, TrainingStatus
from ecf_sandbox.ecf.domain.schools import Partnership, Programme, SchoolCohort
from ecf_sandbox.ecf.editions import GUIDANCE, LIVE
from ecf_sandbox.rulebook.refusals import NotFound, Refused
from ecf_sandbox.state.record import Record, replace
from tests.builders import a_cohort, a_participant, a_schedule, a_turn, at, id_of
from tests.ecf.events.builders import (
    FIP,
    STAMPED,
    a_country,
    a_declaration,
    frozen,
    history_of,
    newest_of,
    record_of,
    somebody_of_2022,
    updated,
)

EXTENDED = "ecf-extended-september"
JANUARY = Milestone(declaration_type="started", start=at("2025-01-01T00:00:00").date())
CLOSED = {"payments_frozen_at": at("2025-01-31T00:00:00")}


def of_2025(**changes: Any) -> tuple[Record, ...]:
    """Abbey School with alpha in 2025; the partnership takes the changes."""
    partnership = Partnership(
        id="alpha-2025",
        school_id="school",
        provider_id="alpha",
        delivery_partner_id="alpha-partner",
        cohort=2025,
        **STAMPED,
    )
    return (
        a_cohort(2025),
        a_schedule(2025),
        replace(partnership, **changes),
        Programme(id="programme-2025", school_cohort_id="school-2025", partnership_id="alpha-2025", **STAMPED),
        SchoolCohort(
            id="school-2025",
            school_id="school",
            cohort=2025,
            choice=FIP,
            default_programme_id="programme-2025",
            **STAMPED,
        ),
    )


def turn_with(*rows, edition=LIVE, now="2025-02-10T12:00:00"):
    """A turn in which ann trains with alpha at Abbey School, which alpha also trains in 2025."""
    return a_turn(a_country(*a_participant("ann"), *of_2025(), *rows), now, edition)


def change(turn, schedule=EXTENDED, course="ecf-induction", provider="alpha", **sent):
    """Alpha moves ann to a schedule."""
    fields = {"course_identifier": course, "schedule_identifier": schedule, **sent}
    return change_schedule(turn, turn.records.providers[provider], id_of("ann"), fields)


def refusals(turn, *args, **sent):
    """The rule of each refusal, in order, without its prefix."""
    before = turn.records
    with pytest.raises(Refused) as refused:
        change(turn, *args, **sent)
    assert turn.records is before
    return [it.rule.removeprefix("schedule.") for it in refused.value.refusals]


def where(turn):
    """Schedule and programme of the newest record; the training record's schedule and school cohort."""
    induction, training = newest_of(turn, "ann"), record_of(turn, "ann")
    return induction.schedule_id, induction.programme_id, training.schedule_id, training.school_cohort_id


class TestAChangeOfSchedule:
    def test_moves_both_records_and_stays_on_the_schools_programme(self):
        turn = turn_with()

        training = change(turn)

        assert training == record_of(turn, "ann")
        assert where(turn) == (f"{EXTENDED}-2024", "alpha-programme", f"{EXTENDED}-2024", "school-2024")
        assert [it.induction_status for it in history_of(turn, "ann")] == [
            InductionStatus.CHANGED,
            InductionStatus.ACTIVE,
        ]
        assert updated(turn, "ann")

    def test_keeps_a_break(self):
        turn = turn_with()
        turn.save(replace(newest_of(turn, "ann"), training_status=TrainingStatus.DEFERRED))

        change(turn)

        assert newest_of(turn, "ann").training_status is TrainingStatus.DEFERRED
        assert turn.records.status_changes.by("training_record_id", "ann-training") == ()

    def test_knows_schedules_by_their_old_names(self):
        turn = turn_with(a_schedule(identifier=EXTENDED, alias="ecf-september-extended-2024"))

        assert change(turn, "ecf-september-extended-2024").schedule_id == f"{EXTENDED}-2024"

    @pytest.mark.parametrize("identifier", ["ecf-foo", EXTENDED.upper(), f" {EXTENDED} ", 5, 0, True], ids=repr)
    def test_cannot_be_saved_without_such_a_schedule(self, identifier):
        assert refusals(turn_with(), identifier) == ["unknown"]

    def test_takes_the_schools_default_programme_even_if_another_provider_leads_it(self):
        turn = turn_with()
        turn.save(replace(turn.records.school_cohorts["school-2024"], default_programme_id="beta-programme"))

        change(turn)

        assert newest_of(turn, "ann").programme_id == "beta-programme"

    def test_cannot_be_saved_without_a_default_programme(self):
        turn = turn_with()
        turn.save(replace(turn.records.school_cohorts["school-2024"], default_programme_id=None))

        assert refusals(turn) == ["no-programme"]

    def test_of_another_providers_participant_is_refused_for_want_of_a_partnership_too(self):
        assert refusals(turn_with(), provider="beta") == ["participant.not-linked", "no-partnership"]

    def test_of_a_former_provider_moves_the_training_record_too(self):
        turn = turn_with()
        left = {"induction_status": InductionStatus.LEAVING, "end_date": at("2025-01-01T00:00:00")}
        own = newest_of(turn, "ann")
        theirs = replace(own, id="theirs", programme_id="beta-programme", start_date=at("2025-01-01T00:00:00"))
        turn.save(replace(own, **left), theirs)

        change(turn)

        assert turn.records.induction_records["theirs"] == theirs
        assert record_of(turn, "ann").schedule_id == f"{EXTENDED}-2024"
        # The training record has the schedule by now, this provider's own record has not.
        assert change(turn, provider="beta").schedule_id == f"{EXTENDED}-2024"


class TestTheCohortMeant:
    @pytest.mark.parametrize("given", [2025, "2025", "2025abc", " 2025 ", 2025.5], ids=repr)
    def test_is_the_year_that_a_value_begins_with(self, given):
        turn = turn_with()

        change(turn, "ecf-standard-september", cohort=given)

        schedule = "ecf-standard-september-2025"
        assert where(turn) == (schedule, "programme-2025", schedule, "school-2025")

    @pytest.mark.parametrize("given", [None, "", "  "], ids=repr)
    def test_is_the_participants_own_if_none_is_given(self, given):
        turn = turn_with(now="2026-02-10T12:00:00")

        assert change(turn, cohort=given).schedule_id == f"{EXTENDED}-2024"

    @pytest.mark.parametrize(
        "given", ["banana", "1999", 0, "-2024", True, False, "9" * 5000], ids=lambda it: repr(it)[:12]
    )
    def test_is_none_at_all_if_there_is_no_such_year(self, given):
        assert refusals(turn_with(), cohort=given) == ["no-partnership"]

    def test_is_none_for_false_which_a_live_declaration_forbids_to_move_to(self):
        assert refusals(turn_with(a_declaration("ann")), cohort=False) == ["cohort-fixed", "no-partnership"]

    def test_is_the_programmes_rather_than_the_schedules(self):
        turn = turn_with(a_schedule(2025, EXTENDED))
        turn.save(replace(newest_of(turn, "ann"), programme_id="programme-2025"))

        assert change(turn).schedule_id == f"{EXTENDED}-2025"

    def test_is_the_training_records_for_another_providers_participant(self):
        turn = turn_with(now="2025-10-01T00:00:00")

        assert refusals(turn, "ecf-standard-september", provider="beta") == [
            "participant.not-linked",
            "already-theirs",
            "no-partnership",
        ]

    def test_may_be_one_that_the_school_has_not_set_up(self):
        without = [it for it in of_2025() if not isinstance(it, SchoolCohort | Programme)]
        turn = a_turn(a_country(*a_participant("ann"), *without))

        assert refusals(turn, "ecf-standard-september", cohort=2025) == ["no-school-cohort"]

    def test_is_the_present_one_for_somebody_unknown(self):
        turn = turn_with(now="2025-10-01T00:00:00")
        sent = {"course_identifier": "ecf-mentor", "schedule_identifier": "ecf-standard-september"}

        attempt = gather(turn, turn.records.providers["alpha"], None, sent)

        assert attempt.schedule == a_schedule(2025)


class TestThePartnership:
    @pytest.mark.parametrize(
        "changes",
        [
            pytest.param({"challenged_at": at("2025-01-01T00:00:00")}, id="challenged"),
            pytest.param({"pending": True}, id="pending"),
            pytest.param({"provider_id": "beta"}, id="another provider's"),
            pytest.param({"provider_id": "aardvark"}, id="another provider's that comes first by its id"),
            pytest.param({"school_id": "grange"}, id="another school's"),
            pytest.param({"relationship": True}, id="a relationship, in another cohort"),
        ],
    )
    def test_lets_nobody_into_the_cohort_if_it_is(self, changes):
        turn = turn_with(*of_2025(**changes))

        assert refusals(turn, "ecf-standard-september", cohort=2025) == ["no-partnership"]

    def test_that_is_challenged_stops_even_a_change_of_schedule(self):
        turn = turn_with()
        turn.save(replace(turn.records.partnerships["alpha-partnership"], challenged_at=at("2025-01-01T00:00:00")))

        assert refusals(turn) == ["no-partnership"]

    def test_that_is_challenged_may_be_left_for_another_cohort(self):
        turn = turn_with()
        turn.save(replace(turn.records.partnerships["alpha-partnership"], challenged_at=at("2025-01-01T00:00:00")))

        assert change(turn, "ecf-standard-september", cohort=2025).school_cohort_id == "school-2025"


class TestARelationship:
    """The partnership that lets somebody who changed school keep their provider."""

    @pytest.fixture
    def turn(self):
        turn = turn_with()
        turn.save(
            replace(turn.records.partnerships["alpha-partnership"], relationship=True),
            replace(turn.records.school_cohorts["school-2024"], default_programme_id="beta-programme"),
        )
        return turn

    def test_keeps_its_programme_when_only_the_schedule_changes(self, turn):
        change(turn)

        assert newest_of(turn, "ann").programme_id == "alpha-programme"

    def test_gives_way_to_an_ordinary_partnership(self, turn):
        turn.save(replace(turn.records.partnerships["alpha-partnership"], id="ordinary", relationship=False))

        change(turn)

        assert newest_of(turn, "ann").programme_id == "beta-programme"

    def test_does_not_serve_for_the_present_schedule(self, turn):
        assert refusals(turn, "ecf-standard-september") == ["already-theirs", "no-partnership"]

    def test_does_not_serve_for_an_earlier_cohort(self, turn):
        turn.save(
            a_cohort(2023),
            a_schedule(2023),
            replace(turn.records.partnerships["alpha-partnership"], id="alpha-2023", cohort=2023),
            replace(turn.records.school_cohorts["school-2024"], id="school-2023", cohort=2023),
        )

        assert refusals(turn, "ecf-standard-september", cohort=2023) == ["no-partnership"]

    def test_serves_for_a_schedule_that_does_not_exist(self, turn):
        assert refusals(turn, "ecf-foo") == ["unknown"]
        assert refusals(turn, "") == ["missing"]


class TestDeclarations:
    """In the way of a schedule whose `started` begins in January 2025."""

    def turn(self, edition=LIVE, **changes):
        january = a_schedule(identifier="ecf-standard-january", milestones=(JANUARY,))
        return turn_with(a_declaration("ann", **changes), january, edition=edition)

    @pytest.mark.parametrize("state", DeclarationState)
    def test_are_those_that_count(self, state):
        turn = self.turn(state=state)

        if turn.records.declarations["ann-started"].live:
            assert refusals(turn, "ecf-standard-january") == ["invalidates-declarations"]
        else:
            change(turn, "ecf-standard-january")

    def test_are_anybodys(self):
        turn = self.turn(provider_id="beta", state=DeclarationState.PAID)

        assert refusals(turn, "ecf-standard-january") == ["invalidates-declarations"]

    def test_are_not_the_submitted_ones_in_the_guidance(self):
        assert change(self.turn(GUIDANCE), "ecf-standard-january").schedule_id == "ecf-standard-january-2024"
        assert refusals(self.turn(GUIDANCE, state=DeclarationState.ELIGIBLE), "ecf-standard-january") == [
            "invalidates-declarations"
        ]

    def test_of_a_type_without_a_milestone_are_not_found(self):
        turn = self.turn(type="retained-1", state=DeclarationState.PAID)

        with pytest.raises(NotFound):
            change(turn, "ecf-standard-january")

    def test_are_not_looked_for_when_the_request_makes_no_sense(self):
        turn = self.turn(type="retained-1", state=DeclarationState.PAID)

        assert refusals(turn, "ecf-standard-january", reason="other") == ["participant.reason-not-taken"]

    def test_tie_somebody_to_their_cohort(self):
        turn = self.turn(date=at("2025-10-01T00:00:00"))

        assert refusals(turn, "ecf-standard-september", cohort=2025) == ["cohort-fixed"]


class TestAClosedCohort:
    """Ann began in 2022, whose payments have ended; people in that position go on in 2024."""

    def turn(self, *rows, now="2025-02-10T12:00:00", type=ParticipantType.ECT, **changes):
        return a_turn(frozen(a_country(*somebody_of_2022("ann", type=type, **changes), *rows)), now)

    def paid(self, **changes):
        began = {"cohort": 2022, "date": at("2022-10-01T10:00:00"), "state": DeclarationState.PAID}
        return a_declaration("ann", **{**began, **changes})

    def test_is_left_for_2024_by_whom_was_paid_for_and_has_not_finished(self):
        turn = self.turn(self.paid())

        assert change(turn, cohort=2024).cohort_changed_after_payments_frozen
        assert newest_of(turn, "ann").programme_id == "alpha-programme"

    def test_is_not_left_again_by_whom_the_provider_trains_in_2024_already(self):
        turn = self.turn(self.paid())
        turn.save(
            replace(newest_of(turn, "ann"), programme_id="alpha-programme", schedule_id="ecf-standard-september-2024")
        )

        assert not change(turn, cohort=2024).cohort_changed_after_payments_frozen

    def test_is_left_by_the_date_that_is_noted_whether_or_not_it_has_come(self):
        turn = self.turn(self.paid(), now="2025-01-30T12:00:00")

        assert change(turn, cohort=2024).cohort_changed_after_payments_frozen

    @pytest.mark.parametrize(
        ("rows", "changes"),
        [
            pytest.param([{"state": DeclarationState.SUBMITTED}], {}, id="nothing was paid for"),
            pytest.param([{}, {"id": "2", "type": "completed"}], {}, id="completion was paid for"),
            pytest.param([{"type": "completed"}], {}, id="only completion was paid for"),
            pytest.param([{}], {"induction_completion_date": at("2024-07-01T00:00:00").date()}, id="they finished"),
        ],
    )
    def test_is_not_left_when(self, rows, changes):
        turn = self.turn(*(self.paid(**it) for it in rows), **changes)

        assert "cohort-fixed" in refusals(turn, "ecf-standard-september", cohort=2024)

    def test_is_an_ordinary_cohort_to_whom_nothing_counts_for(self):
        turn = self.turn(self.paid(state=DeclarationState.VOIDED))

        assert not change(turn, cohort=2024).cohort_changed_after_payments_frozen

    def test_that_is_no_closed_one_is_not_left(self):
        turn = self.turn(self.paid())
        turn.save(a_cohort(2022))

        assert "cohort-fixed" in refusals(turn, cohort=2024)

    def test_does_not_excuse_its_declarations_from_a_new_schedule_of_its_own(self):
        begins = replace(JANUARY, start=at("2023-01-01T00:00:00").date())
        turn = self.turn(self.paid(), a_schedule(2022, "ecf-standard-january", milestones=(begins,)))

        assert refusals(turn, "ecf-standard-january") == ["invalidates-declarations"]

    def test_needs_a_partnership_in_2024(self):
        turn = self.turn(self.paid())
        turn.save(replace(turn.records.partnerships["alpha-partnership"], pending=True))

        assert refusals(turn, cohort=2024) == ["no-partnership"]

    @pytest.mark.parametrize("stay", [True, False], ids=["once 2022 is closing", "before"])
    def test_keeps_its_mentors(self, stay):
        turn = self.turn(self.paid(), Feature(name="closing_2022", active=stay), type=ParticipantType.MENTOR)

        if stay:
            assert "cohort-fixed" in refusals(turn, course="ecf-mentor", cohort=2024)
        else:
            assert change(turn, course="ecf-mentor", cohort=2024).cohort_changed_after_payments_frozen

    def test_keeps_a_mentor_whose_training_has_ended(self):
        ended = {"mentor_completion_date": at("2024-07-31T00:00:00").date(), "type": ParticipantType.MENTOR}

        assert "cohort-fixed" in refusals(self.turn(self.paid(), **ended), course="ecf-mentor", cohort=2024)


class TestTheWayBack:
    """Ann went from 2022 to 2024 when the payments for 2022 ended."""

    @pytest.fixture
    def turn(self):
        rows = a_participant("ann", cohort_changed_after_payments_frozen=True)
        paid = a_declaration("ann", cohort=2022, date=at("2022-10-01T10:00:00"), state=DeclarationState.PAID)
        return a_turn(frozen(a_country(*rows, paid)))

    def back(self, turn):
        return change(turn, "ecf-standard-september", cohort=2022)

    def test_takes_the_mark_off(self, turn):
        assert not self.back(turn).cohort_changed_after_payments_frozen
        assert newest_of(turn, "ann").programme_id == "programme-2022"

    @pytest.mark.parametrize(
        "changes",
        [
            {"state": DeclarationState.VOIDED},
            {"state": DeclarationState.VOIDED, "cohort": 2024},
            {"cohort": 2021},
            {"cohort": 2025},
        ],
        ids=repr,
    )
    def test_is_open_whatever_else_was_declared(self, turn, changes):
        left = turn.records.declarations["ann-started"]
        turn.save(replace(left, id="other", type="retained-1", **changes), a_cohort(2021, **CLOSED), a_cohort(2025))

        assert not self.back(turn).cohort_changed_after_payments_frozen

    def test_may_be_gone_and_come_again(self, turn):
        self.back(turn)

        assert change(turn, cohort=2024).cohort_changed_after_payments_frozen

    def test_is_closed_by_what_was_declared_since(self, turn):
        turn.save(a_declaration("ann", id="since", type="retained-1", state=DeclarationState.SUBMITTED))

        assert "cohort-fixed" in refusals(turn, "ecf-standard-september", cohort=2022)

    def test_is_closed_until_the_payments_have_ended(self, turn):
        turn.save(a_cohort(2022, payments_frozen_at=at("2025-02-11T00:00:00")))

        assert "cohort-fixed" in refusals(turn, "ecf-standard-september", cohort=2022)

    @pytest.mark.parametrize(
        "changes", [{"cohort": 2021}, {"cohort": 2023}, {"state": DeclarationState.SUBMITTED}], ids=repr
    )
    def test_is_closed_to_whom_was_not_paid_for_there(self, turn, changes):
        declared = replace(turn.records.declarations["ann-started"], **changes)
        turn.save(declared, a_cohort(2021, **CLOSED), a_cohort(2023, **CLOSED))

        assert "cohort-fixed" in refusals(turn, "ecf-standard-september", cohort=2022)

    @pytest.mark.parametrize("stay", [True, False], ids=["once 2022 is closing", "before"])
    def test_is_closed_to_mentors(self, turn, stay):
        mentor = replace(record_of(turn, "ann"), type=ParticipantType.MENTOR)
        turn.save(mentor, Feature(name="closing_2022", active=stay))

        if stay:
            assert "cohort-fixed" in refusals(turn, "ecf-standard-september", course="ecf-mentor", cohort=2022)
        else:
            assert not change(
                turn, "ecf-standard-september", course="ecf-mentor", cohort=2022
            ).cohort_changed_after_payments_frozen

    def test_to_a_cohort_that_does_not_exist_is_refused_in_words(self, turn):
        assert refusals(turn, "ecf-standard-september", cohort=1999) == ["cohort-fixed", "no-partnership"]

    def test_need_not_be_taken_to_change_schedule_and_what_was_left_behind_is_not_looked_at(self, turn):
        training = change(turn)

        assert training.schedule_id == f"{EXTENDED}-2024"
        assert training.cohort_changed_after_payments_frozen

    def test_does_not_excuse_what_was_declared_since_from_a_new_schedule(self, turn):
        turn.save(
            a_declaration("ann", id="since", state=DeclarationState.PAID),
            a_schedule(identifier="ecf-standard-january", milestones=(JANUARY,)),
        )

        assert refusals(turn, "ecf-standard-january") == ["invalidates-declarations"]
