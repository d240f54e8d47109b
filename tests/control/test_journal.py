"""The journal over the control plane: found, verified, taken back, written out."""

from __future__ import annotations

import json
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.control.controlling import Sandbox
from tests.control.test_exporting import WRITES, act
from tests.effort import examples

JOURNAL = "/worlds/main/journal"


@pytest.fixture
def told(sandbox) -> Sandbox:
    """A list, a declaration, the same again (refused), and an event."""
    sandbox.provider("GET", "/statements")
    sandbox.declare()
    sandbox.declare()
    act(sandbox, ("rename", "Jane Smith"))
    return sandbox


class TestQuerying:
    @pytest.mark.parametrize(
        ("query", "numbers"),
        [
            ("", [1, 2, 3, 4]),
            ("?operation=v3%20record*", [2, 3]),
            ("?method=get", [1]),
            ("?path=/api/v3/*", [1, 2, 3]),
            ("?status=422", [3]),
            ("?status=2xx", [1, 2, 4]),
            ("?rule=declaration.already-made", [3]),
            ("?provider=Ambition%20Institute", [1, 2, 3]),
            ("?since=2026-10-12T09:00:01Z", []),
            ("?until=2026-10-12T09:00:01", [1, 2, 3, 4]),
            ("?limit=2", [3, 4]),
            ("?limit=0", []),
        ],
    )
    def test_finds_what_matches(self, told, query, numbers):
        found = told.done("GET", JOURNAL + query)

        assert [it["number"] for it in found["exchanges"]] == numbers

    def test_counts(self, told):
        assert told.done("GET", f"{JOURNAL}/count?status=4xx") == {"count": 1, "dropped": 0}

    def test_shows_request_answer_rules_and_changes_but_no_token(self, told):
        shown = told.done("GET", f"{JOURNAL}/2")

        assert shown["request"]["body"]["data"]["attributes"]["declaration_type"] == "started"
        assert shown["response"]["status"] == 200
        assert shown["rules"]["declaration.already-made"] == "kept"
        assert {it["table"] for it in shown["changes"]} == {"declarations", "line_items"}
        assert "ambition-token" not in json.dumps(shown)

    def test_says_which_exchanges_are_kept(self, told):
        status, problem = told.control("GET", f"{JOURNAL}/99")

        assert (status, "the journal has 1 to 4" in problem["detail"]) == (404, True)

    def test_counts_what_it_has_let_go(self, sandbox):
        for _ in range(1003):
            sandbox.provider("GET", "/delivery-partners?page[per_page]=1")

        found = sandbox.done("GET", f"{JOURNAL}?limit=1")

        assert (found["kept"], found["dropped"], found["exchanges"][0]["number"]) == (1000, 3, 1003)


class TestVerifying:
    @pytest.mark.parametrize(
        ("body", "verified"),
        [
            ({"match": {"operation": "v3 createDeclaration"}}, True),
            ({"match": {"operation": "v3 createDeclaration"}, "min": 2, "max": 2}, True),
            ({"match": {"operation": "v3 createDeclaration"}, "min": 3}, False),
            ({"match": {"operation": "v3 createDeclaration"}, "max": 1}, False),
            ({"match": {"status": "5xx"}, "max": 0}, True),
            ({"match": {"body": {"data": {"attributes": {"declaration_type": "started"}}}}}, True),
            ({"match": {"body": {"data": {"attributes": {"declaration_type": "retained-1"}}}}}, False),
            ({"match": {"judged": "declaration.already-made"}, "min": 2}, True),
            ({"match": {"since": "2026-10-12T00:00:00", "provider": "Ambition Institute"}, "min": 3}, True),
            ({"order": [{"path": "/api/v3/statements"}, {"status": 422}]}, True),
            ({"order": [{"status": 422}, {"path": "/api/v3/statements"}]}, False),
            ({"order": [{"status": 200, "method": "POST"}, {"status": 200, "method": "POST"}]}, False),
        ],
    )
    def test_says_whether_it_was_so(self, told, body, verified):
        assert told.done("POST", f"{JOURNAL}/verify", body)["verified"] is verified

    def test_shows_what_came_nearest_and_how_it_differs(self, told):
        match = {"operation": "v3 createDeclaration", "status": 200, "body": {"data": {"type": "x"}}}

        near = told.done("POST", f"{JOURNAL}/verify", {"match": match})["near_misses"]

        assert near[0]["number"] == 2
        assert near[0]["differences"] == ['body: /data/type is missing, expected "x"']

    def test_does_not_count_what_was_undone(self, told):
        told.done("POST", f"{JOURNAL}/2/rewind")

        assert told.done("POST", f"{JOURNAL}/verify", {"match": {"method": "POST"}, "max": 0})["verified"]

    @pytest.mark.parametrize("body", [{}, {"match": {}, "order": []}, {"match": {"stauts": 1}}, {"order": [7]}])
    def test_says_what_is_wrong_with_the_question(self, told, body):
        assert told.control("POST", f"{JOURNAL}/verify", body)[0] == 400

    @pytest.mark.parametrize("counts", [{"min": -1}, {"max": -1}, {"min": 3, "max": 1}])
    def test_asks_for_no_count_that_there_cannot_be(self, told, counts):
        assert told.control("POST", f"{JOURNAL}/verify", {"match": {"method": "GET"}, **counts})[0] == 400

    def test_takes_an_operation_by_its_former_name_and_says_so(self, told):
        answer = told.done("POST", f"{JOURNAL}/verify", {"match": {"operation": "v3 record_declaration"}})

        assert (answer["count"], "createDeclaration" in answer["note"]) == (2, True)
        assert "note" not in told.done("POST", f"{JOURNAL}/verify", {"match": {"operation": "createDeclaration"}})


