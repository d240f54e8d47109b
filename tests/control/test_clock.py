"""The clock of a world: what moving it plays, and where it may go."""

import pytest

from ecf_sandbox.ecf.domain.declarations import Phase

CLOCK = "/worlds/main/clock"


def phase_of(sandbox, name):
    return {it.phase for it in sandbox.records.statements if it.name == name}


class TestSetting:
    def test_a_frozen_clock_stands_still_at_its_moment(self, sandbox):
        shown = sandbox.done("PUT", CLOCK, {"mode": "frozen", "at": "2026-10-20T10:00:00Z"})

        assert (shown["mode"], shown["now"]) == ("frozen", "2026-10-20T10:00:00Z")
        assert sandbox.done("GET", CLOCK)["now"] == "2026-10-20T10:00:00Z"

    def test_a_running_clock_goes_on_from_its_moment(self, sandbox):
        shown = sandbox.done("PUT", CLOCK, {"mode": "running", "at": "2026-10-20T10:00:00Z"})

        assert shown["mode"] == "running"
        assert shown["now"].startswith("2026-10-20T10:00:")

    def test_a_real_clock_needs_no_moment(self, sandbox):
        assert sandbox.done("PUT", CLOCK, {"mode": "real"})["mode"] == "real"

    @pytest.mark.parametrize(
        "body", [{"mode": "frozen"}, {"mode": "real", "at": "2026-10-20"}, {"mode": "stopped"}, {}]
    )
    def test_says_what_is_missing_or_too_much(self, sandbox, body):
        before = sandbox.world.state

        status, problem = sandbox.control("PUT", CLOCK, body)

        assert status == 400
        assert problem["detail"]
        assert sandbox.world.state is before

    def test_forward_plays_what_falls_due_in_between(self, sandbox):
        shown = sandbox.done("PUT", CLOCK, {"mode": "frozen", "at": "2026-12-15"})

        assert [(it["event"], it["at"]) for it in shown["happened"]] == [
            ("nightly_cut_off", "2026-11-01T00:00:00Z"),
            ("nightly_cut_off", "2026-12-01T00:00:00Z"),
        ]
        assert phase_of(sandbox, "November 2026") == phase_of(sandbox, "December 2026") == {Phase.PAYABLE}

    def test_back_plays_nothing(self, sandbox):
        assert sandbox.done("PUT", CLOCK, {"mode": "frozen", "at": "2025-10-01"})["happened"] == []

    def test_does_not_touch_a_request_with_a_server_date_of_its_own(self, sandbox):
        headers = [("Authorization", "Bearer ambition-token"), ("X-With-Server-Date", "2026-12-15T00:00:00Z")]

        sandbox.send("GET", "/api/v3/statements", headers)

        assert phase_of(sandbox, "November 2026") == {Phase.OPEN}
        assert sandbox.done("GET", CLOCK)["now"] == "2026-10-12T09:00:00Z"


class TestAdvancing:
    def test_goes_on_by_a_duration(self, sandbox):
        shown = sandbox.done("POST", f"{CLOCK}/advance", {"days": 1, "hours": 2, "minutes": 3.5})

        assert (shown["from"], shown["now"]) == ("2026-10-12T09:00:00Z", "2026-10-13T11:03:30Z")

    def test_to_a_cut_off_makes_statements_payable(self, sandbox):
        shown = sandbox.done("POST", f"{CLOCK}/advance", {"to": "statement:next:cut-off"})

        assert shown["now"] == "2026-11-01T00:00:00Z"
        assert phase_of(sandbox, "November 2026") == {Phase.PAYABLE}

    def test_to_a_payment_pays_the_statements_of_that_date_only(self, sandbox):
        sandbox.done("POST", f"{CLOCK}/advance", {"to": "statement:November 2026:payment"})

        assert phase_of(sandbox, "November 2026") == {Phase.PAID}
        assert phase_of(sandbox, "October 2026") == {Phase.PAYABLE}

    def test_to_the_start_of_a_milestone_lets_it_be_declared(self, sandbox):
        advanced = sandbox.done("POST", f"{CLOCK}/advance", {"to": "milestone:retained-4:start:2025"})

        assert advanced["now"] == "2027-01-01T00:00:00Z"

    def test_knows_every_moment_that_it_lists(self, sandbox):
        moments = sandbox.done("GET", f"{CLOCK}/moments")["moments"]

        assert [it["at"] for it in moments] == sorted(it["at"] for it in moments)
        for it in moments[:5]:
            sandbox.world.reset()
            assert sandbox.done("POST", f"{CLOCK}/advance", {"to": it["name"]})["now"] == it["at"]

    def test_names_the_nearest_moment_for_one_it_does_not_know(self, sandbox):
        status, problem = sandbox.control("POST", f"{CLOCK}/advance", {"to": "statement:next:cutoff"})

        assert (status, problem["nearest"]) == (404, "statement:next:cut-off")

    @pytest.mark.parametrize("body", [{}, {"days": -1}, {"to": "2026-01-01"}], ids=["nowhere", "back", "to the past"])
    def test_goes_forward_only(self, sandbox, body):
        assert sandbox.control("POST", f"{CLOCK}/advance", body)[0] == 409

    @pytest.mark.parametrize("days", [1e9, 1e308])
    def test_does_not_leave_the_calendar(self, sandbox, days):
        assert sandbox.control("POST", f"{CLOCK}/advance", {"days": days})[0] == 400

    def test_is_in_the_journal_and_taken_back_by_rewinding(self, sandbox):
        before = sandbox.world.state
        number = sandbox.done("POST", f"{CLOCK}/advance", {"to": "statement:next:payment"})["number"]

        sandbox.done("POST", f"/worlds/main/journal/{number}/rewind")

        assert sandbox.world.state == before
