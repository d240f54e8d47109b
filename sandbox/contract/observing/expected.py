"""What the OpenAPI documents say that a good client sends: read once, when a request is first held against it.

A schema is as lax as the service; `x-advised` beside it is what the observer asks for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from sandbox.contract.documents import documents
from sandbox.domain.record import Record

VERSIONS = (1, 2, 3)
JSON = "application/json"
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_NAMES = re.compile(r"\(([a-z_|]+)\)")


class Value(Record, frozen=True, kw_only=True):
    """What one value should look like; `insists` says that the service itself refuses what is not among the choices."""

    text: bool = False
    moment: bool = False
    pattern: str | None = None
    uuid: bool = False
    choices: tuple[str, ...] = ()
    insists: bool = False

    def fits(self, text: str) -> bool:
        """Whether a text is what a good client sends, moments aside."""
        if self.uuid and not _UUID.fullmatch(text):
            return False
        if self.choices and not self.insists and text not in self.choices:
            return False
        return self.pattern is None or re.search(self.pattern, text) is not None

    @property
    def described(self) -> str:
        """The value in words."""
        if self.choices:
            return f"one of {', '.join(self.choices)}" if len(self.choices) > 1 else self.choices[0]
        if self.moment:
            return "RFC 3339, such as 2025-11-13T11:21:55Z"
        if self.uuid:
            return "a UUID in small letters with four dashes"
        return _IN_WORDS.get(self.pattern, f"text like {self.pattern}") if self.pattern else "text"


_IN_WORDS = {
    "^20[0-9]{2}$": "a year, such as 2025",
    "^20[0-9]{2}(,20[0-9]{2})*$": "years with commas between, such as 2024,2025",
    "^[0-9a-fA-F-]{36}(,[0-9a-fA-F-]{36})*$": "UUIDs with commas between",
}


class Expected(Record, frozen=True, kw_only=True):
    """What one operation knows: filters, pages, names to sort by, and what its body has.

    `variants` are the attributes of each kind of body (declarations have four), by what tells them apart.
    """

    filters: Mapping[str, Value] = {}
    pages: bool = False
    largest_page: int = 0
    sorts: tuple[str, ...] = ()
    type: str | None = None
    variants: tuple[Mapping[str, Value], ...] = ()

    @property
    def orders(self) -> frozenset[str]:
        """Each name to sort by alone, either way."""
        return frozenset(f"{sign}{name}" for name in self.sorts for sign in ("", "-"))

    @property
    def reads_body(self) -> bool:
        """Whether there is anything in a body that the operation looks at."""
        return bool(self.variants)

    @property
    def parameters(self) -> list[str]:
        """The names that a query may have."""
        filters = [f"filter[{it}]" for it in self.filters]
        return [*filters, *(["page[page]", "page[per_page]"] if self.pages else []), *(["sort"] if self.sorts else [])]

    def attributes(self, sent: Mapping[str, Any]) -> Mapping[str, Value]:
        """The attributes that belong beside those that were sent."""
        for variant in self.variants:
            told_apart = variant.get("declaration_type")
            if told_apart is None or sent.get("declaration_type") in told_apart.choices:
                return variant
        return self.variants[-1] if self.variants else {}


@cache
def expected_of(version: int, method: str, path: str) -> Expected:
    """What an operation of a version knows; nothing at all for one that its document does not have."""
    document = _document(version)
    item = document["paths"].get(path, {})
    operation = item.get(method.lower())
    if operation is None:
        return Expected()
    given = [_resolved(document, it) for it in [*item.get("parameters", ()), *operation.get("parameters", ())]]
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


def has(version: int, method: str, path: str) -> bool:
    """Whether a version has such an operation."""
    return method.lower() in _document(version)["paths"].get(path, {})


@cache
def paths() -> Mapping[str, tuple[str, ...]]:
    """Every path of every version, with its methods."""
    return {
        path: tuple(name.upper() for name in ("get", "put", "post", "patch") if name in item)
        for version in VERSIONS
        for path, item in _document(version)["paths"].items()
    }


@cache
def all_filters() -> frozenset[str]:
    """The names of all filters that any operation knows."""
    return frozenset(name for it in _everything() for name in it.filters)


@cache
def all_attributes() -> frozenset[str]:
    """The names of all attributes that any operation knows."""
    return frozenset(name for it in _everything() for variant in it.variants for name in variant)


def _everything() -> Iterator[Expected]:
    for version in VERSIONS:
        for path, item in _document(version)["paths"].items():
            yield from (expected_of(version, name, path) for name in ("get", "put", "post") if name in item)


@cache
def _document(version: int) -> Any:
    return documents()[f"v{version}"].tree


def _resolved(document: Any, it: Any) -> Any:
    while "$ref" in it:
        found = document
        for part in it["$ref"][2:].split("/"):
            found = found[part]
        it = found
    return it


def _merged(document: Any, schema: Any) -> dict[str, Any]:
    found = _resolved(document, schema)
    return {**found, **found.get("x-advised", {})}


def _values(document: Any, schema: Mapping[str, Any]) -> dict[str, Value]:
    return {name: _value(document, it) for name, it in schema.get("properties", {}).items()}


def _value(document: Any, schema: Any) -> Value:
    found = _resolved(document, schema)
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


def _body(document: Any, operation: Any) -> tuple[str | None, tuple[Mapping[str, Value], ...]]:
    if "requestBody" not in operation:
        return None, ()
    schema = _resolved(document, _resolved(document, operation["requestBody"])["content"][JSON]["schema"])
    data = schema.get("properties", {}).get("data")
    if data is None:
        return None, ()
    members = _resolved(document, data)["properties"]
    attributes = _resolved(document, members["attributes"])
    variants = tuple(_values(document, _resolved(document, it)) for it in attributes.get("oneOf", (attributes,)))
    return _merged(document, members["type"])["enum"][0], variants
