"""A difference is found exactly when a client does what meets it, and nothing else is."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from ecf_sandbox.moving.result import Moving
from ecf_sandbox.moving.table.differences import DIFFERENCES
from ecf_sandbox.scenario import load_scenario
from ecf_sandbox.scenario.world import world_of
from ecf_sandbox.state.exchange_codec import as_json_lines
from tests.moving.client import V3, Client, moved, serve
from tests.moving.doings import DOINGS, challenge, jane
from tests.moving.test_judgement import JUDGED

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("id", DOINGS)
def test_a_client_that_meets_a_difference_is_told_of_it_and_of_no_other(id):
    doing, expected = DOINGS[id]
    client = Client()
    doing(client)

    found = client.moves()

    assert id in expected
    assert {it.id for it in found.found} == expected
    assert found.unexplained == ()


def test_every_difference_has_a_client_that_meets_it_or_is_judged_by_itself():
    assert {it.id for it in DIFFERENCES} - DOINGS.keys() == JUDGED


@pytest.mark.parametrize(
    "path",
    [
        "/delivery-partners",
        "/delivery-partners?filter[cohort]=2025",
        "/delivery-partners?page[page]=2&page[per_page]=2",
        "/delivery-partners?sort=-created_at",
        "/statements?filter[cohort]=2019",
        "/participant-declarations?filter[updated_since]=2030-01-01T00:00:00Z",
    ],
)
def test_a_request_that_is_the_same_in_both_services_meets_nothing(path):
    client = Client()
    client.send("GET", f"{V3}{path}")

    found = client.moves()

    assert (found.requests, found.played, found.found, found.unexplained) == (1, 1, (), ())
    assert all(it.otherwise == 0 for it in found.answers)


def test_a_declaration_that_both_services_take_breaks_nothing():
    client = Client()
    client.declare("Jane Smith", "started", "2025-10-01T09:00:00Z", evidence_held="training-event-attended")

    found = client.moves()

    assert found.breaking == 0
    assert {it.kind for it in found.found} == {"attribute gone"}


def test_what_is_broken_is_broken_only_until_the_step_that_mends_it():
    client = Client()
    client.send("GET", f"{V3}/participants/ecf?filter[updated_since]=2026-10-12T08:00:00%2B01:00")
    client.send("GET", f"{V3}/delivery-partners")

    answers = client.moves().answers

    assert [(it.step, it.as_before) for it in answers] == [
        ("nothing changed", 1),
        ("paths", 1),
        ("headers", 1),
        ("names and values", 2),
    ]


def test_the_day_after_is_as_good_as_ever():
    client = Client()
    client.act("Jane Smith", "defer", reason="other")
    client.at("2026-10-13T09:00:00Z")
    client.act("Jane Smith", "resume")
    client.at("2026-10-14T09:00:00Z")
    client.act("Jane Smith", "defer", reason="other")

    found = client.moves()

    assert {it.id for it in found.found if it.breaks} == {"path-participants"}


class TestSomebodyWhoIsGone:
    """Whoever has trained with a provider stays in the new service."""

    def test_is_not_said_to_be_there_if_they_are_somebody_else_now(self):
        client = Client()
        one, other = (client.names[f"people.{name}"] for name in ("Jane Smith", "Amara Okafor"))
        jane(client)
        client.happens("merge_participants", from_participant_id=one, to_participant_id=other)
        jane(client)
        client.send("GET", f"{V3}/participants/ecf/{other}")

        found = {it.id for it in client.moves().found}

        assert "not-found-body" in found
        assert "participant-found" not in found

    def test_is_not_said_to_be_there_if_they_were_never_shown(self):
        client = Client()
        challenge(client)
        jane(client)

        found = {it.id for it in client.moves(knowing=False).found}

        assert found == {"path-participants", "not-found-body"}


def test_nobody_has_an_id_that_is_none_whatever_else_is_wrong():
    client = Client()
    told = {"course_identifier": "ecf-induction", "reason": "other", "schedule_identifier": "x"}
    client.send("PUT", f"{V3}/participants/ecf/nobody/defer", told)

    found = client.moves()

    assert {it.id for it in found.found} == {"path-participants", "unknown-participant"}
    assert (found.played, found.unexplained) == (1, ())


def test_an_id_of_the_old_service_is_the_same_person_in_the_new_one():
    client = Client()
    for name in ("Jane Smith", "Hannah Boyle", "Malcolm Reid", "Alice Novak", "Omar Haddad", "Priya Raman"):
        client.send("GET", f"{V3}/participants/ecf/{client.names[f'people.{name}']}")

    found = client.moves()

    assert [it.as_before for it in found.answers] == [0, 6, 6, 6]


@pytest.mark.parametrize(
    "value", [None, "", "x", [], ["2025"], {}, {"a": 1}, True, 0, 2025, -1, 1e30, "9" * 5000, "\u00b2"]
)
def test_whatever_a_client_sends_is_judged(value):
    client = Client()
    jane = client.names["people.Jane Smith"]
    every = {
        "POST /participant-declarations": ("participant_id", "declaration_type", "declaration_date", "evidence_held"),
        f"PUT /participants/ecf/{jane}/defer": ("reason", "course_identifier"),
        f"PUT /participants/ecf/{jane}/change-schedule": ("schedule_identifier", "cohort"),
        "POST /partnerships/ecf": ("cohort", "school_id", "delivery_partner_id"),
    }
    sound = {"participant_id": jane, "declaration_type": "started", "declaration_date": "2025-10-01T09:00:00Z"}
    for asked, names in every.items():
        method, _, path = asked.partition(" ")
        for name in names:
            told = {**sound, "course_identifier": "ecf-induction", "reason": "other", name: value}
            client.send(method, f"{V3}{path}", told)
        client.send(method, f"{V3}{path}", value)

    found = client.moves()

    assert found.requests == sum(len(names) + 1 for names in every.values())
    assert found.unexplained == ()
    assert found.played + sum(it.count for it in found.by_table) == found.requests


@pytest.mark.parametrize("date", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "1900-01-01", "2019-05-01T00:00:00Z"])
def test_a_server_date_may_say_anything(date):
    client = Client()
    client.send("GET", f"{V3}/participants/ecf", X_With_Server_Date=date)
    client.send("GET", f"{V3}/participants/ecf/{client.names['people.Jane Smith']}", X_With_Server_Date=date)

    found = client.moves()

    assert found.requests == 2
    assert found.unexplained == ()


def test_a_client_that_has_moved_meets_nothing():
    world = world_of(load_scenario("rect-default", seed="sandbox"))
    send = serve(world)
    token = world.tokens[0]
    for path in ("/delivery-partners", "/statements", "/participant-declarations", "/participants", "/statements/x"):
        send("GET", f"{V3}{path}", [("Authorization", f"Bearer {token}")])

    found = moved(as_json_lines(world.journal, world="main").encode())

    assert (found.requests, found.elsewhere, found.found) == (0, 5, ())


class TestAJournalThatIsNotAsItWasWritten:
    """Somebody has cut it, or taken out what nobody should read."""

    def moved(self, change: Callable[[dict[str, Any]], None]) -> Moving:
        client = Client()
        client.send("GET", f"{V3}/participants/ecf/{client.names['people.Jane Smith']}")
        client.act("Jane Smith", "defer", reason="other")
        client.declare("Jane Smith", "started", "2025-10-01T09:00:00Z", evidence_held="training-event-attended")
        lines = [json.loads(line) for line in client.journal().splitlines()]
        for line in lines:
            change(line)
        return moved("\n".join(map(json.dumps, lines)).encode(), client.world)

    @pytest.mark.parametrize("value", [None, "***", "Bearer xxx", ""])
    def test_has_tokens_that_the_old_service_knew(self, value):
        def masked(line: dict[str, Any]) -> None:
            headers = [it for it in line["request"]["headers"] if it[0] != "Authorization"]
            line["request"]["headers"] = headers + ([] if value is None else [["Authorization", value]])

        found = self.moved(masked)

        assert found.unexplained == ()
        assert [it.as_before for it in found.answers] == [1, 3, 3, 3]

    def test_has_bodies_of_which_nothing_can_be_said(self):
        def cut(line: dict[str, Any]) -> None:
            line["request"]["body"] = json.dumps(line["request"]["body"])[:30]

        found = self.moved(cut)

        assert found.unexplained == ()
        assert {it.id for it in found.found if it.breaks} == {"path-participants"}
        assert [(it.count, it.why) for it in found.by_table] == [
            (2, "its body is JSON that is not whole, which the old service took")
        ]


class TestTheOldVersions:
    """Their answers are named by the attributes that they have."""

    def places(self, target: str) -> dict[str, set[str]]:
        client = Client()
        client.send("GET", target)
        return {it.id: set(it.places) for it in client.moves().found}

    @pytest.mark.parametrize("target", ["/api/v1/participants", "/api/v2/participants/ecf", "/api/v1/participants.csv"])
    def test_say_which_attributes_of_a_participant_are_elsewhere(self, target):
        found = self.places(target)

        assert {"answer: email", "answer: training_status", "answer: cohort"} <= found["version-answers"]
        assert not {"answer: status", "answer: full_name", "answer: id"} & found["version-answers"]
        assert found["version-status"] == {"answer: status"}
        assert found["trn-validated-gone"] == {"answer: teacher_reference_number_validated"}

    def test_say_which_attributes_of_a_declaration_are_gone(self):
        one, two = self.places("/api/v1/participant-declarations.csv"), self.places("/api/v2/participant-declarations")

        assert one["version-payment-gone"] == {"answer: eligible_for_payment", "answer: voided"}
        assert "version-payment-gone" not in two
        assert "version-answers" not in one.keys() | two.keys()
        assert one["ineligible"] == two["ineligible"] == {"answer: state"}
        assert one["csv"] == {"GET /api/v1/participant-declarations.csv"}

    def test_say_that_a_file_cannot_be_read_to_its_end(self):
        client = Client()
        client.send("GET", "/api/v1/participant-declarations.csv")
        exchange = json.loads(client.journal())
        exchange["response"]["body"] = '"id,"' + "x" * 200_000

        found = moved(json.dumps(exchange).encode())

        assert {it.id for it in found.found} == {"csv", "version"}


class TestWithoutTheBeginning:
    def test_says_the_same_of_all_that_nothing_shows(self):
        client = Client()
        for name in ("Jane Smith", "Amara Okafor", "Lucy Tran"):
            client.declare(name, "started", "2025-10-01T09:00:00Z")
            client.act(name, "change-schedule", schedule_identifier="x")

        [unplayed] = client.moves(knowing=False).by_table

        assert unplayed.count == 6

    def test_is_judged_by_the_table_where_nothing_shows_what_it_is_about(self):
        client = Client()
        client.declare("Jane Smith", "started", "2025-10-01T09:00:00Z")

        found = client.moves(knowing=False)

        assert (found.requests, found.played) == (1, 0)
        [unplayed] = found.by_table
        assert unplayed.count == 1
        assert unplayed.why == "no answer before it shows the participant"

    def test_is_played_where_an_earlier_answer_shows_it(self):
        client = Client()
        client.send("GET", f"{V3}/participants/ecf/{client.names['people.Jane Smith']}")
        client.declare("Jane Smith", "started", "2025-10-01T09:00:00Z")

        found = client.moves(knowing=False)

        assert found.played == 2
        assert "started-evidence" in {it.id for it in found.found}

    def test_is_played_where_its_own_answer_says_what_was(self):
        client = Client()
        client.act("Jane Smith", "defer", reason="other")
        client.act("Jane Smith", "resume")

        found = client.moves(knowing=False)

        assert found.played == 2
        assert "stopped-today" in {it.id for it in found.found}

    def test_a_path_is_gone_whoever_it_is_about(self):
        client = Client()
        client.act("Jane Smith", "change-schedule", schedule_identifier="x")

        [path] = [it for it in client.moves(knowing=False).found if it.step == "paths"]

        assert (path.breaks, path.count, path.played) == (True, 1, 0)
