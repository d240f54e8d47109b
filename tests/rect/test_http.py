"""What all endpoints of RECT share: types, refusals, the server date, lists and ids (behaviour/rect.md#3)."""

from __future__ import annotations

import json
from functools import cache
from urllib.parse import quote

import pytest

from ecf_sandbox.app import create_app
from ecf_sandbox.scenario import load_scenario
from ecf_sandbox.scenario.world import world_of
from ecf_sandbox.state.worlds import Worlds
from ecf_sandbox.transport import InProcess

TOKEN = "ambition-token"
LIST = "/api/v3/participants"


@cache
def default():
    """The default scenario, of which each test has a world of its own."""
    return load_scenario("default", seed="sandbox", service="rect")


class Client:
    """A provider's client of a world that begins with the default scenario."""

    def __init__(self) -> None:
        self.world = world_of(default())
        self.send = InProcess(create_app(Worlds(self.world)).wsgi_app)

    def __call__(self, method, target, body=None, token=TOKEN, **headers):
        sent = [(name.replace("_", "-"), value) for name, value in headers.items()]
        if token is not None:
            sent.append(("Authorization", f"Bearer {token}"))
        if isinstance(body, dict):
            body = json.dumps(body).encode()
            sent.append(("Content-Type", "application/json"))
        return self.send(method, target, sent, body)

    def person(self, name):
        return self.world.service.names(self.world.state.records)[f"people.{name}"]


@pytest.fixture
def client():
    return Client()


def said(reply):
    return json.loads(reply.body)


def deferral(**attributes):
    return {"data": {"attributes": {"reason": "other", "course_identifier": "ecf-induction", **attributes}}}


class TestAnAnswer:
    @pytest.mark.parametrize("accept", ["application/json", "text/html", "application/xml", "*/*", ""])
    def test_is_json_whatever_is_accepted(self, client, accept):
        reply = client("GET", LIST, Accept=accept)

        assert (reply.status, reply.headers["content-type"]) == (200, "application/json; charset=utf-8")

    def test_is_not_compressed(self, client):
        assert "content-encoding" not in client("GET", LIST, Accept_Encoding="gzip").headers

    def test_is_not_sent_again_to_who_has_it(self, client):
        tag = client("GET", LIST).headers["etag"]

        assert client("GET", LIST, If_None_Match=tag).status == 304

    def test_has_no_media_type_to_give_to_who_names_none(self, client):
        reply = client("GET", LIST, token=None, Accept="foo")

        assert (reply.status, reply.body, reply.headers["content-type"]) == (406, b"", "text/html; charset=UTF-8")


class TestARefusal:
    def test_of_who_shows_no_token_names_no_way_to_authenticate(self, client):
        reply = client("GET", LIST, token=None)

        assert (reply.status, said(reply)) == (401, {"error": "HTTP Token: Access denied"})
        assert "www-authenticate" not in reply.headers

    def test_of_an_unknown_id_has_errors(self, client):
        reply = client("GET", f"{LIST}/ecf")

        assert reply.status == 404
        assert said(reply)["errors"][0]["title"] == "Resource not found"

    def test_of_an_unknown_path_has_one_error(self, client):
        reply = client("GET", f"{LIST}/ecf/nothing")

        assert (reply.status, said(reply)) == (404, {"error": "Resource not found"})

    def test_of_an_unknown_path_is_a_page_for_a_browser(self, client):
        assert client("GET", "/api/v1/participants", Accept="text/html").headers["content-type"].startswith("text/html")

    def test_says_each_message_alone(self, client):
        told = deferral(reason="holiday", course_identifier="ecf-mentor")

        reply = client("PUT", f"{LIST}/{client.person('Hannah Boyle')}/defer", told)

        assert [it["title"] for it in said(reply)["errors"]] == ["course_identifier", "reason"]

    def test_of_an_unknown_participant_is_not_found(self, client):
        id = "00000000-0000-4000-8000-000000000000"

        assert client("PUT", f"{LIST}/{id}/defer", deferral()).status == 404
        assert client("PUT", f"{LIST}/{id}/defer", {}).status == 400, "the shape of the body comes first"

    def test_of_an_id_of_blanks_asks_for_one(self, client):
        reply = client("GET", f"{LIST}/%20")

        assert (reply.status, said(reply)["errors"][0]["detail"]) == (400, "id needed")


