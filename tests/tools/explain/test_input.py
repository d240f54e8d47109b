"""Requests as people have them at hand are read as what would have been sent."""

from __future__ import annotations

import contextlib
import json
import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecf_sandbox.tools.explain.captured import CannotRead, Given
from ecf_sandbox.tools.explain.curl import read_curl
from ecf_sandbox.tools.explain.explanation import Request
from ecf_sandbox.tools.explain.input import read_request
from ecf_sandbox.tools.explain.text import curl as printed

AT = "http://127.0.0.1:8000/api/v3/statements"
PATH = "/api/v3/statements"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
JSON = {"Content-Type": "application/json"}
FILES = {"body.json": b'{\n  "a": 1\r\n}\n', "name": b"a b"}


def curl(text: str) -> Given:
    return read_curl(text, FILES.__getitem__)


def read(text: str | bytes) -> Given:
    return read_request(text.encode() if isinstance(text, str) else text, FILES.__getitem__)


CURLS = {
    f"curl {AT}": Given(method="GET", path=PATH),
    f"$ /usr/bin/curl -sS {AT}": Given(method="GET", path=PATH),
    "curl 127.0.0.1:8000/api/v3/statements?a=1#x": Given(method="GET", path=f"{PATH}?a=1"),
    f"curl -gs '{AT}?filter[cohort]=2025' -o out.txt -D headers.txt": Given(
        method="GET", path=f"{PATH}?filter[cohort]=2025"
    ),
    f"curl -X PUT {AT}": Given(method="PUT", path=PATH),
    f"curl -sXPUT --url {AT}": Given(method="PUT", path=PATH),
    f"curl --request PUT {AT}": Given(method="PUT", path=PATH),
    f"curl --request=PUT {AT} --data-raw=@x=y": Given(method="PUT", path=PATH, headers=FORM, body=b"@x=y"),
    f"curl -XPUT -sSd a=1 -d=1 {AT}": Given(method="PUT", path=PATH, headers=FORM, body=b"a=1&=1"),
    f"curl {AT} -d -1 --data --x": Given(method="POST", path=PATH, headers=FORM, body=b"-1&--x"),
    f"curl -X PUT -- {AT}": Given(method="PUT", path=PATH),
    f"curl -H 'A: 1' -H 'a: 2' {AT}": Given(method="GET", path=PATH, headers={"A": "1, 2"}),
    f"curl -H 'content-type: text/plain' --json 1 {AT}": Given(
        method="POST", path=PATH, headers={"Accept": "application/json", "content-type": "text/plain"}, body=b"1"
    ),
    f"curl -I {AT}": Given(method="HEAD", path=PATH),
    f"curl -H 'Authorization: Bearer t' --header 'X-A:b:c' {AT}": Given(
        method="GET", path=PATH, headers={"Authorization": "Bearer t", "X-A": "b:c"}
    ),
    f"curl --oauth2-bearer t {AT}": Given(method="GET", path=PATH, headers={"Authorization": "Bearer t"}),
    f"curl {AT} -d a=1 --data b=2": Given(method="POST", path=PATH, headers=FORM, body=b"a=1&b=2"),
    f"curl -X PUT -d '' {AT}": Given(method="PUT", path=PATH, headers=FORM),
    f"curl -H 'A: b' \\\n  \\\n  -d '' {AT}": Given(method="POST", path=PATH, headers={"A": "b"} | FORM),
    f"curl {AT} -H 'content-type: application/json' -d '{{}}'": Given(
        method="POST", path=PATH, headers={"content-type": "application/json"}, body=b"{}"
    ),
    f"curl {AT} -d @body.json": Given(method="POST", path=PATH, headers=FORM, body=b'{  "a": 1}'),
    f"curl {AT} --data-binary @body.json": Given(method="POST", path=PATH, headers=FORM, body=FILES["body.json"]),
    f"curl {AT} --data-raw @body.json": Given(method="POST", path=PATH, headers=FORM, body=b"@body.json"),
    f"curl {AT} --json @body.json": Given(
        method="POST", path=PATH, headers={**JSON, "Accept": "application/json"}, body=FILES["body.json"]
    ),
    f"curl -G {AT} -d a=1 --data-urlencode 'filter[x]=a b' --data-urlencode n@name": Given(
        method="GET", path=f"{PATH}?a=1&filter[x]=a+b&n=a+b"
    ),
    f"curl -G '{AT}?z=0' -d a=1": Given(method="GET", path=f"{PATH}?z=0&a=1"),
    f"curl {AT} -d '|' >out.txt": Given(method="POST", path=PATH, headers=FORM, body=b"|"),
    f"curl {AT}  # all of them": Given(method="GET", path=PATH),
    f"curl {AT}?a=1&b=2 2>&1 | jq": Given(method="GET", path=f"{PATH}?a=1&b=2"),
    f"curl \\\n  -X PUT \\\r\n -H 'A: b' \\\n{AT} | jq .": Given(method="PUT", path=PATH, headers={"A": "b"}),
}


