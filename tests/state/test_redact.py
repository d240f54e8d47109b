"""Credentials are replaced wherever they may stand, and what is no credential stays."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecf_sandbox.state.redact import (
    _NAMES,
    IN_A_HEADER,
    IN_A_TARGET,
    Credentials,
    parameter_values,
    redacted_body,
    redacted_headers,
    redacted_query,
    redacted_text,
    secret_values,
)


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("Authorization", "Bearer t0ken", "Bearer [redacted]"),
        ("authorization", "Bearer t0ken~wales", "Bearer [redacted]~wales"),
        ("Authorization", "t0ken", "[redacted]"),
        ("Authorization", "t0ken more", "[redacted]"),
        ("Cookie", "session=t0ken; other=t0ken", "[redacted]"),
        ("Set-Cookie", "session=t0ken; path=/", "[redacted]"),
        ("Proxy-Authorization", "Basic t0ken", "Basic [redacted]"),
        ("X-Sandbox-Token", "t0ken", "[redacted]"),
        ("X-Api-Key", "t0ken", "[redacted]"),
        ("X-Auth-Token", "t0ken", "[redacted]"),
        ("Accept", "t0ken", "t0ken"),
    ],
)
class TestAHeader:
    def test_shows_its_scheme_and_its_world_at_most(self, name, value, shown):
        assert redacted_headers([(name, value)]) == [(name, shown)]

    def test_that_is_redacted_stays_as_it_is(self, name, value, shown):
        assert redacted_headers(redacted_headers([(name, value)])) == [(name, shown)]


def test_a_query_keeps_what_is_called_like_nothing_secret():
    assert redacted_query("a=1&filter[token]=t0ken;sort=-b&token=") == "a=1&filter[token]=[redacted];sort=-b&token="


def test_a_text_loses_what_looks_like_a_token():
    assert (
        redacted_text("curl -H 'Bearer abcdefgh' /x?key=t0ken&y=1")
        == "curl -H 'Bearer [redacted]' /x?key=[redacted]&y=1"
    )


class TestTheValuesOfABody:
    @pytest.mark.parametrize("value", ["one, two#three", "one two", "what?when", "a\nb", '"quoted"'])
    def test_are_whole_whatever_stands_in_them(self, value):
        assert value in secret_values(f"a=1&password={value};b=2".encode())

    def test_of_a_query_are_whole_but_for_a_question_mark(self):
        assert "one,two" in parameter_values("/api/v3/statements?a=1&token=one,two;b=2", IN_A_TARGET)

    def test_of_a_header_end_with_the_word(self):
        found = set(parameter_values('see "https://x.example/?token=one,two#part", and more', IN_A_HEADER))

        assert found == {"one,two"}


class TestKnownCredentials:
    @pytest.mark.parametrize("text", ["a/b", "a%2Fb"])
    def test_are_found_in_each_spelling(self, text):
        assert Credentials(["a/b"]).text(f"x{text}x") == "x[redacted]x"

    def test_of_which_one_is_part_of_another_leave_nothing(self):
        assert Credentials(["abc", "abcdef"]).text("abcdef abc") == "[redacted] [redacted]"

    def test_that_are_empty_are_none(self):
        assert not Credentials([""]).stand_in("anything")


@given(st.from_regex(_NAMES, alphabet=st.characters(min_codepoint=32, max_codepoint=126, exclude_characters='"\\')))
def test_a_member_that_is_called_like_a_credential_is_replaced_however_it_is_spelt(name):
    body = json.dumps({name: "x" * 20}, ensure_ascii=False).encode("latin-1")

    assert b"xxx" not in redacted_body(body)


class TestACredentialOfUnusualCharacters:
    def test_half_of_a_surrogate_pair_is_replaced_like_any_other(self):
        hidden = Credentials(["\udcb8t0ken"])

        assert hidden.text("a \udcb8t0ken b") == "a [redacted] b"
        assert hidden.body("a \udcb8t0ken b".encode("utf-8", "surrogatepass")) == b"a [redacted] b"

    @pytest.mark.parametrize("token", ["пароль", "日本語日本語", "a日本語日本語", "t\u00f6ken-\u65e5"])
    def test_is_replaced_as_a_whole_and_nothing_else_is(self, token):
        body = f"a {token} b"

        assert Credentials([token]).body(body.encode()) == b"a [redacted] b"
        assert Credentials([token]).body(b"any other a") == b"any other a"

    def test_is_replaced_where_json_has_it_with_escapes(self):
        assert Credentials(["t\u00f6ken"]).body(json.dumps({"a": "t\u00f6ken"}).encode()) == b'{"a": "[redacted]"}'

    def test_of_latin_1_is_found_in_that_too(self):
        assert Credentials(["t\u00f6ken"]).body("a t\u00f6ken b".encode("latin-1")) == b"a [redacted] b"
