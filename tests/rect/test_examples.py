"""The served document shows requests that succeed in the world that it is served for."""

from __future__ import annotations

from ecf_sandbox.scenario import load_scenario
from ecf_sandbox.scenario.world import world_of
from ecf_sandbox.tools.contract.documents import documents
from ecf_sandbox.tools.contract.examples import Caller, candidates_of, with_examples
from tests.rect.explain.asking import NOW, serve


def test_every_operation_has_an_example_that_succeeds_in_the_default_scenario():
    world = world_of(load_scenario("default", seed="sandbox", service="rect"), now=NOW)
    caller = Caller(world, world.tokens[0], serve)

    tree, missed = with_examples(documents(world.service)["v3"], caller, candidates_of(world, caller))

    assert missed == 0
    body = tree["paths"]["/api/v3/participant-declarations"]["post"]["requestBody"]["content"]["application/json"]
    assert body["example"]["data"]["type"] == "participant-declaration"
    assert body["example"]["data"]["attributes"]["participant_id"] in world.state.records.teachers
    (filter,) = [it for it in tree["paths"]["/api/v3/schools"]["get"]["parameters"] if it.get("name") == "filter"]
    assert filter["example"].keys() >= {"cohort"}  # without which no school is listed