MISSPELT = {  # what no exchange can have, and what the refusal suggests
    "a rule": ({"rule": "declaration.allready-made"}, "'declaration.already-made'"),
    "a rule that was asked": ({"judged": "declaration.allready-made"}, "'declaration.already-made'"),
    "an operation": ({"operation": "createDeclarations"}, "'createDeclaration'"),
    "an operation with its version": ({"operation": "v3 createDeclarations"}, "'v3 createDeclaration'"),
    "an operation of another version": ({"operation": "v1 confirmPartnership"}, "'v3 confirmPartnership'"),
    "an event": ({"operation": "event change_nam"}, "'event change_name'"),
    "a pattern": ({"operation": "creatDeclarat*"}, "'createDeclaration'"),
    "a provider": ({"provider": "Ambition Institut"}, "'Ambition Institute'"),
    "a finding": ({"finding": "filter.unknwon"}, "'filter.unknown'"),
    "a method": ({"method": "PSOT"}, "'POST'"),
    "a path": ({"path": "/api/v3/participant-declaration"}, "'/api/v3/participant-declarations'"),
    "a status": ({"status": "20x"}, "4xx"),
    "a number that is no status": ({"status": "20"}, "100 to 599"),
    "a condition": ({"provder": "Ambition Institute"}, "'provider'"),
    "an operation and another method": ({"operation": "createDeclaration", "method": "GET"}, "POST, not GET"),
    "an operation and another path": (
        {"operation": "createDeclaration", "path": "/api/v3/statements"},
        "/api/v3/participant-declarations",
    ),
    "no time at all": ({"since": "2026-10-12T09:00:00Z", "until": "2026-10-12T09:00:00Z"}, "later than since"),
}


@pytest.mark.parametrize(("match", "told_of"), MISSPELT.values(), ids=MISSPELT)
class TestANameThatThereIsNot:
    def test_is_not_verified_to_be_absent(self, told, match, told_of):
        status, problem = told.control("POST", f"{JOURNAL}/verify", {"match": match, "max": 0})

        assert (status, told_of in problem["detail"]) == (400, True)

    def test_is_not_found_to_come_in_no_order(self, told, match, told_of):
        status, problem = told.control("POST", f"{JOURNAL}/verify", {"order": [{"status": 200}, match]})

        assert (status, "order[1]: " in problem["detail"], told_of in problem["detail"]) == (400, True, True)

    @pytest.mark.parametrize("ending", ["", "/count"], ids=["listed", "counted"])
    def test_is_neither_listed_nor_counted(self, told, match, told_of, ending):
        status, problem = told.control("GET", f"{JOURNAL}{ending}?{urlencode(match)}")

        assert (status, told_of in problem["detail"]) == (400, True)


class TestANameThatIsKnownToTheJournalOnly:
    @pytest.mark.parametrize(
        "match", [{"path": "/api/v3/participant"}, {"method": "PURGE"}, {"operation": "no route"}], ids=str
    )
    def test_is_one(self, sandbox, match):
        sandbox.provider("PURGE", "/participant")

        assert sandbox.done("POST", f"{JOURNAL}/verify", {"match": match})["count"] == 1


