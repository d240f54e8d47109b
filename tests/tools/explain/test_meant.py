"""A document wrapped once too often, a filter without brackets: found, and what was meant is offered and passes."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest

from tests.tools.explain.asking import Explained
from tests.tools.explain.test_body_bytes import confirming, deferring

WRAPPED = {
    "a text": (lambda it: json.dumps(it), "body.encoded-twice"),
    "a text in a text": (lambda it: json.dumps(json.dumps(it)), "body.encoded-twice"),
    "a list": (lambda it: [it], "body.in-a-list"),
    "a text in a list": (lambda it: [json.dumps(it)], "body.encoded-twice"),
    "a list in a text": (lambda it: json.dumps([it]), "body.in-a-list"),
    "data as a text": (lambda it: {"data": json.dumps(it["data"])}, "body.encoded-twice"),
    "data as a list": (lambda it: {"data": [it["data"]]}, "body.in-a-list"),
    "attributes as a text": (
        lambda it: {"data": {**it["data"], "attributes": json.dumps(it["data"]["attributes"])}},
        "body.encoded-twice",
    ),
    "attributes as a list": (
        lambda it: {"data": {**it["data"], "attributes": [it["data"]["attributes"]]}},
        "body.in-a-list",
    ),
}


@pytest.mark.parametrize("asking", [deferring, confirming])
@pytest.mark.parametrize(("wrap", "code"), WRAPPED.values(), ids=WRAPPED.keys())
def test_a_wrapped_document_is_found_and_offered_plain(client: Explained, asking, wrap, code):
    method, path, document = asking(client)

    reply, _ = client(method, path, json.dumps(wrap(document)))
    offered = client.why().suggestions[0]

    assert reply.status in (400, 422)
    assert code in [it.code for it in client.last().findings]
    assert offered.request.body == document
    assert client.tried(offered.request) == 200


def test_several_in_a_list_are_found(client: Explained):
    method, path, document = deferring(client)

    client(method, path, [document, document])

    assert "body.in-a-list" in [it.code for it in client.last().findings]


@pytest.mark.parametrize(
    ("query", "meant"),
    [
        ('filter={"cohort":"2025"}', "filter[cohort]=2025"),
        ('filter={"cohort":2025}', "filter[cohort]=2025"),
        ('filter={"cohort":["2024","2025"]}', "filter[cohort]=2024,2025"),
        ('filter={"cohort":{"eq":"2025"}}', "filter[cohort]=2025"),
        ('filter=[{"name":"cohort","value":"2025"}]', "filter[cohort]=2025"),
        ("filter=cohort=2025", "filter[cohort]=2025"),
        ("filter=cohort:2025", "filter[cohort]=2025"),
        ("filter=cohort eq 2025", "filter[cohort]=2025"),
        ("filter.cohort=2025", "filter[cohort]=2025"),
        ("filter_cohort=2025", "filter[cohort]=2025"),
        ("filter(cohort)=2025", "filter[cohort]=2025"),
    ],
)
def test_a_filter_without_brackets_is_found_and_offered_with_them(client: Explained, query, meant):
    name, _, value = query.partition("=")
    explanation = client.reading(f"/api/v3/schools/ecf?{name}={quote(value)}")

    found = {it.code: it for it in client.last().findings}
    assert explanation.status == 400
    assert found["query.not-nested"].expected == meant
    assert explanation.suggestions[0].request.path == f"/api/v3/schools/ecf?{meant}"
    assert client.tried(explanation.suggestions[0].request) == 200


@pytest.mark.parametrize(
    ("query", "meant"),
    [
        ('page={"page":2,"per_page":10}', "page[page]=2&page[per_page]=10"),
        ('page={"number":2,"size":10}', "page[page]=2&page[per_page]=10"),
        ("page.per_page=10", "page[per_page]=10"),
    ],
)
def test_a_page_without_brackets_is_found(client: Explained, query, meant):
    name, _, value = query.partition("=")
    client("GET", f"/api/v3/delivery-partners?{name}={quote(value)}")

    assert {it.code: it.expected for it in client.last().findings}["query.not-nested"] == meant


def test_a_token_that_is_offered_stays_in_its_world(client: Explained):
    client("GET", "/api/v3/statements", token="ambition-tokem~main")

    offered = client.why().suggestions[0].request.headers["Authorization"]
    assert offered == "Bearer ambition-token~main"
