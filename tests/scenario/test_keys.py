"""Every key that the page of the scenario file names is one that the reader takes, and the other way round."""

from __future__ import annotations

import re
from copy import deepcopy
from typing import Any

import pytest

from ecf_sandbox.app import create_app
from ecf_sandbox.ecf.scenario.guide import EXAMPLE
from ecf_sandbox.scenario import load_scenario
from ecf_sandbox.scenario.file import kinds_of_file
from ecf_sandbox.scenario.file_reference import as_markdown, within
from ecf_sandbox.scenario.loading import saved
from ecf_sandbox.scenario.player import play_in
from ecf_sandbox.scenario.section import NONE, Section, section_of
from ecf_sandbox.scenario.world import world_of
from ecf_sandbox.scenario.yaml_reader import BadScenario, parse
from ecf_sandbox.services import service_named
from ecf_sandbox.state.worlds import Worlds
from ecf_sandbox.transport import InProcess
from tests.scenario.small import read

pytestmark = pytest.mark.slow

FILE, SAVED = kinds_of_file(service_named())

# Whatever a file can say is said here once, soundly.
FULL: dict[str, Any] = {
    "title": "All of it",
    "about": "Every key of every section.",
    "as_of": "2026-10-12T09:00:00Z",
    "now": "2026-10-12T09:00:00Z",
    "service": "ecf",
    "edition": "live",
    "cohorts": {"2022": {"payments_frozen_at": "2024-07-31", "milestones_from": "2022-06-01"}},
    "ids": {"schools.ashgrove": "24b61d1c-ad95-4000-aee0-afbdd542294a"},
    "features": ["closing_2022"],
    "providers": {
        "alpha": {"name": "Alpha", "organisation": "Alpha Ltd", "token": "a", "cohorts": [2022, 2024, 2025]},
        "beta": {},
    },
    "other_tokens": {"other": "data_studio"},
    "delivery_partners": {
        "hub": {"name": "Hub", "works_with": {"alpha": [2022, 2024, 2025], "beta": 2025}, "since": "2021-03-01"},
        "old": {"name": "Old", "closed": "2024-01-31"},
    },
    "schools": {
        "oakfield": {
            "name": "Oakfield",
            "urn": 100001,
            "induction_tutor": "Judith Crane",
            "induction_tutor_email": "judith.crane@oakfield.example.com",
            "programmes": {"2024": "full_induction_programme"},
            "pupil_premium": [2025],
            "sparsity": [2024],
            "type": 1,
            "status": 1,
            "district": "E06000014",
            "section_41": False,
            "email": "office@oakfield.example.com",
            "postcode": "AB1 2CD",
            "address": "1 Road",
            "since": "2021-05-01",
        },
        "ashgrove": {"name": "Ashgrove", "urn": 100002},
    },
    "partnerships": [
        {
            "school": "oakfield",
            "provider": "alpha",
            "delivery_partner": "hub",
            "cohort": [2022, 2024, 2025],
            "confirmed": "2022-06-01",
        },
        {
            "school": "ashgrove",
            "provider": "alpha",
            "delivery_partner": "hub",
            "cohort": 2025,
            "challenged": "2025-09-15",
            "reason": "mistake",
        },
        {"school": "ashgrove", "provider": "beta", "delivery_partner": "hub", "cohort": 2025},
    ],
    "people": [
        {
            "name": "Dan Osei",
            "story": "A mentor.",
            "email": "dan@example.com",
            "trn": 1400001,
            "early_roll_out": True,
            "merged": [{"name": "D Osei", "email": "d@example.com", "at": "2025-12-01"}],
            "mentor": {
                "school": "oakfield",
                "cohort": 2024,
                "schedule": "ecf-standard-september",
                "provider": "alpha",
                "registered": "2024-09-02",
                "starts": "2024-09-03",
                "eligibility": "manual_check",
                "eligibility_reason": "active_flags",
                "eligible_from": "2024-09-05",
                "typed_trn": 1400002,
                "uplifts": ["sparsity"],
                "duplicity": "primary",
                "notes": "By hand.",
                "history": [{"at": "2025-02-01", "withdrawn": "other"}],
                "declarations": [{"type": "started", "date": "2024-10-07"}],
                "mentor_completion": {"date": "2025-07-31", "reason": "started_not_completed"},
            },
        },
        {"name": "Eve Lang", "mentor": {"school": "oakfield", "cohort": 2025}},
        {
            "name": "Jane Smith",
            "trn": 2500001,
            "ect": {
                "school": "oakfield",
                "cohort": 2025,
                "schedule": "ecf-standard-september",
                "provider": "alpha",
                "registered": "2025-09-02",
                "starts": "2025-09-03",
                "eligibility": "eligible",
                "eligibility_reason": "none",
                "eligible_from": "2025-09-05",
                "typed_trn": 2500001,
                "uplifts": ["pupil_premium"],
                "duplicity": "single",
                "notes": "None to speak of.",
                "mentor": "Dan Osei",
                "declarations": [
                    {"type": "started", "date": "2025-10-06", "sent": "2025-10-07", "provider": "alpha"},
                    {
                        "type": "retained-1",
                        "date": "2026-02-02",
                        "evidence": "other",
                        "voided": "2026-02-03",
                        "state": "voided",
                    },
                ],
                "history": [
                    {"at": "2025-11-01", "deferred": "career-break"},
                    {"at": "2025-11-02", "resumed": True},
                    {"at": "2025-11-03", "mentor": "Eve Lang"},
                    {"at": "2025-11-04", "email": "jane@example.com"},
                    {"at": "2025-11-05", "leaving": "2026-03-31"},
                    {
                        "at": "2026-03-01",
                        "joining": "ashgrove",
                        "from": "2026-04-01",
                        "keeps_provider": False,
                        "mentor": "Dan Osei",
                        "email": "j@example.com",
                    },
                    {"at": "2026-06-01", "induction_completed": "2026-05-31"},
                ],
            },
        },
        {
            "name": "Jane Smythe",
            "trn": 2500001,
            "ect": {
                "school": "oakfield",
                "cohort": 2025,
                "history": [{"at": "2026-07-01", "removed": True}],
                "declarations": [{"type": "started", "date": "2025-10-08", "duplicate_of": "Jane Smith"}],
            },
        },
        {
            "name": "Carl Hope",
            "ect": {
                "school": "oakfield",
                "cohort": 2022,
                "history": [{"at": "2024-11-18", "cohort": 2024, "schedule": "ecf-extended-september"}],
            },
        },
    ],
    "generate": [{"provider": "alpha", "delivery_partner": "hub", "cohort": 2025, "participants": 2, "per_school": 2}],
    "steps": [
        {
            "say": "A name is corrected.",
            "at": "2026-10-13",
            "event": "change_name",
            "with": {"participant_id": "${people.Jane Smith}", "full_name": "Jane Jones"},
        },
        {
            "say": "And shows.",
            "at": "2026-10-14",
            "by": "alpha",
            "send": "GET /api/v3/participants/ecf",
            "headers": {"Accept": "application/json"},
            "body": None,
            "expect": 200,
            "answer": {"data": []},
            "includes": [{"type": "participant"}],
            "excludes": [{"type": "teacher"}],
            "count": 3,
            "refused_by": ["declaration.withdrawn"],
            "empty": False,
            "content_type": "application/json",
            "keep": {"first": "data.0.id"},
        },
    ],
}
FREE = {"body", "answer"}
# Nothing that a key of the file can be: neither a text, a number, a list nor a mapping of anything known.
NONSENSE = [{"nonsense": ["nonsense"]}]


