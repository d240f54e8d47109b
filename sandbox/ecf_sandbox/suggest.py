"""The one "did you mean": which known name a mistyped one looks like, in bounded time and in a short text."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from difflib import SequenceMatcher

_LONGEST = 100  # characters that are compared and shown; whatever is longer is no slip of the finger
_MOST = 2000  # choices that are compared
_SHOWN = 12


def did_you_mean(name: object, choices: Iterable[object]) -> str:
    """`'septembr'; did you mean 'september'?`, or what there is to choose from when nothing is near."""
    given = str(name)
    others = [it for it in map(str, islice(choices, _MOST)) if it != given]
    if near := nearest(given, others):
        return f"{_quoted(given)}; did you mean {_quoted(near)}?"
    if not others:
        return f"{_quoted(given)}; there are none"
    shown = ", ".join(map(in_short, others[:_SHOWN])) + (", …" if len(others) > _SHOWN else "")
    return f"{_quoted(given)}; choose from {shown}"


def nearest(name: str, choices: Iterable[str], *, least: float = 0.55) -> str | None:
    """The choice that looks most like the name (itself, if it is one), or None if none is at least that like it."""
    return next(iter(alike(name, choices, most=1, least=least)), None)


def alike(name: str, choices: Iterable[str], *, most: int, least: float = 0.55) -> list[str]:
    """The choices that look like the name, the most alike first; `least` is 1.0 for the same and 0.0 for any."""
    from difflib import SequenceMatcher  # only a mistake pays for this import

    whole: dict[str, str] = {}
    for it in islice(choices, _MOST):
        whole.setdefault(it[:_LONGEST], it)
    matcher = SequenceMatcher(b=name[:_LONGEST])
    found: list[tuple[float, str]] = []  # at most so many, the most alike first
    # A comparison takes long, its upper bound does not: with the most promising first, most need no comparison.
    for bound, it in _promising(matcher, whole, least):
        if len(found) == most and bound < found[-1][0]:
            break
        matcher.set_seq1(it)
        if (ratio := matcher.ratio()) >= least:
            found = sorted([*found, (ratio, it)], reverse=True)[:most]
    return [whole[it] for _, it in found]


def _promising(matcher: SequenceMatcher[str], choices: Iterable[str], least: float) -> list[tuple[float, str]]:
    found = []
    for it in choices:
        matcher.set_seq1(it)
        if matcher.real_quick_ratio() >= least and (bound := matcher.quick_ratio()) >= least:
            found.append((bound, it))
    return sorted(found, reverse=True)


def nearest_first(given: object, choices: Iterable[str]) -> list[str]:
    """The choices in order of their spelling, the one that was nearly typed in front."""
    known = sorted(choices)
    text = in_short(str(given or "").strip().lower())
    begun = [it for it in known if len(text) > 2 and it.startswith(text)]
    near = begun[:1] or alike(text, known, most=1)
    return near + [it for it in known if it not in near]


def in_short(text: str, most: int = _LONGEST) -> str:
    """A text that somebody sent, as far as it is repeated to them."""
    return text if len(text) <= most else f"{text[:most]}…"


def _quoted(text: str) -> str:
    return repr(in_short(text))
