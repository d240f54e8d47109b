"""The filter by cohort on declarations."""

from __future__ import annotations

import json

import pytest

from ecf_sandbox.ecf.service import SERVICE as ECF
from ecf_sandbox.state.clock import frozen
from ecf_sandbox.state.world import State, World
from tests.api.asking import NOW, TOKENS, Asker, with_uuids
from tests.builders import a_cohort, a_country, a_participant, id_of
from tests.ecf.events.builders import a_declaration

DECLARATIONS = "/api/v3/participant-declarations"
OF_2023, OF_2024 = id_of("of 2023"), id_of("of 2024")


@pytest.fixture
def ask() -> Asker:
    """Alpha has declared for ann in 2024, and in 2023 before she changed cohort."""
    declared = (a_declaration("ann", id=OF_2023, cohort=2023), a_declaration("ann", id=OF_2024))
    records = a_country(*TOKENS, a_cohort(2023), *a_participant("ann"), *declared)
    return Asker(World("main", State(records=with_uuids(records), clock=frozen(NOW)), service=ECF))


def listed(ask: Asker, query: str) -> set[str]:
    return {it["id"] for it in json.loads(ask(f"{DECLARATIONS}?filter[cohort]={query}").body)["data"]}


@pytest.mark.parametrize("commas", [",", "%2C", ",,", ",,,"])
def test_commas_alone_are_no_filter(ask, commas):
    assert listed(ask, commas) == {OF_2023, OF_2024}
    assert ask(f"{DECLARATIONS}/{OF_2023}?filter[cohort]={commas}").status == 200


@pytest.mark.parametrize(
    ("query", "found"), [(",2024", {OF_2024}), ("2023,", {OF_2023}), (",abc", set()), (", ,", set()), ("3100", set())]
)
def test_beside_a_comma_a_year_counts_even_one_that_there_is_not(ask, query, found):
    assert listed(ask, query) == found


@pytest.mark.parametrize("path", ["/api/v3/participants/ecf", "/api/v3/delivery-partners", "/api/v3/statements"])
def test_other_lists_find_nothing_for_a_comma(ask, path):
    assert json.loads(ask(f"{path}?filter[cohort]=,").body)["data"] == []
