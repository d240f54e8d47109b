"""The scenarios on the command line: listed, shown, played here and elsewhere, and printed as a page."""

from __future__ import annotations

import json
import socket
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from ecf_sandbox.cli.main import main
from ecf_sandbox.files import folder
from ecf_sandbox.scenario.loading import headings, shipped
from tests.cli.test_main import serving
from tests.running import cli_runner
from tests.scenario.small import small

DOCS = Path(__file__).resolve().parents[2] / "docs"
STORY = "started-too-early-and-too-late"
READ = {"say": "Jane is listed.", "by": "alpha", "send": "GET /api/v3/participants/ecf", "expect": 200, "count": 2}
EVENT = {"say": "She marries.", "at": "2026-10-12T09:00:00Z", "event": "change_name"}
MARRIED = EVENT | {"with": {"participant_id": "${people.Jane Smith}", "full_name": "Jane Brown"}}


def run(*arguments):
    return CliRunner().invoke(main, ["scenarios", *map(str, arguments)])


@pytest.fixture
def mine(tmp_path):
    """Writes a scenario of one's own with these steps."""

    def write(*steps, **more):
        path = tmp_path / "mine.yaml"
        path.write_text(json.dumps(small(steps=list(steps), **more)))
        return path

    return write


class TestList:
    def test_names_every_scenario_with_its_title_and_steps(self):
        printed = run("list").output

        assert [line.split()[0] for line in printed.splitlines()] == shipped()
        assert "A start declared too early, too late and in time (5 steps)" in printed

    def test_the_headings_are_what_the_files_say(self):
        assert next(it for it in headings() if it.name == "default").steps == 0


class TestShow:
    def test_tells_about_people_and_steps_with_what_is_expected(self):
        printed = run("show", STORY).output

        assert printed.startswith(f"{STORY}: A start declared too early, too late and in time\n")
        assert "  Jane Smith: Began her induction in September 2025; nothing" in printed
        assert "   1. The day before the milestone begins is too early.\n" in printed
        assert "POST /api/v3/participant-declarations by ambition, 1 December 2025, 10:00 UTC" in printed
        assert "expected: 422; refused by declaration.before-milestone; declaration_date: Enter a" in printed

    def test_names_the_nearest_when_there_is_none_of_that_name(self):
        result = run("show", STORY[:-1])

        assert result.exit_code == 2
        assert f"did you mean '{STORY}'?" in result.output


class TestSchema:
    def test_is_printed_for_editors(self):
        result = run("schema")

        assert result.exit_code == 0
        assert result.output == (folder("scenarios") / "scenario.schema.json").read_text(encoding="utf-8")


class TestPlay:
    def test_ends_with_0_when_all_came_as_expected(self):
        result = run("play", STORY)

        assert result.exit_code == 0
        assert "  ✓  4. A date within the milestone is accepted.\n" in result.output
        assert result.output.endswith("1 story, 5 steps: 5 as expected, 0 different\n")

    def test_a_long_sentence_goes_on_in_the_next_line(self):
        output = run("play", "rect-not-until-tomorrow").output

        assert "cannot be deferred, whatever\n        day it is.\n" in output
        assert "\\n" not in output

    def test_ends_with_1_and_every_difference_when_something_differed(self, mine):
        result = run("play", mine(READ | {"count": 7, "excludes": [{"id": "${people.Jane Smith}"}]}))

        assert result.exit_code == 1
        assert "  ✗  1. Jane is listed.\n" in result.output
        assert "        there are 2 items, expected 7\n" in result.output
        assert "which is not expected\n" in result.output
        assert result.output.endswith("1 story, 1 step: 0 as expected, 1 different\n")

    def test_plays_several_each_in_a_world_of_its_own(self):
        result = run("play", STORY, STORY)

        assert result.exit_code == 0
        assert "2 stories, 10 steps: 10 as expected" in result.output

    def test_an_edition_that_is_given_goes_before_that_of_the_story(self):
        result = run("play", "withdrawn-before-and-after-started", "--edition", "live")

        assert result.exit_code == 1
        assert "the status is 200, expected 422" in result.output

    @pytest.mark.parametrize(
        ("arguments", "says"),
        [
            pytest.param([], "name the scenarios to play, or give --all", id="nothing to play"),
            pytest.param(["--all", STORY], "name the scenarios to play, or give --all", id="both"),
            pytest.param(["default"], "default has no steps to play", id="no story"),
            pytest.param(["defalt"], "did you mean 'default'?", id="no scenario"),
            pytest.param([STORY, "--edition", "lice"], "did you mean 'live'?", id="no edition"),
            pytest.param([STORY, "--token", "x"], "--token needs --to", id="a token for nobody"),
            pytest.param([STORY, "--to", "localhost"], "'localhost' is not the address of a server", id="no address"),
            pytest.param(
                [STORY, "--to", "http://x", "--edition", "live"], "has its edition already", id="their edition"
            ),
        ],
    )
    def test_a_wrong_command_is_2_and_says_what_would_be_right(self, arguments, says):
        result = run("play", *arguments)

        assert result.exit_code == 2
        assert says in result.output


