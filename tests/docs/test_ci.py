"""The page for the CI owner quotes files that work."""

from __future__ import annotations

import json
import re
import shlex
import socket
import stat
import subprocess
import sys
from pathlib import Path
from signal import SIGHUP, SIGINT, SIGTERM
from time import monotonic
from xml.etree import ElementTree

import pytest
import yaml

from ecf_sandbox.cli.main import main
from tests.docs.pages import ROOT
from tests.examples.folders import HERE, needs
from tests.served import ENVIRONMENT, served

pytestmark = pytest.mark.slow

CI = ROOT / "examples" / "ci"
PAGE = (ROOT / "docs" / "ci.md").read_text()
FILES = ("plain.sh", "pytest.sh", "github-actions.yml", "gitlab-ci.yml", "Containerfile", "build-image.sh")
# A client's tests: they ask for statements, and end with the code that they are given.
ASKS = """
import os, sys
from urllib.request import Request, urlopen
token = os.environ["LEAD_PROVIDER_API_TOKEN"] + sys.argv[2]
headers = {"Authorization": f"Bearer {token}"}
urlopen(Request(os.environ["LEAD_PROVIDER_API_URL"] + sys.argv[3], headers=headers)).read()
sys.exit(int(sys.argv[1]))
"""
LIST = "/api/v3/statements"
# Two seconds on a machine that has nothing else to do; the tests share theirs.
PATIENCE = 3


