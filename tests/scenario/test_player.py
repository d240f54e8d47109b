"""Stories are played in the edition they need, and whoever an event registers can be named from then on."""

from __future__ import annotations

import pytest

from ecf_sandbox.app import create_app
from ecf_sandbox.ecf.editions import GUIDANCE, LIVE
from ecf_sandbox.scenario import BadScenario
from ecf_sandbox.scenario.player import play_at, play_in
from ecf_sandbox.scenario.world import world_of
from ecf_sandbox.state.worlds import Worlds
from ecf_sandbox.transport import InProcess
from tests.scenario.small import read, small

REGISTERED = {
    "at": "2026-10-12T10:00:00Z",
    "event": "register_ect",
    "with": {
        "full_name": "Tess Lowry",
        "email": "tess@example.com",
        "school_id": "${schools.Oakfield}",
        "cohort": 2025,
    },
}
CHECKED = {
    "at": "2026-10-12T11:00:00Z",
    "event": "record_check",
    "with": {"participant_id": "${people.Tess Lowry}", "trn": "7654321"},
}
SHOWN = {
    "at": "2026-10-12T12:00:00Z",
    "by": "alpha",
    "send": "GET /api/v3/participants/ecf/${people.Tess Lowry}",
    "expect": 200,
    "answer": {"data": {"attributes": {"full_name": "Tess Lowry"}}},
}


def played(*steps):
    scenario = read(small(steps=list(steps)))
    world = world_of(scenario)
    return list(play_in(world, scenario, InProcess(create_app(Worlds(world)).wsgi_app)))


class TestWhomAnEventRegisters:
    def test_can_be_named_in_later_steps(self):
        assert [it.differences for it in played(REGISTERED, CHECKED, SHOWN)] == [(), (), ()]

    def test_cannot_be_named_before(self):
        with pytest.raises(BadScenario, match=r"unknown 'people\.Tess Lowry'"):
            read(small(steps=[CHECKED, REGISTERED]))

    def test_takes_nobody_elses_name(self):
        namesake = REGISTERED | {"with": REGISTERED["with"] | {"full_name": "Jane Smith"}}
        jane = SHOWN | {
            "send": "GET /api/v3/participants/ecf/${people.Jane Smith}",
            "answer": {"data": {"attributes": {"full_name": "Jane Smith", "teacher_reference_number": "2500001"}}},
        }

        assert [it.differences for it in played(namesake, jane)] == [(), ()]


class TestTheEdition:
    def test_is_the_one_that_the_story_needs(self):
        assert world_of(read(small(edition="live"))).edition is LIVE

    def test_is_the_chosen_one_where_one_was_chosen(self):
        assert world_of(read(small(edition="live")), edition=GUIDANCE).edition is GUIDANCE

    def test_is_the_guidances_where_nobody_says_anything(self):
        assert world_of(read(small())).edition is GUIDANCE

    def test_that_does_not_exist_is_told_with_the_nearest(self):
        with pytest.raises(BadScenario, match="edition: no edition 'lice'; did you mean 'live'"):
            read(small(edition="lice"))


class TestAgainstAnotherServer:
    def test_events_are_skipped_and_what_needs_them_says_so(self):
        scenario = read(small(steps=[REGISTERED, SHOWN]))
        app = create_app(Worlds(world_of(scenario)))
        event, shown = play_at(scenario, InProcess(app.wsgi_app), None)

        assert event.skipped == "events can't be played on that server"
        assert shown.differences == ("nothing was kept as 'people.Tess Lowry'",)

    @pytest.mark.parametrize(("token", "status"), [(None, 200), ("beta-token", 404)], ids=["the scenario's", "another"])
    def test_the_token_is_that_of_the_scenario_unless_another_is_given(self, token, status):
        jane = SHOWN | {"send": "GET /api/v3/participants/ecf/${people.Jane Smith}", "answer": None}
        scenario = read(small(steps=[jane]))
        app = create_app(Worlds(world_of(scenario, seed="s")))
        (outcome,) = play_at(scenario, InProcess(app.wsgi_app), token)

        assert outcome.status == status
