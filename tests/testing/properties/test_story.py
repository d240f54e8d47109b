"""A history is written as a scenario file in which whatever came to be can be named."""

from __future__ import annotations

import yaml

from ecf_sandbox.ecf.properties.requests import named
from ecf_sandbox.state.properties import Happening
from ecf_sandbox.testing.properties.places import Described
from ecf_sandbox.testing.properties.playing import play
from ecf_sandbox.testing.properties.story import Story
from tests.ecf.properties.placed import a_world

STARTED = {
    "data": {
        "type": "participant-declaration",
        "attributes": {
            "participant_id": "",
            "declaration_type": "started",
            "declaration_date": "2025-10-06T09:00:00Z",
            "course_identifier": "ecf-induction",
        },
    }
}


def begun(it):
    service, records = it.world.service, it.world.state.records
    return Story(Described({}, service.tokens(records), records), named, service.names)


def steps(story):
    return yaml.safe_load(story.file([]))["steps"]


def test_what_a_request_made_is_kept_of_its_answer_for_whatever_names_it_later():
    it = a_world()
    story = begun(it)
    STARTED["data"]["attributes"]["participant_id"] = it.people["Jane Smith"]
    made = it.client.post("/api/v3/participant-declarations", STARTED).json["data"]["id"]
    it.client.get(f"/api/v3/participant-declarations/{made}")
    story.sent("ambition", it.journal)

    voided = Happening(
        kind="event", name="dfe_void_declaration", told={"declaration_id": "${declarations.Jane Smith.started}"}
    )
    story.happened(it.world.service, play(it.world, voided, it.client._send))

    declared, shown, taken_back = steps(story)
    (kept,) = declared["keep"]
    assert declared["keep"][kept] == "data.id"
    assert shown["send"] == f"GET /api/v3/participant-declarations/${{kept.{kept}}}"
    assert taken_back["with"] == {"declaration_id": f"${{kept.{kept}}}"}


def test_a_payment_that_time_brings_names_its_statement():
    it = a_world()
    story = begun(it)

    story.happened(
        it.world.service,
        play(it.world, Happening(kind="time", told={"to": "statement:next:payment"}), it.client._send),
    )

    paid = [step["with"]["statement_id"] for step in steps(story) if step["event"] == "pay_statement"]
    assert paid
    assert all(name.startswith("${statements.") for name in paid)
