"""An event is a function; its signature says what it must be told, and a bad argument is explained."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated

import pytest

from ecf_sandbox.ecf.events.event import ParticipantId, event_of
from ecf_sandbox.ecf.records import Turn
from ecf_sandbox.rulebook.refusals import BadEvent
from tests.builders import a_participant, id_of
from tests.ecf.events.builders import a_country


class Tone(StrEnum):
    LOUD = "loud"
    QUIET = "quiet"


def ring(
    turn: Turn,
    participant_id: ParticipantId,
    on: Annotated[date, "the day"],
    times: Annotated[int, "how often"] = 1,
    tone: Annotated[Tone, "how it sounds"] = Tone.LOUD,
    urgent: Annotated[bool, "whether at once"] = False,
    mentor_id: Annotated[ParticipantId | None, "whom to tell"] = None,
) -> None:
    """A bell is rung for somebody."""


RING = event_of(ring)
SOUND = {"participant_id": id_of("ann"), "on": "2025-02-10"}


def read(**changes):
    return RING.read(a_country(*a_participant("ann")), {**SOUND, **changes})


def problems(given):
    with pytest.raises(BadEvent) as caught:
        RING.read(a_country(*a_participant("ann")), given)
    return caught.value.problems


class TestReadingASignature:
    def test_the_function_names_the_event_and_says_the_policy(self):
        assert (RING.name, RING.description) == ("ring", "A bell is rung for somebody.")

    def test_the_turn_is_not_told(self):
        names = [it.name for it in RING.parameters]

        assert names == ["participant_id", "on", "times", "tone", "urgent", "mentor_id"]

    def test_what_has_a_default_may_be_left_out(self):
        assert [it.name for it in RING.parameters if it.required] == ["participant_id", "on"]

    def test_a_parameter_means_what_its_outermost_note_says(self):
        meanings = {it.name: it.description for it in RING.parameters}

        assert meanings["participant_id"] == "the participant id"
        assert meanings["mentor_id"] == "whom to tell"

    def test_a_kind_is_said_in_words(self):
        assert {it.name: it.type_name for it in RING.parameters} == {
            "participant_id": "text",
            "on": "a date (YYYY-MM-DD)",
            "times": "a whole number",
            "tone": "one of loud, quiet",
            "urgent": "true or false",
            "mentor_id": "text, or null",
        }


class TestReadingArguments:
    def test_text_becomes_what_the_parameter_is(self):
        told = read(times="3", tone="quiet", urgent="true")

        assert told == {
            "participant_id": id_of("ann"),
            "on": date(2025, 2, 10),
            "times": 3,
            "tone": Tone.QUIET,
            "urgent": True,
        }

    def test_null_is_taken_where_the_parameter_may_be_null(self):
        assert read(mentor_id=None)["mentor_id"] is None

    def test_an_unknown_name_is_met_with_the_nearest_known_one(self):
        assert problems({**SOUND, "urgnt": True}) == ["ring takes no 'urgnt'; did you mean 'urgent'?"]

    def test_a_missing_argument_is_asked_for_by_its_meaning(self):
        assert problems({"participant_id": id_of("ann")}) == ["ring needs on: the day"]

    def test_a_wrong_kind_is_answered_with_the_right_one(self):
        assert problems({**SOUND, "on": "soon"}) == ["on must be a date (YYYY-MM-DD), not 'soon'"]

    def test_an_id_of_nobody_is_said_to_be_one(self):
        assert problems({**SOUND, "participant_id": "nobody"}) == ["participant_id: there is no participant nobody"]

    def test_everything_that_is_wrong_is_said_at_once(self):
        assert len(problems({"participant_id": "nobody", "tone": "shrill", "volume": 11})) == 4
