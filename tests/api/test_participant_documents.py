"""What a participant's document is made of: it is kept until something that it reads has changed."""

from __future__ import annotations

from typing import Any

import pytest

from ecf_sandbox.ecf.domain.participants import TrainingStatus
from ecf_sandbox.ecf.editions import GUIDANCE, LIVE
from ecf_sandbox.ecf.queries.participants import participant
from ecf_sandbox.ecf.records import Records
from ecf_sandbox.ecf.serializers import v3
from ecf_sandbox.state.record import replace
from tests.builders import a_country, a_participant, a_turn, at, id_of


def shown(records: Records, provider: str = "alpha", now: str = "2025-02-10T12:00:00", edition=LIVE) -> dict[str, Any]:
    """What a provider is told of Jane's only enrolment."""
    turn = a_turn(records, now, edition)
    jane = participant(records, provider, id_of("jane"), validated_only=False)
    [enrolment] = v3.participant(turn, jane, provider)["attributes"]["ecf_enrolments"]
    return enrolment


class TestAKeptDocument:
    @pytest.mark.parametrize(
        "change",
        [{"end_date": at("2025-03-01T00:00:00")}, {"training_status": TrainingStatus.DEFERRED}],
        ids=["an end date", "a deferral"],
    )
    def test_says_what_was_saved_since(self, change):
        records = a_country(*a_participant("jane"))
        before = shown(records)
        after = shown(records.save(replace(records.induction_records["jane-induction"], **change)))

        assert after != before
        assert shown(records) == before

    def test_follows_the_time(self):
        records = a_country(*a_participant("jane", induction={"end_date": at("2025-03-01T00:00:00")}))

        assert shown(records, now="2025-02-28T12:00:00")["participant_status"] == "leaving"
        assert shown(records, now="2025-03-02T12:00:00")["participant_status"] == "left"

    def test_is_each_editions_own(self):
        records = a_country(*a_participant("jane"))

        assert ("validation_status" in shown(records, edition=LIVE)) != (
            "validation_status" in shown(records, edition=GUIDANCE)
        )

    def test_is_nobodys_to_change(self):
        records = a_country(*a_participant("jane"))
        shown(records)["training_status"] = "scribbled over"

        assert shown(records)["training_status"] == "active"
