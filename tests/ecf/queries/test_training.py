"""Whose training record a provider means."""

from __future__ import annotations

import pytest

from ecf_sandbox.ecf.domain.participants import ParticipantType, RecordStatus
from ecf_sandbox.ecf.queries.training import resolve
from ecf_sandbox.state.record import replace
from tests.builders import a_participant, at, id_of
from tests.ecf.events.builders import a_country

ECT, MENTOR = ParticipantType.ECT, ParticipantType.MENTOR


def merged():
    """Ann, whose identity has the higher id and the older record, after bea was merged into her."""
    ann, bea = a_participant("ann"), a_participant("bea")
    first = replace(ann[1], id="2-identity")
    second = replace(bea[1], id="1-identity", user_id=id_of("ann"), created_at=at("2024-12-01T00:00:00"))
    return a_country(
        ann[0],
        bea[0],
        first,
        second,
        replace(ann[2], identity_id=first.id),
        *ann[3:],
        replace(bea[2], identity_id=second.id, created_at=at("2024-12-01T00:00:00")),
        *bea[3:],
    )


class TestWhomAProviderMeans:
    def test_is_of_several_records_of_a_type_that_of_the_identity_with_the_lowest_id(self):
        _, training = resolve(merged(), id_of("ann"), ECT)

        assert training.id == "bea-training"

    def test_is_of_several_records_of_one_identity_that_with_the_lowest_id(self):
        country = merged()
        moved = replace(country.training_records["ann-training"], identity_id="1-identity")

        _, training = resolve(country.save(moved), id_of("ann"), ECT)

        assert training.id == "ann-training"

    def test_is_no_record_if_that_one_was_removed_by_its_school_though_another_stands(self):
        country = merged()
        removed = replace(country.training_records["bea-training"], status=RecordStatus.WITHDRAWN)

        user, training = resolve(country.save(removed), id_of("ann"), ECT)

        assert (user.id, training) == (id_of("ann"), None)

    def test_is_looked_for_only_under_identities_that_own_a_record_of_the_type(self):
        country = merged()
        mentor = replace(country.training_records["ann-training"], type=MENTOR)

        _, training = resolve(country.save(mentor), id_of("ann"), MENTOR)

        assert training.id == "ann-training"

    @pytest.mark.parametrize(("type", "meant"), [(ECT, "bea-training"), (MENTOR, None)])
    def test_by_a_retired_id_is_what_that_identity_owns(self, type, meant):
        user, training = resolve(merged(), id_of("bea"), type)

        assert (user.id, training.id if training else None) == (id_of("ann"), meant)
