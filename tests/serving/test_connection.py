"""How requests come to threads, and answers to connections, however the requests are cut, mixed and held back."""

from __future__ import annotations

import re
import socket
import threading
import time
from contextlib import ExitStack
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from waitress.adjustments import Adjustments

from ecf_sandbox.serving import leader
from ecf_sandbox.serving.connection import Parser, Task
from ecf_sandbox.testing.thread_server import ThreadServer

THREADS = 4
A_LONG_TIME = 30.0


def application(environ, start_response):
    """Answers with the path, the body and the name of the thread."""
    body = b"|".join(
        (
            environ["PATH_INFO"].encode(),
            environ["wsgi.input"].read(),
            threading.current_thread().name.encode(),
        )
    )
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]


@pytest.fixture(scope="module")
def url():
    with ThreadServer(application, threads=THREADS) as server:
        yield server.url


def connect(url: str) -> socket.socket:
    return socket.create_connection((urlsplit(url).hostname, urlsplit(url).port), timeout=A_LONG_TIME)


def request(path: str, body: bytes = b"", *, last: bool = False) -> bytes:
    lines = [f"POST {path} HTTP/1.1", "Host: localhost", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, *(["Connection: close"] if last else []), "", ""]).encode() + body


def answers_until_closed(client: socket.socket) -> list[tuple[bytes, bytes]]:
    got = b"".join(iter(lambda: client.recv(65_536), b""))
    return re.findall(rb"\r\n\r\n([^|]*)\|([^|]*)\|", got)


def answered_by(client: socket.socket) -> str:
    """Send one request and read its answer: the thread that gave it."""
    client.sendall(request("/"))
    got = b""
    while not (found := re.search(rb"\|(waitress-\d+)$", got)):
        got += client.recv(65_536)
    return found[1].decode()


def until_all_wait(server: ThreadServer) -> None:
    """Until every thread has begun, and has nothing to do."""
    while server._server.task_dispatcher.active_count:
        time.sleep(0.001)


class TestAnswers:
    """Each connection gets the answers to its own requests, in their order."""

    @given(st.data())
    @settings(max_examples=25, deadline=None)
    def test_however_many_connections_send_however_many_pieces(self, url, data):
        bodies = data.draw(st.lists(st.lists(st.binary(max_size=40), min_size=1, max_size=5), min_size=1, max_size=7))
        asked = [
            [(f"/{n}/{k}".encode(), body.replace(b"|", b"-")) for k, body in enumerate(own)]
            for n, own in enumerate(bodies)
        ]
        sent = [
            b"".join(request(path.decode(), body, last=k == len(own) - 1) for k, (path, body) in enumerate(own))
            for own in asked
        ]
        with ExitStack() as open_ones:
            clients = [open_ones.enter_context(connect(url)) for _ in asked]
            while any(sent):
                n = data.draw(st.sampled_from([n for n, rest in enumerate(sent) if rest]))
                piece = data.draw(st.integers(1, len(sent[n])))
                clients[n].sendall(sent[n][:piece])
                sent[n] = sent[n][piece:]

            assert [answers_until_closed(it) for it in clients] == asked


class TestAThreadThatStaysWithItsConnection:
    @pytest.fixture(autouse=True)
    def stays_long(self, monkeypatch):
        monkeypatch.setattr(leader, "STAY_SECONDS", A_LONG_TIME)

    def test_answers_what_comes_next(self):
        with ThreadServer(application, threads=THREADS) as server, connect(server.url) as client:
            until_all_wait(server)

            assert len({answered_by(client) for _ in range(20)}) == 1

    def test_leaves_a_thread_for_whoever_comes(self):
        with ThreadServer(application, threads=THREADS) as server, ExitStack() as open_ones:
            clients = [open_ones.enter_context(connect(server.url)) for _ in range(3 * THREADS)]

            assert len([answered_by(it) for it in clients for _ in range(2)]) == 6 * THREADS

    def test_is_free_as_soon_as_the_client_leaves(self):
        with ThreadServer(application, threads=2) as server:
            for _ in range(5):
                with connect(server.url) as client:
                    assert [answered_by(client) for _ in range(2)]

    def test_does_not_stay_where_it_is_the_only_one(self):
        with ThreadServer(application, threads=1) as server, connect(server.url) as one, connect(server.url) as other:
            assert {answered_by(it) for it in (one, other, one, other)} == {"waitress-0"}

    def test_answers_a_request_that_comes_in_two_parts(self):
        with ThreadServer(application, threads=THREADS) as server, connect(server.url) as client:
            answered_by(client)
            whole = request("/halves", b"12", last=True)

            client.sendall(whole[:-1])
            client.sendall(whole[-1:])

            assert answers_until_closed(client) == [(b"/halves", b"12")]

    def test_sends_all_of_an_answer_that_the_client_takes_slowly(self):
        long = b"x" * 30_000_000

        def answering(_environ, start_response):
            start_response("200 OK", [("Content-Length", str(len(long)))])
            return [long[:-1], long[-1:]]

        with ThreadServer(answering, threads=2) as server, connect(server.url) as client:
            client.sendall(request("/", last=True))
            with connect(server.url) as other:
                other.sendall(request("/", last=True))
                assert b"".join(iter(lambda: other.recv(65_536), b"")).endswith(b"\r\n\r\n" + long)
            assert b"".join(iter(lambda: client.recv(65_536), b"")).endswith(b"\r\n\r\n" + long)


class TestTheHead:
    """It is sent with the body where that is one part, and before the first part otherwise."""

    @pytest.mark.parametrize(
        ("parts", "length", "sent_in"),
        [
            ([b"whole"], "5", 1),
            ([b"in ", b"two"], "6", 3),
            ([b"", b"late"], "4", 1),
            ([b"too long"], "3", 2),
            ([], "0", 1),
        ],
    )
    def test_and_the_body_are_what_the_application_said(self, parts, length, sent_in):
        sent = pieces_sent(parts, length)

        head, _, body = b"".join(sent).partition(b"\r\n\r\n")
        assert f"Content-Length: {length}".encode() in head
        assert body == b"".join(parts)[: int(length)]
        assert len(sent) == sent_in

    def test_of_a_long_answer_is_sent_alone_since_joining_would_copy_that(self):
        assert len(pieces_sent([b"x" * 100_000], "100000")) == 2


def pieces_sent(parts: list[bytes], length: str) -> list[bytes]:
    """What a task writes for an application that answers with these parts."""

    def answering(_environ, start_response):
        start_response("200 OK", [("Content-Length", length)])
        return parts

    adjustments = Adjustments(ident=None)
    parser = Parser(adjustments)
    parser.received(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
    sent: list[bytes] = []
    server = SimpleNamespace(
        application=answering, adj=adjustments, hosts=None, ending=False, effective_port=1, server_name="localhost"
    )
    channel = SimpleNamespace(
        server=server,
        adj=adjustments,
        addr=("127.0.0.1", 1),
        creation_time=0,
        write_soon=sent.append,
        check_client_disconnected=lambda: False,
    )
    Task(channel, parser).service()
    return sent
