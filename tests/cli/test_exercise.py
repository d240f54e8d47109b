"""`ecf-sandbox exercise`: what it says, writes and ends with, as a provider runs it."""

from __future__ import annotations

import importlib.util
import json
import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from jsonschema_rs import validator_for

from ecf_sandbox.tools.exercise.client import GIVEN as CLIENT_IS_TOLD
from tests.served import ENVIRONMENT, invoke
from tests.tools.exercise.clients import ONCE, SOUND, command
from tests.tools.exercise.test_client import gone


def exercise(folder: Path, *arguments: str, source: str = SOUND) -> subprocess.CompletedProcess[str]:
    """The command, in a folder, against a client."""
    return subprocess.run(
        [sys.executable, "-m", "ecf_sandbox", "exercise", *arguments, "--", *command(folder, source)],
        cwd=folder,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


class TestAWrongCommand:
    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            pytest.param((), "give the command that runs your client, after --", id="no command"),
            pytest.param(
                ("--invariant", "ends-wel", "--", "true"),
                "there is no invariant 'ends-wel'; did you mean 'ends-well'?",
                id="no such invariant",
            ),
            pytest.param(
                ("--without", "follows-transfer", "--", "true"),
                "there is no invariant 'follows-transfer'; did you mean 'follows-transfers'?",
                id="no such invariant to leave out",
            ),
            pytest.param(
                ("--task", "declair", "--", "true"),
                "there is no task 'declair'; did you mean 'declare'?",
                id="no such task",
            ),
            pytest.param(
                ("--invariant", "ends-well", "--without", "ends-well", "--", "true"),
                "no invariant is left",
                id="nothing left",
            ),
            pytest.param(("--env", "API", "--", "true"), "'API' is not NAME=VALUE", id="no value"),
            pytest.param(
                ("--env", "ECF_SANDBOX_URL=x", "--", "true"),
                "ECF_SANDBOX_URL is set by the sandbox",
                id="a variable taken",
            ),
            pytest.param(
                ("--provider", "Ambition", "--", "true"),
                "there is no provider 'Ambition'; did you mean 'Ambition Institute'?",
                id="no such provider",
            ),
            pytest.param(("--edition", "lve", "--", "true"), "did you mean 'live'?", id="no such edition"),
            pytest.param(("--scenario", "defualt", "--", "true"), "did you mean 'default'?", id="no such scenario"),
            pytest.param(("--jobs", "0", "--", "true"), "0 is not in the range", id="no job"),
        ],
    )
    def test_is_refused_with_what_is_meant(self, arguments, said):
        done = invoke("exercise", *arguments)

        assert done.returncode == 2
        assert said in " ".join(done.stderr.split())

    def test_to_replay_what_is_no_history_is_refused(self, tmp_path):
        file = tmp_path / "history.json"
        file.write_text('{"steps": [{"happen": {}}]}')

        done = invoke("exercise", "--replay", str(file), "--", "true")

        assert done.returncode == 3
        assert f"{file}: is no history: Object contains unknown field `happen`" in done.stderr

    @pytest.mark.slow
    @pytest.mark.parametrize(
        ("history", "said"),
        [
            pytest.param({"scenario": "gone.yaml"}, "gone.yaml: cannot be read", id="a scenario that is gone"),
            pytest.param({"provider": "Nobody"}, "there is no provider 'Nobody'", id="a provider that is gone"),
        ],
    )
    def test_to_replay_a_history_that_begins_nowhere_is_refused(self, tmp_path, history, said):
        file = tmp_path / "history.json"
        file.write_text(json.dumps(history))

        done = invoke("exercise", "--replay", str(file), "--", "true")

        assert done.returncode == 3
        assert said in done.stderr
        assert "Traceback" not in done.stderr

    def test_says_what_to_install_where_hypothesis_is_missing(self, monkeypatch):
        monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)

        done = invoke("exercise", "--", "true")

        assert done.returncode == 3
        assert "pip install hypothesis, or the extra 'properties'" in done.stderr


class TestWhatThereIs:
    def test_is_listed(self):
        done = invoke("exercise", "--list")

        assert done.returncode == 0
        assert "follows-retired-ids" in done.stdout
        assert "ends-well" in done.stdout
        assert "declare" in done.stdout

    def test_has_a_schema_of_what_a_client_knows(self):
        validator = validator_for(json.loads(invoke("exercise", "--schema").stdout))

        assert validator.is_valid({"participants": {"1": {"full_name": "Jane"}}})
        assert validator.is_valid({"participants": [{"id": "1", "attributes": {}}], "declarations": []})
        assert validator.is_valid({})
        assert not validator.is_valid({"participant": {}})
        assert not validator.is_valid({"participants": [{}]})
        assert not validator.is_valid({"participants": {"1": "Jane"}})


