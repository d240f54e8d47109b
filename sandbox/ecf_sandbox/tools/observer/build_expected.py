"""Reads out of the OpenAPI documents what a good client sends, and prints it for the observer, which must not wait.

A schema is as lax as the service; `x-advised` beside it is what the observer asks for.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from typing import Any

import msgspec

from ecf_sandbox.services import service_named
from ecf_sandbox.state.service import Service
from ecf_sandbox.tools.contract.documents import METHODS, OpenApiDocument, documents
from ecf_sandbox.tools.observer.expected import Everything, Expected, Value

JSON = "application/json"
_NAMES = re.compile(r"\(([a-z_|]+)\)")


def from_documents(service: Service) -> Everything:
    """What every operation of every version of a service knows."""
    return {
        name: {
            path: {method: _expected(document, item, item[method]) for method in METHODS if method in item}
            for path, item in document.tree["paths"].items()
        }
        for name, document in documents(service).items()
    }


def as_json(service: Service) -> str:
    """The same as it is kept in a file, such as `openapi/expected.json`."""
    return msgspec.json.format(msgspec.json.encode(from_documents(service)), indent=1).decode() + "\n"


def _expected(document: OpenApiDocument, item: Any, operation: Any) -> Expected:
    given = [document.dereferenced(it) for it in [*item.get("parameters", ()), *operation.get("parameters", ())]]
    by_name = {it["name"]: _merged(document, it["schema"]) for it in given if it["in"] == "query"}
    page = by_name.get("page", {}).get("properties", {})
    type, variants = _body(document, operation)
    return Expected(
        filters=_values(document, by_name.get("filter", {})),
        pages=bool(page),
        largest_page=_merged(document, page["per_page"])["maximum"] if page else 0,
        sorts=_sorts(by_name.get("sort")),
        type=type,
        variants=variants,
    )


def _merged(document: OpenApiDocument, schema: Any) -> dict[str, Any]:
    found = document.dereferenced(schema)
    return {**found, **found.get("x-advised", {})}


def _values(document: OpenApiDocument, schema: Mapping[str, Any]) -> dict[str, Value]:
    return {name: _value(document, it) for name, it in schema.get("properties", {}).items()}


def _value(document: OpenApiDocument, schema: Any) -> Value:
    found = document.dereferenced(schema)
    advised = found.get("x-advised", {})
    merged = {**found, **advised}
    return Value(
        text=merged.get("type") == "string",
        moment=merged.get("format") == "date-time",
        pattern=advised.get("pattern"),
        uuid=advised.get("format") == "uuid",
        choices=tuple(merged.get("enum", ())),
        insists="enum" in found,
    )


def _sorts(schema: Mapping[str, Any] | None) -> tuple[str, ...]:
    names = _NAMES.search(schema["pattern"]) if schema else None
    return tuple(names[1].split("|")) if names else ()


def _body(document: OpenApiDocument, operation: Any) -> tuple[str | None, tuple[Mapping[str, Value], ...]]:
    if "requestBody" not in operation:
        return None, ()
    schema = document.dereferenced(document.dereferenced(operation["requestBody"])["content"][JSON]["schema"])
    data = schema.get("properties", {}).get("data")
    if data is None:
        return None, ()
    members = document.dereferenced(data)["properties"]
    attributes = document.dereferenced(members["attributes"])
    variants = tuple(_values(document, document.dereferenced(it)) for it in attributes.get("oneOf", (attributes,)))
    return _merged(document, members["type"])["enum"][0], variants


if __name__ == "__main__":
    print(as_json(service_named(*sys.argv[1:])), end="")
