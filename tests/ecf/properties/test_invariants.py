"""What each invariant finds in what a client knows and does, and what it lets be."""

from __future__ import annotations

import pytest

from ecf_sandbox.ecf.properties.invariants import INVARIANTS
from ecf_sandbox.ecf.properties.requests import sound
from ecf_sandbox.state.faults import Fault
from ecf_sandbox.state.properties import Evidence, complaints
from tests.ecf.properties.placed import CLIENT, a_world

ANN = {"full_name": "Ann", "ecf_enrolments": [{"school_urn": "100001", "training_status": "active"}]}
STARTED = {"participant_id": "ann", "state": "eligible"}
SHOWN = {
    "participants": {"ann": ANN},
    "declarations": {"d": STARTED},
    "partnerships": {"p": {"status": "active"}},
}


def broken(known, shown=SHOWN, **beside):
    evidence = Evidence(known=known, shown=shown, **beside)
    return [it.invariant for it in complaints(INVARIANTS, evidence)]


def participants(**rows):
    return {"participants": rows}


def test_a_client_that_knows_what_is_shown_breaks_nothing():
    assert broken(SHOWN) == []


def test_what_a_client_does_not_say_is_not_looked_at():
    assert broken({}) == []
    assert broken(participants(ann={})) == []
    assert broken(participants(ann={"our_own_note": "x"})) == []


def test_rows_may_be_given_as_the_api_gives_them():
    assert broken(participants(ann={"id": "ann", "attributes": ANN})) == []
    assert broken(participants(ann={"id": "ann", "attributes": {**ANN, "full_name": "Bob"}})) == [
        "knows-what-the-api-shows"
    ]


@pytest.mark.parametrize(
    ("known", "invariant"),
    [
        pytest.param(participants(), "knows-what-the-api-shows", id="somebody is missing"),
        pytest.param(participants(ann=ANN, bob={}), "knows-what-the-api-shows", id="somebody is too many"),
        pytest.param(participants(ann={"full_name": "Anne"}), "knows-what-the-api-shows", id="another name"),
        pytest.param(
            participants(ann={"ecf_enrolments": [{"school_urn": "100002"}]}), "follows-transfers", id="another school"
        ),
        pytest.param({"partnerships": {"p": {"status": "challenged"}}}, "knows-what-the-api-shows", id="a status"),
        pytest.param({"declarations": {"d": {"participant_id": "bob"}}}, "follows-retired-ids", id="another person"),
    ],
)
def test_a_difference_breaks_the_invariant_that_it_is_about(known, invariant):
    assert broken(known) == [invariant]


@pytest.mark.parametrize("state", ["voided", "awaiting_clawback", "awaiting-clawback", "clawed_back", "clawed-back"])
def test_a_declaration_that_was_taken_back_is_known_as_such(state):
    shown = {"declarations": {"d": {"state": state}}}

    assert broken({"declarations": {"d": {"state": "paid"}}}, shown) == ["knows-voids-and-clawbacks"]
    assert broken({"declarations": {}}, shown) == ["knows-voids-and-clawbacks"]
    assert broken(shown, shown) == []


def test_a_challenged_partnership_is_known_as_such():
    shown = {"partnerships": {"p": {"status": "challenged"}}}

    assert broken({"partnerships": {"p": {"status": "active"}}}, shown) == ["follows-partnerships"]


def test_a_retired_id_is_no_participant_any_more():
    merged = {**ANN, "participant_id_changes": [{"from_participant_id": "bob", "to_participant_id": "ann"}]}

    assert broken(participants(ann={}, bob={}), participants(ann=merged)) == ["follows-retired-ids"]


class TestAfterASyncOfWhatChanged:
    def test_a_row_may_be_as_it_was_kept_or_as_it_is_now(self):
        kept = {"participants": {"ann": ({"full_name": "Annie"},)}}

        assert broken(participants(ann={"full_name": "Annie"}), caught_up=kept) == []
        assert broken(participants(ann={"full_name": "Ann"}), caught_up=kept) == []
        assert broken(participants(ann={"full_name": "Anna"}), caught_up=kept) == ["incremental-equals-full"]

    def test_whoever_is_no_longer_shown_may_be_kept(self):
        kept = {"participants": {"ann": (ANN,), "bob": ({},)}}

        assert broken(participants(ann={}, bob={}), caught_up=kept) == []

    def test_whoever_was_shown_is_known(self):
        kept = {"participants": {"ann": (ANN,)}}

        assert broken(participants(), caught_up=kept) == ["incremental-equals-full"]


class TestWhatAClientSends:
    def test_an_error_of_the_observer(self):
        it = a_world()
        it.client.get("/api/v3/participants/ecf?filter[updated_since]=2026-11-01T00:00:00+01:00")

        assert broken({}, exchanges=it.journal) == ["no-observer-errors"]

    def test_the_same_after_a_422(self):
        it = a_world()
        nonsense = {"data": {"type": "participant-declaration", "attributes": {"participant_id": "nobody"}}}
        for _ in range(2):
            it.client.post("/api/v3/participant-declarations", nonsense)

        assert "does-not-repeat-422" in broken({}, exchanges=it.journal)

    def test_at_once_after_a_429(self):
        it = a_world()
        it.world.faults.set(_too_many())
        it.client.get("/api/v3/statements")
        it.client.get("/api/v3/statements")

        assert broken({}, exchanges=it.journal) == ["waits-out-429"]

    def test_whoever_gave_up_after_a_429_may_begin_anew_at_any_time(self):
        it = a_world()
        it.world.faults.set(_too_many())
        it.client.get("/api/v3/statements")
        it.client.get("/api/v3/statements")

        assert broken({}, exchanges=it.journal, turns=[it.journal[-1].number]) == []

    def test_a_moment_after_a_429(self):
        it = a_world()
        it.world.faults.set(_too_many())
        it.client.get("/api/v3/statements")
        it.advance(seconds=5)
        it.client.get("/api/v3/statements")

        assert broken({}, exchanges=[each for each in it.journal if each.method]) == []

    def test_a_declaration_twice(self):
        it = a_world()
        request = _a_declaration(it)
        for _ in range(2):
            it.client.post(request.target, request.body)

        assert broken({}, exchanges=it.journal) == ["nothing-declared-twice"]

    def test_a_declaration_again_once_it_is_voided(self):
        it = a_world()
        request = _a_declaration(it)
        first = it.client.post(request.target, request.body).json["data"]["id"]
        it.client.put(f"{request.target}/{first}/void")
        it.client.post(request.target, request.body)

        assert broken({}, exchanges=it.journal) == []


def _too_many():
    return Fault(id="", status=429, count=1)


def _a_declaration(it):
    return sound(it.world, CLIENT, "createDeclaration", lambda options: options[0])
