"""Each reason to refuse a void."""

from __future__ import annotations

import pytest

from ecf_sandbox.rect.domain.declarations import ClawbackStatus, PaymentStatus
from ecf_sandbox.rect.editions import GUIDANCE
from ecf_sandbox.rect.rules.examples.voiding import PAID, an_attempt
from ecf_sandbox.rect.rules.voiding import VOID_DECLARATION
from ecf_sandbox.rulebook.refusals import Refused
from ecf_sandbox.state.record import replace


@pytest.mark.parametrize("status", [PaymentStatus.NO_PAYMENT, PaymentStatus.ELIGIBLE, PaymentStatus.PAYABLE])
def test_what_was_not_paid_can_be_voided_in_a_closed_cohort(status):
    VOID_DECLARATION.enforce(an_attempt(declaration=replace(PAID, payment_status=status), statement=None), GUIDANCE)


@pytest.mark.parametrize("status", [ClawbackStatus.AWAITING_CLAWBACK, ClawbackStatus.CLAWED_BACK])
def test_a_refund_is_named_without_the_closed_cohort(status):
    with pytest.raises(Refused) as refused:
        VOID_DECLARATION.enforce(
            an_attempt(declaration=replace(PAID, clawback_status=status), statement=None), GUIDANCE
        )

    assert [it.detail for it in refused.value.refusals] == ["The declaration will or has been refunded"]


def test_the_cohort_of_the_training_is_named():
    with pytest.raises(Refused) as refused:
        VOID_DECLARATION.enforce(an_attempt(year=2022, statement=None), GUIDANCE)

    assert "declarations for the 2022 cohort. The" in refused.value.refusals[0].detail
