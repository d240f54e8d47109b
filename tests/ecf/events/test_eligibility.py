"""What the DfE finds out and decides about somebody's funding."""

from __future__ import annotations

import pytest

from ecf_sandbox.ecf.domain.declarations import DeclarationState, Phase
from ecf_sandbox.ecf.domain.participants import Course, Eligibility, EligibilityStatus, ParticipantType
from ecf_sandbox.ecf.events.eligibility import Reason, make_eligible, make_ineligible, record_check, set_eligibility
from ecf_sandbox.ecf.events.registry import play
from ecf_sandbox.rulebook.refusals import DoesNotFit
from ecf_sandbox.state.record import replace
from tests.builders import a_participant, id_of
from tests.ecf.events.builders import a_declaration, a_mentor, newest_of, turn_with, updated, user_of

ELIGIBLE, INELIGIBLE = EligibilityStatus.ELIGIBLE, EligibilityStatus.INELIGIBLE
MANUAL_CHECK = EligibilityStatus.MANUAL_CHECK


def unchecked(name="ann", **changes):
    """Somebody of whom only the name is known so far."""
    return tuple(it for it in a_participant(name, **changes) if not isinstance(it, Eligibility))


def eligibility(turn, name="ann"):
    return turn.records.eligibilities.get(f"{name}-training")


def declaration(turn, name="ann"):
    return turn.records.declarations[f"{name}-started"]


class TestADecisionByHand:
    def test_stands_with_its_reason(self):
        turn = turn_with(*unchecked())

        make_ineligible(turn, id_of("ann"), Reason.PREVIOUS_INDUCTION)

        decided = eligibility(turn)
        assert (decided.status, decided.reason) == (INELIGIBLE, "previous_induction")
        assert decided.manually_validated
        assert updated(turn, "ann")

    def test_that_funds_somebody_makes_what_was_submitted_eligible(self):
        turn = turn_with(*unchecked(), a_declaration("ann"))

        make_eligible(turn, id_of("ann"))

        (line,) = turn.records.line_items.by("declaration_id", "ann-started")
        assert declaration(turn).state is line.state is DeclarationState.ELIGIBLE
        assert line.statement_id == "alpha April 2025"

    def test_against_somebody_leaves_what_is_eligible_alone(self):
        turn = turn_with(*a_participant("ann"), a_declaration("ann", state=DeclarationState.ELIGIBLE))

        set_eligibility(turn, id_of("ann"), MANUAL_CHECK, Reason.NO_QTS)

        assert declaration(turn).state is DeclarationState.ELIGIBLE

    def test_that_funds_somebody_twice_does_nothing_the_second_time(self):
        turn = turn_with(*a_participant("ann"), a_declaration("ann"))

        make_eligible(turn, id_of("ann"))

        assert declaration(turn).state is DeclarationState.SUBMITTED

    def test_does_not_fit_while_no_statement_can_take_what_was_submitted(self):
        turn = turn_with(*unchecked(), a_declaration("ann"))
        turn.save(*(replace(it, phase=Phase.PAID) for it in turn.records.statements))

        with pytest.raises(DoesNotFit, match="statement"):
            play(turn, "make_eligible", {"participant_id": id_of("ann")})


FINDINGS = {  # in the order in which they count
    "active_alert": (MANUAL_CHECK, "active_flags", "both"),
    "previous_participation": (INELIGIBLE, "previous_participation", "both"),
    "previous_induction": (INELIGIBLE, "previous_induction", "ects"),
    "no_qts": (MANUAL_CHECK, "no_qts", "ects"),
    "exempt_from_induction": (INELIGIBLE, "exempt_from_induction", "ects"),
    "no_induction": (MANUAL_CHECK, "no_induction", "ects"),
}


def findings(*names):
    return {("qts" if it == "no_qts" else it): it != "no_qts" for it in names}


class TestARecordCheck:
    def test_without_findings_makes_somebody_eligible_and_confirms_the_number(self):
        turn = turn_with(*unchecked())

        record_check(turn, id_of("ann"), "1234567")

        found = eligibility(turn)
        assert (found.status, found.reason, found.manually_validated) == (ELIGIBLE, "none", False)
        assert user_of(turn, "ann").trn == "1234567"

    @pytest.mark.parametrize("finding", FINDINGS)
    def test_decides_about_an_ect_by(self, finding):
        turn = turn_with(*unchecked())

        record_check(turn, id_of("ann"), "1234567", **findings(finding))

        assert (eligibility(turn).status, eligibility(turn).reason) == FINDINGS[finding][:2]

    @pytest.mark.parametrize("finding", FINDINGS)
    def test_decides_about_a_mentor_only_by_what_counts_for_mentors(self, finding):
        turn = turn_with(*unchecked(type=ParticipantType.MENTOR))
        status, _, counts_for = FINDINGS[finding]

        record_check(turn, id_of("ann"), "1234567", Course.MENTOR, **findings(finding))

        assert eligibility(turn).status is (status if counts_for == "both" else ELIGIBLE)

    @pytest.mark.parametrize("first", range(len(FINDINGS)))
    def test_goes_by_the_first_of_several_findings(self, first):
        turn = turn_with(*unchecked())
        names = list(FINDINGS)[first:]

        record_check(turn, id_of("ann"), "1234567", **findings(*names))

        assert eligibility(turn).reason == FINDINGS[names[0]][1]

    def test_that_finds_no_record_keeps_what_was_typed_in_and_nothing_else(self):
        turn = turn_with(*unchecked())

        record_check(turn, id_of("ann"), "1234567", match=False)

        assert turn.records.validation_details["ann-training"].trn == "1234567"
        assert eligibility(turn) is None
        assert user_of(turn, "ann").trn is None

    def test_that_finds_another_number_leaves_the_one_there_is(self):
        turn = turn_with(*unchecked(trn="7654321"))

        record_check(turn, id_of("ann"), "1234567")

        assert eligibility(turn).reason == "different_trn"
        assert user_of(turn, "ann").trn == "7654321"

    def test_leaves_a_decision_by_hand(self):
        turn = turn_with(*unchecked())
        make_ineligible(turn, id_of("ann"), Reason.PREVIOUS_PARTICIPATION)

        record_check(turn, id_of("ann"), "1234567")

        assert eligibility(turn).status is INELIGIBLE

    def test_that_finds_nothing_new_is_no_update(self):
        turn = turn_with(*unchecked(), now="2025-02-09T12:00:00")
        record_check(turn, id_of("ann"), "1234567")
        before = turn.records

        record_check(turn, id_of("ann"), "1234567")

        assert turn.records == before

    def test_of_a_mentors_second_record_finds_a_duplicate(self):
        turn = turn_with(*unchecked(type=ParticipantType.MENTOR, duplicity="secondary"))

        record_check(turn, id_of("ann"), "1234567", Course.MENTOR)

        assert eligibility(turn).reason == "duplicate_profile"


class TestPeopleWithTheSameNumber:
    def turn(self):
        turn = turn_with(*a_mentor("max", trn="1234567"), *unchecked())
        turn.save(replace(user_of(turn, "ann"), created_at=turn.now))
        return turn

    def test_become_the_one_who_was_registered_first(self):
        turn = self.turn()

        record_check(turn, id_of("ann"), "1234567")

        assert turn.records.identities["ann-identity"].user_id == id_of("max")

    def test_stay_apart_if_so_asked(self):
        turn = self.turn()

        record_check(turn, id_of("ann"), "1234567", deduplicate=False)

        assert turn.records.identities["ann-identity"].user_id == id_of("ann")
        assert newest_of(turn, "ann").training_record_id == "ann-training"
