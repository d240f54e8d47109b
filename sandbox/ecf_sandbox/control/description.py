"""The control plane as an OpenAPI 3.0 document, made from its operations; `openapi/control.yaml` is its print."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal, get_args, get_origin

import yaml

from ecf_sandbox.control.examples import BODIES, parameter_example
from ecf_sandbox.control.operation import Operation, OperationParameter
from ecf_sandbox.control.problem import MEDIA_TYPE
from ecf_sandbox.control.registry import OPERATIONS, PREFIX
from ecf_sandbox.state.world import World

Json = dict[str, Any]
_TYPES: dict[Any, Json] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    dict: {"type": "object"},
    list: {"type": "array", "items": {}},
    datetime: {"type": "string", "format": "date-time"},
    World: {"type": "string"},
    Any: {},
}
_ABOUT = (
    "Operations on worlds, from outside the provider API: creating, forking and resetting them, moving their clocks, "
    "events of schools and the DfE, the journal, faults. For programs on the same machine, or with the control token."
)
_TAGS = {
    "sandbox": "The process as a whole: whether it answers, its scenarios, explanations of requests.",
    "world": "Isolated copies of the sandbox: created, forked, reset, written out and read in.",
    "snapshot": "States of a world, kept under a name.",
    "clock": "What time it is in a world, and what falls due as it goes by.",
    "event": "What schools, induction tutors and the DfE do.",
    "journal": "The exchanges of a world: listed, verified, explained, taken back, written out.",
    "fault": "Failures on purpose, and limits on how many requests a token has.",
}

_HEAD = """# The control plane

Operations on worlds, from outside the provider API. Each operation is the same over HTTP, on the command line and
in Python (`sandbox/ecf_sandbox/control/`). Bodies and answers are JSON; a refused request changes nothing and is
answered with problem details (`application/problem+json`) that name the fix. `openapi/control.yaml` describes the
same for machines.

Only programs on the same machine may use it, at 127.0.0.1 or localhost, and no web page of another origin. A sandbox
that listens on another address prints a control token, which requests must send in `X-Sandbox-Token`.

## When a world is made

One rule for requests to the API, this control plane and the command line: **whatever does something in a world
makes it on first use**, as a copy of what `main` began as. That is a request to the API, an event, a clock that is
set or advanced, a fault, a rate limit, what the observer does, a snapshot that is taken, a request that is
explained. An answer of the control plane then has the header `X-Sandbox-World-Made`, and a command says so; an
answer of the API names its world in `X-Sandbox-World`, unless that is `main`. **What only looks at a world, takes
something back or takes it away makes none** (show, names, journal, verify, explain of an exchange, undo, rewind,
restore, reset, fork, export, delete): it answers 404 and names the nearest world, so that a misspelt name is not
taken for a world in which nothing happened. A refused request of the control plane makes none either.

A world that was dropped above the limit on worlds comes back with its settings, without what had happened in it:
each answer from it has `X-Sandbox-World-Recreated` until it is reset, created, imported or deleted. Of worlds that had
records of their own (imported, or of another scenario) as many are remembered as there may be worlds; one that was
dropped before begins as `main` began, and the header says that.

A world that is named twice, in the path and in `X-Sandbox-World`, or behind the `~` of a token and in the header,
must be the same one; otherwise the request is refused (400) with both names.

## What is not understood is refused

A name that there is not is refused with the nearest that there is: members of a body, query parameters (also one
that is given twice), headers that begin with `X-Sandbox-`, worlds, events and their arguments, switches, and what
the journal is asked for: rules, operations, findings, providers, methods, paths below `/api/`, statuses, and
combinations that contradict. What stands in the journal is known, whatever it is. A fault that no request can match
is refused too.

An operation is named by the `operationId` of the OpenAPI documents, with its version (`v3 createDeclaration`, also
`3 createDeclaration`) or without, for all versions; `*` and `?` are wildcards. Requests for no path of the API have
the operation `no route`. The names of version 0.2 (`record_declaration`) are understood until 0.4, and the answer
has a `note`.

