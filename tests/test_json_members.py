"""A member that an object has twice is found in every text that is JSON, and nothing else is."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecf_sandbox.json_members import repeated_members

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=10,
)


@given(VALUES, st.text(max_size=5), st.booleans())
def test_what_was_written_of_a_value_has_none_and_what_was_doubled_is_found(value, name, ascii):
    one = json.dumps(name, ensure_ascii=ascii)
    inner = json.dumps(value, ensure_ascii=ascii)

    assert repeated_members(inner) == []
    assert repeated_members(f"[{{{one}: {inner}, {json.dumps(name)}: {inner}}}]") == [name]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param('{"a": 1, "b": 2, "b": 2, "a": 3, "a": 4}', ["a", "b"], id="several"),
        pytest.param('{"a": {"x": 1, "x": 2}, "b": {"x": 1, "x": 2}}', ["x"], id="the same in two objects"),
        pytest.param('{"a": {"a": {"a": 1}}}', [], id="one in the other"),
        pytest.param('{"a": ' + "9" * 5000 + ', "a": 1}', ["a"], id="a long number"),
        pytest.param('{"a": 1, "a": 2', [], id="no JSON"),
        pytest.param("[" * 100_000, [], id="nested deep"),
        pytest.param(b'\xff{"a": 1}', [], id="no text"),
    ],
)
def test_each_name_is_found_once(text, found):
    assert repeated_members(text) == found
