"""Draws histories with Hypothesis, and makes the first that fails as short as it gets."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from time import monotonic

from hypothesis import HealthCheck, Phase, Verbosity, given, settings
from hypothesis import seed as seeded
from hypothesis import strategies as st

from ecf_sandbox.state.ids import share
from ecf_sandbox.state.properties import Choose, Complaint, T
from ecf_sandbox.tools.exercise.history import History, Step

SHRINKING = 60.0  # seconds for making a history shorter
_DRAWS = 4  # for each history, since some are drawn twice
_DRAWING = 0.5  # the part of them in which Hypothesis draws again, before steps are left out one after the other


@dataclass(frozen=True)
class Judged:
    """What became of a history: how the client broke invariants, how often it was run, and how long that took."""

    complaints: tuple[Complaint, ...] = ()
    runs: int = 0
    client_seconds: float = 0.0

    @property
    def broken(self) -> tuple[str, ...]:
        """The invariants that were broken, each once."""
        return tuple(dict.fromkeys(it.invariant for it in self.complaints))


Play = Callable[[History], Judged]


class _Broken(Exception):
    """A history that fails, as Hypothesis is told."""


class _Enough(BaseException):
    """There is no time left: Hypothesis lets through what is no Exception."""


@dataclass
class Explorer:
    """Plays histories, each once; `heard` is told of each with whether it was one that is made shorter."""

    play: Play
    heard: Callable[[Judged, bool], None]
    judged: dict[str, Judged] = field(default_factory=dict)
    shrinking: float = SHRINKING
    _failing: History | None = None
    _invariant: str = ""
    _until: float | None = None
    _seen: set[str] = field(default_factory=set)

    def explore(
        self, draw: Callable[[Choose], History], *, seed: str, histories: int, until: float | None
    ) -> History | None:
        """The shortest history found that fails, of so many that follow from the seed; None if none does."""
        self._failing, self._until, self._seen = None, until, set()

        @st.composite
        def drawn(choose_from: st.DrawFn) -> History:
            def choose(options: Sequence[T]) -> T:
                return options[choose_from(st.integers(0, len(options) - 1))] if len(options) > 1 else options[0]

            return draw(choose)

        @seeded(int(share(seed, 1) * 2**53))
        @settings(
            database=None,
            max_examples=histories * _DRAWS,
            deadline=None,
            phases=(Phase.generate, Phase.shrink),
            suppress_health_check=list(HealthCheck),
            report_multiple_bugs=False,
            verbosity=Verbosity.quiet,
            print_blob=False,
        )
        @given(drawn())
        def one(history: History) -> None:
            if self._fails(history):
                raise _Broken
            if self._failing is None and len(self._seen) >= histories:
                raise _Enough

        with suppress(_Broken, _Enough):
            one()
        return None if self._failing is None else self.shorter(self._failing)

    def shorter(self, history: History) -> History:
        """A history without the steps that it fails without, as far as the time allows."""
        self._failing = history
        self._invariant = self._invariant or next(iter(self._judge(history).broken), "")
        self._until = monotonic() + self.shrinking * (1 - _DRAWING)
        with suppress(_Enough):
            while any(self._fails(it) for it in _parts_of(self._failing)):
                pass
        return self._failing

    def _fails(self, history: History) -> bool:
        """Whether it fails as the first one did, which is kept if it is the shortest so far; raises _Enough."""
        if history.key not in self.judged and self._until is not None and monotonic() > self._until:
            raise _Enough
        broken = self._judge(history).broken
        if not broken or (self._failing is not None and self._invariant not in broken):
            return False
        if self._failing is None:
            self._failing, self._invariant = history, broken[0]
            self._until = monotonic() + self.shrinking * _DRAWING
        elif history.size < self._failing.size:
            self._failing = history
        return True

    def _judge(self, history: History) -> Judged:
        key = history.key
        if key in self.judged:
            if self._failing is None and key not in self._seen:  # another block had it
                self._seen.add(key)
                self.heard(Judged(self.judged[key].complaints), False)
            return self.judged[key]
        self._seen.add(key)
        found = self.judged[key] = self.play(history)
        self.heard(found, self._failing is not None)
        return found


def _parts_of(history: History) -> Iterator[History]:
    """The history without some of its steps: first without many, in the end without one."""
    steps: tuple[Step, ...] = history.steps
    length = len(steps)
    while (length := length // 2) > 1:
        for first in range(0, len(steps), length):
            yield history.with_steps(steps[:first] + steps[first + length :])
    for at in reversed(range(len(steps))):
        yield history.with_steps(steps[:at] + steps[at + 1 :])
