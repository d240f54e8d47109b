"""How to view and update participant data."""

from __future__ import annotations

import pytest

from tests.guidance.conftest import attributes, declaration, errors

LIST = "/api/v3/participants/ecf"
# What the guidance's example shows of an enrolment, in its order.
ENROLMENT = """
    training_record_id email mentor_id school_urn participant_type cohort training_status participant_status
    teacher_reference_number_validated eligible_for_funding pupil_premium_uplift sparsity_uplift
    schedule_identifier validation_status delivery_partner_id withdrawal deferral created_at
""".split()


def enrolment(client, person):
    found = client.get(f"{LIST}/{client.id(f'people.{person}')}")
    return found["data"]["attributes"]["ecf_enrolments"][0]


def act(client, person, action, at="2026-10-12T10:00:00Z", course="ecf-induction", **given):
    body = attributes(f"participant-{action}", course_identifier=course, **given)
    return client("PUT", f"{LIST}/{client.id(f'people.{person}')}/{action}", body, at=at)


class TestOverviewOfApiRequests:
    def test_nobody_is_presented_whose_details_have_not_been_validated(self, client):
        hidden = client.id("people.Ines Moreau")

        assert client("GET", f"{LIST}/{hidden}")[0].status == 404
        assert hidden not in {it["id"] for it in client.get(f"{LIST}?page[per_page]=3000")["data"]}

    def test_they_are_presented_once_the_details_are_validated(self, client):
        client.event(
            "record_check", "2026-10-12T10:00:00+00:00", participant_id=client.id("people.Ines Moreau"), trn="7654321"
        )

        assert enrolment(client, "Ines Moreau")["validation_status"] == "eligible_to_start"


class TestViewAllParticipantData:
    def test_shows_every_attribute_of_the_example_in_its_order(self, client):
        one = client.get(LIST)["data"][0]

        assert {"full_name", "teacher_reference_number", "updated_at", "ecf_enrolments"} <= one["attributes"].keys()
        shown = list(one["attributes"]["ecf_enrolments"][0])
        assert [it for it in shown if it in ENROLMENT] == ENROLMENT

    def test_can_be_filtered_by_cohort_and_updated_since(self, client):
        everybody = client.get(LIST)["data"]
        found = client.get(f"{LIST}?filter[cohort]=2022&filter[updated_since]=2020-11-13T11:21:55Z")["data"]

        assert 0 < len(found) < len(everybody)
        cohorts = [{it["cohort"] for it in one["attributes"]["ecf_enrolments"]} for one in found]
        assert all("2022" in it for it in cohorts)

    @pytest.mark.parametrize("version", [1, 2, 3])
    def test_is_there_in_every_version(self, client, version):
        assert client.get(f"/api/v{version}/participants/ecf")["data"]


class TestViewASingleParticipantsData:
    def test_answers_one_participant(self, client):
        jane = client.id("people.Jane Smith")

        assert client.get(f"{LIST}/{jane}")["data"]["id"] == jane


class TestNotifyDfeAParticipantHasTakenABreak:
    def test_the_training_status_becomes_deferred_with_reason_and_date(self, client):
        reply, document = act(client, "Jane Smith", "defer", reason="career-break")

        shown = document["data"]["attributes"]["ecf_enrolments"][0]
        assert (reply.status, shown["training_status"]) == (200, "deferred")
        assert shown["deferral"] == {"reason": "career-break", "date": "2026-10-12T10:00:00Z"}


class TestNotifyDfeAParticipantHasResumedTraining:
    def test_somebody_who_deferred_can_resume(self, client):
        reply, document = act(client, "Hannah Boyle", "resume")

        shown = document["data"]["attributes"]["ecf_enrolments"][0]
        assert (reply.status, shown["training_status"], shown["deferral"]) == (200, "active", None)

    def test_somebody_who_withdrew_cannot(self, client):
        reply, document = act(client, "Eva Lindgren", "resume")

        assert reply.status == 422
        assert errors(document) == [("participant_profile", "Cannot resume a withdrawn participant")]


class TestNotifyDfeAParticipantHasWithdrawnFromTraining:
    def test_the_training_status_becomes_withdrawn(self, client):
        reply, document = act(client, "Amara Okafor", "withdraw", reason="left-teaching-profession")

        assert reply.status == 200
        assert document["data"]["attributes"]["ecf_enrolments"][0]["training_status"] == "withdrawn"

    def test_nobody_withdraws_for_whom_no_start_was_declared(self, client):
        reply, document = act(client, "Jane Smith", "withdraw", reason="left-teaching-profession")

        assert reply.status == 422
        assert [title for title, _ in errors(document)] == ["participant_profile"]
        assert reply.headers["x-sandbox-rules"] == "withdrawal.not-started"

    def test_what_happened_before_the_withdrawal_can_still_be_declared_and_nothing_later(self, client):
        act(client, "Amara Okafor", "withdraw", reason="moved-school", at="2026-09-20T10:00:00Z")

        for date, status in (("2026-09-10T10:00:00Z", 200), ("2026-09-25T10:00:00Z", 422)):
            body = declaration(client, "Amara Okafor", "retained-3", date, evidence_held="other")
            reply, document = client("POST", "/api/v3/participant-declarations", body, at="2026-10-12T10:00:00Z")
            assert reply.status == status, document
            if status == 200:
                client("PUT", f"/api/v3/participant-declarations/{document['data']['id']}/void")


class TestNotifyDfeAParticipantHasChangedTheirTrainingSchedule:
    def test_the_schedule_identifier_changes(self, client):
        body = {"schedule_identifier": "ecf-standard-january", "cohort": "2025"}
        reply, document = act(client, "Jane Smith", "change-schedule", **body)

        shown = document["data"]["attributes"]["ecf_enrolments"][0]
        assert (reply.status, shown["schedule_identifier"]) == (200, "ecf-standard-january")

    def test_is_refused_where_a_declaration_that_counts_does_not_fit_the_new_milestones(self, client):
        reply, document = act(client, "Felix Grant", "change-schedule", schedule_identifier="ecf-standard-april")

        assert reply.status == 422
        text = "Changing schedule would invalidate existing declarations. Please void them first."
        assert errors(document) == [("schedule_identifier", text)]

    def test_a_submitted_declaration_does_not_stand_in_the_way(self, client):
        reply, _ = act(client, "Mei Lin", "change-schedule", schedule_identifier="ecf-standard-april")

        assert reply.status == 200

    def test_void_then_change_then_declare_again(self, client):
        path, jane = "/api/v3/participant-declarations", "Jane Smith"
        made = client("POST", path, declaration(client, jane, "started", "2025-10-06T10:00:00Z"))[1]["data"]["id"]
        january = {"schedule_identifier": "ecf-standard-january"}
        assert act(client, jane, "change-schedule", **january)[0].status == 422

        assert client("PUT", f"{path}/{made}/void")[0].status == 200
        assert act(client, jane, "change-schedule", **january)[0].status == 200
        again = client("POST", path, declaration(client, jane, "started", "2026-01-20T10:00:00Z"))
        assert again[0].status == 200, again[1]
