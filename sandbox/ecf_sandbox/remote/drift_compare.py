"""How an answer there differs from the one here: its status, the shape of its document, formats and values."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ecf_sandbox.state.record import Record
from ecf_sandbox.state.service import Service
from ecf_sandbox.state.target import split_target
from ecf_sandbox.tools.contract.documents import OpenApiDocument, documents
from ecf_sandbox.transport import Reply

MEANINGS = {
    "status": "A client that depends on the status behaves differently there.",
    "content-type": "A client that chooses its parser by the content type may choose a different one.",
    "not-json": "A client cannot read the answer there as JSON.",
    "key-added": "The service has something that the sandbox lacks: it may be new, or belong to the other edition.",
    "key-missing": "The service may have removed it, or not have it yet: a client should not rely on it.",
    "key-sometimes": "It is not always present there: a client should not rely on it.",
    "key-order": "Only clients that compare strings, or read CSV made from them, will notice.",
    "type": "A client that is strict about types fails there.",
    "format": "A client that reads the text strictly fails there.",
    "value": "The value is in no OpenAPI document of the sandbox: a client with a closed list of values fails there.",
    "spelling": "The same value is spelt differently: the other server may be of the other edition.",
    "text": "A client that shows or parses the text gets a different one.",
    "behaviour": "The list is paged, filtered or ordered differently from the sandbox.",
    "document": "The answer there does not match the sandbox's OpenAPI document.",
}


class Difference(Record, frozen=True, kw_only=True):
    """Where it is (`pointer` is empty for the whole answer), what is there and what is here."""

    kind: str
    method: str = "GET"
    path: str
    with_: str = ""
    pointer: str = ""
    there: str
    here: str

    @property
    def meaning(self) -> str:
        """What it may mean to a client."""
        return MEANINGS[self.kind]


_DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_FORMATS = {
    "a uuid in lower case": re.compile(_UUID),
    "a moment such as 2026-10-12T09:00:00Z": re.compile(rf"{_DATE}T[0-9:]{{8}}Z"),
    "a moment such as 2026-10-12T09:00:00.000Z": re.compile(rf"{_DATE}T[0-9:]{{8}}\.[0-9]+Z"),
    "a moment such as 2026-10-12T09:00:00+00:00": re.compile(rf"{_DATE}T[0-9:]{{8}}(\.[0-9]+)?[+-][0-9:]+"),
    "a day such as 2026-10-12": re.compile(_DATE),
    "a uuid in capitals": re.compile(_UUID.replace("a-f", "A-F")),
}
OTHER = "other text"
_ID = re.compile(_UUID, re.IGNORECASE)
_MOMENT = re.compile(rf"{_DATE}(?:[T ][0-9:]{{5,8}}(?:\.[0-9]+)?(?:Z|[+-][0-9:]{{4,6}})?)?")


def format_of(text: str) -> str:
    """The name of the format that a text has."""
    return next((name for name, pattern in _FORMATS.items() if pattern.fullmatch(text)), OTHER)


def normalised(text: str) -> str:
    """A text in which every id reads `<id>` and every day or moment `<moment>`."""
    return _MOMENT.sub("<moment>", _ID.sub("<id>", text))


Shapes = dict[str, "Shape"]


@dataclass(slots=True)
class Shape:
    """What was found at a pointer, however often: JSON types, keys of objects, formats and values of texts.

    `keys` are in the order of the first object; `always` are those that each of them has.
    """

    types: set[str] = field(default_factory=set)
    keys: list[str] = field(default_factory=list)
    always: set[str] = field(default_factory=set)
    formats: set[str] = field(default_factory=set)
    values: set[str] = field(default_factory=set)


def shapes_of(document: Any) -> Shapes:
    """The shape of a document, by JSON pointer."""
    found: Shapes = {}
    _look(document, "", found)
    return found


def _look(value: Any, pointer: str, found: Shapes) -> None:
    it = found.setdefault(pointer, Shape())
    if isinstance(value, dict):
        _note_keys(it, list(value))
        for key, inner in value.items():
            _look(inner, f"{pointer}/{key}", found)
    elif isinstance(value, list):
        for inner in value:
            _look(inner, f"{pointer}/*", found)
    elif isinstance(value, str):
        it.formats.add(format_of(value))
        it.values.add(value)
    it.types.add(_type_of(value))


def _note_keys(shape: Shape, keys: list[str]) -> None:
    shape.always = shape.always & set(keys) if "object" in shape.types else set(keys)
    shape.keys += [key for key in keys if key not in shape.keys]


def _type_of(value: Any) -> str:
    names = {bool: "boolean", int: "integer", float: "number", str: "string", dict: "object", list: "array"}
    return names.get(type(value), "null")


Enums = Mapping[str, Sequence[str]]


class Documented:
    """The documents of a service; each is read once."""

    def __init__(self, service: Service) -> None:
        self._documents = documents(service)

    def enums(self, target: str, version: int, status: int) -> Enums:
        """Those of the JSON answer with this status to a GET; none if the document does not have it."""
        document = self._documents.get(f"v{version}")
        operation = document.find("GET", split_target(target).path) if document else None
        promised = operation.answer(status) if operation else None
        found: dict[str, list[str]] = {}
        if document and promised:
            for schema in (it for media_type, it in promised.content.items() if media_type.endswith("json")):
                for pointer, values in _walked(document, {"$ref": schema}, ""):
                    found.setdefault(pointer, []).extend(it for it in values if isinstance(it, str))
        return {pointer: values for pointer, values in found.items() if values}


def _walked(document: OpenApiDocument, schema: Any, pointer: str) -> Iterator[tuple[str, Sequence[Any]]]:
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


class AnswerDifference(NamedTuple):
    """A difference at a pointer, of a kind that `difference.MEANINGS` has."""

    kind: str
    pointer: str
    there: str
    here: str


def compared(there: Shapes, here: Shapes, enums: Enums) -> Iterator[AnswerDifference]:
    """Every difference at a pointer that both have, in the order of the document there.

    `enums` has the values that the OpenAPI document knows at each pointer; where it has none, any text goes.
    """
    for pointer, it in there.items():
        known = enums.get(pointer)
        own = here.get(pointer, Shape())
        yield from _keys(pointer, it, own)
        yield from _types(pointer, it, own)
        if "string" in own.types:
            yield from _formats(pointer, it, own)
        if known is not None:
            yield from _values(pointer, it, own, known)


def _keys(pointer: str, there: Shape, here: Shape) -> Iterator[AnswerDifference]:
    if "object" not in there.types or "object" not in here.types:
        return
    for key in there.keys:
        if key not in here.keys:
            yield AnswerDifference("key-added", f"{pointer}/{key}", "present", "absent")
    for key in here.keys:
        if key in here.always and key not in there.keys:
            yield AnswerDifference("key-missing", f"{pointer}/{key}", "absent", "present")
        elif key in here.always and key not in there.always:
            yield AnswerDifference("key-sometimes", f"{pointer}/{key}", "sometimes present", "always present")
    both = set(there.keys) & set(here.keys)
    theirs, ours = [it for it in there.keys if it in both], [it for it in here.keys if it in both]
    if theirs != ours:
        yield AnswerDifference("key-order", pointer, ", ".join(theirs), ", ".join(ours))


def _types(pointer: str, there: Shape, here: Shape) -> Iterator[AnswerDifference]:
    theirs, ours = there.types - {"null"}, here.types - {"null"}
    if ours and theirs - ours:
        yield AnswerDifference("type", pointer, _listed(there.types), _listed(here.types))


def _formats(pointer: str, there: Shape, here: Shape) -> Iterator[AnswerDifference]:
    if OTHER not in here.formats and there.formats - here.formats:
        yield AnswerDifference("format", pointer, _listed(there.formats), _listed(here.formats))


def _values(pointer: str, there: Shape, here: Shape, known: Sequence[str]) -> Iterator[AnswerDifference]:
    for value in sorted(there.values):
        if value not in known:
            yield AnswerDifference("value", pointer, value, f"one of {', '.join(known)}")
        elif value not in here.values and (same := _spelt_otherwise(value, here.values)):
            yield AnswerDifference("spelling", pointer, value, same)


def _spelt_otherwise(value: str, among: set[str]) -> str | None:
    return next((it for it in sorted(among) if it.replace("-", "_") == value.replace("-", "_")), None)


def _listed(names: set[str]) -> str:
    return " or ".join(sorted(names))


NOT_JSON = object()
_SHOWN = 300


def unlike(there: Reply, here: Reply, enums: Enums) -> Iterator[AnswerDifference]:
    """How the answer there differs; another status says enough, and nothing more is looked at then."""
    if there.status != here.status:
        yield AnswerDifference("status", "", str(there.status), str(here.status))
        return
    theirs, ours = _type(there), _type(here)
    if theirs != ours:
        yield AnswerDifference("content-type", "", theirs or "none", ours or "none")
    if "json" in ours:
        yield from _documents(there, here, enums)
    elif ours == theirs and ours.startswith("text/plain"):
        yield from _texts("", there.body.decode("utf-8", "replace"), here.body.decode("utf-8", "replace"))


def document_of(reply: Reply) -> Any:
    """The JSON of an answer; NOT_JSON if it is none."""
    try:
        return json.loads(reply.body)
    except ValueError:
        return NOT_JSON


def _documents(there: Reply, here: Reply, enums: Enums) -> Iterator[AnswerDifference]:
    theirs, ours = document_of(there), document_of(here)
    if ours is NOT_JSON:
        return
    if theirs is NOT_JSON:
        yield AnswerDifference("not-json", "", f"{len(there.body)} bytes that are not JSON", "a JSON document")
        return
    yield from compared(shapes_of(theirs), shapes_of(ours), enums)
    if here.status >= 400:
        yield from _errors("", theirs, ours)


def _errors(pointer: str, theirs: Any, ours: Any) -> Iterator[AnswerDifference]:
    """The texts of refusals are the same for everybody, so they are compared as they are."""
    if isinstance(theirs, dict) and isinstance(ours, dict):
        for key in theirs.keys() & ours.keys():
            yield from _errors(f"{pointer}/{key}", theirs[key], ours[key])
    elif isinstance(theirs, list) and isinstance(ours, list):
        if len(theirs) != len(ours):
            yield AnswerDifference("text", pointer, f"{len(theirs)} errors", f"{len(ours)} errors")
        for number, (a, b) in enumerate(zip(theirs, ours, strict=False)):
            yield from _errors(f"{pointer}/{number}", a, b)
    elif isinstance(theirs, str) and isinstance(ours, str):
        yield from _texts(pointer, theirs, ours)


def _texts(pointer: str, theirs: str, ours: str) -> Iterator[AnswerDifference]:
    theirs, ours = normalised(theirs), normalised(ours)
    if theirs != ours:
        yield AnswerDifference("text", pointer, _shortened(theirs), _shortened(ours))


def _shortened(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _type(reply: Reply) -> str:
    return ";".join(it.strip().lower() for it in reply.headers.get("content-type", "").split(";"))