class TestTelling:
    """A story on a terminal, as far and as slowly as whoever tells it wants."""

    CLAWBACK = "paid-void-clawback"

    def steps(self, typed, *options):
        told = cli_runner().invoke(main, ["scenarios", "play", self.CLAWBACK, "--step", *options], input=typed)
        return [int(it.split()[1].rstrip(".")) for it in told.stdout.splitlines() if it.startswith("  ✓")]

    @pytest.mark.parametrize(
        ("typed", "shown"),
        [
            pytest.param("\n\nq\n", [1, 2, 3], id="forwards"),
            pytest.param("\n\nb\n\nq\n", [1, 2, 3, 2, 3], id="back and forwards"),
            pytest.param("b\nb\nq\n", [1, 1, 1], id="not before the first"),
            pytest.param("\n", [1, 2], id="an input that ends"),
            pytest.param("\n" * 13, list(range(1, 14)), id="to the end"),
        ],
    )
    def test_waits_for_enter_and_goes_back(self, typed, shown):
        assert self.steps(typed) == shown

    def test_until_plays_the_first_steps_only(self):
        assert run("play", self.CLAWBACK, "--until", 7).output.endswith(
            "1 story, 7 steps: 7 as expected, 0 different\n"
        )

    def test_verbose_shows_bodies_what_changed_and_the_words_of_refusals(self):
        printed = run("play", self.CLAWBACK, "--until", 7, "-v").output

        assert '"declaration_type": "retained-1"' in printed
        assert "Declaration retained-1 of Amara Okafor: paid → awaiting clawback" in printed
        assert "refused: Invalid action: This declaration has been clawed-back, so you can only view it." in printed

    @pytest.mark.parametrize(
        ("arguments", "says"),
        [
            pytest.param(["--all", "--keep", "w"], "--keep needs one scenario", id="all"),
            pytest.param([STORY, STORY, "--keep", "w"], "--keep needs one scenario", id="two"),
            pytest.param([STORY, "--to", "http://x", "--keep", "w"], "--keep needs one scenario", id="elsewhere"),
            pytest.param([STORY, "--until", "0"], "--until", id="none"),
        ],
    )
    def test_says_what_does_not_go_together(self, arguments, says):
        result = run("play", *arguments)

        assert result.exit_code == 2
        assert says in result.output

    def test_shows_a_scenario_as_data(self):
        told = json.loads(run("show", self.CLAWBACK, "--json").output)

        assert told["steps"][6]["expect"]["refused_by"] == ["voiding.clawed-back"]


class TestPlayElsewhere:
    @pytest.mark.slow
    def test_requests_are_played_and_events_are_skipped(self, mine):
        path = mine(READ, MARRIED)
        with serving("--port", "0", "--scenario", str(path)) as (_, line):
            result = run("play", path, "--to", json.loads(line)["url"])

        assert result.exit_code == 0
        assert "  –  2. She marries.\n" in result.output
        assert "skipped: events can't be played on that server" in result.output
        assert result.output.endswith("1 story, 2 steps: 1 as expected, 0 different, 1 skipped\n")

    def test_a_server_that_is_not_there_is_3(self, mine):
        with closing(socket.create_server(("127.0.0.1", 0))) as taken:
            port = taken.getsockname()[1]
        result = run("play", mine(READ), "--to", f"http://127.0.0.1:{port}", "--token", "x")

        assert result.exit_code == 3
        assert f"http://127.0.0.1:{port} cannot be reached" in result.output


@pytest.mark.slow
class TestServe:
    @pytest.mark.parametrize(
        ("options", "edition"), [([], "live"), (["--edition", "guidance"], "guidance")], ids=["not given", "given"]
    )
    def test_a_story_is_served_in_its_edition_unless_one_is_given(self, mine, options, edition):
        with serving("--port", "0", "--scenario", str(mine(edition="live")), *options) as (_, line):
            assert json.loads(line)["edition"] == edition


@pytest.mark.slow
def test_the_page_in_the_documentation_is_what_is_printed():
    # docs/scenarios.md is made by: ecf-sandbox scenarios docs > docs/scenarios.md
    assert (DOCS / "scenarios.md").read_text() == run("docs").output
