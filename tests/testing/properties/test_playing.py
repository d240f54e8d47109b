"""A happening is played, told and written as the step of a story."""

from __future__ import annotations

import pytest

from ecf_sandbox.state.properties import Happening
from ecf_sandbox.testing.properties.playing import numbered_steps, play, sentence
from tests.ecf.properties.placed import a_world

CLIENTS = {"Teach First": "teach-first"}
RENAMED = Happening(
    kind="event", name="change_name", told={"participant_id": "${people.Jane Smith}", "full_name": "Jane Jones"}
)
LATER = Happening(kind="time", told={"to": "statement:next:cut-off"})
DEFERRED = Happening(
    kind="request",
    by="Teach First",
    method="PUT",
    target="/api/v3/participants/ecf/${people.Ruth Kaplan}/defer",
    body={
        "data": {
            "type": "participant-defer",
            "attributes": {"course_identifier": "ecf-mentor", "reason": "career-break"},
        }
    },
)
LOST = Happening(kind="fault", told={"operation": "createDeclaration", "drop": True, "count": 1})


def steps(done):
    """What a scenario file has of it."""
    return [step for _, step in numbered_steps(done, CLIENTS)]


def played(happening, it=None):
    it = it or a_world()
    return it, play(it.world, happening, it.client._send)


class TestPlayed:
    def test_an_event(self):
        it, _ = played(RENAMED)

        assert it.people["Jane Jones"]
        assert [exchange.operation for exchange in it.journal] == ["event change_name"]

    def test_another_provider_s_request(self):
        it, done = played(DEFERRED)

        assert done.exchanges == it.journal
        assert (it.journal[0].status, it.journal[0].provider) == (200, "Teach First")

    def test_time_with_what_falls_due(self):
        it, done = played(LATER)

        assert it.now == done.exchanges[0].moment
        assert "event nightly_cut_off" in [exchange.operation for exchange in done.exchanges]

    def test_a_fault_for_the_requests_to_come(self):
        it, done = played(LOST)

        assert done.exchanges == ()
        assert [fault.drop for fault in it.world.faults.all()] == [True]


@pytest.mark.parametrize(
    "happening",
    [
        pytest.param(Happening(kind="event", name="change_name", told={}), id="an event that is told nothing"),
        pytest.param(
            Happening(kind="event", name="change_name", told={"participant_id": "${people.Nobody}", "full_name": "X"}),
            id="about nobody",
        ),
        pytest.param(Happening(kind="time", told={"to": "statement:never"}), id="up to no moment"),
    ],
)
def test_what_does_not_fit_does_not_happen(happening):
    it, done = played(happening)

    assert done is None
    assert it.world.state.records is it.world.baseline.records


def test_a_request_that_is_refused_is_none():
    it, _ = played(DEFERRED)

    assert played(DEFERRED, it)[1] is None


@pytest.mark.parametrize(
    ("happening", "words"),
    [
        (RENAMED, "A school or the DfE corrects a name: Jane Smith, Jane Jones."),
        (LATER, "Time passes, up to statement:next:cut-off."),
        (Happening(kind="time", told={"days": 1}), "1 day passes."),
        (Happening(kind="time", told={"days": 30}), "30 days pass."),
        (DEFERRED, "Teach First sends PUT /api/v3/participants/ecf/Ruth Kaplan/defer, with ecf-mentor, career-break."),
        (LOST, "The network fails: the connection is closed after the service has acted, before it has answered."),
    ],
)
def test_a_happening_is_told_in_a_sentence(happening, words):
    assert sentence(a_world().world.service, happening) == words


class TestSteps:
    def test_of_an_event(self):
        _, done = played(RENAMED)

        assert steps(done) == [{"at": "2026-12-01T09:00:00Z", "event": "change_name", "with": dict(RENAMED.told)}]

    def test_of_a_request(self):
        _, done = played(DEFERRED)

        assert steps(done) == [
            {
                "at": "2026-12-01T09:00:00Z",
                "by": "teach-first",
                "send": f"PUT {DEFERRED.target}",
                "body": DEFERRED.body,
                "expect": 200,
            }
        ]

    def test_of_time_have_what_fell_due_and_changed_something(self):
        _, done = played(LATER)

        assert steps(done) == [{"at": "2027-01-01T00:00:00Z", "event": "nightly_cut_off"}]

    def test_of_a_fault_are_none(self):
        assert steps(played(LOST)[1]) == []
