"""A mapping of a scenario file as a class: its keys, each with its type, its meaning and what holds without it.

    class Bell(Section, title="bells"):
        \"\"\"By a key of your own.\"\"\"

        tone = required(TEXT, "the note that it gives")
        weight = optional(NUMBER, "in kilograms", "100", value=100)

Of a value in the file, `Bell(value, path, problems)` has `tone` and `weight` with their types; what is wrong is noted,
and reading goes on. The page of the file and the JSON Schema for editors are printed from `Bell.shape`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, ClassVar, Generic, NamedTuple, TypeVar, overload

from ecf_sandbox.scenario.yaml_reader import SHOWN, Path, ScenarioProblem
from ecf_sandbox.suggest import did_you_mean

T = TypeVar("T")
D = TypeVar("D")

REQUIRED = "required"
NONE = "none"

Schema = Mapping[str, Any]


class Type(Generic[T]):
    """What a value is: in words, as a JSON Schema of version 7, which editors know, and how it is read.

    `read(value, section, *place)` answers the value with its type, or None, once it has noted what is wrong at that
    place of the section. `stand_in` takes the place of a required value that is missing or wrong, `missing` is what is
    said of one that is missing. `members` are the sections that the value, or each of its members, may be.
    """

    def __init__(
        self,
        words: str,
        schema: Schema,
        read: Callable[..., T | None],
        stand_in: T | None = None,
        *,
        members: tuple[type[Section], ...] = (),
        missing: str = "is missing",
    ) -> None:
        self.words = words
        self.schema = schema
        self.read = read
        self.stand_in = stand_in
        self.members = members
        self.missing = missing


class Piecewise(Type[T]):
    """A type whose values are read piece by piece by whoever uses them; `stand_in` is the one that says nothing."""


class Field(NamedTuple):
    """One key of a section: what its value is, what it means, and what holds without it, in words and as a value.

    A section has the value as `attribute`: what is a word of Python too, such as `from`, is called `from_` there.
    """

    type: Type[Any]
    meaning: str
    default: str
    without: Any
    attribute: str = ""

    @property
    def name(self) -> str:
        """What the file calls it."""
        return self.attribute.rstrip("_")

    @property
    def required(self) -> bool:
        """Whether the file is wrong without it."""
        return self.default == REQUIRED


# Whoever checks types takes a key for its value, which is what instances of the section have.


def required(type: Type[T], meaning: str) -> T:
    """A key that has to be there."""
    field: Any = Field(type, meaning, REQUIRED, type.stand_in)
    found: T = field
    return found


@overload
def optional(type: Piecewise[T], meaning: str, default: str = NONE) -> T: ...


@overload
def optional(type: Type[T], meaning: str, default: str, value: D) -> T | D: ...


@overload
def optional(type: Type[T], meaning: str, default: str = NONE) -> T | None: ...


def optional(type: Type[Any], meaning: str, default: str = NONE, value: object = None) -> Any:
    """A key that may be left out: what holds then, in words, and the value if there is one whatever else is said."""
    return Field(type, meaning, default, type.stand_in if isinstance(type, Piecewise) else value)


class Shape(NamedTuple):
    """What is to be said of a section: its title, what it is about, and its keys.

    Where a value may be one of several sections, `marked_by` is the key that says which it is. Of the keys `one_of` one
    at least is required.
    """

    title: str
    about: str
    keys: Mapping[str, Field]
    marked_by: str
    one_of: tuple[str, ...]


class Section:
    """One mapping of a scenario. A subclass declares the keys, and says in its docstring what they are about.

    An instance has their values. What is wrong with one is noted; `finish` notes the members that are not declared.
    """

    shape: ClassVar[Shape] = Shape("", "", {}, "", ())
    _required: ClassVar[tuple[str, ...]] = ()
    path: Path
    problems: list[ScenarioProblem]
    members: Mapping[str, Any]

    def __init_subclass__(cls, title: str = "", marked_by: str = "", one_of: tuple[str, ...] = ()) -> None:
        keys: dict[str, Field] = {}
        for base in cls.__bases__:
            for name, key in base.shape.keys.items() if issubclass(base, Section) else ():
                keys.setdefault(name, key)
        # What is in no instance is found in the class: there the value without the key takes the place of the key.
        for attribute, it in [*vars(cls).items()]:
            if isinstance(it, Field):
                if attribute in {*dir(Section), *Section.__annotations__}:
                    raise TypeError(f"no key of {cls.__name__} can be called {attribute}: add an underscore")
                field = it._replace(attribute=attribute)
                keys[field.name] = field
                setattr(cls, attribute, field.without)
        cls.shape = Shape(title, " ".join((cls.__doc__ or "").split()), keys, marked_by, one_of)
        cls._required = tuple(name for name, it in keys.items() if it.required)

    def __init__(self, value: object, path: Path, problems: list[ScenarioProblem]) -> None:
        self.path = path
        self.problems = problems
        self.members = value if isinstance(value, dict) else {}
        self._others: Sequence[str] = ()
        if not isinstance(value, dict):
            self.note(f"expected a mapping, not {shown(value)}")
        keys = self.shape.keys
        for name, given in self.members.items():
            if given is not None and name in keys:
                field = keys[name]
                found = field.type.read(given, self, name)
                if found is not None:
                    setattr(self, field.attribute, found)
        for name in self._required:
            if self.members.get(name) is None:
                self.note(keys[name].type.missing, name)

    def __contains__(self, name: str) -> bool:
        return self.members.get(name) is not None

    def note(self, message: str, *place: str | int) -> None:
        """Say that something is wrong at a place in this section, or with the whole."""
        self.problems.append(ScenarioProblem((*self.path, *place), message))

    def unlike(self, found: object, known: Iterable[object]) -> str:
        """What was found, with the nearest name that is known; to look for one that is not shown would take long."""
        return did_you_mean(found, known) if len(self.problems) < SHOWN else f"'{found}'"

    def allow(self, *names: str) -> None:
        """Take these members to be known, too."""
        self._others = names

    def finish(self) -> None:
        """Note every member that is not known here."""
        keys = self.shape.keys
        for name in self.members:
            if name not in keys and name not in self._others:
                self.note(f"unknown {self.unlike(name, sorted({*keys, *self._others}))}", name)


S = TypeVar("S", bound=Section)


def by_precedence(sections: Iterable[type[S]]) -> list[type[S]]:
    """Sections in the order in which their marks count, where a value might be one of several.

    One that may have the key that marks another comes first: who joins a school may have a mentor there. One without a
    mark is what everything else is, and so the last.
    """
    marks = {it.shape.marked_by for it in sections}
    return sorted(
        sections, key=lambda it: (not it.shape.marked_by, marks.isdisjoint({*it.shape.keys} - {it.shape.marked_by}))
    )


def section_of(value: object, sections: Sequence[type[S]], otherwise: type[S] | None = None) -> type[S]:
    """Which of several sections a value is, by the key that marks it; else the last, or `otherwise`."""
    if len(sections) == 1:
        return sections[0]
    ordered = by_precedence(sections)
    given = value if isinstance(value, dict) else {}
    return next((it for it in ordered if given.get(it.shape.marked_by) is not None), otherwise or ordered[-1])


_LONGEST = 60


def shown(value: object) -> str:
    """A value in a complaint, in a few characters."""
    if isinstance(value, dict | list):
        return "a mapping" if isinstance(value, dict) else "a list"
    text = str(value)
    return "nothing" if value is None else f"'{text[:_LONGEST]}…'" if len(text) > _LONGEST else f"'{text}'"
