"""Every rule of RECT has an id, a policy and an example, which breaks it and nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, get_args, get_type_hints

import pytest

from ecf_sandbox.rect.editions import GUIDANCE, SWITCHES
from ecf_sandbox.rect.rules import catalogue as it
from ecf_sandbox.rect.rules.change_schedule import CHANGE_SCHEDULE
from ecf_sandbox.rect.rules.declarations import RECORD_DECLARATION
from ecf_sandbox.rect.rules.examples import change_schedule, declarations, participants, partnerships, voiding
from ecf_sandbox.rect.rules.participants import DEFER, RESUME, WITHDRAW
from ecf_sandbox.rect.rules.partnerships import CREATE_PARTNERSHIP, UPDATE_PARTNERSHIP
from ecf_sandbox.rect.rules.voiding import VOID_DECLARATION
from ecf_sandbox.rect.service import SERVICE
from ecf_sandbox.rulebook import catalogue
from ecf_sandbox.state.record import replace
from tests.docs.pages import ROOT

SOUND: dict[str, Callable[..., Any]] = {
    RECORD_DECLARATION.action: declarations.an_attempt,
    VOID_DECLARATION.action: voiding.an_attempt,
    DEFER.action: participants.a_deferral,
    WITHDRAW.action: participants.a_withdrawal,
    RESUME.action: participants.a_resumption,
    CHANGE_SCHEDULE.action: change_schedule.a_change,
    CREATE_PARTNERSHIP.action: partnerships.an_attempt,
    UPDATE_PARTNERSHIP.action: partnerships.an_update,
}
EVERY = [pytest.param(book, rule, id=f"{book.action}: {rule.id}") for book in it.RULEBOOKS for rule in book.rules]


def optional(attempt: type[Any]) -> list[str]:
    """What an attempt may lack."""
    return [name for name, hint in get_type_hints(attempt).items() if type(None) in get_args(hint)]


@pytest.mark.parametrize("book", it.RULEBOOKS, ids=lambda book: book.action)
def test_the_sound_attempt_of_a_rulebook_breaks_nothing(book):
    sound = SOUND[book.action]()

    assert [rule.id for rule, broken in book.judge(sound, GUIDANCE) if broken] == []


@pytest.mark.parametrize(("book", "rule"), EVERY)
class TestEveryRule:
    def test_is_broken_by_its_example_and_by_that_alone(self, book, rule):
        attempt = SOUND[book.action](**it.EXAMPLES[rule.id])

        assert [rule.id for rule, broken in book.judge(attempt, GUIDANCE) if broken] == [rule.id]

    def test_can_be_asked_by_itself_whatever_is_missing(self, book, rule):
        attempt = SOUND[book.action](**it.EXAMPLES[rule.id])

        for name in optional(type(attempt)):
            assert isinstance(rule.broken_by(replace(attempt, **{name: None})), bool), name

    def test_states_a_policy_in_a_sentence(self, book, rule):
        assert rule.policy.endswith(".")

    def test_says_where_it_comes_from(self, book, rule):
        assert re.match(r"behaviour/rect\.md#\d", rule.source)

    def test_hangs_on_switches_that_exist(self, book, rule):
        assert {rule.switch, rule.unless} - {None} <= SWITCHES.keys()


def test_no_two_rules_share_an_id():
    rules = {id(rule): rule.id for book in it.RULEBOOKS for rule in book.rules}

    assert len(set(rules.values())) == len(rules)


def test_no_example_is_for_a_rule_that_is_gone():
    assert it.EXAMPLES.keys() == {rule.id for book in it.RULEBOOKS for rule in book.rules}


def test_the_catalogue_shows_an_example_of_every_rule():
    assert all(entry.example for entry in catalogue.catalogue(SERVICE))


def test_the_printed_page_has_the_actions_in_this_order():
    page = (ROOT / "docs" / "rect-rules.md").read_text(encoding="utf-8")

    assert [book.action.capitalize() for book in it.RULEBOOKS] == re.findall(r"^## (.+)$", page, re.MULTILINE)
