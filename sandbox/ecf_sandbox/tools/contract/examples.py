"""The examples of a document for one world: requests that succeed there, found by trying, and what they are answered.

A document's own examples show the shape: which filters are given, which attributes a body has. A service says which
values might do (`Candidate`), and the first that succeed in a dry run are written into a copy of the document.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import deepcopy
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

from ecf_sandbox.dates.wire import instant
from ecf_sandbox.state.clock import frozen
from ecf_sandbox.state.record import Record, replace
from ecf_sandbox.state.world import World
from ecf_sandbox.tools.contract.documents import METHODS, OpenApiDocument
from ecf_sandbox.tools.explain.dry_run import Serve, copy_of
from ecf_sandbox.transport import Headers, Reply

Json = Any
# A world in which nobody fits is left after so many.
MOST_TRIED = 100
# What an example of a list shows of it.
SHOWN = 2
ONLY = ""
_JSON = "application/json"
_SERVER_DATE = "X-With-Server-Date"
_NOTE = "\n\nNothing in this world is answered with success here: the examples are those of another world."


class Candidate(NamedTuple):
    """Values that might make an operation succeed: for its path and filters by name, and for its body's attributes.

    An attribute of None is left out, though the document's example has it.
    """

    values: Mapping[str, str]
    attributes: Mapping[str, Json] = {}


# Candidates for an operation of a document, by its id and the name of the example of its body, the best first.
Candidates = Callable[[str, str], Iterable[Candidate]]


class Caller:
    """Requests with one `token`, each sent to a copy of a world as it is now; nothing of them is kept."""

    def __init__(self, world: World, token: str, serve: Serve) -> None:
        self.now: datetime = world.now()
        self.token = token
        self._start = replace(world.state, clock=frozen(self.now))
        self._copy = copy_of(world, self._start)
        self._send = serve(self._copy)
        self._headers = [("Authorization", f"Bearer {token}"), ("Content-Type", _JSON)]

    def __call__(self, method: str, target: str, body: Json = None, headers: Headers = ()) -> Reply:
        """Send one request."""
        self._copy.restore(self._start)
        self._copy.journal.clear()
        raw = None if body is None else json.dumps(body).encode()
        return self._send(method, target, [*self._headers, *headers], raw)


def candidates_of(world: World, caller: Caller) -> Candidates:
    """What the service of a world says might do, as that caller sees the world."""
    found: Candidates = world.service.part("examples")(world, caller)
    return found


class Example(Record, frozen=True, kw_only=True):
    """A request that succeeded: its parameters by name, its bodies by the names of their examples, the answer."""

    parameters: Mapping[str, Json]
    bodies: Mapping[str, Json]
    answer: Json


def with_examples(document: OpenApiDocument, caller: Caller, candidates: Candidates) -> tuple[Json, int]:
    """A copy of a document whose examples succeed in the world of the caller, and for how many operations none did."""
    copy = _Copy(document.tree)
    missed = 0
    for path, method, operation in copy.operations():
        found = _found(copy, path, method, operation, caller, candidates)
        if found is None:
            operation["description"] = operation.get("description", "").rstrip() + _NOTE
            missed += 1
        else:
            copy.fill(path, operation, found)
    copy.drop_what_nothing_refers_to()
    return copy.tree, missed


def filled(tree: Json, examples: Mapping[str, Example]) -> Json:
    """A copy of a document with these examples, by the ids of the operations."""
    copy = _Copy(tree)
    for path, _, operation in copy.operations():
        copy.fill(path, operation, examples[operation["operationId"]])
    return copy.tree


class _Copy:
    """A document in the making. What operations share is written once; an operation that differs has its own."""

    def __init__(self, tree: Json) -> None:
        self.tree: Json = deepcopy(tree)
        self._filled: dict[int, Json] = {}
        self._dropped: set[str] = set()

    def operations(self) -> Iterator[tuple[str, str, Json]]:
        """Every operation: path, method and itself."""
        for path, item in self.tree["paths"].items():
            yield from ((path, method, item[method]) for method in METHODS if method in item)

    def resolved(self, it: Json) -> Json:
        """The thing itself, or what it refers to."""
        while "$ref" in it:
            reference = it["$ref"]
            it = self.tree
            for part in reference[2:].split("/"):
                it = it[part.replace("~1", "/").replace("~0", "~")]
        return it

    def parameters(self, path: str, operation: Json) -> dict[str, Json]:
        """The parameters of an operation and its path by their names."""
        given = (*self.tree["paths"][path].get("parameters", ()), *operation.get("parameters", ()))
        return {it["name"]: it for it in map(self.resolved, given)}

    def bodies(self, operation: Json) -> dict[str, Json]:
        """The bodies that the examples of an operation show, by name; without any, one of its type."""
        content = self._content(operation.get("requestBody", {}))
        shown = content.get(_JSON, {})
        if "example" in shown:
            return {ONLY: shown["example"]}
        if "examples" in shown:
            return {name: self.resolved(it)["value"] for name, it in shown["examples"].items()}
        return {ONLY: {"data": {**self._type(shown["schema"]), "attributes": {}}}} if "schema" in shown else {}

    def _type(self, schema: Json) -> Json:
        """The type of a body, as its schema has it or advises it."""
        data = self.resolved(self.resolved(schema).get("properties", {}).get("data", {}))
        type = self.resolved(data.get("properties", {}).get("type", {}))
        choices = type.get("enum") or type.get("x-advised", {}).get("enum")
        return {"type": choices[0]} if choices else {}

    def fill(self, path: str, operation: Json, found: Example) -> None:
        """Write what was found into an operation."""
        for holder in (self.tree["paths"][path], operation):
            for at, it in enumerate(holder.get("parameters", ())):
                if (value := found.parameters.get(self.resolved(it)["name"])) is not None:
                    holder["parameters"][at] = self._parameter(it, value)
        for shown in self._content(operation.get("requestBody", {})).values():
            self._fill_bodies(shown, found.bodies)
        success = next(it for status, it in operation["responses"].items() if status.startswith("2"))
        for shown in self._content(success).values():
            self._fill_answer(shown, found.answer)

    def drop_what_nothing_refers_to(self) -> None:
        """Leave out what only examples referred to that are left out."""
        for name in self._dropped:
            if f'"#/components/examples/{name}"' not in json.dumps(self.tree, default=str):
                self.tree["components"]["examples"].pop(name, None)

    def _content(self, it: Json) -> Json:
        return self.resolved(it).get("content", {})

    def _parameter(self, it: Json, value: Json) -> Json:
        parameter = self.resolved(it)
        if self._filled.setdefault(id(parameter), value) != value:
            return {**deepcopy(parameter), "example": value}
        parameter["example"] = value
        self._fill_schema(parameter["schema"], value)
        return it

    def _fill_bodies(self, shown: Json, bodies: Mapping[str, Json]) -> None:
        if ONLY in bodies:
            shown["example"] = bodies[ONLY]
        for name, it in list(shown.get("examples", {}).items()):
            if name in bodies:
                self.resolved(it)["value"] = bodies[name]
            else:
                self._dropped.add(it.get("$ref", "").rpartition("/")[2])
                del shown["examples"][name]
        for body in bodies.values():
            self._fill_schema(shown["schema"], body)

    def _fill_answer(self, shown: Json, answer: Json) -> None:
        if "example" in shown:
            shown["example"] = answer
        elif "examples" in shown:
            first = self.resolved(next(iter(shown["examples"].values())))
            if self._filled.setdefault(id(first), answer) is answer:
                first["value"] = answer

    def _fill_schema(self, schema: Json, value: Json) -> None:
        """The examples of the single values of a request."""
        schema = self.resolved(schema)
        if "example" in schema and self._filled.setdefault(id(schema), value) is value:
            schema["example"] = value
        for kind in ("allOf", "anyOf", "oneOf"):
            for member in schema.get(kind, ()):
                self._fill_schema(member, value)
        if isinstance(value, dict):
            for name, member in schema.get("properties", {}).items():
                if name in value:
                    self._fill_schema(member, value[name])


def _found(
    copy: _Copy, path: str, method: str, operation: Json, caller: Caller, candidates: Candidates
) -> Example | None:
    """The first candidates that succeed: one for each body that the operation shows, else one."""
    shown = copy.parameters(path, operation)
    parameters: dict[str, Json] = {}
    bodies: dict[str, Json] = {}
    answer: Json = None
    for name, body in (copy.bodies(operation) or {ONLY: None}).items():
        for it in islice(candidates(operation["operationId"], name), MOST_TRIED):
            filled = _body(body, it.attributes)
            given = {key: _value(parameter, it.values, caller.now) for key, parameter in shown.items()}
            reply = caller(method.upper(), *_request(path, shown, given, filled))
            if 200 <= reply.status < 300:
                if answer is None:
                    parameters, answer = given, _answer(reply)
                if body is not None:
                    bodies[name] = filled
                break
    return Example(parameters=parameters, bodies=bodies, answer=answer) if parameters or bodies else None


def _body(shown: Json, attributes: Mapping[str, Json]) -> Json:
    """The body that is shown, with other values for its attributes; one without attributes is left as it is."""
    if not isinstance(shown, dict) or "data" not in shown:
        return shown
    data = shown["data"]
    told = {**data["attributes"], **attributes}
    left = {name: it for name, it in told.items() if not (name in attributes and it is None)}
    return {**shown, "data": {**data, "attributes": left}}


def _value(parameter: Json, values: Mapping[str, str], now: datetime) -> Json:
    """The value of one parameter: of a filter those members that its own example has, or that it needs.

    None leaves it as it is.
    """
    if parameter["name"] == _SERVER_DATE:
        # Rounded up, so that what was made in this very second is there.
        return instant(now + timedelta(microseconds=-now.microsecond % 1_000_000))
    example = parameter.get("example")
    if isinstance(example, dict):
        return {name: values.get(name, value) for name, value in example.items()}
    members = parameter.get("schema", {}).get("required") if parameter.get("required") else None
    if example is None and members:
        return {name: values[name] for name in members if name in values}
    return values.get(parameter["name"], example)


def _request(path: str, shown: Mapping[str, Json], given: Mapping[str, Json], body: Json) -> tuple[str, Json, Headers]:
    """Target, body and headers of a request with all of its parameters."""
    query: list[tuple[str, str]] = []
    headers = []
    for name, value in given.items():
        place = shown[name]["in"]
        if value is None:
            continue
        if place == "path":
            path = path.replace(f"{{{name}}}", quote(str(value), safe=""))
        elif place == "header":
            headers.append((name, str(value)))
        elif isinstance(value, dict):
            query += ((f"{name}[{key}]", str(each)) for key, each in value.items())
        else:
            query.append((name, str(value)))
    return path + ("?" + urlencode(query) if query else ""), body, headers


def _answer(reply: Reply) -> Json:
    """What was answered, of a list the beginning."""
    text = reply.body.decode()
    if "json" not in reply.headers.get("content-type", ""):
        return "".join(text.splitlines(keepends=True)[: SHOWN + 1])
    answer = json.loads(text)
    if isinstance(answer, dict) and isinstance(answer.get("data"), list):
        answer["data"] = answer["data"][:SHOWN]
    return answer
