"""Requests read from curl commands and from exchanges in JSON."""

from __future__ import annotations

import json
import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.requests_as_text import Unreadable, read

URL = "http://127.0.0.1:8000/api/v3/statements"
WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\r\x00"), max_size=30)


class TestACurlCommand:
    @pytest.mark.parametrize(
        ("command", "method", "target", "body"),
        [
            (f"curl {URL}", "GET", "/api/v3/statements", None),
            (f"curl -sS '{URL}?page[page]=2'", "GET", "/api/v3/statements?page[page]=2", None),
            (f"curl -d '{{}}' {URL}", "POST", "/api/v3/statements", "{}"),
            (f"curl -XPUT \\\n  {URL} --data-raw=@x", "PUT", "/api/v3/statements", "@x"),
            ("curl -o /dev/null 127.0.0.1:8000", "GET", "/", None),
        ],
        ids=["an address", "a query", "a body", "a method and lines", "no path"],
    )
    def test_is_read_as_curl_would_send_it(self, command, method, target, body):
        sent = read(command)

        assert (sent.method, sent.target, sent.body) == (method, target, body)

    def test_has_the_content_type_that_curl_chooses_unless_told(self):
        assert read(f"curl -d x {URL}").headers == {"Content-Type": "application/x-www-form-urlencoded"}
        assert read(f"curl --json x {URL}").headers == {"Content-Type": "application/json"}
        assert read(f"curl -H 'content-type: text/plain' -d x {URL}").headers == {"content-type": "text/plain"}

    def test_may_name_a_file(self, tmp_path):
        (tmp_path / "body.json").write_text("{}")

        assert read(f"curl --data-binary @{tmp_path}/body.json {URL}").body == "{}"

    @pytest.mark.parametrize(
        ("command", "why"),
        [
            ("curl", "names no address"),
            ("curl -H", "-H of curl needs a value"),
            (f"curl --proxy x {URL}", "--proxy of curl is not known here"),
            ("curl 'http", "cannot be read"),
            (f"curl -d @/nowhere {URL}", "cannot read /nowhere"),
            ("wget x", "neither a curl command nor an exchange"),
        ],
    )
    def test_that_is_none_says_what_is_wrong(self, command, why):
        with pytest.raises(Unreadable, match=why):
            read(command)

    @given(token=WORDS.map(str.strip), body=WORDS.filter(lambda it: not it.startswith("@")))
    def test_gives_back_what_was_quoted(self, token, body):
        command = shlex.join(["curl", "-H", f"Authorization: {token}", "--data-raw", body, URL])

        sent = read(command)

        assert (sent.headers["Authorization"], sent.body) == (token, body)


class TestAnExchange:
    def test_is_read_as_the_journal_writes_it(self):
        told = {
            "method": "GET",
            "target": "/api/v3/statements",
            "provider": "Ambition Institute",
            "request": {"headers": [["Authorization", "Bearer [redacted]"]], "body": None},
        }

        sent = read(json.dumps(told))

        assert (sent.method, sent.target, sent.provider) == ("GET", "/api/v3/statements", "Ambition Institute")

    @pytest.mark.parametrize("text", ["{", "{}", '{"method": "GET", "target": "/", "request": {"headers": [1]}}'])
    def test_that_is_none_is_told(self, text):
        with pytest.raises(Unreadable):
            read(text)
