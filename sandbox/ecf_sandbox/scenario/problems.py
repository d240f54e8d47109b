"""What is wrong with a scenario: all of it at once, each with its place and the nearest right name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

Path = tuple[str | int, ...]


class Problem(NamedTuple):
    """One thing to correct: where in the file, and what is wrong there."""

    path: Path
    message: str

    @property
    def place(self) -> str:
        """The path as people write it: `people.3.ect.schedule`."""
        return ".".join(map(str, self.path))


class BadScenario(Exception):
    """A scenario that cannot be used. Names the file and every problem in it."""

    def __init__(self, file: str, problems: Sequence[Problem], lines: Sequence[int | None] = ()) -> None:
        self.file = file
        self.problems = tuple(problems)
        self.lines = tuple(lines) or (None,) * len(self.problems)
        super().__init__("\n".join(map(self._line, self.problems, self.lines)))

    def _line(self, problem: Problem, line: int | None) -> str:
        where = self.file if line is None else f"{self.file}:{line}"
        return f"{where}: {problem.place}: {problem.message}" if problem.path else f"{where}: {problem.message}"


def unlike(found: object, known: Iterable[object]) -> str:
    """`'septembr'; did you mean 'september'?`, or what there is to choose from when nothing is near."""
    from difflib import get_close_matches  # only a mistake pays for this import

    names = [str(it) for it in known]
    near = get_close_matches(str(found), names, n=1, cutoff=0.55)
    if near:
        return f"'{found}'; did you mean '{near[0]}'?"
    if not names:
        return f"'{found}'; there are none"
    shown = ", ".join(names[:12]) + (", …" if len(names) > 12 else "")
    return f"'{found}'; choose from {shown}"
