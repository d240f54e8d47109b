"""The requests that the examples of an OpenAPI document stand for, read as any client would."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

# How a description says that the examples of its operation are of another world.
NOBODY = "Nothing in this world"
METHODS = ("get", "put", "post", "patch", "delete")


class Documented(NamedTuple):
    """One request of a document."""

    operation: str
    label: str
    method: str
    target: str
    headers: list[tuple[str, str]]
    body: bytes | None


def resolved(tree: Any, it: Any) -> Any:
    """The thing itself, or what it refers to."""
    while "$ref" in it:
        reference, it = it["$ref"], tree
        for part in reference[2:].split("/"):
            it = it[part.replace("~1", "/").replace("~0", "~")]
    return it


def without_examples(tree: Any) -> Any:
    """A document with every reference to something shared in its place, and neither examples nor what was noted."""

    def plain(it: Any) -> Any:
        if isinstance(it, list):
            return [plain(value) for value in it]
        if not isinstance(it, dict):
            return it
        if set(it) == {"$ref"} and "/parameters/" in it["$ref"]:
            it = resolved(tree, it)
        found = {name: plain(value) for name, value in it.items() if name not in ("example", "examples")}
        if isinstance(told := found.get("description"), str):
            found["description"] = told.partition(NOBODY)[0].rstrip()
        return found

    return plain(tree)


def requests(tree: Any) -> Iterator[Documented]:
    """Every operation with every example of its body in every media type, with all parameters and the required only."""
    for path, item in tree["paths"].items():
        for method in METHODS:
            if method in item:
                yield from _requests(tree, path, method, item[method], item.get("parameters", []))


def _requests(tree: Any, path: str, method: str, operation: Any, shared: list[Any]) -> Iterator[Documented]:
    parameters = [resolved(tree, it) for it in (*shared, *operation.get("parameters", []))]
    for how in ("all parameters", "required parameters"):
        given = [it for it in parameters if it.get("required") or how == "all parameters"]
        target, headers = _target(path, given)
        for media_type, name, body in _bodies(tree, operation) or [("", "", None)]:
            typed = [("Content-Type", media_type)] if media_type else []
            label = ", ".join(filter(None, (operation["operationId"], how, name, media_type)))
            raw = None if body is None else json.dumps(body).encode()
            yield Documented(operation["operationId"], label, method.upper(), target, [*headers, *typed], raw)


def _bodies(tree: Any, operation: Any) -> list[tuple[str, str, Any]]:
    content = resolved(tree, operation["requestBody"])["content"] if "requestBody" in operation else {}
    found = []
    for media_type, shown in content.items():
        named = {name: resolved(tree, it)["value"] for name, it in shown.get("examples", {}).items()}
        found += [(media_type, name, body) for name, body in (named or {"": shown["example"]}).items()]
    return found


def _target(path: str, parameters: list[Any]) -> tuple[str, list[tuple[str, str]]]:
    query: list[tuple[str, Any]] = []
    headers = []
    for it in parameters:
        value = it["example"]
        if it["in"] == "path":
            path = path.replace(f"{{{it['name']}}}", quote(str(value), safe=""))
        elif it["in"] == "header":
            headers.append((it["name"], value))
        elif it.get("style") == "deepObject":
            query += ((f"{it['name']}[{key}]", each) for key, each in value.items())
        else:
            query.append((it["name"], value))
    return path + ("?" + urlencode(query) if query else ""), headers
