"""Compares one answer there with the one here: status, type, shape or text, and what the list does."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from ecf_sandbox.remote.drift.comparing import Unlike, compared
from ecf_sandbox.remote.drift.enums import Enums
from ecf_sandbox.remote.drift.formats import normalised
from ecf_sandbox.remote.drift.shapes import shapes_of
from ecf_sandbox.transport import Reply

NOT_JSON = object()
_SHOWN = 300


def unlike(there: Reply, here: Reply, enums: Enums) -> Iterator[Unlike]:
    """How the answer there differs; another status says enough, and nothing more is looked at then."""
    if there.status != here.status:
        yield Unlike("status", "", str(there.status), str(here.status))
        return
    theirs, ours = _type(there), _type(here)
    if theirs != ours:
        yield Unlike("content-type", "", theirs or "none", ours or "none")
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


def _documents(there: Reply, here: Reply, enums: Enums) -> Iterator[Unlike]:
    theirs, ours = document_of(there), document_of(here)
    if ours is NOT_JSON:
        return
    if theirs is NOT_JSON:
        yield Unlike("not-json", "", f"{len(there.body)} bytes that are no JSON", "a JSON document")
        return
    yield from compared(shapes_of(theirs), shapes_of(ours), enums)
    if here.status >= 400:
        yield from _errors("", theirs, ours)


def _errors(pointer: str, theirs: Any, ours: Any) -> Iterator[Unlike]:
    """The texts of refusals are the same for everybody, so they are compared as they are."""
    if isinstance(theirs, dict) and isinstance(ours, dict):
        for key in theirs.keys() & ours.keys():
            yield from _errors(f"{pointer}/{key}", theirs[key], ours[key])
    elif isinstance(theirs, list) and isinstance(ours, list):
        if len(theirs) != len(ours):
            yield Unlike("text", pointer, f"{len(theirs)} errors", f"{len(ours)} errors")
        for number, (a, b) in enumerate(zip(theirs, ours, strict=False)):
            yield from _errors(f"{pointer}/{number}", a, b)
    elif isinstance(theirs, str) and isinstance(ours, str):
        yield from _texts(pointer, theirs, ours)


def _texts(pointer: str, theirs: str, ours: str) -> Iterator[Unlike]:
    theirs, ours = normalised(theirs), normalised(ours)
    if theirs != ours:
        yield Unlike("text", pointer, _shortened(theirs), _shortened(ours))


def _shortened(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _type(reply: Reply) -> str:
    return ";".join(it.strip().lower() for it in reply.headers.get("content-type", "").split(";"))
