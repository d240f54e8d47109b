"""Every command that lists prints a table, and with `--json` what the control plane answers."""

from __future__ import annotations

import json

import pytest

from ecf_sandbox.cli.listings import LISTINGS
from ecf_sandbox.control.registry import OPERATIONS
from ecf_sandbox.ecf.editions import SWITCHES
from ecf_sandbox.scenario.loading import shipped
from tests.served import invoke, standing

PERSON = "/api/v3/participants/ecf/52533669-e457-8431-a46a-958f59d67faa"
LISTING = [it for it in OPERATIONS if it.command in LISTINGS]


@pytest.fixture(scope="module")
def server():
    with standing("2026-10-12T09:00:00Z") as it:
        token = [("Authorization", f"Bearer {it.token}")]
        attributes = {"reason": "other", "course_identifier": "ecf-induction"}
        body = json.dumps({"data": {"type": "participant-withdraw", "attributes": attributes}}).encode()
        it.send("GET", "/api/v3/participants/ecf?token=t0psecret", token)
        it.send("PUT", f"{PERSON}/withdraw", [*token, ("Content-Type", "application/json")], body)
        it.send("GET", "/no%1b%5b31mred", token)
        it.send("GET", "/no%9b31mred%e2%80%aered", token)
        yield it


@pytest.fixture
def told(server):
    def told(*arguments, **environment):
        done = invoke(*arguments, ECF_SANDBOX_URL=server.url, **environment)
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout

    return told


def lists(it):
    """Whether an operation answers nothing but a list."""
    return it.command and it.name.startswith("list_")


class TestEveryCommandThatLists:
    def test_has_a_table(self):
        assert {it.command for it in OPERATIONS if lists(it)} == set(LISTINGS)

    @pytest.mark.parametrize("it", LISTING, ids=lambda it: it.command)
    def test_prints_what_the_control_plane_answers_as_json(self, server, told, it):
        path = it.path.replace("{world}", "main")
        answered = json.loads(server.send("GET", f"/_sandbox{path}").body)

        assert json.loads(told(*it.command.split(), "--json")) == answered

    @pytest.mark.parametrize("it", LISTING, ids=lambda it: it.command)
    @pytest.mark.parametrize("columns", ["40", "80", "132"])
    def test_fits_into_the_terminal(self, told, it, columns):
        lines = told(*it.command.split(), COLUMNS=columns).splitlines()

        assert max(map(len, lines)) <= int(columns)

    @pytest.mark.parametrize("command", [["rules"], ["findings"], ["scenarios", "list"]], ids=lambda it: " ".join(it))
    def test_that_asks_no_server_does_too(self, told, command):
        lines = told(*command, COLUMNS="80").splitlines()

        assert max(map(len, lines)) <= 80
        assert any(it.endswith("…") for it in lines)
        assert "…" not in told(*command)
        assert json.loads(told(*command, "--json"))

    @pytest.mark.parametrize(
        "name", [it.command for it in OPERATIONS if it.command and it.media_types == ("application/json",)]
    )
    def test_and_every_other_that_answers_json_takes_json(self, name):
        assert "--json" in invoke(*name.split(), "--help").stdout


class TestJournalList:
    def test_has_a_line_for_each_exchange(self, told):
        head, read, written, *_ = told("journal", "list").splitlines()

        assert head.split()[:4] == ["NO", "AT", "STATUS", "REQUEST"]
        assert read.split()[:5] == ["1", "2026-10-12", "09:00:00", "200", "GET"]
        assert "withdrawal.not-started" in written
        assert f"PUT {PERSON}/withdraw" in written

    def test_says_at_the_end_of_a_path_what_is_done_also_where_there_is_little_room(self, told):
        assert "/withdraw " in told("journal", "list", COLUMNS="80").splitlines()[2]

    def test_shows_no_token(self, told):
        assert "t0psecret" not in told("journal", "list")

    def test_shows_bytes_that_command_a_terminal_as_escapes(self, told):
        for told_ in (told("journal", "list"), told("journal", "list", "--json"), told("journal", "show", "4")):
            assert all(it.isprintable() for it in told_.split("\n"))

    @pytest.mark.parametrize("command", [["explain", "3"], ["explain", "3", "--json"], ["explain", "4"], ["report"]])
    def test_and_so_does_what_explains_and_reports(self, server, command):
        shown = invoke(*command, ECF_SANDBOX_URL=server.url).stdout

        assert shown
        assert all(it.isprintable() for it in shown.split("\n"))

    def test_says_how_many_there_are_where_it_shows_fewer(self, told):
        assert told("journal", "list", "--limit", "1").splitlines()[-1] == "The newest 1 of 4; --limit shows more."

    def test_says_so_where_there_is_none(self, told):
        assert told("journal", "list", "--status", "299") == "No exchanges.\n"


class TestWorldNames:
    def test_has_people_first(self, told):
        first = [it.partition(".")[0] for it in told("world", "names").splitlines()[1:]]

        assert first[0] == "people"
        assert first == sorted(first, key=lambda it: it != "people")
        assert "statements" in first

    def test_cuts_no_id(self, told):
        lines = told("world", "names", COLUMNS="80").splitlines()[1:]

        assert all(len(it.rpartition("  ")[2]) == 36 for it in lines)


class TestEvents:
    def test_are_a_line_each(self, told):
        lines = told("event", "list").splitlines()

        assert lines[1].startswith("register_ect ")
        assert len(lines) < 40

    def test_say_the_first_paragraph_of_what_they_mean(self, told):
        document = json.loads(told("event", "list", "--json"))
        longer = {it["name"] for it in document["events"] if "\n\n" in it["summary"]}
        lines = {it.split()[0]: it for it in told("event", "list", COLUMNS="1000").splitlines()}

        assert longer
        assert not any("\\n" in lines[it] for it in longer)
        assert lines["ect_becomes_mentor"].endswith("what is known about them is copied.")


class TestFaults:
    def test_say_what_they_do(self, told):
        told("world", "create", "faulty")
        told("fault", "set", "--world", "faulty", "--status", "503", "--latency", "0.5", "--count", "2")
        told("fault", "set", "--world", "faulty", "--drop")
        first, second = told("fault", "list", "--world", "faulty").splitlines()[1:]

        assert "waits 0.5 s, answers 503" in first
        assert "drops the connection" in second


def test_editions_are_printed_as_json_too(told):
    printed = json.loads(told("editions", "--json"))

    assert [it["switch"] for it in printed] == list(SWITCHES)
    assert {"meaning", "on_in", "rules"} < set(printed[0])


def test_scenarios_are_printed_as_json_too(told):
    assert [it["name"] for it in json.loads(told("scenarios", "list", "--json"))["scenarios"]] == shipped()


def test_what_is_no_sandbox_is_said_to_be_none(server):
    done = invoke("world", "list", "--url", f"{server.url}/healthcheck?")

    assert done.returncode == 1
    assert "is --url right?" in done.stderr


def test_one_rule_is_told_in_full(told):
    assert "broken by" in told("rules", "declaration.after-milestone")
