"""What a provider is told about the DfE's checks of somebody's details (behaviour/participants.md#11)."""

from __future__ import annotations

from ecf_sandbox.ecf.domain.participants import Eligibility, EligibilityStatus, TrainingRecord, ValidationDetails

_TRAINED_ANYWAY = frozenset({"duplicate_profile", "previous_participation"})


def validation_status(
    training: TrainingRecord, eligibility: Eligibility | None, details: ValidationDetails | None
) -> str:
    """How far the checks have come, in the guidance's words (behaviour/participants.md#11-4)."""
    if eligibility is None:
        return "contacted_for_information" if details is None else "dfe_checking_eligibility"
    if eligibility.fundable or (not training.ect and _trained_anyway(eligibility)):
        return "eligible_to_start"
    if eligibility.reason == "no_qts":
        return "checking_qts"
    if eligibility.status is EligibilityStatus.MANUAL_CHECK:
        return "dfe_checking_eligibility"
    if eligibility.status is EligibilityStatus.INELIGIBLE:
        return "not_eligible_for_funded_training"
    return "contacted_for_information"


def eligible_for_funding(eligibility: Eligibility | None) -> bool | None:
    """True or False once it is decided, None before (behaviour/participants.md#11-3)."""
    if eligibility is None or eligibility.status in (EligibilityStatus.MANUAL_CHECK, EligibilityStatus.MATCHED):
        return None
    return eligibility.fundable


def trn_validated(trn: str | None, eligibility: Eligibility | None) -> bool | None:
    """Whether the reference number shown is the one on record; None while there is none to show."""
    if trn is None:
        return None
    return eligibility is not None and eligibility.reason != "different_trn"


def _trained_anyway(eligibility: Eligibility) -> bool:
    return eligibility.status is EligibilityStatus.INELIGIBLE and eligibility.reason in _TRAINED_ANYWAY
