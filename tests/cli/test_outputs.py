"""A command whose outputs are closed, full or read by nobody says so in one line, and never with a traceback."""

from __future__ import annotations

import json
import signal
import subprocess
import sys

import pytest

from tests.served import ENVIRONMENT, served

# Each starts processes.
pytestmark = pytest.mark.slow

COMMANDS = {
    "help": "--help",
    "the version": "--version",
    "rules": "rules",
    "a scenario as a page": "scenarios docs",
    "a story": "scenarios play deferral-and-return",
    "worlds": "world list",
    "an export": "world export",
    "a report": "report --json -",
    "doctor": "doctor",
}


@pytest.fixture(scope="module")
def url():
    with served("--now", "2026-10-12T09:00:00Z") as it:
        yield it.url


def shell(command: str, url: str = "") -> subprocess.CompletedProcess[str]:
    """What a shell makes of `ecf-sandbox` with these words behind it."""
    line = f"set -o pipefail; {sys.executable} -m ecf_sandbox {command}"
    environment = ENVIRONMENT | ({"ECF_SANDBOX_URL": url} if url else {})
    return subprocess.run(
        ["bash", "-c", line], capture_output=True, text=True, env=environment, timeout=120, check=False
    )


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
class TestACommand:
    @pytest.mark.parametrize("where", [">&-", ">/dev/full"])
    def test_that_cannot_print_says_so_in_a_line(self, url, command, where):
        done = shell(f"{command} {where}", url)

        assert done.returncode == 3
        assert done.stderr.splitlines()[-1].startswith("ecf-sandbox: cannot write to standard output: ")
        assert "Traceback" not in done.stderr

    @pytest.mark.parametrize("where", ["| head -1", "| true"])
    def test_whose_reader_has_enough_ends_quietly(self, url, command, where):
        done = shell(f"{command} {where}", url)

        assert "Traceback" not in done.stderr
        assert "Exception" not in done.stderr

    def test_that_can_print_nothing_at_all_ends(self, url, command):
        assert shell(f"{command} >&- 2>&-", url).returncode == 3


@pytest.mark.parametrize("command", ["explain -", "world import x -", "report -"])
def test_a_closed_input_is_an_empty_one(command, url):
    done = shell(f"{command} <&-", url)

    assert done.returncode in (2, 3)
    assert "Traceback" not in done.stderr


def test_a_prompt_without_an_input_ends_the_story():
    assert shell("scenarios play deferral-and-return --step <&-").returncode == 0


@pytest.mark.parametrize("where", [">&-", ">/dev/full"])
def test_a_server_whose_greeting_nobody_can_read_serves(where):
    line = f"exec {sys.executable} -m ecf_sandbox serve --port 28741 {where}"
    with subprocess.Popen(["bash", "-c", line], env=ENVIRONMENT, stderr=subprocess.PIPE, text=True) as process:
        try:
            waited = shell("wait --url http://127.0.0.1:28741 --timeout 60 >&2")
            process.send_signal(signal.SIGTERM)
            said = process.stderr.read()
        finally:
            process.kill()

    assert waited.returncode == 0
    assert (process.returncode, said) == (0, "")


def test_a_server_whose_log_nobody_can_read_answers():
    line = f"exec {sys.executable} -m ecf_sandbox serve --port 0 --verbose 2>/dev/full"
    with subprocess.Popen(["bash", "-c", line], env=ENVIRONMENT, stdout=subprocess.PIPE, text=True) as process:
        try:
            url = json.loads(process.stdout.readline())["url"]
            answered = [shell("world list", url).returncode for _ in range(2)]
        finally:
            process.kill()

    assert answered == [0, 0]
