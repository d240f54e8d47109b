"""Programs that only one tool needs: each in a folder of its own below the user's cache, outside the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

INSTALLING = 900.0


def cache_folder(name: str) -> Path:
    """The folder of a tool, made if need be: below XDG_CACHE_HOME, or ~/.cache."""
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    folder = Path(base) / "ecf-sandbox" / name
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def importable(package: str) -> bool:
    """Install a package beside this Python, out of its environment, and make it importable; whether that worked."""
    folder = cache_folder(f"{package}-{sys.version_info.major}.{sys.version_info.minor}")
    done = folder / ".installed"
    if not done.exists():
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--only-binary=:all:", "--target", str(folder)]
        installed = subprocess.run([*command, package], capture_output=True, text=True, timeout=INSTALLING, check=False)
        if installed.returncode != 0:
            return False
        done.touch()
    if str(folder) not in sys.path:
        sys.path.append(str(folder))
    return True
