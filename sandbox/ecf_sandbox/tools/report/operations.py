"""What there is to be used: the operations of the provider API, their parameters, the values of their attributes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ecf_sandbox.api.routes import ID
from ecf_sandbox.state.record import Record
from ecf_sandbox.state.service import Service
from ecf_sandbox.tools.contract.documents import OpenApiDocument, documents


class KnownOperation(Record, frozen=True, kw_only=True):
    """An operation by the name that journals give it (`v3 createDeclaration`), as the OpenAPI documents describe it.

    `routes` are its methods and paths; `parameters` those of the query and of the headers; `attributes` the values that
    each attribute of a body may have, empty if any.
    """

    name: str
    version: int
    summary: str
    routes: tuple[str, ...]
    statuses: tuple[int, ...]
    parameters: Mapping[str, tuple[str, ...]]
    attributes: Mapping[str, tuple[str, ...]]


def known_operations(service: Service) -> tuple[KnownOperation, ...]:
    """Every operation that a caller's token opens, in the order of the routes; the newest version comes first."""
    # Read once in a process: reading the documents is most of what a report of a short run takes.
    return service.once(_operations)


def _operations(service: Service) -> tuple[KnownOperation, ...]:
    by_version = {int(name[1:]): document for name, document in documents(service).items()}
    routes: dict[tuple[int, str], list[tuple[str, str]]] = {}
    for route in service.routes:
        if route.documented:
            for version, path in route.rules():
                path = path.replace(ID, "{id}")
                routes.setdefault((version, route.operation(version)), []).append((route.method, path))
                if route.csv:
                    routes[version, route.operation(version, csv=True)] = [(route.method, f"{path}.csv")]
    found = [_known(by_version[version], version, name, at) for (version, name), at in routes.items()]
    return tuple(sorted(found, key=lambda it: -it.version))


def _known(document: OpenApiDocument, version: int, name: str, routes: list[tuple[str, str]]) -> KnownOperation:
    described = [(document.tree["paths"][path], path, method) for method, path in routes]
    entries = [item[method.lower()] for item, _, method in described]
    parameters: dict[str, tuple[str, ...]] = {}
    attributes: dict[str, list[str]] = {}
    for (item, _, _), entry in zip(described, entries, strict=True):
        for it in [*item.get("parameters", ()), *entry.get("parameters", ())]:
            parameters |= dict(_parameters(document, it))
        for attribute, schema in _attributes(document, entry.get("requestBody")):
            values = attributes.setdefault(attribute, [])
            values += [it for it in _values(document, schema) if it not in values]
    return KnownOperation(
        name=name,
        version=version,
        summary=entries[0].get("summary", ""),
        routes=tuple(f"{method} {path}" for method, path in routes),
        statuses=tuple(sorted({int(it) for entry in entries for it in entry["responses"] if str(it).isdigit()})),
        parameters=parameters,
        attributes={attribute: tuple(values) for attribute, values in attributes.items()},
    )


def _parameters(document: OpenApiDocument, it: Any) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The names that a parameter has in a query (`filter[cohort]`), or that of the header."""
    it = document.dereferenced(it)
    if it["in"] not in ("query", "header"):
        return
    schema = document.dereferenced(it.get("schema", {}))
    if it.get("style") != "deepObject":
        yield it["name"], tuple(_values(document, schema))
        return
    for part in _alternatives(document, schema):
        for name, each in part.get("properties", {}).items():
            yield f"{it['name']}[{name}]", tuple(_values(document, each))


def _attributes(document: OpenApiDocument, body: Any) -> Iterator[tuple[str, Any]]:
    for media in document.dereferenced(body or {}).get("content", {}).values():
        for whole in _alternatives(document, media.get("schema", {})):
            inside = document.dereferenced(whole.get("properties", {}).get("data", {})).get("properties", {})
            for part in _alternatives(document, inside.get("attributes", {})):
                yield from part.get("properties", {}).items()


def _values(document: OpenApiDocument, schema: Any) -> Iterator[str]:
    for part in _alternatives(document, schema):
        yield from (str(it) for it in part.get("enum", part.get("x-advised", {}).get("enum", ())) if it is not None)


def _alternatives(document: OpenApiDocument, schema: Any) -> Iterator[Any]:
    schema = document.dereferenced(schema)
    yield schema
    for kind in ("oneOf", "anyOf", "allOf"):
        for it in schema.get(kind, ()):
            yield from _alternatives(document, it)
