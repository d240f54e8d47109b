"""Small whole worlds as scenario files: schools, partnerships, people and what was declared, the smallest first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from ecf_sandbox.dates.wire import instant
from ecf_sandbox.state.properties import Choose

Json = dict[str, Any]
# Early in the training of the newest cohort; in summer time, when it is tomorrow in London; later in the training.
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
# What the provider said lately of somebody's training.
_PASTS: Sequence[dict[str, str]] = ({}, {}, {"deferred": "parental-leave"}, {"withdrawn": "left-teaching-profession"})


def drawn_country(choose: Choose) -> Json:
    """A scenario file, as data. Two lead providers; the first is the one whose client is tried."""
    now: datetime = choose(BEGINNINGS)
    schools: Sequence[str] = _SCHOOLS[: choose((1, 2, 3))]
    trainers = {school: "alpha" if at == 0 else choose(("alpha", "alpha", "beta")) for at, school in enumerate(schools)}
    works = {key: [2024, 2025, 2026] for key in _PROVIDERS}
    return {
        "title": "A drawn world",
        "service": "rect",
        "as_of": instant(now),
        "now": instant(now),
        "providers": {key: {"name": name} for key, name in _PROVIDERS.items()},
        "delivery_partners": {
            "hub": {"name": "The Hub", "works_with": works},
            "loft": {"name": "The Loft", "works_with": works},
        },
        "schools": {
            _key(name): {"name": name, "urn": str(100001 + at), "induction_tutor": f"Tutor of {name}"}
            for at, name in enumerate(schools)
        },
        "partnerships": [
            {"school": _key(school), "provider": provider, "delivery_partner": "hub", "cohort": cohort}
            for school, provider in trainers.items()
            for cohort in sorted(COHORTS)
        ],
        "people": [_person(at, name, trainers, now, choose) for at, name in enumerate(_PEOPLE[: choose((2, 3, 6))])],
    }


def _person(at: int, name: str, trainers: dict[str, str], now: datetime, choose: Choose) -> Json:
    cohort: int = choose(COHORTS)
    kind = "ect" if at == 0 else choose(("ect", "ect", "mentor"))
    school = choose(list(trainers))
    begun = datetime(cohort, 9, 1, tzinfo=UTC)
    record: Json = {"school": _key(school), "provider": trainers[school], "from": begun.date().isoformat()}
    if kind == "ect" and choose((True, True, False)):
        record["induction_from"] = (begun + timedelta(days=1)).date().isoformat()
    if declared := _declared(cohort, now, choose):
        record["declarations"] = declared
    for what, reason in choose(_PASTS).items():
        record[what] = {"at": instant(now - timedelta(days=10)), "reason": reason}
    return {"name": name, "trn": str(2500001 + at), kind: record}


def _declared(cohort: int, now: datetime, choose: Choose) -> list[Json]:
    """That somebody started, within the milestone of every schedule that begins in September, if that is past."""
    date = datetime(cohort, 10, 6, 10, tzinfo=UTC)
    past = date + timedelta(days=1) < now
    if not past or not choose((False, True, True)):
        return []
    evidence = {"evidence_held": "other"} if cohort >= 2025 else {}
    return [{"type": "started", "date": instant(date), **evidence}]


def _key(name: str) -> str:
    return name.partition(" ")[0].lower()
