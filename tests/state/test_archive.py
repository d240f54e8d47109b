"""What was asked of worlds that are gone is kept within a bound, against a model that keeps everything."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ecf_sandbox.ecf.service import SERVICE as ECF
from ecf_sandbox.rulebook.refusals import Refusal
from ecf_sandbox.state.archive import Archive
from ecf_sandbox.state.record import replace
from ecf_sandbox.state.records import Records
from ecf_sandbox.state.world import State, World
from ecf_sandbox.state.worlds import Worlds
from tests.state.test_journal import LEAST, a_write, an_exchange


def a_world(name: str = "main") -> World:
    return World(name, State(records=Records()), service=ECF)


def ask(world: World, *sizes: int) -> None:
    for size in sizes or (0,):
        world.journal.note(lambda number, size=size: an_exchange(number, size))


def told(archive: Archive) -> list[tuple[str, int, str, list[int]]]:
    return [(it.world, it.life, it.ended, [each.number for each in it.exchanges]) for it in archive.every()]


class TestEveryEnd:
    def test_of_a_world_keeps_what_was_asked_of_it(self):
        worlds = Worlds(a_world(), limit=3)
        for name in ("one", "two"):
            ask(worlds.get_or_fork(name))
        ask(worlds.main)

        worlds.main.reset()
        worlds.delete("one")
        worlds.add(a_world("two"))
        ask(worlds.get("two"))
        worlds.get_or_fork("three")
        worlds.get_or_fork("four")

        assert told(worlds.archive) == [
            ("main", 1, "reset", [1]),
            ("one", 1, "deleted", [1]),
            ("two", 1, "replaced", [1]),
            ("two", 2, "dropped", [1]),
        ]

    def test_of_main_by_an_import_keeps_what_was_asked_of_it(self):
        worlds = Worlds(a_world())
        ask(worlds.main)

        worlds.add(a_world())
        ask(worlds.main)
        worlds.main.reset()

        assert told(worlds.archive) == [("main", 1, "replaced", [1]), ("main", 2, "reset", [1])]

    def test_keeps_what_is_answered_only_later(self):
        worlds = Worlds(a_world())
        world = worlds.get_or_fork("one")
        before_reset = world.journal.open(lambda number: a_write(number, answered=False))
        world.reset()
        before_end = world.journal.open(lambda number: a_write(number, answered=False))
        worlds.delete("one")

        world.journal.complete(replace(before_reset, status=200))
        world.journal.complete(replace(before_end, status=200))
        world.journal.complete(replace(world.journal.open(lambda number: a_write(number)), status=200))
        ask(world)

        assert told(worlds.archive) == [("one", 1, "reset", [1]), ("one", 2, "deleted", [2, 3, 4])]
        assert list(world.journal) == []


@given(
    st.lists(st.lists(st.integers(0, 4), max_size=6), max_size=12),
    st.integers(1, 12),
    st.integers(0, 12),
)
def test_the_newest_are_kept_within_the_bound_and_the_others_counted(lives, capacity, budget):
    lives, budget = [[it * LEAST for it in sizes] for sizes in lives], budget * LEAST
    archive, world, model = Archive(capacity, budget), a_world(), []
    world.archive = archive
    for sizes in lives:
        ask(world, *sizes)
        model += [it.number for it in world.journal]
        world.reset()

    kept = [it.number for past in archive.every() for it in past.exchanges]

    assert kept == model[len(model) - len(kept) :]
    assert archive.lost == len(model) - len(kept)
    assert len(kept) <= capacity
    assert sum(it.weight for past in archive.every() for it in past.exchanges) == archive.weight <= budget


def test_counts_what_a_journal_had_let_go_before_its_end():
    archive, world = Archive(), a_world()
    world.archive = archive
    ask(world, *[0] * (world.journal.capacity + 3))

    world.reset()
    world.reset()

    assert archive.lost == 3


def test_a_refusal_can_be_explained_and_nothing_else_keeps_the_state_before_it():
    archive, world = Archive(), a_world()
    world.archive = archive
    before = State(records=Records())
    refusal = Refusal(rule="x", title="", detail="")
    refused = world.journal.note(lambda number: replace(an_exchange(number), before=before, refusals=(refusal,)))
    ask(world)

    world.reset()

    (past,) = archive.every()
    assert archive.explainable(past.end, refused.number) == (world, refused)
    assert archive.explainable(past.end, refused.number + 1) is None
    assert all(it.before is world.baseline for it in past.exchanges)


def test_is_forgotten_by_name_or_whole():
    worlds = Worlds(a_world())
    for name in ("one", "two"):
        ask(worlds.get_or_fork(name))
        worlds.delete(name)

    assert worlds.archive.forget("one") == 1
    assert [it.world for it in worlds.archive.every()] == ["two"]
    assert worlds.archive.forget() == 1
    assert worlds.archive.every() == []
