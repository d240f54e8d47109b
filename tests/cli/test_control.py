"""The control plane on the command line, against a running server."""

from __future__ import annotations

import json

import pytest

from ecf_sandbox.cli.control import GROUPS
from ecf_sandbox.cli.main import main
from ecf_sandbox.control.registry import OPERATIONS
from tests.running import cli_runner
from tests.serving import invoke, run, served, standing


@pytest.fixture(scope="module")
def server():
    with standing("2026-10-12T09:00:00Z") as it:
        yield it


@pytest.fixture
def command(server):
    def command(*arguments: str, code: int = 0):
        result = cli_runner(env={"ECF_SANDBOX_URL": server.url}).invoke(main, arguments)
        assert result.exit_code == code, result.output
        return result

    return command


class TestEveryOperation:
    @pytest.mark.parametrize("name", [it.command for it in OPERATIONS if it.command])
    def test_has_help(self, name):
        result = cli_runner().invoke(main, [*name.split(), "--help"])

        assert result.exit_code == 0
        assert "--url" in result.output

    def test_belongs_to_a_group(self):
        assert {it.command.split()[0] for it in OPERATIONS if it.command} == set(GROUPS)


class TestACommand:
    def test_does_what_the_control_plane_does(self, command):
        command("world", "create", "one", "--now", "2026-11-01", "--set", "withdrawn_may_resume=on")
        shown = json.loads(command("world", "show", "--world", "one").output)

        assert shown["clock"] == {"mode": "frozen", "now": "2026-11-01T00:00:00Z"}
        assert shown["edition"] == "guidance+withdrawn_may_resume=on"

    def test_plays_an_event_about_somebody_by_name(self, command):
        told = ["participant_id=${people.Jane Smith}", "full_name=Jane Jones"]
        command("event", "play", "change_name", *told)

        assert "Jane Jones" in command("world", "names").output

    def test_moves_the_clock_to_a_named_moment(self, command):
        command("world", "create", "clocked")

        moved = command("clock", "advance", "--world", "clocked", "--to", "statement:next:cut-off").output

        assert json.loads(moved)["now"] == "2026-11-01T00:00:00Z"

    def test_fails_when_something_is_not_as_verified(self, command):
        command("journal", "verify", "--match", "path=/nowhere", code=1)
        command("journal", "verify", "--match", "path=/nowhere", "--max", "0")

    def test_writes_a_world_out_and_reads_it_in(self, command, tmp_path):
        file = str(tmp_path / "world.json")
        command("world", "export", "--out", file)

        assert json.loads(command("world", "import", "again", file).output)["name"] == "again"

    @pytest.mark.slow
    def test_saves_a_world_as_a_scenario_that_can_be_served(self, command, tmp_path):
        file = str(tmp_path / "saved.yaml")
        command("scenarios", "save", file, "--title", "Monday")

        with served("--scenario", file) as again:
            assert again.send("GET", "/api/v3/statements", [("Authorization", f"Bearer {again.token}")]).status == 200

    def test_says_what_is_wrong_without_a_trace(self, command, tmp_path):
        (tmp_path / "broken.json").write_text('{"format": "ecf-sandbox/world", "version": 9}')

        assert "reads version 1" in command("world", "import", "x", str(tmp_path / "broken.json"), code=1).stderr
        assert "did you mean 'main'" in command("world", "show", "--world", "mian", code=1).stderr
        assert "did you mean 'advance'" in command("clock", "advnce", code=2).stderr
        assert "isn't name=value" in command("event", "play", "change_name", "x", code=2).stderr

    def test_says_how_to_start_a_server_where_there_is_none(self):
        result = invoke("world", "list", "--url", "http://127.0.0.1:9")

        assert result.returncode == 3
        assert "ecf-sandbox serve" in result.stderr
        assert "Traceback" not in result.stderr

    def test_says_that_something_else_answers(self, server):
        result = invoke("world", "list", "--url", f"{server.url}/api")

        assert result.returncode == 1
        assert "is --url right?" in result.stderr


@pytest.mark.slow
class TestBeyondThisMachine:
    def test_a_control_token_is_made_and_needed(self):
        with served("--host", "0.0.0.0") as server:
            refused = run("world", "list", "--url", server.url)
            listed = run("world", "list", "--url", server.url, "--control-token", server.line["control_token"])

        assert refused.returncode == 1
        assert "X-Sandbox-Token" in refused.stderr
        assert listed.returncode == 0
