"""What one request used: its parameters and the attributes of its body, whatever it looked like."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl

from ecf_sandbox.tools.report.exchanges import Heard

HEADERS = ("X-With-Server-Date", "If-None-Match")
_IN_FORM = "data[attributes]["
_LONGEST = 80


def query(it: Heard) -> list[tuple[str, str]]:
    """The names and values of its query, decoded, in order."""
    return parse_qsl(it.target.partition("?")[2], keep_blank_values=True)


def parameters(it: Heard) -> dict[str, str]:
    """The parameters of its query, the last value of each, and those headers that say what is wanted."""
    sent = {name.lower(): value for name, value in it.request.headers}
    return {name: sent[name.lower()] for name in HEADERS if name.lower() in sent} | dict(query(it))


def attributes(it: Heard) -> dict[str, Any]:
    """`data.attributes` of its body, be that JSON or a form; empty if there are none."""
    body = it.request.body
    if isinstance(body, str):
        pairs = parse_qsl(body, keep_blank_values=True)
        return {name[len(_IN_FORM) : -1]: value for name, value in pairs if name.startswith(_IN_FORM)}
    inside = body.get("data") if isinstance(body, dict) else None
    found = inside.get("attributes") if isinstance(inside, dict) else None
    return found if isinstance(found, dict) else {}


def shown(value: Any) -> str:
    """A value as a report names it: text as it is, anything else as JSON; cut if it is long."""
    if not isinstance(value, str):
        import msgspec

        value = msgspec.json.encode(value).decode()
    return value if len(value) <= _LONGEST else f"{value[:_LONGEST]}…"


def items(it: Heard) -> list[Any] | None:
    """The things that its answer lists; None if it is no list."""
    body = it.response.body
    found = body.get("data") if isinstance(body, dict) else None
    return found if isinstance(found, list) else None


def answered(it: Heard) -> dict[str, Any]:
    """`data.attributes` of its answer; empty if there are none."""
    body = it.response.body
    inside = body.get("data") if isinstance(body, dict) else None
    found = inside.get("attributes") if isinstance(inside, dict) else None
    return found if isinstance(found, dict) else {}


def texts(value: Any) -> Iterator[tuple[str, str]]:
    """Every text in a JSON value with the name that it stands under."""
    waiting: list[tuple[str, Any]] = [("", value)]
    while waiting:
        name, it = waiting.pop()
        if isinstance(it, str):
            yield name, it
        elif isinstance(it, dict):
            waiting += it.items()
        elif isinstance(it, list):
            waiting += [(name, each) for each in it]
