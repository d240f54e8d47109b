"""The control plane as an OpenAPI 3.0 document, made from its operations; `openapi/control.yaml` is its print."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal, get_args, get_origin

import yaml

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


_HEAD = """# The control plane

Operations on worlds, from outside the provider API. Each operation is the same over HTTP, on the command line and in
Python (`sandbox/ecf_sandbox/control/`). Bodies and answers are JSON; a refused request changes nothing and is
answered with problem details (`application/problem+json`) that name the fix. `openapi/control.yaml` describes the same
for machines.

Only programs on the same machine may use it, at 127.0.0.1 or localhost, and no web page of another origin. A sandbox
that listens on another address prints a control token, which requests must send in `X-Sandbox-Token`.

This page is printed from the code (`make docs`).
"""


def document() -> Json:
    """The document, ready for YAML or JSON."""
    paths: dict[str, Json] = {}
    for it in OPERATIONS:
        paths.setdefault(PREFIX + it.path, {})[it.method.lower()] = _operation(it)
    return {
        "openapi": "3.0.3",
        "info": {"title": "ecf-sandbox control plane", "version": "1", "description": _ABOUT},
        "servers": [{"url": "/", "description": "Wherever this document came from"}],
        "security": [{}, {"controlToken": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {"controlToken": {"type": "apiKey", "in": "header", "name": "X-Sandbox-Token"}},
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
    described: Json = {"operationId": it.name, "tags": [_tag(it)], "summary": it.summary}
    if it.description != it.summary:
        described["description"] = it.description
    parameters = [_parameter(told) for told in it.parameters if told.place in ("path", "query")]
    if parameters:
        described["parameters"] = parameters
    body = [told for told in it.parameters if told.place in ("body", "whole")]
    if body:
        required = any(told.required for told in body)
        described["requestBody"] = {"required": required, "content": {"application/json": {"schema": _body(body)}}}
    answer = {name: {"schema": _answer(name)} for name in it.media_types}
    described["responses"] = {
        str(it.status): {"description": "Done.", "content": answer},
        "default": {
            "description": "Refused; nothing has changed.",
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        },
    }
    return described


def _tag(it: Operation) -> str:
    return (it.command or "sandbox").partition(" ")[0]


def _parameter(it: OperationParameter) -> Json:
    return {
        "name": it.name,
        "in": it.place,
        "required": it.required,
        "description": it.description,
        "schema": _schema(it),
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
