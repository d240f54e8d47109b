"""Says what is wrong with an answer according to the OpenAPI documents: status, type, headers and body."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any
from urllib.parse import quote

from ecf_sandbox.state.target import split_target
from ecf_sandbox.tools.contract.documents import DocumentedOperation, OpenApiDocument, PromisedAnswer
from ecf_sandbox.transport import Reply

_ROOT = "urn:document"
_SHOWN = 300


class CannotJudge(Exception):
    """The part that reads schemas is not installed. Says how to install it."""


class Schemas:
    """The schemas of one document, each compiled when first needed."""

    def __init__(self, document: OpenApiDocument) -> None:
        self.document = document
        self._compiled: dict[str, Any] = {}

    def faults(self, pointer: str, value: Any) -> Iterator[str]:
        """What is wrong with a value by the schema at a JSON pointer (`#/components/schemas/School`), one by one."""
        validator = self._compiled.get(pointer)
        if validator is None:
            validator = self._compiled[pointer] = self._compile(pointer)
        if not validator.is_valid(value):
            for error in validator.iter_errors(value):
                yield f"{_where(error.instance_path)}: {_shortened(error.message)}"

    def _compile(self, pointer: str) -> Any:
        rs = validators()
        return rs.Draft4Validator(
            {"$ref": f"{_ROOT}#{quote(pointer[1:])}"}, registry=self._registry, validate_formats=True
        )

    @cached_property
    def _registry(self) -> Any:
        rs = validators()
        return rs.Registry([(_ROOT, in_json_schema(self.document.tree))], draft=rs.Draft4)


def validators() -> Any:
    """The package that judges by JSON Schema; raises CannotJudge if it is not installed."""
    try:
        import jsonschema_rs
    except ModuleNotFoundError:
        raise CannotJudge("answers are judged with jsonschema-rs: pip install 'jsonschema-rs>=0.40'") from None
    return jsonschema_rs


def in_json_schema(it: Any) -> Any:
    """A document, or a part of one, with `nullable` said as JSON Schema says it."""
    if isinstance(it, list):
        return [in_json_schema(value) for value in it]
    if not isinstance(it, dict):
        return it
    translated = {name: in_json_schema(value) for name, value in it.items()}
    if translated.get("nullable") is True and "type" in translated:
        del translated["nullable"]
        translated["type"] = [translated["type"], "null"]
    return translated


def _where(path: list[str | int]) -> str:
    return "/" + "/".join(str(part) for part in path)


def _shortened(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


_VERSION = re.compile(r"/+api/+(v[0-9]+)/")
# What the service answers where there is nothing, or nothing for a provider.
_NOTHING_THERE = frozenset({400, 401, 403, 404, 405, 406, 429})


class Contract:
    """The documents of a service. A document is read when an answer of its version is first judged."""

    def __init__(self, documents: Mapping[str, OpenApiDocument]) -> None:
        self._documents = documents
        self._schemas = {name: Schemas(document) for name, document in self._documents.items()}

    def operation(self, method: str, target: str) -> DocumentedOperation | None:
        """The operation that a request for a path (with or without query) is for; None if no document has it."""
        found = self._found(method, target)
        return found[1] if found else None

    def faults(self, method: str, target: str, reply: Reply) -> list[str]:
        """What is wrong with the answer to a request, a sentence each; none if it is as promised.

        A request that no document has may be answered with any refusal; outside `/api/` anything goes.
        Raises CannotJudge without `jsonschema-rs`.
        """
        found = self._found(method, target)
        if found is None:
            if not target.lstrip("/").startswith("api/"):
                return []
            fine = reply.status in _NOTHING_THERE
            return [] if fine else [f"no document has {method} {target}, and it was answered with {reply.status}"]
        name, operation = found
        promised = operation.answer(reply.status)
        if promised is None:
            known = ", ".join(operation.answers)
            return [f"{operation.id} of {name} has no answer {reply.status}; it has {known}"]
        return list(_Judgement(self._schemas[name], promised, reply, bodiless=method == "HEAD").faults())

    def _found(self, method: str, target: str) -> tuple[str, DocumentedOperation] | None:
        path = split_target(target).path
        version = _VERSION.match(path)
        document = self._documents.get(version[1]) if version else None
        operation = document.find(method, path) if document else None
        return (version[1], operation) if version and operation else None


class _Judgement:
    """One answer beside what is promised for its status."""

    def __init__(self, schemas: Schemas, promised: PromisedAnswer, reply: Reply, *, bodiless: bool) -> None:
        self.schemas = schemas
        self.promised = promised
        self.reply = reply
        self.bodiless = bodiless

    def faults(self) -> Iterator[str]:
        yield from self._of_headers()
        yield from self._of_content()

    def _of_headers(self) -> Iterator[str]:
        for name, header in self.promised.headers.items():
            value = self.reply.headers.get(name)
            if value is not None:
                yield from (f"header {name}{fault}" for fault in self.schemas.faults(header.schema, value))
            elif header.required:
                yield f"the header {name} is missing"

    def _of_content(self) -> Iterator[str]:
        sent = self.reply.headers.get("content-type")
        media_type = "" if sent is None else sent.partition(";")[0].strip().lower()
        pointer = self.promised.content.get(media_type)
        if not self.promised.content:
            if sent is not None or self.reply.body:
                yield f"a body is there ({sent}, {len(self.reply.body)} bytes), and none is promised"
        elif pointer is None:
            yield f"the type is {sent}, promised is {' or '.join(self.promised.content)}"
        elif not self.bodiless:
            yield from self._of_body(pointer, media_type)

    def _of_body(self, pointer: str, media_type: str) -> Iterator[str]:
        try:
            value = self._value(media_type)
        except ValueError as error:
            yield f"the body is no {media_type}: {error}"
            return
        yield from (f"body {fault}" for fault in self.schemas.faults(pointer, value))

    def _value(self, media_type: str) -> Any:
        body = self.reply.body
        if self.reply.headers.get("content-encoding") == "gzip":
            body = gzip.decompress(body)
        return json.loads(body) if media_type.endswith("json") else body.decode()
