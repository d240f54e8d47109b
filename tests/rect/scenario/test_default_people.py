"""Everybody in the default scenario of RECT is as their line of story says, as the API shows them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ecf_sandbox.app import create_app
from ecf_sandbox.scenario import load_scenario
from ecf_sandbox.scenario.world import world_of
from ecf_sandbox.state.worlds import Worlds
from ecf_sandbox.transport import InProcess

PROVIDERS = {"ambition": "Ambition Institute", "teach-first": "Teach First", "ucl": "UCL Institute of Education"}
URNS = {"oakfield": "105001", "elm": "105002", "birch": "105003", "rivers": "105010"}
YEARS = range(2021, 2027)


def ect(
    school: str = "oakfield", cohort: int = 2025, schedule: str = "standard-september", **more: Any
) -> dict[str, Any]:
    """What of an enrolment the story claims; training goes on unless it says otherwise."""
    return {
        "participant_type": "ect",
        "school_urn": URNS[school],
        "cohort": str(cohort),
        "schedule_identifier": f"ecf-{schedule}",
        "training_status": "active",
        "participant_status": "active",
        "eligible_for_funding": True,
        "deferral": None,
        "withdrawal": None,
        **more,
    }


def mentor(
    school: str = "oakfield", cohort: int = 2025, schedule: str = "standard-september", **more: Any
) -> dict[str, Any]:
    return {**ect(school, cohort, schedule, **more), "participant_type": "mentor"}


def stopped(status: str, reason: str) -> dict[str, Any]:
    """Deferred or withdrawn, and why."""
    at = {"deferred": "deferral", "withdrawn": "withdrawal"}[status]
    return {"training_status": status, "participant_status": "left", at: reason}


LEFT, JOINING = {"participant_status": "left"}, {"participant_status": "joining", "eligible_for_funding": None}
PASSED = {"induction_end_date": "2025-07-18"}

# By name: the enrolments that each provider sees (a provider who is not there does not see them), and what has been
# declared, transfers and whose unfunded mentor they are, each as told below. What is left out is nothing.
CLAIMS: dict[str, dict[str, Any]] = {
    "Mina Vale": {"ambition": [mentor()]},
    "Hannah Boyle": {"ambition": [ect(mentor_id="Mina Vale")], "declared": ["started paid by ambition"]},
    "Idris Cole": {"ambition": [ect(eligible_for_funding=None)], "declared": ["started submitted by ambition"]},
    "Greta Pike": {"ambition": [ect(**stopped("deferred", "parental-leave"))]},
    "Felix Ward": {"ambition": [ect(**stopped("withdrawn", "left-teaching-profession"))]},
    "Lena Frost": {"ambition": [ect("elm")], "transfers": ["complete new_school to ambition"]},
    "Noor Khan": {
        "ambition": [ect(**LEFT)],
        "teach-first": [ect("birch")],
        "declared": ["started paid by ambition"],
        "transfers": ["complete new_provider to teach-first"],
    },
    "Omar Reid": {"ambition": [ect(participant_status="leaving")], "transfers": ["incomplete unknown to nobody"]},
    "Petra Lind": {"ambition": [ect("elm", schedule="standard-april", **JOINING)]},
    "Rosa Dell": {},
    "Sam Pryce": {},
    "Ulla Norris": {"unfunded": ["ambition"]},
    "Viktor Hale": {"ambition": [ect("elm", mentor_id="Ulla Norris")]},
    "Wendy Bright": {"ambition": [ect(cohort=2023, **PASSED)], "declared": ["started paid by ambition, with uplift"]},
    "Yusuf Amin": {
        "teach-first": [
            mentor(
                "birch",
                mentor_funding_end_date="2026-04-20",
                mentor_ineligible_for_funding_reason="completed_declaration_received",
            )
        ],
        "declared": ["started paid by teach-first", "completed eligible by teach-first"],
        "unfunded": ["ucl"],
    },
    "Zoe Hart": {"ucl": [ect("birch", working_pattern="part_time", mentor_id="Yusuf Amin")]},
    "Ada Finch": {
        "ambition": [ect(cohort=2021, induction_end_date="2023-07-18")],
        "declared": ["started paid by ambition", "completed paid by ambition"],
    },
    "Ben Carver": {"ambition": [ect(cohort=2021)], "declared": ["started paid by ambition"]},
    "Cleo Marsh": {
        "ambition": [ect(cohort=2024, schedule="extended-september", cohort_changed_after_payments_frozen=True)]
    },
    "Dev Patel": {
        "ambition": [ect(cohort=2022, **stopped("deferred", "career-break"))],
        "declared": ["started paid by ambition"],
    },
    "Erin Slater": {
        "ambition": [ect(cohort=2023)],
        "declared": [
            "started paid by ambition, with uplift",
            *(f"retained-{number} paid by ambition" for number in range(1, 5)),
        ],
    },
    "Dina Salter": {
        "ambition": [ect(cohort=2024, pupil_premium_uplift=True)],
        "declared": ["started paid by ambition, with uplift"],
    },
    "Zane Muir": {"ambition": [ect(cohort=2026, **JOINING)]},
    "Yara Odell": {},
    "Xavi Costa": {},
    "Hugo Lamb": {"ambition": [ect(cohort=2024, schedule="standard-january")]},
    "Isla Reeve": {"ambition": [ect(cohort=2024, schedule="standard-april")]},
    "Jonas Weir": {"ambition": [ect(schedule="extended-january")]},
    "Finn Doyle": {
        "ambition": [ect(cohort=2023, schedule="extended-april")],
        "declared": ["started paid by ambition, with uplift", "extended-1 paid by ambition"],
    },
    "Nell Barker": {"ambition": [ect(schedule="extended-september", working_pattern="part_time")]},
    "Liam Ford": {"ambition": [ect(schedule="reduced-september")]},
    "Pia Long": {"ambition": [ect(schedule="reduced-january")]},
    "Quentin Rowe": {"ambition": [ect("elm", schedule="reduced-april")]},
    "Maya Quinn": {"ambition": [mentor(schedule="replacement-september")]},
    "Rhea Moss": {"ambition": [mentor(schedule="replacement-january")]},
    "Seth Crane": {"ambition": [mentor(schedule="replacement-april")]},
    "Kira Holt": {"ambition": [ect(schedule="standard-april")]},
    "Tara Wynn": {"ambition": [ect()]},
    "Umar Shah": {"ambition": [ect(**stopped("withdrawn", "other"))]},
    "Will Tate": {"ambition": [mentor(**stopped("deferred", "long-term-sickness"))]},
    "Xena Hurst": {"ambition": [mentor(**stopped("withdrawn", "mentor-no-longer-being-mentor"))]},
    "Yann Leroux": {
        "ambition": [ect()],
        "teach-first": [ect("birch", **LEFT)],
        "declared": ["started paid by teach-first", "retained-1 paid by ambition"],
        "transfers": ["complete new_provider to ambition"],
    },
    "Beth Sharp": {"ambition": [ect(**LEFT)], "transfers": ["complete new_provider to nobody"]},
    "Carl Dunn": {"ambition": [ect(**LEFT)], "transfers": ["complete new_provider to nobody"]},
    "Dora Flint": {
        "ambition": [ect("elm", participant_status="joining")],
        "transfers": ["incomplete new_school to ambition"],
    },
    "Ezra Kemp": {"ambition": [ect("rivers", **LEFT)], "teach-first": [ect("rivers")]},
    "Faye Otto": {"ambition": [ect("rivers", **LEFT)]},
    "Glen Hardy": {"ambition": [mentor()], "unfunded": ["teach-first"]},
    "Hope Nash": {"ambition": [ect(cohort=2023, **PASSED), mentor()]},
    "Ivan Petrov": {
        "ambition": [
            mentor(
                cohort=2023,
                eligible_for_funding=False,
                mentor_funding_end_date="2021-04-19",
                mentor_ineligible_for_funding_reason="completed_during_early_roll_out",
            )
        ]
    },
    "Jess Ryder": {
        "ambition": [
            mentor(
                cohort=2023,
                mentor_funding_end_date="2025-08-31",
                mentor_ineligible_for_funding_reason="started_not_completed",
            )
        ],
        "declared": ["started paid by ambition, with uplift"],
    },
    "Kofi Mensah": {"ambition": [mentor(cohort=2021)]},
    "Lyra Bloom": {"ambition": [ect(cohort=2023, induction_end_date="2026-04-17")]},
    "Nina Frost": {
        "teach-first": [ect("birch", mentor_id="Glen Hardy")],
        "declared": ["started payable by teach-first"],
    },
    "Otis Vane": {"ambition": [ect()], "declared": ["started voided by ambition"]},
    "Poppy Lane": {"ambition": [ect()], "declared": ["started awaiting-clawback by ambition"]},
    "Ravi Sethi": {"ambition": [ect()], "declared": ["started clawed-back by ambition"]},
    "Saul Berry": {
        "ambition": [ect("elm", schedule="standard-january")],
        "declared": ["started eligible by ambition"],
    },
    "Tess Lowry": {
        "ambition": [ect()],
        "declared": [
            "started paid by ambition",
            "retained-1 paid by ambition",
            "retained-2 eligible by ambition",
        ],
    },
    "Vic Nolan": {"ambition": [ect()]},
}


class Country:
    """The default scenario, asked as each provider through the API."""

    def __init__(self) -> None:
        self.scenario = load_scenario("default", seed="sandbox", service="rect")
        world = world_of(self.scenario, now=self.scenario.as_of)
        self.names = world.service.names(world.state.records)
        self.people = {id: name.partition(".")[2] for name, id in self.names.items() if name.startswith("people.")}
        self._send = InProcess(create_app(Worlds(world)).wsgi_app)
        self._lists = {
            (provider, path): self.ask(provider, "GET", f"{path}?page[per_page]=500")["data"]
            for provider in PROVIDERS
            for path in ("participants", "participant-declarations", "participants/transfers", "unfunded-mentors")
        }

    def ask(self, provider: str, method: str, target: str, attributes: dict[str, Any] | None = None) -> Any:
        headers = [("Authorization", f"Bearer {provider}-token"), ("Content-Type", "application/json")]
        body = None if attributes is None else json.dumps({"data": {"attributes": attributes}}).encode()
        return json.loads(self._send(method, f"/api/v3/{target}", headers, body).body)

    def of(self, name: str) -> dict[str, Any]:
        """What providers are shown of somebody, in the words of the table."""
        id = self.names[f"people.{name}"]
        seen = {
            it: [row["attributes"] for row in self._lists[it, "participants"] if row["id"] == id] for it in PROVIDERS
        }
        return {
            **{provider: rows[0]["ecf_enrolments"] for provider, rows in seen.items() if rows},
            "declared": self._declared(id),
            "transfers": self._transfers(id),
            "unfunded": [it for it in PROVIDERS if any(row["id"] == id for row in self._lists[it, "unfunded-mentors"])],
        }

    def _declared(self, id: str) -> list[str]:
        rows = [row for it in PROVIDERS for row in self._lists[it, "participant-declarations"]]
        found = {row["id"]: row["attributes"] for row in rows if row["attributes"]["participant_id"] == id}
        return [
            f"{it['declaration_type']} {it['state']} by {key_of(it['lead_provider_name'])}"
            + (", with uplift" if it["uplift_paid"] else "")
            for it in sorted(found.values(), key=lambda it: it["declaration_date"])
        ]

    def _transfers(self, id: str) -> list[str]:
        rows = [row for it in PROVIDERS for row in self._lists[it, "participants/transfers"] if row["id"] == id]
        found = [transfer for row in rows for transfer in row["attributes"]["transfers"]]
        told = [
            f"{it['status']} {it['transfer_type']} to {key_of(it['joining']['provider'] if it['joining'] else None)}"
            for it in found
        ]
        return list(dict.fromkeys(told))

    def enrolment(self, it: dict[str, Any]) -> dict[str, Any]:
        """An enrolment with names and reasons in the place of ids and objects."""
        reasons = {name: it[name] and it[name]["reason"] for name in ("deferral", "withdrawal")}
        return {**it, **reasons, "mentor_id": self.people.get(it["mentor_id"])}


def key_of(provider: str | None) -> str:
    return next((key for key, name in PROVIDERS.items() if name == provider), "nobody")


@pytest.fixture(scope="module")
def country():
    return Country()


def test_there_are_sixty_of_whom_each_has_claims(country):
    assert list(country.scenario.people) == list(CLAIMS)
    assert len(CLAIMS) == 60


@pytest.mark.parametrize("name", CLAIMS)
def test_somebody_is_as_their_story_says(country, name):
    claimed = {"declared": [], "transfers": [], "unfunded": [], **CLAIMS[name]}

    shown = country.of(name)

    assert shown.keys() == claimed.keys()
    for provider in PROVIDERS:
        enrolments = [country.enrolment(it) for it in shown.pop(provider, [])]
        expected = claimed.pop(provider, [])
        assert [{key: it[key] for key in wanted} for it, wanted in zip(enrolments, expected, strict=True)] == expected
    assert shown == claimed


class TestTogetherTheyHave:
    def test_every_schedule_there_is(self):
        schedules = {it["schedule_identifier"] for claims in CLAIMS.values() for it in claims.get("ambition", ())}

        kinds, months = ("standard", "extended", "reduced", "replacement"), ("september", "january", "april")
        assert schedules == {f"ecf-{kind}-{month}" for kind in kinds for month in months}

    def test_every_cohort_there_is(self):
        cohorts = {it["cohort"] for claims in CLAIMS.values() for it in claims.get("ambition", ())}

        assert cohorts == {str(it) for it in YEARS}

    def test_declarations_in_every_state(self):
        states = {it.split()[1] for claims in CLAIMS.values() for it in claims.get("declared", ())}

        assert states == {"submitted", "eligible", "payable", "paid", "voided", "awaiting-clawback", "clawed-back"}


class TestMoreThanAListSays:
    @pytest.mark.parametrize("name", ["Ben Carver", "Kofi Mensah"])
    def test_nothing_more_is_declared_for_whoever_is_of_a_closed_cohort(self, country, name):
        course = "ecf-mentor" if name == "Kofi Mensah" else "ecf-induction"
        answer = country.ask("ambition", "POST", "participant-declarations", declared(country, name, course))

        assert {it["title"] for it in answer["errors"]} == {"cohort"}

    def test_what_was_voided_is_declared_again(self, country):
        attributes = {
            **declared(country, "Otis Vane", "ecf-induction"),
            "declaration_type": "started",
            "declaration_date": "2025-11-04T09:00:00Z",
        }

        answer = Country().ask("ambition", "POST", "participant-declarations", attributes)

        assert answer["data"]["attributes"]["state"] == "eligible"

    @pytest.mark.parametrize("status", ["deferred", "withdrawn"])
    def test_who_was_deferred_and_then_withdrawn_is_found_by_both(self, country, status):
        found = country.ask("ambition", "GET", f"participants?filter[training_status]={status}")["data"]

        assert country.names["people.Umar Shah"] in {it["id"] for it in found}

    def test_a_second_record_is_known_by_the_id_that_was_given_up(self, country):
        id = country.names["people.Vic Nolan"]
        (change,) = country.ask("ambition", "GET", f"participants/{id}")["data"]["attributes"]["participant_id_changes"]

        assert change["to_participant_id"] == id
        assert "errors" in country.ask("ambition", "GET", f"participants/{change['from_participant_id']}")

    @pytest.mark.parametrize(
        ("school", "cohort", "interest", "choice"),
        [
            pytest.param("Waitworth School", 2025, True, "provider_led", id="where Rosa Dell waits"),
            pytest.param("Waitworth School", 2026, True, "provider_led", id="where Yara Odell will"),
            pytest.param("Rowan House School", 2025, True, "provider_led", id="where Xavi Costa does"),
            pytest.param("Lone Hill School", 2025, False, "school_led", id="which trains Sam Pryce itself"),
            pytest.param("Quiet Lane School", 2025, False, "not_yet_known", id="where nobody is"),
        ],
    )
    def test_a_school_shows_whom_it_wants(self, country, school, cohort, interest, choice):
        path = f"schools/{country.names[f'schools.{school}']}?filter[cohort]={cohort}"
        shown = country.ask("ambition", "GET", path)["data"]["attributes"]

        assert (shown["expression_of_interest"], shown["induction_programme_choice"]) == (interest, choice)

    @pytest.mark.parametrize(("cohort", "listed"), [(2024, False), (2025, True)])
    def test_a_school_for_which_the_dfe_does_not_pay_is_listed_while_it_has_a_partnership(
        self, country, cohort, listed
    ):
        shown = country.ask("ambition", "GET", f"schools?filter[cohort]={cohort}")["data"]

        assert ("Fading Light School" in {it["attributes"]["name"] for it in shown}) == listed
        assert "Closed Gate School" not in {it["attributes"]["name"] for it in shown}


def declared(country: Country, name: str, course: str) -> dict[str, str]:
    return {
        "participant_id": country.names[f"people.{name}"],
        "course_identifier": course,
        "declaration_type": "retained-1",
        "declaration_date": "2022-01-10T09:00:00Z",
        "evidence_held": "training-event-attended",
    }
