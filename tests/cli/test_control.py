"""The control plane on the command line, against a running server."""

from __future__ import annotations

import json

import pytest

from ecf_sandbox.cli.control import GROUPS
from ecf_sandbox.cli.main import main
from ecf_sandbox.control.registry import OPERATIONS
from ecf_sandbox.files import folder
from tests.running import cli_runner
from tests.served import invoke, run, served, standing


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


class TestAWorld:
    @pytest.mark.parametrize("naming", [["{}"], ["--world", "{}"], ["--world", "{}", "{}"]], ids=" ".join)
    def test_is_named_in_place_or_by_an_option_whatever_the_command(self, command, tmp_path, naming):
        name = f"named-{len(naming)}{len(naming[0])}"
        named = [it.format(name) for it in naming]
        file = str(tmp_path / "world.json")

        command("world", "create", *named)
        for it in (["show"], ["names"], ["reset"], ["observe", "refuse"], ["export", "--out", file]):
            command("world", *it, *named)
        command("world", "import", *named, file)
        command("world", "delete", *named)

        assert name in command("world", "show", name, code=1).stderr

    @pytest.mark.parametrize("verb", ["create", "show", "reset", "delete", "export"])
    def test_that_is_named_twice_and_differently_is_none(self, command, verb):
        told = command("world", verb, "one-name", "--world", "another", code=2).stderr

        assert "'one-name'" in told
        assert "'another'" in told

    def test_that_is_typed_goes_before_that_of_the_environment(self, server):
        there = {"ECF_SANDBOX_URL": server.url, "ECF_SANDBOX_WORLD": "of-the-environment"}
        runner = cli_runner(env=there)

        assert json.loads(runner.invoke(main, ["world", "create"]).output)["name"] == "of-the-environment"
        assert json.loads(runner.invoke(main, ["world", "show"]).output)["name"] == "of-the-environment"
        assert json.loads(runner.invoke(main, ["world", "show", "main"]).output)["name"] == "main"

    def test_needs_a_name_to_be_created(self, command):
        assert "name the world" in command("world", "create", code=2).stderr

    def test_is_made_by_what_acts_on_it_first_and_that_is_said(self, command):
        first = command("fault", "set", "--world", "unheard-of", "--status", "503").stderr
        again = command("clock", "advance", "--world", "unheard-of", "--days", "1").stderr

        assert ("world unheard-of is new" in first, again) == (True, "")

    def test_is_not_made_by_who_looks_at_it(self, command):
        assert "there is no world" in command("journal", "list", "--world", "unseen", code=1).stderr
        assert "unseen" not in command("world", "list").output


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

    @pytest.mark.parametrize(
        ("typed", "kept"),
        [("7654321", "7654321"), ('"7654321"', "7654321"), ("0012345", "0012345"), ("null", None)],
    )
    def test_takes_what_a_person_types_for_a_text_as_a_text(self, command, typed, kept):
        told = ["participant_id=${people.Amara Okafor}", f"trn={typed}", "active_alert=on", "date_of_birth=1990-02-03"]

        made = json.loads(command("event", "play", "record_check", *told).output)
        noted = json.loads(command("journal", "show", str(made["number"])).output)

        assert noted["request"]["body"]["trn"] == kept
        assert noted["request"]["body"]["active_alert"] is True

    def test_takes_a_status_or_a_number_of_a_journal_as_it_is_typed(self, command):
        verified = json.loads(command("journal", "verify", "--match", "status=599", "--max", "0").output)

        assert verified["verified"] is True

    def test_names_no_value_twice(self, command):
        assert "trn is given twice" in command("event", "play", "record_check", "trn=1", "trn=2", code=2).stderr

    @pytest.mark.parametrize(
        ("arguments", "near"),
        [
            (["event", "play", "chang_name"], "'change_name'"),
            (["event", "play", "change_name", "ful_name=x"], "'full_name'"),
            (["journal", "list", "--rule", "declaration.allready-made"], "'declaration.already-made'"),
            (["journal", "count", "--operation", "createDeclarations"], "'createDeclaration'"),
            (["journal", "verify", "--match", "rule=declaration.nonsense", "--max", "0"], "there is no rule"),
            (["journal", "verify", "--match", "provder=x", "--max", "0"], "'provider'"),
            (["fault", "set", "--operation", "createDeclarations", "--status", "503"], "'createDeclaration'"),
            (["world", "create", "misspelt", "--set", "withdrawn_may_resum=on"], "'withdrawn_may_resume'"),
        ],
        ids=lambda it: " ".join(it) if isinstance(it, list) else "",
    )
    def test_names_the_nearest_to_a_name_that_there_is_not(self, command, arguments, near):
        assert near in command(*arguments, code=1).stderr

    def test_strikes_by_the_name_of_the_document(self, command, server):
        command("fault", "set", "--world", "struck", "--operation", "createDeclaration", "--status", "503")
        asked = server.send(
            "POST", "/api/v3/participant-declarations", [("Authorization", f"Bearer {server.token}~struck")], b"{}"
        )

        assert asked.status == 503

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


class TestAStoryThatIsKept:
    def test_is_a_world_of_the_server_as_far_as_it_was_played(self, command):
        command("scenarios", "play", "paid-void-clawback", "--until", "7", "--keep", "clawback")
        shown = json.loads(command("world", "timeline", "Amara Okafor", "--world", "clawback").output)
        clock = json.loads(command("clock", "show", "--world", "clawback").output)

        assert shown["timeline"][-1]["refused_by"] == ["voiding.clawed-back"]
        assert clock["now"] == "2026-05-11T10:01:00Z"

    def test_from_a_file_of_ones_own_is_kept_too(self, command, tmp_path):
        mine = tmp_path / "mine.yaml"
        mine.write_text((folder("scenarios") / "paid-void-clawback.yaml").read_text(encoding="utf-8"))
        command("scenarios", "play", str(mine), "--until", "8", "--keep", "mine")
        shown = json.loads(
            command("world", "statement", "Ambition Institute.2025.August 2026", "--world", "mine").output
        )

        assert [it["state"] for it in shown["clawbacks"]] == ["awaiting_clawback"]


class TestAMemberThatIsGivenTwice:
    """Python's reader would take the last one, whichever was meant."""

    def test_in_the_file_of_an_import_is_refused(self, command, tmp_path):
        file = tmp_path / "world.json"
        file.write_text('{"format": "ecf-sandbox/world", "version": 1, "version": 2}')

        told = command("world", "import", "twice", str(file), code=2).stderr

        assert "given twice in one object: 'version'" in told

    def test_in_a_value_that_is_json_is_refused(self, command):
        told = command("journal", "verify", "--match", 'body={"a": 1, "a": 2}', code=2).stderr

        assert "body: given twice in one object: 'a'" in told
