"""How tolerantly the service reads what a client wrote for one attribute."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecf_sandbox.rulebook.values import is_blank, stripped, whole_number


class TestWholeNumber:
    @pytest.mark.parametrize(
        "value",
        [2025, "2025", "2025xyz", "2025.9", " 2025", "\t2025", "+2025", "02025", "2025e1", 2025.9, "2_025", "2025_"],
        ids=repr,
    )
    def test_is_what_the_value_begins_with(self, value):
        assert whole_number(value) == 2025

    @pytest.mark.parametrize(
        "value", ["", "abc", "+ 2025", "_2025", "٢٠٢٥", "\u00a02025", None, math.inf, math.nan], ids=repr
    )
    def test_is_none_where_there_is_no_number(self, value):
        assert whole_number(value) is None

    def test_of_yes_is_one(self):
        assert whole_number(True) == 1

    def test_of_a_text_stops_where_the_number_stops(self):
        assert whole_number("2,025") == 2
        assert whole_number("0x7E9") == 0
        assert whole_number("20__25") == 20

    @given(st.integers(-(10**38), 10**38), st.text().filter(lambda it: not it[:1].isdigit() and not it.startswith("_")))
    def test_does_not_mind_what_follows(self, number, rest):
        assert whole_number(f"{number}{rest}") == number

    @given(st.one_of(st.text(), st.floats(), st.integers(), st.booleans(), st.none()))
    def test_takes_anything(self, value):
        assert whole_number(value) is None or isinstance(whole_number(value), int)

    def test_of_more_digits_than_anybody_counts_is_too_large_for_anything(self):
        assert whole_number("9" * 10_000) > 2**63
        assert whole_number("-" + "9" * 10_000) < -(2**63)

    def test_does_not_mind_zeros_in_front(self):
        assert whole_number("0" * 10_000 + "2025") == 2025
        assert whole_number("-" + "0_" * 100 + "7") == -7
        assert whole_number("0" * 10_000) == 0


class TestBlank:
    @pytest.mark.parametrize("value", [None, "", "  ", "\n", "\u00a0", "\u3000", False], ids=repr)
    def test_says_nothing(self, value):
        assert is_blank(value)

    @pytest.mark.parametrize("value", [0, 0.0, True, "0", "\u200b", "\x1c", "x"], ids=repr)
    def test_is_not_what_says_something(self, value):
        assert not is_blank(value)


class TestStripped:
    def test_loses_ascii_white_space_at_both_ends(self):
        assert stripped(" \t\r\n\f\va b\0 ") == "a b"

    @pytest.mark.parametrize("text", ["\u00a0a", "a\u3000", "\x1ca\x1f", "a\u0085"], ids=repr)
    def test_keeps_all_else(self, text):
        assert stripped(text) == text
