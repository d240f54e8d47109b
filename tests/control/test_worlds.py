"""Worlds: made, forked, reset, snapshotted and deleted, none seeing another."""

from __future__ import annotations

import pytest

from ecf_sandbox.state.faults import Fault
from tests.builders import at
from tests.control.controlling import TOKEN, Sandbox


class TestMaking:
    def test_a_world_begins_as_main_began(self, sandbox):
        assert sandbox.declare()[0] == 200

        made = sandbox.done("POST", "/worlds", {"name": "one"})

        assert made["tokens"]["Ambition Institute"] == "ambition-token~one"
        assert sandbox.worlds.get("one").state == sandbox.world.baseline

    def test_with_a_scenario_a_moment_an_edition_and_a_seed_of_its_own(self, sandbox):
        body = {
            "name": "two",
            "scenario": "started-too-early-and-too-late",
            "now": "2025-12-01T09:00:00Z",
            "edition": "live",
            "set": {"withdrawn_may_resume": False},
            "seed": "other",
        }

        made = sandbox.done("POST", "/worlds", body)

        assert made["scenario"] == "started-too-early-and-too-late"
        assert made["edition"] == "live+withdrawn_may_resume=off"
        assert made["clock"] == {"mode": "frozen", "now": "2025-12-01T09:00:00Z"}
        assert (
            sandbox.control("GET", "/worlds/two/names")[1]["names"]["people.Jane Smith"]
            != sandbox.names["people.Jane Smith"]
        )

    @pytest.mark.parametrize(
        ("body", "status", "said"),
        [
            ({}, 400, "name is missing"),
            ({"name": "a b"}, 400, "no name for a world"),
            ({"name": "main"}, 409, "already"),
            ({"name": "x", "scenario": "defualt"}, 404, "did you mean 'default'"),
            ({"name": "x", "scenario": "../etc/passwd"}, 400, "comes with the sandbox"),
            ({"name": "x", "edition": "lve"}, 400, "did you mean 'live'"),
            ({"name": "x", "set": {"withdrawn_may_resum": True}}, 404, "did you mean 'withdrawn_may_resume'"),
            ({"name": "x", "set": {"withdrawn_may_resume": "yes"}}, 400, "an object"),
            ({"name": "x", "now": "soon"}, 400, "a moment such as"),
            ({"name": "x", "sceanrio": "default"}, 400, "did you mean 'scenario'"),
            ([], 400, "JSON object"),
        ],
    )
    def test_says_what_is_wrong(self, sandbox, body, status, said):
        got, problem = sandbox.control("POST", "/worlds", body)

        assert (got, said in problem["detail"]) == (status, True), problem
        assert sandbox.worlds.names() == ["main"]

    def test_past_the_limit_the_longest_unused_is_dropped_and_named(self):
        sandbox = Sandbox(limit=3)
        for name in ("one", "two", "three"):
            sandbox.done("POST", "/worlds", {"name": name})

        listed = sandbox.done("GET", "/worlds")
        del listed["memory"]

        assert listed == {"worlds": ["main", "two", "three"], "limit": 3, "dropped": 1, "last_dropped": ["one"]}

    def test_past_the_limit_a_world_that_was_asked_something_since_is_kept(self):
        sandbox = Sandbox(limit=3)
        for name in ("one", "two"):
            sandbox.done("POST", "/worlds", {"name": name})
        sandbox.provider("GET", "/statements", token=f"{TOKEN}~one")

        sandbox.provider("GET", "/statements", token=f"{TOKEN}~three")

        assert sandbox.done("GET", "/worlds")["last_dropped"] == ["two"]


