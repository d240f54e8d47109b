"""The action for GitHub, whose scripts are run as a runner would: what they tell later steps, and how a job ends."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
import yaml

from tests.docs.pages import ROOT
from tests.examples.folders import HERE, needs
from tests.served import ENVIRONMENT, served

pytestmark = pytest.mark.slow

ACTION = yaml.safe_load((ROOT / "action.yml").read_text())
STEPS = ACTION["runs"]["steps"]
WORKFLOW = (ROOT / "examples" / "ci" / "github-composite-action.yml").read_text()
EXPRESSION = re.compile(r"\$\{\{ (.*?) \}\}")
LIST = "/api/v3/statements"


@dataclass
class Use:
    """What one use of the action came to."""

    failed: list[str]
    outputs: dict[str, str]
    said: str


@dataclass
class Job:
    """A job of GitHub Actions in a folder: its variables and its PATH go from one step to the next, as on a runner."""

    folder: Path
    system: str = "Linux"
    variables: dict[str, str] = field(default_factory=dict)
    path: str = HERE
    summary: str = ""

    def uses(self, **inputs: str) -> Use:
        """Use the action with these inputs (`min_rules` for `min-rules`)."""
        given = {name.replace("_", "-"): it for name, it in inputs.items()}
        assert set(given) <= set(ACTION["inputs"])
        values = {f"inputs.{name}": given.get(name, it["default"]) for name, it in ACTION["inputs"].items()}
        failed, said = [], ""
        for step in STEPS:
            if not self._wanted(step.get("if", ""), values, failed):
                continue
            environment = {name: self._filled(it, values) for name, it in step.get("env", {}).items()}
            code, printed, outputs = self.runs(step["run"], **environment)
            values |= {f"steps.{step.get('id')}.outputs.{name}": it for name, it in outputs.items()}
            said += printed
            if code:
                failed.append(step["name"])
        outputs = {name: self._filled(it["value"], values) for name, it in ACTION["outputs"].items()}
        return Use(failed, outputs, said)

    def _wanted(self, condition, values, failed):
        # Without always() a step is left out as soon as one has failed.
        parts = condition.split(" && ") if condition else []
        if failed and "always()" not in parts:
            return False
        asked = [re.fullmatch(r"(inputs\.\S+) == '(\w+)'", it) for it in parts if it != "always()"]
        return all(values[it[1]] == it[2] for it in asked)

    def _filled(self, text, values):
        return EXPRESSION.sub(lambda it: values.get(it[1], ""), text)

    def runs(self, script: str, **environment: str) -> tuple[int, str, dict[str, str]]:
        """A step of the job, as a runner has it for `shell: bash`: its code, what it printed, and its outputs."""
        temporary = self.folder / "temporary"
        temporary.mkdir(exist_ok=True)
        files = {name: temporary / name for name in ("OUTPUT", "ENV", "PATH", "STEP_SUMMARY")}
        for it in files.values():
            it.write_text("")
        (temporary / "step.sh").write_text(script)
        told = {f"GITHUB_{name}": str(it) for name, it in files.items()}
        told |= {"RUNNER_TEMP": str(temporary), "RUNNER_OS": self.system, "GITHUB_ACTION_PATH": str(ROOT)}
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", temporary / "step.sh"],
            cwd=self.folder,
            env=ENVIRONMENT | {"PATH": self.path} | self.variables | told | environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=120,
            check=False,
        )
        self.variables |= pairs(files["ENV"])
        self.path = os.pathsep.join([*reversed(files["PATH"].read_text().split()), self.path])
        self.summary += files["STEP_SUMMARY"].read_text()
        return done.returncode, done.stdout, pairs(files["OUTPUT"])

    def asks(self, path: str) -> int:
        """A client's test, a later step of the job: the status that it is answered."""
        headers = {"Authorization": f"Bearer {self.variables['LEAD_PROVIDER_API_TOKEN']}"}
        try:
            with urlopen(Request(self.variables["LEAD_PROVIDER_API_URL"] + path, headers=headers), timeout=30) as it:
                return it.status
        except HTTPError as error:
            return error.code

    @property
    def processes(self) -> list[str]:
        """The processes of this job that still run."""
        mark = f"RUNNER_TEMP={self.folder / 'temporary'}\0".encode()
        found = []
        for it in Path("/proc").glob("[0-9]*"):
            try:
                if mark in (it / "environ").read_bytes():
                    found.append((it / "cmdline").read_bytes().replace(b"\0", b" ").decode())
            except OSError:  # it ended meanwhile
                continue
        return found


