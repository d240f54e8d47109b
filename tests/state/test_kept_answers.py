"""What is kept with the records of a world is what would be computed of them now, whatever was written and asked."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import ecf_sandbox
from ecf_sandbox.app import create_app
from ecf_sandbox.ecf.editions import GUIDANCE, LIVE, Edition
from ecf_sandbox.ecf.pages.moments import used_schedules
from ecf_sandbox.ecf.pages.people import everybody
from ecf_sandbox.ecf.properties.arguments import references
from ecf_sandbox.ecf.queries.names import names
from ecf_sandbox.ecf.records import Records
from ecf_sandbox.scenario import load_scenario
from ecf_sandbox.scenario.loading import shipped
from ecf_sandbox.scenario.player import play_in
from ecf_sandbox.scenario.world import world_of
from ecf_sandbox.state.worlds import Worlds
from ecf_sandbox.transport import InProcess

pytestmark = pytest.mark.slow

EMPTY = Records()
# What no story asks for, but pages and tests of a client do.
BESIDE_STORIES = (names, everybody, used_schedules, references)
STORIES = sorted(set(shipped("ecf")) - {"large"})  # the same kinds of people, two thousand times


def handed() -> Iterator[tuple[str, str, str]]:
    """Each use of `cached` and its kin but in another service: the file, the method, and what it is handed."""
    package = Path(ecf_sandbox.__file__).parent
    beside = {package / "state" / "records.py", *(package / "rect").rglob("*.py")}
    for file in sorted(set(package.rglob("*.py")) - beside):
        tree = ast.parse(file.read_text())
        known = {it.name for it in tree.body if isinstance(it, ast.FunctionDef)}
        known |= {to.asname or to.name for it in tree.body if isinstance(it, ast.ImportFrom) for to in it.names}
        for it in ast.walk(tree):
            if isinstance(it, ast.Call) and isinstance(it.func, ast.Attribute) and it.func.attr.startswith("cached"):
                # A part of the service is a function of the module that it names.
                what = ast.unparse(it.args[0])
                what = names.__name__ if what.endswith("world.service.part('names')") else what
                known.add(names.__name__)
                yield file.name, it.func.attr, what if what in known else f"{what}, which is no function of a module"


EACH = {what for _, method, what in handed() if method in ("cached_each", "cached_all")}


def cold(records: Records) -> Records:
    """The same tables without what was computed of them."""
    return Records().with_tables({name: getattr(records, name) for name in Records.TABLES.values()})


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
    for name in Records.TABLES.values():
        yield records.with_tables({name: getattr(EMPTY, name)})


def worlds_of(name: str, edition: Edition) -> Iterator[Records]:
    """The records of a world after each step of a story that is played in it."""
    story = load_scenario(name, seed="sandbox")
    world = world_of(story, edition=edition)
    for _ in play_in(world, story, InProcess(create_app(Worlds(world)).wsgi_app)):
        yield world.state.records


@pytest.mark.parametrize("edition", [GUIDANCE, LIVE], ids=lambda it: it.name)
@pytest.mark.parametrize("name", STORIES)
def test_every_answer_of_a_story_is_kept_until_a_table_that_it_reads_changes(name, edition):
    records = EMPTY
    for after in worlds_of(name, edition):
        if after is not records:
            records = after
            assert stale(records) == set()
    for compute in BESIDE_STORIES:
        records.cached(compute)

    assert [stale(it) for it in emptied(records)] == [set()] * len(Records.TABLES)


def test_the_stories_ask_for_everything_that_is_kept():
    """What is handed over is a function of a module: it knows nothing but its arguments."""
    wanted = {what for _, _, what in handed()} - {it.__name__ for it in BESIDE_STORIES}
    stories = iter(STORIES)
    while wanted and (name := next(stories, None)):
        for records in worlds_of(name, GUIDANCE):
            wanted -= {compute.__name__ for compute, *_ in records._views}

    assert wanted == set()
