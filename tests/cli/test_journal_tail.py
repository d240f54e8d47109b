"""`ecf-sandbox journal tail` and `explain last`: what happened just now in a running sandbox."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys

import pytest

from ecf_sandbox.cli.journal_tail import Follower
from tests.served import ENVIRONMENT, invoke, standing

LIST = "/api/v3/statements"
NOBODY = "/api/v3/participants/ecf/00000000-0000-4000-8000-000000000000"


@pytest.fixture
def server():
    with standing("2026-10-12T09:00:00Z") as it:
        yield it


@pytest.fixture
def ask(server):
    def ask(path=LIST, world="", token=server.token):
        return server.send("GET", path, [("Authorization", f"Bearer {token}{world}")])

    return ask


@pytest.fixture
def command(server):
    def command(*arguments, code=0):
        done = invoke(*arguments, ECF_SANDBOX_URL=server.url)
        assert done.returncode == code, done.stderr
        return done

    return command


class TestTail:
    def test_prints_the_newest_exchanges_the_oldest_first(self, ask, command):
        for _ in range(12):
            ask()
        lines = command("journal", "tail").stdout.splitlines()

        assert lines[0].split()[:2] == ["NO", "AT"]
        assert [it.split()[0] for it in lines[1:]] == [str(it) for it in range(3, 13)]

    @pytest.mark.parametrize(("count", "shown"), [("2", ["2", "3"]), ("0", []), ("99", ["1", "2", "3"])])
    def test_prints_as_many_as_are_asked_for(self, ask, command, count, shown):
        for _ in range(3):
            ask()

        assert [it.split()[0] for it in command("journal", "tail", "-n", count).stdout.splitlines()[1:]] == shown

    def test_prints_an_object_a_line_for_programs(self, ask, command):
        ask()
        ask(f"{LIST}?filter[colour]=red")
        lines = [json.loads(it) for it in command("journal", "tail", "--json").stdout.splitlines()]

        assert [it["number"] for it in lines] == [1, 2]
        assert lines[1]["findings"]

    def test_is_about_the_world_that_is_named(self, ask, command):
        ask(world="~mine")

        assert command("journal", "tail").stdout.count("\n") == 1
        assert command("journal", "tail", "--world", "mine").stdout.count("\n") == 2
        assert "did you mean 'mine'" in command("journal", "tail", "--world", "mien", code=1).stderr

    def test_prints_nothing_of_a_world_that_there_is_not(self, command):
        assert command("journal", "tail", "--world", "mien", code=1).stdout == ""

    def test_refuses_a_count_that_is_none(self, command):
        command("journal", "tail", "-n", "-1", code=2)

    def test_says_so_where_no_sandbox_answers(self):
        done = invoke("journal", "tail", "--follow", "--url", "http://127.0.0.1:9")

        assert (done.returncode, done.stdout) == (3, "")

    def test_stands_among_the_commands_of_the_journal(self, command):
        assert "  tail" in command("journal", "--help").stdout
        assert "did you mean 'tail'" in command("journal", "tial", code=2).stderr


def a_list(*numbers, count=None):
    """What the control plane answers where these exchanges are kept of so many."""
    exchanges = [{"number": it} for it in numbers]
    dropped = (count or max(numbers, default=0)) - len(numbers)
    return {"exchanges": exchanges, "kept": len(numbers), "dropped": dropped, "found": len(numbers)}


class TestFollowing:
    def shown(self, follower, document):
        return [it["number"] for it in follower.new(document)]

    def test_shows_each_exchange_once(self):
        it = Follower(2)

        assert self.shown(it, a_list(1, 2, 3)) == [2, 3]
        assert self.shown(it, a_list(1, 2, 3)) == []
        assert self.shown(it, a_list(1, 2, 3, 4, 5)) == [4, 5]

    def test_shows_a_write_that_was_answered_after_a_later_one(self):
        it = Follower(10)
        self.shown(it, a_list(1, 2, 4, count=4))

        assert self.shown(it, a_list(1, 2, 3, 4, 5)) == [3, 5]

    def test_goes_on_where_the_journal_was_cleared(self):
        it = Follower(10)
        self.shown(it, a_list(1, 2))

        assert self.shown(it, a_list(count=2)) == []
        assert self.shown(it, a_list(3, count=3)) == [3]

    def test_begins_anew_where_the_server_did(self):
        it = Follower(10)
        self.shown(it, a_list(1, 2, 3))

        assert self.shown(it, a_list(1)) == [1]
        assert self.shown(it, a_list(1, 2)) == [2]

    def test_counts_what_it_never_saw(self):
        it = Follower(10)
        self.shown(it, a_list(1, 2))
        self.shown(it, a_list(7, 8, count=8))

        assert it.missed == 4


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "SIGTERM"])
def test_follows_until_ctrl_c_and_ends_at_once(server, ask, number):
    ask()
    with subprocess.Popen(
        [sys.executable, "-m", "ecf_sandbox", "journal", "tail", "--follow", "-n", "1", "--url", server.url],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=ENVIRONMENT,
    ) as process:
        assert process.stdout.readline().startswith("   NO")
        assert process.stdout.readline().split()[0] == "1"
        ask(NOBODY)
        followed = process.stdout.readline()
        os.kill(process.pid, number)

        assert process.wait(timeout=2) == (130 if number == signal.SIGINT else -signal.SIGTERM)
        assert process.stderr.read() == ""

    assert followed.split()[0] == "2"
    assert NOBODY in followed


class TestExplainLast:
    def test_explains_the_last_refusal(self, ask, command):
        ask(NOBODY)
        ask(f"{LIST}/00000000-0000-4000-8000-000000000000")
        ask()

        assert f"GET {LIST}/00000000-0000-4000-8000-000000000000 was answered 404" in command("explain", "last").stdout

    def test_is_about_the_world_that_is_named(self, ask, command):
        ask(NOBODY)
        ask(LIST, world="~mine", token="wrong")

        assert "was answered 401" in command("explain", "last", "--world", "mine").stdout
        assert json.loads(command("explain", "last", "--json").stdout)["number"] == 1

    def test_says_so_where_nothing_was_refused_and_names_other_worlds(self, ask, command):
        ask()
        ask(NOBODY, world="~mine")
        told = command("explain", "last", code=1).stderr

        assert "nothing was refused in world main" in told
        assert "--world mine" in told
