"""Worlds: turns that are kept or not, and reset, fork, snapshot and restore as assignments."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from threading import Thread

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, multiple, rule

from ecf_sandbox.ecf.domain.participants import User
from ecf_sandbox.ecf.records import Records
from ecf_sandbox.ecf.service import SERVICE as ECF
from ecf_sandbox.state.clock import frozen
from ecf_sandbox.state.world import State, World
from tests.effort import examples

AT = datetime(2024, 9, 1, 12, tzinfo=UTC)


def a_world() -> World:
    return World("main", State(records=Records(), clock=frozen(AT)), service=ECF)


def add_user(world: World, name: str) -> str:
    with world.turn() as turn:
        user = User(id=turn.new_id(), full_name=name, email=name, created_at=turn.now, updated_at=turn.now)
        turn.save(user)
    return user.id


class TestATurn:
    def test_that_saves_and_removes_nothing_leaves_the_very_records(self):
        world = a_world()
        before = world.state.records

        with world.turn() as turn:
            turn.save()
            turn.remove()

        assert world.state.records is before
        assert turn.saved == []

    def test_is_kept_when_nothing_is_raised(self):
        world = a_world()

        id = add_user(world, "Jo")

        assert world.state.records.users[id].full_name == "Jo"

    def test_leaves_the_very_same_state_when_something_is_raised(self):
        world = a_world()
        before = world.state

        def crash() -> None:
            with world.turn() as turn:
                turn.save(User(id=turn.new_id(), full_name="Jo", email="jo", created_at=AT, updated_at=AT))
                raise RuntimeError("half way")

        with pytest.raises(RuntimeError):
            crash()
        assert world.state is before

    def test_that_changes_nothing_leaves_the_very_same_state(self):
        world = a_world()
        before = world.state

        with world.turn():
            pass

        assert world.state is before

    def test_for_reading_keeps_nothing(self):
        world = a_world()
        before = world.state

        turn = world.look()
        turn.save(User(id=turn.new_id(), full_name="Jo", email="jo", created_at=AT, updated_at=AT))

        assert world.state is before

    def test_has_the_world_clocks_moment_unless_another_is_asked_for(self):
        later = AT + timedelta(days=30)

        assert a_world().look().now == AT
        assert a_world().look(later).now == later

    def test_stamps_each_write_a_little_later_than_the_one_before(self):
        turn = a_world().look()

        first, second = turn.stamp(), turn.stamp()

        assert AT < first < second < AT + timedelta(seconds=1)
        assert turn.now == AT

    def test_of_many_threads_loses_nothing(self):
        world = a_world()
        threads = [Thread(target=lambda n=n: [add_user(world, f"{n}/{i}") for i in range(50)]) for n in range(8)]

        for it in threads:
            it.start()
        for it in threads:
            it.join()

        assert len(world.state.records.users) == 400


class TestIds:
    def test_are_the_same_in_equal_runs(self):
        one, other = a_world(), a_world()

        assert [add_user(one, "a"), add_user(one, "b")] == [add_user(other, "a"), add_user(other, "b")]

    def test_of_a_turn_that_was_not_kept_are_given_again(self):
        world = a_world()

        assert world.look().new_id() == world.look().new_id()

    def test_differ_between_seeds(self):
        state = State(records=Records())

        assert (
            World("a", state, seed="one", service=ECF).look().new_id()
            != World("a", state, seed="two", service=ECF).look().new_id()
        )


class WorldAgainstReplay(RuleBasedStateMachine):
    """Forks and restored snapshots equal a world in which the same writes were played again."""

    worlds = Bundle("worlds")
    snapshots = Bundle("snapshots")

    def __init__(self) -> None:
        super().__init__()
        self.written: dict[int, tuple[str, ...]] = {}

    @initialize(target=worlds)
    def begin(self):
        world = a_world()
        self.written[id(world)] = ()
        return multiple(world)

    @rule(world=worlds, name=st.text("abc", min_size=1, max_size=3))
    def write(self, world, name):
        add_user(world, name)
        self.written[id(world)] += (name,)

    @rule(target=worlds, world=worlds)
    def fork(self, world):
        forked = world.fork("fork")
        self.written[id(forked)] = self.written[id(world)]
        return forked

    @rule(target=snapshots, world=worlds)
    def snapshot(self, world):
        return world.snapshot(), self.written[id(world)]

    @rule(world=worlds, snapshot=snapshots)
    def restore(self, world, snapshot):
        state, written = snapshot
        world.restore(state)
        self.written[id(world)] = written

    @rule(world=worlds)
    def reset_of_the_first(self, world):
        if not world.baseline.ids_taken:
            world.reset()
            self.written[id(world)] = ()

    @rule(world=worlds)
    def equals_replay(self, world):
        again = a_world()
        for name in self.written[id(world)]:
            add_user(again, name)
        assert world.state.records == again.state.records
        assert world.state.ids_taken == again.state.ids_taken

    @invariant()
    def a_baseline_never_changes(self):
        assert len(a_world().baseline.records.users) == 0


TestWorldAgainstReplay = WorldAgainstReplay.TestCase
TestWorldAgainstReplay.settings = settings(max_examples=examples(40), stateful_step_count=20)


class TestStamps:
    def test_at_a_frozen_clock_follow_those_of_the_turn_before(self):
        world, stamps = a_world(), []

        for name in ("Jo", "Lee", "Sam"):
            add_user(world, name)
            with world.turn() as turn:
                stamps.append(turn.stamp())
                turn.new_id()

        assert stamps == sorted(set(stamps))
        assert all(AT < it < AT + timedelta(seconds=1) for it in stamps)

    def test_at_an_earlier_moment_are_not_held_up_by_later_ones(self):
        world = a_world()
        with world.turn(AT + timedelta(days=1)) as turn:
            turn.stamp()
            turn.new_id()

        assert world.look().stamp() < AT + timedelta(seconds=1)
