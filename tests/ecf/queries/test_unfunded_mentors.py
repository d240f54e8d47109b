"""Mentors whom somebody else trains, or nobody."""

from __future__ import annotations

import pytest

from ecf_sandbox.ecf.domain.participants import ParticipantType
from ecf_sandbox.ecf.queries.participants import unfunded_mentors
from ecf_sandbox.state.record import replace
from tests.builders import a_participant, id_of
from tests.ecf.events.builders import a_country, mentored


def found(*names):
    """The e-mail addresses of ann's records as a mentor with beta, in the order in which alpha is told of them."""
    rows = []
    for name in names:
        shown = {"preferred_identity_id": f"{name}-identity"}
        user, identity, *others = a_participant(name, type=ParticipantType.MENTOR, provider="beta", induction=shown)
        rows += [*([user] if name == "ann" else []), replace(identity, user_id=id_of("ann")), *others]
        rows += mentored(f"ect of {name}", name)
    told = unfunded_mentors(a_country(*rows), "alpha", validated_only=False)
    assert {it.user.id for it in told} == {id_of("ann")}
    return [it.identity.email for it in told]


@pytest.mark.parametrize("names", [("ann", "bea", "cas"), ("cas", "bea", "ann"), ("bea", "ann", "cas")])
def test_somebody_with_several_records_since_a_merge_comes_by_their_ids_with_the_address_of_each(names):
    assert found(*names) == ["ann@example.com", "bea@example.com", "cas@example.com"]
