"""Small whole worlds as scenario files: schools, partnerships, people and what was declared, the smallest first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from ecf_sandbox.dates.wire import instant
from ecf_sandbox.state.properties import Choose

Json = dict[str, Any]
# Within the first milestone of the newest cohort; in summer time, when it is tomorrow in London; later in the training.
BEGINNINGS = (
    datetime(2025, 11, 3, 9, tzinfo=UTC),
    datetime(2026, 6, 30, 23, 30, tzinfo=UTC),
    datetime(2026, 4, 1, 9, tzinfo=UTC),
    datetime(2026, 12, 31, 12, tzinfo=UTC),
)
COHORTS = (2025, 2024)
_PROVIDERS = {"alpha": "Alpha Learning", "beta": "Beta Teaching"}
_SCHOOLS = ("Oak School", "Elm School", "Ash School")
_PEOPLE = ("Ann Archer", "Bob Baker", "Cat Cooper", "Dan Dyer", "Eve Ellis", "Fay Fisher")
_ELIGIBILITY = ("eligible", "eligible", "eligible", "manual_check", "ineligible", "none")
# What the provider said lately of somebody's training.
_PASTS: Sequence[Json] = ({}, {}, {"deferred": "parental-leave"}, {"withdrawn": "left-teaching-profession"})


def drawn_country(choose: Choose) -> Json:
    """A scenario file, as data. Two lead providers; the first is the one whose client is tried."""
    now: datetime = choose(BEGINNINGS)
    schools: Sequence[str] = _SCHOOLS[: choose((1, 2, 3))]
    trainers = {school: "alpha" if at == 0 else choose(("alpha", "alpha", "beta")) for at, school in enumerate(schools)}
    return {
        "title": "A drawn world",
        "as_of": instant(now),
        "now": instant(now),
        "providers": {key: {"name": name, "cohorts": list(COHORTS)} for key, name in _PROVIDERS.items()},
        "delivery_partners": {
            "hub": {"name": "The Hub", "works_with": {key: list(COHORTS) for key in _PROVIDERS}},
            "loft": {"name": "The Loft", "works_with": {key: list(COHORTS) for key in _PROVIDERS}},
        },
        "schools": {
            _key(name): {"name": name, "urn": 100001 + at, "induction_tutor": f"Tutor of {name}"}
            for at, name in enumerate(schools)
        },
        "partnerships": [
            {"school": _key(school), "provider": provider, "delivery_partner": "hub", "cohort": list(COHORTS)}
            for school, provider in trainers.items()
        ],
        "people": [_person(at, name, schools, now, choose) for at, name in enumerate(_PEOPLE[: choose((2, 3, 6))])],
    }


def _person(at: int, name: str, schools: Sequence[str], now: datetime, choose: Choose) -> Json:
    cohort: int = choose(COHORTS)
    kind = "ect" if at == 0 else choose(("ect", "ect", "mentor"))
    record: Json = {"school": _key(choose(schools)), "cohort": cohort}
    eligibility = choose(_ELIGIBILITY)
    if eligibility != "eligible":
        record["eligibility"] = eligibility
    elif declared := _declared(cohort, now, choose):
        record["declarations"] = declared
    if past := choose(_PASTS):
        record["history"] = [{"at": instant(now - timedelta(days=10)), **past}]
    return {"name": name, "trn": 2500001 + at, kind: record}


def _declared(cohort: int, now: datetime, choose: Choose) -> list[Json]:
    """That somebody started, within the milestone of every schedule that begins in September, if that is past."""
    date = datetime(cohort, 10, 6, 10, tzinfo=UTC)
    past = date + timedelta(days=1) < now
    return [{"type": "started", "date": instant(date)}] if past and choose((False, True, True)) else []


def _key(name: str) -> str:
    return name.partition(" ")[0].lower()
