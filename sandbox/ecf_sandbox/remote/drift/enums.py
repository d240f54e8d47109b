"""The texts that an OpenAPI document allows in an answer, by the pointer that they stand at (`/data/*/type`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ecf_sandbox.tools.contract.documents import Document, documents

Enums = Mapping[str, Sequence[str]]


class Documented:
    """The documents of the API; each is read once."""

    def __init__(self) -> None:
        self._documents = documents()

    def enums(self, target: str, version: int, status: int) -> Enums:
        """Those of the JSON answer with this status to a GET; none if the document does not have it."""
        document = self._documents.get(f"v{version}")
        operation = document.find("GET", target.partition("?")[0]) if document else None
        promised = operation.answer(status) if operation else None
        found: dict[str, list[str]] = {}
        if document and promised:
            for schema in (it for media_type, it in promised.content.items() if media_type.endswith("json")):
                for pointer, values in _walked(document, {"$ref": schema}, ""):
                    found.setdefault(pointer, []).extend(it for it in values if isinstance(it, str))
        return {pointer: values for pointer, values in found.items() if values}


def _walked(document: Document, schema: Any, pointer: str) -> Iterator[tuple[str, Sequence[Any]]]:
    it = document.dereferenced(schema)
    # A pattern beside the list, or another kind of text, is for the validator to judge.
    if "enum" in it:
        yield pointer, it["enum"]
    for part in (*it.get("allOf", ()), *it.get("oneOf", ()), *it.get("anyOf", ())):
        yield from _walked(document, part, pointer)
    for name, inner in it.get("properties", {}).items():
        yield from _walked(document, inner, f"{pointer}/{name}")
    if isinstance(it.get("items"), dict):
        yield from _walked(document, it["items"], f"{pointer}/*")