class TestABody:
    @pytest.mark.parametrize(
        "body",
        [
            {},
            {"data": None},
            {"data": []},
            {"data": "x"},
            {"data": {"attributes": {}}},
            {"data": {"attributes": {"colour": "red"}}},
            {"data": {"attributes": {"reason": ["other"]}}},
            deferral()["data"],
        ],
    )
    def test_without_an_attribute_that_is_known_has_the_wrong_structure(self, client, body):
        reply = client("PUT", f"{LIST}/{client.person('Hannah Boyle')}/defer", body)

        assert reply.status == 400
        assert said(reply)["errors"] == [
            {"title": "Bad request", "detail": "Correct json data structure required. See API docs for reference."}
        ]

    @pytest.mark.parametrize(
        ("content_type", "status"),
        [
            ("application/json", 200),
            ("application/json; charset=utf-8", 200),
            ("application/vnd.api+json", 400),
            ("text/plain", 400),
        ],
    )
    def test_is_read_as_json_by_its_plain_name_alone(self, client, content_type, status):
        body = json.dumps(deferral()).encode()

        reply = client("PUT", f"{LIST}/{client.person('Hannah Boyle')}/defer", body, Content_Type=content_type)

        assert reply.status == status

    def test_may_be_a_form(self, client):
        form = b"data[attributes][reason]=other&data[attributes][course_identifier]=ecf-induction"
        path = f"{LIST}/{client.person('Hannah Boyle')}/defer"

        assert client("PUT", path, form, Content_Type="application/x-www-form-urlencoded").status == 200

    def test_that_is_no_json_is_refused_without_a_word(self, client):
        reply = client("PUT", f"{LIST}/{client.person('Hannah Boyle')}/defer", b"{", Content_Type="application/json")

        assert (reply.status, reply.body, reply.headers["content-type"]) == (400, b"", "text/html; charset=UTF-8")


class TestTheServerDate:
    @pytest.mark.parametrize(
        ("date", "moment"),
        [
            ("2026-05-12T12:00:00Z", "2026-05-12T12:00:00Z"),
            ("2026-05-12T12:00:00.789Z", "2026-05-12T12:00:00Z"),
            ("2026-05-12T12:00:00", "2026-05-12T11:00:00Z"),
            ("2026-05-12", "2026-05-11T23:00:00Z"),
            ("2026-01-12 12:00:00", "2026-01-12T12:00:00Z"),
            ("2026-02-30T12:00:00Z", "2026-03-02T12:00:00Z"),
        ],
    )
    def test_is_when_something_happens_and_uk_time_without_a_zone(self, client, date, moment):
        path = f"{LIST}/{client.person('Hannah Boyle')}/defer"

        reply = client("PUT", path, deferral(), X_With_Server_Date=date)

        attributes = said(reply)["data"]["attributes"]
        assert attributes["ecf_enrolments"][0]["deferral"]["date"] == moment
        assert attributes["updated_at"] == moment

    @pytest.mark.parametrize("date", ["", "garbage", "2026", "2026-05-12T25:00:00Z", "2026-13-01", "1778587200"])
    @pytest.mark.parametrize("target", [LIST, "/api/v3/nothing"])
    def test_without_a_date_in_it_is_refused_before_anything_else(self, client, date, target):
        reply = client("GET", target, token=None, X_With_Server_Date=date)

        assert (reply.status, said(reply)["errors"][0]["title"]) == (400, "Bad request")
        assert "X-With-Server-Date" in said(reply)["errors"][0]["detail"]


