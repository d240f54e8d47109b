"""A service is a folder: the library (`toy_service/`) is all that a second API takes; nothing outside it knows of it.

It is found by its entry point, as that of an installed package would be.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from ecf_sandbox import services
from ecf_sandbox.app import create_app
from ecf_sandbox.cli.main import main
from ecf_sandbox.remote.drift_plan import plan
from ecf_sandbox.scenario import BadScenario, load_scenario
from ecf_sandbox.scenario.loading import saved, shipped
from ecf_sandbox.scenario.world import world_of
from ecf_sandbox.state.exchange_codec import as_json_lines
from ecf_sandbox.state.worlds import Worlds
from ecf_sandbox.testing.pool import WorldPool
from ecf_sandbox.testing.settings import BadSetting, Setting
from ecf_sandbox.tools.contract.answers import Contract
from ecf_sandbox.tools.contract.documents import documents
from ecf_sandbox.tools.observer.expected import everything
from ecf_sandbox.tools.report.build import report_of
from ecf_sandbox.tools.report.journal_file import read
from ecf_sandbox.transport import InProcess
from tests.scenario.small import read as read_small
from tests.scenario.small import small
from tests.toy_service.service import SERVICE

FOLDER = Path(__file__).parent / "toy_service"
STORY = "the-only-copy"
ECF_LIST = "/api/v3/participants/ecf"


@pytest.fixture(autouse=True)
def installed(monkeypatch):
    """The package of the library, as pip would have installed it."""
    monkeypatch.syspath_prepend(str(FOLDER))


class Application:
    """An application, asked by members of the library, by providers, and by whoever controls it."""

    def __init__(self, *worlds) -> None:
        self.worlds = Worlds(worlds[0])
        for it in worlds[1:]:
            self.worlds.add(it)
        self.send = InProcess(create_app(self.worlds).wsgi_app)

    def __call__(self, method, target, attributes=None, token="anna-card", **headers):
        sent = [("Authorization", f"Bearer {token}"), *((k.replace("_", "-"), v) for k, v in headers.items())]
        if attributes is None:
            return self.send(method, target, sent)
        body = json.dumps({"data": {"type": "loan", "attributes": attributes}}).encode()
        return self.send(method, target, [*sent, ("Content-Type", "application/json")], body)

    def control(self, method, path, body=None):
        reply = self.send(method, f"/_sandbox{path}", (), None if body is None else json.dumps(body).encode())
        assert reply.status < 300, reply.body
        return json.loads(reply.body)


def library(name="main"):
    return world_of(load_scenario(STORY, seed="sandbox"), name=name)


@pytest.fixture
def world():
    return library()


@pytest.fixture
def ask(world):
    return Application(world)


@pytest.fixture
def emma(world):
    return SERVICE.names(world.state.records)["books.Emma"]


class TestItIsFound:
    def test_by_its_name(self):
        assert services.service_names() == ["ecf", "rect", "library"]
        assert services.service_named("library") is SERVICE

    def test_with_its_scenarios(self):
        assert STORY in shipped()

    def test_nowhere_once_its_package_is_gone(self, monkeypatch):
        monkeypatch.undo()

        assert services.service_names() == ["ecf", "rect"]


class TestItIsServed:
    def test_lists_of_it_are_read_by_page_and_filter(self, ask):
        listed = json.loads(ask("GET", "/api/v1/books?filter[author]=Jane+Austen&page[per_page]=1").body)["data"]

        assert [it["attributes"]["author"] for it in listed] == ["Jane Austen"]

    def test_one_is_shown(self, ask, emma):
        shown = json.loads(ask("GET", f"/api/v1/books/{emma}").body)["data"]

        assert shown["attributes"] == {"title": "Emma", "author": "Jane Austen", "copies_left": 1}

    def test_a_write_changes_its_records(self, ask, world, emma):
        reply = ask("POST", "/api/v1/loans", {"book_id": emma})

        assert reply.status == 200
        assert [it.book_id for it in world.state.records.loans] == [emma]

    def test_who_has_no_card_is_unknown(self, ask):
        assert ask("GET", "/api/v1/books", token="ambition-token").status == 401

    def test_paths_of_another_service_are_not_there(self, ask):
        assert ask("GET", ECF_LIST).status == 404

    def test_answers_are_as_its_document_says(self, ask, emma):
        contract = Contract(documents(SERVICE))

        for method, target, attributes in (
            ("GET", "/api/v1/books", None),
            ("GET", f"/api/v1/books/{emma}", None),
            ("POST", "/api/v1/loans", {"book_id": emma}),
        ):
            assert contract.faults(method, target, ask(method, target, attributes)) == []

    def test_its_documents_can_be_read_in_a_browser(self, ask):
        assert b">Version 1</a>" in ask("GET", "/docs").body
        assert b"listBooks" in ask("GET", "/_sandbox/openapi/v1.json").body
        assert b"anna-card" in ask("GET", "/docs/v1").body


class TestItRefuses:
    def test_by_its_rules(self, ask, world, emma):
        ask("POST", "/api/v1/loans", {"book_id": emma})
        before = world.state

        reply = ask("POST", "/api/v1/loans", {"book_id": emma}, token="bert-card")

        assert reply.status == 422
        assert reply.headers["x-sandbox-rules"] == "loan.all-lent"
        assert json.loads(reply.body)["errors"] == [{"title": "book_id", "detail": "All copies of Emma are lent."}]
        assert world.state is before


class TestItIsExplained:
    def explained(self, ask):
        return ask.control("GET", f"/worlds/main/journal/{ask.worlds.main.journal.count}/explain")

    def test_a_refusal_with_its_rule_the_facts_and_what_would_pass(self, ask, emma):
        ask("POST", "/api/v1/loans", {"book_id": emma})
        ask("POST", "/api/v1/loans", {"book_id": emma}, token="bert-card")

        it = self.explained(ask)

        assert it["summary"] == "The request to lend a book was refused by one rule: loan.all-lent."
        (judging,) = it["judgings"]
        broken = judging["rulings"][1]
        assert broken["policy"] == "A book is lent while a copy is in the house."
        assert {"name": "book", "value": "Emma by Jane Austen"} in broken["facts"]
        assert [(one["words"], one["still"]) for one in it["suggestions"]] == [("Borrow Persuasion instead.", [])]

    def test_a_name_that_is_misspelt_is_known_from_its_document(self, ask, emma):
        ask("POST", "/api/v1/loans", {"bookId": emma})

        (one,) = self.explained(ask)["suggestions"]

        assert one["words"] == "Spell the names of the attributes as the API does: book_id for bookId."
        assert one["request"]["body"]["data"]["attributes"] == {"book_id": emma}

    @pytest.mark.parametrize(
        ("path", "meant"),
        [
            pytest.param("/api/v1/boks", "The path is near it: /api/v1/books.", id="a path"),
            pytest.param("/api/v3/books", "The only version is v1: /api/v1/books.", id="a version"),
            pytest.param("/books", "Every path starts with /api and a version: /api/v1/books.", id="a path without"),
        ],
    )
    def test_a_path_that_is_misspelt_is_known_from_its_routes(self, ask, path, meant):
        ask("GET", path)

        it = self.explained(ask)

        assert it["reasons"] == [f"Unknown path: {path}."]
        assert it["suggestions"][0]["words"] == meant

    def test_a_card_that_nobody_has_with_those_that_there_are(self, ask):
        ask("GET", "/api/v1/books", token="ana-card")

        assert "anna-card" in self.explained(ask)["suggestions"][0]["words"]


class TestItIsObserved:
    def found(self, ask, world, *request):
        ask(*request)
        return {it.code: it for it in world.journal.newest(1)[0].findings}

    def test_an_unknown_attribute(self, ask, world, emma):
        found = self.found(ask, world, "POST", "/api/v1/loans", {"book_id": emma, "bok_id": "x"})

        assert "did you mean 'book_id'?" in found["body.unknown-attribute"].message

    def test_an_unknown_parameter_and_an_unknown_filter(self, ask, world):
        found = self.found(ask, world, "GET", "/api/v1/books?cohort=2025&filter[auther]=x")

        assert found["query.unknown-parameter"].expected == "filter[author], page[page], page[per_page]"
        assert "did you mean 'author'?" in found["filter.unknown"].message

    def test_an_unknown_path_and_a_wrong_method(self, ask, world):
        assert "/api/v1/books" in self.found(ask, world, "GET", "/api/v1/book")["path.unknown"].message
        assert self.found(ask, world, "DELETE", "/api/v1/books")["path.wrong-method"].expected == "GET"

    def test_nothing_in_a_sound_request(self, ask, world, emma):
        assert self.found(ask, world, "POST", "/api/v1/loans", {"book_id": emma}) == {}
        assert self.found(ask, world, "GET", f"/api/v1/books/{emma}") == {}

    def test_by_what_is_read_out_of_its_documents(self):
        assert set(everything(SERVICE)["v1"]) == {"/api/v1/books", "/api/v1/books/{id}", "/api/v1/loans"}


class TestItIsKeptAndReported:
    def test_in_the_journal_with_its_rows(self, ask, emma):
        ask("POST", "/api/v1/loans", {"book_id": emma})

        it = ask.control("GET", "/worlds/main/journal/1")

        assert (it["provider"], it["rules"]) == ("Anna Lee", {"loan.book-unknown": "kept", "loan.all-lent": "kept"})
        assert [change["table"] for change in it["changes"]] == ["loans"]

    def test_with_its_operations_and_its_rules_counted(self, ask, world, emma):
        for _ in range(2):
            ask("POST", "/api/v1/loans", {"book_id": emma})
        journal = read(as_json_lines(world.journal).encode(), "main")

        report = report_of([journal], SERVICE)

        assert {(it.id, it.kept, it.broken) for it in report.rules} == {
            ("loan.book-unknown", 2, 0),
            ("loan.all-lent", 1, 1),
        }
        assert [(it.routes, it.asked) for it in report.operations] == [
            (("GET /api/v1/books",), 0),
            (("GET /api/v1/books/{id}",), 0),
            (("POST /api/v1/loans",), 2),
        ]
        assert (report.coverage.operations["v1"].used, report.coverage.operations["v1"].known) == (1, 3)
        assert report.checklist == ()

    def test_its_writes_are_undone(self, ask, world, emma):
        before = world.state.records
        ask("POST", "/api/v1/loans", {"book_id": emma})

        ask.control("POST", "/worlds/main/journal/undo")

        assert world.state.records == before


class TestItIsToldInAScenario:
    def test_which_plays_with_an_event_and_expectations(self):
        result = CliRunner().invoke(main, ["scenarios", "play", str(FOLDER / "scenarios" / f"{STORY}.yaml")])

        assert result.exit_code == 0, result.output
        assert "1 story, 4 steps: 4 as expected, 0 different" in result.output

    def test_which_fails_where_an_answer_differs(self, tmp_path):
        text = (FOLDER / "scenarios" / f"{STORY}.yaml").read_text()
        file = tmp_path / "wrong.yaml"
        file.write_text(text.replace("copies_left: 1", "copies_left: 7"))

        result = CliRunner().invoke(main, ["scenarios", "play", str(file)])

        assert (result.exit_code, "copies_left is 1, expected 7" in result.output) == (1, True)

    def test_whose_sections_are_its_own(self, tmp_path):
        file = tmp_path / "odd.yaml"
        file.write_text("service: library\nnow: 2026-10-12\nmembers: {a: {name: A}}\nbooks: {}\nschools: {}\n")

        with pytest.raises(BadScenario, match="schools: unknown 'schools'"):
            load_scenario(file, seed="s")

    def test_and_a_saved_state_is_read_again(self, world, tmp_path):
        file = tmp_path / "saved.yaml"
        file.write_text(saved(world, "Saved", ""))

        again = load_scenario(file, seed="other")

        assert (again.service, again.records()) == (SERVICE, world.state.records)
        assert dict(again.clients) == {"anna-lee": "anna-card", "bert-moss": "bert-card"}


class TestItIsControlled:
    def test_an_event_happens(self, ask, world, emma):
        ask("POST", "/api/v1/loans", {"book_id": emma})

        ask.control("POST", "/worlds/main/events", {"event": "return_book", "with": {"loan_id": "${loans.Emma}"}})

        assert all(it.returned_at is not None for it in world.state.records.loans)

    def test_a_world_shows_what_it_is_of_and_holds(self, ask):
        shown = ask.control("GET", "/worlds/main")

        assert (shown["service"], shown["edition"]) == ("library", "quiet")
        assert shown["holds"] == {"books": 3, "loans": 0}
        assert shown["tokens"] == {"Anna Lee": "anna-card", "Bert Moss": "bert-card"}

    def test_time_goes_by(self, ask):
        assert ask.control("GET", "/worlds/main/clock/moments") == {"moments": []}
        ask.control("POST", "/worlds/main/clock/advance", {"days": 1})

    def test_a_world_is_exported_and_imported(self, ask, world, emma):
        ask("POST", "/api/v1/loans", {"book_id": emma})
        exported = ask.control("GET", "/worlds/main/export")

        ask.control("POST", "/worlds/again/import", exported)

        assert ask.worlds.get("again").state.records == world.state.records


class TestBesideAnotherService:
    """One application, whose main world is of ECF."""

    @pytest.fixture
    def both(self):
        return Application(world_of(read_small(small())), library("lending"))

    def test_each_world_answers_for_its_own(self, both):
        assert both("GET", ECF_LIST, token="alpha-token").status == 200
        assert both("GET", "/api/v1/books", X_Sandbox_World="lending").status == 200
        assert both("GET", "/api/v1/books", token="anna-card~lending").status == 200
        assert both("GET", "/api/v1/books", token="alpha-token").status == 404
        assert both("GET", ECF_LIST, X_Sandbox_World="lending").status == 404

    def test_what_is_done_in_one_changes_nothing_in_the_other(self, both):
        lending = both.worlds.get("lending")
        before, emma = both.worlds.main.state, SERVICE.names(lending.state.records)["books.Emma"]

        both("POST", "/api/v1/loans", {"book_id": emma}, X_Sandbox_World="lending")

        assert both.worlds.main.state is before
        assert (lending.journal.count, both.worlds.main.journal.count) == (1, 0)

    def test_a_request_of_either_is_explained_by_its_own(self, both):
        both("GET", "/api/v1/boks", X_Sandbox_World="lending")
        both("GET", "/api/v3/statments", token="alpha-token")

        found = [both.control("GET", f"/worlds/{it}/journal/1/explain")["suggestions"] for it in ("lending", "main")]

        assert [it[0]["words"].rpartition(" ")[2] for it in found] == ["/api/v1/books.", "/api/v3/statements."]

    def test_a_world_is_created_of_a_scenario_of_either(self, both):
        made = both.control("POST", "/worlds", {"name": "more", "scenario": STORY})
        other = both.control("POST", "/worlds", {"name": "less", "scenario": "default"})

        assert (made["service"], made["edition"]) == ("library", "quiet")
        assert (other["service"], other["edition"]) == ("ecf", "guidance")

    def test_an_export_of_either_is_read_for_its_own(self, both):
        exported = both.control("GET", "/worlds/lending/export")

        assert both.control("POST", "/worlds/again/import", exported)["service"] == "library"


class TestItIsTestedWith:
    def test_a_pool_makes_its_worlds(self):
        pool = WorldPool(Setting(STORY), FOLDER)

        world = pool.world("a-test")

        assert world.client.get(f"/api/v1/books/{world.named('books')['Emma']}").status == 200

    def test_an_edition_of_another_service_is_refused(self):
        with pytest.raises(BadSetting, match="unknown edition 'live'; choose from quiet"):
            WorldPool(Setting(STORY, edition="live"), FOLDER)


class TestItsCommands:
    def run(self, *arguments):
        result = CliRunner().invoke(main, arguments)
        assert result.exit_code == 0, result.output
        return result.output

    def test_print_its_rules(self):
        assert "A book is lent while a copy is in the house." in self.run("rules", "--service", "library")

    def test_list_its_scenarios_among_others(self):
        assert "The only copy (4 steps)" in self.run("scenarios", "list")

    def test_refuse_an_edition_that_it_has_not(self):
        result = CliRunner().invoke(
            main, ["serve", "--service", "library", "--scenario", STORY, "--edition", "live", "--port", "0"]
        )

        assert (result.exit_code, "unknown edition 'live'; choose from quiet" in result.output) == (2, True)

    def test_drift_reads_its_lists(self):
        assert {it.target.partition("?")[0] for it in plan(SERVICE, 1)} >= {"/api/v1/books", "/api/v1/books/{id}"}
