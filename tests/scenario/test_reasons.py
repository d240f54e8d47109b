"""The reasons and the evidence in the default scenario are ones that a provider may give."""

from ecf_sandbox.ecf.domain.participants import TrainingStatus
from ecf_sandbox.ecf.rules.declarations import ATTENDED, CLASSIC, ENGAGED
from ecf_sandbox.ecf.rules.participants import DEFERRAL_REASONS, SCHOOL_LEFT_FIP, WITHDRAWAL_REASONS
from ecf_sandbox.scenario import load_scenario

MAY_BE_GIVEN = {
    TrainingStatus.ACTIVE: {None},
    TrainingStatus.DEFERRED: DEFERRAL_REASONS,
    TrainingStatus.WITHDRAWN: WITHDRAWAL_REASONS | {SCHOOL_LEFT_FIP},
}

RECORDS = load_scenario("default", seed="s").records()


def evidence_for(declaration):
    if declaration.type == "started":
        return {None}
    if not RECORDS.cohorts[declaration.cohort].detailed_evidence_types:
        return CLASSIC
    return ENGAGED if declaration.type in ("retained-2", "completed") else ATTENDED


def test_every_status_of_the_default_scenario_has_a_reason_that_exists():
    assert not [it for it in RECORDS.status_changes if it.reason not in MAY_BE_GIVEN[it.state]]


def test_every_declaration_of_the_default_scenario_has_evidence_that_counts():
    assert not [it for it in RECORDS.declarations if it.evidence_held not in evidence_for(it)]
