"""Each rulebook has the steps of its ledger in the specification: the same titles and texts, in the same order."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest

from ecf_sandbox.rect.rules.change_schedule import CHANGE_SCHEDULE
from ecf_sandbox.rect.rules.declarations import RECORD_DECLARATION
from ecf_sandbox.rect.rules.participants import DEFER, RESUME, WITHDRAW
from ecf_sandbox.rect.rules.partnerships import CREATE_PARTNERSHIP, UPDATE_PARTNERSHIP
from tests.docs.pages import ROOT

SPECIFICATION = ROOT / "docs" / "behaviour" / "rect.md"
FIELDS = {
    "participant": "participant_id",
    "course": "course_identifier",
    "type": "declaration_type",
    "date": "declaration_date",
    "cohort": "cohort",
}
# What the ledger of declarations says elsewhere: 8 in 11.6, and 14, which is two, in 11.5. Where a date cannot be
# compared, the service ends in 9 with its own error (11.4).
ELSEWHERE = {
    "declaration.evidence-missing": 14,
    "declaration.evidence-unknown": 14,
    "declaration.date-not-comparable": 9,
}


@dataclass(frozen=True)
class Step:
    """A row of a ledger."""

    name: str
    title: str
    runs: str
    detail: str


def ledger(*sections: str) -> list[Step]:
    """The steps of the tables of these sections, with what they refer to put in its place."""
    text = SPECIFICATION.read_text(encoding="utf-8")
    found: list[Step] = []
    for section in sections:
        _, _, rest = text.partition(f"\n### {section} ")
        table = rest.partition("\n### ")[0].partition("\n## ")[0]
        rows = [[cell.strip() for cell in line.strip("| ").split(" | ")] for line in table.splitlines() if "|" in line]
        heads = next(row for row in rows if "title" in row)
        for row in rows[rows.index(heads) + 2 :]:
            cells = dict(zip(heads, row, strict=False))
            title = found[-1].title if cells["title"] == "same" else cells["title"].strip("`")
            name = re.sub(r"<.*?>", "", cells.get("#", ""))
            runs = next((cells[it] for it in ("runs", "runs when") if it in cells), "")
            found.append(Step(name, title, runs, _text(cells["detail"], found)))
    return found


def _text(detail: str, before: list[Step]) -> str:
    if quoted := re.match(r"`(.*)`", detail):
        return quoted[1]
    referred = re.fullmatch(r"(?:text of|as) (\w+)", detail)
    same = next((it.detail for it in before if referred and it.name == referred[1]), None)
    return same or detail


def texts(steps: list[Step]) -> list[tuple[str, str]]:
    return [(it.title, unfilled(it.detail)) for it in steps]


def told(rules) -> list[tuple[str, str]]:
    return [(it.field, unfilled(it.detail)) for it in rules]


def unfilled(detail: str) -> str:
    """A text with gaps where a cohort or a moment is put in, whatever they are called."""
    return re.sub(r"\{[^}]*\}", "{}", detail)


@pytest.mark.parametrize(
    ("rulebook", "sections"),
    [
        pytest.param(DEFER, ("10.1", "10.2"), id="defer"),
        pytest.param(RESUME, ("10.1", "10.4"), id="resume"),
        pytest.param(CHANGE_SCHEDULE, ("10.1", "10.5"), id="change schedule"),
        pytest.param(CREATE_PARTNERSHIP, ("13.1",), id="create a partnership"),
    ],
)
def test_a_rulebook_has_the_steps_of_its_ledger_in_order(rulebook, sections):
    assert told(rulebook.rules) == texts(ledger(*sections))


def test_a_withdrawal_on_the_first_day_is_refused_as_a_deferral_is():
    steps = ledger("10.1", "10.2", "10.3")

    assert told(WITHDRAW.rules) == texts([*steps[:2], *steps[8:]])


@pytest.mark.parametrize("rulebook", [DEFER, RESUME, WITHDRAW, CHANGE_SCHEDULE], ids=lambda it: it.action)
def test_of_what_is_wrong_with_one_attribute_of_an_action_the_first_is_told(rulebook):
    for n, rule in enumerate(rulebook.rules):
        is_first = all(it.field != rule.field for it in rulebook.rules[:n])

        assert is_first or rule.when_clean or rule.quiet_after == (rule.field,)


def test_of_what_is_wrong_with_one_attribute_of_a_partnership_the_first_is_told_but_for_the_last_two():
    """Sections 13.1 and 13.2."""
    for n, rule in enumerate(CREATE_PARTNERSHIP.rules):
        is_first = all(it.field != rule.field for it in CREATE_PARTNERSHIP.rules[:n])

        assert rule.quiet_after == (() if is_first or n >= len(CREATE_PARTNERSHIP.rules) - 2 else (rule.field,))
    assert [it.quiet_after for it in UPDATE_PARTNERSHIP.rules] == [(), *[("delivery_partner_id",)] * 3]


def test_a_partner_is_judged_for_an_update_as_for_a_new_partnership_and_then_against_what_is_there():
    """Section 13.2."""
    partner = [it for it in CREATE_PARTNERSHIP.rules if it.field == "delivery_partner_id"]

    assert list(UPDATE_PARTNERSHIP.rules[:-1]) == partner
    assert UPDATE_PARTNERSHIP.rules[-1].id == "partnership.delivery-partner-already-there"


class TestDeclarations:
    """Their ledger (11.2) says of each step what it is skipped for."""

    STEPS = ledger("11.2")

    @pytest.fixture
    def steps(self):
        """Each rule with its step."""
        found = []
        for rule in RECORD_DECLARATION.rules:
            number = ELSEWHERE.get(rule.id)
            step = next((it for it in self.STEPS if it.detail.startswith(rule.detail.partition("{")[0])), None)
            if rule.id == "declaration.never-trained":  # which has the text of another
                step = self.STEPS[-1]
            found.append((rule, self.STEPS[number - 1] if number else step))
        return found

    def test_are_refused_in_the_order_of_the_ledger(self, steps):
        numbers = [int(step.name) for _, step in steps]

        assert numbers == sorted(numbers)
        assert set(numbers) == set(range(1, 21))
        assert next(rule.id for rule, step in steps if step.name == "9") == "declaration.date-not-comparable"

    def test_have_the_titles_and_texts_of_the_ledger(self, steps):
        for rule, step in steps:
            assert rule.field == step.title
            if rule.id not in ELSEWHERE:
                assert told([rule]) == texts([step])

    def test_are_spared_what_the_ledger_skips(self, steps):
        for rule, step in steps:
            runs = self.STEPS[9].runs if step.runs.startswith("same as 10") else step.runs
            skipped_for = (
                runs.removeprefix("no error on ").partition(";")[0].split(", ") if "no error on" in runs else []
            )

            assert rule.when_clean == runs.startswith("alone"), rule.id
            if step.name != "2":  # which is skipped where 1 was broken, so for the participant
                assert set(rule.quiet_after) == {FIELDS[it] for it in skipped_for}, rule.id

    def test_evidence_that_is_missing_is_not_called_unknown(self):
        names = [it.id for it in RECORD_DECLARATION.rules]

        assert names.index("declaration.evidence-missing") < names.index("declaration.evidence-unknown")
