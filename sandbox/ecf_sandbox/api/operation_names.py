"""The operations of a service by every name that people give them, and which of them a pattern can mean."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache, lru_cache

from ecf_sandbox.api.routes import CSV, Route
from ecf_sandbox.state.operation import NO_OPERATION
from ecf_sandbox.state.record import Record
from ecf_sandbox.state.service import Service
from ecf_sandbox.suggest import did_you_mean, nearest

# Up to which version a former name of an operation is understood.
FORMER_UNTIL = "0.4"
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
_VERSION = re.compile(r"[vV]?(\d)\s+(.+)", re.DOTALL)
_API = "/api/*"  # not of `paths`, whose imports every command would wait for
_SEGMENT = "<segment:id>"
_FORMATS = (".json", ".csv", ".xml", ".html")  # of those that a path may end in, what somebody asks for


class NamedOperation(Record, frozen=True):
    """An operation by its name in the journal and the one that it had before; `path` is that of the route."""

    name: str
    former: str
    method: str
    path: str

    @property
    def id(self) -> str:
        """Its name without the version."""
        return _id(self.name)

    def takes(self, method: str) -> bool:
        """Whether a request with this method can be one for it."""
        return method == self.method or (method == "HEAD" and self.method == "GET")


@dataclass(frozen=True)
class OperationNames:
    """Every operation of a service. A pattern may have wildcards, leave out the version, or be a former name."""

    operations: tuple[NamedOperation, ...]

    def named(self, pattern: str) -> tuple[NamedOperation, ...]:
        """Those that a pattern means."""
        pattern = _spelt(pattern)
        return tuple(it for it in self.operations if _fits(it.name, pattern) or _fits(it.former, pattern))

    def present(self, operation: str, method: str, path: str) -> str:
        """The name that the operation of an exchange has now; what it was called, if that was never a name of one."""
        was = [it for it in self.operations if it.former == operation and it.takes(method)]
        return next((it.name for it in was if paths_fit(it, path, suffixes=False)), operation)

    def in_present_terms(self, pattern: str) -> str:
        """A pattern with the present name in place of a former one, if that is one operation now."""
        ids = {it.id for it in self.named(pattern)}
        if self.former(pattern) is None or len(ids) != 1:
            return pattern
        version, space, _ = _spelt(pattern).rpartition(" ")
        return f"{version}{space}{ids.pop()}"

    def former(self, pattern: str) -> str | None:
        """What to say of a pattern that means an operation by the name that it had before; None for any other."""
        spelt = _spelt(pattern)
        if any(_fits(it.name, spelt) for it in self.operations) or not (meant := self.named(pattern)):
            return None
        ids = ", ".join(dict.fromkeys(it.id for it in meant))
        return f"{pattern!r} is a former name of {ids}, and is understood until version {FORMER_UNTIL}"

    def did_you_mean(self, pattern: str) -> str:
        """The nearest name to one that means nothing, in the present spelling."""
        spelt = _spelt(pattern)
        if elsewhere := [it.name for it in self.operations if spelt.partition(" ")[2] in (it.id, _id(it.former))]:
            return f"{pattern!r}; did you mean {elsewhere[-1]!r}?"
        version, _, rest = spelt.partition(" ") if _VERSION.fullmatch(pattern) else ("", "", spelt)
        here = [it for it in self.operations if not version or it.name.startswith(f"{version} ")] or self.operations
        present = {it.id: it.id for it in here}
        near = nearest(rest, [*present, *(_id(it.former) for it in here)])
        meant = next((it.id for it in here if near in (it.id, _id(it.former))), None)
        if meant is None:
            return did_you_mean(pattern, present)
        return f"{pattern!r}; did you mean {f'{version} {meant}'.strip()!r}?"


# Of a pattern, in characters.
LONGEST = 1000


def operation_names(service: Service) -> OperationNames:
    """The operations of a service, in the order of its routes."""
    return _names(service.routes)


@cache
def _names(routes: tuple[Route, ...]) -> OperationNames:
    return OperationNames(tuple(dict.fromkeys(it for route in routes for it in _of(route))))


def _of(route: Route) -> Iterable[NamedOperation]:
    for version, path in route.rules():
        former = route.former_operation(version)
        yield NamedOperation(route.operation(version), former, route.method, path)
        if route.csv:
            yield NamedOperation(route.operation(version, csv=True), former, route.method, path)


@lru_cache(maxsize=4096)
def paths_fit(operation: NamedOperation, pattern: str, *, suffixes: bool) -> bool:
    """Whether some path of an operation fits a pattern; with `suffixes` one with a format counts (`.csv`) too."""
    plain = _glob(operation.path.replace(_SEGMENT, "\0"))
    formats = (".csv",) if operation.name.endswith(CSV) else _FORMATS
    wanted = _glob(pattern)
    return _meet(plain, wanted) or (suffixes and any(_meet((*plain, *it), wanted) for it in formats))


def too_long(**patterns: str | None) -> list[str]:
    """What to say of patterns, by name, that are longer than any operation or path: comparing them takes its time."""
    return [
        f"{name} must be at most {LONGEST:,} characters, not {len(it):,}"
        for name, it in patterns.items()
        if it is not None and len(it) > LONGEST
    ]


def has_query(pattern: str) -> bool:
    """Whether a pattern for a path goes on with a query, whose `?` would be a wildcard."""
    return "=" in pattern.partition("?")[2]


def in_api(pattern: str) -> bool:
    """Whether a path that fits a pattern can be one of the API: `/api/v3/statement`, `*/statement`."""
    return _meet(_glob(_API), _glob(pattern))


def nearest_path(operations: Iterable[NamedOperation], pattern: str) -> str:
    """The nearest path to one that leads nowhere."""
    return did_you_mean(pattern, dict.fromkeys(it.path.replace(_SEGMENT, "*") for it in operations))


def is_no_operation(pattern: str) -> bool:
    """Whether a pattern means the requests for no path of the API by their name."""
    return pattern != "*" and fnmatchcase(NO_OPERATION.operation, pattern)


def _spelt(pattern: str) -> str:
    found = _VERSION.fullmatch(pattern.strip())
    return f"v{found[1]} {found[2]}" if found else pattern.strip()


def _id(name: str) -> str:
    return name.partition(" ")[2]


def _fits(name: str, pattern: str) -> bool:
    return fnmatchcase(name, pattern) or (" " not in pattern and fnmatchcase(name.partition(" ")[2], pattern))


# Two patterns are compared as lists of what may stand at each place: a character, one of any, or any number of any.
_ANY, _STAR, _NO_SLASH, _STAR_NO_SLASH = "any", "star", "no slash", "star no slash"
_STARS = (_STAR, _STAR_NO_SLASH)
_CLASS = re.compile(r"\[[^\]]+\]")
_STARS_IN_A_ROW = re.compile(r"\*{2,}")


def _glob(pattern: str) -> tuple[str, ...]:
    """A pattern of `fnmatch`; NUL stands for a part of a path."""
    tokens: list[str] = []
    for it in _STARS_IN_A_ROW.sub("*", _CLASS.sub("?", pattern)):
        tokens += {"?": [_ANY], "*": [_STAR], "\0": [_NO_SLASH, _STAR_NO_SLASH]}.get(it, [it])
    return tuple(tokens)


def _meet(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether some text fits both."""
    reached = {0}
    for place in range(len(one) + 1):
        # Where the stars of the other may be left out, or go on.
        reached = _skipping(other, reached)
        if place == len(one):
            break
        token = one[place]
        if token in _STARS:
            grown = set(reached)
            while grown:
                grown = _skipping(other, {at for it in grown for at in _stepping(other, it, token)}) - reached
                reached |= grown
        else:
            reached = {at for it in reached for at in _stepping(other, it, token)}
    return len(other) in reached


def _skipping(tokens: tuple[str, ...], places: set[int]) -> set[int]:
    found = set(places)
    for it in places:
        at = it
        while at < len(tokens) and tokens[at] in _STARS:
            at += 1
            found.add(at)
    return found


def _stepping(tokens: tuple[str, ...], place: int, token: str) -> Iterable[int]:
    """Where one character that fits `token` leads."""
    if place == len(tokens):
        return
    other = tokens[place]
    slash = "/" in (token, other)
    if slash and (token in (_NO_SLASH, _STAR_NO_SLASH) or other in (_NO_SLASH, _STAR_NO_SLASH)):
        return
    single = len(token) == 1 and len(other) == 1
    if single and token != other:
        return
    yield place if other in _STARS else place + 1
