"""Each reason to refuse a void."""

from __future__ import annotations

import pytest

from ecf_sandbox.ecf.domain.declarations import MOVES, DeclarationState
from ecf_sandbox.ecf.editions import LIVE
from ecf_sandbox.ecf.rules.examples import becoming_eligible
from ecf_sandbox.ecf.rules.examples.declarations import RIVAL
from ecf_sandbox.ecf.rules.examples.voiding import EXAMPLES, PAID, REFUND, an_attempt
from ecf_sandbox.ecf.rules.voiding import BECOME_ELIGIBLE, VOID_DECLARATION
from ecf_sandbox.rulebook.refusals import Refused
from ecf_sandbox.state.record import replace


def refusals(**changes):
    with pytest.raises(Refused) as refused:
        VOID_DECLARATION.enforce(an_attempt(**changes), LIVE)
    return refused.value.refusals


class TestTheRulebook:
    def test_lets_a_sound_void_through(self):
        VOID_DECLARATION.enforce(an_attempt(), LIVE)

    @pytest.mark.parametrize("rule", EXAMPLES)
    def test_has_a_smallest_change_that_breaks_one_rule_only(self, rule):
        assert [it.rule for it in refusals(**EXAMPLES[rule])] == [rule]

    def test_has_an_example_for_every_rule(self):
        assert list(EXAMPLES) == [it.id for it in VOID_DECLARATION.rules]

    @pytest.mark.parametrize("state", DeclarationState)
    def test_refuses_just_the_states_that_cannot_be_left_for_void_or_clawback(self, state):
        attempt = an_attempt(declaration=replace(PAID, state=state))

        refused = any(broken for _, broken in VOID_DECLARATION.judge(attempt, LIVE))

        assert refused is MOVES[state].isdisjoint({DeclarationState.VOIDED, DeclarationState.AWAITING_CLAWBACK})

    @pytest.mark.parametrize(
        "state",
        [DeclarationState.SUBMITTED, DeclarationState.ELIGIBLE, DeclarationState.PAYABLE, DeclarationState.INELIGIBLE],
    )
    def test_asks_for_a_statement_only_where_money_went_out(self, state):
        VOID_DECLARATION.enforce(an_attempt(declaration=replace(PAID, state=state), statement=None), LIVE)

    def test_names_the_refund_before_the_closed_cohort(self):
        assert [it.rule for it in refusals(refund=REFUND, statement=None)] == [
            "voiding.already-refunded",
            "voiding.cohort-closed",
        ]

    def test_names_the_declarations_own_cohort(self):
        (refusal,) = refusals(declaration=replace(PAID, cohort=2022), statement=None)

        assert "declarations for the 2022 cohort. The" in refusal.detail


class TestBecomingEligible:
    def test_needs_an_open_statement(self):
        BECOME_ELIGIBLE.enforce(becoming_eligible.an_attempt(), LIVE)

        for rule, changes in becoming_eligible.EXAMPLES.items():
            with pytest.raises(Refused) as refused:
                BECOME_ELIGIBLE.enforce(becoming_eligible.an_attempt(**changes), LIVE)

            assert [it.rule for it in refused.value.refusals] == [rule]

    def test_names_the_declaration_and_its_own_cohort_when_there_is_none(self):
        retained = replace(RIVAL, type="retained-3", cohort=2022)

        with pytest.raises(Refused) as refused:
            BECOME_ELIGIBLE.enforce(becoming_eligible.an_attempt(declaration=retained, statement=None), LIVE)

        (refusal,) = refused.value.refusals
        assert "'retained-3' declaration would need an open statement of the 2022 cohort" in refusal.detail
