"""What the server itself decides: how large a body may be, for whom it answers, how connections and the process end."""

from __future__ import annotations

import json
import signal
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from urllib.parse import urlsplit

import pytest

from ecf_sandbox.app import create_app
from ecf_sandbox.serving.connection import ELSEWHERE
from ecf_sandbox.serving.server import server_for
from ecf_sandbox.state.worlds import Worlds
from ecf_sandbox.testing.thread_server import ThreadServer
from ecf_sandbox.transport import MOST_BODY, MOST_IMPORT, InProcess
from tests.api.asking import BEARER, JSON, a_world
from tests.served import served

DECLARATIONS = "/api/v3/participant-declarations"
IMPORT = "/_sandbox/worlds/copy/import"
TOKEN = "Authorization: Bearer alpha-token"


@pytest.fixture
def url():
    with ThreadServer(create_app(Worlds(a_world()))) as server:
        yield server.url


@contextmanager
def connected(url: str):
    host = urlsplit(url)
    with socket.create_connection((host.hostname, host.port), timeout=30) as connection:
        yield connection


def head(method: str, path: str, *headers: str, host: str = "localhost") -> bytes:
    return "\r\n".join([f"{method} {path} HTTP/1.1", f"Host: {host}", *headers, "", ""]).encode("latin-1")


def everything(connection: socket.socket) -> bytes:
    """What comes until the other side closes."""
    parts = []
    with suppress(ConnectionError):
        while part := connection.recv(65536):
            parts.append(part)
    return b"".join(parts)


def said(url: str, *sent: bytes) -> bytes:
    """What is answered to these bytes before the other side closes the connection."""
    with connected(url) as connection:
        with suppress(ConnectionError):
            for it in sent:
                connection.sendall(it)
        return everything(connection)


class TestABodyThatIsTooLarge:
    @pytest.mark.parametrize("path", [DECLARATIONS, "/nothing", "/_sandbox/worlds", "/ui/worlds/main/act", "/docs"])
    def test_is_refused_before_it_is_read_whoever_sends_it(self, url, path):
        answer = said(url, head("POST", path, f"Content-Length: {MOST_BODY + 1}"))

        assert answer.startswith(b"HTTP/1.1 413 Content Too Large\r\n")
        assert b"at most 4,194,304 bytes are read" in answer
        assert b"Connection: close" in answer

    def test_is_refused_as_soon_as_its_chunks_are_more(self, url):
        chunk = b"100000\r\n" + b"1" * 0x100000 + b"\r\n"

        answer = said(url, head("POST", DECLARATIONS, TOKEN, "Transfer-Encoding: chunked"), *[chunk] * 6)

        assert answer.startswith(b"HTTP/1.1 413 ")

    def test_is_not_asked_for_where_the_client_waits_for_that(self, url):
        asked = head("POST", DECLARATIONS, "Expect: 100-continue", f"Content-Length: {2**40}")

        assert said(url, asked).startswith(b"HTTP/1.1 413 ")

    def test_is_refused_so_that_a_client_that_sends_it_whole_reads_why(self, url):
        body = b"x" * (8 * MOST_BODY)

        assert said(url, head("POST", DECLARATIONS, f"Content-Length: {len(body)}"), body).startswith(b"HTTP/1.1 413 ")

    @pytest.mark.parametrize("path", [DECLARATIONS, "/_sandbox/worlds"])
    def test_is_refused_in_process_as_well(self, path):
        send = InProcess(create_app(Worlds(a_world())).wsgi_app)

        reply = send("POST", path, [BEARER, JSON], b" " * (MOST_BODY + 1))

        assert reply.status == 413
        assert b"at most 4,194,304 bytes are read" in reply.body

    def test_may_be_as_large_as_the_limit(self, url):
        padded = b'{"data":{}}'.ljust(MOST_BODY)

        answer = said(
            url, head("POST", DECLARATIONS, TOKEN, "Connection: close", f"Content-Length: {len(padded)}"), padded
        )

        assert not answer.startswith(b"HTTP/1.1 413")

    def test_of_an_import_is_larger(self, url):
        larger = head("POST", IMPORT, "Connection: close", f"Content-Length: {MOST_BODY + 1}")

        assert said(url, larger, b" " * (MOST_BODY + 1)).startswith(b"HTTP/1.1 400 ")
        assert said(url, head("POST", IMPORT, f"Content-Length: {MOST_IMPORT + 1}")).startswith(b"HTTP/1.1 413 ")

    def test_can_be_said_to_be_another(self):
        with ThreadServer(create_app(Worlds(a_world())), make=partial(server_for, most_body=2000)) as server:
            refused = said(server.url, head("POST", DECLARATIONS, "Content-Length: 2001"))

        assert b"at most 2,000 bytes" in refused


