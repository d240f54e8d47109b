"""`ecf-sandbox explain` against a running server."""

from __future__ import annotations

import json

import pytest

from ecf_sandbox.cli.main import main
from tests.running import cli_runner
from tests.served import invoke, standing

PATH = "/api/v3/participants/ecf/00000000-0000-4000-8000-000000000000"


@pytest.fixture(scope="module")
def server():
    with standing("2026-10-12T09:00:00Z") as it:
        yield it


@pytest.fixture
def explain(server):
    def explain(*arguments, code=0, input=None, url=server.url):
        result = cli_runner(env={"ECF_SANDBOX_URL": url}).invoke(main, ["explain", *arguments], input=input)
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
        assert "The request has no token" in told.stderr

    def test_takes_the_token_of_the_greetings_first_provider(self, server, explain):
        told = explain("--curl", f"curl {server.url}/api/v3/statements")

        assert "with the token of Ambition Institute" in told.stderr
        assert server.token == "ambition-token"

    def test_takes_the_text_of_a_request(self, server, explain, tmp_path):
        (tmp_path / "asked.http").write_text(
            f"PUT {PATH}/defer HTTP/1.1\nContent-Type: application/json\nAuthorization: Bearer {server.token}\n\n"
            '{"data": {"type": "participant-defer", "attributes": {"reason": "none"}}}'
        )

        assert f"PUT {PATH}/defer would be answered 422" in explain(str(tmp_path / "asked.http")).stdout

    def test_takes_a_body_that_is_no_text(self, server, explain):
        sent = {"headers": [["Content-Type", "application/json"]], "body": {"base64": "/w=="}}
        it = {"method": "PUT", "target": f"{PATH}/defer", "request": sent}

        assert "would be answered 400\nThe body is not UTF-8." in explain("-", input=json.dumps(it)).stdout

    def test_is_about_the_world_that_is_named_else_that_of_the_token(self, server, explain):
        server.send("GET", "/api/v3/statements", [("Authorization", f"Bearer {server.token}~named")])
        asked = f"curl -H 'Authorization: Bearer nobody~named' {server.url}/api/v3/statements"

        by_token = explain("--json", "--curl", asked)
        by_option = explain("--world", "nowhere", "--curl", asked, code=1)

        assert json.loads(by_token.stdout)["suggestions"][0]["request"]["headers"]["X-Sandbox-World"] == "named"
        assert "nowhere" in by_option.stderr

    def test_of_one_world_in_another_is_refused_with_both_names(self, server, explain):
        asked = f"curl -H 'Authorization: Bearer {server.token}~one' {server.url}/api/v3/statements"

        told = explain("--world", "other", "--curl", asked, code=1).stderr

        assert ("'one'" in told, "'other'" in told) == (True, True)

    @pytest.mark.parametrize("token", ["Authorization: Bearer {}", "X-Nobody: {}"], ids=["with", "without"])
    def test_works_in_a_world_that_nobody_has_used_with_or_without_a_token(self, server, explain, token):
        asked = f"curl -H '{token.format(server.token)}' {server.url}/api/v3/statements"

        assert "would be answered 200" in explain("--world", f"unused-{len(token)}", "--curl", asked).stdout

    def test_shows_a_path_as_it_was_typed(self, server, explain):
        asked = f"curl -H 'Authorization: Bearer {server.token}' {server.url}/api/v3/statements/café"

        assert "GET /api/v3/statements/café would be answered 404" in explain("--curl", asked).stdout

    def test_offers_requests_for_the_server_that_was_asked(self, server, explain):
        told = explain("--curl", f"curl -H 'Authorization: Bearer wrong' {server.url}/api/v3/statements")

        assert f"{server.url}/api/v3/statements" in told.stdout

    def test_takes_what_the_journal_writes_from_the_terminal(self, explain):
        line = json.dumps({"method": "GET", "target": PATH, "request": {"headers": [], "body": None}})

        assert "would be answered 404" in explain("-", input=line).stdout

    @pytest.mark.parametrize(
        ("arguments", "why"),
        [
            ((), "give an exchange, a file"),
            (("nothing.txt",), "cannot read nothing.txt"),
            (("--curl", "curl"), "--curl: the curl command has no address"),
            (("no\0file",), "cannot read"),
        ],
    )
    def test_says_what_is_wrong_with_the_command(self, explain, arguments, why):
        assert why in explain(*arguments, code=2).stderr

    def test_says_when_nothing_answers(self, explain):
        told = explain("1", code=3, url="http://127.0.0.1:9")

        assert "start one with: ecf-sandbox serve" in told.stderr


class TestAFileThatACommandNames:
    @pytest.mark.parametrize("option", ["-d @{}", "--data-binary @{}", "--json @{}", "--data-urlencode a@{}"])
    @pytest.mark.parametrize("given", ["--curl", "a file"])
    def test_is_read_only_where_that_is_said(self, server, tmp_path, option, given):
        body = tmp_path / "body.json"
        body.write_text('{"data":{"attributes":{"cohort":"read from a file"}}}')
        named = option.format(body)
        command = f"curl {server.url}/api/v3/partnerships/ecf -H 'Content-Type: application/json' {named}"
        (tmp_path / "command").write_text(command)
        asked = ("--curl", command) if given == "--curl" else (str(tmp_path / "command"),)

        refused = invoke("explain", *asked, "--url", server.url)
        read = invoke("explain", *asked, "--read-files", "--url", server.url)

        assert (refused.returncode, "no file is read unless --read-files is given" in refused.stderr) == (2, True)
        assert read.returncode == 0

    def test_of_powershell_likewise(self, server):
        command = f"Invoke-RestMethod {server.url}/api/v3/statements -Method Post -InFile /etc/hostname"

        assert "--read-files" in invoke("explain", "--curl", command, "--url", server.url).stderr
