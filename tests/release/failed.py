"""What is wrong with a release, and the running of commands that must end well."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path


class NotFit(Exception):
    """The release cannot go out. Says which step failed and what was printed."""


def run(command: Sequence[str | Path], folder: Path, *, code: int = 0, seconds: float = 300) -> str:
    """What a command prints, run in a folder; raises NotFit if it takes too long or ends with another code."""
    shown = " ".join(map(str, command))
    try:
        done = subprocess.run(
            list(map(str, command)),
            cwd=folder,
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=seconds,
            check=False,
        )
    except OSError as error:
        raise NotFit(f"{shown}\ncannot be run: {error}") from None
    except subprocess.TimeoutExpired:
        raise NotFit(f"{shown}\nis not done after {seconds:.0f} seconds") from None
    if done.returncode != code:
        raise NotFit(f"{shown}\nended with {done.returncode}, not {code}:\n{done.stdout}")
    return done.stdout


def holds(text: str, *wanted: str) -> None:
    """Insist that all of these stand in a text; raises NotFit."""
    missing = [it for it in wanted if it not in text]
    if missing:
        raise NotFit(f"missing from what was printed: {', '.join(map(repr, missing))}\n{text}")


def environment() -> dict[str, str]:
    """The machine's variables without any that would lead back to the checkout or set something."""
    leading = ("ECF_SANDBOX_", "PYTHON", "VIRTUAL_ENV", "MAKE")
    return {name: it for name, it in os.environ.items() if not name.startswith(leading)}
