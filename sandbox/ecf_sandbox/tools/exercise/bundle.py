"""The histories that were found earlier, as files of a folder: tried first the next time."""

from __future__ import annotations

from pathlib import Path

from ecf_sandbox import files
from ecf_sandbox.tools.exercise.history import BadHistory, History, read

FOLDER = Path(".ecf-sandbox") / "histories"


def found_earlier(folder: Path) -> list[tuple[Path, History]]:
    """Every history of a folder, by the name of its file; raises BadHistory for a file that is none."""
    return [(it, history_in(it)) for it in sorted(folder.glob("*.json"))]


def history_in(file: Path) -> History:
    """The history in a file; raises BadHistory, which names it, and OSError."""
    try:
        return read(files.read(file))
    except BadHistory as wrong:
        raise BadHistory(f"{file}: {wrong}") from None
