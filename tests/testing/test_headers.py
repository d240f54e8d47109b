"""The same headers, in whatever spelling, arrive alike by every way in: over HTTP and in this process."""

import json
import socket
from collections.abc import Callable
from urllib.parse import urlsplit

import httpx
import pytest

from ecf_sandbox.app import create_app
from ecf_sandbox.state.worlds import Worlds
from ecf_sandbox.testing.httpx_transport import client
from ecf_sandbox.testing.requests_adapter import session
from ecf_sandbox.testing.thread_server import ThreadServer
from ecf_sandbox.transport import InProcess
from tests.api.asking import BEARER, a_world
from tests.served import invoke, standing

PATH = "/api/v3/statements"
NO_DATE = "2025-13-45T00:00:00Z"  # which is refused wherever it is read
Pairs = list[tuple[str, str]]
Way = Callable[[Worlds, Pairs], int]


def over_http(worlds: Worlds, headers: Pairs) -> int:
    with ThreadServer(create_app(worlds)) as server:
        address = urlsplit(server.url)
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers)
        with socket.create_connection((address.hostname, address.port), 10) as connection:
            connection.sendall(f"GET {PATH} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{lines}\r\n".encode())
            return int(connection.makefile("rb").readline().split()[1])


def straight(worlds: Worlds, headers: Pairs) -> int:
    return InProcess(create_app(worlds).wsgi_app)("GET", PATH, headers).status


def with_flask(worlds: Worlds, headers: Pairs) -> int:
    return create_app(worlds).test_client().get(PATH, headers=headers).status_code


class Askable:
    def __init__(self, worlds: Worlds) -> None:
        self.send = InProcess(create_app(worlds).wsgi_app)


def with_requests(worlds: Worlds, headers: Pairs) -> int:
    return session(Askable(worlds), dict(headers)).get(f"http://x{PATH}").status_code


def with_httpx(worlds: Worlds, headers: Pairs) -> int:
    with client(Askable(worlds), {}, "http://x") as made:
        return made.get(PATH, headers=headers).status_code


WAYS = {
    "HTTP": over_http,
    "process": straight,
    "flask": with_flask,
    "requests": with_requests,
    "httpx": with_httpx,
}


@pytest.fixture(scope="module")
def server():
    with standing() as it:
        yield it


@pytest.fixture(params=WAYS.values(), ids=WAYS.keys())
def way(request) -> Way:
    return request.param


def outcome(way: Way, *headers: tuple[str, str]) -> tuple[int, str, list[str]]:
    """What comes of a request: status, the world that answered, and the codes of what was found."""
    worlds = Worlds(a_world())
    status = way(worlds, [BEARER, *headers])
    name, exchange = next((it.name, it.journal.get(1)) for it in worlds.every() if it.journal.get(1))
    return status, name, [it.code for it in exchange.findings]


@pytest.mark.parametrize("name", ["X_Sandbox_World", "x_sandbox_world", "X_Sandbox-World", "X-SANDBOX_WORLD"])
def test_a_world_that_is_named_with_underscores_is_not_met(way, name):
    assert outcome(way, (name, "other")) == (200, "main", ["header.underscore"])


@pytest.mark.parametrize("name", ["x-sandbox-world", "X-SANDBOX-WORLD", "x-Sandbox-worLD"])
def test_a_world_is_met_in_whatever_case_it_is_named(way, name):
    assert outcome(way, (name, "other")) == (200, "other", [])


@pytest.mark.parametrize("name", ["X_With_Server_Date", "x_with_server_date", "X-With_Server-Date"])
def test_a_server_date_with_underscores_is_not_obeyed(way, name):
    assert outcome(way, (name, NO_DATE)) == (200, "main", ["header.underscore"])


def test_what_nobody_reads_is_found_too(way):
    assert outcome(way, ("my_trace", "1")) == (200, "main", ["header.underscore-unread"])


