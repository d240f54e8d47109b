"""Which of somebody's records v1 and v2 show for their id."""

from __future__ import annotations

import pytest

from ecf_sandbox.ecf.domain.participants import ParticipantType
from ecf_sandbox.ecf.queries.participants import rows_of
from ecf_sandbox.state.record import replace
from tests.builders import a_participant, at, id_of
from tests.ecf.events.builders import a_country

ECT, MENTOR = ParticipantType.ECT, ParticipantType.MENTOR


def shown(*records):
    """The training records that may stand for ann, who has these: each a name, a type, a provider, the last change."""
    rows = []
    for name, type, provider, *changed in records:
        induction = {"updated_at": at(changed[0])} if changed else {}
        user, identity, *others = a_participant(name, type=type, provider=provider, induction=induction)
        rows += [user, replace(identity, user_id=id_of("ann")), *others]
    found = rows_of(a_country(*rows), "alpha", id_of("ann"), frozenset({2024}), validated_only=False)
    return [it.training.id for _, it in found]


class TestWhatV1AndV2ShowOfAPerson:
    @pytest.mark.parametrize("type", [ECT, MENTOR])
    def test_is_their_record_if_there_is_one(self, type):
        assert shown(("ann", type, "alpha")) == ["ann-training"]

    def test_is_the_record_as_an_ect_of_somebody_who_is_both(self):
        assert shown(("ann", MENTOR, "alpha"), ("bea", ECT, "alpha")) == ["bea-training"]

    def test_is_nothing_of_somebody_with_two_records_as_a_mentor(self):
        assert shown(("ann", MENTOR, "alpha"), ("bea", MENTOR, "alpha")) == []

    def test_is_the_record_as_an_ect_of_somebody_with_two_as_a_mentor_besides(self):
        assert shown(("ann", MENTOR, "alpha"), ("bea", MENTOR, "alpha"), ("cas", ECT, "alpha")) == ["cas-training"]

    def test_is_of_two_records_as_an_ect_the_one_that_was_left_alone_longer(self):
        assert shown(("ann", ECT, "alpha", "2025-01-10T00:00:00"), ("bea", ECT, "alpha"))[0] == "bea-training"
        assert shown(("ann", ECT, "alpha"), ("bea", ECT, "alpha", "2025-01-10T00:00:00"))[0] == "ann-training"

    def test_counts_only_what_the_provider_sees(self):
        assert shown(("ann", MENTOR, "alpha"), ("bea", MENTOR, "beta"), ("cas", ECT, "beta")) == ["ann-training"]
