"""What is asked of each service: a world with so many participants, and requests for it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bench.load import request

TOKEN = "ambition-token"
DECLARATIONS = "/api/v3/participant-declarations"
_PER_SCHOOL = 20

# When each type may be declared on the standard September schedule of 2025, none of which the scenarios have declared.
DECLARED = {
    "retained-2": "2026-07-01",
    "retained-3": "2026-12-01",
    "retained-4": "2027-03-01",
    "completed": "2027-07-01",
}
EVIDENCE = {"retained-2": "75-percent-engagement-met", "completed": "75-percent-engagement-met"}


@dataclass(frozen=True)
class MeasuredService:
    """A service: how it is started with a world of a size, and where it lists its participants."""

    name: str
    participants: str
    scenario: Callable[[int], str]
    edition: str | None = None

    @property
    def list_of_100(self) -> str:
        """The path of a list of a hundred participants."""
        return f"{self.participants}?page[per_page]=100"

    def options(self, folder: Path, participants: int) -> list[str]:
        """The options of `serve` for a world with so many participants."""
        file = folder / f"{self.name}-{participants}.yaml"
        file.write_text(self.scenario(participants))
        edition = [] if self.edition is None else ["--edition", self.edition]
        return ["--scenario", str(file), *edition]

    def declarable(self, ask: Callable[[bytes], tuple[int, bytes]], url: str, size: int) -> list[str]:
        """The ids of the ECTs on the standard September schedule, read by pages."""
        found: list[str] = []
        for page in range(1, size // 1000 + 2):
            path = f"{self.participants}?page[per_page]=1000&page[page]={page}"
            listed = json.loads(ask(request(url, path, token=TOKEN))[1])["data"]
            found += [it["id"] for it in listed if _is_declarable(it["attributes"]["ecf_enrolments"][0])]
        return found

    def show(self, url: str, people: list[str], n: int) -> bytes:
        """The nth request for one of the people."""
        return request(url, f"{self.participants}/{people[n * 7919 % len(people)]}", token=TOKEN)

    def declare(self, url: str, people: list[str], n: int) -> bytes:
        """The nth declaration: of everybody the first type, then of everybody the next."""
        type = list(DECLARED)[n // len(people) % len(DECLARED)]
        attributes = {
            "participant_id": people[n % len(people)],
            "declaration_type": type,
            "declaration_date": f"{DECLARED[type]}T10:00:00Z",
            "course_identifier": "ecf-induction",
            "evidence_held": EVIDENCE.get(type, "other"),
        }
        body = json.dumps({"data": {"type": "participant-declaration", "attributes": attributes}}).encode()
        moment = f"X-With-Server-Date: {DECLARED[type]}T12:00:00Z"
        return request(url, DECLARATIONS, token=TOKEN, method="POST", body=body, headers=moment)


def _is_declarable(enrolment: Mapping[str, Any]) -> bool:
    kind = enrolment["participant_type"], enrolment["schedule_identifier"]
    return kind == ("ect", "ecf-standard-september")


_ECF_SCENARIO = """
about: Volume for the benchmark.
as_of: 2026-02-10T12:00:00Z
providers:
  ambition:
    name: Ambition Institute
    token: {token}
delivery_partners:
  hub:
    name: Teaching School Hub
    works_with:
      ambition: [2025]
generate:
  - provider: ambition
    delivery_partner: hub
    cohort: 2025
    participants: {participants}
"""


def _ecf_scenario(participants: int) -> str:
    return _ECF_SCENARIO.format(token=TOKEN, participants=participants)


def _rect_scenario(participants: int) -> str:
    """As many people, as many to a school, each with the start of training declared. JSON is YAML."""
    schools = range(-(-participants // _PER_SCHOOL))
    scenario = {
        "about": "Volume for the benchmark.",
        "service": "rect",
        "as_of": "2026-02-10T12:00:00Z",
        "providers": {"ambition": {"name": "Ambition Institute", "token": TOKEN}},
        "delivery_partners": {"hub": {"name": "Teaching School Hub", "works_with": {"ambition": [2025]}}},
        "schools": {f"school-{n}": {"name": f"School {n}", "urn": str(200_000 + n)} for n in schools},
        "partnerships": [
            {"school": f"school-{n}", "provider": "ambition", "delivery_partner": "hub", "cohort": 2025}
            for n in schools
        ],
        "people": [_rect_person(n) for n in range(participants)],
    }
    return json.dumps(scenario, indent=0)


def _rect_person(n: int) -> dict[str, Any]:
    mentor = n - n % _PER_SCHOOL
    training: dict[str, Any] = {"school": f"school-{n // _PER_SCHOOL}", "provider": "ambition", "from": "2025-09-01"}
    if n != mentor:
        training |= {"induction_from": "2025-09-02", "mentor": f"Person {mentor}"}
    training["declarations"] = [
        {"type": "started", "date": "2025-10-06T09:30:00Z", "evidence_held": "training-event-attended"}
    ]
    return {"name": f"Person {n}", "trn": str(2_000_000 + n), "ect" if n != mentor else "mentor": training}


ECF = MeasuredService("ecf", "/api/v3/participants/ecf", _ecf_scenario, edition="live")
RECT = MeasuredService("rect", "/api/v3/participants", _rect_scenario)
