"""Which rules a run has put to the test, and how often the sandbox was asked what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ecf_sandbox.state.journal import Exchange


class RuleCoverage:
    """The rules judged, those of them broken, and the operations asked for; merged from all workers."""

    def __init__(self) -> None:
        self.judged: set[str] = set()
        self.broken: set[str] = set()
        self.operations: set[str] = set()
        self.known = 0

    def __bool__(self) -> bool:
        return self.known > 0

    def add(self, journal: Iterable[Exchange]) -> None:
        """Count what the exchanges judged."""
        self.known = self.known or _known()
        for it in journal:
            if it.operation.startswith("v"):
                self.operations.add(it.operation)
            for judgement in it.judgements:
                if judgement.verdict != "not asked":
                    self.judged.add(judgement.rule)
                if judgement.verdict == "broken":
                    self.broken.add(judgement.rule)

    def plain(self) -> dict[str, object]:
        """As values that a worker can hand over."""
        return {
            "judged": sorted(self.judged),
            "broken": sorted(self.broken),
            "operations": sorted(self.operations),
            "known": self.known,
        }

    def merge(self, plain: Mapping[str, Iterable[str] | int]) -> None:
        """Add what a worker handed over."""
        for name in ("judged", "broken", "operations"):
            names = plain[name]
            assert not isinstance(names, int)
            getattr(self, name).update(names)
        known = plain["known"]
        assert isinstance(known, int)
        self.known = max(self.known, known)

    def line(self) -> str:
        """The one line at the end of a run."""
        return (
            f"ecf-sandbox: {len(self.judged)} of {self.known} rules judged, {len(self.broken)} broken, "
            f"{len(self.operations)} operations"
        )


def _known() -> int:
    from ecf_sandbox.ecf.rules.catalogue import RULEBOOKS

    return len({it.id for book in RULEBOOKS for it in book.rules})
