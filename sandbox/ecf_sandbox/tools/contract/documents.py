"""Reads an OpenAPI document into operations, found by method and path, with the answers that each promises."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from ecf_sandbox.files import folder
from ecf_sandbox.state.record import Record
from ecf_sandbox.state.service import Service

METHODS = ("get", "put", "post", "patch", "delete")
CONTROL = "control"

# The pure reader takes twenty times as long.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_SLASHES = re.compile(r"//+")
_SUFFIX = re.compile(r"(.*/[^./]+)\.[^./]+")
_PART = re.compile(r"\\\{[^}]*\\\}")


class PromisedHeader(Record, frozen=True, kw_only=True):
    """A header of an answer; `schema` is the JSON pointer of what its value looks like."""

    required: bool
    schema: str


class PromisedAnswer(Record, frozen=True, kw_only=True):
    """An answer with one status: a JSON pointer to the schema for each media type, and the headers in small letters."""

    content: Mapping[str, str]
    headers: Mapping[str, PromisedHeader]


class DocumentedOperation(Record, frozen=True, kw_only=True):
    """One method of one path of a document, with its answers by status."""

    id: str
    method: str
    path: str
    answers: Mapping[str, PromisedAnswer]

    def answer(self, status: int) -> PromisedAnswer | None:
        """What is promised for a status, by itself or under `default`; None if it is not among the answers."""
        return self.answers.get(str(status)) or self.answers.get("default")


class OpenApiDocument:
    """One OpenAPI 3.0 document; read from its file when first looked at."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.name = file.name

    @cached_property
    def tree(self) -> Any:
        """The document as plain values; raises OSError if there is no such file."""
        return yaml.load(self.file.read_text(encoding="utf-8"), Loader=_LOADER)

    @cached_property
    def operations(self) -> tuple[DocumentedOperation, ...]:
        """Every operation, in the order of the document."""
        return tuple(
            self._operation(method, path, item[method])
            for path, item in self.tree["paths"].items()
            for method in METHODS
            if method in item
        )

    def find(self, method: str, path: str) -> DocumentedOperation | None:
        """The operation for a method (HEAD is GET) and a path as sent, also with spare slashes or a suffix; or None."""
        verb = "GET" if method == "HEAD" else method
        tidy = _SLASHES.sub("/", path).rstrip("/")
        bare = _SUFFIX.fullmatch(tidy)
        return self._at(verb, tidy) or (self._at(verb, bare[1]) if bare else None)

    def _at(self, verb: str, path: str) -> DocumentedOperation | None:
        return next((it for template, it in self._templates if it.method == verb and template.fullmatch(path)), None)

    @cached_property
    def _templates(self) -> list[tuple[re.Pattern[str], DocumentedOperation]]:
        """Paths without parts to fill in come first, as the specification has it."""
        ordered = sorted(self.operations, key=lambda it: "{" in it.path)
        return [(re.compile(_PART.sub("[^/.]+", re.escape(it.path))), it) for it in ordered]

    def _operation(self, method: str, path: str, it: Any) -> DocumentedOperation:
        at = f"#/paths/{escaped(path)}/{method}/responses"
        answers = {str(status): self._answer(f"{at}/{status}", answer) for status, answer in it["responses"].items()}
        return DocumentedOperation(id=it["operationId"], method=method.upper(), path=path, answers=answers)

    def _answer(self, at: str, it: Any) -> PromisedAnswer:
        at, it = self.resolved(at, it)
        content = {
            media_type: f"{at}/content/{escaped(media_type)}/schema" for media_type, _ in _pairs(it.get("content"))
        }
        headers = {name.lower(): self._header(f"{at}/headers/{name}", each) for name, each in _pairs(it.get("headers"))}
        return PromisedAnswer(content=content, headers=headers)

    def _header(self, at: str, it: Any) -> PromisedHeader:
        at, it = self.resolved(at, it)
        return PromisedHeader(required=it.get("required", False), schema=f"{at}/schema")

    def resolved(self, at: str, it: Any) -> tuple[str, Any]:
        """The pointer and the thing itself, or those of what it refers to; raises KeyError if that is nothing."""
        while "$ref" in it:
            at = it["$ref"]
            it = self.tree
            for part in at[2:].split("/"):
                it = it[part.replace("~1", "/").replace("~0", "~")]
        return at, it

    def dereferenced(self, it: Any) -> Any:
        """The thing itself, or what it refers to; raises KeyError if that is nothing."""
        return self.resolved("", it)[1]


def documents(service: Service) -> Mapping[str, OpenApiDocument]:
    """The documents of a service by version (`v3`), those that are there; each is read at most once in a process."""
    return service.once(_documents)


def _documents(service: Service) -> Mapping[str, OpenApiDocument]:
    return MappingProxyType({name: OpenApiDocument(it) for name, it in service.documents.items() if it.is_file()})


def control_document() -> OpenApiDocument:
    """That of the control plane, which is the same for every service."""
    return OpenApiDocument(folder("openapi") / f"{CONTROL}.yaml")


def escaped(name: str) -> str:
    """A name as a part of a JSON pointer."""
    return name.replace("~", "~0").replace("/", "~1")


def _pairs(it: Mapping[str, Any] | None) -> Iterator[tuple[str, Any]]:
    yield from (it or {}).items()
