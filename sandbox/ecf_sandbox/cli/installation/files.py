"""Looks at the files that come with the sandbox: are they there, and can they be read?"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from ecf_sandbox.cli.installation.diagnosis import Diagnosis, State, ok, wrong
from ecf_sandbox.cli.installation.installation import AGAIN


def scenarios(folder: Path) -> Diagnosis:
    """Whether every scenario of a folder loads, and the default one is there."""
    from ecf_sandbox.scenario import load_scenario

    return _every("scenarios", folder, ("default",), lambda it: load_scenario(it, seed="doctor"))


def documents(folder: Path) -> Diagnosis:
    """Whether the OpenAPI documents of a folder load, and what is printed of them for the observer."""
    from ecf_sandbox.tools.contract.documents import NAMES, Document
    from ecf_sandbox.tools.observer.expected import FILE, read

    found = _every("OpenAPI documents", folder, NAMES, lambda it: Document(it).operations)
    if found.state is not State.OK:
        return found
    return _broken(found.about, [folder / FILE], read) or found


def _every(about: str, folder: Path, needed: tuple[str, ...], load: Callable[[Path], object]) -> Diagnosis:
    there = sorted(folder.glob("*.yaml")) if folder.is_dir() else []
    missing = [name for name in needed if name not in {it.stem for it in there}]
    if missing:
        return wrong(about, f"{', '.join(missing)} missing in {folder}", AGAIN)
    return _broken(about, there, load) or ok(about, f"{len(there)} in {folder}")


def _broken(about: str, files: Iterable[Path], load: Callable[[Path], object]) -> Diagnosis | None:
    """The first of the files that cannot be used, or None."""
    for it in files:
        try:
            load(it)
        except Exception as error:  # whatever is the matter with a file: it is to be named, not to end the command
            return wrong(about, f"{it} cannot be used: {error}", AGAIN)
    return None
