"""A client's command: what it is told, what is read of it, and how it ends."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest

from ecf_sandbox.tools.exercise.client import CannotStart, Client, NoKnowledge, Place, Ran, environment_of

pytestmark = pytest.mark.slow


def run(tmp_path: Path, script: str, task: dict | None = None, **options) -> Ran:
    place = Place("http://127.0.0.1:1", "token~w", "w", "2026-10-12T09:00:00Z", tmp_path / "state")
    return Client(("sh", "-c", script), **options).run(place, task)


class TestWhatACommandIsTold:
    def test_is_where_the_service_is_and_when(self, tmp_path):
        ran = run(tmp_path, 'echo "$ECF_SANDBOX_URL $ECF_SANDBOX_TOKEN $ECF_SANDBOX_WORLD $ECF_SANDBOX_NOW"')

        assert ran.written == "http://127.0.0.1:1 token~w w 2026-10-12T09:00:00Z\n"

    def test_has_a_folder_that_is_kept_from_run_to_run(self, tmp_path):
        run(tmp_path, 'echo seen > "$ECF_SANDBOX_STATE/file"')

        assert run(tmp_path, 'cat "$ECF_SANDBOX_STATE/file"').written == "seen\n"

    def test_has_a_task_only_if_there_is_one(self, tmp_path):
        script = 'cat "${ECF_SANDBOX_TASK:-/dev/null}"'

        assert run(tmp_path, script).written == ""
        assert json.loads(run(tmp_path, script, {"do": "void", "id": "1"}).written) == {"do": "void", "id": "1"}

    def test_has_variables_of_its_own_in_which_places_are_filled_in(self):
        given = {"ECF_SANDBOX_URL": "http://here", "ECF_SANDBOX_TOKEN": "t"}

        found = environment_of({"PATH": "/bin", "ECF_SANDBOX_PORT": "1"}, given, {"API": "{url}/api?{token}"})

        assert found == {"PATH": "/bin", **given, "API": "http://here/api?t"}


class TestWhatItKnows:
    def test_is_what_it_prints(self, tmp_path):
        assert run(tmp_path, "printf '{\\n \"participants\": {}\\n}\\n'").knows() == {"participants": {}}

    def test_may_be_the_last_line_of_what_it_prints(self, tmp_path):
        assert run(tmp_path, "echo reading; echo '{}'").knows() == {}

    def test_is_rather_what_it_writes_to_the_file(self, tmp_path):
        script = """echo '{"log": 1}'; echo '{"participants": {}}' > "$ECF_SANDBOX_KNOWS" """

        assert run(tmp_path, script).knows() == {"participants": {}}

    @pytest.mark.parametrize(
        ("script", "said"),
        [
            pytest.param("true", "it wrote nothing", id="nothing"),
            pytest.param("echo done", "it wrote no JSON: 'done'", id="no JSON"),
            pytest.param("echo '[1]'", "it wrote JSON, but no object", id="no object"),
        ],
    )
    def test_is_said_to_be_missing(self, tmp_path, script, said):
        with pytest.raises(NoKnowledge, match="^" + said.replace("[", r"\[")):
            run(tmp_path, script).knows()


class TestHowItEnds:
    def test_is_told_with_what_it_said(self, tmp_path):
        ran = run(tmp_path, "echo oh >&2; exit 7")

        assert (ran.well, ran.ended, ran.said) == (False, "ended with 7", "oh")

    def test_is_for_lack_of_time_with_all_that_it_started(self, tmp_path):
        ran = run(tmp_path, f"(sleep 60; touch {tmp_path}/late) & echo $! > {tmp_path}/child; wait", limit=0.3)

        child = int((tmp_path / "child").read_text())
        assert ran.ended.startswith("did not end within")
        assert gone(child)

    def test_leaves_nothing_running_behind(self, tmp_path):
        run(tmp_path, f"sleep 60 & echo $! > {tmp_path}/child")

        assert gone(int((tmp_path / "child").read_text()))

    def test_never_comes_where_it_cannot_be_started(self, tmp_path):
        place = Place("", "", "", "", tmp_path)

        with pytest.raises(CannotStart, match="no-such-command cannot be started: No such file or directory"):
            Client(("no-such-command",)).run(place)


def gone(process: int) -> bool:
    """Whether a process ends by and by; one that nobody has waited for is a name without a process."""
    for _ in range(100):
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return True
        if Path(f"/proc/{process}/stat").exists() and ") Z " in Path(f"/proc/{process}/stat").read_text():
            return True
        time.sleep(0.05)
    return False
