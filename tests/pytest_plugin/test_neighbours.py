"""The sandbox stands beside a project of any shape: what is the project's stays the project's."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.served import ENVIRONMENT

pytestmark = pytest.mark.slow

BIN = Path(sys.executable).parent
PYTEST = ([BIN / "pytest"], [sys.executable, "-m", "pytest"])
COMMAND = ([BIN / "ecf-sandbox"], [sys.executable, "-m", "ecf_sandbox"])
IN_WORDS = {"ids": lambda it: " ".join(["python", *it[1:]] if "-m" in it else [it[0].name])}

CLIENT = 'OWNER = "the project"\n'
TESTS = """
import pytest
{imports}

@pytest.mark.ecf(now="2026-10-12T09:00:00Z")
def test_a_client(ecf_world, ecf_client, a_fixture_of_the_projects):
    assert [{modules}] == ["the project"] * {many}
    assert a_fixture_of_the_projects == "the project"
    assert ecf_client.get("/api/v3/statements").status == 200
    ecf_world.verify("listStatements", times=1)
"""
CONFTEST = """
import pytest

@pytest.fixture
def a_fixture_of_the_projects():
    return "the project"
"""
# A module or a folder of each of these names is in the sandbox or its checkout, too.
MODULES = ("clock", "files", "world", "resources")
FOLDERS = ("scenarios", "openapi", "contract", "api")


@pytest.fixture
def project(tmp_path):
    """Somebody else's folder, with files of this content; by itself it has a conftest.py."""

    def project(**files):
        for name, text in {"conftest": CONFTEST, **files}.items():
            file = tmp_path / f"{name}.py"
            file.parent.mkdir(exist_ok=True)
            file.write_text(text)
        return tmp_path

    return project


def run(folder, command, *arguments, **environment):
    """A command, run in a folder that is not the checkout."""
    return subprocess.run(
        [*command, *arguments],
        cwd=folder,
        env={name: it for name, it in ENVIRONMENT.items() if name != "PYTHONPATH"} | environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def a_suite_with(*modules):
    """A test that uses the sandbox, and finds that these modules are the project's own."""
    owners = ", ".join(f"{it}.OWNER" for it in modules)
    return TESTS.format(imports="\n".join(f"import {it}" for it in modules), modules=owners, many=len(modules))


def passes(folder, command, *arguments):
    """Insist that the project's one test passes."""
    quiet = ("-q", "-p", "no:cacheprovider", "-p", "no:schemathesis", "-p", "no:hypothesispytest", "-p", "no:xdist")
    done = run(folder, command, *quiet, *arguments)
    assert (done.returncode, "1 passed" in done.stdout) == (0, True), done.stdout + done.stderr


@pytest.mark.parametrize("command", PYTEST, **IN_WORDS)
class TestASuite:
    @pytest.mark.parametrize("file", ["sandbox/__init__", "sandbox"], ids=["package", "module"])
    def test_has_a_sandbox_of_its_own(self, project, command, file):
        folder = project(**{file: CLIENT, "test_client": a_suite_with("sandbox")})

        passes(folder, command)

    def test_may_have_the_folder_on_the_path(self, project, command):
        """It holds tests of the same name as the package that they test, as many a project does."""
        folder = project(
            **{"sandbox/__init__": CLIENT, "tests/__init__": "", "tests/test_client": a_suite_with("sandbox")}
        )
        (folder / "pyproject.toml").write_text('[tool.pytest.ini_options]\npythonpath = ["."]\ntestpaths = ["tests"]\n')

        passes(folder, command)

    def test_has_modules_and_packages_that_are_called_like_ours(self, project, command):
        files = dict.fromkeys([*MODULES, *(f"{it}/__init__" for it in FOLDERS)], CLIENT)
        folder = project(**files, test_client=a_suite_with(*MODULES, *FOLDERS))

        passes(folder, command)


@pytest.mark.parametrize("command", COMMAND, **IN_WORDS)
class TestTheCommand:
    def test_is_sound_beside_a_sandbox_of_somebody_elses(self, project, command):
        folder = project(**dict.fromkeys(["sandbox/__init__", "tests/__init__", *MODULES], CLIENT))

        told = json.loads(run(folder, command, "doctor", "--json", PYTHONPATH=os.curdir).stdout)

        assert [it for it in told["lines"] if it["state"] == "wrong"] == []
        assert str(folder) not in json.dumps(told)

    def test_finds_its_own_scenarios(self, project, command):
        folder = project(**{"scenarios/__init__": CLIENT, "sandbox": CLIENT})
        (folder / "scenarios" / "default.yaml").write_text("nothing: of ours\n")

        done = run(folder, command, "scenarios", "play", "paid-void-clawback", PYTHONPATH=os.curdir)

        assert done.returncode == 0, done.stdout + done.stderr
