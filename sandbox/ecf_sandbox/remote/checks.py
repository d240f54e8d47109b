"""Judges both sides of an exchange: what the client sent by the observer, the answer by the OpenAPI documents."""

from __future__ import annotations

import logging
import zlib
from collections.abc import Sequence
from typing import Any

import msgspec

from ecf_sandbox.api.context import RequestContext
from ecf_sandbox.remote.upstream import WHOLE, Headers, UpstreamResponse
from ecf_sandbox.state.findings import Finding, Severity
from ecf_sandbox.state.service import Service
from ecf_sandbox.tools.contract.answers import CannotJudge, Contract
from ecf_sandbox.tools.contract.documents import documents
from ecf_sandbox.tools.observer.observer import findings_in
from ecf_sandbox.transport import Reply

ANSWER = "answer.not-as-documented"
PAGE = "docs/proxy-and-drift.md"
_ANY_WRAPPER = 32 + zlib.MAX_WBITS  # gzip or zlib
_log = logging.getLogger(__name__)


class Checks:
    """Holds what is asked and answered against what we know. Nothing that it stumbles over stops an exchange."""

    def __init__(self, service: Service) -> None:
        self._contract = Contract(documents(service))

    def of_request(self, context: RequestContext) -> tuple[Finding, ...]:
        """What the observer finds in a request."""
        try:
            return findings_in(context)
        except Exception as mistake:
            # Not what it says: that may hold a part of the request.
            _log.error("the observer failed: %s", type(mistake).__name__)
            return ()

    def of_answer(
        self, method: str, target: str, answered: UpstreamResponse, body: bytes | None
    ) -> tuple[Finding, ...]:
        """How an answer differs from what our documents promise; `body` without its coding, None if we have it not."""
        if body is None:
            return ()
        try:
            faults = self._contract.faults(method, target, _reply(answered, body))
        except CannotJudge:
            return ()
        except Exception as mistake:
            _log.error("checking an answer failed: %s", type(mistake).__name__)
            return ()
        return tuple(map(_finding, faults))


def can_judge_answers() -> bool:
    """Whether the part that reads schemas is installed."""
    from ecf_sandbox.tools.contract.answers import validators

    try:
        validators()
    except CannotJudge:
        return False
    return True


def plain_body(answered: UpstreamResponse) -> bytes | None:
    """The body without its coding (gzip, deflate); None if it has another, is not whole, or is no such thing."""
    coding = dict(_lower(answered.headers)).get("content-encoding", "identity").strip().lower()
    if answered.rest is not None:
        return None
    if coding in ("identity", "") or not answered.body:
        return answered.body
    if coding not in ("gzip", "x-gzip", "deflate"):
        return None
    try:
        undo = zlib.decompressobj(_ANY_WRAPPER)
        body = undo.decompress(answered.body, WHOLE)
    except zlib.error:
        return None
    return body if undo.eof else None


def rows_in(body: bytes | None) -> int | None:
    """How many items a list has."""
    try:
        items = msgspec.json.decode(body or b"", type=dict[str, Any]).get("data")
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    return len(items) if isinstance(items, list) else None


def _reply(answered: UpstreamResponse, body: bytes) -> Reply:
    headers = dict(_lower(answered.headers))
    headers.pop("content-encoding", None)
    return Reply(answered.status, headers, body)


def _lower(headers: Headers) -> Sequence[tuple[str, str]]:
    return [(name.lower(), value) for name, value in headers]


def _finding(fault: str) -> Finding:
    return Finding(
        code=ANSWER,
        severity=Severity.WARNING,
        where="answer",
        received=fault,
        expected="an answer as in the sandbox's OpenAPI document",
        message=f"The server's answer differs from the sandbox's OpenAPI document: {fault}",
        fix="Your client is not at fault: let it accept the server's answer, and report the difference to us.",
        link=f"{PAGE}#{ANSWER}",
    )