def is_running(process):
    """Whether there is such a process that has not ended."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{process}/status").read_text()
    except OSError:
        return False


@pytest.fixture
def plain(tmp_path):
    """Run plain.sh with a client that ends so; what it ended with, what it said, and the journal it wrote."""

    def plain(code=0, world="", path=LIST, command=None, **environment):
        done = subprocess.run(
            [
                "sh",
                CI / "plain.sh",
                *([sys.executable, "-c", ASKS, str(code), world, path] if command is None else command),
            ],
            cwd=tmp_path,
            env=ENVIRONMENT | {"PATH": HERE} | environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        journal = tmp_path / environment.get("JOURNAL", "journal.jsonl")
        lines = [json.loads(it) for it in journal.read_text().splitlines()] if journal.is_file() else []
        return done.returncode, done.stdout + done.stderr, lines

    return plain


@pytest.mark.parametrize("name", FILES)
def test_the_page_quotes_the_file(name):
    assert f"\n{(CI / name).read_text()}```\n" in PAGE


class TestThePlainShell:
    def test_ends_as_the_tests_end_and_keeps_what_was_asked(self, plain):
        code, said, journal = plain(0)

        assert code == 0, said
        assert [it["target"] for it in journal] == [LIST]

    @pytest.mark.parametrize("ended", [1, 4, 77])
    def test_ends_with_the_code_of_tests_that_fail_and_keeps_what_was_asked(self, plain, ended):
        code, _, journal = plain(ended, MIN_RULES="60")

        assert code == ended
        assert len(journal) == 1

    def test_keeps_what_was_asked_of_every_world(self, plain):
        code, said, journal = plain(0, world="~test-17", JOURNAL="kept.jsonl")

        assert code == 0, said
        assert len(journal) == 1

    def test_writes_the_report_where_a_folder_is_named_and_leaves_the_end_to_the_tests(self, plain, tmp_path):
        code, said, _ = plain(0, path=f"{LIST}?filter[colour]=red", REPORT="made/report")

        assert code == 0, said
        made = {it.name: it.read_text()[:6] for it in (tmp_path / "made" / "report").iterdir()}
        assert made.pop("report.sarif")[0] == made.pop("report.json")[0] == "{"
        assert made == {"report.html": "<!doct", "report.xml": "<?xml ", "report.md": "## Lea"}

    def test_ends_with_4_where_too_few_rules_were_met(self, plain):
        code, said, _ = plain(0, MIN_RULES="1")

        assert code == 4
        assert "0 rules covered, at least 1 required" in said

    def test_ends_with_1_where_a_minimum_is_set_and_the_observer_found_an_error(self, plain):
        code, said, _ = plain(0, path=f"{LIST}?filter[colour]=red", MIN_RULES="0")

        assert code == 1, said

    def test_ends_with_3_where_the_sandbox_does_not_start(self, plain):
        code, said, _ = plain(0, SERVE_OPTIONS="--edition liv")

        assert code == 3
        assert "did you mean 'live'?" in said

    def test_wants_a_command(self, plain):
        assert plain(command=[])[0] == 2

    def test_leaves_no_server_behind(self, plain):
        code, said, _ = plain(command=["sh", "-c", "echo at $LEAD_PROVIDER_API_URL"])

        assert code == 0, said
        with pytest.raises(OSError):  # noqa: PT011 - how exactly nothing answers does not matter
            served_at(re.search(r"at http://127\.0\.0\.1:(\d+)", said)[1])

    @pytest.mark.parametrize("shell", ["sh", "bash"])
    @pytest.mark.parametrize(("sent", "code"), [(SIGTERM, 143), (SIGINT, 130), (SIGHUP, 129)])
    def test_ends_within_two_seconds_when_the_job_is_cancelled(self, tmp_path, shell, sent, code):
        needs(shell)
        asks = f"{ASKS.rpartition(chr(10) + 'sys.exit')[0]}\nimport subprocess, time\n"
        child = "grandchild = subprocess.Popen(['sleep', '100'])\nprint(os.getpid(), grandchild.pid, flush=True)\n"
        environment = ENVIRONMENT | {"PATH": HERE, "REPORT": "report"}
        command = [shell, CI / "plain.sh", sys.executable, "-c", f"{asks}{child}time.sleep(100)", "0", "~one", LIST]
        with subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, text=True) as process:
            tests = process.stdout.readline().split()

            began = monotonic()
            process.send_signal(sent)
            process.wait(30)
            took = monotonic() - began

        assert process.returncode == code
        assert took < 2 * PATIENCE
        (line,) = (tmp_path / "journal.jsonl").read_text().splitlines()
        assert json.loads(line)["target"] == LIST
        assert len(list((tmp_path / "report").iterdir())) == 5
        assert not any(is_running(int(it)) for it in tests)

    def test_says_that_a_command_is_not_there(self, plain):
        code, said, journal = plain(command=["no-such-command"])

        assert (code, journal) == (127, [])
        assert "plain.sh: no-such-command" in said

    def test_hands_its_standard_input_to_the_tests(self, tmp_path):
        command = ["sh", CI / "plain.sh", "cat"]
        done = subprocess.run(
            command, cwd=tmp_path, env=ENVIRONMENT | {"PATH": HERE}, input="told", capture_output=True, text=True
        )

        assert done.stdout == "told"

    def test_is_understood_by_bash_too(self):
        needs("bash")
        assert subprocess.run(["bash", "--posix", "-n", CI / "plain.sh"], check=False).returncode == 0

    def test_can_be_run_as_it_is(self):
        assert (CI / "plain.sh").stat().st_mode & stat.S_IXUSR


def served_at(port):
    socket.create_connection(("127.0.0.1", int(port)), timeout=60).close()


class TestTheJobs:
    @pytest.mark.parametrize(
        ("name", "steps"),
        [
            ("github-actions.yml", lambda it: [one["run"] for one in it["jobs"]["sandbox"]["steps"] if "run" in one]),
            ("gitlab-ci.yml", lambda it: it["lead-provider-api"]["before_script"] + it["lead-provider-api"]["script"]),
        ],
    )
    def test_install_the_wheel_and_call_the_plain_shell(self, name, steps):
        install, run, *_ = map(shlex.split, steps(yaml.safe_load((CI / name).read_text())))

        assert install[:3] == ["pip", "install", "ci/ecf_sandbox-*.whl"]
        assert run[:2] == ["sh", "ci/plain.sh"]
        assert len(run) > 2

    def test_keep_what_the_plain_shell_writes(self):
        on_github = yaml.safe_load((CI / "github-actions.yml").read_text())["jobs"]["sandbox"]
        on_gitlab = yaml.safe_load((CI / "gitlab-ci.yml").read_text())["lead-provider-api"]
        kept = on_github["steps"][-1]["with"]["path"].split()

        assert kept == on_gitlab["artifacts"]["paths"] == ["journal.jsonl", on_github["env"]["REPORT"], "tests.xml"]
        assert on_gitlab["artifacts"]["reports"]["junit"] == [
            "tests.xml",
            f"{on_gitlab['variables']['REPORT']}/report.xml",
        ]
        assert on_github["steps"][-2]["run"] == 'cat report/report.md >> "$GITHUB_STEP_SUMMARY"'


class TestTheShellForThePlugin:
    @pytest.fixture
    def run(self, tmp_path):
        """Run pytest.sh where the tests are these; what it ended with, and the folder of the report."""

        def run(tests, *options):
            (tmp_path / "tests").mkdir()
            (tmp_path / "pytest.ini").write_text("[pytest]\n")
            (tmp_path / "tests" / "test_lists.py").write_text(tests)
            done = subprocess.run(
                ["sh", CI / "pytest.sh", "-q", "-p", "no:cacheprovider", *options],
                cwd=tmp_path,
                env=ENVIRONMENT | {"PATH": HERE},
                capture_output=True,
                text=True,
                timeout=120,
                check=False,
            )
            return done.returncode, tmp_path / "report"

        return run

    WRONG = """
