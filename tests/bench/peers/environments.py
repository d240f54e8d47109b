"""Where peers are installed: below the user's cache, once, and never in the environment of the checkout."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.tool_cache import INSTALLING, cache_folder


class NotInstalled(Exception):
    """A peer cannot be had here. Says why."""


def npm(package: str) -> Path:
    """The folder of a package of npm, with what it needs."""
    if shutil.which("npm") is None:
        raise NotInstalled("there is no npm")
    folder = cache_folder(f"peers/npm-{package.replace('/', '-').replace('@', '')}")
    if not (folder / ".installed").exists():
        (folder / "package.json").write_text('{"private": true}')
        _run(["npm", "install", "--silent", "--no-audit", "--no-fund", package], folder)
        (folder / ".installed").touch()
    return folder


def pip(package: str) -> Path:
    """The folder of an environment of Python that has a package."""
    folder = cache_folder(f"peers/pip-{package.partition('[')[0]}")
    if not (folder / ".installed").exists():
        _run([sys.executable, "-m", "venv", str(folder)], folder)
        _run([str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", package], folder)
        (folder / ".installed").touch()
    return folder


def npm_version(folder: Path, package: str) -> str:
    """The version of a package that was installed."""
    about = json.loads((folder / "node_modules" / package / "package.json").read_text(encoding="utf-8"))
    return str(about["version"])


def pip_version(folder: Path, package: str) -> str:
    """Likewise."""
    asked = f"from importlib.metadata import version; print(version({package!r}))"
    return _run([str(folder / "bin" / "python"), "-c", asked], folder).strip()


def _run(command: Sequence[str], folder: Path) -> str:
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=INSTALLING, check=True)
    except subprocess.CalledProcessError as error:
        raise NotInstalled(f"{' '.join(command[:4])} failed: {(error.stderr or error.stdout)[-300:].strip()}") from None
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NotInstalled(str(error)) from None
    return done.stdout
