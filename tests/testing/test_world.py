"""A world for a test, as Python: names, clock, events, journal and clients."""

from __future__ import annotations

import asyncio
import gc
import sys
import weakref
from datetime import timedelta
from functools import cache
from pathlib import Path
from threading import enumerate as all_threads

import httpx
import pytest
import requests

from ecf_sandbox.control.problem import Problem
from ecf_sandbox.rulebook.refusals import BadEvent, DoesNotFit
from ecf_sandbox.state.faults import Fault
from ecf_sandbox.testing.pool import WorldPool
from ecf_sandbox.testing.requests_adapter import EcfAdapter
from ecf_sandbox.testing.settings import BadSetting, Setting
from ecf_sandbox.testing.thread_server import ThreadServer
from ecf_sandbox.testing.world import EcfWorld
from tests.builders import at

LIST = "/api/v3/participant-declarations"
STATEMENTS = "/api/v3/statements"


@cache
def stage() -> WorldPool:
    return WorldPool(Setting(now="2026-10-12T09:00:00Z"), Path())


@pytest.fixture
def world() -> EcfWorld:
    return stage().world("a-test")


def declared(world: EcfWorld, participant_id: str | None = None, **more: object) -> dict[str, object]:
    attributes = {
        "participant_id": participant_id or world.people["Jane Smith"],
        "declaration_type": "started",
        "declaration_date": "2025-10-01T00:00:00Z",
        "course_identifier": "ecf-induction",
        **more,
    }
    return {"data": {"type": "participant-declaration", "attributes": attributes}}


class TestNames:
    def test_stand_for_ids_as_things_are_now(self, world):
        jane = world.people["Jane Smith"]
        world.event("change_name", participant_id=jane, full_name="Jane Jones")
        world.client.post(LIST, declared(world, jane))

        assert world.people["Jane Jones"] == jane
        assert "Jane Smith" not in world.people
        assert world.client.get(f"{LIST}/{world.declarations['Jane Jones.started']}").status == 200
        assert world.client.get(f"/api/v3/schools/ecf/{world.schools['Oakfield Academy']}?filter[cohort]=2025").status
        assert world.delivery_partners["Kestrel Teaching School Hub"]
        assert world.statements["Ambition Institute.2025.January 2027"]
        assert world.partnerships["Oakfield Academy.2025.Ambition Institute"]

    def test_that_nobody_has_are_met_with_the_nearest(self, world):
        with pytest.raises(KeyError, match="there is no 'Jane Smit'; did you mean 'Jane Smith'"):
            world.people["Jane Smit"]
        with pytest.raises(KeyError, match="there is no provider 'Teach Frist'; did you mean 'Teach First'"):
            world.headers("Teach Frist")


class TestTheClock:
    def test_stops_where_it_is_told_for_a_block_or_for_good(self, world):
        with world.at("2026-11-01") as now:
            assert world.now == now == at("2026-11-01")
        assert world.now == at("2026-10-12T09:00:00")

        world.at("2027-01-01T10:00:00Z")

        assert world.now == at("2027-01-01T10:00:00")

    def test_moves_ahead(self, world):
        assert world.advance(days=1, hours=2) == at("2026-10-13T11:00:00")
        assert world.advance(timedelta(days=1)) == at("2026-10-14T11:00:00")
        assert world.advance(to="2026-10-15") == at("2026-10-15T00:00:00")

    def test_lets_happen_what_falls_due_on_the_way(self, world):
        world.advance(to="statement:next:cut-off")

        assert world.verify("event nightly_cut_off", times=1)[0].changes

    def test_does_not_go_back_by_advancing(self, world):
        with pytest.raises(Problem, match="give a later moment or a duration"):
            world.advance(days=0)

    def test_knows_the_units_that_a_timedelta_has(self, world):
        with pytest.raises(TypeError, match=r"advance\(\) takes no 'day'; did you mean 'days'\?"):
            world.advance(day=3)

    def test_is_not_told_nonsense(self, world):
        with pytest.raises(BadSetting, match="'Tuesday' is not a date and time"):
            world.at("Tuesday")


class TestAnEvent:
    def test_happens_at_its_moment(self, world):
        jane = world.people["Jane Smith"]

        row = world.event("change_name", participant_id=jane, full_name="Jane Jones", at="2026-10-01")

        assert row.updated_at.date().isoformat() == "2026-10-01"

    def test_that_is_none_or_could_not_have_happened_says_so(self, world):
        with pytest.raises(BadEvent, match="did you mean 'change_name'"):
            world.event("chang_name")
        with pytest.raises(DoesNotFit, match="blank"):
            world.event("change_name", participant_id=world.people["Jane Smith"], full_name=" ")


class TestWhatWasAsked:
    def test_can_be_looked_up_and_insisted_on(self, world):
        world.client.post(LIST, declared(world, declaration_date="2027-10-01T00:00:00Z"))
        world.client.get(STATEMENTS, params={"page[per_page]": 1})

        assert [it.status for it in world.asked("createDeclaration")] == [422]
        assert len(world.asked("v3 list*", path="/api/*/statements", method="get")) == 1
        assert world.verify(rule="declaration.after-milestone", times=1)
        assert world.verify("deferParticipant", times=0) == []
        with pytest.raises(
            AssertionError, match="at least one expected of operation deferParticipant; there were 0"
        ) as missed:
            world.verify("deferParticipant")
        assert "nearly: GET /api/v3/statements?page%5Bper_page%5D=1 200, but operation is v3 listSt" in str(
            missed.value
        )

    @pytest.mark.parametrize(
        ("like", "told"),
        [
            ({"rule": "declaration.nonsense"}, "there is no rule"),
            ({"operation": "createDeclarations"}, "did you mean 'createDeclaration'"),
            ({"provider": "Ambition Institut"}, "did you mean 'Ambition Institute'"),
            ({"status": "20x"}, "such as 4xx"),
        ],
        ids=str,
    )
    def test_by_a_name_that_there_is_not_is_a_mistake_and_not_absent(self, world, like, told):
        with pytest.raises(ValueError, match=told):
            world.verify(times=0, **like)
        with pytest.raises(ValueError, match=told):
            world.asked(**like)

    def test_takes_no_condition_that_there_is_not(self, world):
        with pytest.raises(TypeError, match="did you mean 'provider'"):
            world.asked(provder="Ambition Institute")

    def test_begins_anew_with_a_reset_but_is_remembered(self, world):
        world.client.post(LIST, declared(world))
        world.reset()
        world.client.get(STATEMENTS)

        assert [it.operation for it in world.journal] == ["v3 listStatements"]
        assert len(world.whole_journal) == 2
        assert "Jane Smith.started" not in world.declarations


