"""What runs on other machines calls commands that there are, for the Pythons that are promised."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import tomllib

import pytest
import yaml

from tests.release.artefacts import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
TARGETS = set(re.search(r"^\.PHONY: ((?:.*\\\n)*.*)", (ROOT / "Makefile").read_text(), re.M)[1].split())
PROMISED = re.findall(r"Python :: (3\.\d+)", "\n".join(PROJECT["project"]["classifiers"]))


def read(name):
    return yaml.safe_load((ROOT / name).read_text())


def job(name, workflow):
    return read(f".github/workflows/{workflow}.yml")["jobs"][name]


def commands(job):
    return [it["run"] for it in job["steps"] if "run" in it]


class TestTheGate:
    def test_runs_on_every_python_that_is_promised(self):
        assert job("gate", "ci")["strategy"]["matrix"]["python"] == PROMISED

    def test_is_one_command(self):
        assert commands(job("gate", "ci")) == [".ci/run"]
        assert (ROOT / ".ci" / "run").stat().st_mode & 0o100

    def test_runs_the_commands_that_the_readme_names(self):
        gate = (ROOT / ".ci" / "run").read_text()

        assert "    make test\n" in (ROOT / "README.md").read_text()
        assert re.findall(r"^suite (\S+)$", gate, re.M) == ["test", "test-all"]

    def test_names_only_what_the_makefile_has(self):
        gate = (ROOT / ".ci" / "run").read_text()

        assert set(re.findall(r"^ *make ([a-z-]+)", gate, re.M)) <= TARGETS


STEPS = ("setup", "test", "test-all", "conformance", "contract", "release-check")


@pytest.fixture
def gate(tmp_path):
    """The gate in a checkout where every tool does nothing well, but for one target of the Makefile, which fails."""

    def gate(failing):
        for name, program in {
            "bin/make": f'echo "3 passed in $1"; [ "$1" != "{failing}" ]',
            "bin/node": "",
            "bin/curl": "",
            "bin/npx": "false",
            ".venv/bin/ruff": "",
            ".venv/bin/mypy": "",
        }.items():
            file = tmp_path / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(f"#!/bin/sh\n{program}\n")
            file.chmod(0o755)
        (tmp_path / "tests" / "conformance").mkdir(parents=True)
        (tmp_path / "tests" / "conformance" / "at-least").write_text("1\n")
        shutil.copytree(ROOT / ".ci", tmp_path / ".ci")
        path = os.pathsep.join([str(tmp_path / "bin"), os.environ["PATH"]])
        return subprocess.run(
            [tmp_path / ".ci" / "run"],
            env=os.environ | {"PATH": path},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return gate


@pytest.mark.slow
class TestTheEndOfTheGate:
    def test_is_what_the_runner_said(self, gate):
        done = gate(None)

        assert done.returncode == 0, done.stderr
        assert done.stdout.splitlines()[-2:] == ["3 passed in test", "3 passed in test-all"]

    @pytest.mark.parametrize("step", STEPS)
    def test_is_the_step_that_fails(self, gate, step):
        done = gate(step)

        assert done.returncode != 0
        assert done.stdout.splitlines()[-1] == f"3 passed in {step}"


class TestTheWeeklyRun:
    def test_takes_both_ends_of_the_ranges(self):
        weekly = job("ranges", "weekly")
        ends = {it["end"]: it["python"] for it in weekly["strategy"]["matrix"]["include"]}

        assert ends == {"newest": PROMISED[-1], "oldest": PROMISED[0]}
        [command] = commands(weekly)
        for end in ends:
            program, target, *_ = shlex.split(command.replace("${{ matrix.end }}", end))
            assert program == "make"
            assert target in TARGETS


def test_hooks_before_a_commit_use_the_environment_and_no_repository():
    [repository] = read(".pre-commit-config.yaml")["repos"]
    dev = {re.match(r"[\w-]+", it)[0] for it in PROJECT["dependency-groups"]["dev"]}

    assert repository["repo"] == "local"
    for hook in repository["hooks"]:
        assert hook["language"] == "system"
        assert re.match(r"\.venv/bin/([\w-]+)", hook["entry"])[1] in dev


@pytest.mark.parametrize(
    ("form", "asked"),
    [("bug", ["request", "answer", "expected", "doctor"]), ("feature", ["aim", "service", "idea"])],
)
def test_a_form_asks_for_what_is_needed_to_help(form, asked):
    fields = [it for it in read(f".github/ISSUE_TEMPLATE/{form}.yml")["body"] if it["type"] != "markdown"]

    assert [it["id"] for it in fields] == asked
    assert all(it["attributes"]["label"] for it in fields)
