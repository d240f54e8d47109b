"""What a participant's document is made of: it is kept until something that it reads has changed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from ecf_sandbox.ecf.domain.participants import StatusChange, TrainingStatus
from ecf_sandbox.ecf.editions import GUIDANCE, LIVE
from ecf_sandbox.ecf.queries.participants import participant, participants
from ecf_sandbox.ecf.serializers import participants as documents
from ecf_sandbox.ecf.serializers.participants import participant_v3
from ecf_sandbox.scenario import load_scenario
from ecf_sandbox.scenario.loading import shipped
from ecf_sandbox.state.record import replace
from ecf_sandbox.state.records import TABLES, Records
from tests.builders import FIRST_DAY, a_country, a_participant, a_turn, at, id_of


class Watched:
    """Records that remember which tables were asked for."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self.seen: set[str] = set()

    def __getattr__(self, name: str) -> Any:
        assert name in TABLES.values(), f"{name} is no table: say here which tables it looks at"
        self.seen.add(name)
        return getattr(self._records, name)

    def feature(self, name: str) -> bool:
        return self.features.get(name) is not None and self._records.feature(name)


def looked_at(records: Records) -> set[str]:
    """The tables that the documents of everybody in the records are made of."""
    watched = Watched(records)
    for edition in (LIVE, GUIDANCE):
        turn = a_turn(records, edition=edition)
        turn.records = watched
        for provider in records.providers:
            for it in participants(records, provider.id, validated_only=False):
                documents._participant(turn, it, provider.id)
    return watched.seen


def everybody() -> Iterator[Records]:
    for name in shipped():
        if name != "large":  # the same kinds of people, two thousand times
            yield load_scenario(name, seed="sandbox").records()
    yield a_country(
        *a_participant("jane", induction={"training_status": TrainingStatus.WITHDRAWN}),
        StatusChange(
            id="left",
            training_record_id="jane-training",
            provider_id="alpha",
            state=TrainingStatus.WITHDRAWN,
            reason="school-left-fip",
            created_at=FIRST_DAY,
        ),
    )


def test_the_tables_that_keep_it_are_those_that_it_is_made_of():
    assert set().union(*map(looked_at, everybody())) == documents.DEPENDS_ON


def shown(records: Records, provider: str = "alpha", now: str = "2025-02-10T12:00:00", edition=LIVE) -> dict[str, Any]:
    """What a provider is told of Jane's only enrolment."""
    turn = a_turn(records, now, edition)
    jane = participant(records, provider, id_of("jane"), validated_only=False)
    [enrolment] = participant_v3(turn, jane, provider)["attributes"]["ecf_enrolments"]
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

    def test_is_made_anew_once_enough_are_kept(self, monkeypatch):
        monkeypatch.setattr(documents, "_KEPT", 0)
        records = a_country(*a_participant("jane"))

        assert shown(records) == shown(records)
