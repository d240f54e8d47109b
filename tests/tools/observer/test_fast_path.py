"""A first glance never lets pass what a second look would find."""

from __future__ import annotations

import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from ecf_sandbox.api.context import RequestContext
from ecf_sandbox.api.request import of_query
from ecf_sandbox.api.routes import Kind
from ecf_sandbox.ecf.routes import ROUTES
from ecf_sandbox.rulebook.refusals import UnreadableRequest
from ecf_sandbox.tools.observer.catalogue import QUERY
from ecf_sandbox.tools.observer.fast_path import odd_query
from ecf_sandbox.tools.observer.request import ObservedRequest
from tests.api.asking import BEARER, Asker
from tests.effort import examples
from tests.tools.observer.requests import ANN, PARTNERS_PATH, PEOPLE, SOUND, a_small_world

WORLD = a_small_world()
PLACES = [it.info(3) for it in ROUTES if 3 in it.versions and it.kind is Kind.READ]
NAMES = (
    *("filter[cohort]", "filter[updated_since]", "filter[participant_id]", "filter[urn]", "filter[x]", "filter"),
    *("page[page]", "page[per_page]", "page[number]", "page", "sort", "sort[]", "filter[cohort][]", "token", "x"),
)
VALUES = (
    *("2024", "2024,2025", "2025-01-01T00:00:00Z", "2025-02-29T00:00:00Z", "2025-01-01T00:00:00%2B01:00", "1", "0"),
    *("3000", "3001", "9999999999", "created_at", "-updated_at", "name,name", "", "%20", "a;b", "1+1", "\u0662"),
)
QUERIES = st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(VALUES)), min_size=1, max_size=3)


def looked_at(place, query):
    context = RequestContext({"REQUEST_METHOD": "GET", "PATH_INFO": "/", "QUERY_STRING": query}, place)
    context.enter(WORLD)
    context.query_params = of_query(query.encode().decode("latin-1"))
    return ObservedRequest(context)


@settings(max_examples=examples(300))
@given(st.sampled_from(PLACES), QUERIES)
def test_a_query_that_seems_sound_has_no_findings(place, pairs):
    try:
        sent = looked_at(place, "&".join(f"{name}={value}" for name, value in pairs))
    except UnreadableRequest:
        reject()

    if not odd_query(sent):
        assert [it.code for check in QUERY for it in check.findings(sent)] == []


def test_the_queries_of_sound_requests_seem_sound():
    asked = [it for operation, it in SOUND.items() if operation.startswith("v3 list")]
    queries = [it.target.partition("?")[2] for it in asked]
    places = {it.operation: it for it in PLACES}
    seem_odd = [
        query
        for operation, query in zip([it for it in SOUND if it.startswith("v3 list")], queries, strict=True)
        if query and odd_query(looked_at(places[operation], query))
    ]

    # An offset other than Z is looked at again, that it may be one.
    assert seem_odd == ["filter[updated_since]=2025-01-01T00:00:00%2B01:00"]


@pytest.mark.parametrize("target", [PEOPLE, f"{PEOPLE}/{ANN}", PARTNERS_PATH])
def test_the_first_sound_request_waits_for_no_file(target, monkeypatch, caplog):
    """What the observer expects is read from one, for the first request that has something to hold against it."""
    monkeypatch.setattr(ObservedRequest, "expected", property(lambda _: pytest.fail("what is expected is looked up")))

    assert Asker(a_small_world()).send("GET", target, [BEARER]).status == 200
    assert not caplog.records
