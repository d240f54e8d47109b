"""Strategies: each example of their documentation runs, and what is drawn is what it says to be."""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from contextlib import suppress
from datetime import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import data

from ecf_sandbox.ecf.properties.situations import SITUATIONS
from ecf_sandbox.ecf.properties.unsound import BREAKS
from ecf_sandbox.ecf.rules.catalogue import RULEBOOKS
from ecf_sandbox.testing import strategies
from ecf_sandbox.testing.strategies import participants, queries, sound_requests, unsound_requests, worlds
from tests.effort import examples

DRAWN = settings(max_examples=examples(60), suppress_health_check=list(HealthCheck), deadline=None)
# What the default world has nobody, no school or no past for.
NOT_IN_THE_DEFAULT_WORLD = {"partnership.school-not-yet-confirmed"}
# What cannot be broken alone by a client: it takes records that no sequence of events leads to, or breaks others too.
NEVER_ALONE = {
    "declaration.duplicate-in-closed-cohort",
    "declaration.training-record-unknown",
    "eligibility.cohort-closed",  # an event's rule, which no request breaks
    "participant.training-record-unknown",
    "partnership.relationship-exists",
    "schedule.no-programme",
    "schedule.no-school-cohort",
    "voiding.already-refunded",
}
PUBLIC = {
    name: it
    for name, it in vars(strategies).items()
    if inspect.isfunction(it) and it.__module__ == strategies.__name__ and "@given" in (it.__doc__ or "")
}
BESIDE = {"data": data, "given": given, "suppress": suppress, "datetime": datetime}


def example_of(strategy):
    """The code in the docstring of a strategy: what is indented at its end."""
    return textwrap.dedent(re.search(r"^ +@given.*", strategy.__doc__, re.MULTILINE | re.DOTALL)[0])


@pytest.mark.parametrize("name", PUBLIC)
def test_the_example_of_a_strategy_holds(name):
    scope = vars(strategies) | BESIDE
    code = example_of(PUBLIC[name])
    exec(compile(ast.parse(code), f"the example of {name}", "exec"), scope)
    (test,) = (it for key, it in scope.items() if key.startswith("test_"))

    DRAWN(test)()


def test_what_draws_is_public_and_has_an_example():
    made = {
        name
        for name, it in vars(strategies).items()
        if inspect.isfunction(it) and "SearchStrategy" in str(it.__annotations__.get("return"))
    }

    assert {it for it in made if not it.startswith("_")} == {*PUBLIC} - {"situations"}


@pytest.mark.parametrize("name", PUBLIC)
def test_a_strategy_is_typed_and_documented(name):
    signature = inspect.signature(PUBLIC[name])

    assert signature.return_annotation is not inspect.Signature.empty
    assert all(it.annotation is not inspect.Parameter.empty for it in signature.parameters.values())


def test_it_is_known_of_every_rule_whether_a_client_can_break_it_alone():
    assert {*BREAKS} | NEVER_ALONE == {it.id for book in RULEBOOKS for it in book.rules}


@pytest.mark.slow
@pytest.mark.parametrize("rule", sorted({*BREAKS} - NOT_IN_THE_DEFAULT_WORLD))
def test_an_unsound_request_is_refused_by_its_rule_and_no_other(rule):
    broken = []

    @settings(DRAWN, max_examples=10)
    @given(data=data(), world=worlds("default"))
    def draws(data, world):
        provider = data.draw(st.sampled_from(sorted(world.tokens)))
        unsound = data.draw(unsound_requests(world, rule, provider=provider))
        request = unsound.request
        answer = world.client.request(request.method, request.target, request.body, provider=provider)
        broken.append(rule)
        assert answer.status == 422
        assert {*answer.rules} == {rule, *unsound.beside}
        assert world.world.state is world.world.baseline or not world.journal[-1].changes

    draws()
    assert broken


@settings(DRAWN)
@given(data=data(), world=worlds())
def test_a_sound_request_is_accepted_in_a_drawn_world(data, world):
    request = data.draw(sound_requests(world))
    answer = world.client.request(request.method, request.target, request.body)

    assert answer.status == 200, answer


@settings(DRAWN)
@given(data=data(), world=worlds("default"))
def test_every_query_is_answered_and_the_observer_finds_no_error_in_it(data, world):
    answer = world.client.get(data.draw(queries(world)))

    assert answer.status == 200
    assert [it for it in world.findings if it.severity == "error"] == []


@pytest.mark.slow
@pytest.mark.parametrize("situation", SITUATIONS)
def test_somebody_in_each_situation_is_shown(situation):
    @settings(DRAWN, max_examples=5)
    @given(data=data(), world=worlds("default"))
    def draws(data, world):
        somebody = data.draw(participants(world, situation))
        path = "unfunded-mentors/ecf" if situation == "unfunded mentor" else "participants/ecf"
        assert world.client.get(f"/api/v3/{path}/{somebody.id}").json["data"]["id"] == somebody.id

    draws()


@settings(DRAWN, max_examples=examples(200))
@given(world=worlds())
def test_a_drawn_world_begins_as_a_scenario_file_may(world):
    assert len(world.people) >= 1
    assert world.client.get("/api/v3/participants/ecf").status == 200


@pytest.mark.parametrize(
    "ask",
    [
        pytest.param(lambda world: participants(world, "asleep"), id="a situation"),
        pytest.param(lambda world: unsound_requests(world, "declaration.nonsense"), id="a rule"),
        pytest.param(lambda world: sound_requests(world, "makeTea"), id="a write"),
        pytest.param(lambda world: queries(world, "teachers"), id="a list"),
    ],
)
def test_what_is_not_known_is_named_with_what_is(ask):
    with pytest.raises(KeyError, match="there are"):
        ask(strategies.place().named(strategies.Setting()))


@settings(DRAWN, max_examples=5)
@given(world=worlds(edition="live"))
def test_a_drawn_world_is_in_the_edition_that_was_chosen(world):
    assert world.edition == "live"


def test_a_drawn_world_has_a_moment_of_its_own():
    with pytest.raises(ValueError, match="give a scenario with now"):
        worlds(now="2026-10-12")