@pytest.mark.parametrize("text", CURLS)
def test_a_curl_command_means_what_curl_would_send(text):
    assert curl(text) == CURLS[text]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"curl --frobnicate {AT}", "--frobnicate of curl is not known"),
        (f"curl -sZ {AT}", "-Z of curl is not known"),
        (f"curl -u me:secret {AT}", "the API knows tokens only"),
        (f"curl -F a=b {AT}", "the API takes JSON"),
        (f"curl {AT} -X", "-X stands at the end and needs a value"),
        (f"curl {AT} --request", "--request stands at the end and needs a value"),
        (f"curl --silent=yes {AT}", "--silent takes no value"),
        (f"curl --reque PUT {AT}", "--reque of curl is not known"),
        (f"curl --sil {AT}", "--sil of curl is not known"),
        (f"curl {AT} {AT}", "several addresses"),
        ("curl -X PUT", "no address"),
        (f"curl -H 'no colon' {AT}", "'no colon' is not a header"),
        (f"curl 'http://[ {AT}", "look at its quotes"),
        (f"curl {AT} -H @file", "write the headers out"),
        ("curl http://[", "is not a URL"),
        (f"wget {AT}", "begins with curl"),
    ],
)
def test_a_curl_command_that_is_not_understood_says_what_of_it(text, said):
    with pytest.raises(CannotRead, match=said.replace("(", r"\(")):
        curl(text)


class TestTheTextOfHttp:
    @pytest.mark.parametrize("end", ["\n", "\r\n"])
    def test_has_a_line_headers_and_a_body(self, end):
        text = end.join(
            ["POST /api/v3/statements?a=1 HTTP/1.1", "Host: here", "Content-Type: application/json", "", "{}"]
        )

        headers = {"Host": "here", **JSON}
        assert read(text) == Given(method="POST", path=f"{PATH}?a=1", headers=headers, body=b"{}")

    def test_ends_where_its_length_says(self):
        assert read("POST /x HTTP/1.1\nContent-Length: 2\n\n{}\n").body == b"{}"

    def test_may_be_a_line_alone(self):
        assert read(f"GET {AT}?a=1") == Given(method="GET", path=f"{PATH}?a=1")

    def test_may_have_a_body_without_headers(self):
        assert read("POST /x HTTP/1.1\n\n{}").body == b"{}"


class TestAnExchange:
    def exchange(self, **changes):
        request = {"headers": [["Authorization", "Bearer [redacted]~w"]], "body": {"a": 1}}
        return json.dumps({"method": "POST", "target": PATH, "provider": "P", "request": request} | changes)

    def test_is_its_request_and_who_sent_it(self):
        it = read(self.exchange())

        assert (it.method, it.path, json.loads(it.body), it.provider, it.world) == ("POST", PATH, {"a": 1}, "P", "w")

    @pytest.mark.parametrize(("body", "sent"), [(None, b""), ("{", b"{"), ({"base64": "/w=="}, b"\xff"), ([1], b"[1]")])
    def test_has_the_body_that_was_sent(self, body, sent):
        assert read(self.exchange(request={"headers": [], "body": body})).body == sent

    def test_has_its_path_as_it_came(self):
        assert read(self.exchange(target="/a b/\u00c3\u00a9")).path == "/a%20b/%C3%A9"

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ('{"a": 1}', "is not an exchange"),
            ("[]", "is not an exchange"),
            ('{"a": ', "looks like JSON"),
            ('{"a": 1}\n{"a": 2}\n', "2 exchanges: give one"),
            ('{"method": "", "target": "x", "operation": "clock", "request": {}}', "from outside the API"),
            ('{"method": "GET", "target": "/x", "request": {"headers": 1}}', "list of pairs"),
            ('{"method": "GET", "target": "/x", "request": {"body": {"base64": 1}}}', "not valid base64"),
            ('{"method": "GET", "target": "/x", "request": {"body": {"base64": "/w==%%"}}}', "not valid base64"),
            pytest.param("[" * 100_000, "nested too deeply", id="JSON in JSON without end"),
        ],
    )
    def test_that_is_none_says_why(self, text, said):
        with pytest.raises(CannotRead, match=said):
            read(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [("", "it is empty"), ("hello", "no request"), (b"curl \xff x", "not UTF-8"), (b"{\xff", "not UTF-8")],
)
def test_what_is_no_request_says_what_would_be(text, said):
    with pytest.raises(CannotRead, match=said):
        read(text)


