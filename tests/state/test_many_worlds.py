"""Many clients at once: worlds do not see one another, and a server date rules its own request only."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from ecf_sandbox.ecf.queries.names import names
from ecf_sandbox.scenario import load_scenario
from ecf_sandbox.scenario.loading import shipped
from ecf_sandbox.scenario.player import play
from tests.served import served, standing

WORLDS = 64


def stories():
    found = [load_scenario(it, seed="sandbox") for it in shipped("ecf")]
    return [it for it in found if it.steps]


class Player:
    """Plays a story in a world of its own on a server."""

    def __init__(self, server, story, world):
        self.server, self.story, self.world = server, story, world

    def control(self, method, path, body):
        headers = [("Content-Type", "application/json")]
        reply = self.server.send(method, f"/_sandbox{path}", headers, json.dumps(body).encode())
        assert reply.status < 300, reply.body
        return json.loads(reply.body)

    def send(self, method, target, headers=(), body=None):
        return self.server.send(method, target, [*headers, ("X-Sandbox-World", self.world)], body)

    def happen(self, event, arguments, at):
        body = {"event": event, "with": arguments, "at": at.isoformat()}
        self.control("POST", f"/worlds/{self.world}/events", body)
        return json.loads(self.server.send("GET", f"/_sandbox/worlds/{self.world}/names").body)["names"]

    def exported(self, world):
        """The records and how many ids were given: equal after equal stories, whatever other worlds did."""
        document = json.loads(self.server.send("GET", f"/_sandbox/worlds/{world}/export").body)
        return document["records"], document["ids_taken"]

    def play(self):
        self.control("POST", "/worlds", {"name": self.world, "scenario": self.story.name})
        known = names(self.story.records())
        outcomes = play(self.story.steps, known, self.story.clients, self.send, self.happen)
        return [(self.story.name, it.number, it.differences) for it in outcomes if not it.passed]


class TestManyThreads:
    @pytest.mark.slow
    def test_play_a_story_each_in_a_world_each_and_none_sees_another(self):
        told = stories()
        with served() as server, ThreadPoolExecutor(WORLDS) as threads:
            players = [Player(server, told[n % len(told)], f"w{n}") for n in range(WORLDS)]

            untouched = players[0].exported("main")
            wrong = [it for found in threads.map(Player.play, players) for it in found]
            left = [(it.story.name, it.exported(it.world)) for it in players]
            after = players[0].exported("main")

        assert wrong == []
        assert after == untouched
        assert len(left) == len({it.world for it in players}) == WORLDS > len(told)
        for name, world in left:
            assert all(world == another for other, another in left if other == name), name

    def test_with_different_server_dates_never_see_each_others_date(self):
        """A started milestone ends on 31 December 2025: one date lies in it, the other after it."""
        with standing("2026-10-12T09:00:00Z") as server:
            headers = [("Authorization", f"Bearer {server.token}"), ("Content-Type", "application/json")]
            listed = json.loads(server.send("GET", "/_sandbox/worlds/main/names").body)["names"]
            body = {
                "participant_id": listed["people.Jane Smith"],
                "declaration_type": "retained-4",
                "declaration_date": "2027-02-01T09:00:00Z",
                "course_identifier": "ecf-induction",
                "evidence_held": "nonsense",
            }
            raw = json.dumps({"data": {"attributes": body}}).encode()

            def ask(moment):
                dated = [*headers, ("X-With-Server-Date", moment)]
                reply = server.send("POST", "/api/v3/participant-declarations", dated, raw)
                return moment, "future" in reply.body.decode()

            moments = ["2026-10-13T09:00:00Z", "2027-02-02T09:00:00Z"] * 100
            with ThreadPoolExecutor(8) as threads:
                answers = set(threads.map(ask, moments))

        assert answers == {("2026-10-13T09:00:00Z", True), ("2027-02-02T09:00:00Z", False)}


class TestADroppedConnection:
    @pytest.mark.parametrize(
        ("fault", "error"), [("drop", "closed connection without response"), ("truncate", "IncompleteRead")]
    )
    def test_is_what_the_client_sees(self, fault, error):
        with standing() as server:
            body = json.dumps({fault: True, "count": 1}).encode()
            server.send("POST", "/_sandbox/worlds/main/faults", [("Content-Type", "application/json")], body)
            headers = [("Authorization", f"Bearer {server.token}")]

            with pytest.raises(ConnectionError, match=error):
                server.send("GET", "/api/v3/delivery-partners", headers)

            assert server.send("GET", "/api/v3/delivery-partners", headers).status == 200
