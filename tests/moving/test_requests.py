"""The changes of a request that take no thought, and what they leave alone."""

from __future__ import annotations

import pytest

from ecf_sandbox.moving import requests
from ecf_sandbox.moving.difference import Request

SINCE = "/api/v3/statements?filter[updated_since]="


def a_request(target: str = "/api/v3/statements", body: bytes = b"", **headers: str) -> Request:
    told = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Request(method="GET", target=target, headers=told, body=body)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("/api/v3/participants/ecf", "/api/v3/participants"),
        ("/api/v3/participants/ecf/", "/api/v3/participants/"),
        ("/api/v3/participants/ecf.json?page[page]=2", "/api/v3/participants.json?page[page]=2"),
        ("/api/v3/participants/ecf/1/defer", "/api/v3/participants/1/defer"),
        ("/api/v3/participants/ecf/transfers", "/api/v3/participants/transfers"),
        ("/api/v3/participants/1", "/api/v3/participants/1"),
        ("/api/v3/participants/ecf-1", "/api/v3/participants/ecf-1"),
        ("/api/v3/partnerships/ecf", "/api/v3/partnerships/ecf"),
        ("/api/v3/statements?sort=/participants/ecf", "/api/v3/statements?sort=/participants/ecf"),
    ],
)
def test_a_path_loses_ecf_and_nothing_else(before, after):
    assert requests.without_ecf("participants")(a_request(before)).target == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("/api/v1/participants", "/api/v3/participants"),
        ("/api/v2/participant-declarations/1", "/api/v3/participant-declarations/1"),
        ("/api/v3/participants", "/api/v3/participants"),
        ("/api/v12/participants", "/api/v12/participants"),
    ],
)
def test_an_old_version_becomes_the_newest(before, after):
    assert requests.in_newest_version(a_request(before)).target == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("2026-10-12T08:00:00%2B00:00", "2026-10-12T08:00:00Z"),
        ("2026-10-12T08:00:00%2B01:00", "2026-10-12T07:00:00Z"),
        ("2026-10-12T08:00:00%2B0530", "2026-10-12T02:30:00Z"),
        ("2026-10-12T08:00:00+01:00", "2026-10-12T07:00:00Z"),
        ("2026-10-12T08:00:00Z", None),
        ("2026-10-12T08:00:00-01:00", None),
        ("2026-10-12T08:00:00", None),
        ("2026-10-12", None),
        ("9999-99-99T08:00:00%2B01:00", None),
    ],
)
def test_an_offset_with_a_plus_sign_becomes_utc(before, after):
    changed = requests.updated_since_in_utc(a_request(SINCE + before))

    assert changed == a_request(SINCE + (after or before))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("2024, 2025", "2024,2025"),
        (" 2024", "2024"),
        ("2024,2025", "2024,2025"),
        ("2024/25", "2024"),
        ("2024/25,%202025abc", "2024,2025"),
        ("2024_25", "2024_25"),
        ("2024;2025", "2024;2025"),
        ("next year", "next year"),
        ("[2024]", "[2024]"),
    ],
)
def test_cohorts_become_years_alone(before, after):
    request = a_request(f"/api/v3/statements?filter[cohort]={before}")

    assert requests.cohorts_as_years(request).target == f"/api/v3/statements?filter[cohort]={after}"


@pytest.mark.parametrize(
    "path",
    [
        "delivery-partners?filter[updated_since]=2026-10-12T08:00:00%2B01:00",
        "participants/x?filter[updated_since]=2026-10-12T08:00:00%2B01:00",
        "participants/x/transfers?filter[updated_since]=2026-10-12T08:00:00%2B01:00",
        "participants/transfers?filter[cohort]=2024, 2025",
        "unfunded-mentors?filter[cohort]=2024, 2025",
        "participants/x?filter[cohort]=2024, 2025",
        "schools?filter[cohort]=2024/25",
        "schools/x?filter[cohort]=2024, 2025",
    ],
)
def test_a_filter_stays_where_the_new_service_does_not_read_it(path):
    request = a_request(f"/api/v3/{path}")

    assert requests.updated_since_in_utc(requests.cohorts_as_years(request)) == request


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("json", "*/*"),
        ("application/json, json", "*/*"),
        ("application/json;q=0.9, text/*, */*", "application/json;q=0.9, text/*, */*"),
        ("application/vnd.api+json", "application/vnd.api+json"),
        ("", ""),
    ],
)
def test_what_is_accepted_has_the_form_of_a_media_type(before, after):
    assert requests.readable_accept(a_request(Accept=before)).header("accept") == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("application/vnd.api+json", "application/json"),
        ("Application/Vnd.Api+Json; charset=utf-8", "application/json; charset=utf-8"),
        ("application/json", "application/json"),
        ("text/plain", "text/plain"),
    ],
)
def test_a_body_is_sent_as_json_by_its_plain_name(before, after):
    changed = requests.plain_content_type(a_request(Content_Type=before))

    assert changed.header("content-type") == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("2026-06-01T09:00:00", "2026-06-01T09:00:00Z"),
        ("2026-06-01 09:00:00", "2026-06-01T09:00:00Z"),
        ("2026-06-01", "2026-06-01T00:00:00Z"),
        ("soon", None),
        ("", None),
        ("2026-06-01T09:00:00Z", "2026-06-01T09:00:00Z"),
        ("2026-06-01T09:00:00z", "2026-06-01T09:00:00z"),
        ("2026-06-01T09:00:00+01:00", "2026-06-01T09:00:00+01:00"),
        ("2026-06-01T09:00:00 GMT", "2026-06-01T09:00:00 GMT"),
        ("12:00", "12:00"),
    ],
)
def test_a_server_date_says_its_zone_or_is_left_out(before, after):
    changed = requests.zoned_server_date(a_request(X_With_Server_Date=before))

    assert changed.header("x-with-server-date") == after


def test_a_filter_by_type_is_left_out_of_statements_alone():
    statements = a_request("/api/v3/statements?filter[type]=ecf&filter[cohort]=2025")
    others = a_request("/api/v3/delivery-partners?filter[type]=ecf")

    assert requests.without_statement_type(statements).target == "/api/v3/statements?filter[cohort]=2025"
    assert requests.without_statement_type(others) == others


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"data": 1}', b'{"data": {"attributes": {"reason": ["x"]}}}'])
def test_a_body_without_a_reason_stays_as_it_is(body):
    assert requests.present_withdrawal_reason(a_request(body=body)).body == body
