"""Declarations and statements as documents, in each version's shape."""

from __future__ import annotations

from typing import Any

from ecf_sandbox.dates.wire import instant
from ecf_sandbox.ecf.domain.declarations import Declaration, DeclarationState, Phase, Statement
from ecf_sandbox.ecf.domain.participants import Course
from ecf_sandbox.ecf.queries.declarations import billing, refunding
from ecf_sandbox.ecf.records import Turn

_PAID_AT_SOME_TIME = frozenset(
    {DeclarationState.PAID, DeclarationState.AWAITING_CLAWBACK, DeclarationState.CLAWED_BACK}
)
_ON_ITS_WAY = frozenset({DeclarationState.ELIGIBLE, DeclarationState.PAYABLE})


def declaration_document(turn: Turn, it: Declaration, version: int) -> dict[str, Any]:
    """One declaration in the shape of a version (behaviour/declarations.md#5-2)."""
    attributes = {1: _v1, 2: _v2, 3: _v3}[version](turn, it)
    return {"id": it.id, "type": "participant-declaration", "attributes": attributes}


def statement_document(it: Statement) -> dict[str, Any]:
    """One statement (behaviour/declarations.md#8)."""
    month, _, year = it.name.partition(" ")
    return {
        "id": it.id,
        "type": "statement",
        "attributes": {
            "month": month,
            "year": year,
            "type": "ecf",
            "cohort": str(it.cohort),
            "cut_off_date": it.deadline_date.isoformat(),
            "payment_date": it.payment_date.isoformat(),
            "paid": it.phase is Phase.PAID,
            "created_at": instant(it.created_at),
            "updated_at": instant(it.updated_at),
        },
    }


def state_shown(turn: Turn, state: DeclarationState) -> str:
    """A state as the edition spells it (behaviour/editions.md#clawback-states-hyphenated)."""
    return state.value.replace("_", "-") if turn.edition.on("clawback_states_hyphenated") else state.value


def _v1(turn: Turn, it: Declaration) -> dict[str, Any]:
    return {
        "participant_id": it.user_id,
        "declaration_type": it.type,
        "course_identifier": it.course,
        "eligible_for_payment": it.state in _ON_ITS_WAY,
        "declaration_date": instant(it.date),
        "updated_at": instant(it.updated_at),
        "voided": it.state is DeclarationState.VOIDED,
        "state": state_shown(turn, it.state),
        "has_passed": None,
    }


def _v2(turn: Turn, it: Declaration) -> dict[str, Any]:
    return {
        "participant_id": it.user_id,
        "declaration_type": it.type,
        "course_identifier": it.course,
        "declaration_date": instant(it.date),
        "updated_at": instant(it.updated_at),
        "state": state_shown(turn, it.state),
        "has_passed": None,
    }


def _v3(turn: Turn, it: Declaration) -> dict[str, Any]:
    records = turn.records
    billed, refunded = billing(records, it), refunding(records, it)
    return {
        "participant_id": it.user_id,
        "declaration_type": it.type,
        "course_identifier": it.course,
        "declaration_date": instant(it.date),
        "mentor_id": it.mentor_user_id,
        "state": state_shown(turn, it.state),
        "updated_at": instant(it.updated_at),
        "created_at": instant(it.created_at),
        "delivery_partner_id": it.delivery_partner_id,
        "statement_id": billed.statement_id if billed else None,
        "clawback_statement_id": refunded.statement_id if refunded else None,
        "ineligible_for_funding_reason": _ineligible_reason(it),
        "uplift_paid": _uplift_paid(it),
        "evidence_held": it.evidence_held,
        "has_passed": None,
        "lead_provider_name": records.providers[it.provider_id].organisation,
    }


def _ineligible_reason(it: Declaration) -> str | None:
    if it.state is not DeclarationState.INELIGIBLE:
        return None
    return "duplicate_declaration" if it.state_reason == "duplicate" else it.state_reason


def _uplift_paid(it: Declaration) -> bool | None:
    if it.course is not Course.ECT or it.type != "started" or it.state not in _PAID_AT_SOME_TIME:
        return False
    # Old rows have no flags at all, and show null (behaviour/declarations.md#5-2).
    return it.sparsity_uplift or it.pupil_premium_uplift
