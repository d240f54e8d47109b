"""Reads a request from a text: a curl command, the text of HTTP, or a line of a journal."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import msgspec

from ecf_sandbox.json_members import repeated_members
from ecf_sandbox.state.exchange_codec import RecordedRequest, body_of
from ecf_sandbox.suggest import in_short
from ecf_sandbox.tools.explain.captured import CannotRead, Given, header, one_header, path_of
from ecf_sandbox.tools.explain.cmd import without_prompt
from ecf_sandbox.tools.explain.curl import ReadFile, read_curl
from ecf_sandbox.tools.explain.powershell import is_powershell
from ecf_sandbox.tools.explain.target import sendable


def read_exchange(text: str) -> Given:
    """The request of the exchange; raises CannotRead."""
    lines = [line for line in text.splitlines() if line.strip()]
    try:
        it = json.loads(text)
    except ValueError as wrong:
        if len(lines) > 1 and all(line.startswith("{") and line.rstrip().endswith("}") for line in lines):
            raise CannotRead(f"there are {len(lines)} exchanges: give one of its lines alone") from None
        raise CannotRead(f"it looks like JSON, but isn't: {wrong}") from None
    except RecursionError:
        raise CannotRead("its JSON is nested too deeply: give an exchange as 'journal show' prints it") from None
    if twice := repeated_members(text):
        raise CannotRead(f"one object of its JSON has {in_short(twice[0])!r} more than once")
    request = it.get("request") if isinstance(it, Mapping) else None
    if not isinstance(request, Mapping) or not isinstance(it.get("method"), str) or not it.get("target"):
        raise CannotRead(
            "the JSON is not an exchange, which has method, target and request, as 'journal show' prints it"
        )
    if not it["method"]:
        raise CannotRead(
            f"the exchange ({it.get('operation')}) came from outside the API: there is no request to explain"
        )
    provider, sent = it.get("provider"), _request(request)
    return Given(
        method=it["method"],
        path=_path(str(it["target"])),
        headers=dict(sent.headers),
        body=_body(sent.body),
        provider=provider if isinstance(provider, str) else None,
        recorded=dict(it),
    )


def _path(target: str) -> str:
    try:
        return sendable(target)
    except UnicodeEncodeError:
        raise CannotRead(f"target {target!r} is none that a journal writes: it has a character for each byte") from None


def _request(written: Mapping[str, Any]) -> RecordedRequest:
    try:
        return msgspec.convert(written, RecordedRequest)
    except msgspec.ValidationError:
        raise CannotRead("request.headers is a list of pairs, as 'journal show' prints it") from None


def _body(written: Any) -> bytes:
    try:
        return body_of(written)
    except ValueError as wrong:
        raise CannotRead(f"request.body.{wrong}") from None


REQUEST_LINE = re.compile(rb"\s*([A-Za-z]+)[ \t]+(\S+)(?:[ \t]+HTTP/[0-9.]+)?[ \t]*(?:\r?\n|$)")
_END_OF_HEAD = re.compile(rb"\r?\n\r?\n")


def read_raw(raw: bytes) -> Given:
    """The request that the text holds; raises CannotRead."""
    first = REQUEST_LINE.match(raw)
    if first is None:
        raise CannotRead("a request begins with a line such as 'GET /api/v3/statements HTTP/1.1'")
    head, body = raw[first.end() :], b""
    if head[:1] in (b"\n", b"\r"):  # no header at all
        head, body = b"", head.removeprefix(b"\r").removeprefix(b"\n")
    elif (end := _END_OF_HEAD.search(head)) is not None:
        head, body = head[: end.start()], head[end.end() :]
    headers: dict[str, str] = {}
    for line in head.decode(errors="replace").splitlines():
        if line.strip():
            one_header(line, headers)
    return Given(
        method=first[1].decode(),
        path=path_of(first[2].decode(errors="replace")),
        headers=headers,
        body=_cut(body, headers),
    )


def _cut(body: bytes, headers: dict[str, str]) -> bytes:
    """The body without what an editor put after it."""
    length = header(headers, "Content-Length") or ""
    if length.isdecimal() and int(length) <= len(body):
        return body[: int(length)]
    return body if body.strip() else b""


_CURL = re.compile(rb"(?:\$\s+)?(?:\S*/)?curl(?:\.exe)?\s")
_PROMPT = re.compile(rb"(?:PS )?[A-Za-z]:\\[^>\n]*>\s*\S")
KNOWN = "a curl command, the text of an HTTP request, or an exchange as 'ecf-sandbox journal show' prints it"


def read_request(raw: bytes, read_file: ReadFile) -> Given:
    """The request that a file holds; `read_file` answers the files that a curl command names. Raises CannotRead."""
    start = _utf8(raw).removeprefix(b"\xef\xbb\xbf").lstrip()
    if not start:
        raise CannotRead(f"it is empty; expected {KNOWN}")
    if _CURL.match(start) or is_powershell(without_prompt(start.decode(errors="replace"))) or _PROMPT.match(start):
        return read_curl(_text(start), read_file)
    if start.startswith((b"{", b"[")):
        return read_exchange(_text(start))
    if REQUEST_LINE.match(start):
        return read_raw(start)
    raise CannotRead(f"it has no request; expected {KNOWN}")


def _utf8(raw: bytes) -> bytes:
    """A file as UTF-8: what `>` of Windows PowerShell writes is UTF-16, with a byte order mark."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        with suppress(UnicodeDecodeError):
            return raw.decode("utf-16").encode()
    return raw


def _text(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        raise CannotRead("it is not UTF-8") from None
