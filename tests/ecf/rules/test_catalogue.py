"""Every rule has an id, a policy and an example, which breaks it and nothing else."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeGuard

import pytest

import ecf_sandbox
from ecf_sandbox.ecf.editions import GUIDANCE, LIVE, SWITCHES
from ecf_sandbox.ecf.rules import catalogue as it
from ecf_sandbox.ecf.rules.change_schedule import CHANGE_SCHEDULE
from ecf_sandbox.ecf.rules.examples import (
    becoming_eligible,
    change_schedule,
    declarations,
    participants,
    partnerships,
    voiding,
)
from ecf_sandbox.ecf.rules.participants import DEFER, RESUME, WITHDRAW
from ecf_sandbox.ecf.service import SERVICE
from ecf_sandbox.rulebook import catalogue
from ecf_sandbox.rulebook.rule import Rulebook

SOUND: dict[str, Callable[..., Any]] = {
    "record a declaration": declarations.an_attempt,
    "void a declaration": voiding.an_attempt,
    "make a declaration eligible": becoming_eligible.an_attempt,
    DEFER.action: participants.a_deferral,
    RESUME.action: participants.a_resumption,
    WITHDRAW.action: participants.a_withdrawal,
    CHANGE_SCHEDULE.action: change_schedule.a_change,
    "confirm a partnership": partnerships.an_attempt,
    "update a partnership": partnerships.an_attempt,
}


def cases() -> list[Any]:
    """Each rule with the first rulebook that has it."""
    first: dict[str, Any] = {}
    for book in it.RULEBOOKS:
        for rule in book.rules:
            first.setdefault(rule.id, pytest.param(book, rule, id=rule.id))
    return list(first.values())


@pytest.mark.parametrize("book", it.RULEBOOKS, ids=lambda book: book.action)
def test_the_sound_attempt_of_a_rulebook_breaks_nothing(book):
    sound = SOUND[book.action]()

    assert [rule.id for rule in book.rules if rule.broken_by(sound)] == []


def test_nothing_but_the_rules_and_their_examples_writes_an_id_out():
    """Else advice for a rule would be lost without a word when it is renamed."""
    ids = {rule.id for book in it.RULEBOOKS for rule in book.rules}
    package = Path(ecf_sandbox.__file__).parent
    written = {
        file.relative_to(package).as_posix(): found
        for file in package.rglob("*.py")
        # Another service may call its own rules the same; what moves from this one to another is told by rules of both,
        # and tests/moving holds each that it names against the rulebooks.
        if {"rules", "moving"}.isdisjoint(file.relative_to(package).parts)
        and (found := ids & {node.value for node in ast.walk(ast.parse(file.read_text())) if is_text(node)})
    }

    assert written == {}


def is_text(node: ast.AST) -> TypeGuard[Any]:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


@pytest.mark.parametrize(("book", "rule"), cases())
class TestEveryRule:
    def test_is_broken_by_its_example_and_by_that_alone(self, book: Rulebook[Any], rule):
        attempt = SOUND[book.action](**it.EXAMPLES[rule.id])
        edition = GUIDANCE if rule.in_force(GUIDANCE) else LIVE

        assert [rule.id for rule, broken in book.judge(attempt, edition) if broken] == [rule.id]

    def test_states_a_policy_in_a_sentence(self, book, rule):
        assert rule.policy
        assert rule.policy.endswith(".")

    def test_says_where_it_comes_from(self, book, rule):
        assert rule.source

    def test_hangs_on_switches_that_exist(self, book, rule):
        assert {rule.switch, rule.unless} - {None} <= SWITCHES.keys()


def test_the_page_links_what_a_source_cites():
    page = catalogue.as_markdown(catalogue.catalogue(SERVICE), SERVICE)

    assert "[participants.md#7-2-s1](behaviour/participants.md#7-2-s1)" in page
    assert "[guidance](behaviour/README.md#the-guidance): Notify DfE a participant has resumed training" in page


def test_no_two_rules_share_an_id():
    rules = {id(rule): rule.id for book in it.RULEBOOKS for rule in book.rules}

    assert len(set(rules.values())) == len(rules)


def test_no_example_is_for_a_rule_that_is_gone():
    assert it.EXAMPLES.keys() == {rule.id for book in it.RULEBOOKS for rule in book.rules}


def test_the_catalogue_lists_every_rule_once():
    ids = [entry.id for entry in catalogue.catalogue(SERVICE)]

    assert sorted(ids) == sorted(it.EXAMPLES)
    assert all(entry.example for entry in catalogue.catalogue(SERVICE))


def test_the_difference_between_editions_is_computed_from_the_rulebooks():
    hanging = {name: rules for name, _, _, rules in catalogue.edition_differences(SERVICE)}

    assert hanging["withdrawal_needs_started"] == ("withdrawal.not-started",)
    assert hanging["withdrawn_may_resume"] == ("resumption.withdrawn",)
    assert hanging.keys() == SWITCHES.keys()
