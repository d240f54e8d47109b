"""The journal of a world as an HTTP Archive (HAR) 1.2. No token is ever written."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from ecf_sandbox import __version__
from ecf_sandbox.control.perform import Json
from ecf_sandbox.dates.wire import instant_ms
from ecf_sandbox.serving.address import host_of
from ecf_sandbox.state.journal import Exchange
from ecf_sandbox.state.redacted_exchange import redacted_exchange
from ecf_sandbox.state.target import split_target
from ecf_sandbox.tools.explain.target import sendable

Headers = Iterable[tuple[str, str]]


def as_har(exchanges: Iterable[Exchange], origin: str) -> str:
    """A HAR 1.2 archive of the requests; what was done from outside the provider API is left out.

    `origin` is the address of those that name no host, as those of this process.
    """
    entries = [_entry(redacted_exchange(it), origin) for it in exchanges if it.method]
    creator = {"name": "ecf-sandbox", "version": __version__}
    return json.dumps({"log": {"version": "1.2", "creator": creator, "entries": entries}}, ensure_ascii=False)


def _entry(it: Exchange, origin: str) -> Json:
    asked = split_target(it.target)
    pairs = [pair.partition("=") for pair in asked.query.split("&") if pair]
    request: dict[str, Any] = {
        "method": it.method,
        "url": _url(it, origin),
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _named(it.request_headers),
        "queryString": [{"name": name, "value": value} for name, _, value in pairs],
        "headersSize": -1,
        "bodySize": len(it.request_body),
    }
    if it.request_body:
        sent_as = {name.lower(): value for name, value in it.request_headers}.get("content-type", "")
        request["postData"] = {"mimeType": sent_as, **_text(it.request_body)}
    took = round(it.took * 1000, 3)
    answered = {name.lower(): value for name, value in it.response_headers}
    return {
        "startedDateTime": instant_ms(it.at),
        "time": took,
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
                **_text(it.response_body),
            },
            "redirectURL": "",
            "headersSize": -1,
            "bodySize": len(it.response_body),
        },
        "cache": {},
        "timings": {"send": 0, "wait": took, "receive": 0},
        "comment": it.operation,
    }


def _url(it: Exchange, origin: str) -> str:
    """The address that a request was sent to: at the host that it named itself, or else at the origin."""
    named = next((host_of(value) for name, value in it.request_headers if name.lower() == "host"), None)
    try:
        target = sendable(it.target)
    except UnicodeEncodeError:  # a target that never came over WSGI
        target = it.target
    return (f"http://{named}" if named else origin) + target


def _text(body: bytes) -> Json:
    # HAR 1.2 has `encoding` for answers only; what reads archives knows it beside the text of a request as well.
    try:
        return {"text": body.decode()}
    except UnicodeDecodeError:
        return {"text": b64encode(body).decode(), "encoding": "base64"}


def _phrase(status: int) -> str:
    return HTTPStatus(status).phrase if status in HTTPStatus._value2member_map_ else ""


def _named(headers: Headers) -> list[Json]:
    return [{"name": name, "value": value} for name, value in headers]
