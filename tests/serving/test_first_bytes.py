"""What speaks no HTTP is sent away at once, and told so in the log; what does is answered."""

import os
import socket
import ssl
import time
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecf_sandbox.serving.first_bytes import other_protocol
from tests.served import served, standing

OTHERS = {
    "TLS": bytes.fromhex("16030100c8010000c40303"),
    "the first byte of TLS": b"\x16",
    "SSH": b"SSH-2.0-OpenSSH_9.6 Debian-1\r\n",
    "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes(9),
    "SOCKS 4": b"\x04\x01\x00\x50\x7f\x00\x00\x01\x00",
    "SOCKS 5": b"\x05\x01\x00",
    "PROXY 1": b"PROXY TCP4 192.0.2.1 192.0.2.2 56324 443\r\nGET / HTTP/1.1\r\n\r\n",
    "PROXY 2": b"\r\n\r\n\x00\r\nQUIT\n\x21\x11\x00\x0c" + bytes(12),
    "Redis": b"*1\r\n$4\r\nPING\r\n",
    "Redis in a line": b"PING\r\n",
    "PostgreSQL": bytes.fromhex("00000008 04d2162f"),
    "AMQP": b"AMQP\x00\x00\x09\x01",
    "MQTT": b"\x10\x0f\x00\x04MQTT\x04\x02\x00\x3c\x00\x03abc",
    "memcached": b"stats\r\n",
    "SMTP": b"EHLO example.org\r\n",
    "SIP": b"REGISTER sip:example.org SIP/2.0\r\n",
    "RDP": b"\x03\x00\x00\x13\x0e\xe0\x00\x00",
    "UTF-16": "GET / HTTP/1.1\r\n\r\n".encode("utf-16"),
    "a word without an end": b"x" * 200,
    "nothing but noughts": bytes(64),
}
REQUESTS = [
    b"GET /api/v3/statements HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
    b"\r\n\r\nGET /api/v3/statements HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
    b"GET http://x/api/v3/statements HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
    b"OPTIONS * HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
    b"BASELINE-CONTROL /\xff HTTP/1.0\r\n\r\n",
    b"get / HTTP/1.1\r\n\r\n",
    b"GET  / HTTP/1.1\r\n\r\n",
    b"GET /a b\r\n\r\n",
]


@pytest.fixture(scope="module")
def server():
    with standing() as it:
        yield it


def connected(url: str) -> socket.socket:
    address = urlsplit(url)
    return socket.create_connection((address.hostname, address.port), timeout=5)


def answer_to(url: str, sent: bytes) -> bytes:
    """All that comes back until the connection is closed; TimeoutError if it is not."""
    with connected(url) as connection:
        connection.sendall(sent)
        try:
            return connection.makefile("rb").read()
        except ConnectionResetError:
            return b""


@pytest.mark.parametrize("sent", OTHERS.values(), ids=OTHERS.keys())
def test_what_is_not_http_gets_no_answer_and_one_line_in_the_log(server, sent, caplog):
    assert answer_to(server.url, sent) == b""
    (line,) = [it.getMessage() for it in caplog.records]
    assert f"Use {server.url}" in line
    assert "\n" not in line


@pytest.mark.parametrize("sent", REQUESTS)
def test_what_is_http_is_answered_however_it_is_cut(server, sent, caplog):
    whole = answer_to(server.url, sent)
    with connected(server.url) as connection:
        for byte in sent:
            connection.sendall(bytes([byte]))
            time.sleep(0.0005)
        piecemeal = connection.makefile("rb").read()

    assert whole.startswith(b"HTTP/1.")
    assert piecemeal.split(b" ")[1] == whole.split(b" ")[1]
    assert not caplog.records


def test_a_client_of_https_is_told_to_use_http(server, caplog):
    with connected(server.url) as connection, pytest.raises((ssl.SSLError, ConnectionError)):
        ssl.create_default_context().wrap_socket(connection, server_hostname="localhost")

    assert "speaks TLS" in caplog.text
    assert f"Use {server.url}, not https://" in caplog.text


def test_other_connections_go_on(server):
    with connected(server.url) as kept:
        kept.sendall(b"GET /api/v3/statements HTTP/1.1\r\nHost: localhost\r\n\r\n")
        first = kept.recv(12)
        for _ in range(5):
            answer_to(server.url, os.urandom(300) + b"\x00")

        assert first == b"HTTP/1.1 401"
        assert server.send("GET", "/api/v3/statements").status == 401


@pytest.mark.slow
def test_whoever_runs_the_server_reads_it():
    with served() as server:
        answer_to(server.url, OTHERS["TLS"])
        server.process.terminate()
        printed = server.process.communicate(timeout=10)[1]

    assert printed.count("\n") == 1
    assert f"Use {server.url}, not https://" in printed


@given(st.binary(min_size=40, max_size=200).map(lambda it: b"\x80" + it))
def test_random_bytes_are_never_taken_for_a_request(sent):
    assert other_protocol(sent) is not None


@given(st.sampled_from(REQUESTS), st.data())
def test_no_part_of_a_request_is_taken_for_something_else(sent, data):
    assert other_protocol(sent[: data.draw(st.integers(0, len(sent)))]) is None
