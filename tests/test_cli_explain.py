"""`ecf-sandbox explain` against a running server."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from sandbox.cli import main
from tests.serving import served

PATH = "/api/v3/participants/ecf/00000000-0000-4000-8000-000000000000"


@pytest.fixture(scope="module")
def server():
    with served("--now", "2026-10-12T09:00:00Z") as it:
        yield it


@pytest.fixture
def explain(server):
    def explain(*arguments, code=0, input=None, url=server.url):
        result = CliRunner(env={"ECF_SANDBOX_URL": url}).invoke(main, ["explain", *arguments], input=input)
        assert result.exit_code == code, result.output
        return result

    return explain


class TestExplain:
    def test_tells_why_an_exchange_ended_as_it_did(self, server, explain):
        reply = server.send("GET", PATH, [("Authorization", f"Bearer {server.token}")])

        assert "was answered 404" in explain(reply.headers["x-sandbox-request-id"]).stdout

    def test_takes_a_curl_command_and_the_first_providers_token(self, server, explain):
        told = explain("--json", "--curl", f"curl {server.url}{PATH}")

        assert json.loads(told.stdout)["response"]["status"] == 404
        assert "The request shows no token" in told.stderr

    def test_takes_what_the_journal_writes_from_the_terminal(self, explain):
        line = json.dumps({"method": "GET", "target": PATH, "request": {"headers": [], "body": None}})

        assert "would be answered 404" in explain("-", input=line).stdout

    @pytest.mark.parametrize(
        ("arguments", "why"),
        [
            ((), "name an exchange or a file"),
            (("nothing.txt",), "cannot read nothing.txt"),
            (("--curl", "curl"), "names no address"),
        ],
    )
    def test_says_what_is_wrong_with_the_command(self, explain, arguments, why):
        assert why in explain(*arguments, code=2).stderr

    def test_says_when_nothing_answers(self, explain):
        told = explain("1", code=3, url="http://127.0.0.1:9")

        assert "start it with: ecf-sandbox serve" in told.stderr
