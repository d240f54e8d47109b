"""What goes in at one end comes out at the other, whatever it is."""

from __future__ import annotations

import gzip
import json
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ecf_sandbox.remote.upstream import Upstream, end_to_end
from tests.effort import examples
from tests.remote.proxy.standing import SOUND, Scripted, Standing, framed, standing_before

OURS = {"date", "connection", "transfer-encoding", "content-length", "x-sandbox-proxy-request-id"}
HELP = {"x-sandbox-proxy-findings", "x-sandbox-proxy-answer-differs"}


def heads(raw: bytes) -> tuple[bytes, list[tuple[str, str]], bytes]:
    """First line, headers in small letters, and body of a request as it came over the socket."""
    head, _, body = raw.partition(b"\r\n\r\n")
    first, *lines = head.split(b"\r\n")
    pairs = [line.decode("latin-1").partition(":") for line in lines]
    return first, [(name.lower(), value.strip()) for name, _, value in pairs], body


class TestARequest:
    @pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PURGE"])
    def test_keeps_its_method_and_target(self, behind, proxy, method):
        proxy.ask(method, "//api/v3/x.csv/?filter[a]=%5B1;b&&c=%00#d")

        assert heads(behind.heard[0])[0] == f"{method} //api/v3/x.csv/?filter[a]=%5B1;b&&c=%00#d HTTP/1.1".encode()

    def test_keeps_its_headers_but_for_the_host_and_those_of_the_connection(self, behind, proxy):
        sent = [
            ("Authorization", "Bearer abcdefgh"),
            ("X-Forwarded-For", "10.0.0.1"),
            ("Connection", "keep-alive, X-Hop"),
        ]
        proxy.ask("GET", "/", [*sent, ("X-Hop", "1"), ("TE", "trailers"), ("Accept-Encoding", "br;q=1")])

        assert sorted(heads(behind.heard[0])[1]) == [
            ("accept-encoding", "br;q=1"),
            ("authorization", "Bearer abcdefgh"),
            ("connection", "close"),
            ("host", behind.url.removeprefix("http://")),
            ("x-forwarded-for", "10.0.0.1"),
        ]

    def test_that_comes_in_chunks_arrives_whole(self, behind, proxy):
        parts = urlsplit(proxy.url)
        connection = HTTPConnection(parts.hostname, parts.port)
        connection.request("POST", "/", body=iter([b"one, ", b"two, ", b"three"]), encode_chunked=True)
        connection.getresponse().read()
        connection.close()

        assert heads(behind.heard[0])[2] == b"one, two, three"

    def test_with_an_empty_body_says_so(self, behind, proxy):
        proxy.ask("POST", "/", body=b"")

        assert ("content-length", "0") in heads(behind.heard[0])[1]

    def test_with_the_address_of_a_server_in_its_first_line_goes_to_ours(self, behind, proxy):
        proxy.ask("GET", "http://elsewhere.example/api/v3/statements?a=1")

        assert heads(behind.heard[0])[0] == b"GET /api/v3/statements?a=1 HTTP/1.1"

    def test_goes_below_the_path_that_the_server_has(self, behind):
        with standing_before(f"{behind.url}/below/") as proxy:
            proxy.ask("GET", "/api/v3/statements")

        assert heads(behind.heard[0])[0] == b"GET /below/api/v3/statements HTTP/1.1"

    def test_for_a_tunnel_is_refused_with_the_way_to_do_it(self, behind, proxy):
        status, _, headers, body = proxy.ask("CONNECT", "api.example.org:443")

        assert (status, dict(headers)["content-type"]) == (405, "application/problem+json")
        assert "instead of the server's" in json.loads(body)["detail"]
        assert not behind.heard


