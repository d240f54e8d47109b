"""Hands out the OpenAPI documents as YAML, as they were written, and as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable

from flask import Response

from ecf_sandbox.tools.contract.documents import Document, documents

YAML, JSON = "application/yaml", "application/json"


class Library:
    """The documents by name; each is read when it is first asked for."""

    def __init__(self) -> None:
        self._documents = documents()
        self._kept: dict[tuple[str, str], bytes] = {}

    def names(self) -> list[str]:
        """The names of the documents that there are."""
        return list(self._documents)

    def answer(self, name: str, format: str) -> Response | None:
        """A document (`v3`) in a format (`yaml` or `json`); None if there is none of that name."""
        document = self._documents.get(name)
        if document is None:
            return None
        body = self._kept.get((name, format))
        if body is None:
            body = self._kept[name, format] = _WRITTEN[format](document)
        response = Response(body, content_type=YAML if format == "yaml" else JSON)
        # A contract may be read by a page or a tool from anywhere.
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Cache-Control"] = "no-cache"
        return response


def _as_yaml(document: Document) -> bytes:
    return document.file.read_bytes()


def _as_json(document: Document) -> bytes:
    return json.dumps(document.tree, ensure_ascii=False, default=str).encode()


_WRITTEN: dict[str, Callable[[Document], bytes]] = {"yaml": _as_yaml, "json": _as_json}
