"""How to view, submit and update partnerships."""

from __future__ import annotations

import pytest

from tests.guidance.conftest import attributes, errors

PATH = "/api/v3/partnerships/ecf"
SHOWN = set(
    """
    cohort urn school_id delivery_partner_id delivery_partner_name status challenged_reason challenged_at
    induction_tutor_name induction_tutor_email updated_at created_at
    """.split()
)
PARTNER = "delivery_partners.Kestrel Teaching School Hub"
OTHER = "delivery_partners.Harbour Learning Partnership"


def confirm(client, school="Willowdene School"):
    body = attributes(
        "ecf-partnership",
        cohort="2025",
        school_id=client.id(f"schools.{school}"),
        delivery_partner_id=client.id(PARTNER),
    )
    return client("POST", PATH, body)


def partnership(client, school):
    return client.id(f"partnerships.{school}.2025.Ambition Institute")


class TestConfirmAPartnershipWithASchoolAndDeliveryPartner:
    def test_answers_the_partnership_with_all_that_the_example_shows(self, client):
        reply, document = confirm(client)

        assert reply.status == 200
        assert document["data"]["attributes"].keys() >= SHOWN
        assert document["data"]["attributes"]["status"] == "active"

    def test_a_request_without_the_necessary_attributes_names_each(self, client):
        _, document = client("POST", PATH, attributes("ecf-partnership"))

        assert [title for title, _ in errors(document)] == ["cohort", "school_id", "delivery_partner_id"]

    def test_whoever_the_school_then_registers_trains_with_the_provider(self, client):
        confirm(client)
        at = "2026-10-13T10:00:00+00:00"
        school = client.id("schools.Willowdene School")
        new = {"full_name": "New Teacher", "email": "new@example.com", "school_id": school, "cohort": 2025}
        client.event("register_ect", at, **new)
        client.event("record_check", at, participant_id=client.id("people.New Teacher"), trn="7654321")

        assert client.get(f"/api/v3/participants/ecf/{client.id('people.New Teacher')}", at="2026-10-14T10:00:00Z")

    @pytest.mark.parametrize("version", [1, 2])
    def test_older_versions_have_no_partnerships(self, client, version):
        assert client("GET", f"/api/v{version}/partnerships/ecf")[0].status == 404


class TestViewPartnerships:
    def test_challenged_ones_show_reason_and_moment(self, client):
        shown = client.get(f"{PATH}/{partnership(client, 'Southgate Academy')}")["data"]["attributes"]

        assert (shown["status"], shown["challenged_reason"]) == ("challenged", "mistake")
        assert shown["challenged_at"]

    def test_the_list_can_be_filtered_by_cohort(self, client):
        found = client.get(f"{PATH}?filter[cohort]=2022")["data"]

        assert {it["attributes"]["cohort"] for it in found} == {"2022"}


class TestUpdateAPartnershipWithANewDeliveryPartner:
    def test_an_active_one_takes_the_new_delivery_partner(self, client):
        body = attributes("ecf-partnership-update", delivery_partner_id=client.id(OTHER))
        reply, document = client("PUT", f"{PATH}/{partnership(client, 'Oakfield Academy')}", body)

        assert reply.status == 200
        assert document["data"]["attributes"]["delivery_partner_id"] == client.id(OTHER)

    def test_a_challenged_one_cannot_be_updated(self, client):
        body = attributes("ecf-partnership-update", delivery_partner_id=client.id(OTHER))
        reply, _ = client("PUT", f"{PATH}/{partnership(client, 'Southgate Academy')}", body)

        assert reply.status == 422
        assert reply.headers["x-sandbox-rules"] == "partnership.challenged"


class TestFindDeliveryPartnerIds:
    def test_the_list_shows_names_and_cohorts(self, client):
        found = client.get("/api/v3/delivery-partners?filter[cohort]=2022")["data"]

        assert found
        assert all({"name", "cohort", "updated_at"} <= it["attributes"].keys() for it in found)

    def test_one_is_shown_even_with_the_printed_double_slash(self, client):
        shown = client.get(f"//api/v3/delivery-partners/{client.id(PARTNER)}")["data"]

        assert shown["attributes"]["name"] == "Kestrel Teaching School Hub"
