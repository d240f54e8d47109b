"""What came of cases: same or not, listed or not, and the figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from tests.conformance.known import HEAD, as_row
from tests.conformance.player import Played
from tests.conformance.recordings import Case


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of one case; the reason, if it is listed as one that differs."""

    world: str
    case: Case
    played: Played
    reason: str | None = None

    @property
    def id(self) -> str:
        id: str = self.case["id"]
        return id

    @property
    def differs(self) -> bool:
        return bool(self.played.differences)

    @property
    def wrong(self) -> bool:
        """It differs and is not listed, or is listed and does not differ."""
        return self.differs == (self.reason is None)

    def as_text(self, steps: bool = False) -> str:
        """How it differs and from what, for whoever mends it; with the steps that led there, on demand."""
        about = self.case.get("about", "")
        if not self.differs:
            return f"SAME    {self.id}  {about}" + (" is listed as one that differs" if self.reason else "")
        lines = [f"DIFFERS {self.id}  {about}"]
        lines += [f"    listed: {self.reason}"] if self.reason else []
        lines += [f"    {step}" for step in self.played.steps] if steps else []
        lines += [f"    {line}" for line in self.played.differences[: None if steps else 6]]
        return "\n".join(lines)

    def as_json(self) -> dict[str, Any]:
        """What a report says of a case that differs."""
        return {
            "world": self.world,
            "id": self.id,
            "about": self.case.get("about", ""),
            "listed": self.reason,
            "differences": self.played.differences,
        }


@dataclass(slots=True)
class Figures:
    """How many cases of each family were played, and how many of them gave the same answers."""

    played: Counter[str] = field(default_factory=Counter)
    same: Counter[str] = field(default_factory=Counter)

    def count(self, outcome: Outcome) -> None:
        """One more."""
        family = outcome.id.split("/")[0]
        self.played[family] += 1
        self.same[family] += not outcome.differs

    def add(self, other: Figures) -> None:
        """All of another's."""
        self.played += other.played
        self.same += other.same

    @property
    def percent(self) -> float:
        return 100 * self.same.total() / self.played.total() if self.played else 0.0

    def by_family(self) -> list[str]:
        """A line for each family."""
        return [f"{family}: {self.same[family]}/{self.played[family]}" for family in sorted(self.played)]

    def __str__(self) -> str:
        return f"{self.same.total()}/{self.played.total()} ({self.percent:.1f}%)"


def rows_for_the_list(outcomes: Iterable[Outcome]) -> list[str]:
    """The cases that differ, as a table of `known.md`: with the reason that is listed, or else the first difference."""
    rows = [as_row(it.id, it.reason or it.played.differences[0]) for it in outcomes if it.differs]
    return [*HEAD, *rows] if rows else []
