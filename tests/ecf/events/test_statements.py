"""How statements close and are paid, and what stands on them follows."""

from __future__ import annotations

import pytest

from ecf_sandbox.ecf.actions.declarations import become_eligible
from ecf_sandbox.ecf.domain.declarations import DeclarationState, Phase
from ecf_sandbox.ecf.events.statements import cut_off_statement, dfe_void_declaration, nightly_cut_off, pay_statement
from ecf_sandbox.rulebook.refusals import DoesNotFit
from tests.builders import a_participant, a_turn
from tests.ecf.events.builders import a_country, a_declaration

APRIL, AUGUST = "alpha April 2025", "alpha August 2025"


def turn_with_one(now="2025-02-10T12:00:00"):
    """Somebody's `started` is eligible, on April's statement."""
    turn = a_turn(a_country(*a_participant("ann"), a_declaration("ann")), now)
    become_eligible(turn, "ann-training")
    return turn


def states(turn):
    """Of the declaration, of its line items, and of April's statement."""
    lines = turn.records.line_items.by("declaration_id", "ann-started")
    return turn.records.declarations["ann-started"].state, [it.state for it in lines]


class TestACutOff:
    def test_makes_what_is_eligible_payable(self):
        turn = turn_with_one()

        statement = cut_off_statement(turn, APRIL)

        assert statement.phase is Phase.PAYABLE
        assert states(turn) == (DeclarationState.PAYABLE, [DeclarationState.PAYABLE])

    def test_comes_once(self):
        turn = turn_with_one()
        cut_off_statement(turn, APRIL)

        with pytest.raises(DoesNotFit, match="payable already"):
            cut_off_statement(turn, APRIL)

    @pytest.mark.parametrize(
        ("now", "phase"),
        [
            pytest.param("2025-03-31T23:59:59", Phase.OPEN, id="not on the day of the deadline"),
            pytest.param("2025-04-01T00:00:05", Phase.PAYABLE, id="the night after"),
            pytest.param("2025-04-02T00:00:05", Phase.OPEN, id="not a night too late"),
        ],
    )
    def test_of_a_night_is_for_deadlines_of_the_day_before(self, now, phase):
        turn = turn_with_one(now)

        nightly_cut_off(turn)

        assert turn.records.statements["beta April 2025"].phase is phase


class TestAPayment:
    def test_pays_what_is_payable(self):
        turn = turn_with_one()
        cut_off_statement(turn, APRIL)

        assert pay_statement(turn, APRIL).phase is Phase.PAID
        assert states(turn) == (DeclarationState.PAID, [DeclarationState.PAID])

    def test_claws_back_what_awaits_it(self):
        turn = turn_with_one()
        cut_off_statement(turn, APRIL)
        pay_statement(turn, APRIL)
        dfe_void_declaration(turn, "ann-started")
        cut_off_statement(turn, AUGUST)
        assert states(turn) == (
            DeclarationState.AWAITING_CLAWBACK,
            [DeclarationState.PAID, DeclarationState.AWAITING_CLAWBACK],
        )

        pay_statement(turn, AUGUST)

        assert states(turn) == (DeclarationState.CLAWED_BACK, [DeclarationState.PAID, DeclarationState.CLAWED_BACK])

    @pytest.mark.parametrize("before", [(), (cut_off_statement, pay_statement)], ids=["open", "paid"])
    def test_needs_a_statement_that_is_payable(self, before):
        turn = turn_with_one()
        for event in before:
            event(turn, APRIL)

        with pytest.raises(DoesNotFit, match="not payable"):
            pay_statement(turn, APRIL)


class TestTheDfeVoiding:
    def test_voids_what_is_not_paid_for_any_provider(self):
        turn = turn_with_one()

        assert dfe_void_declaration(turn, "ann-started").state is DeclarationState.VOIDED
