"""`ecf-sandbox move` on the command line: files, a running server, and what it ends with."""

from __future__ import annotations

import json

import jsonschema_rs
import pytest

from ecf_sandbox.scenario import load_scenario
from ecf_sandbox.scenario.world import world_of
from ecf_sandbox.state.exchange_codec import as_json_lines
from tests.docs.pages import ROOT
from tests.moving.client import V3, Client, serve
from tests.served import invoke, standing

pytestmark = pytest.mark.slow
NOW = "2026-10-12T09:00:00Z"


@pytest.fixture
def file(tmp_path):
    client = Client()
    client.send("GET", f"{V3}/participants/ecf?page[per_page]=1")
    client.declare("Jane Smith", "started", "2025-10-01T09:00:00Z")
    it = tmp_path / "run.jsonl"
    it.write_bytes(client.journal())
    return it


class TestOfFiles:
    def test_says_what_breaks_where_and_what_to_do(self, file):
        done = invoke("move", str(file), "--scenario", "default")

        assert done.returncode == 1
        assert "2 requests, 2 played against it; 2 differences break requests" in done.stdout
        assert "started-evidence (rule new)" in done.stdout
        assert "docs/behaviour/rect.md#17-3-6" in done.stdout
        assert "v3 createDeclaration" in done.stdout

    def test_judges_by_the_table_what_nothing_shows(self, file):
        done = invoke("move", str(file))

        assert done.returncode == 1
        assert "Judged by the table alone" in done.stdout
        assert "started-evidence" not in done.stdout

    def test_is_written_as_json_to_a_file(self, file, tmp_path):
        out = tmp_path / "moving.json"
        done = invoke("move", str(file), "--scenario", "default", "--json", "--out", str(out))

        it = json.loads(out.read_text())
        assert (done.returncode, done.stdout) == (1, "")
        assert (it["format"], it["version"], it["requests"]) == ("ecf-sandbox/moving", 1, 2)
        assert {each["id"] for each in it["found"] if each["breaks"]} == {"path-participants", "started-evidence"}

    def test_ends_with_0_where_nothing_breaks(self, tmp_path):
        client = Client()
        client.send("GET", f"{V3}/delivery-partners")
        file = tmp_path / "run.jsonl"
        file.write_bytes(client.journal())

        done = invoke("move", str(file))

        assert done.returncode == 0
        assert "Nothing breaks" in done.stdout

    def test_ends_with_4_where_the_client_asked_nothing_of_the_old_api(self, tmp_path):
        file = tmp_path / "run.jsonl"
        file.write_bytes(b"")

        done = invoke("move", str(file))

        assert done.returncode == 4
        assert "there is no request to the old API" in done.stderr

    def test_says_so_where_the_client_has_moved_already(self, tmp_path):
        world = world_of(load_scenario("rect-default", seed="sandbox"))
        serve(world)("GET", f"{V3}/participants", [("Authorization", f"Bearer {world.tokens[0]}")])
        file = tmp_path / "run.jsonl"
        file.write_text(as_json_lines(world.journal, world="main"))

        done = invoke("move", str(file))

        assert done.returncode == 4
        assert "all requests are to the Register early career teachers API, which is where you move to" in done.stderr

    @pytest.mark.parametrize("indent", [None, 1])
    def test_an_http_archive_is_told_from_a_journal(self, tmp_path, indent):
        file = tmp_path / "run.har"
        file.write_text(json.dumps({"log": {"version": "1.2", "entries": []}}, indent=indent))

        done = invoke("move", str(file))

        assert done.returncode == 3
        assert done.stderr.count("\n") == 1
        assert "this is an HTTP Archive" in done.stderr

    def test_the_schema_that_is_printed_describes_what_is_written(self, file):
        schema = json.loads(invoke("move", "--schema").stdout)
        shipped = (ROOT / "docs" / "moving.schema.json").read_text()

        jsonschema_rs.Draft202012Validator(schema).validate(json.loads(invoke("move", str(file), "--json").stdout))
        assert json.loads(shipped) == schema

    @pytest.mark.parametrize(
        ("arguments", "code", "told"),
        [
            (("nowhere.jsonl",), 3, "cannot read nowhere.jsonl"),
            (("README.md",), 3, "this is no line of a journal"),
            (("run.jsonl", "--world", "main"), 2, "give either journal files or worlds"),
            (("--scenario", "default"), 2, "--scenario is for journal files"),
            (("run.jsonl", "--scenario", "rect-default"), 2, "which is where you move to"),
            (("run.jsonl", "--scenario", "defalt"), 2, "did you mean 'default'"),
            (("--url", "http://127.0.0.1:1"), 3, "no sandbox answers"),
        ],
    )
    def test_a_mistake_names_itself(self, file, monkeypatch, arguments, code, told):
        monkeypatch.chdir(file.parent)
        (file.parent / "README.md").write_text("no journal\n")

        done = invoke("move", *arguments)

        assert done.returncode == code, done.stderr
        assert told in done.stderr


class TestOfAServer:
    def test_knows_how_its_worlds_began(self):
        client = Client()
        told = {"participant_id": client.names["people.Jane Smith"], "declaration_type": "started"}
        dated = {"declaration_date": "2025-10-01T09:00:00Z", "course_identifier": "ecf-induction"}
        body = json.dumps({"data": {"attributes": told | dated}}).encode()
        with standing(NOW) as server:
            for token in (server.token, f"{server.token}~one"):
                headers = [("Authorization", f"Bearer {token}"), ("Content-Type", "application/json")]
                assert server.send("POST", f"{V3}/participant-declarations", headers, body).status == 200
            every = invoke("move", "--url", server.url, "--json")
            one = invoke("move", "--url", server.url, "--world", "one", "--json")
            wrong = invoke("move", "--url", server.url, "--world", "on")
            counted = invoke("report", "--url", server.url, "--json", "-")

        assert [(it["requests"], it["played"]) for it in map(json.loads, (every.stdout, one.stdout))] == [
            (2, 2),
            (1, 1),
        ]
        found = {it["id"]: it["exchanges"] for it in json.loads(every.stdout)["found"]}
        assert found["started-evidence"] == ["main#1", "one#1"]
        assert (every.returncode, wrong.returncode) == (1, 2)
        assert "did you mean 'one'" in wrong.stderr
        assert json.loads(counted.stdout)["totals"]["requests"] == 2  # to look at a journal leaves nothing in it

    def test_a_report_has_it_if_it_is_asked_for_and_ends_as_ever(self, file, tmp_path):
        page = tmp_path / "page.html"
        plain = invoke("report", str(file), "--json", "-")
        asked = invoke("report", str(file), "--moving", "--json", "-")
        told = invoke("report", str(file), "--moving", "--markdown", "-", "--html", str(page))

        assert plain.returncode == asked.returncode == told.returncode
        assert json.loads(plain.stdout)["moving"] is None
        assert json.loads(asked.stdout)["moving"]["format"] == "ecf-sandbox/moving"
        assert "path-participants" in told.stdout
        assert "path-participants" in page.read_text()

    def test_a_report_of_the_new_service_has_nothing_to_move_to(self, file):
        done = invoke("report", str(file), "--moving", "--service", "rect")

        assert done.returncode == 2
        assert "nothing has replaced rect" in done.stderr
