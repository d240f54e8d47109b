"""What is spoken on a connection, told by its first bytes: HTTP, or something else that has no business here."""

from __future__ import annotations

import re

# Longest names of methods that anybody uses are about twenty letters (RFC 3253: BASELINE-CONTROL).
LONGEST_METHOD = 32

# Where a protocol says at once what it is. A handshake of TLS is a record of type 22 (RFC 8446, 5.1); HTTP/2 without an
# upgrade begins like a request (RFC 9113, 3.4); the others: RFC 4253 (SSH), RFC 1928 (SOCKS 5), the PROXY protocol of
# HAProxy, and what clients of databases send.
_PREFIXES: tuple[tuple[bytes, str], ...] = (
    (b"\x16", "TLS"),
    (b"PRI * HTTP/2", "HTTP/2"),
    (b"SSH-", "SSH"),
    (b"\r\n\r\n\x00\r\nQUIT\n", "the PROXY protocol"),
    (b"PROXY ", "the PROXY protocol"),
    (b"\x05", "SOCKS"),
    (b"\x04", "SOCKS"),
    (b"*", "Redis"),
)
_TOKEN = re.compile(rb"[A-Za-z0-9!#$%&'*+.^_`|~-]*")
_REQUEST_LINE = re.compile(rb"\S+ .*HTTP/[0-9.]*\s*|[A-Za-z]+ +/.*", re.DOTALL)
_NO_TEXT = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def is_undecided(received: bytes) -> bool:
    """Whether more bytes are needed to tell: the first line is not complete."""
    return b"\n" not in received.lstrip(b"\r\n")


def other_protocol(received: bytes) -> str | None:
    """What is spoken if it cannot be HTTP/1, or None: it is, or may still become it."""
    for prefix, name in _PREFIXES:
        if received.startswith(prefix):
            return name
    line, ended, _ = received.lstrip(b"\r\n").partition(b"\n")
    method = _TOKEN.match(line)
    rest = line[method.end() :] if method else line
    complete = bool(ended) or bool(rest)
    if complete and not rest.startswith(b" "):
        return "something else"
    if not rest and len(line) > LONGEST_METHOD:
        return "something else"
    if _NO_TEXT.search(line) or (ended and not _REQUEST_LINE.fullmatch(line)):
        return "something else"
    return None