def state():
    """A saved state as a value."""
    text = saved(world_of(load_scenario(EXAMPLE, seed="s")), "Saved", "A state.")
    document: dict[str, Any] = parse(text, "saved.yaml")
    return document | {"service": "ecf", "edition": "live", "steps": FULL["steps"][:0]}


def occurrences(section: type[Section], value: Any, path: tuple[str | int, ...] = ()):
    """Every key that a value has within a section, with its path: (title, name, path)."""
    keys = section.shape.keys
    for name, it in value.items():
        assert name in keys, (*path, name)
        yield section.shape.title, name, (*path, name)
        members = keys[name].type.members
        if not members:
            continue
        if isinstance(it, list):
            entries = [((*path, name, at), entry) for at, entry in enumerate(it)]
        elif name in ("ect", "mentor", "mentor_completion"):
            entries = [((*path, name), it)]
        else:
            entries = [((*path, name, key), entry) for key, entry in it.items()]
        for where, entry in entries:
            yield from occurrences(section_of(entry, members), entry, where)


def keys_of(*tops: type[Section]):
    """Every key of every section within some, by the title of its section and its name."""
    return {(it.shape.title, name): key for top in tops for it in within(top) for name, key in it.shape.keys.items()}


PLACES = {(title, name): path for title, name, path in occurrences(FILE, FULL)}
DECLARED = set(keys_of(FILE))
KEYS = keys_of(FILE, SAVED)


