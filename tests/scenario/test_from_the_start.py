"""The scenario without a history: time is played from before the first milestone, and nothing lies in its future."""

from __future__ import annotations

import pytest

from ecf_sandbox.ecf.domain.declarations import Phase
from ecf_sandbox.scenario import load_scenario
from ecf_sandbox.scenario.world import FROM_THE_START
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