class TestTakingBack:
    @given(st.lists(WRITES, min_size=1, max_size=6))
    @settings(max_examples=examples(25))
    def test_the_last_write_gives_the_identical_records(self, writes):
        sandbox = Sandbox()
        for it in writes:
            before, written = sandbox.records, sandbox.world.journal.last_write()
            act(sandbox, it)
            last = sandbox.world.journal.last_write()
            if it[0] not in ("advance", "pay") and last is not written:
                assert sandbox.records is not before

                sandbox.done("POST", f"{JOURNAL}/undo")

                assert sandbox.records == before
                assert sandbox.world.journal.last_write() == written
                act(sandbox, it)

    @given(st.lists(WRITES, min_size=1, max_size=8), st.data())
    @settings(max_examples=examples(25))
    def test_everything_since_an_exchange_gives_the_state_before_it(self, writes, data):
        sandbox, states = Sandbox(), {}
        for it in writes:
            states[sandbox.world.journal.count + 1] = sandbox.world.state
            act(sandbox, it)
        noted = [number for number in states if number <= sandbox.world.journal.count]
        if not noted:
            return
        number = data.draw(st.sampled_from(noted))

        sandbox.done("POST", f"{JOURNAL}/{number}/rewind")

        assert sandbox.world.state == states[number]

    def test_goes_back_write_by_write(self, told):
        told.done("POST", f"{JOURNAL}/undo")
        told.done("POST", f"{JOURNAL}/undo")

        assert told.world.state.records == told.world.baseline.records
        assert told.control("POST", f"{JOURNAL}/undo")[0] == 409
        assert [it["undone"] for it in told.done("GET", JOURNAL)["exchanges"]] == [False, True, True, True]

    def test_brings_back_the_clock_of_what_it_undoes(self, told):
        told.done("POST", "/worlds/main/clock/advance", {"days": 2})

        told.done("POST", f"{JOURNAL}/undo")

        assert told.done("GET", "/worlds/main/clock")["now"] == "2026-10-12T09:00:00Z"

    @pytest.mark.parametrize(
        "move",
        [
            ("POST", "/worlds/main/clock/advance", {"to": "statement:next:payment"}),
            ("PUT", "/worlds/main/clock", {"mode": "frozen", "at": "2027-02-01T00:00:00Z"}),
            ("PUT", "/worlds/main/clock", {"mode": "running", "at": "2027-02-01T00:00:00Z"}),
        ],
        ids=["advanced", "set", "left to run"],
    )
    def test_undoes_a_clock_move_with_all_that_happened_on_the_way(self, sandbox, move):
        before = sandbox.world.state
        happened = sandbox.done(*move)["happened"]

        undone = sandbox.done("POST", f"{JOURNAL}/undo")

        assert happened
        assert sandbox.world.state == before
        assert undone["from"] == 1
        assert sandbox.done(*move)["happened"] == happened

    def test_takes_back_no_event_without_the_clock_move_that_made_it_happen(self, sandbox):
        sandbox.done("POST", "/worlds/main/clock/advance", {"to": "statement:next:payment"})

        status, problem = sandbox.control("POST", f"{JOURNAL}/2/rewind")

        assert (status, "exchange 1" in problem["detail"]) == (409, True)
        assert sandbox.done("POST", f"{JOURNAL}/1/rewind")["before"] == 1

    @pytest.mark.slow
    def test_does_not_undo_an_event_whose_clock_move_is_no_longer_kept(self, sandbox):
        sandbox.done("POST", "/worlds/main/clock/advance", {"to": "statement:next:payment"})
        after = sandbox.world.state
        kept = len(sandbox.world.journal)
        for _ in range(sandbox.world.journal.capacity - kept + 1):
            sandbox.send("GET", "/api/v3/nowhere")

        status, problem = sandbox.control("POST", f"{JOURNAL}/undo")

        assert (status, "rewind" in problem["detail"]) == (409, True)
        assert sandbox.world.state is after

    def test_does_not_undo_what_a_restore_took_back(self, sandbox):
        sandbox.done("PUT", "/worlds/main/snapshots/start")
        sandbox.declare()
        sandbox.declare("Amara Okafor", declaration_type="retained-3")
        sandbox.done("POST", "/worlds/main/snapshots/start/restore")
        restored = sandbox.world.state

        status, problem = sandbox.control("POST", f"{JOURNAL}/undo")

        assert (status, "exchange 3: 'journal rewind'" in problem["detail"]) == (409, True)
        assert sandbox.world.state is restored

    def test_undoes_the_last_write_that_a_restore_left(self, sandbox):
        sandbox.declare()
        sandbox.done("PUT", "/worlds/main/snapshots/here")
        act(sandbox, ("rename", "Jane Smith"))
        sandbox.done("POST", "/worlds/main/snapshots/here/restore")

        undone = sandbox.done("POST", f"{JOURNAL}/undo")

        assert undone["undone"]["number"] == 1
        assert sandbox.world.state == sandbox.world.baseline

    def test_undoes_nothing_where_it_is_not_known_what_led_to_a_snapshot(self, sandbox):
        sandbox.declare()
        sandbox.done("PUT", "/worlds/main/snapshots/here")
        sandbox.done("POST", f"{JOURNAL}/undo")
        act(sandbox, ("rename", "Jane Smith"))
        sandbox.done("POST", "/worlds/main/snapshots/here/restore")
        restored = sandbox.world.state

        status, problem = sandbox.control("POST", f"{JOURNAL}/undo")

        assert (status, "journal rewind" in problem["detail"]) == (409, True)
        assert sandbox.world.state is restored

    def test_undoes_what_was_written_after_a_restore(self, sandbox):
        sandbox.declare()
        sandbox.done("PUT", "/worlds/main/snapshots/here")
        sandbox.done("POST", "/worlds/main/snapshots/here/restore")
        here = sandbox.world.state
        act(sandbox, ("rename", "Jane Smith"))

        sandbox.done("POST", f"{JOURNAL}/undo")

        assert sandbox.world.state == here

    def test_names_the_rewind_where_nothing_was_written_but_the_clock_moved(self, sandbox):
        sandbox.done("POST", "/worlds/main/clock/advance", {"minutes": 5})

        status, problem = sandbox.control("POST", f"{JOURNAL}/undo")

        assert (status, "exchange 1: 'journal rewind'" in problem["detail"]) == (409, True)

    @pytest.mark.parametrize(
        "begin_anew",
        [
            lambda it: it.done("POST", "/worlds/main/reset"),
            lambda it: it.done("POST", "/worlds/main/import", it.done("GET", "/worlds/main/export")),
            lambda it: it.done("DELETE", JOURNAL),
        ],
        ids=["reset", "imported", "cleared"],
    )
    def test_undoes_nothing_of_before_a_world_began_anew(self, told, begin_anew):
        begin_anew(told)
        state = told.worlds.main.state

        assert told.control("POST", f"{JOURNAL}/undo")[0] == 409
        assert told.worlds.main.state is state

    def test_of_a_fork_undoes_nothing_of_before_it(self, told):
        told.done("POST", "/worlds/main/fork", {"name": "fork"})

        assert told.control("POST", "/worlds/fork/journal/undo")[0] == 409

    def test_leaves_faults_alone(self, told):
        told.done("POST", "/worlds/main/faults", {"status": 503})

        told.done("POST", f"{JOURNAL}/undo")

        assert len(told.done("GET", "/worlds/main/faults")["faults"]) == 1

    def test_cannot_go_back_to_what_was_taken_back(self, told):
        told.done("POST", f"{JOURNAL}/2/rewind")

        assert told.control("POST", f"{JOURNAL}/3/rewind")[0] == 409