def changed(path, change):
    """The full file, with its mapping at a path changed at that name."""
    document = deepcopy(FULL)
    *parents, last = path
    place = document
    for step in parents:
        place = place[step]
    change(place, last)
    return document


def problems(document):
    try:
        read(document)
    except BadScenario as wrong:
        return [(it.path, it.message) for it in wrong.problems]
    return []


class TestTheReader:
    def test_takes_a_file_with_every_key_of_every_section(self):
        assert problems(FULL) == []
        assert set(PLACES) == DECLARED

    @pytest.mark.parametrize("place", [it for it in PLACES if it[1] not in FREE], ids="/".join)
    def test_looks_at_every_key(self, place):
        path = PLACES[place]
        nonsense = "nonsense" if KEYS[place].type.words.startswith("list") else NONSENSE

        found = problems(changed(path, lambda at, name: at.update({name: nonsense})))

        assert any(where[: len(path)] == path for where, _ in found), found
        assert not any(where == path and message.startswith(f"unknown '{place[1]}'") for where, message in found)

    @pytest.mark.parametrize("place", [it for it in PLACES if KEYS[it].required], ids="/".join)
    def test_wants_every_key_that_is_required(self, place):
        assert problems(changed(PLACES[place], lambda at, name: at.pop(name)))

    @pytest.mark.parametrize(
        "place", [it for it in PLACES if KEYS[it].default == NONE and it != ("The file", "people")], ids="/".join
    )
    def test_does_without_every_other_key(self, place):
        path = PLACES[place]

        found = problems(changed(path, lambda at, name: at.pop(name)))

        assert not any(where == path and message == "is missing" for where, message in found)

    @pytest.mark.parametrize("title", sorted({title for title, _ in PLACES}))
    def test_refuses_a_key_that_is_not_on_the_page_in_every_section(self, title):
        *path, _ = next(path for (section, _), path in PLACES.items() if section == title)

        found = problems(changed((*path, "colour"), lambda at, name: at.update({name: "red"})))

        assert [where for where, message in found if message.startswith("unknown 'colour'")] == [(*path, "colour")]

    def test_refuses_what_else_happened_beside_joining_a_school(self):
        path = ("people", 2, "ect", "history", 5, "deferred")

        found = problems(changed(path, lambda at, name: at.update({name: "other"})))

        assert [where for where, message in found if message.startswith("unknown")] == [path]

    def test_takes_a_saved_state_with_every_key_of_it(self):
        assert problems(state()) == []
        assert set(state()) == set(SAVED.shape.keys)

    def test_refuses_people_beside_a_saved_state(self):
        assert problems(state() | {"people": []}) == [(("people",), problems(state() | {"people": []})[0][1])]


class TestThePage:
    def test_has_every_key_of_every_section(self):
        for section in (*within(FILE), *within(SAVED)):
            said = re.search(
                rf"^## {re.escape(section.shape.title)}\n(.*?)(?=^## )", as_markdown(), re.MULTILINE | re.DOTALL
            )
            assert re.findall(r"^\| `(\w+)` \|", said[1], re.MULTILINE) == list(section.shape.keys)

    def test_has_an_example_that_plays_as_it_is_told(self):
        scenario = load_scenario(EXAMPLE, seed="sandbox")
        world = world_of(scenario)
        outcomes = list(play_in(world, scenario, InProcess(create_app(Worlds(world)).wsgi_app)))

        assert EXAMPLE.read_text() in as_markdown()
        assert [(it.differences, it.skipped) for it in outcomes] == [((), "")] * 3
