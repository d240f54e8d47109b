"""The clock of a request to RECT: it stands still, its days are the United Kingdom's, a switch shows another one."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ecf_sandbox.app import create_app
from ecf_sandbox.scenario import load_scenario
from ecf_sandbox.scenario.world import world_of
from ecf_sandbox.state.worlds import Worlds
from ecf_sandbox.transport import InProcess

STORY = load_scenario("default", seed="sandbox", service="rect")
NAMES = STORY.service.names(STORY.beginning)
PRESENT, PRETENDED = "2026-05-12T12:00:00Z", "2026-05-20T12:00:00Z"


class Client:
    """A provider's client of the default scenario, which sends a server date with everything."""

    def __init__(self, edition: str = "guidance") -> None:
        world = world_of(STORY, edition=STORY.service.editions[edition], now=STORY.as_of)
        self._send = InProcess(create_app(Worlds(world)).wsgi_app)

    def __call__(self, method: str, path: str, at: str = PRETENDED, **attributes: str) -> Any:
        headers = [("Authorization", "Bearer ambition-token"), ("X-With-Server-Date", at)]
        body = None
        if attributes:
            headers.append(("Content-Type", "application/json"))
            body = json.dumps({"data": {"attributes": attributes}}).encode()
        return json.loads(self._send(method, f"/api/v3/{path}", headers, body).body)

    def times(self, *asked: str, **attributes: str) -> dict[str, str]:
        found = self(*asked, **attributes)["data"]["attributes"]
        return {name: found[name] for name in ("created_at", "updated_at") if name in found}


def person(name: str) -> str:
    return NAMES[f"people.{name}"]


def start(name: str, **changes: str) -> dict[str, str]:
    return {
        "participant_id": person(name),
        "declaration_type": "started",
        "declaration_date": "2026-01-10T10:00:00Z",
        "course_identifier": "ecf-induction",
        "evidence_held": "training-event-attended",
        **changes,
    }


RETENTION = {"declaration_type": "retained-1", "declaration_date": "2026-02-10T10:00:00Z"}


@pytest.mark.parametrize(("edition", "shown"), [("guidance", PRETENDED), ("live", PRESENT)])
class TestWhereTheDatabasesClockIsShown:
    """The default is the server date, and `database_clock_shown` gives what was recorded (behaviour/rect.md#7)."""

    def test_a_new_partnership(self, edition, shown):
        asked = {
            "cohort": "2025",
            "school_id": NAMES["schools.Waitworth School"],
            "delivery_partner_id": NAMES["delivery_partners.Kestrel Teaching School Hub"],
        }

        times = Client(edition).times("POST", "partnerships", **asked)

        assert times == {"created_at": PRETENDED, "updated_at": shown}

    def test_a_new_declaration_that_stays_submitted(self, edition, shown):
        times = Client(edition).times("POST", "participant-declarations", **start("Idris Cole", **RETENTION))

        assert times == {"created_at": PRETENDED, "updated_at": shown}

    def test_a_transfer_from_training_that_is_new(self, edition, shown):
        client = Client(edition)
        path = f"participants/{person('Omar Reid')}"
        client(
            "PUT",
            f"{path}/change-schedule",
            course_identifier="ecf-induction",
            schedule_identifier="ecf-reduced-september",
        )

        assert client("GET", f"{path}/transfers")["data"]["attributes"]["updated_at"] == shown

    def test_and_lists_go_by_it(self, edition, shown):
        client = Client(edition)
        client("POST", "participant-declarations", **start("Idris Cole", **RETENTION))

        since = client("GET", f"participant-declarations?filter[updated_since]={PRETENDED}")["data"]

        assert bool(since) == (shown == PRETENDED)


@pytest.mark.parametrize("edition", ["guidance", "live"])
class TestWhereItIsNot:
    def test_a_declaration_that_is_eligible(self, edition):
        times = Client(edition).times("POST", "participant-declarations", **start("Viktor Hale"))

        assert times == {"created_at": PRETENDED, "updated_at": PRETENDED}

    def test_a_participant_who_is_deferred(self, edition):
        path = f"participants/{person('Hannah Boyle')}/defer"

        answer = Client(edition)("PUT", path, course_identifier="ecf-induction", reason="other")

        attributes = answer["data"]["attributes"]
        assert attributes["updated_at"] == attributes["ecf_enrolments"][0]["deferral"]["date"] == PRETENDED

    def test_a_partnership_with_another_delivery_partner(self, edition):
        path = f"partnerships/{NAMES['partnerships.Elm Street Primary.2025.Ambition Institute']}"
        partner = NAMES["delivery_partners.Kestrel Teaching School Hub"]

        assert Client(edition).times("PUT", path, delivery_partner_id=partner)["updated_at"] == PRETENDED


class TestAServerDate:
    def test_stands_still_for_all_that_a_request_writes(self):
        client = Client()
        path = f"participants/{person('Greta Pike')}"
        answer = client("PUT", f"{path}/resume", course_identifier="ecf-induction")
        later = client("GET", path, at="2026-06-20T12:00:00Z")

        assert answer["data"]["attributes"]["updated_at"] == PRETENDED
        assert later == answer

    def test_is_cut_to_whole_seconds(self):
        times = Client().times("POST", "participant-declarations", "2026-05-20T12:00:00.999Z", **start("Viktor Hale"))

        assert times["created_at"] == PRETENDED


