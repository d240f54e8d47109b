"""An exchange as `ecf-sandbox journal show` and `journal export` write it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ecf_sandbox.tools.explain.asked import sendable
from ecf_sandbox.tools.explain.given.request import CannotRead, Given, body_of


def read_exchange(text: str) -> Given:
    """The request of the exchange; raises CannotRead."""
    lines = [line for line in text.splitlines() if line.strip()]
    try:
        it = json.loads(text)
    except ValueError as wrong:
        if len(lines) > 1 and all(line.startswith("{") and line.rstrip().endswith("}") for line in lines):
            raise CannotRead(f"there are {len(lines)} exchanges: give one of its lines alone") from None
        raise CannotRead(f"it begins as JSON, and is none: {wrong}") from None
    except RecursionError:
        raise CannotRead("its JSON is nested too deeply: give an exchange as 'journal show' prints it") from None
    request = it.get("request") if isinstance(it, Mapping) else None
    if not isinstance(request, Mapping) or not isinstance(it.get("method"), str) or not it.get("target"):
        raise CannotRead("the JSON is no exchange: it has method, target and request, as 'journal show' prints it")
    if not it["method"]:
        raise CannotRead(
            f"the exchange ({it.get('operation')}) came from outside the API: there is no request to explain"
        )
    provider = it.get("provider")
    return Given(
        method=it["method"],
        path=_path(str(it["target"])),
        headers=_headers(request.get("headers")),
        body=_body(request.get("body")),
        provider=provider if isinstance(provider, str) else None,
    )


def _path(target: str) -> str:
    try:
        return sendable(target)
    except UnicodeEncodeError:
        raise CannotRead(f"target {target!r} is none that a journal writes: it has a character for each byte") from None


def _headers(given: Any) -> dict[str, str]:
    try:
        return {str(name): str(value) for name, value in given or ()}
    except (TypeError, ValueError):
        raise CannotRead("request.headers is a list of pairs, as 'journal show' prints it") from None


def _body(written: Any) -> bytes:
    try:
        return body_of(written)
    except CannotRead as wrong:
        raise CannotRead(f"request.body.{wrong}") from None
