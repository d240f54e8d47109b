"""The one "did you mean": which known name a mistyped one looks like, in bounded time and in a short text."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

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
    from difflib import get_close_matches  # only a mistake pays for this import

    whole: dict[str, str] = {}
    for it in islice(choices, _MOST):
        whole.setdefault(it[:_LONGEST], it)
    return [whole[it] for it in get_close_matches(name[:_LONGEST], whole, n=most, cutoff=least)]


def in_short(text: str, most: int = _LONGEST) -> str:
    """A text that somebody sent, as far as it is repeated to them."""
    return text if len(text) <= most else f"{text[:most]}…"


def _quoted(text: str) -> str:
    return repr(in_short(text))
