"""What is drawn for tests of a client of RECT is what it says to be."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis.strategies import data

from ecf_sandbox.rect.properties.invariants import INVARIANTS
from ecf_sandbox.rect.properties.situations import SITUATIONS, in_situation
from ecf_sandbox.state.properties import Evidence, complaints
from ecf_sandbox.testing.strategies import (
    declaration_dates,
    evidence,
    happenings,
    moments,
    participants,
    queries,
    reasons,
    schedules,
    server_dates,
    sound_requests,
    unsound_requests,
    worlds,
)
from tests.effort import examples
from tests.rect.properties.placed import CLIENT, a_world

pytestmark = pytest.mark.slow
DRAWN = settings(max_examples=examples(30), suppress_health_check=list(HealthCheck), deadline=None)
RECT = {"service": "rect"}
# What nobody in the default scenario is at its moment; somebody becomes so below.
LATER = {"resumed", "something voided", "something clawed back", "with a retired id", "in a frozen cohort"}
LATER |= {"declared by another provider", "an ECT and a mentor"}


@settings(DRAWN)
@given(world=worlds(**RECT))
def test_a_drawn_world_begins_as_a_scenario_file_may(world):
    assert world.world.service.name == "rect"
    assert len(world.people) >= 1
    assert world.client.get("/api/v3/participants").status == 200


@settings(DRAWN)
@given(data=data(), world=worlds(**RECT))
def test_a_sound_request_is_accepted_in_a_drawn_world(data, world):
    request = data.draw(sound_requests(world))
    answer = world.client.request(request.method, request.target, request.body)

    assert answer.status == 200, answer


@settings(DRAWN)
@given(data=data(), world=worlds(**RECT))
def test_an_unsound_request_is_refused_by_its_rule_in_a_drawn_world(data, world):
    unsound = data.draw(unsound_requests(world))
    request = unsound.request
    answer = world.client.request(request.method, request.target, request.body)

    assert (answer.status, {*answer.rules}) == (422, {unsound.rule, *unsound.beside})


@settings(DRAWN)
@given(data=data(), world=worlds("default", **RECT))
def test_every_query_is_answered_and_the_observer_finds_no_error_in_it(data, world):
    answer = world.client.get(data.draw(queries(world)))

    assert answer.status == 200
    assert [it for it in world.findings if it.severity == "error"] == []


@settings(DRAWN, max_examples=10)
@given(data=data(), world=worlds("default", **RECT))
def test_values_are_those_of_the_service(data, world):
    assert data.draw(moments(world)).utcoffset().total_seconds() == 0
    assert datetime.fromisoformat(data.draw(declaration_dates(world))).tzinfo is not None
    assert world.client.get("/api/v3/statements", at=data.draw(server_dates(world))).status == 200
    assert data.draw(reasons(world, "withdrawParticipant")) != "school-left-fip"
    assert "replacement" not in data.draw(schedules(world, 2025, "ecf-induction"))
    assert data.draw(evidence(world, "started")) is not None
    assert data.draw(evidence(world, "started", cohort=2024)) is None


@settings(DRAWN)
@given(data=data(), world=worlds(**RECT))
def test_what_is_drawn_happens(data, world):
    assert world.happens(data.draw(happenings(world)))


@pytest.mark.parametrize("situation", sorted({*SITUATIONS} - LATER))
def test_somebody_in_a_situation_is_shown(situation):
    @settings(DRAWN, max_examples=3)
    @given(data=data(), world=worlds("default", now="2026-05-12T12:00:00Z", **RECT))
    def draws(data, world):
        somebody = data.draw(participants(world, situation))
        path = "unfunded-mentors" if situation == "unfunded mentor" else "participants"
        assert world.client.get(f"/api/v3/{path}/{somebody.id}").json["data"]["id"] == somebody.id

    draws()


def names(it, situation, client=CLIENT):
    return {one.name for one in in_situation(it.world, client, situation)}


class TestASituationThatComesAbout:
    def test_by_a_merge(self):
        it = a_world()
        before = names(it, "with a retired id")
        it.event("merge_participants", from_id=it.people["Idris Cole"], to_id=it.people["Hannah Boyle"])

        assert names(it, "with a retired id") - before == {"Hannah Boyle"}

    def test_by_a_resumption(self):
        it = a_world()
        before = names(it, "resumed")
        told = {"data": {"attributes": {"course_identifier": "ecf-induction"}}}
        assert it.client.put(f"/api/v3/participants/{it.people['Greta Pike']}/resume", told).status == 200

        assert names(it, "resumed") - before == {"Greta Pike"}

    @pytest.mark.parametrize(
        ("person", "situation"), [("Idris Cole", "something voided"), ("Hannah Boyle", "something clawed back")]
    )
    def test_by_a_void(self, person, situation):
        it = a_world()
        before = names(it, situation)
        it.client.put(f"/api/v3/participant-declarations/{it.declarations[f'{person}.started']}/void")

        assert names(it, situation) - before == {person}

    def test_by_the_end_of_payments(self):
        it = a_world()
        it.event("freeze_contract_period", year=2025)

        assert len(in_situation(it.world, CLIENT, "in a frozen cohort")) > 3

    def test_by_a_transfer(self):
        it = a_world()

        # Noor Khan started with Ambition Institute, and moved.
        assert "Noor Khan" in names(it, "declared by another provider", "Teach First")

    def test_by_becoming_a_mentor(self):
        it = a_world()
        it.event(
            "register_mentor",
            trn="1500014",
            first_name="Wendy",
            last_name="Bright",
            email="wendy@example.com",
            school_id=it.schools["Oakfield Academy"],
            started_on="2026-05-12",
            lead_provider="Ambition Institute",
        )

        assert "Wendy Bright" in {one.name for one in in_situation(it.world, CLIENT, "an ECT and a mentor")}


class TestAClient:
    PARTNERSHIP = {"delivery_partner_id": "a", "cohort": "2025"}

    def test_follows_the_delivery_partner_of_a_partnership(self):
        known = {"partnerships": {"p": self.PARTNERSHIP | {"delivery_partner_id": "b"}}}

        found = complaints(INVARIANTS, Evidence(known=known, shown={"partnerships": {"p": self.PARTNERSHIP}}))

        assert [it.invariant for it in found] == ["follows-partnerships"]