This page is printed from the code (`make docs`).
"""


def document() -> Json:
    """The document, ready for YAML or JSON."""
    paths: dict[str, Json] = {}
    for it in OPERATIONS:
        paths.setdefault(PREFIX + it.path, {})[it.method.lower()] = _operation(it)
    return {
        "openapi": "3.0.3",
        "info": {
            "title": "ecf-sandbox control plane",
            "version": "1",
            "contact": {"name": "Whoever runs this sandbox"},
            "license": {"name": "MIT", "url": "https://opensource.org/license/mit"},
            "description": _ABOUT,
        },
        "servers": [{"url": "/", "description": "Wherever this document came from"}],
        "security": [{}, {"controlToken": []}],
        "tags": [{"name": it, "description": _TAGS[it]} for it in dict.fromkeys(map(_tag, OPERATIONS))],
        "paths": paths,
        "components": {
            "securitySchemes": {"controlToken": {"type": "apiKey", "in": "header", "name": "X-Sandbox-Token"}},
            "responses": {
                "Refused": {
                    "description": "Refused; nothing has changed.",
                    "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
                }
            },
            "schemas": {"Problem": _problem()},
        },
    }


def as_yaml() -> str:
    """The document as YAML text."""
    text: str = yaml.safe_dump(document(), sort_keys=False, allow_unicode=True, width=110)
    return text


def as_markdown() -> str:
    """The operations as a page of Markdown, by what they are about."""
    lines = [_HEAD]
    tags = dict.fromkeys(_tag(it) for it in OPERATIONS)
    for tag in tags:
        lines.append(f"## {tag.capitalize()}\n")
        for it in OPERATIONS:
            if _tag(it) == tag:
                lines.append(_section(it))
    return "\n".join(lines)


def _section(it: Operation) -> str:
    command = f", `ecf-sandbox {it.command}`" if it.command else ""
    told = [
        f"- `{given.name}` ({given.place if given.place != 'whole' else 'the body'}, {given.type_name}"
        f"{'' if given.required else ', optional'}): {given.description}"
        for given in it.parameters
        if given.type is not World
    ]
    return "\n".join(
        [f"### `{it.method} {PREFIX}{it.path}`{command}\n", it.description, "", *told, *([""] if told else [])]
    )


def _operation(it: Operation) -> Json:
    described: Json = {
        "operationId": it.name,
        "tags": [_tag(it)],
        "summary": it.summary,
        "description": it.description,
    }
    parameters = [_parameter(it, told) for told in it.parameters if told.place in ("path", "query")]
    if parameters:
        described["parameters"] = parameters
    body = [told for told in it.parameters if told.place in ("body", "whole")]
    if body:
        required = any(told.required for told in body)
        content = {"schema": _body(body), "example": BODIES[it.name]}
        described["requestBody"] = {"required": required, "content": {"application/json": content}}
    answer = {name: {"schema": _answer(name)} for name in it.media_types}
    described["responses"] = {
        str(it.status): {"description": "Done.", "content": answer},
        **{status: {"$ref": "#/components/responses/Refused"} for status in _refusals(it)},
    }
    return described


def _refusals(it: Operation) -> tuple[str, ...]:
    """Bad parameters; no control token, or another machine; nothing of that name; and whatever else may be."""
    bad = ("400",) if it.parameters else ()
    unknown = ("404",) if "{" in it.path else ()
    return (*bad, "401", "403", *unknown, "default")


def _tag(it: Operation) -> str:
    return (it.command or "sandbox").partition(" ")[0]


def _parameter(operation: Operation, it: OperationParameter) -> Json:
    return {
        "name": it.name,
        "in": it.place,
        "required": it.required,
        "description": it.description,
        "schema": _schema(it),
        "example": parameter_example(operation.name, it.name),
    }


def _body(parameters: list[OperationParameter]) -> Json:
    if parameters[0].place == "whole":
        return {"type": "object", "description": parameters[0].description}
    schema: Json = {
        "type": "object",
        "additionalProperties": False,
        "properties": {it.name: {**_schema(it), "description": it.description} for it in parameters},
    }
    required = [it.name for it in parameters if it.required]
    return {**schema, "required": required} if required else schema


def _schema(it: OperationParameter) -> Json:
    if get_origin(it.type) is Literal:
        schema: Json = {"type": "string", "enum": list(get_args(it.type))}
    else:
        schema = dict(_TYPES[get_origin(it.type) or it.type])
    if it.nullable:
        schema["nullable"] = True
    if it.default is not None:
        schema["default"] = it.default
    return schema


def _answer(media_type: str) -> Json:
    return {"type": "object"} if media_type == "application/json" else {"type": "string"}


def _problem() -> Json:
    members = {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What is wrong, and how to fix it."},
        "nearest": {"type": "string", "description": "The known name most like the unknown one."},
        "problems": {"type": "array", "items": {"type": "string"}, "description": "Everything that is wrong."},
    }
    return {"type": "object", "required": ["type", "title", "status", "detail"], "properties": members}


if __name__ == "__main__":
    import sys

    print(as_markdown() if "--markdown" in sys.argv else as_yaml(), end="")
