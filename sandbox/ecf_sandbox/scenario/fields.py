"""What the values of a scenario file can be: each type with its words, its JSON Schema and its reader."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, Generic, Literal, TypeVar, overload

from ecf_sandbox.scenario.section import Piecewise, Schema, Section, Type, section_of, shown

T = TypeVar("T")
D = TypeVar("D", bound=date)
E = TypeVar("E", bound=StrEnum)
S = TypeVar("S", bound=Section)

_YEARS = range(2000, 2100)
_DAY_PATTERN = "20[0-9]{2}-[0-9]{2}-[0-9]{2}"  # in those years
_MOMENT_PATTERN = f"{_DAY_PATTERN}([T ].+)?"


def schema_of(*types: str, **more: Any) -> Schema:
    """A JSON Schema of those types."""
    return {"type": list(types), **more}


def or_nothing(schema: Schema) -> Schema:
    """A schema that takes nothing, too: a key without a value counts as left out."""
    if "type" not in schema:
        return schema
    more = {"enum": [*schema["enum"], None]} if "enum" in schema else {}
    return {**schema, "type": [*schema["type"], "null"], **more}


def moment_of(text: str) -> datetime:
    """A moment as people write it, UTC unless it says otherwise; raises ValueError or TypeError."""
    moment = _sane(datetime.fromisoformat(text))
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _sane(day: D) -> D:
    if day.year not in _YEARS:
        raise ValueError(f"the year {day.year} is out of range")
    return day


def _text(value: object) -> str:
    """A number is taken as it is written."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise TypeError
    return str(value).strip()


