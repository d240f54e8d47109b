"""The source of a release sets itself up: what somebody does first who unpacked it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from pathlib import Path

from tests.release.failed import NotFit, environment, holds, run
from tests.release.locks import normal, pins

SECONDS = 120
# What is there without being in a lock: the sandbox, and what an environment is born with.
BESIDES = {"ecf-sandbox", "pip", "setuptools"}


def set_up_after_ctrl_c(source: Path) -> None:
    """A set-up that was cut off by Ctrl-C is begun again by the next command; raises NotFit."""
    with subprocess.Popen(
        ["make", "setup"], cwd=source, env=environment(), stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as it:
        assert it.stderr is not None
        said = next((line for line in it.stderr if line.startswith("Installing")), "")
        os.killpg(it.pid, signal.SIGINT)
        it.communicate(timeout=SECONDS)
    if not said or it.returncode == 0:
        raise NotFit(f"make setup said {said!r} and ended with {it.returncode}, though it was cut off")
    holds(run(["make", "serve", "ARGS=--help"], source), "Making the environment", "Serve the provider API")


def set_up_no_more_than_it_takes(source: Path) -> None:
    """What `make serve` has installed is what the locks name, and nothing that is only for tests; raises NotFit."""
    told = run([".venv/bin/uv", "pip", "list", "--quiet", "--format", "json", "--python", ".venv/bin/python"], source)
    there = {normal(it["name"]) for it in json.loads(told)} - BESIDES
    locked = {it.name for name in ("build", "run") for it in pins(name) if not it.marker}
    if there != locked:
        raise NotFit(f"installed and not locked, or the reverse: {', '.join(sorted(there ^ locked))}")
