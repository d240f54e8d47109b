"""A refusal is explained by its line of a journal alone: without its server, and whatever its world has become."""

from __future__ import annotations

import json

import pytest

from ecf_sandbox.cli.main import main
from ecf_sandbox.tools.report.journal_file import read
from ecf_sandbox.tools.report.terminal import as_text
from tests.control.controlling import TOKEN, Sandbox
from tests.running import cli_runner
from tests.served import standing
from tests.tools.report.of_ecf import FORMATS, report_of

EARLY = "2024-01-01T00:00:00Z"


@pytest.fixture
def refused() -> Sandbox:
    """A declaration that is too early, in a world of its own."""
    sandbox = Sandbox()
    assert sandbox.declare(token=f"{TOKEN}~one", declaration_date=EARLY)[0] == 422
    return sandbox


def line_of(sandbox: Sandbox, query: str = "") -> dict:
    return json.loads(sandbox.done("GET", f"/journal/export{query}").splitlines()[-1])


def explained(line: dict, tmp_path, url: str = "http://127.0.0.1:9", *options: str) -> str:
    file = tmp_path / "line.json"
    file.write_text(json.dumps(line))
    result = cli_runner(env={"ECF_SANDBOX_URL": url}).invoke(main, ["explain", str(file), *options])
    assert result.exit_code == 0, result.output
    return result.output


class TestAnExport:
    def test_has_the_rules_that_refused_and_their_facts(self, refused):
        (broken,) = line_of(refused)["explanation"]["broken"]

        assert broken["rule"] == "declaration.before-milestone"
        assert any(EARLY in fact["value"] for fact in broken["facts"])

    def test_has_what_would_pass_on_demand_and_no_token(self, refused):
        line = line_of(refused, "?explain=true")

        assert line["explanation"]["would_pass"][0]["words"].startswith("Date it")
        assert line["explanation"]["tried"] is True
        assert TOKEN not in json.dumps(line)

    @pytest.mark.parametrize("end", [("DELETE", "/worlds/one"), ("POST", "/worlds/one/reset")])
    def test_explains_for_a_world_that_is_no_more_as_it_was(self, refused, end):
        before = line_of(refused, "?explain=true")["explanation"]

        refused.done(*end)

        assert line_of(refused, "?explain=true")["explanation"] == before

    def test_of_one_world_has_the_same(self, refused):
        alone = json.loads(refused.done("GET", "/worlds/one/journal/export?explain=true"))

        assert alone["explanation"] == line_of(refused, "?explain=true")["explanation"]

    def test_says_why_something_was_not_found(self):
        sandbox = Sandbox()
        sandbox.provider("GET", "/participants/ecf/none")

        assert line_of(sandbox, "?explain=true")["explanation"]["reasons"]

    def test_explains_nothing_that_was_accepted(self, refused):
        refused.provider("GET", "/statements", token=f"{TOKEN}~one")

        assert "explanation" not in line_of(refused, "?explain=true")


class TestTheCommand:
    def test_needs_no_server_where_the_explanation_is_written(self, refused, tmp_path):
        text = explained(line_of(refused, "?explain=true"), tmp_path)

        assert "was answered 422" in text
        assert "declaration.before-milestone" in text
        assert EARLY in text
        assert "What would have passed:" in text

    def test_tells_what_the_journal_has_where_no_server_answers(self, refused, tmp_path):
        text = explained(line_of(refused), tmp_path)

        assert "No sandbox answers" in text
        assert "declaration.before-milestone" in text
        assert EARLY in text

    def test_never_says_the_opposite_of_what_happened(self, refused, tmp_path):
        """In the world of the server the same person may be declared for at any time, or is not there."""
        refused.declare(token=f"{TOKEN}~one")
        refused.declare(token=f"{TOKEN}~one")
        line = line_of(refused)
        assert [it["rule"] for it in line["refusals"]] == ["declaration.already-made"]
        with standing("2026-10-12T09:00:00Z") as server:
            server.send("GET", "/api/v3/statements", [("Authorization", f"Bearer {TOKEN}~one")])
            text = explained(line, tmp_path, server.url)
            nowhere = explained(line | {"world": "other"}, tmp_path, server.url)

        assert "it would answer 200 now" in text
        assert "was answered 422" in text
        assert "declaration.already-made" in text
        assert "There is no world other" in nowhere
        assert "was answered 422" in nowhere

    def test_tells_of_the_very_exchange_where_the_server_still_has_it(self, tmp_path):
        with standing("2026-10-12T09:00:00Z") as server:
            sandbox = Sandbox()
            sandbox.send = server.send
            sandbox.declare()
            line = json.loads(server.send("GET", "/_sandbox/journal/export").body.splitlines()[-1])
            text = explained(line, tmp_path, server.url)

        assert "was answered 200" in text
        assert "already-made (broken)" not in text

    def test_is_json_on_demand(self, refused, tmp_path):
        line = line_of(refused, "?explain=true")

        assert json.loads(explained(line, tmp_path, "http://127.0.0.1:9", "--json")) == line


class TestTheReport:
    @pytest.mark.parametrize("write", [as_text, *map(FORMATS.get, ("json", "markdown", "html"))])
    def test_explains_refusals(self, refused, write):
        line = line_of(refused, "?explain=true") | {"test": "client.test.js: declares"}

        text = write(report_of([read(json.dumps(line).encode(), "run")]))

        assert "declaration.before-milestone" in text
        assert EARLY in text
        assert "Date it" in text