class TestWritingOut:
    def test_json_lines_have_an_exchange_each_and_no_token(self, told):
        lines = told.done("GET", f"{JOURNAL}/export").splitlines()

        assert [json.loads(it)["number"] for it in lines] == [1, 2, 3, 4]
        assert all(json.loads(it)["version"] == 1 for it in lines)
        assert "ambition-token" not in "".join(lines)
        assert ["Authorization", "Bearer [redacted]"] in json.loads(lines[0])["request"]["headers"]

    def test_the_journals_of_all_worlds_are_written_as_one_each_line_with_its_world(self, told):
        told.done("POST", "/worlds/main/fork", {"name": "other"})
        told.send("GET", "/api/v3/statements", [("X-Sandbox-World", "other")])

        lines = [json.loads(it) for it in told.done("GET", "/journal/export").splitlines()]
        assert [(it["world"], it["number"]) for it in lines] == [*(("main", it) for it in (1, 2, 3, 4)), ("other", 1)]

    def test_what_is_no_text_of_unicode_is_written_as_it_came(self, told):
        told.send("POST", "/api/v3/partnerships/ecf", [("Content-Type", "application/json")], rb'{"data": "\ud800"}')

        last = told.done("GET", f"{JOURNAL}/export").splitlines()[-1]
        assert json.loads(last)["request"]["body"] == r'{"data": "\ud800"}'

    def test_a_har_archive_has_every_request(self, told):
        archive = told.done("GET", f"{JOURNAL}/export?format=har")["log"]

        assert archive["version"] == "1.2"
        assert [it["response"]["status"] for it in archive["entries"]] == [200, 200, 422]
        assert archive["entries"][1]["request"]["postData"]["mimeType"] == "application/json"
        assert "ambition-token" not in json.dumps(archive)
