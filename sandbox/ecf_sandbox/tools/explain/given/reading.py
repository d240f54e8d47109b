"""Reads a request from a text, whichever of the known ways it is written in."""

from __future__ import annotations

import re

from ecf_sandbox.tools.explain.given.curl import ReadFile, read_curl
from ecf_sandbox.tools.explain.given.exchange import read_exchange
from ecf_sandbox.tools.explain.given.raw import REQUEST_LINE, read_raw
from ecf_sandbox.tools.explain.given.request import CannotRead, Given

_CURL = re.compile(rb"(?:\$\s+)?(?:\S*/)?curl(?:\.exe)?\s")
KNOWN = "a curl command, the text of an HTTP request, or an exchange as 'ecf-sandbox journal show' prints it"


def read_request(raw: bytes, read_file: ReadFile) -> Given:
    """The request that a file holds; `read_file` answers the files that a curl command names. Raises CannotRead."""
    start = raw.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not start:
        raise CannotRead(f"there is nothing in it; put there {KNOWN}")
    if _CURL.match(start):
        return read_curl(_text(start), read_file)
    if start.startswith((b"{", b"[")):
        return read_exchange(_text(start))
    if REQUEST_LINE.match(start):
        return read_raw(start)
    raise CannotRead(f"it holds no request; put there {KNOWN}")


def _text(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        raise CannotRead("it is not UTF-8") from None