def _whole(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise TypeError
    return value


def _instance_of(kind: type[T]) -> Callable[[object], T]:
    def convert(value: object) -> T:
        if not isinstance(value, kind):
            raise TypeError
        return value

    return convert


def _type(
    words: str, schema: Schema, convert: Callable[[Any], T], expected: str = "", stand_in: T | None = None
) -> Type[T]:
    def read(value: object, at: Section, *place: str | int) -> T | None:
        try:
            return convert(value)
        except (TypeError, ValueError):
            at.note(f"expected {expected}, not {shown(value)}", *place)
            return None

    return Type(words, schema, read, stand_in)


def text(words: str, *types: str, **more: Any) -> Type[str]:
    """A text of a special kind; `more` is what else its JSON Schema says."""
    return _type(words, schema_of(*(types or ("string",)), **more), _text, "a string", "")


def number(**more: Any) -> Type[int]:
    """A whole number; `more` is what else its JSON Schema says."""
    return _type("whole number", schema_of("integer", minimum=0, **more), _whole, "a whole number", 0)


def plain_list(words: str = "list") -> Type[list[Any]]:
    """A list whose members are looked at by whoever uses them."""
    return _type(words, schema_of("array"), _instance_of(list), "a list", [])


_A_MOMENT = "a date and time such as 2025-10-06T09:30:00Z"
TEXT, NUMBER, LIST = text("text", "string", "integer"), number(), plain_list()
FLAG = _type("true or false", schema_of("boolean"), _instance_of(bool), "true or false", False)
MAPPING: Type[dict[str, Any]] = _type("names and values", schema_of("object"), _instance_of(dict), "a mapping", {})
DAY = _type(
    "day",
    schema_of("string", pattern=f"^{_DAY_PATTERN}$"),
    lambda it: _sane(date.fromisoformat(it)),
    "a date such as 2025-10-06",
    date(1970, 1, 1),
)
MOMENT = _type(
    "moment",
    schema_of("string", pattern=f"^{_MOMENT_PATTERN}$"),
    moment_of,
    _A_MOMENT,
    datetime(1970, 1, 1, tzinfo=UTC),
)
MOMENT_OR_NEVER: Type[datetime | Literal["never"]] = _type(
    "moment, or `never`",
    schema_of("string", pattern=f"^(never|{_MOMENT_PATTERN})$"),
    lambda it: it if it == "never" else moment_of(it),
    _A_MOMENT,
)
ANYTHING: Type[Any] = Type("anything", {}, lambda value, *_: value)


@overload
def one_of(kind: type[E], words: str = "one of {}") -> Type[E]: ...


@overload
def one_of(kind: type[E], words: str = "one of {}", *, also: str) -> Type[E | str]: ...


def one_of(kind: type[E], words: str = "one of {}", *, also: str = "") -> Type[Any]:
    """One of the values of an enumeration, or what else may be said in the place of one."""
    names = [*kind, also] if also else list(kind)

    def read(value: object, at: Section, *place: str | int) -> E | str | None:
        name = TEXT.read(value, at, *place)
        if name is None or name in names:
            return name if name is None or name == also else kind(name)
        at.note(f"unknown {at.unlike(name, names)}", *place)
        return None

    return Type(words.format(", ".join(kind)), schema_of("string", enum=names), read, names[0])


_NOWHERE = Section({}, (), [])  # where a value that says nothing stands


class Reference:
    """A name that stands for something that is known only when the rest of the file has been read; true if given."""

    __slots__ = ("_place", "_section", "_what", "value")

    def __init__(self, value: object, section: Section, place: tuple[str | int, ...], what: str) -> None:
        self.value = value
        self._section = section
        self._place = place
        self._what = what

    def __bool__(self) -> bool:
        return self.value is not None

    @property
    def name(self) -> str:
        """The name as it is written."""
        return "" if self.value is None else str(self.value)

    def among(self, things: Mapping[Any, T], what: str = "") -> T | None:
        """What has this name, or None: it is noted if nothing has."""
        if self.value is None:
            return None
        return _look_up(self.value, things, what or self._what, self._section, self._place)


class References:
    """A list of names, or one name alone; true if given."""

    __slots__ = ("_place", "_section", "_what", "value")

    def __init__(self, value: object, section: Section, place: tuple[str | int, ...], what: str) -> None:
        self.value = value
        self._section = section
        self._place = place
        self._what = what

    def __bool__(self) -> bool:
        return self.value is not None

    def among(self, things: Mapping[Any, T]) -> list[T]:
        """What has these names; it is noted where nothing has."""
        if self.value is None:
            return []
        places: Iterable[tuple[object, tuple[str | int, ...]]] = [(self.value, self._place)]
        if isinstance(self.value, list):
            places = ((it, (*self._place, n)) for n, it in enumerate(self.value))
        found = (_look_up(it, things, self._what, self._section, place) for it, place in places)
        return [it for it in found if it is not None]


def _look_up(
    value: object, things: Mapping[Any, T], what: str, section: Section, place: tuple[str | int, ...]
) -> T | None:
    found = things.get(value) if isinstance(value, str | int) else None
    if found is None:
        section.note(f"no {what} {section.unlike(value, things)}", *place)
    return found


def reference(what: str, words: str, schema: Schema | None = None) -> Piecewise[Reference]:
    """The name of something else in the file, or of something published; `what` it is in complaints."""

    def read(value: object, at: Section, *place: str | int) -> Reference:
        return Reference(value, at, place, what)

    return Piecewise(words, schema or schema_of("string"), read, Reference(None, _NOWHERE, (), what))


def references(what: str, words: str, schema: Schema) -> Piecewise[References]:
    """A list of such names, or one alone."""

    def read(value: object, at: Section, *place: str | int) -> References:
        return References(value, at, place, what)

    return Piecewise(words, schema, read, References(None, _NOWHERE, (), what))


def name_among(names: Iterable[str], what: str, words: str = "one of {}") -> Type[str]:
    """One of a few names; `what` they are in complaints."""
    known = {it: it for it in names}

    def read(value: object, at: Section, *place: str | int) -> str | None:
        return Reference(value, at, place, what).among(known)

    return Type(words.format(", ".join(known)), schema_of("string", enum=list(known)), read, "")


def names_among(names: Iterable[str], what: str, words: str) -> Type[list[str]]:
    """A list of a few names, or one alone."""
    known = {it: it for it in names}
    one = {"enum": list(known)}
    # The condition is for editors: they underline the wrong one of a list, and not the list.
    schema = schema_of("string", "array", **{"if": {"type": "string"}, "then": one, "else": {"items": one}})

    def read(value: object, at: Section, *place: str | int) -> list[str]:
        return References(value, at, place, what).among(known)

    return Type(words, schema, read, [])


class Values(Generic[T]):
    """Names of the file's own, each with a value of one type. One without a value counts as left out."""

    def __init__(self, given: Mapping[str, object], type: Type[T], section: Section, *place: str | int) -> None:
        self._given, self._type, self._section, self._place = given, type, section, place

    def __iter__(self) -> Iterator[tuple[str, T]]:
        return ((name, value) for name in self._given if (value := self._read(name)) is not None)

    def among(self, names: Collection[str]) -> Iterator[tuple[str, T]]:
        """The values of those names, in the order of these; at the end other names are noted."""
        for name in names:
            value = self._read(name)
            if value is not None:
                yield name, value
        for name in self._given:
            if name not in names:
                self.note(f"unknown {self._section.unlike(name, sorted(names))}", name)

    def note(self, message: str, name: str) -> None:
        """Say that something is wrong with the value of a name."""
        self._section.note(message, *self._place, name)

    def _read(self, name: str) -> T | None:
        value = self._given.get(name)
        return None if value is None else self._type.read(value, self._section, *self._place, name)


def values(words: str, of: Type[T], names: str = "") -> Piecewise[Values[T]]:
    """Names and values; `names` is a pattern that the names have."""
    value = or_nothing(of.schema)
    schema = (
        schema_of("object", patternProperties={names: value}, additionalProperties=False)
        if names
        else schema_of("object", additionalProperties=value)
    )

    def read(given: object, at: Section, *place: str | int) -> Values[T]:
        return Values(MAPPING.read(given, at, *place) or {}, of, at, *place)

    return Piecewise(words, schema, read, Values({}, of, _NOWHERE))


class Entries(Generic[S]):
    """Sections by a key of the file's own; each is finished when the next is asked for."""

    def __init__(self, given: Mapping[str, object], kind: type[S], section: Section, *place: str | int) -> None:
        self._given, self._kind = given, kind
        self._path, self._problems = (*section.path, *place), section.problems

    def __iter__(self) -> Iterator[tuple[str, S]]:
        for key, value in self._given.items():
            entry = self._kind(value, (*self._path, key), self._problems)
            yield key, entry
            entry.finish()


def entries(
    kind: type[S], words: str = "an entry for each key", *, names: str = "", least: str = ""
) -> Piecewise[Entries[S]]:
    """A section for each key; `names` is a pattern of the keys, `least` says of what at least one is needed."""
    schema = (
        schema_of("object", patternProperties={names: {}}, additionalProperties=False)
        if names
        else schema_of("object", **({"minProperties": 1} if least else {}), additionalProperties={})
    )
    missing = f"needs at least one {least}"

    def read(given: object, at: Section, *place: str | int) -> Entries[S]:
        if least and given == {}:
            at.note(missing, *place)
        return Entries(MAPPING.read(given, at, *place) or {}, kind, at, *place)

    return Piecewise(words, schema, read, Entries({}, kind, _NOWHERE), members=(kind,), missing=missing)


class Several(Generic[S]):
    """A list of sections; each is finished when the next is asked for."""

    def __init__(
        self, given: Sequence[object], kind_of: Callable[[object], type[S]], section: Section, *place: str | int
    ) -> None:
        self._given, self._kind_of = given, kind_of
        self._path, self._problems = (*section.path, *place), section.problems

    def __iter__(self) -> Iterator[S]:
        for it in self.unfinished():
            yield it
            it.finish()

    def __bool__(self) -> bool:
        return bool(self._given)

    def unfinished(self) -> Iterator[S]:
        """Each of them, to be finished by whoever has read the rest of it."""
        for n, value in enumerate(self._given):
            yield self._kind_of(value)(value, (*self._path, n), self._problems)


def several(*kinds: type[S], otherwise: type[S] | None = None) -> Piecewise[Several[S]]:
    """A list whose members are sections, of one of some kinds each; `otherwise` is one without a mark."""

    def kind_of(value: object) -> type[S]:
        return section_of(value, kinds, otherwise)

    def read(given: object, at: Section, *place: str | int) -> Several[S]:
        return Several(LIST.read(given, at, *place) or [], kind_of, at, *place)

    return Piecewise("list", schema_of("array"), read, Several([], kind_of, _NOWHERE), members=kinds)


def nested(kind: type[S]) -> Type[S]:
    """A section within a section."""

    def read(given: object, at: Section, *place: str | int) -> S:
        return kind(given, (*at.path, *place), at.problems)

    return Type("names and values", schema_of("object"), read, members=(kind,))