@pytest.mark.parametrize("variable", sorted(CLIENT_IS_TOLD))
def test_a_client_may_run_another_command_of_ours(variable):
    values = {"ECF_SANDBOX_URL": "http://127.0.0.1:1", "ECF_SANDBOX_NOW": "2026-10-12T09:00:00Z"}

    assert invoke("editions", **{variable: values.get(variable, "anything")}).returncode == 0


@pytest.mark.slow
class TestAClient:
    def test_that_comes_through_everything_ends_it_with_0(self, tmp_path):
        done = exercise(tmp_path, "--histories", "10", "--jobs", "2")

        assert done.returncode == 0, done.stderr
        assert done.stderr == ""
        assert done.stdout.startswith("10 histories (seed 0) in ")
        assert done.stdout.endswith("no invariant was broken.\n")
        assert [it.name for it in tmp_path.iterdir()] == ["client.py"]

    def test_that_does_not_is_told_kept_and_tried_first(self, tmp_path):
        first = exercise(tmp_path, "--histories", "30", source=ONCE)
        [history] = (tmp_path / ".ecf-sandbox" / "histories").glob("*.json")
        again = exercise(tmp_path, "--histories", "30", source=ONCE)
        replayed = exercise(tmp_path, "--replay", str(history), source=ONCE)
        mended = exercise(tmp_path, "--replay", str(history), source=SOUND)

        assert first.returncode == 1
        assert f"{history.stem.rpartition('-')[0]}: " in first.stdout
        assert f"ecf-sandbox exercise --replay .ecf-sandbox/histories/{history.name}" in first.stdout
        assert again.returncode == 1
        assert again.stdout.startswith(f".ecf-sandbox/histories/{history.name}, which was found earlier: ")
        assert replayed.returncode == 1
        assert mended.returncode == 0
        assert mended.stdout.endswith("the client comes through it.\n")

    def test_meets_the_same_histories_with_the_same_seed_and_any_number_of_jobs(self, tmp_path):
        found = []
        for jobs in ("1", "2"):
            done = exercise(tmp_path, "--seed", "7", "--jobs", jobs, "--out", f"of-{jobs}", source=ONCE)
            assert done.returncode == 1
            found.append({it.name: it.read_text() for it in (tmp_path / f"of-{jobs}").glob("*.json")})

        assert found[0] == found[1]

    def test_that_cannot_be_started_is_said_to_be(self, tmp_path):
        done = invoke("exercise", "--", "no-such-command")

        assert done.returncode == 3
        assert done.stderr == "ecf-sandbox: no-such-command cannot be started: No such file or directory\n"

    def test_that_prints_no_json_is_said_to(self, tmp_path):
        done = exercise(tmp_path, source="print('done')")

        assert done.returncode == 3
        assert done.stderr == "ecf-sandbox: the command ended with 0, but it wrote no JSON: 'done'\n"

    def test_is_not_begun_with_when_the_time_is_up(self, tmp_path):
        done = exercise(tmp_path, "--histories", "5000", "--time-limit", "1", "--min-histories", "5000")

        assert done.returncode == 4
        assert "at least 5000 required" in done.stderr

    def test_shows_how_far_it_is_on_a_terminal(self, tmp_path):
        leader, follower = pty.openpty()
        with subprocess.Popen(
            [sys.executable, "-m", "ecf_sandbox", "exercise", "--histories", "3", "--", *command(tmp_path, SOUND)],
            cwd=tmp_path,
            env=ENVIRONMENT,
            stdout=subprocess.PIPE,
            stderr=follower,
        ) as process:
            process.communicate(timeout=120)
        os.close(follower)
        shown = os.read(leader, 100_000).decode()
        os.close(leader)

        assert "3 of 3 histories" in shown

    def test_ends_at_once_with_ctrl_c_and_nothing_is_left(self, tmp_path):
        slow = f"import os, time\nopen({str(tmp_path / 'pid')!r}, 'w').write(str(os.getpid()))\ntime.sleep(60)"
        with subprocess.Popen(
            [sys.executable, "-m", "ecf_sandbox", "exercise", "--", *command(tmp_path, slow)],
            cwd=tmp_path,
            env=ENVIRONMENT,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            while not (tmp_path / "pid").exists() or not (tmp_path / "pid").read_text():
                time.sleep(0.05)
            process.send_signal(signal.SIGINT)
            _, said = process.communicate(timeout=20)

        assert process.returncode == 130
        assert said == ""
        assert gone(int((tmp_path / "pid").read_text()))