def pairs(file):
    return dict(line.split("=", 1) for line in file.read_text().splitlines())


@pytest.fixture
def job(tmp_path):
    needs("bash")
    it = Job(tmp_path)
    yield it
    it.uses(phase="gate")  # no server outlives its test
    assert it.processes == []


def start(job, **inputs):
    return job.uses(source="installed", **inputs)


class TestTheStart:
    def test_tells_later_steps_where_it_is(self, job):
        use = start(job)

        url = use.outputs["url"]
        assert use.failed == [], use.said
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+", url)
        assert use.outputs == {"url": url, "token": "ambition-token", "control-url": f"{url}/_sandbox", "report": ""}
        assert job.variables == {
            "LEAD_PROVIDER_API_URL": url,
            "LEAD_PROVIDER_API_TOKEN": "ambition-token",
            "ECF_SANDBOX_URL": url,
        }
        assert job.asks(LIST) == 200
        assert job.runs("ecf-sandbox wait --timeout 0")[0] == 0

    def test_takes_scenario_edition_moment_and_port(self, job):
        port = free_port()

        use = start(
            job,
            scenario="paid-void-clawback",
            edition="live",
            now="2026-10-12T09:00:00Z",
            port=port,
            serve_options="--observer refuse --seed another",
        )

        assert use.failed == [], use.said
        assert use.outputs["url"] == f"http://127.0.0.1:{port}"
        _, told, _ = job.runs("ecf-sandbox world show --json")
        world = yaml.safe_load(told)
        assert (world["scenario"], world["edition"]) == ("paid-void-clawback", "live")
        assert (world["clock"]["now"], world["observer"], world["seed"]) == (
            "2026-10-12T09:00:00Z",
            "refuse",
            "another",
        )

    def test_fails_with_its_reason_where_the_sandbox_does_not_start(self, job):
        use = start(job, edition="liv")

        assert use.failed == ["Start the sandbox"]
        assert re.search(r"^::error .*did you mean 'live'\?", use.said, re.MULTILINE), use.said
        assert job.processes == []

    def test_is_not_taken_in_by_another_sandbox_at_its_port(self, job):
        with served() as other:
            use = start(job, port=other.url.rpartition(":")[2])

        assert use.failed == ["Start the sandbox"]
        assert "is taken" in use.said

    def test_is_one_in_a_job(self, job):
        first = start(job)

        assert start(job).failed == ["Check the inputs"]
        assert job.asks(LIST) == 200, first.said

    def test_can_be_had_again_after_a_gate(self, job):
        start(job)
        job.asks(LIST)
        job.uses(phase="gate")

        assert start(job).failed == []
        assert job.asks(LIST) == 200

    def test_says_that_windows_is_not_for_it(self, job):
        job.system = "Windows"

        use = start(job)

        assert use.failed == ["Check the inputs"]
        assert "Linux and macOS" in use.said


class TestTheGate:
    def test_passes_where_the_client_makes_no_mistake(self, job):
        start(job)
        job.asks(LIST)

        use = job.uses(phase="gate")

        assert use.failed == [], use.said
        assert "## Lead Provider API" in job.summary
        assert use.outputs["report"] == "ecf-sandbox-report"
        assert {it.name for it in (job.folder / "ecf-sandbox-report").iterdir()} == {
            "journal.jsonl",
            *(f"report.{it}" for it in ("html", "json", "md", "sarif", "xml")),
        }

    def test_fails_where_the_client_makes_one_and_the_summary_tells_it(self, job):
        start(job)
        job.asks(f"{LIST}?filter[colour]=red")

        use = job.uses(phase="gate", report="made/report")

        assert use.failed == ["Gate"]
        assert re.search(r"^::error .*observer found an error", use.said, re.MULTILINE)
        assert "colour" in job.summary
        assert (job.folder / "made" / "report" / "report.html").is_file()

    def test_lets_pass_what_the_baseline_has(self, job):
        start(job)
        job.asks(f"{LIST}?filter[colour]=red")
        job.uses(phase="gate", report="first")
        start(job)
        job.asks(f"{LIST}?filter[colour]=red")

        assert job.uses(phase="gate", baseline="first/report.json").failed == []

    @pytest.mark.parametrize(
        ("inputs", "told"),
        [
            ({"min_rules": "1"}, "0 rules covered, at least 1 required"),
            ({"min_operations": "2"}, "1 operations covered, at least 2 required"),
            ({"report_options": "--min-operation"}, "No such option"),
        ],
        ids=["too few rules", "too few operations", "an option that there is not"],
    )
    def test_fails_with_its_reason_on(self, job, inputs, told):
        start(job)
        job.asks(LIST)

        use = job.uses(phase="gate", **inputs)

        assert use.failed == ["Gate"]
        assert re.search(rf"^::error .*{told}", use.said, re.MULTILINE), use.said

    def test_fails_where_nothing_was_asked(self, job):
        start(job)

        use = job.uses(phase="gate")

        assert use.failed == ["Gate"]
        assert "0 operations covered, at least 1 required" in use.said

    def test_fails_where_the_sandbox_is_gone(self, job):
        start(job)
        job.runs("kill -KILL $(cat $RUNNER_TEMP/ecf-sandbox/pid)")

        assert job.uses(phase="gate").failed == ["Gate"]

    def test_wants_a_start(self, job):
        use = job.uses(phase="gate")

        assert use.failed == ["Check the inputs"]
        assert "phase: start" in use.said

    def test_stops_the_sandbox_whatever_is_wrong(self, job):
        start(job)

        use = job.uses(phase="gate", scenario="default")

        assert use.failed == ["Check the inputs"]
        assert job.processes == []