class TestAnAnswer:
    def test_keeps_status_reason_headers_and_body(self, behind, proxy):
        behind.says = b"HTTP/1.1 299 Odd One\r\nServer: nginx\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\n\r\n\0\xff"

        status, reason, headers, body = proxy.ask("GET", "/")

        assert (status, reason, body) == (299, "Odd One", b"\0\xff")
        assert [it for it in headers if it[0] not in OURS] == [
            ("server", "nginx"),
            ("set-cookie", "a=1"),
            ("set-cookie", "b=2"),
        ]

    def test_in_chunks_is_the_same_in_one(self, behind, proxy):
        behind.says = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"

        assert proxy.ask("GET", "/")[3] == b"abcde"

    def test_that_is_compressed_stays_compressed(self, behind, proxy):
        packed = gzip.compress(b'{"data": []}')
        behind.says = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + packed

        _, _, headers, body = proxy.ask("GET", "/")

        assert (dict(headers)["content-encoding"], body) == ("gzip", packed)

    def test_to_a_head_has_the_length_of_the_body_that_is_not_there(self, behind, proxy):
        behind.says = b"HTTP/1.1 200 OK\r\nContent-Length: 4711\r\n\r\n"

        _, _, headers, body = proxy.ask("HEAD", "/")

        assert (dict(headers)["content-length"], body) == ("4711", b"")

    def test_to_a_head_without_a_length_gets_none(self, behind, proxy):
        behind.says = b"HTTP/1.1 200 OK\r\n\r\n"

        _, _, headers, body = proxy.ask("HEAD", "/")

        assert not {"content-length", "transfer-encoding"} & set(dict(headers))
        assert body == b""

    @pytest.mark.parametrize("status", [204, 304])
    def test_without_a_body_has_none(self, behind, proxy, status):
        behind.says = f"HTTP/1.1 {status} So\r\nETag: W/x\r\n\r\n".encode()

        got, _, headers, body = proxy.ask("GET", "/")

        assert (got, dict(headers)["etag"], body) == (status, "W/x", b"")

    def test_that_leads_elsewhere_is_not_followed(self, behind, proxy):
        behind.says = b"HTTP/1.1 302 Found\r\nLocation: https://elsewhere.example/\r\nContent-Length: 0\r\n\r\n"

        status, _, headers, _ = proxy.ask("GET", "/")

        assert (status, dict(headers)["location"]) == (302, "https://elsewhere.example/")

    def test_that_comes_before_all_was_read_is_passed_on(self, behind, proxy):
        behind.says = b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n"

        assert proxy.ask("POST", "/", body=b"x" * 3_000_000)[0] == 413

    @pytest.mark.parametrize("framing", ["length", "chunks", "until it closes"])
    def test_longer_than_what_is_judged_passes_whole(self, behind, framing):
        body = bytes(range(256)) * 2000
        behind.says = framed(b"200 OK", [], body, framing)
        with standing_before(behind.url, whole=1000) as proxy:
            answer = proxy.ask("GET", "/")[3]

            assert answer == body
            assert proxy.exchanges[0].response_body == b""


