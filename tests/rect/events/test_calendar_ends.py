"""The first and the last day that a calendar has, which nothing comes before or after, are days like others."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from ecf_sandbox.rect.actions.passing_time import falls_due
from ecf_sandbox.rect.domain.teachers import TeacherType
from ecf_sandbox.rulebook.refusals import DoesNotFit
from tests.rect.builders import NOON, a_turn, happens, training
from tests.rect.machine.country import id_of


@pytest.mark.parametrize(("event", "name"), [("ect_leaves", "ann"), ("mentor_leaves", "cat")])
class TestTheLastDay:
    def test_ends_training_of_which_the_night_asks(self, event, name):
        with a_turn() as turn:
            happens(turn, event, participant_id=id_of("person", name), finished_on="9999-12-31")
            happens(turn, "nightly_partnership_touch")

            assert training(turn, name, _kind(event))[-1].finished_on == date.max

    def test_makes_nothing_fall_due(self, event, name):
        with a_turn() as turn:
            before = falls_due(turn.records, NOON, datetime(2030, 1, 1, tzinfo=UTC))
            happens(turn, event, participant_id=id_of("person", name), finished_on="9999-12-31")

            after = falls_due(turn.records, NOON, datetime(2030, 1, 1, tzinfo=UTC))

        assert [(it.event, it.at) for it in after] == [(it.event, it.at) for it in before]


def test_a_mentorship_until_the_last_day_makes_nothing_fall_due():
    with a_turn() as turn:
        happens(turn, "ect_leaves", participant_id=id_of("person", "ann"), finished_on="9999-12-31")
        happens(turn, "assign_mentor", ect_id=id_of("person", "ann"), mentor_id=id_of("person", "cat"))

        assert all(it.event != "nightly_refresh" for it in falls_due(turn.records, NOON, NOON.replace(year=2030)))


def test_whoever_is_an_ect_elsewhere_does_not_begin_on_the_first_day():
    with a_turn() as turn, pytest.raises(DoesNotFit, match="there is no day before 0001-01-01"):
        happens(
            turn,
            "register_ect",
            trn="2500001",
            first_name="Ann",
            last_name="Smith",
            email="ann@example.com",
            school_id=id_of("school", "elm"),
            started_on="0001-01-01",
        )


def test_whoever_mentors_only_here_does_not_begin_on_the_first_day():
    with a_turn() as turn, pytest.raises(DoesNotFit, match="there is no day before 0001-01-01"):
        happens(
            turn,
            "register_mentor",
            trn="2500003",
            first_name="Cat",
            last_name="Smith",
            email="cat@example.com",
            school_id=id_of("school", "elm"),
            started_on="0001-01-01",
            only_here=True,
        )


def _kind(event: str) -> TeacherType:
    return TeacherType(event.partition("_")[0])
