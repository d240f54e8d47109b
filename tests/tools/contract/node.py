"""Programs that come by npm: installed together into a folder that is thrown away, and run there."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

INSTALLING, RUNNING = 600.0, 300.0


def at_hand() -> bool:
    """Whether there is an npm."""
    return shutil.which("npm") is not None


class Programs:
    """What was installed in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, name: str, *arguments: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
        """Run a program to its end; what it says is kept, and its exit code is its own affair."""
        command = [str(self.folder / "node_modules" / ".bin" / name), *map(str, arguments)]
        return self._run(command, cwd or self.folder)

    def script(self, text: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        """Run a few lines of JavaScript that use a library."""
        return self._run(["node", "-e", text, *map(str, arguments)], self.folder)

    def version(self, package: str) -> str:
        """The version of a package that was installed."""
        about = json.loads((self.folder / "node_modules" / package / "package.json").read_text(encoding="utf-8"))
        return str(about["version"])

    @staticmethod
    def _run(command: list[str], cwd: Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False, timeout=RUNNING)


@contextmanager
def installed(packages: Sequence[str]) -> Iterator[Programs]:
    """The packages, in a folder of their own while it lasts; raises CalledProcessError if they cannot be had."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "package.json").write_text('{"private": true}')
        install = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts", *packages]
        subprocess.run(install, cwd=folder, check=True, timeout=INSTALLING)
        yield Programs(Path(folder))
