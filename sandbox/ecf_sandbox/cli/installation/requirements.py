"""Requirements as a package's metadata states them (`flask>=3.0`), and whether a version meets one."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass

_NAME = re.compile(r"\s*([A-Za-z0-9][\w.-]*)\s*(?:\[[^\]]*\])?\s*([^;]*)(?:;(.*))?")
_EXTRA = re.compile(r"""extra\s*==\s*['"]([^'"]+)['"]""")
_BOUND = re.compile(r"\s*(>=|<=|==|!=|>|<)\s*([\d.]+)\s*")
_COMPARE: dict[str, Callable[[tuple[int, ...], tuple[int, ...]], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    "==": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    "<": operator.lt,
}


@dataclass(frozen=True, slots=True)
class Requirement:
    """A package, its bounds as written, and the extra for which it is needed, if it is for one."""

    name: str
    bounds: str
    extra: str | None = None

    def met_by(self, version: str) -> bool:
        """Whether a version lies within the bounds; what follows the numbers (`3.0rc1`) is not looked at."""
        return within(version, self.bounds)


def requirement(text: str) -> Requirement:
    """Read a line of `Requires-Dist`; raises ValueError."""
    found = _NAME.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is no requirement")
    extra = _EXTRA.search(found[3] or "")
    return Requirement(found[1], found[2].strip(), extra[1] if extra else None)


def within(version: str, bounds: str) -> bool:
    """Whether a version meets bounds such as `>=3.0,<4`; a bound of a kind that is not used here counts as met."""
    return all(
        _COMPARE[found[1]](*_alike(version, found[2]))
        for it in bounds.strip("() ").split(",")
        if (found := _BOUND.fullmatch(it))
    )


def _alike(one: str, other: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    # 3 and 3.0.0 are the same version.
    left, right = _numbers(one), _numbers(other)
    length = max(len(left), len(right))
    return left + (0,) * (length - len(left)), right + (0,) * (length - len(right))


def _numbers(version: str) -> tuple[int, ...]:
    found = re.match(r"\d+(?:\.\d+)*", version)
    return tuple(map(int, found[0].split("."))) if found else ()
