"""A 404, an empty list and every other answer say why, and what would be found instead."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from ecf_sandbox.state.faults import Fault
from tests.guidance.conftest import attributes, declaration
from tests.tools.explain.asking import DECLARATIONS, ECT, PARTICIPANTS, PARTNERSHIPS, Explained, given


def offered(client: Explained) -> list[tuple[str, int]]:
    """The path of each suggestion for the newest exchange, and the status when it is sent."""
    return [(it.request.path, client.tried(*it.first, it.request)) for it in client.why().suggestions]


class TestAParticipant:
    def test_of_another_provider(self, client: Explained):
        it = client.reading(f"{PARTICIPANTS}/{client.id('people.Hugo Brandt')}")

        assert it.reasons == (
            "Hugo Brandt (ECT) at Eastgate Academy is trained by Teach First, not by Ambition Institute.",
        )

    def test_whom_no_provider_trains(self, client: Explained):
        it = client.reading(f"{PARTICIPANTS}/{client.id('people.Ivo Kanter')}")

        assert "trained by the school itself" in it.reasons[0]

    def test_behind_a_challenged_partnership(self, client: Explained):
        it = client.reading(f"{PARTICIPANTS}/{client.id('people.Victor Hale')}")

        assert "Westgate Academy challenged its partnership with Ambition Institute for 2025" in it.reasons[0]

    def test_whose_details_have_not_been_validated(self, client: Explained):
        it = client.reading(f"{PARTICIPANTS}/{client.id('people.Ines Moreau')}")

        assert "switch unvalidated_hidden" in it.reasons[0]

    def test_of_another_cohort_than_the_one_asked_for(self, client: Explained):
        id = client.id("people.Jane Smith")
        it = client.reading(f"{PARTICIPANTS}/{id}?filter[cohort]=2024")

        assert "You see Jane Smith in 2025" in it.reasons[0]
        assert offered(client)[0] == (f"{PARTICIPANTS}/{id}", 200)

    @pytest.mark.parametrize(
        ("given", "said"),
        [
            pytest.param(
                "people.Jane Smith.ect", "the training record id of Jane Smith (ECT)", id="training record id"
            ),
            pytest.param(
                "declarations.Amara Okafor.started", "the declaration started of Amara Okafor", id="declaration"
            ),
            pytest.param("schools.Oakfield Academy", "the school Oakfield Academy, URN 105001", id="school"),
        ],
    )
    def test_asked_for_by_the_id_of_something_else(self, client: Explained, given, said):
        it = client.reading(f"{PARTICIPANTS}/{client.id(given)}")

        assert said in it.reasons[0]
        assert offered(client)[0][1] == 200

    def test_asked_for_by_the_reference_number(self, client: Explained):
        it = client.reading(f"{PARTICIPANTS}/2500001")

        assert "TRN or e-mail address of Jane Smith" in it.reasons[0]
        assert offered(client) == [(f"{PARTICIPANTS}/{client.id('people.Jane Smith')}", 200)]

    def test_asked_for_by_what_is_no_id_at_all(self, client: Explained):
        assert "no id" in client.reading(f"{PARTICIPANTS}/12345-x").reasons[0]

    def test_asked_for_by_an_id_with_one_wrong_digit(self, client: Explained):
        id = client.id("people.Jane Smith")
        it = client.reading(f"{PARTICIPANTS}/{id[:-1]}{'0' if id[-1] != '0' else '1'}")

        assert "no id of anything here" in it.reasons[0]
        assert offered(client) == [(f"{PARTICIPANTS}/{id}", 200)]

    def test_who_was_merged_with_somebody(self, client: Explained):
        old, new = client.id("people.Elizabeth Hartley"), client.id("people.Liz Hartley")
        given = {"from_participant_id": old, "to_participant_id": new}
        client.event("merge_participants", "2026-10-12T09:00:00+00:00", **given)
        it = client.reading(f"{PARTICIPANTS}/{old}")

        assert f"retired in favour of {new}" in it.reasons[0]
        assert offered(client) == [(f"{PARTICIPANTS}/{new}", 200)]

    def test_with_two_records_as_a_mentor_in_v1(self, client: Explained):
        old, new = client.id("people.Malcolm Reid"), client.id("people.Helen Marsh")
        given = {"from_participant_id": old, "to_participant_id": new}
        client.event("merge_participants", "2026-10-12T09:00:00+00:00", **given)
        it = client.reading(f"/api/v1/participants/ecf/{new}")

        assert "two records as a mentor and none as an ECT" in it.reasons[0]
        assert client.reading(f"{PARTICIPANTS}/{new}").status == 200


class TestOtherThings:
    def test_a_declaration_of_another_provider(self, client: Explained):
        it = client.reading(f"{DECLARATIONS}/{client.id('declarations.Stella Marino.started')}")

        assert it.reasons[0] == "Teach First made it, not Ambition Institute."

    def test_a_declaration_that_only_its_provider_can_void(self, client: Explained):
        client("PUT", f"{DECLARATIONS}/{client.id('declarations.Stella Marino.started')}/void")

        assert "Only Teach First can void it." in client.why().reasons

    def test_a_partnership_of_another_provider(self, client: Explained):
        it = client.reading(f"{PARTNERSHIPS}/{client.id('partnerships.Eastgate Academy.2025.Teach First')}")

        assert it.reasons == ("It belongs to Teach First, not to Ambition Institute.",)

    def test_a_school_that_is_closed(self, client: Explained):
        it = client.reading(f"/api/v3/schools/ecf/{client.id('schools.Old Mill School')}?filter[cohort]=2025")

        assert it.reasons == ("Old Mill School is not on offer for 2025: it is not open (status 2).",)

    @pytest.mark.parametrize("year", ["2025abc", "2025,2024", " 02025"])
    def test_whose_cohort_is_read_as_the_service_reads_it(self, client: Explained, year):
        school = client.id("schools.Old Mill School")
        it = client.reading(f"/api/v3/schools/ecf/{school}?filter[cohort]={quote(year)}")

        assert it.reasons == ("Old Mill School is not on offer for 2025: it is not open (status 2).",)

    def test_a_delivery_partner_of_others(self, client: Explained):
        it = client.reading(f"/api/v3/delivery-partners/{client.id('delivery_partners.Millrace Teaching Alliance')}")

        assert "does not know Millrace Teaching Alliance to work with Ambition Institute" in it.reasons[0]

    def test_an_unfunded_mentor_whom_the_provider_trains(self, client: Explained):
        it = client.reading(f"/api/v3/unfunded-mentors/ecf/{client.id('people.Daniel Osei')}")

        assert "no unfunded mentor" in it.reasons[0]

    def test_the_transfers_of_somebody_who_stayed(self, client: Explained):
        it = client.reading(f"{PARTICIPANTS}/{client.id('people.Jane Smith')}/transfers")

        assert "has no transfer between schools" in it.reasons[0]


class TestAPath:
    @pytest.mark.parametrize(
        ("asked", "meant"),
        [
            ("/api/v1/statements", "/api/v3/statements"),
            ("/api/v2/schools/ecf?filter[cohort]=2025", "/api/v3/schools/ecf?filter[cohort]=2025"),
            ("/api/v1/participants/ecf/transfers", "/api/v3/participants/ecf/transfers"),
            ("/api/v3/partnership/ecf", "/api/v3/partnerships/ecf"),
            ("/api/v4/statements", "/api/v3/statements"),
            ("/api/statements", "/api/v3/statements"),
            ("/v2/participants/ecf", "/api/v2/participants/ecf"),
            ("/statements", "/api/v3/statements"),
            ("/api/v3/schools", "/api/v3/schools/ecf?filter[cohort]=2025"),
        ],
    )
    def test_that_is_nearly_right_is_put_right(self, client: Explained, asked, meant):
        client.reading(asked)

        assert (meant, 200) in offered(client)

    @pytest.mark.parametrize(
        ("asked", "said"),
        [
            ("/api/v9/statements", "The versions are v1, v2 and v3: /api/v3/statements."),
            ("/statements", "Every path starts with /api and a version: /api/v3/statements."),
            ("/v3/statements", "Every path starts with /api: /api/v3/statements."),
        ],
    )
    def test_whose_beginning_is_not_right_is_told_what_is(self, client: Explained, asked, said):
        client.reading(asked)

        assert client.why().suggestions[0].words == said

    @pytest.mark.parametrize(
        ("method", "path"),
        [
            ("POST", "/api/v3/participants/ecf/{id}/change-schedule"),
            ("PATCH", "/api/v3/participants/ecf/{id}/change_schedule"),
            ("PUT", "/api/v3/participants/{id}/change-schedule"),
            ("PUT", "/participants/ecf/{id}/changeSchedule"),
        ],
    )
    def test_of_an_action_is_put_right_with_its_method_and_body(self, client: Explained, method, path):
        body = attributes("participant-change-schedule", schedule_identifier="ecf-standard-january", **ECT)
        id = client.id("people.Jane Smith")
        client(method, path.format(id=id), body)

        first = client.why().suggestions[0]
        assert (first.request.method, first.request.path) == ("PUT", f"{PARTICIPANTS}/{id}/change-schedule")
        assert first.request.body == body
        assert first.passes

    def test_once_right_leads_to_what_else_is_to_be_changed(self, client: Explained):
        body = attributes("participant-defer", reason="holiday", **ECT)
        client("PUT", f"{PARTICIPANTS}/{client.id('people.Jane Smith')}/deferral", body)

        first = client.why().suggestions[0]
        assert first.request.path.endswith("/defer")
        assert given(first.request)["reason"] == "bereavement"


class TestAList:
    def test_counts_what_each_filter_leaves_out(self, client: Explained):
        it = client.reading(f"{PARTICIPANTS}?filter[cohort]=2025&filter[updated_since]=2027-01-01T00:00:00Z")
        everybody = len(client.get(f"{PARTICIPANTS}?page[per_page]=3000")["data"])

        assert "Without filter[cohort]=2025 there would be 0." in it.reasons
        assert f"Without any filter there would be {everybody}." in it.reasons

    def test_says_that_there_is_no_such_cohort(self, client: Explained):
        it = client.reading(f"{PARTICIPANTS}?filter[cohort]=2031")

        assert any(sentence.startswith("There is no cohort 2031; there are ") for sentence in it.reasons)

    @pytest.mark.parametrize("years", ["2025abc", " 2025.9,", "+2025,02025", "\u00a0"])
    def test_reads_cohorts_as_tolerantly_as_the_service(self, client: Explained, years):
        query = f"filter[cohort]={quote(years)}&filter[updated_since]=2027-01-01T00:00:00Z"
        it = client.reading(f"{PARTICIPANTS}?{query}")

        assert not any(sentence.startswith("There is no cohort") for sentence in it.reasons)

    @pytest.mark.parametrize("year", ["9" * 5000, "٢٠٢٥"], ids=["more digits than Python reads", "other digits"])
    def test_says_that_what_is_no_year_is_no_cohort(self, client: Explained, year):
        it = client.reading(f"{PARTICIPANTS}?filter[cohort]={quote(year)}")

        assert any(sentence.startswith("There is no cohort ") for sentence in it.reasons)

    def test_says_that_a_page_is_beyond_the_last(self, client: Explained):
        it = client.reading(f"{PARTICIPANTS}?page[page]=9")

        assert it.reasons[0].endswith("in all: page 9 is after the last one.")

    def test_names_a_filter_that_has_no_effect(self, client: Explained):
        it = client.reading(f"{PARTICIPANTS}?filter[training_state]=active")

        assert it.reasons[0].startswith("filter[training_state]=active has no effect")

    def test_names_those_who_are_hidden(self, client: Explained):
        told = client.reading(PARTICIPANTS).reasons

        assert any("Victor Hale (ECT) is hidden" in it for it in told)

    def test_of_somebody_elses_participant_says_whose_they_are(self, client: Explained):
        it = client.reading(f"{DECLARATIONS}?filter[participant_id]={client.id('people.Hugo Brandt')}")

        assert any("trained by Teach First" in sentence for sentence in it.reasons)


class TestOtherAnswers:
    def test_a_body_that_is_no_json_says_where(self, client: Explained):
        client("POST", DECLARATIONS, '{"data": }')

        assert client.why().summary == "The body isn't JSON: Expecting value: line 1 column 10 (char 9)."

    def test_typographic_quotes_are_named(self, client: Explained):
        client("POST", DECLARATIONS, "{“data”: {}}")

        assert "typographic quotes" in client.why().summary

    def test_attributes_without_data_are_put_where_they_belong(self, client: Explained):
        body = {
            "participant_id": client.id("people.Jane Smith"),
            "declaration_type": "started",
            "declaration_date": "2025-10-10T00:00:00Z",
            "course_identifier": "ecf-induction",
        }
        client("POST", DECLARATIONS, body)

        (only,) = client.why().suggestions
        assert only.request.body == {"data": {"type": "participant-declaration", "attributes": body}}

    @pytest.mark.parametrize("name", [None, "atributes"])
    def test_attributes_beside_the_type_or_under_another_name_are_put_where_they_belong(self, client: Explained, name):
        body = declaration(client, "Jane Smith", "started", "2025-10-10T00:00:00Z")
        sound = body["data"]["attributes"]
        client("POST", DECLARATIONS, {"data": sound if name is None else {name: sound}})

        (only,) = client.why().suggestions
        assert given(only.request) == sound

    def test_schools_without_a_cohort_get_one(self, client: Explained):
        client.reading("/api/v3/schools/ecf")

        assert offered(client) == [("/api/v3/schools/ecf?filter[cohort]=2025", 200)]

    @pytest.mark.parametrize(
        ("query", "meant"),
        [
            ("filter[updated_since]=2025-01-01", "filter[updated_since]=2025-01-01T00:00:00Z"),
            ("filter[updated_since]=2025-01-01T00:00:00+01:00", "filter[updated_since]=2024-12-31T23:00:00Z"),
            ("page=2&sort=id", "page[page]=2&sort=id"),
            ("filter=2025", "filter[cohort]=2025"),
            ("page=2&filter[updated_since]=1 May 2025", "page[page]=2&filter[updated_since]=2025-05-01T00:00:00Z"),
        ],
    )
    def test_a_query_is_written_as_it_was_meant(self, client: Explained, query, meant):
        client.reading(f"{PARTICIPANTS}?{query}")

        assert offered(client) == [(f"{PARTICIPANTS}?{meant}", 200)]

    def test_a_query_that_means_nothing_is_left_out(self, client: Explained):
        client.reading(f"{PARTICIPANTS}?filter[updated_since]=soon&page[page]=0")

        assert offered(client) == [(PARTICIPANTS, 200)]

    def test_a_misspelt_token_gets_the_nearest(self, client: Explained):
        (only,) = client.reading("/api/v3/statements", token="ambition-tokn").suggestions

        assert only.request.headers["Authorization"] == "Bearer ambition-token"

    def test_an_unreadable_moment_is_left_out(self, client: Explained):
        client.reading("/api/v3/statements?filter[updated_since]=yesterday")

        assert offered(client) == [("/api/v3/statements", 200)]

    def test_a_fault_is_told_from_an_answer(self, client: Explained):
        client.world.faults.set(Fault(id="f1", status=503))
        it = client.reading("/api/v3/statements")

        assert "fault" in it.reasons[0]

    def test_a_declaration_whose_date_is_a_number_gets_one(self, client: Explained):
        client.declaring("Jane Smith", "started", 20251013)  # type: ignore[arg-type]

        assert client.why().suggestions[0].passes

    @pytest.mark.parametrize("body", ["[]", "{}", '{"data": []}', '{"data": {"attributes": [1]}}', "7", '"x"', "null"])
    def test_anything_at_all_can_be_explained(self, client: Explained, body):
        client("POST", DECLARATIONS, body)

        assert client.why().status == 400

    @pytest.mark.parametrize("value", [None, 7, 1.5, True, "", "x" * 300, {"a": 1}, [1]], ids=repr)
    def test_any_value_of_any_attribute_can_be_explained(self, client: Explained, value):
        names = ("participant_id", "declaration_type", "declaration_date", "course_identifier", "evidence_held")
        client("POST", DECLARATIONS, attributes("x", **dict.fromkeys(names, value)))

        assert client.why().status in (400, 422)
