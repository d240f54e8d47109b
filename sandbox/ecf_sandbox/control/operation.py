"""What an operation is: an ordinary function over worlds, from whose signature its HTTP route, its command and its
description all follow.

    @operation("POST", "/worlds/{world}/fork", command="world fork", status=201)
    def fork_world(worlds: Worlds, world: World, name: Annotated[str, "what the new world is called"]) -> Json:
        \"\"\"Make another world that begins as this one is now.\"\"\"
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from inspect import Parameter as Signed
from inspect import getdoc, signature
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec

from ecf_sandbox.control.problem import bad_request, not_known
from ecf_sandbox.scenario.fields import moment_of
from ecf_sandbox.state.world import World
from ecf_sandbox.state.worlds import NoSuchWorld, Worlds
from ecf_sandbox.tools.explain.dry_run import Serve

Json = Any
_NAMES: dict[Any, str] = {
    str: "text",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    datetime: "a moment such as 2026-10-12T09:00:00Z",
    dict: "an object",
    list: "a list",
}


@dataclass(frozen=True, slots=True)
class Text:
    """An answer that is not JSON."""

    media_type: str
    text: str


@dataclass(frozen=True, slots=True)
class WholeBody:
    """Marks the parameter that takes the whole body of a request."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One thing that an operation is told. `place` is path, query, body or whole (the body itself)."""

    name: str
    wire: str
    type: Any
    optional: bool
    meaning: str
    required: bool
    default: Any
    place: Literal["path", "query", "body", "whole"]

    @property
    def kind(self) -> str:
        """What it must be, in words."""
        if get_origin(self.type) is Literal:
            return f"one of {', '.join(map(str, get_args(self.type)))}"
        return _NAMES.get(get_origin(self.type) or self.type, "any value")

    def read(self, given: Any) -> Any:
        """The value as its type; raises ValueError, which says what is expected."""
        if given is None and self.optional:
            return None
        if self.place == "whole" or self.type is Any:
            return given
        try:
            if self.type is datetime:
                return moment_of(given)
            if self.type is str and not isinstance(given, str):
                raise ValueError
            return msgspec.convert(given, self.type, strict=self.place == "body")
        except (ValueError, TypeError, msgspec.ValidationError):
            raise ValueError(f"{self.wire} must be {self.kind}, not {given!r}") from None


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """Something that can be done to worlds: its route below `/_sandbox`, its command, what it is told, what does it.

    `handed` are the parameters that no request tells: the worlds, and what serves one.
    """

    method: str
    path: str
    command: str | None
    status: int
    media_types: tuple[str, ...]
    run: Callable[..., Any]
    handed: tuple[tuple[str, Any], ...]
    parameters: tuple[Parameter, ...]

    @property
    def name(self) -> str:
        """The name of the function, which is also the operation id."""
        return str(self.run.__name__)

    @property
    def summary(self) -> str:
        """What it does, in a sentence."""
        return self.about.partition("\n\n")[0].replace("\n", " ")

    @property
    def about(self) -> str:
        """All that its docstring says."""
        return getdoc(self.run) or ""

    def __call__(self, *args: Any, **told: Any) -> Any:
        """Do it, as the function that it is."""
        return self.run(*args, **told)

    def perform(
        self, worlds: Worlds, path: Mapping[str, str], query: Mapping[str, str], body: Any, serve: Serve | None = None
    ) -> Any:
        """Do it as a request asks; raises Problem with everything that is wrong with the request.

        `serve` puts the provider API in front of a world, for the operations that try requests.
        """
        problems: list[str] = []
        members = self._members(body, problems)
        given: dict[str, Mapping[str, Any]] = {"path": path, "query": query, "body": members, "whole": {"": body}}
        told: dict[str, Any] = {}
        for it in self.parameters:
            source = given[it.place]
            key = "" if it.place == "whole" else it.wire
            if key in source:
                try:
                    told[it.name] = _world(worlds, source[key]) if it.type is World else it.read(source[key])
                except ValueError as wrong:
                    problems.append(str(wrong))
            elif it.required:
                problems.append(f"{it.wire} is missing: {it.meaning}")
        problems += self._unexpected(query, "query") + self._unexpected(members, "body")
        if problems:
            raise bad_request(problems)
        at_hand = {Worlds: worlds, Serve: serve}
        return self.run(**{name: at_hand[kind] for name, kind in self.handed}, **told)

    def _members(self, body: Any, problems: list[str]) -> Mapping[str, Any]:
        if any(it.place == "whole" for it in self.parameters) or body is None:
            return {}
        if isinstance(body, dict):
            return body
        problems.append("the body must be a JSON object")
        return {}

    def _unexpected(self, given: Mapping[str, Any], place: str) -> list[str]:
        known = [it.wire for it in self.parameters if it.place == place]
        problems = []
        for name in given:
            if name not in known:
                problems.append(not_known(f"{place} parameter", name, known).detail)
        return problems


def operation(
    method: str, path: str, *, command: str | None, status: int = 200, media_types: tuple[str, ...] = ()
) -> Callable[[Callable[..., Any]], Operation]:
    """Make an operation of a function, which is handed the worlds, and what serves one, if it asks.

    Its docstring says what it does.
    """

    def make(run: Callable[..., Any]) -> Operation:
        hints = get_type_hints(run, include_extras=True)
        handed = {name: hint for name, hint in hints.items() if hint in (Worlds, Serve)}
        signed = [it for it in signature(run).parameters.values() if it.name not in handed]
        rest: Literal["query", "body"] = "query" if method in ("GET", "DELETE") else "body"
        return Operation(
            method=method,
            path=path,
            command=command,
            status=status,
            media_types=media_types or ("application/json",),
            run=run,
            handed=tuple(handed.items()),
            parameters=tuple(_parameter(it, hints[it.name], path, rest) for it in signed),
        )

    return make


def _parameter(signed: Signed, hint: Any, path: str, rest: Literal["query", "body"]) -> Parameter:
    wire = signed.name.rstrip("_")
    notes: list[Any] = []
    if get_origin(hint) is Annotated:
        hint, *notes = get_args(hint)
    optional = get_origin(hint) in (Union, UnionType) and type(None) in get_args(hint)
    if optional:
        (hint,) = (it for it in get_args(hint) if it is not type(None))
    in_path = re.search(rf"{{{wire}}}", path) is not None
    whole = any(isinstance(it, WholeBody) for it in notes)
    return Parameter(
        name=signed.name,
        wire=wire,
        type=hint,
        optional=optional,
        meaning=next((it for it in notes if isinstance(it, str)), "the name of the world"),
        required=signed.default is Signed.empty,
        default=None if signed.default is Signed.empty else signed.default,
        place="path" if in_path else "whole" if whole else rest,
    )


def _world(worlds: Worlds, name: str) -> World:
    try:
        return worlds.get(name)
    except NoSuchWorld:
        raise not_known("world", name, worlds.names()) from None
