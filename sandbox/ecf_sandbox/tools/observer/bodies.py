"""Checks on a body as a whole: its media type, its syntax, its envelope."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping

from ecf_sandbox.api import request
from ecf_sandbox.state.findings import Severity
from ecf_sandbox.tools.observer.check import Location, check
from ecf_sandbox.tools.observer.request import ObservedRequest

JSON = "application/json"
_JSON = frozenset(
    {JSON, "application/vnd.api+json", "text/x-json", "application/jsonrequest", "application/problem+json"}
)
_FORMS = frozenset({"application/x-www-form-urlencoded", "multipart/form-data", "multipart/related", "multipart/mixed"})
_TYPOGRAPHIC = tuple(it.encode() for it in "“”„‘’")


@check(
    "media-type.missing",
    Severity.ERROR,
    message="Nothing says what this body is, so the service does not read it, or reads it as a form.",
    fix="Send Content-Type: {expected}.",
)
def media_type_missing(sent: ObservedRequest) -> Iterator[Location]:
    """A request with a body says in Content-Type what that is."""
    if sent.body and not media_type(sent):
        yield Location("Content-Type", "", JSON)


@check(
    "media-type.not-json",
    Severity.ERROR,
    message="The service does not read a body of type {received}: it answers as if there was none.",
    fix="Send JSON, with Content-Type: {expected}.",
)
def media_type_not_json(sent: ObservedRequest) -> Iterator[Location]:
    """A body is JSON, and is called so."""
    kind = media_type(sent)
    if sent.body and kind and kind not in _JSON and kind not in _FORMS:
        yield Location("Content-Type", kind, JSON)


@check(
    "media-type.form",
    Severity.WARNING,
    message="The service happens to read forms; no document of the API says so.",
    fix="Send JSON, with Content-Type: {expected}.",
)
def media_type_form(sent: ObservedRequest) -> Iterator[Location]:
    """A body is JSON, and not a form."""
    kind = media_type(sent)
    if sent.body and kind in _FORMS:
        yield Location("Content-Type", kind, JSON)


@check(
    "body.unreadable",
    Severity.ERROR,
    message="The service cannot read this body and answers 400 without a word: {near}.",
    fix="Let a library write the JSON; text copied from a document may have typographic quotes.",
)
def unreadable(sent: ObservedRequest) -> Iterator[Location]:
    """A body is well-formed JSON in UTF-8."""
    if sent.unreadable and sent.told is None:
        quoted = any(it in sent.body for it in _TYPOGRAPHIC)
        near = f"{sent.unreadable} (it has typographic quotes)" if quoted else sent.unreadable
        yield Location("body", sent.body.decode(errors="replace"), "JSON", near)


@check(
    "body.unused",
    Severity.WARNING,
    message="Nothing here looks at a body; but one that cannot be read makes the request fail.",
    fix="Send no body.",
)
def unused(sent: ObservedRequest) -> Iterator[Location]:
    """A body is sent only where one is read."""
    if sent.body and sent.told and not sent.expected.reads_body:
        yield Location("body", sent.body.decode(errors="replace"), "no body")


@check(
    "body.duplicate-key",
    Severity.ERROR,
    message="{received!r} is there more than once in one object; the service takes the last and forgets the others.",
    fix="Send it once.",
)
def duplicate_key(sent: ObservedRequest) -> Iterator[Location]:
    """A member of an object is there once."""
    if not sent.told or media_type(sent) not in _JSON:
        return
    twice: list[str] = []

    def noting(pairs: list[tuple[str, object]]) -> dict[str, object]:
        members = dict(pairs)
        if len(members) < len(pairs):
            twice.extend(name for name, times in Counter(name for name, _ in pairs).items() if times > 1)
        return members

    try:
        json.loads(sent.body, object_pairs_hook=noting)
    except (ValueError, RecursionError):  # comments and odd escapes, which the service tolerates
        return
    for name in dict.fromkeys(twice):
        yield Location("body", name, "once")


@check(
    "body.unknown-key",
    Severity.ERROR,
    message="The service does not know {where}, and drops it without a word.",
    fix="Leave it out{near}.",
)
def unknown_key(sent: ObservedRequest) -> Iterator[Location]:
    """A body is `data` with `type` and `attributes`, and nothing else."""
    if not sent.expected.reads_body or not sent.told:
        return
    for name, value in sent.told.items():
        if name not in ("data", "_json"):
            yield Location(f"/{escaped(name)}", shown(value), "/data", _moved(sent, name))
    data = sent.told.get("data")
    for name, value in data.items() if isinstance(data, Mapping) else ():
        if name not in ("type", "attributes"):
            yield Location(f"/data/{escaped(name)}", shown(value), "/data/type, /data/attributes", _moved(sent, name))


@check(
    "body.type-missing",
    Severity.WARNING,
    message="The API's document asks for a type; this service does not look at it.",
    fix="Send {expected!r}.",
)
def type_missing(sent: ObservedRequest) -> Iterator[Location]:
    """`data.type` names what is sent."""
    data = (sent.told or {}).get("data")
    if sent.expected.type and isinstance(data, Mapping) and data and "type" not in data:
        yield Location("/data/type", "", sent.expected.type)


@check(
    "body.type-wrong",
    Severity.ERROR,
    message="{received} is not the type of this request; the service does not look, but its document asks for it.",
    fix="Send {expected!r}.",
)
def type_wrong(sent: ObservedRequest) -> Iterator[Location]:
    """`data.type` is the one that the operation's document gives."""
    data = (sent.told or {}).get("data")
    if sent.expected.type and isinstance(data, Mapping) and data.get("type", sent.expected.type) != sent.expected.type:
        yield Location("/data/type", shown(data["type"]), sent.expected.type)


@check(
    "body.attributes-missing",
    Severity.ERROR,
    message="There are no attributes here, so the service takes all of them for missing.",
    fix="Send {expected}.",
)
def attributes_missing(sent: ObservedRequest) -> Iterator[Location]:
    """`data.attributes` is an object."""
    data = (sent.told or {}).get("data")
    if sent.expected.reads_body and isinstance(data, Mapping) and data:
        attributes = data.get("attributes")
        if not isinstance(attributes, Mapping):
            yield Location("/data/attributes", "" if attributes is None else shown(attributes), "an object")


def media_type(sent: ObservedRequest) -> str:
    """What the body is said to be, without parameters."""
    return request.media_type(sent.environ.get("CONTENT_TYPE") or "")


def shown(value: object) -> str:
    """A value as JSON writes it."""
    return json.dumps(value, ensure_ascii=False)


def escaped(name: str) -> str:
    """A name as a part of a JSON pointer."""
    return name.replace("~", "~0").replace("/", "~1")


def _moved(sent: ObservedRequest, name: str) -> str:
    known = any(name in it for it in sent.expected.variants)
    return f", or move it to /data/attributes/{escaped(name)}" if known else ""


MEDIA_TYPES = (media_type_missing, media_type_not_json, media_type_form)
UNREADABLE = (unreadable,)
CHECKS = (unused, duplicate_key, unknown_key, type_missing, type_wrong, attributes_missing)