# Each is the last second of a day in the United Kingdom, in summer time, and the first of the next one.
BEFORE, AFTER = "2026-05-25T22:59:59Z", "2026-05-25T23:00:00Z"


class TestToday:
    """Petra Lind's first day is 26 May 2026, Omar Reid's last one 20 July; statements close on 31 July."""

    @pytest.mark.parametrize(("at", "status"), [(BEFORE, "joining"), (AFTER, "active")])
    def test_is_the_first_day_from_midnight_in_the_united_kingdom_on(self, at, status):
        shown = Client()("GET", f"participants/{person('Petra Lind')}", at)["data"]["attributes"]["ecf_enrolments"]

        assert shown[0]["participant_status"] == status

    @pytest.mark.parametrize(("at", "status"), [("2026-07-19T22:59:59Z", "leaving"), ("2026-07-19T23:00:00Z", "left")])
    def test_is_the_last_day(self, at, status):
        shown = Client()("GET", f"participants/{person('Omar Reid')}", at)["data"]["attributes"]["ecf_enrolments"]

        assert shown[0]["participant_status"] == status

    @pytest.mark.parametrize(
        ("at", "status"), [("2026-07-19T22:59:59Z", "incomplete"), ("2026-07-20T22:59:59Z", "complete")]
    )
    def test_is_the_day_of_a_transfer(self, at, status):
        shown = Client()("GET", f"participants/{person('Omar Reid')}/transfers", at)["data"]["attributes"]

        assert shown["transfers"][0]["status"] == status

    @pytest.mark.parametrize(("at", "training"), [(BEFORE, 0), (AFTER, 1)])
    def test_is_a_day_of_training_under_a_partnership(self, at, training):
        path = f"partnerships/{NAMES['partnerships.Elm Street Primary.2025.Ambition Institute']}"
        counts = [
            Client()("GET", path, it)["data"]["attributes"]["participants_currently_training"] for it in (BEFORE, at)
        ]

        # Dora Flint begins there on the same day.
        assert counts[1] - counts[0] == 2 * training

    @pytest.mark.parametrize(("at", "month"), [("2026-07-31T22:59:59Z", "2026-8"), ("2026-07-31T23:00:00Z", "2026-11")])
    def test_is_the_deadline_of_a_statement(self, at, month):
        answer = Client()("POST", "participant-declarations", at, **start("Viktor Hale"))

        statement = NAMES[f"statements.Ambition Institute.2025.{month}"]
        assert answer["data"]["attributes"]["statement_id"] == statement

    @pytest.mark.parametrize(("at", "refused"), [("2026-05-31T22:59:59Z", True), ("2026-05-31T23:00:00Z", False)])
    def test_is_the_first_day_of_a_cohort(self, at, refused):
        asked = {
            "cohort": "2026",
            "school_id": NAMES["schools.Quiet Lane School"],
            "delivery_partner_id": NAMES["delivery_partners.Kestrel Teaching School Hub"],
        }

        assert ("errors" in Client()("POST", "partnerships", at, **asked)) == refused

    @pytest.mark.parametrize(("at", "refused"), [("2026-05-20T22:59:59Z", True), ("2026-05-20T23:00:00Z", False)])
    @pytest.mark.parametrize("action", ["defer", "withdraw"])
    def test_is_the_day_of_a_change_of_schedule(self, at, refused, action):
        client = Client()
        path, course = f"participants/{person('Hannah Boyle')}", {"course_identifier": "ecf-induction"}
        client("PUT", f"{path}/change-schedule", schedule_identifier="ecf-reduced-september", **course)

        assert ("errors" in client("PUT", f"{path}/{action}", at, reason="other", **course)) == refused

    @pytest.mark.parametrize(("at", "refused"), [("2026-05-20T22:59:59Z", True), ("2026-05-20T23:00:00Z", False)])
    def test_is_the_day_of_a_deferral(self, at, refused):
        client = Client()
        path, course = f"participants/{person('Hannah Boyle')}", {"course_identifier": "ecf-induction"}
        client("PUT", f"{path}/defer", reason="other", **course)

        assert ("errors" in client("PUT", f"{path}/resume", at, **course)) == refused

    def test_ends_training_with_the_day_that_it_is_in_the_united_kingdom(self):
        client = Client()
        path, course = f"participants/{person('Hannah Boyle')}", {"course_identifier": "ecf-induction"}
        client("PUT", f"{path}/defer", "2026-05-20T23:30:00Z", reason="other", **course)

        (enrolment,) = client("GET", path, "2026-05-20T23:30:00Z")["data"]["attributes"]["ecf_enrolments"]
        still = client("PUT", f"{path}/resume", "2026-05-21T22:59:59Z", **course)

        assert enrolment["participant_status"] == "left"
        assert "errors" in still, "the deferral was on the 21st"
