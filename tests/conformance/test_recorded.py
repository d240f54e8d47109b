"""What was recorded of the real service is what the sandbox answers, but for the cases in `known.md`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from _pytest.mark.structures import ParameterSet

from tests.conformance.known import known
from tests.conformance.outcomes import Outcome
from tests.conformance.player import Player, Target
from tests.conformance.recordings import Case, Recording, cases_in, recorded

# So many compressed bytes take about a second, so that several processes share the work evenly.
SHARE = 24_000


@dataclass(frozen=True, slots=True)
class Share:
    """Every so-manieth case of a file."""

    recording: Recording
    file: Path
    number: int
    of: int

    def __str__(self) -> str:
        name = f"{self.recording.name}-{self.file.name.split('.')[0]}"
        return name if self.of == 1 else f"{name}-{self.number + 1}-of-{self.of}"

    def cases(self) -> list[Case]:
        return cases_in(self.file, slice(self.number, None, self.of))


# Of these only the first of so many shares of each file is played while one edits.
SAMPLED = {"rect": 12}


def shares() -> Iterator[Share]:
    for recording in recorded():
        for file in recording.case_files:
            of = 1 + file.stat().st_size // SHARE
            if recording.name in SAMPLED:  # each has a case, though a file has fewer
                of = len(cases_in(file, slice(SAMPLED[recording.name])))
            yield from (Share(recording, file, number, of) for number in range(of))


def parameter(share: Share) -> ParameterSet:
    slow = share.recording.name in SAMPLED and share.number > 0
    return pytest.param(share, id=str(share), marks=[pytest.mark.slow] if slow else [])


@pytest.fixture(scope="module")
def player_of():
    """A player over the world of a recording, kept until another world is wanted: the tests come world by world."""
    return lru_cache(maxsize=1)(lambda recording: Player(opener(recording), recording.world()))


def opener(recording: Recording) -> Callable[[Mapping[str, Any]], Target]:
    """What opens the sandbox over a world of the recording's service."""
    module = import_module(f"tests.conformance.{recording.target.stem}")
    open_target: Callable[[Mapping[str, Any]], Target] = module.open_target
    return open_target


@pytest.mark.parametrize("share", [parameter(it) for it in shares()])
def test_the_sandbox_answers_what_was_recorded(share, player_of):
    player, listed, world = player_of(share.recording), known().get(share.recording.name, {}), share.recording.name

    outcomes = [
        Outcome(world=world, case=case, played=player.play(case), reason=listed.get(case["id"]))
        for case in share.cases()
    ]

    assert outcomes
    if wrong := [it for it in outcomes if it.wrong]:
        pytest.fail(told(wrong), pytrace=False)


def told(wrong: list[Outcome]) -> str:
    """What is wrong with some cases, and the command by which to look at the first."""
    gone = [it.id for it in wrong if not it.differs]
    lines = ["", *(it.as_text() for it in wrong[:5] if it.differs)]
    if len(wrong) > 5:
        lines.append(f"… and {len(wrong) - 5} more")
    if gone:
        lines.append(f"The same now, take it off the list (tests/conformance/known.md): {' '.join(gone)}")
    lines.append("To look at one, step by step:")
    lines.append(f'    make conformance ARGS="--world {wrong[0].world} --only {wrong[0].id} --steps"')
    return "\n".join(lines)
