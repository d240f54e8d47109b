"""The commands that a page of documentation shows, and the folders of examples in which they are run as written."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.served import ENVIRONMENT

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"
SHOWN_URL = "http://127.0.0.1:8000"
# What the checkout's environment has, it has under the names that a page uses: python, pip, ecf-sandbox.
HERE = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"


def commands(page: Path) -> str:
    """The lines that a page in Markdown shows to be typed: those that are indented by four."""
    return "".join(it[4:] for it in page.read_text().splitlines(keepends=True) if it.startswith("    "))


def copied(example: str, to: Path) -> Path:
    """A copy of an example alone, as somebody who begins with it has it."""
    return Path(shutil.copytree(EXAMPLES / example, to / example, ignore=shutil.ignore_patterns("__pycache__")))


def shell(script: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """The lines, run by bash in a folder until one fails."""
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=folder,
        env=ENVIRONMENT | {"PATH": HERE, "PYTHONDONTWRITEBYTECODE": "1"} | environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=300,
        check=False,
    )


def needs(tool: str) -> None:
    """Skip where a tool is not installed; fail where everything has to run."""
    if shutil.which(tool) is None:
        told = f"{tool} is not installed, so that the examples in it cannot be run"
        pytest.fail(told) if os.environ.get("CI") else pytest.skip(told)
