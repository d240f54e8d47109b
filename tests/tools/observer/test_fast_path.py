"""A first glance never lets pass what a second look would find."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from ecf_sandbox.api.context import RequestContext
from ecf_sandbox.api.request import of_body, of_query
from ecf_sandbox.api.routes import Kind
from ecf_sandbox.ecf.routes import ROUTES
from ecf_sandbox.rulebook.refusals import UnknownMediaType, UnreadableRequest
from ecf_sandbox.tools.observer.catalogue import BODY, HEAD, MEDIA_TYPE, QUERY
from ecf_sandbox.tools.observer.fast_path import odd_body, odd_head, odd_query
from ecf_sandbox.tools.observer.request import ObservedRequest
from tests.api.asking import BEARER, Asker
from tests.effort import examples
from tests.tools.observer.requests import ANN, PARTNERS_PATH, PEOPLE, SOUND, a_declaration, a_small_world

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


WRITES = [it.info(3) for it in ROUTES if 3 in it.versions and it.kind is Kind.WRITE]
A_DECLARATION = next(it for it in WRITES if it.operation == "v3 createDeclaration")
SPELLINGS = {
    "as it is": lambda text: text,
    "with spaces": lambda text: text.replace(",", " ,\n "),
    "an attribute twice": lambda text: text.replace(
        '"declaration_type"', '"declaration_type": "started", "declaration_type"'
    ),
    "a number twice": lambda text: text.replace('"type"', '"type": 1, "type"', 1),
    "data twice": lambda text: text.replace('"data"', '"data": {}, "data"', 1),
    "an empty name twice": lambda text: text.replace('"type"', '"": 1, "": 2, "type"', 1),
    "escapes": lambda text: text.replace("declaration_type", "declaration\\u005ftype"),
    "in a list": lambda text: f"[{text}]",
    "in a text": json.dumps,
    "a comment": lambda text: f'/* "declared" */ {text}',
}
ODDITIES = (
    *("started", "retained-1", "completed", "other", "", " ", None, 1, 1.5, True, False, [], {}, ["started"], 'a"b'),
    *("2024-10-01T10:00:00Z", "2024-02-30T10:00:00Z", "2024-10-01", "2024-10-01T10:00:00+01:00", ANN, ANN.upper(), "é"),
)
NAMES_OF_ATTRIBUTES = (*a_declaration()["data"]["attributes"], "evidence_held", "reason", "unknown", "")
CHANGES = st.dictionaries(st.sampled_from(NAMES_OF_ATTRIBUTES), st.sampled_from(ODDITIES), max_size=2)
ENVELOPES = st.dictionaries(st.sampled_from(["type", "attributes", "id"]), st.sampled_from(ODDITIES), max_size=1)
TYPES = ("application/json", "application/json; charset=utf-8", "application/vnd.api+json", "text/plain", "")


def a_body(place, body, content_type="application/json", **environ):
    path = {"REQUEST_METHOD": place.method, "PATH_INFO": place.path, "CONTENT_TYPE": content_type}
    context = RequestContext({**path, **environ}, place)
    context.enter(WORLD)
    context.caller, context.body, context.query_params = "Alpha", body, {}
    context.body_params = of_body(body, content_type, place.method)
    return context


def seems_odd(context):
    return odd_body(context, ObservedRequest(context).expected)


@settings(max_examples=examples(600))
@given(
    st.sampled_from([A_DECLARATION, A_DECLARATION, *WRITES]),
    CHANGES,
    ENVELOPES,
    st.sampled_from(list(SPELLINGS)),
    st.sampled_from([TYPES[0], *TYPES]),
)
def test_a_body_that_seems_sound_has_no_findings(place, changes, envelope, spelling, content_type):
    document = a_declaration(**changes)
    document["data"].update(envelope)
    body = SPELLINGS[spelling](json.dumps(document)).encode()
    try:
        context = a_body(place, body, content_type)
    except (UnreadableRequest, UnknownMediaType):
        reject()

    sent = ObservedRequest(context)
    if not odd_body(context, sent.expected):
        assert [it.code for check in (*MEDIA_TYPE, *BODY) for it in check.findings(sent)] == []


def test_a_sound_declaration_seems_sound_however_it_is_laid_out():
    laid_out = [json.dumps(a_declaration(), indent=indent).encode() for indent in (None, 2)]

    assert [seems_odd(a_body(A_DECLARATION, it)) for it in laid_out] == [False, False]


@pytest.mark.parametrize("spelling", [it for it in SPELLINGS if it not in ("as it is", "with spaces", "a comment")])
def test_a_body_that_is_spelt_oddly_is_looked_at(spelling):
    body = SPELLINGS[spelling](json.dumps(a_declaration())).encode()

    assert seems_odd(a_body(A_DECLARATION, body))


@given(
    st.from_regex(r"20[0-9]{2}-[0-3][0-9]-[0-3][0-9]T[0-2][0-9]:[0-6][0-9]:[0-6][0-9]Z", fullmatch=True)
    | st.sampled_from(["soon", "", "2025-02-30", "2025-02-10T12:00:00+01:00", "2025-02-10 12:00:00Z"])
)
def test_a_server_date_that_seems_sound_has_no_findings(date):
    context = a_body(A_DECLARATION, b"{}", HTTP_AUTHORIZATION="Bearer t", HTTP_X_WITH_SERVER_DATE=date)

    if not odd_head(context, context.environ, None):
        assert [it.code for check in HEAD for it in check.findings(ObservedRequest(context))] == []


def test_a_usual_server_date_seems_sound():
    usual = {"HTTP_AUTHORIZATION": "Bearer t", "HTTP_X_WITH_SERVER_DATE": "2026-07-01T12:00:00Z"}
    context = a_body(A_DECLARATION, b"{}", **usual)

    assert not odd_head(context, context.environ, None)
