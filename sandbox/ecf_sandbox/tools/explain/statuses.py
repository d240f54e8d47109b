"""One plain sentence for each answer that is no refusal by rules: what the status means, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping

from ecf_sandbox.state.exchange_codec import json_value
from ecf_sandbox.state.journal import Exchange
from ecf_sandbox.tools.body_bytes import BodyBytes, what_is
from ecf_sandbox.tools.explain.target import json_of

_TEXTS = {
    401: "The token is missing or unknown: send a provider's token in the header Authorization: Bearer ….",
    403: "The token is not a lead provider's, or the path is for other tokens: send a lead provider's token.",
    404: "Nothing was found for this provider.",
    405: "Unknown HTTP method: use GET, POST or PUT.",
    406: "There is no such format: leave the suffix of the path out, accept JSON, and send it as application/json.",
    429: "The rate limit is exceeded: wait until the window ends, or serve without --rate-limit.",
    500: "Internal error of the sandbox: please report it, with this exchange.",
}
_QUOTES = "“”„‘’"


def sentence(exchange: Exchange) -> str:
    """What the status of an answer means, and the fix."""
    if exchange.status == 400:
        return _bad_request(exchange)
    if exchange.status in _TEXTS:
        return _TEXTS[exchange.status]
    return "It was accepted." if exchange.status < 400 else f"It was answered with the status {exchange.status}."


def _bad_request(exchange: Exchange) -> str:
    if ("X-Sandbox-Refused", "observer") in exchange.response_headers:
        return "The observer of this world refuses what is an error, though the service might let it pass."
    found = bytes_of(exchange)
    if found is not None:
        offered = "" if found.document is None else " The same document is offered so below."
        return f"The body is {found.words}. The service reads JSON in UTF-8, without a byte order mark.{offered}"
    answer = json_of(exchange.response_body)
    errors = answer.get("errors") if isinstance(answer, Mapping) else None
    if errors:
        return f"The request cannot be understood: {errors[0]['detail'].rstrip('.')}."
    if exchange.request_body and (wrong := _no_json(exchange.request_body)):
        return wrong
    return "The query or the body cannot be read: check brackets, percent signs and the encoding, which is UTF-8."


def bytes_of(exchange: Exchange) -> BodyBytes | None:
    """What the body of a request is that was refused because it could not be read; None for any other refusal."""
    if exchange.status != 400 or not exchange.request_body or not _blames_body(exchange):
        return None
    sent = {name.lower(): value for name, value in exchange.request_headers}
    return what_is(exchange.request_body, sent.get("content-type", ""), sent.get("content-encoding", ""))


def _blames_body(exchange: Exchange) -> bool:
    """Whether a bad request may be one for its body: others say that it was the query or the server date."""
    answer = json_of(exchange.response_body)
    errors = answer.get("errors") if isinstance(answer, Mapping) else None
    return not errors or "body" in errors[0]["detail"] or "json" in errors[0]["detail"]


def _no_json(body: bytes) -> str:
    try:
        json_value(body)
    except UnicodeDecodeError:
        return "The body is not UTF-8."
    except ValueError as wrong:
        text = body.decode(errors="replace")
        quotes = ' It has typographic quotes: use ".' if any(it in text for it in _QUOTES) else ""
        return f"The body isn't JSON: {wrong}.{quotes}"
    return ""
