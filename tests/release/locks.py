"""The locks in `requirements/`: which version of which package a set-up installs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement

FOLDER = Path(__file__).resolve().parents[2] / "requirements"
NAMES = ("build", "run", "dev", "browser")
_PIN = re.compile(
    r"^([a-z0-9-]+)==([^ ;]+)( ; [^\\]+)? \\\n((?: {4}--hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class Pin:
    """One package of a lock; `marker` says where it is needed, and is empty where that is everywhere."""

    name: str
    version: str
    marker: str

    def meets(self, wanted: Requirement) -> bool:
        return self.name == normal(wanted.name) and wanted.specifier.contains(self.version, prereleases=True)


def text(name: str) -> str:
    """What a lock says."""
    return (FOLDER / f"{name}.txt").read_text(encoding="utf-8")


def pins(name: str) -> list[Pin]:
    """The packages of a lock that have a version and hashes."""
    return [Pin(it[1], it[2], (it[3] or "").strip(" ;")) for it in _PIN.finditer(text(name))]


def unread(name: str) -> str:
    """What is in a lock that is neither a pin nor a comment."""
    return re.sub(r"^#.*\n", "", _PIN.sub("", text(name)), flags=re.MULTILINE)


def tools() -> list[str]:
    """The packages that `build.txt` is made from."""
    lines = (FOLDER / "build.in").read_text(encoding="utf-8").splitlines()
    return [it for it in lines if not it.startswith("#")]


def normal(name: str) -> str:
    """A package's name as indexes spell it."""
    return re.sub(r"[-_.]+", "-", name).lower()
