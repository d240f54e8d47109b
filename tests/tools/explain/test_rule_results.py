"""Each rule's verdict is explained by its policy, its message and the facts that it read."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ecf_sandbox.ecf.domain.participants import TrainingStatus
from ecf_sandbox.ecf.editions import GUIDANCE, LIVE
from ecf_sandbox.ecf.rules import change_schedule, participants
from ecf_sandbox.ecf.rules import declarations as rules
from ecf_sandbox.ecf.rules.catalogue import EXAMPLES, RULEBOOKS
from ecf_sandbox.ecf.rules.examples import declarations
from ecf_sandbox.ecf.rules.examples.change_schedule import a_change
from ecf_sandbox.ecf.rules.examples.participants import a_withdrawal
from ecf_sandbox.ecf.service import SERVICE
from ecf_sandbox.state.journal import JudgedAttempt, Verdict
from ecf_sandbox.state.record import replace
from ecf_sandbox.tools.explain.verdicts import evaluation_of, facts_read
from tests.ecf.rules.test_catalogue import SOUND, cases
from tests.tools.explain.golden_files import GOLDEN, check, refused


def judged(book, attempt, edition=LIVE):
    return evaluation_of(
        JudgedAttempt(rulebook=book, attempt=attempt, verdicts=tuple(book.judge(attempt, edition))), SERVICE
    )


@pytest.mark.parametrize(("book", "rule"), cases())
def test_the_example_that_breaks_a_rule_is_explained_as_on_file(book, rule):
    edition = GUIDANCE if rule.in_force(GUIDANCE) else LIVE
    judging = judged(book, SOUND[book.action](**EXAMPLES[rule.id]), edition)

    (broken,) = judging.broken
    check(f"rules/{rule.id}", refused(broken, judging))


def test_no_explanation_is_on_file_for_a_rule_that_is_gone():
    assert {it.stem for it in (GOLDEN / "rules").iterdir()} == set(EXAMPLES)


class TestVerdicts:
    @pytest.mark.parametrize("book", RULEBOOKS, ids=lambda it: it.action)
    def test_list_every_rule_of_the_rulebook_in_its_order(self, book):
        judging = judged(book, SOUND[book.action]())

        assert [it.rule for it in judging.rulings] == [it.id for it in book.rules]
        assert {it.verdict for it in judging.rulings if it.why_not is None} == {Verdict.KEPT}

    def test_name_the_rule_that_ended_the_judgement(self):
        judging = judged(rules.RECORD_DECLARATION, declarations.an_attempt(course="npq-headship"))

        assert judging.rulings[1].why_not == "declaration.npq-course ended the judgement"

    def test_name_the_failures_that_kept_a_rule_quiet(self):
        attempt = declarations.an_attempt(type=None, evidence=None)
        missing = next(it for it in judged(rules.RECORD_DECLARATION, attempt).rulings if "evidence-miss" in it.rule)

        assert missing.verdict is Verdict.NOT_ASKED
        assert "declaration.type-missing" in (missing.why_not or "")

    def test_name_the_switch_of_a_rule_that_is_not_in_force(self):
        last = judged(participants.WITHDRAW, a_withdrawal(started=False), LIVE).rulings[-1]

        assert last.why_not == "not in force in this edition; it is where the switch withdrawal_needs_started is on"


class TestFacts:
    def test_are_what_the_rule_reads_and_nothing_else(self):
        facts = facts_read(rules.before_milestone, declarations.an_attempt(), SERVICE)

        assert {it.name: it.value for it in facts} == {
            "milestone": "retained-1, 2025-01-01 to 2025-03-31",
            "dated": "2025-02-01T10:00:00Z",
        }

    def test_include_what_a_method_of_the_attempt_reads_for_the_rule(self):
        facts = facts_read(change_schedule.invalidates_declarations, a_change(), SERVICE)

        assert {it.name for it in facts} == {"looked_at", "schedule"}

    def test_say_what_is_not_there(self):
        (fact,) = facts_read(participants.unknown, a_withdrawal(user=None), SERVICE)

        assert fact.value == "nothing"

    def test_tell_a_withdrawal_with_its_moment_and_reason(self):
        at = datetime(2025, 1, 31, 9, tzinfo=UTC)
        status = replace(declarations.withdrawn_on(at), state=TrainingStatus.WITHDRAWN)
        facts = facts_read(rules.withdrawn, declarations.an_attempt(status=status), SERVICE)

        assert facts[0].value == "withdrawn since 2025-01-31T09:00:00Z (left-teaching-profession)"
