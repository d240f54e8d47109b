"""What the observer finds in requests of a client of this service, and what it lets pass."""

from __future__ import annotations

import pytest

from ecf_sandbox.rect.checks import CHECKS
from tests.rect.explain.asking import DECLARATIONS, ECT, PARTICIPANTS, Explained


@pytest.fixture
def client() -> Explained:
    return Explained()


def found(client: Explained) -> dict[str, str]:
    """The codes of the findings in the newest request, with what is expected instead."""
    return {it.code: it.expected for it in client.last().findings}


def sent_raw(client: Explained, path: str, *headers: tuple[str, str], method: str = "GET", body: bytes | None = None):
    client._send(method, path, [("Authorization", "Bearer ambition-token"), *headers], body)
    return found(client)


def merged(client: Explained) -> str:
    """The id that somebody had before their records were merged."""
    former, present = client.id("people.Idris Cole"), client.id("people.Hannah Boyle")
    client.event("merge_participants", from_id=former, to_id=present)
    return former


def rescheduled(client: Explained, **more: object) -> dict[str, str]:
    path = f"{PARTICIPANTS}/{client.id('people.Hannah Boyle')}/change-schedule"
    told = {"schedule_identifier": "ecf-extended-september", "course_identifier": ECT, **more}
    client.send("PUT", path, "participant-change-schedule", **told)
    return found(client)


def declared(client: Explained, person: str, date: str, **more: str) -> dict[str, str]:
    told = {
        "participant_id": client.id(f"people.{person}"),
        "declaration_type": "started",
        "declaration_date": date,
        "course_identifier": ECT,
        **more,
    }
    client.send("POST", DECLARATIONS, "participant-declaration", **told)
    return found(client)


class TestEachCheckOfItsOwn:
    def test_an_id_that_was_given_up(self, client: Explained):
        former = merged(client)

        client.send("GET", f"{PARTICIPANTS}/{former}")

        assert found(client) == {"id.retired": client.id("people.Hannah Boyle")}

    def test_an_offset_whose_plus_does_not_survive(self, client: Explained):
        since = "2026-01-01T00:00:00%2B01:00"

        assert sent_raw(client, f"{PARTICIPANTS}?filter[updated_since]={since}")["filter.offset-lost"] == (
            "2025-12-31T23:00:00Z"
        )

    @pytest.mark.parametrize("cohort", ["2019", "twenty", 1])
    def test_a_cohort_that_there_is_not(self, client: Explained, cohort):
        assert rescheduled(client, cohort=cohort)["body.cohort-ignored"].startswith("2021, 2022")

    def test_evidence_that_is_not_kept(self, client: Explained):
        assert declared(client, "Wendy Bright", "2023-10-10T09:00:00Z", evidence_held="other") == {
            "body.evidence-dropped": "no evidence"
        }

    def test_they_have_codes_and_texts(self):
        assert [it.code for it in CHECKS] == [
            "id.retired",
            "filter.offset-lost",
            "body.cohort-ignored",
            "body.evidence-dropped",
        ]
        assert all(it.policy.endswith(".") and it.message and it.fix for it in CHECKS)


class TestWhatIsSound:
    @pytest.mark.parametrize(
        "path",
        [
            "participants?filter[cohort]=2025&filter[updated_since]=2026-01-01T00:00:00Z&sort=-updated_at",
            "participants?page[page]=1&page[per_page]=3000",
            "participants/transfers",
            "participant-declarations?filter[cohort]=2024,2025",
            "partnerships?filter[cohort]=2025",
            "schools?filter[cohort]=2025&filter[urn]=105001",
            "delivery-partners?filter[cohort]=2025",
            "statements?filter[cohort]=2025",
            "unfunded-mentors",
        ],
    )
    def test_has_no_findings(self, client: Explained, path):
        client.read(path)

        assert found(client) == {}

    def test_a_cohort_that_there_is_and_evidence_that_is_kept(self, client: Explained):
        assert rescheduled(client, cohort="2024") == {}
        assert declared(client, "Idris Cole", "2025-10-10T09:00:00Z", evidence_held="other") == {}


class TestWhatTheServiceDoesOtherwise:
    """Checks that every service has, where this one is stricter or has nothing of the kind."""

    def test_a_raw_plus_has_to_be_escaped_twice(self, client: Explained):
        codes = sent_raw(client, f"{PARTICIPANTS}?filter[updated_since]=2026-01-01T00:00:00+01:00")

        assert codes["query.raw-plus"] == "2026-01-01T00:00:00%252B01:00"

    def test_a_plus_that_is_escaped_twice_is_read(self, client: Explained):
        sent_raw(client, f"{PARTICIPANTS}?filter[updated_since]=2026-01-01T00:00:00%252B01:00")

        assert client.last().status == 200

    def test_a_body_of_the_former_type_is_not_read(self, client: Explained):
        path = f"{PARTICIPANTS}/{client.id('people.Hannah Boyle')}/resume"
        body = b'{"data": {"type": "participant-resume", "attributes": {"course_identifier": "ecf-induction"}}}'

        codes = sent_raw(client, path, ("Content-Type", "application/vnd.api+json"), method="PUT", body=body)

        assert codes["media-type.not-json"] == "application/json"

    def test_an_empty_server_date_is_unreadable(self, client: Explained):
        assert "server-date.unreadable" in sent_raw(client, PARTICIPANTS, ("X-With-Server-Date", ""))

    def test_nothing_is_compressed_so_that_conditions_hold(self, client: Explained):
        tag = ("If-None-Match", 'W/"0123456789abcdef0123456789abcdef"')

        assert sent_raw(client, PARTICIPANTS, tag, ("Accept-Encoding", "gzip")) == {}
