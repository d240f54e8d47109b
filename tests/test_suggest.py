"""What is said to whoever mistypes a name: short, at once, and never the name itself."""

from __future__ import annotations

import ast
import sys
from difflib import SequenceMatcher, get_close_matches
from itertools import count
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecf_sandbox.suggest import alike, did_you_mean, nearest

PACKAGE = Path(__file__).resolve().parents[1] / "sandbox" / "ecf_sandbox"
NAMES = st.text(max_size=120) | st.text("abc", max_size=8)
CHOICES = st.lists(NAMES, max_size=30)


class TestDidYouMean:
    @pytest.mark.parametrize(
        ("choices", "said"),
        [
            pytest.param(("october", "september"), "'septembr'; did you mean 'september'?", id="one is near"),
            pytest.param(("one", "two"), "'septembr'; choose from one, two", id="none is near"),
            pytest.param((), "'septembr'; there are none", id="there are none"),
            pytest.param(
                map(str, range(13)), "'septembr'; choose from 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, …", id="many"
            ),
        ],
    )
    def test_it_names_the_nearest_or_the_choices(self, choices, said):
        assert did_you_mean("septembr", choices) == said

    def test_a_value_that_is_no_text_is_compared_as_it_is_written(self):
        assert did_you_mean(20255, (2024, 2025)) == "'20255'; did you mean '2025'?"

    def test_characters_that_would_break_the_line_are_escaped(self):
        assert did_you_mean("a\nb\x1b", ()) == r"'a\nb\x1b'; there are none"

    @given(CHOICES.filter(bool), st.data())
    def test_an_exact_choice_is_not_suggested_as_a_mistake(self, choices, data):
        name = data.draw(st.sampled_from(choices))

        assert did_you_mean(name, choices) == did_you_mean(name, [it for it in choices if it != name])

    @given(NAMES, CHOICES)
    def test_the_text_is_one_line_and_short(self, name, choices):
        said = did_you_mean(name, choices)

        assert len(said) < 2500
        assert not {"\n", "\r"} & set(said.partition("; choose from")[0])


class TestNearest:
    @given(NAMES, CHOICES)
    def test_it_is_one_of_the_choices_or_none(self, name, choices):
        assert nearest(name, choices) in {None, *choices}

    @given(CHOICES.filter(bool), st.data())
    def test_a_choice_is_nearest_to_itself(self, choices, data):
        short = [it[:100] for it in choices]
        name = data.draw(st.sampled_from(short))

        assert nearest(name, short) == name

    def test_how_alike_it_must_be_can_be_said(self):
        assert nearest("cohorte", ("cohort",), least=0.9) == "cohort"
        assert nearest("cohorte", ("cohort",), least=0.95) is None

    @given(NAMES, CHOICES, st.integers(1, 4))
    def test_several_are_distinct_choices_and_no_more_than_asked_for(self, name, choices, most):
        found = alike(name, choices, most=most)

        assert len(found) == len(set(found)) <= most
        assert set(found) <= set(choices)
        assert found[:1] == ([near] if (near := nearest(name, choices)) is not None else [])


class TestBounds:
    @pytest.mark.parametrize("character", ["x", "\x00", "'"])
    def test_a_name_of_ten_million_characters_is_answered_at_once_and_shortly(self, character):
        began = process_time()
        said = did_you_mean(character * 10_000_000, ["alpha", "beta", character * 10_000_000 + "y"])

        assert process_time() - began < 1
        assert len(said) < 2500

    def test_choices_without_end_are_cut(self):
        assert did_you_mean("Jane", count()).startswith("'Jane'; choose from 0, 1, ")
        assert nearest("Jane", map(str, count())) is None


def test_difflib_is_used_nowhere_else_and_only_for_a_mistake():
    using = {
        path.relative_to(PACKAGE).as_posix(): node.col_offset
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Import | ast.ImportFrom) and "difflib" in ast.unparse(node)
    }

    assert list(using) == ["suggest.py"]
    assert using["suggest.py"] > 0  # within a function


@given(
    NAMES,
    st.lists(NAMES, max_size=30, unique_by=lambda it: it[:100]),
    st.integers(1, 4),
    st.sampled_from((0.1, 0.55, 0.8)),
)
def test_the_nearest_are_those_that_the_standard_library_finds(name, choices, most, least):
    by_start = {it[:100]: it for it in choices}

    expected = [by_start[it] for it in get_close_matches(name[:100], by_start, n=most, cutoff=least)]

    assert alike(name, choices, most=most, least=least) == expected


def test_most_choices_need_no_comparison():
    choices = [f"/api/v3/participants/{a}{b}" for a in "abcdefgh" for b in "ijklmnop"]
    compared = 0

    def called(frame, _event, _argument):
        nonlocal compared
        compared += frame.f_code is SequenceMatcher.ratio.__code__

    before = sys.getprofile()
    sys.setprofile(called)
    try:
        found = nearest("/api/v3/participants/cm", choices)
    finally:
        sys.setprofile(before)

    assert found == "/api/v3/participants/cm"
    assert 0 < compared < len(choices) / 4
