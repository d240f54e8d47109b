"""A function whose signature decodes its arguments, says all that is wrong with them, and documents itself.

    def ring(bell: Annotated[str, "which bell"], times: Annotated[int, "how often"] = 1) -> None:
        \"\"\"A bell is rung.\"\"\"

The first text in an annotation describes the parameter. What else stands there is a note to whoever makes use of the
function, such as that the parameter is the id of a record.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from inspect import getdoc, signature
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

import msgspec

from ecf_sandbox.state.record import Record
from ecf_sandbox.suggest import did_you_mean, in_short

_NAMES: Mapping[Any, str] = {
    str: "text",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    date: "a date (YYYY-MM-DD)",
    datetime: "a moment such as 2026-10-12T09:00:00Z",
    dict: "an object",
    list: "a list",
}


# Of the unknown names in one request, as many as somebody reads: each is compared with those that there are.
MOST = 50


class Parameter(Record, frozen=True, kw_only=True):
    """One parameter. `keyword` is what the function calls it, `name` what everybody else does: `with` for `with_`."""

    name: str
    keyword: str
    type: Any
    nullable: bool
    required: bool
    default: Any
    description: str
    notes: tuple[Any, ...]

    @property
    def type_name(self) -> str:
        """What an argument must be, in words."""
        return type_name(self.type) + (", or null" if self.nullable else "")

    def decode(self, given: object) -> Any:
        """An argument as its type; raises ValueError, which says what is expected."""
        try:
            return self.convert(given)
        # SystemError: what msgspec 0.18 makes of a whole number that is too large for a float.
        except (ValueError, TypeError, msgspec.ValidationError, RecursionError, SystemError):
            raise ValueError(f"{self.name} must be {self.type_name}, not {_shown(given)}") from None

    def convert(self, given: object, *, strict: bool = False) -> Any:
        """An argument as its type; unless `strict`, a text may stand for a number or a truth value."""
        return msgspec.convert(given, self.type | None if self.nullable else self.type, strict=strict)


class DescribedFunction(Record, frozen=True, kw_only=True):
    """A function with all that its signature and docstring say."""

    run: Callable[..., Any]
    parameters: tuple[Parameter, ...]

    @property
    def name(self) -> str:
        """The name of the function."""
        return str(self.run.__name__)

    @property
    def description(self) -> str:
        """All that its docstring says."""
        return getdoc(self.run) or ""

    @property
    def summary(self) -> str:
        """What it does, in a sentence."""
        return " ".join(self.description.partition("\n\n")[0].split())


def parameters_of(run: Callable[..., Any], provided: Collection[Any] = ()) -> tuple[Parameter, ...]:
    """The parameters of a function, without those of the types that its caller provides."""
    hints = get_type_hints(run, include_extras=True)
    parameters = []
    for it in signature(run).parameters.values():
        if hints[it.name] not in provided:
            plain, nullable, notes = _unfold(hints[it.name])
            name, required = it.name.rstrip("_"), it.default is it.empty
            parameters.append(
                Parameter(
                    name=name,
                    keyword=it.name,
                    type=plain,
                    nullable=nullable,
                    required=required,
                    default=None if required else it.default,
                    description=next((note for note in notes if isinstance(note, str)), name.replace("_", " ")),
                    notes=tuple(note for note in notes if not isinstance(note, str)),
                )
            )
    return tuple(parameters)


def decode(
    parameters: Sequence[Parameter], given: Mapping[str, object], *, unknown: str, missing: str
) -> tuple[dict[str, Any], list[str]]:
    """The arguments by their keywords, and everything that is wrong with what was given.

    A message about a name that there is not begins with `unknown`; `{}` in `missing` stands for the name that is.
    """
    arguments: dict[str, Any] = {}
    problems = []
    for it in parameters:
        if it.name in given:
            try:
                arguments[it.keyword] = it.decode(given[it.name])
            except ValueError as wrong:
                problems.append(str(wrong))
        elif it.required:
            problems.append(f"{missing.format(it.name)}: {it.description}")
    names = [it.name for it in parameters]
    strange = [name for name in given if name not in names]
    problems += [f"{unknown} {did_you_mean(name, names)}" for name in strange[:MOST]]
    if len(strange) > MOST:
        problems.append(f"{unknown} of {len(strange) - MOST:,} more names")
    return arguments, problems


def type_name(plain: Any) -> str:
    """What a value of a type is, in words."""
    if get_origin(plain) is Literal:
        return f"one of {', '.join(map(str, get_args(plain)))}"
    if isinstance(plain, type) and issubclass(plain, StrEnum):
        return f"one of {', '.join(plain)}"
    return _NAMES.get(get_origin(plain) or plain, "any value")


def _shown(given: object) -> str:
    try:
        return in_short(repr(given))
    except RecursionError:  # what JSON can just be read from may be too deep to be written
        return "something nested so deep"


def _unfold(hint: Any) -> tuple[Any, bool, list[Any]]:
    """The bare type, whether it may be None, and all notes, outermost first, of `Annotated[SchoolId | None, "…"]`."""
    if get_origin(hint) is Annotated:
        inner, *notes = get_args(hint)
        plain, nullable, deeper = _unfold(inner)
        return plain, nullable, [*notes, *deeper]
    if type(None) in get_args(hint):
        (inner,) = (it for it in get_args(hint) if it is not type(None))
        plain, _, notes = _unfold(inner)
        return plain, True, notes
    return hint, False, []