class TestAnotherWorld:
    def test_that_the_token_names_is_refused_with_both_names(self, world):
        reply = world.send("GET", STATEMENTS, [("Authorization", "Bearer ambition-token~another")])

        assert reply.status == 400
        assert b"'another'" in reply.body
        assert world.name.encode() in reply.body

    def test_that_a_header_names_is_a_mistake(self, world):
        with pytest.raises(ValueError, match="'another'"):
            world.client.get(STATEMENTS, headers={"X-Sandbox-World": "another"})


class TestAClient:
    def test_of_requests_asks_this_world_whatever_the_host(self, world):
        with world.requests_session() as session:
            made = session.post(f"https://api.example{LIST}", json=declared(world))
            again = session.get(
                f"http://else.where{LIST}", params={"filter[participant_id]": world.people["Jane Smith"]}
            )

        assert (made.status_code, made.headers["X-Sandbox-World"]) == (200, "a-test")
        assert [it["id"] for it in again.json()["data"]] == [made.json()["data"]["id"]]
        assert again.headers["Content-Encoding"] == "gzip"

    def test_of_requests_may_be_the_users_own(self, world):
        session = requests.Session()
        session.mount("https://api.example", EcfAdapter(world))

        answer = session.get(f"https://api.example{STATEMENTS}", headers={"Authorization": "Bearer ucl-token"})

        assert (answer.status_code, answer.headers["X-Sandbox-World"]) == (200, "a-test")

    def test_of_httpx_asks_this_world(self, world):
        with world.httpx_client("Teach First") as client:
            answer = client.get(STATEMENTS, params={"page[per_page]": 1})

        assert (answer.status_code, len(answer.json()["data"])) == (200, 1)
        assert world.journal[-1].provider == "Teach First"

    def test_of_httpx_may_be_asynchronous(self, world):
        async def ask() -> int:
            async with world.httpx_async_client() as client:
                return (await client.post(LIST, json=declared(world))).status_code

        assert asyncio.run(ask()) == 200

    def test_meets_a_fault_as_it_would_over_a_socket(self, world):
        world.world.faults.set(Fault(id="", drop=True))

        with world.requests_session() as session, pytest.raises(requests.ConnectionError):
            session.get(f"https://api.example{STATEMENTS}")
        with world.httpx_client() as client, pytest.raises(httpx.RemoteProtocolError):
            client.get(STATEMENTS)

    @pytest.mark.parametrize("package", ["requests", "httpx"])
    def test_whose_package_is_missing_names_the_extra(self, world, monkeypatch, package):
        monkeypatch.setitem(sys.modules, package, None)
        for name in ("requests_adapter", "httpx_transport"):
            monkeypatch.delitem(sys.modules, f"ecf_sandbox.testing.{name}", raising=False)

        with pytest.raises(ImportError, match=rf"pip install {package}$"):
            world.requests_session() if package == "requests" else world.httpx_client()


class TestTheServer:
    def test_answers_for_every_world_until_it_is_stopped(self, world):
        before = set(all_threads())
        server = ThreadServer(stage().wsgi)
        answer = requests.get(server.url + STATEMENTS, headers=world.headers())
        server.stop()
        server.stop()

        assert (answer.status_code, len(world.journal)) == (200, 1)
        # Not how many there are: the last thread of another test may end meanwhile.
        assert set(all_threads()) - before == set()
        with pytest.raises(requests.ConnectionError):
            requests.get(server.url + STATEMENTS)

    def test_serves_a_block_and_is_stopped_after_it(self, world):
        with ThreadServer(stage().wsgi) as server:
            answer = requests.get(server.url + STATEMENTS, headers=world.headers())

        assert answer.status_code == 200
        with pytest.raises(requests.ConnectionError):
            requests.get(server.url + STATEMENTS)


def test_a_world_that_was_let_go_is_gone_at_once():
    """A suite has thousands, and each holds all that was asked of it."""
    world = stage().world("w")
    assert world.client.get("/api/v3/statements").json["data"]
    assert world.people["Jane Smith"]
    seen = weakref.ref(world.world)

    stage().forget("w")
    gc.disable()
    try:
        del world
        assert seen() is None
    finally:
        gc.enable()


class TestAMomentBeforeWhatTheScenarioDescribes:
    def test_is_none_to_begin_at(self):
        pool = WorldPool(Setting(), Path())

        with pytest.raises(BadSetting, match="earliest sound moment is 2026-10-12T09:00:00Z"):
            pool.world("early", Setting(now="2026-10-12T08:59:59Z"))

    def test_is_none_to_stop_the_clock_at(self, world):
        now = world.now

        with pytest.raises(BadSetting, match="earliest sound moment is 2026-10-12T09:00:00Z"):
            world.at("2026-10-12T08:59:59Z")

        assert world.now == now
