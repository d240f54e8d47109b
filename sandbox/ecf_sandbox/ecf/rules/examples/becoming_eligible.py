"""A submitted declaration that can become eligible, and the smallest change that breaks the rule."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ecf_sandbox.ecf.domain.declarations import DeclarationState
from ecf_sandbox.ecf.rules.examples.declarations import RIVAL, STATEMENT
from ecf_sandbox.ecf.rules.voiding import Promotion
from ecf_sandbox.state.record import replace


def an_attempt(**changes: Any) -> Promotion:
    """A submitted declaration of a cohort with an open statement."""
    return replace(
        Promotion(declaration=replace(RIVAL, state=DeclarationState.SUBMITTED), statement=STATEMENT), **changes
    )


EXAMPLES: Mapping[str, dict[str, Any]] = {"eligibility.cohort-closed": {"statement": None}}