class TestAMomentBeforeWhatIsDescribed:
    @pytest.fixture
    def described(self):
        sandbox = Sandbox()
        sandbox.world.described_at = at("2026-10-12T09:00:00")
        return sandbox

    @pytest.mark.parametrize(
        ("begun", "earliest"),
        [({}, "2026-10-12T09:00:00Z"), ({"scenario": "tokens"}, "2025-11-03T09:00:00Z")],
        ids=["as main", "as a scenario"],
    )
    def test_is_refused_with_the_earliest_that_is_sound(self, described, begun, earliest):
        day_before = {"now": "2025-11-02T09:00:00Z"}

        status, problem = described.control("POST", "/worlds", {"name": "one"} | begun | day_before)

        assert (status, earliest in problem["detail"]) == (409, True)
        assert "cohort-2025-from-the-start" in problem["detail"]
        assert described.worlds.names() == ["main"]
        described.done("POST", "/worlds", {"name": "one"} | begun | {"now": earliest})

    @pytest.mark.parametrize("mode", ["frozen", "running"])
    def test_is_said_where_a_clock_is_set_back_to_it(self, described, mode):
        early, sound = (
            described.done("PUT", "/worlds/main/clock", {"mode": mode, "at": it})
            for it in ("2026-10-12T08:59:00Z", "2026-10-12T09:00:00Z")
        )

        assert "2026-10-12T09:00:00Z" in early["warning"]
        assert "warning" not in sound

    @pytest.mark.parametrize(
        "make",
        [
            lambda it: it.done("POST", "/worlds/main/fork", {"name": "one"}),
            lambda it: it.done("POST", "/worlds/one/import", it.done("GET", "/worlds/main/export")),
            lambda it: it.provider("GET", "/statements", token=f"{TOKEN}~one"),
        ],
        ids=["forked", "imported", "made on first use"],
    )
    def test_is_said_in_worlds_that_come_of_another(self, described, make):
        make(described)

        told = {"mode": "frozen", "at": "2025-01-01T00:00:00Z"}
        assert "earliest sound moment" in described.done("PUT", "/worlds/one/clock", told)["warning"]

    def test_may_be_that_of_a_server_date_as_with_the_service(self, described):
        headers = [("Authorization", f"Bearer {TOKEN}"), ("X-With-Server-Date", "2025-01-01T00:00:00Z")]

        assert described.send("GET", "/api/v3/statements", headers).status == 200


