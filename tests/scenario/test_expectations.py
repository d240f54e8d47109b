"""What a step expects of an answer: a subset of an object, as many items of a list, anything else equal."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecf_sandbox.scenario.player import differences, holds
from ecf_sandbox.scenario.references import references, resolve

json = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text("ab", max_size=2),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=8,
)


@given(json)
def test_everything_holds_what_is_expected_of_itself(value):
    assert holds(value, value)


@given(st.dictionaries(st.sampled_from("abc"), json), st.sampled_from("abc"))
def test_an_object_may_have_more_than_is_expected(value, name):
    expected = {key: it for key, it in value.items() if key != name}

    assert holds(expected, value)


@pytest.mark.parametrize(
    ("expected", "got", "said"),
    [
        pytest.param({"a": 1}, {}, "/a is missing, expected 1", id="a member is missing"),
        pytest.param({"a": {"b": 1}}, {"a": {"b": 2}}, "/a/b is 2, expected 1", id="a value deep inside"),
        pytest.param([1], [1, 2], "the answer is 2 items, expected 1 items", id="a list of another length"),
        pytest.param({"a": 1}, {"a": True}, "/a is true, expected 1", id="true is no number"),
        pytest.param({"a": 1}, [], "the answer is [], not an object", id="a list in place of an object"),
    ],
)
def test_a_difference_says_where_it_is_and_what_was_expected(expected, got, said):
    assert list(differences(expected, got)) == [said]


class TestReferences:
    def test_stand_for_ids_wherever_they_are(self):
        names = {"people.Jane Smith": "id 1", "kept.declaration": "id 2"}

        resolved = resolve({"a": ["/x/${people.Jane Smith}/${ kept.declaration }"], "b": 3}, names)

        assert resolved == {"a": ["/x/id 1/id 2"], "b": 3}

    def test_are_found_wherever_they_are(self):
        assert list(references({"${a}": ["${b.c}", 4, {"x": "y${d}"}]})) == ["a", "b.c", "d"]

    def test_that_name_nothing_are_an_error(self):
        with pytest.raises(KeyError, match="nobody"):
            resolve("${nobody}", {})
