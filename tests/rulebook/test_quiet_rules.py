"""A rule may be quiet after a failure of some fields only."""

from __future__ import annotations

from ecf_sandbox.rulebook.rule import Rulebook, rule
from ecf_sandbox.state.editions import Edition

EDITION = Edition(name="one", switches={})


def asking(id, field, *, breaks, **how):
    def predicate(_):
        """Nothing is wrong."""
        return breaks

    return rule(id, field=field, detail="no", source="nowhere", **how)(predicate)


def judged(*rules):
    return {it.id: broken for it, broken in Rulebook("act", rules).judge(None, EDITION)}


def test_it_is_not_asked_after_one_of_its_fields_failed():
    verdicts = judged(
        asking("first", "date", breaks=True),
        asking("of the same", "date", breaks=True, quiet_after=("date",)),
        asking("of another", "type", breaks=True, quiet_after=("cohort",)),
    )

    assert verdicts == {"first": True, "of the same": None, "of another": True}


def test_it_is_asked_after_one_of_its_fields_was_kept():
    verdicts = judged(
        asking("first", "date", breaks=False), asking("second", "date", breaks=True, quiet_after=("date",))
    )

    assert verdicts == {"first": False, "second": True}


def test_what_was_not_asked_silences_nobody():
    verdicts = judged(
        asking("first", "date", breaks=True),
        asking("second", "type", breaks=True, when_clean=True),
        asking("third", "cohort", breaks=True, quiet_after=("type",)),
    )

    assert verdicts == {"first": True, "second": None, "third": True}
