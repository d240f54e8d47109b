"""JSON bodies, as in behaviour/http-and-partnerships.md#b6 and in recordings."""

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecf_sandbox.api.json_body import read_json
from ecf_sandbox.api.request import media_type
from ecf_sandbox.rulebook.refusals import UnreadableRequest


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param('{"a":1}', {"a": 1}, id="plain"),
        pytest.param(' \n\t{"a" : 1}\r\n ', {"a": 1}, id="blanks around"),
        pytest.param('/* c */{"a":1}// end\n', {"a": 1}, id="comments"),
        pytest.param('// c\n{"a":// c\r\n1}', {"a": 1}, id="lines that are comments"),
        pytest.param('{"a"/* c */:/**/1/* / * // */}', {"a": 1}, id="comments within"),
        pytest.param('{"a":"// no comment"}', {"a": "// no comment"}, id="slashes inside a string"),
        pytest.param('"a\x7fb"', "a\x7fb", id="a raw delete character"),
        pytest.param('{"a":"/* no comment */"}', {"a": "/* no comment */"}, id="a comment inside a string"),
        pytest.param(r'"\q"', "q", id="unknown escape"),
        pytest.param(r'"\\q\n"', "\\q\n", id="known escapes beside"),
        pytest.param(r'/**/"\u0000\ud83d\ude00"', "\0😀", id="escaped NUL and a pair of surrogates"),
        pytest.param('{"a":1,"a":2}', {"a": 2}, id="the last of two keys"),
        pytest.param("1e999", "Infinity", id="beyond a float"),
        pytest.param("-1e999", "-Infinity", id="below a float"),
        pytest.param("9" * 5000, "9" * 5000, id="beyond any integer"),
        pytest.param("1.5", 1.5, id="fraction"),
        pytest.param("null", None, id="null"),
    ],
)
def test_is_read(text, value):
    assert read_json(text.encode()) == value


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"{bad", id="not closed"),
        pytest.param(b"  ", id="blanks only"),
        pytest.param(b"{} tail", id="text after"),
        pytest.param(b"{}{}", id="two values"),
        pytest.param(b'{"a":1,}', id="trailing comma"),
        pytest.param(b"\xef\xbb\xbf{}", id="byte order mark"),
        pytest.param(b"[NaN]", id="NaN"),
        pytest.param(b"[-Infinity]", id="infinity"),
        pytest.param(b"01", id="leading zero"),
        pytest.param(b"+1", id="plus sign"),
        pytest.param(b".5", id="no integer part"),
        pytest.param(b'"a\0"', id="raw NUL"),
        pytest.param(b'"a\nb"', id="raw newline in a string"),
        pytest.param(b'"a\x01b"', id="raw control character in a string"),
        pytest.param(b'"a\tb"', id="raw tab in a string"),
        pytest.param(b'{"a\x1f":1}', id="raw control character in a name"),
        pytest.param(b'"\\\x01"', id="escaped raw control character"),
        pytest.param(b"{}\x0b", id="control character after"),
        pytest.param(b"\x0c{}", id="form feed before"),
        pytest.param(b"{}\0", id="NUL after"),
        pytest.param(b"{}// end", id="a comment to the end of the text"),
        pytest.param(b"{}//", id="a comment of nothing"),
        pytest.param(b"// only", id="nothing but a comment"),
        pytest.param(b"{}/", id="a slash"),
        pytest.param(b"/* open {}", id="a comment not closed"),
        pytest.param(b'{"a":1// c\r}', id="a comment that only a carriage return ends"),
        pytest.param(b"# c\n{}", id="a number sign before"),
        pytest.param(b"{} # c\n", id="a number sign after"),
        pytest.param(b'{"a":1 # c\n}', id="a number sign within"),
        pytest.param(b'"\xff"', id="not UTF-8"),
        pytest.param(rb'"\ud800"', id="lone surrogate"),
        pytest.param(b"\x1f\x8b\x08", id="gzip"),
        pytest.param(b"[" * 100_000, id="very deep"),
    ],
)
def test_cannot_be_read(body):
    with pytest.raises(UnreadableRequest):
        read_json(body)


def test_values_are_nested_at_most_100_deep():
    assert read_json(b"[" * 100 + b"]" * 100)
    with pytest.raises(UnreadableRequest):
        read_json(b"[" * 101 + b"]" * 101)


def test_brackets_in_strings_are_not_nesting():
    assert read_json(json.dumps(["[" * 200]).encode()) == ["[" * 200]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner),
    max_leaves=10,
)


@given(json_values, st.booleans())
def test_what_is_written_is_read(value, ascii):
    assert read_json(json.dumps(value, ensure_ascii=ascii).encode()) == value


@given(json_values)
def test_comments_change_nothing(value):
    assert read_json(b"/* * */" + json.dumps(value).encode() + b"//\n") == value


@given(st.text(st.sampled_from('{}[]"\\/*:,0eE.-+ntu \x00é\ud800'), max_size=30))
def test_any_bytes_are_read_or_refused(text):
    with suppress(UnreadableRequest):
        read_json(text.encode(errors="surrogatepass"))


@pytest.mark.parametrize(
    "header", [" application/json ", "Application/JSON\t; charset=utf-8", "application/json,text/html"]
)
def test_a_media_type_is_read_without_what_stands_around_it(header):
    assert media_type(header) == "application/json"


def test_a_media_type_keeps_white_space_that_is_not_ascii():
    assert media_type("application/json\u00a0") == "application/json\u00a0"
