"""One thing that was looked at: how it is, and what to do about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class State(StrEnum):
    """How a thing is: a warning does not keep the sandbox from working."""

    OK = "ok"
    WARNING = "warning"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """What was looked at, how it is, in words, and the fix if there is one."""

    about: str
    state: State
    says: str
    fix: str = ""


def ok(about: str, says: str, fix: str = "") -> Diagnosis:
    """Nothing to mend; `fix` says how to have more."""
    return Diagnosis(about=about, state=State.OK, says=says, fix=fix)


def warning(about: str, says: str, fix: str) -> Diagnosis:
    """Something may surprise."""
    return Diagnosis(about=about, state=State.WARNING, says=says, fix=fix)


def wrong(about: str, says: str, fix: str) -> Diagnosis:
    """Something does not work until it is mended."""
    return Diagnosis(about=about, state=State.WRONG, says=says, fix=fix)


def as_text(found: Sequence[Diagnosis]) -> str:
    """A line for each, with the fix below it."""
    lines = []
    for it in found:
        lines.append(f"{it.state:<9}{it.about}: {it.says}")
        if it.fix:
            lines.append(f"{'':<9}-> {it.fix}")
    return "\n".join(lines)


def as_plain(found: Sequence[Diagnosis]) -> dict[str, Any]:
    """What `--json` prints."""
    return {"ok": sound(found), "lines": [asdict(it) for it in found]}


def sound(found: Sequence[Diagnosis]) -> bool:
    """Whether nothing is wrong."""
    return all(it.state is not State.WRONG for it in found)