def test_sound(ecf_client):
    ecf_client.get("/api/v3/statements")

EXPECTED
def test_wrong(ecf_client):
    ecf_client.get("/api/v3/statements?filter[colour]=red")
"""

    def test_shows_the_tests_and_what_was_found_at_their_lines(self, run):
        code, report = run(self.WRONG.replace("EXPECTED", ""))
        cases = {
            name: {
                it.get("name"): it.find("failure") is not None
                for it in ElementTree.parse(report / name).iter("testcase")
            }
            for name in ("tests.xml", "report.xml")
        }
        (result,) = json.loads((report / "report.sarif").read_text())["runs"][0]["results"]

        assert code == 1
        assert cases == {
            "tests.xml": {"test_sound": False, "test_wrong": True},
            "report.xml": {"filter.unknown": True},
        }
        assert result["locations"][0]["physicalLocation"] == {
            "artifactLocation": {"uri": "tests/test_lists.py"},
            "region": {"startLine": 6},
        }
        assert "tests/test_lists.py::test_wrong" in (report / "report.html").read_text()
        assert "test_sound" not in (report / "report.html").read_text()

    def test_ends_well_where_a_mistake_is_expected(self, run):
        marker = 'import pytest\n@pytest.mark.ecf(expect_findings="filter.unknown")'

        assert run(self.WRONG.replace("EXPECTED", marker))[0] == 0


def instructions():
    """The instructions of the Containerfile, in their order, without comments."""
    lines = (CI / "Containerfile").read_text().splitlines()
    return [tuple(it.split(maxsplit=1)) for it in lines if it and not it.startswith("#")]


class TestTheContainer:
    def test_is_made_of_instructions_that_there_are(self):
        build, serve = "ARG FROM COPY RUN", "FROM COPY RUN ENV USER EXPOSE HEALTHCHECK CMD"

        assert [it for it, _ in instructions()] == [*build.split(), *serve.split()]

    def test_does_not_run_as_root(self):
        assert dict(instructions())["USER"] not in ("root", "0")

    def test_runs_a_command_that_is_one_of_ours(self):
        program, name, *options = json.loads(dict(instructions())["CMD"])
        told = main.commands[name].make_context(name, options).params

        assert program == "ecf-sandbox"
        assert (told["host"], str(told["port"])) == ("0.0.0.0", dict(instructions())["EXPOSE"])

    @pytest.mark.parametrize("options", [(), ("--control-token", "secret")], ids=["open", "with a token"])
    def test_is_well_where_a_sandbox_answers(self, options):
        with served(*options) as server:
            assert self.check(server.url.rpartition(":")[2]) == 0
            server.process.terminate()
            server.process.wait(10)
            assert self.check(server.url.rpartition(":")[2]) != 0

    def check(self, port):
        _, command = dict(instructions())["HEALTHCHECK"].split(" CMD ")
        program, *rest = (it.replace("8000", port) for it in json.loads(command))
        assert program == "ecf-sandbox"
        return subprocess.run(
            [sys.executable, "-m", "ecf_sandbox", *rest], capture_output=True, timeout=30, check=False, env=ENVIRONMENT
        ).returncode
