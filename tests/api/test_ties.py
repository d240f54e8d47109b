"""People who were updated at one moment, as everybody at a school is, and lists in the order of that moment."""

from __future__ import annotations

import json

import pytest

from ecf_sandbox.ecf.domain.participants import InductionStatus
from ecf_sandbox.ecf.service import SERVICE as ECF
from ecf_sandbox.state.clock import frozen
from ecf_sandbox.state.record import replace
from ecf_sandbox.state.world import State, World
from tests.api.asking import NOW, TOKENS, Asker, with_uuids
from tests.builders import FIRST_DAY, a_country, a_participant, at, id_of

NAMES = ("ann", "bea", "cas", "dan")
BY_ID = sorted(map(id_of, NAMES))


@pytest.fixture
def ask() -> Asker:
    """Alpha trains four people, made one after the other in the reverse order of their ids, who are all leaving."""
    leaving = {"induction_status": InductionStatus.LEAVING, "end_date": NOW, "school_transfer": True}
    rows = []
    for name in NAMES:
        user, *others = a_participant(name, induction=leaving)
        made = at(f"2024-09-0{9 - BY_ID.index(user.id)}T00:00:00")
        rows += [replace(user, created_at=made, updated_at=FIRST_DAY), *others]
    return Asker(World("main", State(records=with_uuids(a_country(*TOKENS, *rows)), clock=frozen(NOW)), service=ECF))


@pytest.mark.parametrize(
    "query",
    [
        "/api/v3/participants/ecf?sort=updated_at",
        "/api/v3/participants/ecf?sort=-updated_at",
        "/api/v3/participants/ecf/transfers?filter[updated_since]=2020-01-01T00:00:00Z",
    ],
)
def test_come_by_their_ids(ask, query):
    assert [it["id"] for it in json.loads(ask(query).body)["data"]] == BY_ID


@pytest.mark.parametrize("query", ["/api/v3/participants/ecf/transfers", "/api/v3/participants/ecf?sort=created_at"])
def test_come_by_age_where_their_age_is_asked_for(ask, query):
    assert [it["id"] for it in json.loads(ask(query).body)["data"]] == BY_ID[::-1]