class TestAWorldThatWasDropped:
    """With room for main and one more, so that any other world takes the place of `one`."""

    RECREATED = "x-sandbox-world-recreated"

    def dropped(self, **begun):
        sandbox = Sandbox(limit=2)
        sandbox.done("POST", "/worlds", {"name": "one", **begun})
        return sandbox

    def drop(self, sandbox):
        sandbox.provider("GET", "/statements", token=f"{TOKEN}~two")

    def ask(self, sandbox, path="/api/v3/statements"):
        return sandbox.send("GET", path, [("Authorization", f"Bearer {TOKEN}~one")])

    def test_says_so_on_each_answer_and_in_the_findings_once_it_comes_back(self):
        sandbox = self.dropped()
        assert sandbox.declare(token=f"{TOKEN}~one")[0] == 200
        assert self.RECREATED not in self.ask(sandbox).headers
        self.drop(sandbox)

        first, second = self.ask(sandbox), self.ask(sandbox, "/api/v3/nowhere")

        assert "dropped" in first.headers[self.RECREATED]
        assert first.headers[self.RECREATED] == second.headers[self.RECREATED]
        for number in (1, 2):
            (found,) = [
                it
                for it in sandbox.done("GET", f"/worlds/one/journal/{number}")["findings"]
                if it["code"] == "world.recreated"
            ]
            assert found["severity"] == "error"

    def test_says_so_to_whoever_controls_it(self):
        sandbox = self.dropped()
        self.drop(sandbox)

        reply = sandbox.send("GET", "/_sandbox/worlds/one/clock")

        assert (reply.status, self.RECREATED in reply.headers) == (200, True)

    def test_is_recreated_and_not_made_by_what_acts_on_it(self):
        sandbox = self.dropped()
        self.drop(sandbox)

        reply = sandbox.send("PUT", "/_sandbox/worlds/one/observer", [], b'{"observer": "off"}')

        assert (reply.status, self.RECREATED in reply.headers) == (200, True)
        assert "x-sandbox-world-made" not in reply.headers

    def test_keeps_its_settings(self):
        sandbox = self.dropped(
            scenario="tokens",
            edition="live",
            seed="mine",
            observer="off",
            now="2026-03-01T00:00:00Z",
            set={"withdrawn_may_resume": True},
        )
        sandbox.done("POST", "/worlds/one/faults", {"status": 503, "path": "/api/v3/schools/*"})
        sandbox.done("PUT", "/worlds/one/rate-limit", {"requests": 7})
        before, allowance = sandbox.done("GET", "/worlds/one"), sandbox.worlds.get("one").allowance
        self.drop(sandbox)

        assert sandbox.done("GET", "/worlds/one") == before
        assert sandbox.done("GET", "/worlds/one/faults")["faults"][0]["status"] == 503
        assert sandbox.worlds.get("one").allowance == allowance

    @pytest.mark.parametrize(
        "begin",
        [
            lambda it: it.done("POST", "/worlds/one/reset"),
            lambda it: it.done("DELETE", "/worlds/one"),
            lambda it: it.done("POST", "/worlds", {"name": "one"}),
            lambda it: it.done("POST", "/worlds/one/import", it.done("GET", "/worlds/main/export")),
        ],
        ids=["reset", "deleted", "created", "imported"],
    )
    def test_is_like_any_other_once_somebody_begins_it_anew(self, begin):
        sandbox = self.dropped()
        self.drop(sandbox)

        begin(sandbox)

        assert self.RECREATED not in self.ask(sandbox).headers

    def test_that_refuses_what_is_an_error_refuses_until_somebody_begins_it_anew(self):
        sandbox = self.dropped(observer="refuse")
        self.drop(sandbox)

        assert self.ask(sandbox).status == 400
        sandbox.done("POST", "/worlds/one/reset")
        assert self.ask(sandbox).status == 200

    def test_is_never_one_that_is_answering(self):
        sandbox = self.dropped()
        held = sandbox.worlds.hold(sandbox.worlds.get("one"))

        self.drop(sandbox)
        assert sandbox.worlds.names() == ["main", "one", "two"]
        sandbox.worlds.release(held)
        sandbox.provider("GET", "/statements", token=f"{TOKEN}~three")

        assert sandbox.worlds.names() == ["main", "three"]

    def test_is_held_for_as_long_as_a_request_takes(self):
        sandbox = self.dropped()

        for path in ("/api/v3/statements", "/api/v3/nowhere", "/api/v3/participants/ecf?filter[cohort]=%zz"):
            self.ask(sandbox, path)

        assert sandbox.worlds.get("one").busy == 0


class TestForking:
    def test_begins_as_the_world_is_now_and_neither_sees_the_other(self, sandbox):
        assert sandbox.declare()[0] == 200

        sandbox.done("POST", "/worlds/main/fork", {"name": "fork"})

        fork = sandbox.worlds.get("fork")
        assert fork.state == sandbox.world.state
        assert sandbox.declare("Amara Okafor", "ambition-token~fork", declaration_type="retained-3")[0] in (200, 422)
        assert sandbox.declare(token="ambition-token~fork")[0] == 422  # declared already, before the fork

    def test_from_the_baseline_begins_as_it_began(self, sandbox):
        assert sandbox.declare()[0] == 200

        sandbox.done("POST", "/worlds/main/fork", {"name": "fork", "from_baseline": True})

        assert sandbox.declare(token="ambition-token~fork")[0] == 200


class TestResetting:
    def test_brings_back_records_clock_and_ids_and_empties_the_journal(self, sandbox):
        first = sandbox.declare()[1]["data"]["id"]
        sandbox.done("POST", "/worlds/main/clock/advance", {"days": 3})
        sandbox.done("POST", "/worlds/main/faults", {"status": 503})

        sandbox.done("POST", "/worlds/main/reset")

        assert sandbox.world.state == sandbox.world.baseline
        assert sandbox.done("GET", "/worlds/main/journal")["found"] == 0
        assert sandbox.declare()[1]["data"]["id"] == first


