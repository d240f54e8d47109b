"""What training may not be kept beside other training."""

from __future__ import annotations

from datetime import date

import pytest

from ecf_sandbox.rect.rules.consistency import NotSaved, insist_on_days, insist_on_room
from ecf_sandbox.rect.rules.examples.people import TRAINING
from ecf_sandbox.state.record import replace

# From the first to the last of March.
MARCH = replace(TRAINING, started_on=date(2026, 3, 1), finished_on=date(2026, 3, 31))


@pytest.mark.parametrize(
    ("ends", "fits"),
    [
        pytest.param(date(2026, 2, 28), False, id="the day before it starts"),
        pytest.param(date(2026, 3, 1), True, id="the day on which it starts"),
        pytest.param(None, True, id="open"),
    ],
)
def test_training_does_not_end_before_it_starts(ends, fits):
    training = replace(MARCH, finished_on=ends)

    if fits:
        insist_on_days(training)
    else:
        with pytest.raises(NotSaved, match="until 2026-02-28, and the training would go on from 2026-03-01"):
            insist_on_days(training)


class TestRoom:
    OTHER = replace(MARCH, id="other")

    def test_is_taken_by_other_training_on_the_same_days(self):
        with pytest.raises(NotSaved, match="lasts from 2026-03-01 to 2026-03-31"):
            insist_on_room(MARCH, (self.OTHER,))

    def test_is_taken_by_other_training_without_an_end(self):
        with pytest.raises(NotSaved, match="lasts from 2026-03-01 to an open end"):
            insist_on_room(MARCH, (replace(self.OTHER, finished_on=None),))

    def test_is_left_before_and_after(self):
        insist_on_room(MARCH, (replace(self.OTHER, started_on=date(2026, 4, 1), finished_on=None),))

    def test_is_not_taken_by_itself(self):
        insist_on_room(MARCH, (MARCH,))


def test_the_refusal_names_its_rule_and_no_attribute():
    with pytest.raises(NotSaved) as raised:
        insist_on_room(MARCH, (replace(MARCH, id="other"),))

    assert [(it.title, it.rule) for it in raised.value.refusals] == [("base", "training.overlaps")]
