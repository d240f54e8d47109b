"""Checks on a body as a whole: its media type, its syntax, its envelope."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from ecf_sandbox.api import request
from ecf_sandbox.api.behaviour import behaviour_of
from ecf_sandbox.json_members import repeated_members
from ecf_sandbox.state.findings import Severity
from ecf_sandbox.tools.meant import unwrapped
from ecf_sandbox.tools.observer.check import Location, check
from ecf_sandbox.tools.observer.request import ObservedRequest

JSON = "application/json"
READABLE = "JSON in UTF-8, without a byte order mark and not compressed"
_FORMS = frozenset({"application/x-www-form-urlencoded", "multipart/form-data", "multipart/related", "multipart/mixed"})


@check(
    "media-type.missing",
    Severity.ERROR,
    message="Without a Content-Type the service ignores the body, or reads it as a form.",
    fix="Send Content-Type: {expected}.",
)
def media_type_missing(sent: ObservedRequest) -> Iterator[Location]:
    """A request with a body has a Content-Type."""
    if sent.body and not media_type(sent):
        yield Location("Content-Type", "", JSON)


@check(
    "media-type.not-json",
    Severity.ERROR,
    message="The service ignores a body of type {received}.",
    fix="Send JSON, with Content-Type: {expected}.",
)
def media_type_not_json(sent: ObservedRequest) -> Iterator[Location]:
    """A body is JSON, and its Content-Type says so."""
    kind = media_type(sent)
    if sent.body and kind and kind not in _json_types(sent) and kind not in _FORMS:
        yield Location("Content-Type", kind, JSON)


@check(
    "media-type.form",
    Severity.WARNING,
    message="The service happens to accept forms, but no document of the API says so.",
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
    message="The service cannot read this body and answers 400: {near}.",
    fix="Send {expected}. Let a library write it; text copied from a document may have typographic quotes.",
)
def unreadable(sent: ObservedRequest) -> Iterator[Location]:
    """A body is well-formed JSON in UTF-8, without a byte order mark and not compressed."""
    if sent.unreadable and sent.told is None:
        # Imported here because next to no body is one, and whoever writes waits for the other checks.
        from ecf_sandbox.tools.body_bytes import what_is

        content_type = sent.environ.get("CONTENT_TYPE") or ""
        found = what_is(sent.body, content_type, sent.header("HTTP_CONTENT_ENCODING") or "")
        near = sent.unreadable.rstrip(".") + (f" (it is {found.words})" if found else "")
        yield Location("body", sent.body.decode(errors="replace"), READABLE, near)


@check(
    "body.unused",
    Severity.WARNING,
    message="This operation ignores its body, but one that cannot be read makes the request fail.",
    fix="Send no body.",
)
def unused(sent: ObservedRequest) -> Iterator[Location]:
    """A body is sent only with operations that take one."""
    if sent.body and sent.told and not sent.expected.reads_body:
        yield Location("body", sent.body.decode(errors="replace"), "no body")


@check(
    "body.duplicate-key",
    Severity.ERROR,
    message="{received!r} is in one object more than once: the service takes the last one and ignores the others.",
    fix="Send it once.",
)
def duplicate_key(sent: ObservedRequest) -> Iterator[Location]:
    """Each key is in an object once."""
    if not sent.told or media_type(sent) not in _json_types(sent):
        return
    for name in repeated_members(sent.body):
        yield Location("body", name, "once")


@check(
    "body.unknown-key",
    Severity.ERROR,
    message="The service does not know {where}, and silently ignores it.",
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
    "body.encoded-twice",
    Severity.ERROR,
    message="{where} is a text that holds JSON, encoded once more: for the service there is nothing in it.",
    fix="Encode the document once: {expected}.",
)
def encoded_twice(sent: ObservedRequest) -> Iterator[Location]:
    """A document is encoded as JSON once, as a whole."""
    for where, value, _ in _wrapped(sent, "text"):
        yield Location(where, shown(value), "an object")


@check(
    "body.in-a-list",
    Severity.ERROR,
    message="{where} is a list, which the service refuses or takes for nothing, however long it is.",
    fix="Send {expected}, in a request for each.",
)
def in_a_list(sent: ObservedRequest) -> Iterator[Location]:
    """A request is about one thing, and its body is one object."""
    for where, value, _ in _wrapped(sent, "list"):
        yield Location(where, shown(value), "one object")


def _wrapped(sent: ObservedRequest, kind: str) -> Iterator[tuple[str, object, tuple[str, ...]]]:
    """What should be an object and is wrapped in a text or a list: where, what, and in what."""
    told = sent.told if sent.expected.reads_body and sent.told else {}
    body = told.get("_json", told)
    found = unwrapped(body)[0]
    data = found.get("data") if isinstance(found, Mapping) else None
    inner = unwrapped(data)[0]
    attributes = inner.get("attributes") if isinstance(inner, Mapping) else None
    for where, value in (("body", body), ("/data", data), ("/data/attributes", attributes)):
        layers = unwrapped(value)[1] or (("list",) if isinstance(value, list) and value else ())
        if kind in layers:
            yield where, value, layers


@check(
    "body.type-missing",
    Severity.WARNING,
    message="The OpenAPI document requires a type, though the service does not check it.",
    fix="Send {expected!r}.",
)
def type_missing(sent: ObservedRequest) -> Iterator[Location]:
    """`data.type` is given."""
    data = (sent.told or {}).get("data")
    if sent.expected.type and isinstance(data, Mapping) and data and "type" not in data:
        yield Location("/data/type", "", sent.expected.type)


@check(
    "body.type-wrong",
    Severity.ERROR,
    message="{received} is not the type of this request. The service does not check it, but the document requires it.",
    fix="Send {expected!r}.",
)
def type_wrong(sent: ObservedRequest) -> Iterator[Location]:
    """`data.type` is the one in the operation's OpenAPI document."""
    data = (sent.told or {}).get("data")
    if sent.expected.type and isinstance(data, Mapping) and data.get("type", sent.expected.type) != sent.expected.type:
        yield Location("/data/type", shown(data["type"]), sent.expected.type)


@check(
    "body.attributes-missing",
    Severity.ERROR,
    message="There are no attributes, so for the service all of them are missing.",
    fix="Send {expected}.",
)
def attributes_missing(sent: ObservedRequest) -> Iterator[Location]:
    """`data.attributes` is an object."""
    data = (sent.told or {}).get("data")
    if sent.expected.reads_body and isinstance(data, Mapping) and data:
        attributes = data.get("attributes")
        if not isinstance(attributes, Mapping):
            yield Location("/data/attributes", "" if attributes is None else shown(attributes), "an object")


def _json_types(sent: ObservedRequest) -> frozenset[str]:
    """The types of bodies that the service reads as JSON."""
    return behaviour_of(sent.service).json_types


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
CHECKS = (unused, duplicate_key, unknown_key, encoded_twice, in_a_list, type_missing, type_wrong, attributes_missing)
