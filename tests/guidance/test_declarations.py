"""How to submit, view and void declarations."""

from __future__ import annotations

import json

import pytest

from tests.guidance.conftest import declaration, errors

PATH = "/api/v3/participant-declarations"
SHOWN = set(
    """
    participant_id declaration_type declaration_date course_identifier state updated_at created_at
    delivery_partner_id statement_id clawback_statement_id ineligible_for_funding_reason mentor_id uplift_paid
    evidence_held
    """.split()
)


def declare(client, person, type, date, at="", **more):
    return client("POST", PATH, declaration(client, person, type, date, **more), at=at)


class TestTestTheAbilityToSubmitDeclarationsInSandboxAheadOfTime:
    def test_a_future_milestone_is_declared_with_the_header_and_refused_without(self, client):
        more = {"evidence_held": "other"}
        without = declare(client, "Amara Okafor", "retained-4", "2027-02-01T10:00:00Z", **more)
        ahead = declare(client, "Amara Okafor", "retained-4", "2027-02-01T10:00:00Z", at="2027-02-02T10:42:00Z", **more)

        assert without[0].status == 422
        assert without[0].headers["x-sandbox-rules"] == "declaration.date-in-future"
        assert ahead[0].status == 200, ahead[1]
        assert ahead[1]["data"]["attributes"]["created_at"] == "2027-02-02T10:42:00Z"


class TestSubmitADeclarationToNotifyDfeAParticipantHasStartedTraining:
    def test_answers_the_declaration_with_all_that_the_example_shows(self, client):
        reply, document = declare(client, "Jane Smith", "started", "2025-10-06T02:21:32.000Z")

        assert reply.status == 200
        assert document["data"]["attributes"].keys() >= SHOWN
        assert document["data"]["attributes"]["state"] == "eligible"

    def test_a_duplicate_is_refused(self, client):
        declare(client, "Jane Smith", "started", "2025-10-06T02:21:32.000Z")
        reply, document = declare(client, "Jane Smith", "started", "2025-10-06T02:21:32.000Z")

        assert reply.status == 422
        assert [title for title, _ in errors(document)] == ["base"]


class TestSubmitADeclarationToNotifyDfeAParticipantHasBeenRetainedInTraining:
    def test_with_evidence_it_is_accepted(self, client):
        evidence = {"evidence_held": "training-event-attended"}
        reply, document = declare(client, "Amara Okafor", "retained-3", "2026-09-15T02:21:32.000Z", **evidence)

        assert reply.status == 200, document
        assert document["data"]["attributes"]["evidence_held"] == "training-event-attended"

    def test_without_evidence_it_is_refused(self, client):
        _reply, document = declare(client, "Amara Okafor", "retained-3", "2026-09-15T02:21:32.000Z")

        assert errors(document) == [("evidence_held", "Enter a '#/evidence_held' value for this participant.")]

    @pytest.mark.parametrize("type", ["retained-1", "completed"])
    def test_the_printed_example_with_its_curly_quotes_is_no_json(self, client, type):
        printed = json.dumps(declaration(client, "Jane Smith", type, "2026-02-01T10:00:00Z"))
        reply, _ = client("POST", PATH, printed.replace('"', "“"))

        assert (reply.status, reply.body) == (400, b"")


class TestSubmitADeclarationToNotifyDfeAParticipantHasCompletedTraining:
    def test_is_accepted_with_evidence_at_its_milestone(self, client):
        more = {"evidence_held": "75-percent-engagement-met"}
        reply, document = declare(
            client, "Amara Okafor", "completed", "2027-05-10T02:21:32.000Z", at="2027-05-11T09:00:00Z", **more
        )

        assert reply.status == 200, document


class TestViewAllPreviouslySubmittedDeclarations:
    def test_can_be_filtered_by_cohort_and_updated_since(self, client):
        everything = client.get(PATH)["data"]
        found = client.get(f"{PATH}?filter[cohort]=2022&filter[updated_since]=2020-11-13T11:21:55Z")["data"]

        assert 0 < len(found) < len(everything)
        assert all(it["attributes"].keys() >= SHOWN for it in everything)


class TestViewASpecificPreviouslySubmittedDeclaration:
    def test_answers_the_declaration_by_the_id_that_the_provider_stored(self, client):
        made = declare(client, "Jane Smith", "started", "2025-10-06T10:00:00Z")[1]["data"]

        assert client.get(f"{PATH}/{made['id']}")["data"] == made


class TestVoidOrClawbackADeclaration:
    @pytest.mark.parametrize(
        ("person", "type"),
        [
            pytest.param("Mei Lin", "started", id="submitted"),
            pytest.param("Elizabeth Hartley", "started", id="ineligible"),
            pytest.param("Felix Grant", "retained-3", id="eligible"),
            pytest.param("Farid Aziz", "retained-3", id="payable"),
        ],
    )
    def test_what_was_not_paid_becomes_voided(self, client, person, type):
        reply, document = client("PUT", f"{PATH}/{client.id(f'declarations.{person}.{type}')}/void")

        assert (reply.status, document["data"]["attributes"]["state"]) == (200, "voided")

    def test_what_was_paid_becomes_awaiting_clawback(self, client):
        paid = client.id("declarations.Victor Hale.started")
        reply, document = client("PUT", f"{PATH}/{paid}/void")

        assert (reply.status, document["data"]["attributes"]["state"]) == (200, "awaiting_clawback")
        assert document["data"]["attributes"]["clawback_statement_id"]