class TestSnapshots:
    def test_bring_a_world_back_to_where_it_was(self, sandbox):
        sandbox.done("PUT", "/worlds/main/snapshots/fresh")
        before = sandbox.world.state
        assert sandbox.declare()[0] == 200

        sandbox.done("POST", "/worlds/main/snapshots/fresh/restore")

        assert sandbox.world.state == before
        assert sandbox.done("GET", "/worlds/main/snapshots")["snapshots"] == ["fresh"]

    def test_that_are_not_there_name_the_nearest(self, sandbox):
        sandbox.done("PUT", "/worlds/main/snapshots/fresh")

        status, problem = sandbox.control("POST", "/worlds/main/snapshots/frsh/restore")

        assert (status, problem["nearest"]) == (404, "fresh")

    def test_can_be_forgotten(self, sandbox):
        sandbox.done("PUT", "/worlds/main/snapshots/fresh")

        sandbox.done("DELETE", "/worlds/main/snapshots/fresh")

        assert sandbox.done("GET", "/worlds/main/snapshots")["snapshots"] == []


class TestDeleting:
    def test_forgets_a_world(self, sandbox):
        sandbox.done("POST", "/worlds", {"name": "one"})

        sandbox.done("DELETE", "/worlds/one")

        assert sandbox.control("GET", "/worlds/one")[0] == 404

    def test_leaves_main(self, sandbox):
        assert sandbox.control("DELETE", "/worlds/main")[0] == 409


class TestTheObserver:
    def test_of_a_world_can_be_told_to_refuse(self, sandbox):
        sandbox.done("POST", "/worlds", {"name": "strict", "observer": "refuse"})
        attributes = {"reason": "other", "course_identifier": "ecf-induction", "resaon": "x"}
        path = f"/participants/ecf/{sandbox.names['people.Jane Smith']}/defer"

        statuses = [sandbox.provider("PUT", path, attributes, token=f"{TOKEN}{it}")[0] for it in ("~strict", "")]

        assert statuses == [400, 200]

    def test_can_be_told_to_look_away(self, sandbox):
        sandbox.done("PUT", "/worlds/main/observer", {"observer": "off"})

        sandbox.provider("GET", "/statements?filter[cohrot]=2025")

        assert sandbox.done("GET", "/worlds/main/journal")["exchanges"][0]["findings"] == []

    def test_finds_are_found_in_the_journal(self, sandbox):
        sandbox.provider("GET", "/statements?filter[cohrot]=2025")

        code = sandbox.done("GET", "/worlds/main/journal")["exchanges"][0]["findings"][0]

        assert sandbox.done("GET", f"/worlds/main/journal/count?finding={code}")["count"] == 1


class TestMemory:
    def test_is_counted_where_worlds_are_listed(self, sandbox):
        for _ in range(3):
            sandbox.provider("GET", "/participants/ecf")
        sandbox.done("POST", "/worlds", {"name": "one"})
        sandbox.done("DELETE", "/worlds/one")

        memory = sandbox.done("GET", "/worlds")["memory"]

        assert memory["budget"] == 256 * 2**20
        assert memory["held"] == memory["journals"] + memory["past"] + memory["lists"]
        assert memory["journals"] == sandbox.done("GET", "/worlds/main")["journal"]["bytes"] > 0
        assert memory["lists"] > 0
        assert (memory["dropped_exchanges"], memory["dropped_lists"]) == (0, 0)

    def test_of_snapshots_and_faults_has_bounds_too(self, sandbox):
        for n in range(1000):
            sandbox.done("PUT", f"/worlds/main/snapshots/s{n}")
            sandbox.world.faults.set(Fault(id="", status=503))

        assert sandbox.control("PUT", "/worlds/main/snapshots/one-more")[0] == 409
        assert sandbox.control("PUT", "/worlds/main/snapshots/s1")[0] == 200
        assert sandbox.control("POST", "/worlds/main/faults", {"status": 503})[0] == 409