@pytest.mark.parametrize(
    ("headers", "world"),
    [
        ({}, None),
        ({"authorization": "Bearer t"}, None),
        ({"Authorization": "Bearer t~mine"}, "mine"),
        ({"Authorization": 'Token token="t~mine"'}, "mine"),
        ({"Authorization": "Bearer t~mine", "x-sandbox-world": "other"}, "other"),
    ],
)
def test_a_request_names_its_world_in_a_header_or_behind_its_token(headers, world):
    assert Given(method="GET", path="/", headers=headers).world == world


TOKENS = st.text("abcXYZ019._~-", min_size=1, max_size=12)
NAMES = st.text("abcXYZ019-", min_size=1, max_size=12)
VALUES = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Zl", "Zp", "Zs")), min_size=1, max_size=20)
BODIES = st.text(st.characters(codec="utf-8", exclude_characters="\r\n\0"), min_size=1, max_size=40).filter(str.strip)
REQUESTS = st.builds(
    Given,
    method=st.sampled_from(["GET", "PUT", "POST", "PATCH", "DELETE"]),
    path=st.text("abc/%[]=&.-", max_size=20).map(lambda it: f"/api/v3/x?{it}" if it else "/api/v3/x"),
    headers=st.dictionaries(NAMES.map("X-".__add__), VALUES, max_size=3),
    body=BODIES.map(str.encode),
)


@given(REQUESTS)
def test_what_was_written_as_a_curl_command_is_read_as_it_was(it):
    headers = [word for name, value in it.headers.items() for word in ("-H", f"{name}: {value}")]
    words = ["curl", "-X", it.method, *headers, "--data-raw", it.body.decode(), f"http://h:1{it.path}"]

    assert curl(shlex.join(words)) == Given(method=it.method, path=it.path, headers=FORM | it.headers, body=it.body), (
        "as curl says, a body is a form unless a header says otherwise"
    )


JSONS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda it: st.lists(it, max_size=2) | st.dictionaries(st.text(max_size=5), it, max_size=2),
    max_leaves=4,
)


@given(REQUESTS, JSONS)
def test_what_an_explanation_prints_as_a_curl_command_is_read_as_what_it_meant(it, body):
    offered = Request(method=it.method, path=it.path, headers=JSON | it.headers, body=body)
    sent = b"" if body is None else json.dumps(body, ensure_ascii=False).encode()

    assert curl(printed(offered, "http://h:1")) == Given(
        method=it.method, path=it.path, headers=JSON | it.headers, body=sent
    )


@given(REQUESTS, st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_what_was_written_as_http_is_read_as_it_was(it, end, counted):
    told = it.headers | ({"Content-Length": str(len(it.body))} if counted else {})
    head = end.join([f"{it.method} {it.path} HTTP/1.1", *(f"{name}: {value}" for name, value in told.items())])

    assert read(f"{head}{end}{end}".encode() + it.body + (end.encode() if counted else b"")) == Given(
        method=it.method, path=it.path, headers=told, body=it.body
    )


@given(
    st.one_of(
        st.binary(max_size=60),
        st.text(max_size=60).map(str.encode),
        st.text(max_size=60).map(lambda it: f"curl {it}".encode()),
        st.text('{}[]":,0a\\u', max_size=40).map(lambda it: f"{{{it}".encode()),
        st.text(max_size=60).map(lambda it: f"PUT /{it}".encode()),
        st.lists(
            st.sampled_from(["-X", "-d", "@name", "-H", "a: b", "-sG", "--json", "'", "$", "|", "x/y"]), max_size=6
        ).map(lambda it: " ".join(["curl", *it]).encode()),
    )
)
def test_any_text_is_a_request_or_says_why_it_is_none(text):
    with contextlib.suppress(CannotRead):
        it = read_request(text, lambda name: name.encode(errors="replace"))

        assert it.method
        assert it.path


@pytest.mark.parametrize("body", ["\\", {"path": "C:\\"}, 'quoted "so\\"'])
def test_a_backslash_at_the_end_of_a_text_is_no_sign_of_another_shell(body):
    offered = Request(method="POST", path="/api/v3/x", headers=dict(JSON), body=body)

    assert json.loads(curl(printed(offered, "http://h:1")).body) == body
