"""Names with brackets, as in behaviour/http-and-partnerships.md#b8 and in recordings."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecf_sandbox.api.form_body import read_pairs
from ecf_sandbox.rulebook.refusals import UnreadableRequest


def query(text: str):
    return read_pairs(text.encode(), b"&;")


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        pytest.param("a=1&b=2", {"a": "1", "b": "2"}, id="plain"),
        pytest.param("a=1; b=2", {"a": "1", "b": "2"}, id="semicolon and blank"),
        pytest.param("a", {"a": None}, id="no equals sign"),
        pytest.param("a=", {"a": ""}, id="no value"),
        pytest.param("a=b=c", {"a": "b=c"}, id="second equals sign"),
        pytest.param("a=1+2%20%C3%A9", {"a": "1 2 é"}, id="escapes"),
        pytest.param("a[b]=1&a[c]=2", {"a": {"b": "1", "c": "2"}}, id="object"),
        pytest.param("a%5Bb%5D=1", {"a": {"b": "1"}}, id="escaped brackets"),
        pytest.param("a[b][c]=1", {"a": {"b": {"c": "1"}}}, id="deeper object"),
        pytest.param("a[]=1&a[]=2", {"a": ["1", "2"]}, id="list"),
        pytest.param("a[][b]=1&a[][c]=2", {"a": [{"b": "1", "c": "2"}]}, id="one object in a list"),
        pytest.param("a[][b]=1&a[][b]=2", {"a": [{"b": "1"}, {"b": "2"}]}, id="two objects in a list"),
        pytest.param("a[][]=1", {"a": [["1"]]}, id="list in a list"),
        pytest.param("a=1&a=2", {"a": "2"}, id="the last wins"),
        pytest.param("a[b]=1&a=2", {"a": "2"}, id="a scalar replaces an object"),
        pytest.param("a&a[b]=1", {"a": {"b": "1"}}, id="nothing gives way to an object"),
        pytest.param("a[b=1", {"a": {"b": "1"}}, id="unclosed bracket"),
        pytest.param("a[b]]=1", {"a": {"b": "1"}}, id="bracket closed twice"),
        pytest.param("a[b]x=1", {"a": {"b": {"x": "1"}}}, id="text after the bracket"),
        pytest.param("a[=1", {"a[": "1"}, id="bracket only opened"),
        pytest.param("=1&[]=1&&", {}, id="no names"),
        pytest.param("", {}, id="empty"),
    ],
)
def test_means(text, meaning):
    assert query(text) == meaning


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a=1&a[b]=2", id="object after scalar"),
        pytest.param("a[]=1&a[b]=2", id="object after list"),
        pytest.param("a[b]=1&a[]=2", id="list after object"),
        pytest.param("a=%zz", id="bad escape"),
        pytest.param("a=%", id="lone percent sign"),
        pytest.param("%ff=1", id="name not UTF-8"),
        pytest.param("a=%C0%80", id="overlong NUL"),
    ],
)
def test_cannot_be_read(text):
    with pytest.raises(UnreadableRequest):
        query(text)


def test_names_are_at_most_99_deep():
    assert query("a" + "[a]" * 99 + "=1")
    with pytest.raises(UnreadableRequest):
        query("a" + "[a]" * 100 + "=1")


def test_there_are_at_most_4096_pairs():
    assert query("&".join(["a"] * 4096)) == {"a": None}
    with pytest.raises(UnreadableRequest):
        query("&".join(["a"] * 4097))


@given(st.text(st.sampled_from("ab[]=&;%2+é \0"), max_size=40))
def test_any_text_is_read_or_refused(text):
    with suppress(UnreadableRequest):
        assert isinstance(query(text), dict)


@given(st.dictionaries(st.text("abc", min_size=1), st.text("xyz1")))
def test_what_is_written_is_read(pairs):
    assert query("&".join(f"{name}={value}" for name, value in pairs.items())) == pairs
