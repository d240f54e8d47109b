"""The set-up says what a machine lacks, before it touches what is there."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import pytest

from tests.release.artefacts import ROOT

pytestmark = pytest.mark.slow

# The Python of these tests, with one thing about it that is otherwise.
OLDER = "sys.version_info = (3, 10, 9); platform.python_version = lambda: '3.10.9'"
WITHOUT_VENV = "sys.modules['ensurepip'] = None"


@pytest.fixture
def checkout(tmp_path):
    """A folder with the Makefile, the locks and what else a set-up reads."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copytree(ROOT / "requirements", tmp_path / "requirements")
    package = tmp_path / "sandbox" / "ecf_sandbox" / "__init__.py"
    package.parent.mkdir(parents=True)
    package.touch()
    return tmp_path


@pytest.fixture
def python(tmp_path):
    """A Python about which one thing is otherwise."""

    def python(otherwise):
        program = f"import platform, sys; {otherwise}; exec(sys.argv[1])"
        file = tmp_path / "its-python"
        file.write_text(f'#!/bin/sh\nexec "{sys.executable}" -c "{program}" "$2"\n')
        file.chmod(0o755)
        return file

    return python


def make(checkout, *arguments):
    """`make` with these arguments; what it ended with, what it printed, and what it said on stderr."""
    environment = {it: value for it, value in os.environ.items() if it not in ("MAKEFLAGS", "MAKELEVEL", "PYTHON")}
    done = subprocess.run(
        ["make", *arguments], cwd=checkout, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    return done.returncode, done.stdout, done.stderr


class TestASetUp:
    def test_wants_a_newer_python_than_an_old_one(self, checkout, python):
        code, printed, said = make(checkout, "setup", f"PYTHON={python(OLDER)}")

        assert (code, printed) == (2, "")
        assert f"needs Python 3.11 or newer, and {checkout}/its-python is 3.10.9" in said
        assert "make setup PYTHON=python3.12" in said

    def test_wants_a_python(self, checkout):
        code, printed, said = make(checkout, "serve", "PYTHON=no-such-python")

        assert (code, printed) == (2, "")
        assert "There is no no-such-python" in said

    def test_wants_a_python_that_can_make_environments(self, checkout, python):
        code, _, said = make(checkout, "setup", f"PYTHON={python(WITHOUT_VENV)}")

        assert code == 2
        assert "apt install python3-venv" in said

    def test_that_cannot_be_done_leaves_the_environment_as_it_was(self, checkout, python):
        (checkout / ".venv").mkdir()
        (checkout / ".venv" / "mine").touch()

        make(checkout, "setup", f"PYTHON={python(OLDER)}")

        assert [it.name for it in (checkout / ".venv").iterdir()] == ["mine"]


class TestWhatIsInstalled:
    @pytest.mark.parametrize(
        "changed",
        ["pyproject.toml", "requirements/run.txt", "requirements/build.txt", "sandbox/ecf_sandbox/__init__.py"],
    )
    def test_is_held_against_what_changed_since(self, checkout, changed):
        self.installed(checkout)
        assert make(checkout, "--question", ".venv/.run", ".venv/.dev")[0] == 0

        os.utime(checkout / changed)

        assert make(checkout, "--question", ".venv/.run")[0] == 1
        assert make(checkout, "--question", ".venv/.dev")[0] == 1

    def test_to_run_does_not_depend_on_what_tests(self, checkout):
        self.installed(checkout)

        os.utime(checkout / "requirements" / "dev.txt")

        assert make(checkout, "--question", ".venv/.run")[0] == 0
        assert make(checkout, "--question", ".venv/.dev")[0] == 1

    def installed(self, checkout):
        for file in checkout.rglob("*"):
            os.utime(file, (0, 0))
        (checkout / ".venv").mkdir()
        for stamp in ("run", "dev"):
            (checkout / ".venv" / f".{stamp}").touch()
            os.utime(checkout / ".venv" / f".{stamp}", (1, 1))
