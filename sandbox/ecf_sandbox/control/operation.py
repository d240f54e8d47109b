"""What an operation is: a described function over worlds, with its HTTP route and its command.

From the signature (`described.py`) follow the decoding of a request, the options of the command and the description:

    @operation("POST", "/worlds/{world}/fork", command="world fork", status=201)
    def fork_world(worlds: Worlds, world: World, name: Annotated[str, "what the new world is called"]) -> Json:
        \"\"\"Make another world that begins as this one is now.\"\"\"
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any, Literal, get_type_hints

import msgspec

from ecf_sandbox.control.problem import Problem, bad_request, not_known
from ecf_sandbox.scenario.fields import moment_of
from ecf_sandbox.state.described import DescribedFunction, Parameter, decode, parameters_of, type_name
from ecf_sandbox.state.world import World
from ecf_sandbox.state.worlds import BadWorldName, NoSuchWorld, Worlds
from ecf_sandbox.tools.explain.dry_run import Serve

MADE = "the name of the world, which is made on first use"
LOOKED_AT = "the name of the world, which must be there"
NOT_MADE = "Looking at a world doesn't make it: the first request to it, event, clock, fault and the like does"
Json = Any
_PROVIDED = (Worlds, Serve)
Place = Literal["path", "query", "body", "whole"]


class Long(Enum):
    """What may take seconds, so that few of a kind are carried out at once (`http.py`)."""

    HELP = "explains or writes out"
    WORK = "makes a world or changes much in one"


@dataclass(frozen=True, slots=True)
class Text:
    """An answer that is not JSON."""

    media_type: str
    text: str


@dataclass(frozen=True, slots=True)
class WholeBody:
    """Marks the parameter that takes the whole body of a request."""


class OperationParameter(Parameter, frozen=True, kw_only=True):
    """One parameter, and where a request has it: in its path, query or body, or as the whole body."""

    place: Place

    @property
    def type_name(self) -> str:
        """What an argument must be, in words; null is as if it were left out."""
        return type_name(self.type)

    def convert(self, given: Any, *, strict: bool = False) -> Any:  # noqa: ARG002 - the place decides
        """An argument as its type; only a body can tell a number from a text."""
        if self.place == "whole" or self.type in (Any, World):
            return given
        if self.type is datetime and given is not None:
            return moment_of(given)
        return super().convert(given, strict=self.place == "body")


class Operation(DescribedFunction, frozen=True, kw_only=True):
    """Something that can be done to worlds: its route below `/_sandbox`, its command, its parameters, what does it."""

    method: str
    path: str
    command: str | None
    status: int
    media_types: tuple[str, ...]
    makes_world: bool
    takes_long: Long | None
    provided: tuple[tuple[str, Any], ...]  # the parameters that no request has, with their types
    parameters: tuple[OperationParameter, ...]

    def __call__(self, *args: Any, **told: Any) -> Any:
        """Do it, as the function that it is."""
        return self.run(*args, **told)

    def perform(
        self, worlds: Worlds, path: Mapping[str, str], query: Mapping[str, str], body: Any, serve: Serve | None = None
    ) -> Any:
        """Do it as a request asks; raises Problem with everything that is wrong with the request.

        `serve` puts the provider API in front of a world, for the operations that try requests. A world that the
        first use makes is kept if the operation was carried out: a refused request changes nothing.
        """
        while True:
            world = self._world(worlds, path["world"]) if "world" in path else None
            answer = self._carry_out(worlds, world, path, query, body, serve)
            # Somebody else may have made the world meanwhile; then what was done here was done to none that is kept.
            if world is None or not self.makes_world or worlds.keep_fresh(world):
                return answer

    def _carry_out(
        self,
        worlds: Worlds,
        world: World | None,
        path: Mapping[str, str],
        query: Mapping[str, str],
        body: Any,
        serve: Serve | None,
    ) -> Any:
        at_hand = {Worlds: worlds, Serve: serve}
        arguments = {name: at_hand[kind] for name, kind in self.provided}
        whole = {it.name: body for it in self.parameters if it.place == "whole"}
        members = {} if whole or body is None else body
        problems = [] if isinstance(members, dict) else ["the body must be a JSON object"]
        given: dict[str, Mapping[str, Any]] = {
            "path": {name: world if name == "world" else it for name, it in path.items()},
            "query": query,
            "body": {} if problems else members,
            "whole": whole,
        }
        for place, source in given.items():
            placed = [it for it in self.parameters if it.place == place]
            unknown = f"there is no {place} parameter"
            decoded, wrong = decode(placed, source, unknown=unknown, missing="{} is missing")
            arguments |= decoded
            problems += wrong
        if problems:
            raise bad_request(problems)
        return self.run(**arguments)

    def _world(self, worlds: Worlds, name: str) -> World:
        if not self.makes_world:
            return known_world(worlds, name)
        try:
            return worlds.get(name)
        except NoSuchWorld:
            pass
        try:
            return worlds.fresh(name)
        except BadWorldName as wrong:
            raise Problem("bad-name", 400, str(wrong)) from None


def known_world(worlds: Worlds, name: str) -> World:
    """The world of that name, which is only looked at; raises Problem if there is none."""
    try:
        return worlds.get(name)
    except NoSuchWorld:
        problem = not_known("world", name, worlds.names())
        problem.detail += f"{'' if problem.detail.endswith('?') else '.'} {NOT_MADE}"
        raise problem from None


def operation(
    method: str,
    path: str,
    *,
    command: str | None,
    status: int = 200,
    media_types: tuple[str, ...] = (),
    makes_world: bool = False,
    takes_long: Long | None = None,
) -> Callable[[Callable[..., Any]], Operation]:
    """Make an operation of a function, which is handed the worlds, and what serves one, if it asks.

    Its docstring says what it does; `makes_world` that it acts on a world, and so makes it on first use; `takes_long`
    that it may, so that few are carried out at once and none in place of a request for the provider API.
    """
    rest: Place = "query" if method in ("GET", "DELETE") else "body"

    def placed(it: Parameter) -> OperationParameter:
        place: Place = "whole" if WholeBody() in it.notes else "path" if f"{{{it.name}}}" in path else rest
        description = (MADE if makes_world else LOOKED_AT) if it.type is World else it.description
        return OperationParameter(**{**msgspec.structs.asdict(it), "place": place, "description": description})

    def make(run: Callable[..., Any]) -> Operation:
        return Operation(
            method=method,
            path=path,
            command=command,
            status=status,
            media_types=media_types or ("application/json",),
            makes_world=makes_world,
            takes_long=takes_long,
            run=run,
            provided=tuple((name, hint) for name, hint in get_type_hints(run).items() if hint in _PROVIDED),
            parameters=tuple(map(placed, parameters_of(run, _PROVIDED))),
        )

    return make
