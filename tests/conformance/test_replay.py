"""The command that replays recordings: what it plays, what it tells, and what it ends with."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conformance.archive import pack
from tests.conformance.replay import main

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parents[1]
# Answers what was asked of it, in order; `/wrong` is answered with another number than the recording has.
TARGET = """
import json

class Target:
    def __init__(self, world):
        self.world = world

    def reset(self, rate_limit):
        self.seen = [["reset", rate_limit]]

    def request(self, method, target, headers, body):
        if target == "/broken":
            raise ValueError("out of order")
        if target == "/slow":
            import time
            print("asked", flush=True)
            time.sleep(60)
        self.seen.append([method, target, dict(headers).get("Authorization"), body.decode() if body else None])
        answer = {"number": 2 if target == "/wrong" else 1, "seen": self.seen}
        return 200, {"Content-Type": "application/json"}, json.dumps(answer).encode()

    def event(self, name, arguments, at):
        self.seen.append([name, arguments, at.isoformat()])

def open_target(world):
    return Target(world)
"""
WORLD = {"tokens": {"alpha": {"token": "secret"}}, "tables": {}}


def exchange(path="/right", method="GET", seen=(), number=1, **request):
    """A request, and that it was answered with this number and all that was seen up to it."""
    asked = [method, path, None, None]
    answer = {"number": number, "seen": [["reset", None], *seen, asked]}
    response = {"status": 200, "headers": {"content-type": "application/json"}, "json": answer}
    return {"request": {"method": method, "path": path} | request, "response": response}


PAID = {"event": "pay_statement", "with": {"statement_id": "1"}, "at": "2026-02-10T12:00:00Z"}
PAID_SEEN = ["pay_statement", {"statement_id": "1"}, "2026-02-10T12:00:00+00:00"]
CASES = {
    "reads/right": [exchange()],
    "reads/wrong": [exchange("/wrong")],
    "writes/right": [exchange(method="POST")],
    "events/right": [PAID, exchange(seen=[PAID_SEEN])],
}


@pytest.fixture
def replay(tmp_path, capsys):
    """Replay cases against a small target; what the command ends with, and what it prints."""
    (tmp_path / "small" / "cases").mkdir(parents=True)
    (tmp_path / "small" / "world.json").write_text(json.dumps(WORLD))
    (tmp_path / "target.py").write_text(TARGET)

    def replay(*arguments, cases=CASES, known=None, folder="small"):
        lines = [json.dumps({"id": id, "about": f"About {id}.", "steps": steps}) for id, steps in cases.items()]
        (tmp_path / "small" / "cases" / "all.jsonl").write_text("\n".join(lines) + "\n")
        pack(tmp_path / "small", tmp_path / "packed")
        if known is not None:
            (tmp_path / "known.md").write_text(f"## small\n\n{known}")
            arguments = (*arguments, "--known", str(tmp_path / "known.md"))
        code = main([*where(tmp_path, folder), *arguments])
        return code, capsys.readouterr().out

    return replay


def where(tmp_path, folder="small"):
    """The target, and a recording that is compressed or not."""
    world, cases = ("world.json", "cases") if folder == "small" else ("world.json.xz", "")
    at = tmp_path / folder
    return "--target", str(tmp_path / "target.py"), "--world", str(at / world), "--cases", str(at / cases)


class TestOfRecordings:
    @pytest.mark.parametrize("folder", ["small", "packed"])
    def test_tells_figures_for_each_family_and_in_all(self, replay, folder):
        code, out = replay(folder=folder)

        assert code == 0
        assert f"\nevents: 1/1\nreads: 1/2\nwrites: 1/1\n{folder}: 3/4 (75.0%)\n\nsame answers: 3/4 (75.0%) in " in out

    def test_tells_what_differs_and_how(self, replay):
        _, out = replay()

        assert out.startswith(
            "DIFFERS reads/wrong  About reads/wrong.\n    step 0 GET /wrong: body/number: expected 1, got 2"
        )

    def test_tells_so_many_in_full(self, replay):
        cases = {f"reads/{number}": [exchange("/wrong")] for number in range(5)}

        assert replay("--show", "2", cases=cases)[1].count("DIFFERS") == 2

    def test_tells_the_steps_that_led_there(self, replay):
        cases = {"a/1": [PAID, exchange("/wrong", seen=[PAID_SEEN])]}

        _, out = replay("--steps", cases=cases)

        assert '    0 event pay_statement {"statement_id": "1"} at 2026-02-10T12:00:00Z\n' in out
        assert "    1 GET /wrong → 200, recorded 200\n" in out

    @pytest.mark.parametrize(
        ("options", "figure"),
        [
            pytest.param(["--only", "reads/"], "1/2", id="a family"),
            pytest.param(["--only", "reads/right"], "1/1", id="a case"),
            pytest.param(["--reads"], "1/2", id="only reads"),
            pytest.param(["--no-events"], "2/3", id="without events"),
        ],
    )
    def test_plays_the_cases_that_are_asked_for(self, replay, options, figure):
        assert f"same answers: {figure} " in replay(*options)[1]

    @pytest.mark.parametrize(("percent", "code"), [("75", 0), ("75.1", 1)])
    def test_fails_below_a_share(self, replay, percent, code):
        assert replay("--at-least", percent)[0] == code

    def test_fails_where_there_is_nothing_to_play(self, replay):
        code, out = replay("--only", "nothing/")

        assert code == 1
        assert "There is no such case." in out

    def test_writes_all_that_differ_to_a_file(self, replay, tmp_path):
        replay("--report", str(tmp_path / "report.json"), "--show", "0")

        assert json.loads((tmp_path / "report.json").read_text()) == [
            {
                "world": "small",
                "id": "reads/wrong",
                "about": "About reads/wrong.",
                "listed": None,
                "differences": [
                    "step 0 GET /wrong: body/number: expected 1, got 2",
                ],
            }
        ]

    def test_goes_on_after_a_target_that_crashed(self, replay):
        _, out = replay(cases={"a/1": [exchange("/broken")], "a/2": [exchange()]})

        assert "ValueError: out of order at " in out
        assert "same answers: 1/2 " in out


ROW = "| cases | why |\n| --- | --- |\n"


class TestByAList:
    def test_is_right_where_just_what_is_listed_differs(self, replay):
        code, out = replay(known=f"{ROW}| `reads/wrong` | So. |\n")

        assert code == 0
        assert "DIFFERS" not in out
        assert "1 differ as listed\nsame answers: 3/4 " in out

    def test_is_wrong_where_something_else_differs(self, replay):
        code, out = replay(known=ROW)

        assert code == 1
        assert "1 differ and are not listed: reads/wrong\n" in out

    def test_is_wrong_where_something_listed_is_the_same(self, replay):
        code, out = replay(known=f"{ROW}| `reads/wrong`, `reads/right` | So. |\n")

        assert code == 1
        assert "1 are the same now, take them off the list: reads/right\n" in out

    def test_is_right_where_what_is_listed_was_not_asked_for(self, replay):
        assert replay("--only", "writes/", known=f"{ROW}| `reads/wrong`, `reads/right` | So. |\n")[0] == 0

    def test_tells_what_differs_as_listed_where_somebody_looks_for_it(self, replay):
        _, out = replay("--only", "reads/w", known=f"{ROW}| `reads/wrong` | So it is. |\n")

        assert out.startswith("DIFFERS reads/wrong  About reads/wrong.\n    listed: So it is.\n    step 0 ")

    def test_prints_the_rows_of_a_list_that_is_right(self, replay):
        cases = CASES | {"reads/listed": [exchange("/wrong")]}

        _, printed = replay("--list-differing", cases=cases, known=f"{ROW}| `reads/listed` | So. |\n")

        assert printed == (
            "## small\n\n| cases | what differs, and why it stays |\n| --- | --- |\n"
            "| `reads/wrong` | step 0 GET /wrong: body/number: expected 1, got 2 |\n"
            "| `reads/listed` | So. |\n\n"
        )
        assert replay(cases=cases, known=printed)[0] == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(["--world", "1999-12"], "--world: 1999-12 is none of 2024-11, 2025-07, 2026-02", id="no world"),
        pytest.param(["--cases", str(HERE)], "--cases needs --world", id="cases without a world"),
        pytest.param(["--cases", "nowhere", "--world", "2024-11"], "there is no nowhere", id="no cases"),
        pytest.param(["--target", "nowhere.py"], "there is no nowhere.py", id="no target"),
        pytest.param(["--report", "nowhere/x.json"], "there is no folder nowhere", id="no folder for the report"),
    ],
)
def test_what_cannot_be_done_is_said_before_anything_is_played(arguments, said, capsys):
    with pytest.raises(SystemExit) as ended:
        main(arguments)

    assert ended.value.code == 2
    assert said in capsys.readouterr().err


class TestTheCommand:
    @pytest.mark.slow
    def test_replays_the_projects_own_recordings_against_the_sandbox(self, capsys):
        code = main(["--only", "delivery-partners/"])

        assert code == 0
        assert "delivery-partners: 32/32\n2026-02: 32/32 (100.0%)\n" in capsys.readouterr().out

    @pytest.mark.slow
    @pytest.mark.parametrize(("only", "code", "judged"), [("schools/", 0, 317), ("nothing/", 1, 0)])
    def test_holds_recorded_answers_against_the_documents(self, capsys, only, code, judged):
        assert main(["--contract", "--only", only]) == code
        assert f"recorded answers judged: {judged}, not as documented: 0\n" in capsys.readouterr().out

    @pytest.mark.slow
    @pytest.mark.parametrize("command", [["-m", "tests.conformance"], ["tests/conformance/replay.py"]], ids=" ".join)
    def test_can_be_given_as_a_module_or_a_file(self, command):
        arguments = ("--world", "2024-11", "--only", "sorting-a/")

        done = subprocess.run(
            [sys.executable, *command, *arguments], cwd=PROJECT, capture_output=True, text=True, check=False
        )

        assert done.returncode == 0, done.stderr
        assert "same answers: 11/11 (100.0%) in " in done.stdout

    @pytest.mark.slow
    def test_ends_at_once_and_quietly_when_it_is_interrupted(self, replay, tmp_path):
        replay(cases={"a/1": [exchange()]})
        slow = {"id": "a/1", "steps": [exchange("/slow")]}
        (tmp_path / "small" / "cases" / "all.jsonl").write_text(json.dumps(slow))

        with subprocess.Popen(
            [sys.executable, "-m", "tests.conformance", *where(tmp_path)],
            cwd=PROJECT,
            env=os.environ | {"PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as running:
            running.stdout.readline()
            began = time.monotonic()
            running.send_signal(signal.SIGINT)
            _, said = running.communicate(timeout=20)

        assert running.returncode == 130
        assert said == "Interrupted.\n"
        assert time.monotonic() - began < 10
