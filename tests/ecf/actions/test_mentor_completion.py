"""When and why a mentor's funded training ended."""

from __future__ import annotations

from datetime import date

import pytest

from ecf_sandbox.ecf.actions.mentor_completion import refresh_mentor_completion
from ecf_sandbox.ecf.domain.declarations import LIVE, Declaration, DeclarationState
from ecf_sandbox.ecf.domain.participants import Course, EarlyRollOutMentor, ParticipantType
from tests.builders import a_country, a_participant, a_turn, at, id_of

DECLARED = "completed_declaration_received"
EARLY = (date(2021, 4, 19), "completed_during_early_roll_out")


def completed_on(when, *, type="completed", state=DeclarationState.ELIGIBLE):
    """A declaration for max of that moment."""
    return Declaration(
        id=f"{type} {when}",
        user_id=id_of("max"),
        training_record_id="max-training",
        provider_id="alpha",
        course=Course.MENTOR,
        participant_type=ParticipantType.MENTOR,
        type=type,
        date=at(when),
        cohort=2024,
        state=state,
        created_at=at(when),
        updated_at=at(when),
    )


def completion(*rows, now="2026-06-10T12:00:00", trn=None, type=ParticipantType.MENTOR, **before):
    """What is noted about max afterwards."""
    turn = a_turn(a_country(*a_participant("max", type=type, trn=trn, **before), *rows), now)
    refresh_mentor_completion(turn, "max-training")
    training = turn.records.training_records["max-training"]
    return training.mentor_completion_date, training.mentor_completion_reason


class TestAMentor:
    def test_without_a_completion_has_none(self):
        assert completion(completed_on("2025-02-01T10:00:00", type="started")) == (None, None)

    def test_has_the_newest_completion_that_was_declared(self):
        rows = (completed_on("2026-05-01T10:00:00"), completed_on("2026-04-01T10:00:00"))

        assert completion(*rows) == (date(2026, 5, 1), DECLARED)

    @pytest.mark.parametrize("state", DeclarationState)
    def test_has_completed_only_by_what_counts(self, state):
        expected = (date(2026, 5, 1), DECLARED) if state in LIVE else (None, None)

        assert completion(completed_on("2026-05-01T23:59:59", state=state)) == expected

    def test_of_the_early_roll_out_completed_then(self):
        rows = (EarlyRollOutMentor(trn="1000001"), completed_on("2026-05-01T10:00:00"))

        assert completion(*rows, trn="1000001") == EARLY

    def test_without_a_trn_took_no_part_in_the_early_roll_out(self):
        assert completion(EarlyRollOutMentor(trn="1000001")) == (None, None)

    def test_loses_a_completion_that_nothing_stands_for(self):
        before = {"mentor_completion_date": date(2026, 5, 1), "mentor_completion_reason": DECLARED}

        assert completion(**before) == (None, None)

    @pytest.mark.parametrize(
        ("now", "kept"),
        [
            pytest.param("2024-07-30T23:59:59", False, id="the day before"),
            pytest.param("2024-07-31T00:00:00", True, id="the day"),
        ],
    )
    def test_that_started_and_did_not_complete_stays_so_from_the_end_of_the_first_contract(self, now, kept):
        before = {
            "mentor_completion_date": date(2024, 7, 31),
            "mentor_completion_reason": "started_not_completed",
        }

        assert (completion(now=now, **before) != (None, None)) is kept

    def test_that_did_not_complete_is_not_marked_for_good_without_a_day(self):
        assert completion(now="2024-08-01T00:00:00", mentor_completion_reason="started_not_completed") == (None, None)

    def test_is_updated_only_if_something_changes(self):
        turn = a_turn(
            a_country(*a_participant("max", type=ParticipantType.MENTOR), completed_on("2026-05-01T10:00:00"))
        )
        refresh_mentor_completion(turn, "max-training")
        updated = turn.records
        assert updated.users[id_of("max")].updated_at > at("2025-02-10T12:00:00")

        refresh_mentor_completion(turn, "max-training")

        assert turn.records is updated


class TestAnECT:
    def test_completes_by_the_register_not_by_declarations(self):
        assert completion(completed_on("2026-05-01T10:00:00"), type=ParticipantType.ECT) == (None, None)