class TestAnInput:
    @pytest.mark.parametrize(
        "inputs",
        [{"phase": "strat"}, {"phase": "Gate"}, {"min_rules": "3"}, {"report": "here"}, {"source": "", "phase": ""}],
        ids=str,
    )
    def test_that_would_be_without_effect_is_refused(self, job, inputs):
        assert job.uses(**({"source": "installed"} | inputs)).failed == ["Check the inputs"]
        assert job.processes == []

    def test_is_no_part_of_a_script(self, job):
        assert not [it["name"] for it in STEPS if "${{" in it["run"]]

        use = start(job, scenario='$(touch was-run)"; touch was-run')

        assert use.failed == ["Start the sandbox"]
        assert not (job.folder / "was-run").exists()

    def test_that_names_a_wheel_is_installed_apart_from_the_client(self, job):
        # Nothing is fetched: a wheel that only says that it was installed stands for the sandbox.
        (job.folder / "a folder").mkdir()
        wheel(job.folder / "a folder" / "ecf_sandbox-0.0.0-py3-none-any.whl")

        use = job.uses(source="a folder/ecf_sandbox-*.whl", python=sys.executable)

        assert use.failed == ["Start the sandbox"], use.said
        assert "installed from the wheel" in use.said

    def test_that_names_no_installed_sandbox_is_refused(self, job):
        job.path = "/usr/bin:/bin"

        use = start(job)

        assert use.failed == ["Install the sandbox"]
        assert "no ecf-sandbox on the PATH" in use.said


class TestTheWorkflow:
    def test_uses_the_action_before_and_after_the_tests_with_inputs_and_outputs_that_there_are(self):
        steps = yaml.safe_load(WORKFLOW)["jobs"]["sandbox"]["steps"]
        uses = [it for it in steps if it.get("uses", "").split("@")[0].endswith("/ecf-sandbox")]

        assert [it["with"]["phase"] for it in uses] == ["start", "gate"]
        assert uses[1]["if"] == "always()"
        assert {name for it in uses for name in it["with"]} <= set(ACTION["inputs"])
        named = set(re.findall(r"steps\.\w+\.outputs\.([\w-]+)", WORKFLOW))
        assert named
        assert named <= set(ACTION["outputs"])

    def test_is_what_the_page_shows(self):
        assert f"\n{WORKFLOW}```\n" in (ROOT / "docs" / "ci.md").read_text()

    @pytest.mark.parametrize("name", [*ACTION["inputs"], *ACTION["outputs"]])
    def test_every_input_and_output_is_on_the_page(self, name):
        assert f"`{name}`" in (ROOT / "docs" / "ci.md").read_text()


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as it:
        return str(it.getsockname()[1])


def wheel(file):
    """A wheel whose command `ecf-sandbox` says so and fails."""
    from zipfile import ZipFile

    about = "ecf_sandbox-0.0.0.dist-info"
    with ZipFile(file, "w") as it:
        it.writestr("stand_in.py", "def main():\n    raise SystemExit('installed from the wheel')\n")
        it.writestr(f"{about}/METADATA", "Metadata-Version: 2.1\nName: ecf-sandbox\nVersion: 0.0.0\n")
        it.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        it.writestr(f"{about}/entry_points.txt", "[console_scripts]\necf-sandbox = stand_in:main\n")
        it.writestr(f"{about}/RECORD", "")