class TestWhomItAnswers:
    @pytest.mark.parametrize("path", ["/api/v3/statements", "/nothing", "/", "/docs", "/_sandbox/worlds", "/ui/"])
    @pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example", "10.0.0.1", "[::2]"])
    def test_a_request_that_is_addressed_to_another_machine_is_refused(self, url, path, host):
        answer = said(url, head("GET", path, TOKEN, "Connection: close", host=host))

        assert answer.startswith(b"HTTP/1.1 403 ")

    def test_the_refusal_says_what_to_do(self, url):
        assert ELSEWHERE.encode() in said(url, head("GET", "/api/v3/statements", TOKEN, host="evil.example"))

    @pytest.mark.parametrize(
        "host", ["localhost", "127.0.0.1:8000", "LOCALHOST", "[::1]:80", "a.localhost", "127.9.9.9"]
    )
    def test_every_name_of_this_machine_is_answered(self, url, host):
        asked = head("GET", "/api/v3/statements", TOKEN, "Connection: close", host=host)

        assert said(url, asked).startswith(b"HTTP/1.1 200 ")

    @pytest.mark.parametrize("path", ["/api/v3/statements", "/_sandbox/worlds", "/ui/"])
    def test_an_address_for_a_target_has_the_name(self, url, path):
        asked = [
            head("GET", f"http://{it}{path}", TOKEN, "Connection: close") for it in ("evil.example", "localhost:80")
        ]

        assert [said(url, it)[9:12] for it in asked] == [b"403", b"200"]

    def test_a_request_without_a_host_is_answered(self, url):
        assert said(url, b"GET /api/v3/statements HTTP/1.0\r\n" + TOKEN.encode() + b"\r\n\r\n").startswith(
            b"HTTP/1.0 200 "
        )

    def test_a_name_can_be_allowed(self):
        make = partial(server_for, hosts=["Sandbox.Test"])
        with ThreadServer(create_app(Worlds(a_world())), make=make) as server:
            asked = [head("GET", "/api/v3/statements", TOKEN, "Connection: close", host=it) for it in NAMED]
            statuses = [said(server.url, it)[9:12] for it in asked]

        assert statuses == [b"200", b"200", b"403"]

    def test_what_other_machines_reach_is_not_judged_by_its_name(self):
        with ThreadServer(create_app(Worlds(a_world())), host="0.0.0.0") as server:
            asked = head("GET", "/api/v3/statements", TOKEN, "Connection: close", host="sandbox.test")
            answer = said(server.url, asked)

        assert answer.startswith(b"HTTP/1.1 200 ")

    def test_nothing_is_judged_in_process(self):
        send = InProcess(create_app(Worlds(a_world())).wsgi_app)

        assert send("GET", "/api/v3/statements", [BEARER, ("Host", "testserver")]).status == 200


NAMED = ("sandbox.test", "SANDBOX.test:80", "other.test")


class TestARequestWithTwoLengths:
    @pytest.mark.parametrize("version", ["1.1", "1.0"])
    def test_ends_its_connection(self, url, version):
        both = head(
            "POST", DECLARATIONS, TOKEN, "Content-Length: 4", "Transfer-Encoding: chunked", "Connection: keep-alive"
        )
        both = both.replace(b"HTTP/1.1", f"HTTP/{version}".encode())
        smuggled = head("GET", "/api/v3/statements", TOKEN)

        answer = said(url, both + b"0\r\n\r\n" + smuggled)

        assert answer.count(b"HTTP/1.") == 1
        assert b"Connection: close" in answer


@pytest.mark.skipif(not socket.has_dualstack_ipv6(), reason="this machine has not both on one socket")
def test_every_address_of_ipv6_includes_those_of_ipv4():
    with ThreadServer(create_app(Worlds(a_world())), host="::") as server:
        for host in ("127.0.0.1", "[::1]"):
            asked = head("GET", "/api/v3/statements", TOKEN, "Connection: close")
            assert said(f"http://{host}:{urlsplit(server.url).port}", asked).startswith(b"HTTP/1.1 200 ")


@pytest.mark.slow
class TestTheEndBySignal:
    @pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
    def test_every_request_that_has_come_is_answered(self, number):
        with served() as server, ThreadPoolExecutor(60) as clients, ExitStack() as open_connections:
            late = json.dumps({"latency": 0.4}).encode()
            server.send("POST", "/_sandbox/worlds/late/faults", [JSON], late)
            kept = [open_connections.enter_context(connected(server.url)) for _ in range(60)]
            worlds = ["late"] * 4 + ["main"] * 56
            for it, world in zip(kept, worlds, strict=True):
                it.sendall(
                    head(
                        "GET",
                        "/api/v3/statements",
                        f"Authorization: Bearer {server.token}",
                        f"X-Sandbox-World: {world}",
                    )
                )
            server.process.send_signal(number)
            answers = list(clients.map(everything, kept))

            assert [it[:15] for it in answers] == [b"HTTP/1.1 200 OK"] * 60
            assert server.process.wait(10) == 0

    def test_a_client_that_keeps_asking_sees_no_answer_cut_off(self):
        with served() as server, ThreadPoolExecutor(8) as clients:
            asked = head("GET", "/api/v3/statements", f"Authorization: Bearer {server.token}")
            cut = [clients.submit(cut_off, server.url, asked) for _ in range(8)]
            time.sleep(0.5)
            server.process.send_signal(signal.SIGTERM)

            assert [it.result() for it in cut] == [0] * 8

    def test_what_takes_longer_than_the_grace_is_not_waited_for(self):
        with served() as server:
            server.send("POST", "/_sandbox/worlds/late/faults", [JSON], json.dumps({"latency": 60}).encode())
            with connected(server.url) as waiting, connected(server.url) as unfinished:
                waiting.sendall(
                    head("GET", "/api/v3/statements", f"Authorization: Bearer {server.token}", "X-Sandbox-World: late")
                )
                unfinished.sendall(b"GET /api")
                server.process.send_signal(signal.SIGTERM)

                assert server.process.wait(10) == 0


def address(url):
    return urlsplit(url).hostname, urlsplit(url).port


def cut_off(url, asked) -> int:
    """How many answers were cut off of a client that asks on one connection after the other until nobody is there."""
    cut = 0
    while True:
        try:
            connection = socket.create_connection(address(url), timeout=30)
        except OSError:
            return cut
        with connection:
            connection.sendall(asked)
            try:
                begun = connection.recv(65536)
            except ConnectionError:
                return cut  # it was never taken
            length = int(begun.partition(b"Content-Length: ")[2].partition(b"\r")[0] or 0)
            got = len(begun.partition(b"\r\n\r\n")[2])
            while got < length and (more := connection.recv(65536)):
                got += len(more)
            cut += bool(begun) and got < length
