"""Reads the members of a mapping one by one, and the references in them; what is wrong is noted and reading goes on."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import Any, TypeVar

from ecf_sandbox.scenario.keys import Section
from ecf_sandbox.scenario.yaml_reader import SHOWN, Path, ScenarioProblem
from ecf_sandbox.suggest import did_you_mean

E = TypeVar("E", bound=StrEnum)
T = TypeVar("T")

D = TypeVar("D", bound=date)

_YEARS = range(2000, 2100)
_LONGEST = 60
_NO_DAY = date(1970, 1, 1)


class Fields:
    """One mapping of a scenario. `finish` notes the members that its section has not.

    A mapping whose members the file names freely has no section: there the members that nothing asked for are noted.
    """

    def __init__(
        self, value: object, path: Path, problems: list[ScenarioProblem], sections: tuple[Section, ...] = ()
    ) -> None:
        self.path = path
        self.problems = problems
        self._section = sections[0] if len(sections) == 1 else None
        self._asked: set[str] = set()
        self._members: Mapping[str, Any] = value if isinstance(value, dict) else {}
        if not isinstance(value, dict):
            self.note(f"expected a mapping, not {_shown(value)}")

    def __contains__(self, name: str) -> bool:
        return self._members.get(name) is not None

    def __iter__(self) -> Iterator[str]:
        return iter(self._members)

    def note(self, message: str, name: str | int | None = None) -> None:
        """Say that something is wrong with a member, or with the whole."""
        self.problems.append(ScenarioProblem(self.path if name is None else (*self.path, name), message))

    def unlike(self, found: object, known: Iterable[object]) -> str:
        """What was found, with the nearest name that is known; to look for one that is not shown would take long."""
        return did_you_mean(found, known) if len(self.problems) < SHOWN else f"'{found}'"

    def finish(self) -> None:
        """Note every member that is not known here."""
        known = self._asked.union(self._section.keys if self._section else ())
        for name in self._members:
            if name not in known:
                self.note(f"unknown {self.unlike(name, sorted(known))}", name)

    def narrow(self, section: Section) -> None:
        """Say which of several sections this is."""
        self._section = section

    def allow(self, *names: str) -> None:
        """Take these members to be somebody else's."""
        self._asked.update(names)

    def raw(self, name: str) -> Any:
        """A member as it stands, or None."""
        assert self._section is None or name in self._section.keys, f"{name} is declared in scenario/keys.py"
        self._asked.add(name)
        return self._members.get(name)

    def text(self, name: str, default: str | None = None) -> str:
        """A text; required unless there is a default."""
        found = self.maybe_text(name)
        if found is None and default is None:
            self.note("is missing", name)
        return found or default or ""

    def maybe_text(self, name: str) -> str | None:
        """A text or None. A number is taken as it is written."""
        value = self.raw(name)
        if value is None:
            return None
        if isinstance(value, str | int) and not isinstance(value, bool):
            return str(value).strip()
        self.note(f"expected a string, not {_shown(value)}", name)
        return None

    def number(self, name: str, default: int | None = None) -> int:
        """A whole number; required unless there is a default."""
        value = self.raw(name)
        if value is None and default is not None:
            return default
        if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
            return value
        self.note("is missing" if value is None else f"expected a whole number, not {_shown(value)}", name)
        return 0

    def flag(self, name: str, default: bool = False) -> bool:
        """True or false."""
        value = self.raw(name)
        if value is None or isinstance(value, bool):
            return default if value is None else value
        self.note(f"expected true or false, not {_shown(value)}", name)
        return default

    def day(self, name: str) -> date:
        """A day, required."""
        return self.maybe_day(name) or self._missing(name, _NO_DAY)

    def maybe_day(self, name: str) -> date | None:
        """A day such as 2025-10-06, or None."""
        value = self.raw(name)
        if value is None:
            return None
        try:
            return _sane(date.fromisoformat(value))
        except (TypeError, ValueError):
            self.note(f"expected a date such as 2025-10-06, not {_shown(value)}", name)
            return None

    def moment(self, name: str) -> datetime:
        """A moment, required."""
        return self.maybe_moment(name) or self._missing(name, datetime.combine(_NO_DAY, time.min, UTC))

    def maybe_moment(self, name: str) -> datetime | None:
        """A moment such as 2025-10-06T09:30:00Z, UTC unless it says otherwise; a day alone is its midnight."""
        value = self.raw(name)
        if value is None:
            return None
        try:
            return moment_of(value)
        except (TypeError, ValueError):
            self.note(f"expected a date and time such as 2025-10-06T09:30:00Z, not {_shown(value)}", name)
            return None

    def choice(self, name: str, kind: type[E], default: E) -> E:
        """One of the values of an enumeration."""
        value = self.maybe_text(name)
        if value is None:
            return default
        try:
            return kind(value)
        except ValueError:
            self.note(f"unknown {self.unlike(value, kind)}", name)
            return default

    def known(self, name: str, things: Mapping[Any, T], what: str) -> T | None:
        """What another part of the scenario calls by this name; required."""
        if name in self:
            return self.maybe_known(name, things, what)
        self.raw(name)
        return self._missing(name, None)

    def maybe_known(self, name: str, things: Mapping[Any, T], what: str) -> T | None:
        """What another part of the scenario calls by this name, or None."""
        value = self.raw(name)
        return None if value is None else self._look_up(value, things, what, name)

    def several(self, name: str, things: Mapping[Any, T], what: str) -> list[T]:
        """A list of names, or one name alone."""
        value = self.raw(name)
        values = value if isinstance(value, list) else [] if value is None else [value]
        found = [
            self._look_up(it, things, what, name, *([at] if value is values else [])) for at, it in enumerate(values)
        ]
        return [it for it in found if it is not None]

    def each(self, name: str, *, finish: bool = True) -> Iterator[Fields]:
        """The mappings of a list, one after the other; each is finished when the next is asked for, if `finish`."""
        value = self.raw(name)
        if value is None:
            return
        if not isinstance(value, list):
            self.note(f"expected a list, not {_shown(value)}", name)
            return
        for at, it in enumerate(value):
            fields = Fields(it, (*self.path, name, at), self.problems, self._sections_of(name))
            yield fields
            if finish:
                fields.finish()

    def entries(self, name: str) -> Iterator[tuple[str, Fields]]:
        """The mappings of a mapping by their names; each is finished when the next is asked for."""
        value = self.raw(name)
        if value is None:
            return
        members = Fields(value, (*self.path, name), self.problems)
        for key in members:
            fields = Fields(members.raw(key), (*members.path, key), self.problems, self._sections_of(name))
            yield key, fields
            fields.finish()

    def inner(self, name: str) -> Fields | None:
        """A mapping within this one, or None."""
        value = self.raw(name)
        return None if value is None else Fields(value, (*self.path, name), self.problems, self._sections_of(name))

    def _sections_of(self, name: str) -> tuple[Section, ...]:
        return self._section.keys[name].members if self._section else ()

    def _look_up(self, value: object, things: Mapping[Any, T], what: str, *place: str | int) -> T | None:
        found = things.get(value) if isinstance(value, str | int) else None
        if found is None:
            self.problems.append(ScenarioProblem((*self.path, *place), f"no {what} {self.unlike(value, things)}"))
        return found

    def _missing(self, name: str, stand_in: T) -> T:
        if name not in self:
            self.note("is missing", name)
        return stand_in


