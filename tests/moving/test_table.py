"""The table has every difference that the specification lists, and names rules that there are."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from ecf_sandbox.moving.difference import Step
from ecf_sandbox.moving.table.differences import DIFFERENCES, EVERY_CLIENT
from ecf_sandbox.rulebook.catalogue import catalogue
from ecf_sandbox.services import service_named
from tests.docs.pages import ROOT

ROW = re.compile(r'^\| <a id="(17-\d-\d+)"></a>', re.MULTILINE)
SECTION = re.compile(r"^### 17\.\d .*?(?=^### |^<a id=\"18\">)", re.MULTILINE | re.DOTALL)
# Of the DfE, not of a provider.
NO_CLIENTS = {"eligibility.cohort-closed"}
OLD, NEW = catalogue(service_named("ecf")), catalogue(service_named("rect"))


def specification() -> str:
    return (ROOT / "docs" / "behaviour" / "rect.md").read_text()


def test_every_line_of_the_specification_that_tells_a_difference_has_an_anchor():
    lines = [it for section in SECTION.findall(specification()) for it in section.splitlines() if it.startswith("| ")]
    rows = [it for it in lines if not it.startswith(("| ECF v3 |", "| --- "))]

    assert len(rows) == 64
    assert [it for it in rows if not ROW.match(it)] == []


def test_every_difference_of_the_specification_is_in_the_table_or_said_to_every_client():
    sources = {it.source for it in DIFFERENCES} | set(EVERY_CLIENT)

    assert set(ROW.findall(specification())) - {it.partition("#")[2] for it in sources} == set()


def test_no_two_differences_have_one_id():
    assert [id for id, times in Counter(it.id for it in DIFFERENCES).items() if times > 1] == []


def test_the_rules_that_it_names_are_those_of_the_services():
    old, new = {it.id for it in OLD}, {it.id for it in NEW}

    assert {rule for it in DIFFERENCES for rule in it.lifts | it.rephrases | it.restates} <= old
    assert {rule for it in DIFFERENCES for rule in it.refuses} <= new


def test_an_old_rule_that_the_new_service_words_otherwise_or_has_not_got_is_in_it():
    texts = {(it.field, it.message) for it in NEW}
    told = {rule for it in DIFFERENCES for rule in it.lifts | it.rephrases | it.restates}
    # Its text is found by its beginning.
    by_text = {"voiding.cohort-closed"}

    other = {it.id for it in OLD if (it.field, it.message) not in texts}
    assert other - told == NO_CLIENTS | by_text


@pytest.mark.parametrize("difference", DIFFERENCES, ids=lambda it: it.id)
class TestADifference:
    def test_can_be_found(self, difference):
        by_rules = difference.refuses | difference.lifts | difference.rephrases | difference.restates

        assert difference.change or difference.places or by_rules or difference.id == "other-errors"

    def test_says_what_to_do(self, difference):
        assert all((difference.old, difference.new, difference.remedy))
        assert difference.remedy.endswith(".")

    def test_belongs_to_a_step_exactly_if_it_changes_requests(self, difference):
        assert (difference.step in tuple(Step)) == (difference.change is not None)
