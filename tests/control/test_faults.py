"""Trouble on purpose, set over the control plane."""

from __future__ import annotations

import pytest

from tests.api.asking import Asker
from tests.control.controlling import TOKEN

LIST = "/api/v3/statements"
FAULTS = "/worlds/main/faults"


def ask(sandbox, path):
    return sandbox.send("GET", path, [("Authorization", f"Bearer {TOKEN}")]).status


class TestAFault:
    def test_is_given_to_matching_requests_as_often_as_it_may(self, sandbox):
        sandbox.done("POST", FAULTS, {"path": "/api/v3/statements", "status": 503, "count": 2})

        statuses = [sandbox.send("GET", "/api/v3/statements", [("Authorization", "Bearer ambition-token")]).status]
        statuses += [sandbox.send("GET", "/api/v3/statements", [("Authorization", "Bearer ambition-token")]).status]
        statuses += [sandbox.provider("GET", "/statements")[0], sandbox.provider("GET", "/delivery-partners")[0]]

        assert statuses == [503, 503, 200, 200]
        assert sandbox.done("GET", FAULTS)["faults"] == []

    def test_is_set_for_no_other_world(self, sandbox):
        sandbox.done("POST", "/worlds", {"name": "one"})
        sandbox.done("POST", "/worlds/one/faults", {"status": 503})

        assert sandbox.provider("GET", "/statements")[0] == 200

    def test_can_be_taken_back(self, sandbox):
        id = sandbox.done("POST", FAULTS, {"status": 503})["id"]

        sandbox.done("DELETE", f"{FAULTS}/{id}")

        assert sandbox.provider("GET", "/statements")[0] == 200
        assert sandbox.control("DELETE", f"{FAULTS}/{id}")[0] == 404

    @pytest.mark.parametrize(
        ("bound", "told"),
        [
            ({"operation": "createDeclarations"}, "'createDeclaration'"),
            ({"operation": "v3 record_declration"}, "'v3 createDeclaration'"),
            ({"operation": "v4 createDeclaration"}, "createDeclaration"),
            ({"operation": "v1 listStatements"}, "did you mean"),
            ({"path": "/api/v3/participant-declaration"}, "'/api/v3/participant-declarations'"),
            ({"path": "/api/v3/statements?page[page]=1"}, "/api/v3/statements"),
            ({"path": "/statements"}, "/api/v3/statements"),
            ({"operation": "createDeclaration", "path": "/api/v3/statements"}, "/api/v3/participant-declarations"),
            ({"operation": "createDeclaration", "method": "GET"}, "POST, not GET"),
            ({"path": "/api/v3/statements", "method": "POST"}, "GET, not POST"),
            ({"method": "DELTE"}, "'DELETE'"),
            ({"provider": "Ambition Institut"}, "'Ambition Institute'"),
        ],
        ids=str,
    )
    def test_that_no_request_can_match_is_refused_with_what_is_near(self, sandbox, bound, told):
        status, problem = sandbox.control("POST", FAULTS, {"status": 503, **bound})

        assert (status, told in problem["detail"]) == (400, True)
        assert sandbox.done("GET", FAULTS)["faults"] == []

    @pytest.mark.parametrize(
        "bound",
        [
            {"operation": "listStatements"},
            {"operation": "v3 listStatements"},
            {"operation": "3 listStatements"},
            {"operation": "v3 list_statements"},
            {"operation": "list_statements"},
            {"operation": "list*", "method": "get"},
            {"path": "/api/v3/statements.json"},
            {"provider": "Ambition Institute"},
        ],
        ids=str,
    )
    def test_strikes_by_every_name_that_is_accepted(self, sandbox, bound):
        sandbox.done("POST", FAULTS, {"status": 503, **bound})

        assert ask(sandbox, f"{LIST}.json") == 503

    @pytest.mark.parametrize(
        "bound", [{"operation": "createDeclaration"}, {"method": "POST"}, {"provider": "Teach First"}], ids=str
    )
    def test_leaves_other_requests_alone(self, sandbox, bound):
        sandbox.done("POST", FAULTS, {"status": 503, **bound})

        assert sandbox.provider("GET", "/statements")[0] == 200

    def test_can_be_set_for_a_list_as_csv_alone(self, sandbox):
        sandbox.done("POST", FAULTS, {"status": 503, "operation": "v1 listDeclarationsCsv"})

        assert [ask(sandbox, f"/api/v1/participant-declarations{it}") for it in (".csv", "")] == [503, 200]

    def test_can_be_set_for_paths_that_lead_nowhere_by_their_name(self, sandbox):
        sandbox.done("POST", FAULTS, {"status": 503, "operation": "no route", "path": "/api/v3/statement"})

        assert [ask(sandbox, it) for it in ("/api/v3/statement", LIST)] == [503, 200]

    def test_says_what_it_means_and_that_a_name_is_a_former_one(self, sandbox):
        made = sandbox.done("POST", FAULTS, {"status": 503, "operation": "record_declaration"})

        assert made["operations"] == ["v1 createDeclaration", "v2 createDeclaration", "v3 createDeclaration"]
        assert made["operation"] == "createDeclaration"
        assert "former name of createDeclaration" in made["note"]

    @pytest.mark.parametrize(
        "body",
        [
            {},
            {"status": 99},
            {"status": 503, "probability": 2},
            {"status": 503, "count": 0},
            {"latency": -1},
            {"latency": 1e9},
            {"drop": "yes"},
        ],
    )
    def test_that_makes_no_sense_is_refused(self, sandbox, body):
        assert sandbox.control("POST", FAULTS, body)[0] == 400
        assert sandbox.done("GET", FAULTS)["faults"] == []