class TestWithoutAnAnswer:
    def test_of_a_server_that_is_not_there_it_is_a_502_of_our_own(self, behind, proxy):
        behind.stop()

        status, _, headers, body = proxy.ask("GET", "/api/v3/statements")

        assert (status, dict(headers)["content-type"]) == (502, "application/problem+json")
        assert json.loads(body)["type"] == "urn:ecf-sandbox:problem:unreachable"
        assert dict(headers)["x-sandbox-proxy-problem"] == "unreachable"

    def test_in_time_it_is_a_504(self, behind):
        behind.says = None
        with standing_before(behind.url, timeout=0.05) as proxy:
            status, _, _, body = proxy.ask("GET", "/")

        assert (status, json.loads(body)["type"]) == (504, "urn:ecf-sandbox:problem:timeout")
        assert "within 0.05 seconds" in json.loads(body)["detail"]

    @pytest.mark.parametrize(
        "says",
        [
            pytest.param(b"", id="nothing at all"),
            pytest.param(b"this is no HTTP\r\n\r\n", id="no HTTP"),
            pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", id="less than it said"),
            pytest.param(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nhalf", id="half a chunk"),
        ],
    )
    def test_that_can_be_read_it_is_a_502(self, behind, proxy, says):
        behind.says = says

        assert proxy.ask("GET", "/")[0] == 502

    def test_it_is_in_the_journal_too(self, behind, proxy):
        behind.says = b""
        proxy.ask("GET", "/api/v3/statements")

        assert [(it.operation, it.status) for it in proxy.exchanges] == [("v3 listStatements", 502)]


class TestTheServerBehind:
    @pytest.mark.parametrize("url", ["ftp://x", "x", "https://", "https://me:pw@x", "https://x?a=1", "https://x:port"])
    def test_has_an_address_of_its_own_kind(self, url):
        with pytest.raises(ValueError, match="address of a server"):
            Upstream(url)

    def test_is_verified_when_it_is_encrypted(self):
        context = Upstream("https://api.example.org")._tls

        assert context.check_hostname
        assert context.verify_mode.name == "CERT_REQUIRED"


VISIBLE = st.characters(min_codepoint=0x21, max_codepoint=0xFF, exclude_characters="\x7f\x85\xa0")
NAMES = st.from_regex(r"X-[A-Za-z0-9-]{1,12}", fullmatch=True).filter(lambda it: not it.lower().startswith("x-sandbox"))
HEADERS = st.dictionaries(NAMES.map(str.lower), st.text(VISIBLE, max_size=20), max_size=4)
# waitress itself refuses what is not ASCII.
IN_TARGETS = st.characters(min_codepoint=1, max_codepoint=0x7F, exclude_characters=" \t\n\r\x0b\x0c")
TARGETS = st.text(IN_TARGETS, max_size=30).map(lambda it: "/" + it).filter(lambda it: not it.startswith("/_sandbox"))


@pytest.fixture(scope="module")
def lasting_behind():
    server = Scripted()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def lasting(lasting_behind):
    with standing_before(lasting_behind.url) as it:
        yield it


class TestWhatever:
    @settings(max_examples=examples(60), suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        method=st.sampled_from(["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "QUERY"]),
        target=TARGETS,
        sent=HEADERS,
        body=st.none() | st.binary(max_size=400),
    )
    def test_is_asked_arrives_the_same(self, lasting: Standing, lasting_behind: Scripted, method, target, sent, body):
        lasting_behind.says = SOUND
        lasting.ask(method, target, [(name, value.encode("latin-1")) for name, value in sent.items()], body)
        first, headers, arrived = heads(lasting_behind.heard.pop())

        assert first == f"{method} {target} HTTP/1.1".encode("latin-1")
        assert {name: value for name, value in headers if name.startswith("x-")} == sent
        assert arrived == (body or b"")

    @settings(max_examples=examples(60), suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        status=st.sampled_from([200, 201, 202, 400, 404, 418, 422, 429, 500, 503, 599]),
        said=HEADERS,
        coding=st.sampled_from([None, "gzip", "deflate", "br"]),
        body=st.binary(max_size=3000),
        framing=st.sampled_from(["length", "chunks", "until it closes"]),
    )
    def test_is_answered_comes_back_the_same(
        self, lasting: Standing, lasting_behind: Scripted, status, said, coding, body, framing
    ):
        headers = [*said.items(), *([("content-encoding", coding)] if coding else [])]
        lasting_behind.says = framed(f"{status} So".encode(), headers, body, framing)
        got, reason, answered, came = lasting.ask("GET", "/api/v3/statements")

        assert (got, reason, came) == (status, "So", body)
        assert sorted(it for it in answered if it[0] not in OURS | HELP) == sorted(headers)


class TestHeadersOfTheConnection:
    def test_are_those_that_it_names_too(self):
        headers = [("Connection", "close, X-Mine"), ("X-Mine", "1"), ("X-Yours", "2"), ("Keep-Alive", "3")]

        assert end_to_end(headers) == [("X-Yours", "2")]
