"""A described function: its signature describes the parameters, decodes arguments and says what is wrong with them."""

from __future__ import annotations

import inspect
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, Literal, get_args, get_origin

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ecf_sandbox.control.registry import OPERATIONS
from ecf_sandbox.ecf.events.registry import EVENTS
from ecf_sandbox.state.described import DescribedFunction, decode, parameters_of
from ecf_sandbox.state.world import World
from ecf_sandbox.suggest import in_short
from tests.effort import examples


class Tone(StrEnum):
    LOUD = "loud"
    QUIET = "quiet"


class Bells:
    """What the caller provides."""


NOTE = object()
Bell = Annotated[str, NOTE, "which bell"]


def ring(
    bells: Bells,
    bell: Bell,
    with_: Annotated[Bell | None, "which other bell"],
    times: Annotated[int, "how often"] = 1,
    from_tower: str = "",
) -> None:
    """A bell is rung,
    or two.

    Nobody is woken.
    """


RING = DescribedFunction(run=ring, parameters=parameters_of(ring, provided={Bells}))
SOUND = {"bell": "big", "with": None}
WORDS = {"unknown": "ring takes no", "missing": "{} is missing"}


def problems(given):
    return decode(RING.parameters, given, **WORDS)[1]


class TestDescribing:
    def test_the_function_is_described_by_its_docstring(self):
        assert (RING.name, RING.summary) == ("ring", "A bell is rung, or two.")
        assert RING.description == "A bell is rung,\nor two.\n\nNobody is woken."

    def test_what_the_caller_provides_is_no_parameter(self):
        assert [it.name for it in RING.parameters] == ["bell", "with", "times", "from_tower"]

    def test_a_name_that_python_reserves_is_given_without_its_underscore(self):
        assert [(it.name, it.keyword) for it in RING.parameters][1] == ("with", "with_")

    def test_a_parameter_is_described_by_its_outermost_text_or_else_its_name(self):
        assert [it.description for it in RING.parameters] == [
            "which bell",
            "which other bell",
            "how often",
            "from tower",
        ]

    def test_what_is_no_text_in_an_annotation_is_kept_as_a_note(self):
        assert [it.notes for it in RING.parameters] == [(NOTE,), (NOTE,), (), ()]

    def test_what_has_a_default_may_be_left_out(self):
        assert [(it.required, it.default) for it in RING.parameters] == [
            (True, None),
            (True, None),
            (False, 1),
            (False, ""),
        ]

    @pytest.mark.parametrize(
        ("hint", "words"),
        [
            (str, "text"),
            (int | None, "a whole number, or null"),
            (float, "a number"),
            (bool, "true or false"),
            (date, "a date (YYYY-MM-DD)"),
            (datetime, "a moment such as 2026-10-12T09:00:00Z"),
            (dict[str, bool], "an object"),
            (list[Any], "a list"),
            (Tone, "one of loud, quiet"),
            (Literal["on", "off"], "one of on, off"),
            (Any, "any value"),
        ],
    )
    def test_a_type_is_named_in_words(self, hint, words):
        (parameter,) = parameters_of(function({"it": hint}))

        assert parameter.type_name == words


class TestDecoding:
    def test_gives_the_arguments_by_their_keywords(self):
        assert decode(RING.parameters, {**SOUND, "times": "3"}, **WORDS) == (
            {"bell": "big", "with_": None, "times": 3},
            [],
        )

    def test_an_unknown_name_is_answered_with_the_nearest(self):
        assert problems({**SOUND, "tims": 3}) == ["ring takes no 'tims'; did you mean 'times'?"]

    def test_a_name_like_no_other_is_answered_with_all(self):
        assert problems({**SOUND, "zzz": 3}) == ["ring takes no 'zzz'; choose from bell, with, times, from_tower"]

    def test_everything_that_is_wrong_is_said_at_once(self):
        assert problems({"bell": 7, "times": "often", "zzz": 1}) == [
            "bell must be text, not 7",
            "with is missing: which other bell",
            "times must be a whole number, not 'often'",
            "ring takes no 'zzz'; choose from bell, with, times, from_tower",
        ]

    def test_a_value_that_is_nested_too_deep_to_be_shown_is_wrong_like_any_other(self):
        deep = []
        for _ in range(100_000):
            deep = [deep]

        assert problems({**SOUND, "times": deep}) == ["times must be a whole number, not something nested so deep"]


def function(hints, defaults=()):
    """A function with parameters of these types, some of which have None as their default."""

    def run(**arguments):
        return arguments

    kind = inspect.Parameter.KEYWORD_ONLY
    default = {name: None if name in defaults else inspect.Parameter.empty for name in hints}
    run.__signature__ = inspect.Signature([inspect.Parameter(it, kind, default=default[it]) for it in hints])
    run.__annotations__ = dict(hints)
    return run


TYPES = st.sampled_from(
    [str, int, float, bool, date, datetime, Tone, Literal["on", "off"], dict[str, Any], dict[str, bool], list[Any], Any]
)
NAMES = st.sampled_from(["with_", "at", "bell", "bells", "times", "tone"])
functions = st.builds(
    function,
    st.dictionaries(NAMES, TYPES | TYPES.map(lambda it: Annotated[it | None, "what it is"])),
    st.sets(NAMES),
).map(lambda run: parameters_of(run))
ours = st.sampled_from([*EVENTS.values(), *OPERATIONS]).map(lambda it: it.parameters)
json = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(min_value=10**300)
    | st.floats(allow_nan=False)
    | st.text(max_size=8)
    | st.sampled_from(["loud", "on", "3", "1e999", "null", "true", "2025-02-29", "2026-10-12T09:00:00Z", "9999-12-31"])
    | st.datetimes().map(str),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@st.composite
def calls(draw):
    """The parameters of a function, and an object of JSON that mostly has their names."""
    parameters = draw(functions | ours)
    names = st.sampled_from([it.name for it in parameters] or ["bell"]) | st.text(max_size=8)
    return parameters, draw(st.dictionaries(names, json, max_size=6))


def fits(parameter, value):
    """Whether a decoded value is of the type of its parameter."""
    kind = get_origin(parameter.type) or parameter.type
    if (value is None and parameter.nullable) or kind in (Any, World):  # whoever performs it looks the world up
        return True
    if kind is Literal:
        return value in get_args(parameter.type)
    return isinstance(value, kind) and not (kind is int and isinstance(value, bool))


class TestWhateverIsGiven:
    @settings(max_examples=examples(500))
    @given(calls())
    @example((parameters_of(function({"bell": float})), {"bell": 10**400}))
    @example((parameters_of(function({"bell": int})), {"bell": float("1e300")}))
    def test_becomes_arguments_of_the_right_types_or_problems_that_name_only_its_parameters(self, call):
        parameters, given = call

        arguments, wrong = decode(parameters, given, **WORDS)

        assert all(fits(it, arguments[it.keyword]) for it in parameters if it.keyword in arguments)
        known = [it.name for it in parameters]
        unknown = [name for name in given if name not in known]
        assert all(
            it.startswith(f"ring takes no {name!r}")
            for it, name in zip(wrong[len(wrong) - len(unknown) :], unknown, strict=True)
        )
        assert wrong[: len(wrong) - len(unknown)] == [
            f"{it.name} must be {it.type_name}, not {in_short(repr(given[it.name]))}"
            if it.name in given
            else f"{it.name} is missing: {it.description}"
            for it in parameters
            if it.keyword not in arguments and (it.required or it.name in given)
        ]
