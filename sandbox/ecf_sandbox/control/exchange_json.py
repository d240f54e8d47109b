"""Exchanges as others read them: JSON, one to a line, and HTTP Archive (HAR) 1.2. No token is ever written."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

import msgspec

from ecf_sandbox import __version__
from ecf_sandbox.control.perform import Json, shown_change
from ecf_sandbox.dates.wire import instant_ms
from ecf_sandbox.state.journal import Exchange

FORMAT = "ecf-sandbox/exchange"
VERSION = 1
REDACTED = "[redacted]"
_SECRET = frozenset({"authorization", "proxy-authorization", "cookie", "x-sandbox-token"})

Headers = Iterable[tuple[str, str]]


def without_secrets(headers: Headers) -> list[tuple[str, str]]:
    """Headers in which credentials are replaced; the scheme (`Bearer`) and the world of a token stay."""
    return [(name, _redacted(value) if name.lower() in _SECRET else value) for name, value in headers]


def exchange_json(it: Exchange) -> Json:
    """An exchange as JSON: request, answer, moment, rules, changes."""
    return {
        "format": FORMAT,
        "version": VERSION,
        "number": it.number,
        "operation": it.operation,
        "method": it.method,
        "target": it.target,
        "at": instant_ms(it.at),
        "moment": instant_ms(it.moment),
        "provider": it.provider,
        "request": {"headers": without_secrets(it.request_headers), "body": _body(it.request_body)},
        "response": {
            "status": it.status,
            "headers": list(it.response_headers),
            "body": _body(it.response_body),
        },
        "rules": {verdict.rule: verdict.verdict for verdict in it.judgements},
        "refusals": [msgspec.to_builtins(refusal) for refusal in it.refusals],
        "findings": [msgspec.to_builtins(finding) for finding in it.findings],
        "changes": [shown_change(change) for change in it.changes],
        "undone": it.undone,
    }


def exchange_summary(it: Exchange) -> Json:
    """An exchange in one line of a list."""
    return {
        "number": it.number,
        "operation": it.operation,
        "method": it.method,
        "target": it.target,
        "at": instant_ms(it.at),
        "moment": instant_ms(it.moment),
        "provider": it.provider,
        "status": it.status,
        "refused_by": [refusal.rule for refusal in it.refusals],
        "findings": [finding.code for finding in it.findings],
        "changes": len(it.changes),
        "undone": it.undone,
    }


def as_json_lines(exchanges: Iterable[Exchange], **before: str) -> str:
    """One JSON object to a line, oldest first; `before` are members that stand first in each."""
    return "".join(msgspec.json.encode({**before, **exchange_json(it)}).decode() + "\n" for it in exchanges)


def as_har(exchanges: Iterable[Exchange], origin: str) -> str:
    """A HAR 1.2 archive of the requests; what was done from outside the provider API is left out."""
    entries = [_entry(it, origin) for it in exchanges if it.method]
    creator = {"name": "ecf-sandbox", "version": __version__}
    return json.dumps({"log": {"version": "1.2", "creator": creator, "entries": entries}}, ensure_ascii=False)


def _entry(it: Exchange, origin: str) -> Json:
    path, _, query = it.target.partition("?")
    pairs = [pair.partition("=") for pair in query.split("&") if pair]
    request: dict[str, Any] = {
        "method": it.method,
        "url": origin + path + (f"?{query}" if query else ""),
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _named(without_secrets(it.request_headers)),
        "queryString": [{"name": name, "value": value} for name, _, value in pairs],
        "headersSize": -1,
        "bodySize": len(it.request_body),
    }
    if it.request_body:
        sent_as = {name.lower(): value for name, value in it.request_headers}.get("content-type", "")
        request["postData"] = {"mimeType": sent_as, "text": it.request_body.decode("utf-8", "replace")}
    answered = {name.lower(): value for name, value in it.response_headers}
    return {
        "startedDateTime": instant_ms(it.at),
        "time": 0,
        "request": request,
        "response": {
            "status": it.status,
            "statusText": _phrase(it.status),
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": _named(it.response_headers),
            "content": {
                "size": len(it.response_body),
                "mimeType": answered.get("content-type", ""),
                "text": it.response_body.decode("utf-8", "replace"),
            },
            "redirectURL": "",
            "headersSize": -1,
            "bodySize": len(it.response_body),
        },
        "cache": {},
        "timings": {"send": 0, "wait": 0, "receive": 0},
        "comment": it.operation,
    }


def _phrase(status: int) -> str:
    return HTTPStatus(status).phrase if status in HTTPStatus._value2member_map_ else ""


def _named(headers: Headers) -> list[Json]:
    return [{"name": name, "value": value} for name, value in headers]


def _redacted(value: str) -> str:
    scheme, _, rest = value.partition(" ")
    world = rest.partition("~")[2]
    return f"{scheme} {REDACTED}" + (f"~{world}" if world else "") if rest else REDACTED


def _body(body: bytes) -> Any:
    """JSON as it is; other text as text; anything else in base64."""
    if not body:
        return None
    try:
        value = json.loads(body)
        if b"\\u" in body:
            msgspec.json.encode(value)  # half of a surrogate pair can be read, but not written
        return value
    except (ValueError, RecursionError):
        pass
    try:
        return body.decode()
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(body).decode()}