class TestTheRateLimit:
    def test_answers_429_past_it_and_its_window_can_be_compressed(self, sandbox):
        sandbox.done("PUT", "/worlds/main/rate-limit", {"requests": 2, "window": 1})
        ask = [
            sandbox.send("GET", "/api/v3/statements", [("Authorization", "Bearer ambition-token")]).status
            for _ in "123"
        ]

        sandbox.done("POST", "/worlds/main/clock/advance", {"seconds": 2})

        assert ask == [200, 200, 429]
        assert sandbox.provider("GET", "/statements")[0] == 200

    def test_goes_when_it_is_taken_back(self, sandbox):
        sandbox.done("PUT", "/worlds/main/rate-limit", {"requests": 1})
        sandbox.done("DELETE", "/worlds/main/rate-limit")

        assert [sandbox.provider("GET", "/statements")[0] for _ in "12"] == [200, 200]

    @pytest.mark.parametrize("path", ["/worlds/mine", "/worlds/mine/rate-limit"], ids=["world", "limit"])
    def test_counts_anew_for_a_new_world_or_a_new_limit(self, sandbox, path):
        def one_too_many():
            sandbox.done("PUT", "/worlds/mine/rate-limit", {"requests": 1})
            return [sandbox.send("GET", LIST, [("Authorization", f"Bearer {TOKEN}~mine")]).status for _ in "12"]

        sandbox.done("POST", "/worlds", {"name": "mine"})
        before = one_too_many()
        sandbox.done("DELETE", path)
        sandbox.control("POST", "/worlds", {"name": "mine"})

        assert before == one_too_many() == [200, 429]

    def test_counts_anew_after_a_reset(self):
        ask = Asker(rate_limit=1)
        before = [ask(LIST).status for _ in "12"]

        ask.world.reset()

        assert before == [ask(LIST).status for _ in "12"] == [200, 429]

    @pytest.mark.parametrize("body", [{"requests": 0}, {"requests": 1, "window": 0}, {"requests": "x"}])
    def test_that_makes_no_sense_is_refused(self, sandbox, body):
        assert sandbox.control("PUT", "/worlds/main/rate-limit", body)[0] == 400
