"""The text of an HTTP request: a line with method and path, headers, an empty line, the body."""

from __future__ import annotations

import re

from ecf_sandbox.tools.explain.given.request import CannotRead, Given, header, one_header, path_of

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
