"""Voiding and clawing back: who may, what becomes of the line items, and where the money goes back."""

from __future__ import annotations

from datetime import date

import pytest

from ecf_sandbox.ecf.actions.declarations import move, record_declaration
from ecf_sandbox.ecf.actions.voiding import void_as_dfe, void_declaration
from ecf_sandbox.ecf.domain.declarations import DeclarationState
from ecf_sandbox.ecf.domain.participants import ParticipantType
from ecf_sandbox.rulebook.refusals import NotFound, Refused
from ecf_sandbox.state.record import replace
from tests.builders import a_cohort, a_country, a_participant, a_statement, a_turn, id_of


def declared(turn, type="retained-1", date="2025-02-01T10:00:00Z", course="ecf-induction"):
    """A declaration for ann, recorded in the turn."""
    fields = {
        "participant_id": id_of("ann"),
        "declaration_type": type,
        "declaration_date": date,
        "course_identifier": course,
        "evidence_held": "other",
    }
    return record_declaration(turn, turn.records.providers["alpha"], fields)


def paid(turn, declaration):
    """The same declaration after the cut-off and the payment of its statement."""
    for state in (DeclarationState.PAYABLE, DeclarationState.PAID):
        declaration = move(turn, declaration, state)
    (line,) = turn.records.line_items.by("declaration_id", declaration.id)
    turn.save(replace(line, state=DeclarationState.PAID))
    return declaration


def void(turn, declaration, provider="alpha"):
    return void_declaration(turn, turn.records.providers[provider], declaration.id)


def lines(turn, declaration):
    return [(it.statement_id, it.state) for it in turn.records.line_items.by("declaration_id", declaration.id)]


def a_turn_with(*rows, eligible=True, now="2025-02-10T12:00:00"):
    return a_turn(a_country(*a_participant("ann", eligible=eligible), *rows), now)


class TestVoiding:
    def test_takes_an_eligible_declaration_and_its_line_item(self):
        turn = a_turn_with()
        made = declared(turn)

        voided = void(turn, made)

        assert voided.state is DeclarationState.VOIDED
        assert voided.updated_at > made.updated_at
        assert turn.records.declarations[made.id] == voided
        assert lines(turn, made) == [("alpha April 2025", DeclarationState.VOIDED)]

    def test_takes_a_submitted_declaration_that_stands_on_no_statement(self):
        turn = a_turn_with(eligible=False)
        made = declared(turn)

        assert void(turn, made).state is DeclarationState.VOIDED
        assert lines(turn, made) == []

    def test_forgets_why_a_duplicate_was_ineligible(self):
        turn = a_turn_with()
        made = replace(declared(turn), state=DeclarationState.INELIGIBLE, state_reason="duplicate")
        turn.save(made)

        assert void(turn, made).state_reason is None

    def test_works_when_the_contract_has_ended_unless_money_went_out(self):
        turn = a_turn_with()
        made = declared(turn)
        later = a_turn(turn.records, "2025-08-01T00:00:00")

        assert void(later, made).state is DeclarationState.VOIDED

    def test_frees_the_slot(self):
        turn = a_turn_with()
        void(turn, declared(turn))

        assert declared(turn).state is DeclarationState.ELIGIBLE

    @pytest.mark.parametrize("id", [None, "nothing"])
    def test_of_what_is_not_there_is_not_found(self, id):
        turn = a_turn_with()

        with pytest.raises(NotFound):
            void_declaration(turn, turn.records.providers["alpha"], id)

    def test_of_another_providers_is_not_found(self):
        turn = a_turn_with()

        with pytest.raises(NotFound):
            void(turn, declared(turn), provider="beta")

    def test_twice_is_refused_and_changes_nothing(self):
        turn = a_turn_with()
        made = declared(turn)
        void(turn, made)
        before = turn.records

        with pytest.raises(Refused, match="already been voided"):
            void(turn, made)

        assert turn.records is before


class TestClawingBack:
    def test_goes_on_the_next_statement_beside_the_one_that_paid(self):
        turn = a_turn_with()
        made = paid(turn, declared(turn))
        later = a_turn(turn.records, "2025-04-26T09:00:00")

        assert void(later, made).state is DeclarationState.AWAITING_CLAWBACK
        assert lines(later, made) == [
            ("alpha April 2025", DeclarationState.PAID),
            ("alpha August 2025", DeclarationState.AWAITING_CLAWBACK),
        ]

    def test_goes_to_the_declarations_own_cohort(self):
        turn = a_turn_with(a_cohort(2025), a_statement(name="of 2025", cohort=2025, deadline_date=date(2025, 2, 28)))
        made = replace(paid(turn, declared(turn)), cohort=2025)
        turn.save(made)

        void(turn, made)

        assert lines(turn, made)[-1] == ("alpha of 2025", DeclarationState.AWAITING_CLAWBACK)

    def test_needs_an_open_statement(self):
        turn = a_turn_with()
        made = paid(turn, declared(turn))

        with pytest.raises(Refused, match="for the 2024 cohort"):
            void(a_turn(turn.records, "2025-08-01T00:00:00"), made)

    @pytest.mark.parametrize("state", [DeclarationState.AWAITING_CLAWBACK, DeclarationState.CLAWED_BACK])
    def test_happens_once(self, state):
        turn = a_turn_with()
        made = replace(declared(turn), state=state)
        turn.save(made)

        with pytest.raises(Refused, match="clawed-back, so you can only view it"):
            void(turn, made)


class TestTheDfE:
    def test_voids_anybodys_declaration(self):
        turn = a_turn_with()
        made = declared(turn)

        assert void_as_dfe(turn, made.id).state is DeclarationState.VOIDED
        with pytest.raises(Refused):
            void_as_dfe(turn, made.id)

    def test_finds_nothing_where_nothing_is(self):
        with pytest.raises(NotFound):
            void_as_dfe(a_turn_with(), "nothing")


class TestAMentorsCompletion:
    def test_stays_as_it_is_noted_by_the_void_of_anything_else(self):
        noted = {"mentor_completion_date": date(2024, 7, 31), "mentor_completion_reason": "started_not_completed"}
        mentor = a_participant("ann", type=ParticipantType.MENTOR, **noted)
        turn = a_turn(a_country(*mentor), "2024-07-01T12:00:00")

        void(turn, declared(turn, "started", "2024-06-15T10:00:00Z", "ecf-mentor"))

        assert turn.records.training_records["ann-training"].mentor_completion_date == date(2024, 7, 31)

    def test_ends_with_the_void_of_what_declared_it(self):
        mentor = a_participant("ann", type=ParticipantType.MENTOR)
        statement = a_statement(deadline_date=date(2026, 7, 31))
        turn = a_turn(a_country(*mentor, statement), "2026-06-10T12:00:00")
        made = declared(turn, "completed", "2026-05-01T10:00:00Z", "ecf-mentor")
        assert turn.records.training_records["ann-training"].mentor_completion_date == date(2026, 5, 1)

        void(turn, made)

        training = turn.records.training_records["ann-training"]
        assert (training.mentor_completion_date, training.mentor_completion_reason) == (None, None)