@pytest.mark.parametrize("way", [over_http, straight, with_flask, with_httpx])  # `requests` sends no such value
@pytest.mark.parametrize("value", [" other", "other ", "\tother \t"], ids=["before", "after", "tabs"])
def test_white_space_around_a_value_is_none_of_it(way, value):
    assert outcome(way, ("X-Sandbox-World", value))[1] == "other"


@pytest.mark.parametrize("way", [over_http, straight, with_flask, with_httpx])
def test_two_of_one_name_are_a_list(way):
    worlds = Worlds(a_world())

    assert way(worlds, [BEARER, ("X-Sandbox-World", "one"), ("x-sandbox-world", "two")]) == 400
    assert worlds.names() == ["main"]


@pytest.mark.parametrize("way", [over_http, straight])
@pytest.mark.parametrize("header", [("Bad Name", "1"), ("Authorization ", "1"), ("X-Bell", "\x07")])
def test_what_is_no_header_is_a_bad_request(way, header):
    assert way(Worlds(a_world()), [BEARER, header]) == 400


@pytest.mark.parametrize("value", [b"W/\xc3\xa9", b"W/\xe9", b"\xff\xfe"], ids=["UTF-8", "latin-1", "neither"])
def test_bytes_that_are_not_ascii_arrive_as_they_are(value):
    worlds = Worlds(a_world())
    asked = Askable(worlds)
    headers = {BEARER[0]: BEARER[1].encode(), "If-None-Match": value}

    with httpx.Client(transport=client(asked, {}, "http://x")._transport, base_url="http://x") as made:
        made.get(PATH, headers=headers)
    session(asked, {}).get(f"http://x{PATH}", headers=headers)

    kept = [dict(it.request_headers)["If-None-Match"].encode("latin-1") for it in worlds.main.journal]
    assert kept == [value, value]


def test_a_header_of_the_test_takes_the_place_of_the_clients_own(ecf_world):
    answer = ecf_world.client.get(PATH, headers={"authorization": "Bearer wrong"})

    assert answer.status == 401


@pytest.mark.ecf(expect_findings=["header.underscore"])
def test_a_test_stays_in_its_world_whatever_its_headers_say(ecf_world):
    answer = ecf_world.client.get(PATH, headers={"X_Sandbox_World": "elsewhere"})

    assert answer.status == 200
    assert [it.code for it in ecf_world.journal[-1].findings] == ["header.underscore"]


@pytest.mark.ecf(expect_findings=["header.underscore-unread"])
def test_a_credential_is_kept_by_no_spelling(ecf_world):
    ecf_world.client.get(PATH, headers={"X_Api_Key": "hush"})

    assert "hush" not in str([it.findings for it in ecf_world.journal])


class TestExplained:
    def explained(self, server, *headers: str) -> dict:
        told = " ".join(f"-H '{it}'" for it in (f"Authorization: Bearer {server.token}", *headers))
        ended = invoke("explain", "--url", server.url, "--json", "--curl", f"curl {told} {server.url}{PATH}")
        assert ended.returncode == 0, ended.stderr
        return json.loads(ended.stdout)

    def test_a_server_date_with_underscores_is_not_obeyed(self, server):
        it = self.explained(server, f"X_With_Server_Date: {NO_DATE}")

        assert (it["status"], [found["code"] for found in it["findings"]]) == (200, ["header.underscore"])

    def test_a_world_with_underscores_is_not_asked_for(self, server):
        assert self.explained(server, "X_Sandbox_World: nowhere")["status"] == 200

    def test_a_second_header_of_a_name_makes_a_list(self, server):
        assert (
            self.explained(server, f"X-With-Server-Date: {NO_DATE}", f"x-with-server-date: {NO_DATE}")["status"] == 400
        )

    def test_a_name_that_is_none_is_refused(self, server):
        ended = invoke("explain", "--url", server.url, "--curl", f"curl -H 'Bad Name: 1' {server.url}{PATH}")

        assert ended.returncode == 2
        assert "is not a header" in ended.stderr
