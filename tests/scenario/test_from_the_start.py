"""The scenario without a history: time is played from before the first milestone, and nothing lies in its future."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ecf_sandbox.ecf.domain.declarations import Phase
from ecf_sandbox.ecf.shipped import FROM_THE_START
from ecf_sandbox.scenario import load_scenario
from ecf_sandbox.scenario.loading import shipped
from ecf_sandbox.scenario.world import too_early
from ecf_sandbox.services import SERVICES
from tests.control.controlling import Sandbox


@pytest.fixture
def sandbox() -> Sandbox:
    sandbox = Sandbox()
    sandbox.done("POST", "/worlds", {"name": "one", "scenario": FROM_THE_START})
    sandbox.names = sandbox.done("GET", "/worlds/one/names")["names"]
    return sandbox


def test_begins_before_the_first_milestone_with_nothing_declared_or_payable():
    scenario = load_scenario(FROM_THE_START, seed="sandbox")
    records = scenario.records()

    first = min(it.start for row in records.schedules for it in row.milestones if row.cohort == 2025)
    assert scenario.now.date() < first
    assert len(records.declarations) == len(records.line_items) == 0
    assert {it.phase for it in records.statements if it.cohort == 2025} == {Phase.OPEN}


@pytest.mark.parametrize("service", SERVICES)
def test_each_service_names_a_scenario_of_its_own_to_whoever_is_too_early(service):
    default = load_scenario("default", seed="sandbox", service=service)
    moment = default.as_of - timedelta(days=1)

    said = too_early("the default", moment, default.as_of, default.service)
    (name,) = [it for it in shipped(service) if f"the scenario {it} begins" in said]

    assert load_scenario(name, seed="sandbox").as_of < moment


def test_plays_from_the_first_declaration_to_its_payment(sandbox):
    token = "ambition-token~one"
    early = sandbox.declare(token=token, declaration_date="2025-06-02T09:00:00Z", evidence_held="other")
    sandbox.done("PUT", "/worlds/one/clock", {"mode": "frozen", "at": "2025-06-03T09:00:00Z"})
    declared = sandbox.declare(token=token, declaration_date="2025-06-02T09:00:00Z")
    assert (early[0], declared[0]) == (422, 200)
    path = f"/participant-declarations/{declared[1]['data']['id']}"

    states = []
    for _ in range(8):
        sandbox.done("POST", "/worlds/one/clock/advance", {"to": "statement:next:payment"})
        states.append(sandbox.provider("GET", path, token=token)[1]["data"]["attributes"]["state"])

    assert states[-1] == "paid"
