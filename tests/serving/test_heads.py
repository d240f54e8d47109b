"""What the server writes before a body is what waitress would write."""

from __future__ import annotations

import re
import socket
from urllib.parse import urlsplit

import pytest
from waitress.server import create_server

from ecf_sandbox.testing.thread_server import ThreadServer

PLAIN = (("Content-Type", "text/plain"), ("Content-Length", "2"))
ANSWERS = {
    "usual": PLAIN,
    "in any case": (("eTag", 'W/"1"'), ("x-XSS-protection", "0"), ("CONTENT-length", "2"), ("VARY", "Accept")),
    "one name several times": (("Link", "<b>"), *PLAIN, ("Link", "<a>"), ("link", "<c>")),
    "without a length": (("Content-Type", "text/plain"),),
    "with a date of its own": (*PLAIN, ("date", "Thu, 01 Jan 2026 00:00:00 GMT")),
    "with a server of its own": (*PLAIN, ("Server", "other")),
    "beyond ASCII": (*PLAIN, ("X-Name", "caf\xe9")),
}
STATUSES = ("200 OK", "422 UNPROCESSABLE ENTITY", "304 NOT MODIFIED", "204 NO CONTENT")
REQUESTS = {
    "HTTP/1.1": "GET {} HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "HTTP/1.1, the last": "GET {} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
    "HTTP/1.0": "GET {} HTTP/1.0\r\n\r\n",
    "HTTP/1.0, kept": "GET {} HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
    "HEAD": "HEAD {} HTTP/1.1\r\nHost: localhost\r\n\r\n",
}
_DATE = re.compile(rb"\r\nDate: \w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT")


def application(environ, start_response):
    """Answers with the headers and the status that the path names by their places."""
    headers, status = (int(it) for it in environ["PATH_INFO"].split("/")[1:])
    start_response(STATUSES[status], list(list(ANSWERS.values())[headers]))
    return [] if environ["REQUEST_METHOD"] == "HEAD" or STATUSES[status][:3] in ("304", "204") else [b"ok"]


def of_waitress(app, listening, *, threads):
    return create_server(app, sockets=[listening], threads=threads, ident=None)


@pytest.fixture(scope="module")
def urls():
    with ThreadServer(application) as ours, ThreadServer(application, make=of_waitress) as theirs:
        yield ours.url, theirs.url


def head_of(url: str, request: str) -> tuple[bytes, int]:
    """The head of an answer without its date, and how many dates it had."""
    with socket.create_connection((urlsplit(url).hostname, urlsplit(url).port), timeout=30) as connection:
        connection.sendall(request.encode())
        got = b""
        while b"\r\n\r\n" not in got:
            got += connection.recv(65_536)
    return _DATE.subn(b"\r\nDate: then", got.partition(b"\r\n\r\n")[0])


@pytest.mark.parametrize("request_line", REQUESTS)
@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("name", ANSWERS)
def test_a_head_is_that_of_waitress(urls, name, status, request_line):
    request = REQUESTS[request_line].format(f"/{list(ANSWERS).index(name)}/{STATUSES.index(status)}")
    ours, theirs = (head_of(url, request) for url in urls)

    assert ours == theirs
    assert ours[1] == 1
