"""Says how a value differs from a schema of an OpenAPI 3.0 document, which is JSON Schema but for `nullable`."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any
from urllib.parse import quote

from ecf_sandbox.tools.contract.documents import Document

_ROOT = "urn:document"
_SHOWN = 300


class CannotJudge(Exception):
    """The part that reads schemas is not installed. Says how to install it."""


class Schemas:
    """The schemas of one document, each compiled when first needed."""

    def __init__(self, document: Document) -> None:
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
