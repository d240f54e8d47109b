"""Undo and rewind against a model that keeps every state: records, clock and ids come back together."""

from __future__ import annotations

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from ecf_sandbox.ecf.domain.declarations import Phase
from tests.control.controlling import Sandbox
from tests.effort import examples

JOURNAL = "/worlds/main/journal"
PEOPLE = ("Jane Smith", "Amara Okafor", "Tom Fletcher")
TYPES = ("started", "retained-1", "retained-3")


class TakingBack(RuleBasedStateMachine):
    """Each step remembers the state before it, by the number of its first exchange."""

    def __init__(self) -> None:
        super().__init__()
        self.sandbox = Sandbox()
        self.steps: list[tuple[int, str, object]] = []  # number, kind, state before: those that still hold
        self.snapshots: dict[str, tuple[object, list[tuple[int, str, object]]]] = {}

    def _do(self, kind: str, act) -> None:
        world = self.sandbox.world
        before, number = world.state, world.journal.count + 1
        act()
        if world.journal.count < number:
            return
        wrote = any(it.wrote for it in world.journal if it.number >= number)
        self.steps.append((number, kind if wrote else "nothing", before))

    @rule(person=st.sampled_from(PEOPLE), type=st.sampled_from(TYPES))
    def declare(self, person: str, type: str) -> None:
        known = f"people.{person}" in self.sandbox.names
        if known:
            self._do("write", lambda: self.sandbox.declare(person, declaration_type=type))

    @rule(days=st.sampled_from([1, 10, 60]))
    def advance(self, days: int) -> None:
        self._do("write", lambda: self.sandbox.done("POST", "/worlds/main/clock/advance", {"days": days}))

    @rule()
    def pay(self) -> None:
        told = {"to": "statement:next:payment"}
        self._do("write", lambda: self.sandbox.done("POST", "/worlds/main/clock/advance", told))

    @rule(month=st.integers(10, 12))
    def set_clock(self, month: int) -> None:
        told = {"mode": "frozen", "at": f"2026-{month}-28T00:00:00Z"}
        self._do("write", lambda: self.sandbox.done("PUT", "/worlds/main/clock", told))

    @rule(name=st.sampled_from(["a", "b"]))
    def snapshot(self, name: str) -> None:
        self.sandbox.done("PUT", f"/worlds/main/snapshots/{name}")
        self.snapshots[name] = (self.sandbox.world.state, list(self.steps))

    @rule(name=st.sampled_from(["a", "b"]))
    def restore(self, name: str) -> None:
        if name not in self.snapshots:
            return
        before, (state, steps) = self.sandbox.world.state, self.snapshots[name]
        self.sandbox.done("POST", f"/worlds/main/snapshots/{name}/restore")
        assert self.sandbox.world.state == state
        if self.steps[: len(steps)] == steps:
            del self.steps[len(steps) :]
        elif before is not state:
            self.steps.append((self.sandbox.world.journal.count, "restore", before))

    @rule()
    def undo(self) -> None:
        now = self.sandbox.world.state
        last = next((at for at in reversed(range(len(self.steps))) if self.steps[at][1] == "write"), None)
        known = last is not None and all(kind != "restore" for _, kind, _ in self.steps[last:])
        status, _ = self.sandbox.control("POST", f"{JOURNAL}/undo")
        if last is None or not known:
            assert status == 409
            assert self.sandbox.world.state is now
            return
        assert status == 200
        assert self.sandbox.world.state == self.steps[last][2]
        del self.steps[last:]

    @rule(data=st.data())
    def rewind(self, data: st.DataObject) -> None:
        if self.steps:
            at = data.draw(st.integers(0, len(self.steps) - 1))
            self.sandbox.done("POST", f"{JOURNAL}/{self.steps[at][0]}/rewind")
            assert self.sandbox.world.state == self.steps[at][2]
            del self.steps[at:]

    @rule()
    def reset(self) -> None:
        self.sandbox.done("POST", "/worlds/main/reset")
        self.steps.clear()

    @invariant()
    def a_statement_whose_payment_was_reached_by_advancing_leaves_nobody_payable(self) -> None:
        """No declaration is left behind as payable on a statement that is paid."""
        records = self.sandbox.records
        paid = {it.id for it in records.statements if it.phase is Phase.PAID}
        lines = [it for it in records.line_items if it.statement_id in paid]
        assert all(it.state != "payable" for it in lines)


TestTakingBack = pytest.mark.slow(TakingBack.TestCase)
TestTakingBack.settings = settings(max_examples=examples(20), stateful_step_count=20, deadline=None)