class TestAList:
    @pytest.mark.parametrize(
        "page", ["page[page]=0", "page[per_page]=-1", "page[page]=abc", "page[per_page]=", "page=2", "page[]=2"]
    )
    def test_has_no_page_that_is_no_positive_number(self, client, page):
        reply = client("GET", f"{LIST}?{page}")

        assert reply.status == 400
        assert said(reply)["errors"][0]["detail"].endswith("parameter values must be a valid positive number")

    @pytest.mark.parametrize("cohort", ["2025", "1999", "", "next"])
    def test_has_no_such_page_of_schools_of_any_cohort_either(self, client, cohort):
        reply = client("GET", f"/api/v3/schools?filter[cohort]={cohort}&page[page]=-1")

        assert (reply.status, said(reply)["errors"][0]["title"]) == (400, "Bad request")

    def test_ends_before_the_last_page(self, client):
        everybody = said(client("GET", LIST))["data"]

        assert said(client("GET", f"{LIST}?page[page]=2&page[per_page]=3"))["data"] == everybody[3:6]
        assert said(client("GET", f"{LIST}?page[page]=99"))["data"] == []

    @pytest.mark.parametrize(
        ("cohort", "found"),
        [("2025", True), ("2023,2025", True), ("2019, 2025", False), ("x", False), ("", True), ("2025.0", False)],
    )
    def test_is_filtered_by_cohorts_that_are_all_digits(self, client, cohort, found):
        assert bool(said(client("GET", f"{LIST}?filter[cohort]={quote(cohort)}"))["data"]) == found

    @pytest.mark.parametrize("cohort", ["2147483648", "99999999999999999999", "2025,2147483648", "9" * 5000])
    def test_of_delivery_partners_says_of_a_cohort_that_it_is_too_large(self, client, cohort):
        reply = client("GET", f"/api/v3/delivery-partners?filter[cohort]={cohort}")

        detail = "The filter '#/cohort' must be a year: a number of more than 2147483647 is too large"
        assert (reply.status, said(reply)["errors"]) == (400, [{"title": "Bad request", "detail": detail}])

    @pytest.mark.parametrize("cohort", ["2147483647", "0000000002025", "-99999999999", "2147483648x"])
    def test_of_delivery_partners_takes_any_other_for_a_year(self, client, cohort):
        assert client("GET", f"/api/v3/delivery-partners?filter[cohort]={cohort}").status == 200

    @pytest.mark.parametrize(
        "path", ["participants", "participant-declarations", "partnerships", "statements", "schools"]
    )
    def test_finds_nothing_for_a_cohort_that_is_too_large(self, client, path):
        reply = client("GET", f"/api/v3/{path}?filter[cohort]=99999999999999999999")

        assert (reply.status, said(reply)) == (200, {"data": []})

    def test_knows_no_training_status_but_three(self, client):
        assert said(client("GET", f"{LIST}?filter[training_status]=joining"))["data"] == []

    @pytest.mark.parametrize(
        ("since", "status"),
        [
            ("2026-01-01T00:00:00Z", 200),
            ("2026-01-01T00:00:00", 200),
            ("2026-01-01T00:00:00%2B01:00", 400),
            ("2026-01-01T00:00:00%252B01:00", 200),
            ("2026-01-01", 400),
            ("yesterday", 400),
            ("", 200),
        ],
    )
    def test_is_filtered_by_a_moment_that_is_decoded_twice(self, client, since, status):
        assert client("GET", f"{LIST}?filter[updated_since]={since}").status == status

    def test_is_sorted_by_known_columns(self, client):
        there = [it["id"] for it in said(client("GET", f"{LIST}?sort=created_at"))["data"]]
        back = [it["id"] for it in said(client("GET", f"{LIST}?sort=nonsense,-created_at"))["data"]]

        assert back == there[::-1]

    @pytest.mark.parametrize("target", ["/api/v3/schools", "/api/v3/schools/00000000-0000-4000-8000-000000000000"])
    def test_of_schools_needs_a_cohort(self, client, target):
        reply = client("GET", target)

        assert reply.status == 400
        assert said(reply)["errors"] == [
            {"title": "Bad parameter", "detail": "The filter '#/cohort' must be included in your request"}
        ]


class TestHelpBesideTheAnswer:
    @pytest.mark.parametrize("accept", ["application/json", "text/html", "application/xml"])
    def test_says_nothing_of_what_a_client_accepts(self, client, accept):
        reply = client("GET", LIST, Accept=accept)

        assert "x-sandbox-findings" not in reply.headers

    @pytest.mark.parametrize(
        "path", ["/ui/", "/ui/worlds/main", "/ui/worlds/main/journal", "/ui/stories/rect-deferral-and-return"]
    )
    def test_has_pages_in_a_browser(self, client, path):
        assert client("GET", path, token=None, Accept="text/html").status == 200
