"""What is kept with the records of a world is what would be computed of them now, whatever was written and asked."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import ecf_sandbox
from ecf_sandbox.app import create_app
from ecf_sandbox.ecf.pages import moments as ecf_moments
from ecf_sandbox.ecf.pages import people as ecf_people
from ecf_sandbox.ecf.properties import arguments as ecf_arguments
from ecf_sandbox.ecf.queries import names as ecf
from ecf_sandbox.rect.pages import moments as rect_moments
from ecf_sandbox.rect.pages import people as rect_people
from ecf_sandbox.rect.properties import arguments as rect_arguments
from ecf_sandbox.rect.queries import names as rect
from ecf_sandbox.scenario import load_scenario
from ecf_sandbox.scenario.loading import shipped
from ecf_sandbox.scenario.player import play_in
from ecf_sandbox.scenario.world import world_of
from ecf_sandbox.services import SERVICES, service_named
from ecf_sandbox.state.editions import Edition
from ecf_sandbox.state.records import Records
from ecf_sandbox.state.worlds import Worlds
from ecf_sandbox.transport import InProcess

pytestmark = pytest.mark.slow

# What no story asks for, but pages and tests of a client do.
BESIDE_STORIES: dict[str, tuple[Callable[..., Any], ...]] = {
    "ecf": (ecf.names, ecf_people.everybody, ecf_moments.used_schedules, ecf_arguments._references),
    "rect": (rect.names, rect_people.everybody, rect_moments.used_schedules, rect_arguments._references),
}


def stories(service: str) -> list[str]:
    return sorted(set(shipped(service)) - {"large"})  # the same kinds of people, two thousand times


def handed(service: str) -> Iterator[tuple[str, str, str]]:
    """Each use of `cached` and its kin but in other services: the file, the method, and what it is handed."""
    package = Path(ecf_sandbox.__file__).parent
    others = (file for it in SERVICES if it != service for file in (package / it).rglob("*.py"))
    beside = {package / "state" / "records.py", *others}
    for file in sorted(set(package.rglob("*.py")) - beside):
        tree = ast.parse(file.read_text())
        known = {it.name for it in tree.body if isinstance(it, ast.FunctionDef)}
        known |= {to.asname or to.name for it in tree.body if isinstance(it, ast.ImportFrom) for to in it.names}
        for it in ast.walk(tree):
            if isinstance(it, ast.Call) and isinstance(it.func, ast.Attribute) and it.func.attr.startswith("cached"):
                # A part of the service is a function of the module that it names.
                what = ast.unparse(it.args[0])
                what = "names" if what.endswith("world.service.part('names')") else what
                known.add("names")
                yield file.name, it.func.attr, what if what in known else f"{what}, which is no function of a module"


EACH = {what for it in SERVICES for _, method, what in handed(it) if method in ("cached_each", "cached_all")}


def cold(records: Records) -> Records:
    """The same tables without what was computed of them."""
    return type(records)().with_tables({name: getattr(records, name) for name in records.TABLES.values()})


def computed(compute: Callable[..., Any], *arguments: Any) -> Any:
    try:
        return compute(*arguments)
    except LookupError as it:
        return type(it)


def kept(records: Records) -> Iterator[tuple[str, Any, Any]]:
    """What the records keep: the name of the function, what it answered, and what it answers now."""
    for (compute, *arguments), it in list(records._views.items()):
        _, answer = it.view
        answers = answer if compute.__name__ in EACH else {None: answer}
        for item, before in answers.items():
            given = arguments if item is None else (item, *arguments)
            yield compute.__name__, before, computed(compute, cold(records), *given)


def stale(records: Records) -> set[str]:
    return {name for name, before, now in kept(records) if before != now}


def emptied(records: Records) -> Iterator[Records]:
    """The records without the rows of one table, each in turn, with all that is kept when that table changes."""
    for name in records.TABLES.values():
        yield records.with_tables({name: getattr(type(records)(), name)})


def worlds_of(name: str, edition: Edition) -> Iterator[Records]:
    """The records of a world after each step of a story that is played in it, and once every list was asked for."""
    story = load_scenario(name, seed="sandbox")
    world = world_of(story, edition=edition)
    send = InProcess(create_app(Worlds(world)).wsgi_app)
    for _ in play_in(world, story, send):
        yield world.state.records
    for info in (it.info(world.service.newest) for it in world.service.routes if it.documented):
        for token in world.tokens if info.is_list else ():
            send("GET", f"{info.path}?filter[cohort]=2025", [("Authorization", f"Bearer {token}")])
    yield world.state.records


CASES = [
    pytest.param(service, name, edition, id=f"{name}-{edition.name}")
    for service in SERVICES
    for name in stories(service)
    for edition in service_named(service).editions.values()
]


@pytest.mark.parametrize(("service", "name", "edition"), CASES)
def test_every_answer_of_a_story_is_kept_until_a_table_that_it_reads_changes(service, name, edition):
    seen = None
    for records in worlds_of(name, edition):
        if records is not seen:
            assert stale(records) == set()
        seen = records
    assert stale(records) == set(), "after every list"
    for compute in BESIDE_STORIES[service]:
        records.cached(compute)

    assert [stale(it) for it in emptied(records)] == [set()] * len(records.TABLES)


@pytest.mark.parametrize("service", SERVICES)
def test_the_stories_ask_for_everything_that_is_kept(service):
    """What is handed over is a function of a module: it knows nothing but its arguments."""
    wanted = {what for _, _, what in handed(service)} - {it.__name__ for it in BESIDE_STORIES[service]}
    told = iter(stories(service))
    while wanted and (name := next(told, None)):
        for records in worlds_of(name, service_named(service).default_edition):
            wanted -= {compute.__name__ for compute, *_ in records._views}

    assert wanted == set()