def moment_of(text: str) -> datetime:
    """A moment as people write it, UTC unless it says otherwise; raises ValueError or TypeError."""
    moment = _sane(datetime.fromisoformat(text))
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _sane(day: D) -> D:
    if day.year not in _YEARS:
        raise ValueError(f"the year {day.year} is out of range")
    return day


def _shown(value: object) -> str:
    if isinstance(value, dict | list):
        return "a mapping" if isinstance(value, dict) else "a list"
    text = str(value)
    return "nothing" if value is None else f"'{text[:_LONGEST]}…'" if len(text) > _LONGEST else f"'{text}'"


_REFERENCE = re.compile(r"\$\{([^{}]*)\}")


def resolve(value: Any, names: Mapping[str, str]) -> Any:
    """The value with every reference in its texts replaced; raises KeyError for one that names nothing."""
    return _mapped(value, lambda text: _REFERENCE.sub(lambda found: names[found[1].strip()], text))


def worded(text: str, shape: str = "{}") -> str:
    """A text for people: each reference is the name alone, in a shape; what was kept is always in braces."""

    def name(found: re.Match[str]) -> str:
        kind, _, rest = found[1].strip().partition(".")
        return f"{{{rest}}}" if kind == "kept" else shape.format(rest)

    return _REFERENCE.sub(name, text)


def references(value: Any) -> Iterator[str]:
    """The names that a value refers to."""
    if isinstance(value, str):
        yield from (found.strip() for found in _REFERENCE.findall(value))
    elif isinstance(value, dict):
        for name, it in value.items():
            yield from references(name)
            yield from references(it)
    elif isinstance(value, list):
        for it in value:
            yield from references(it)


def _mapped(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {name: _mapped(it, change) for name, it in value.items()}
    return [_mapped(it, change) for it in value] if isinstance(value, list) else value
