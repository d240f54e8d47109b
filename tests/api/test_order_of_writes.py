"""Exchanges are numbered in the order of their writes, whatever happens between a write and its answer."""

from __future__ import annotations

import json
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Barrier, Event
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ecf_sandbox.api.paths import Paths
from ecf_sandbox.api.pipeline import Pipeline
from ecf_sandbox.ecf.service import SERVICE as ECF
from ecf_sandbox.scenario import load_scenario
from ecf_sandbox.state.clock import frozen
from ecf_sandbox.state.world import State, World
from ecf_sandbox.state.worlds import Worlds
from ecf_sandbox.transport import InProcess
from tests.builders import at
from tests.effort import examples

STORY = load_scenario("default", seed="sandbox")
JSON = ("Content-Type", "application/json")


class Sandbox:
    """The default scenario behind a pipeline whose observer can be held up."""

    def __init__(self, observer: Any = lambda context: ()) -> None:
        self.world = World("main", State(records=STORY.records(), clock=frozen(at("2026-10-12T09:00:00"))), service=ECF)
        pipeline = Pipeline(Worlds(self.world), observer=observer, rate_limit=None)
        self.send = InProcess(Paths(lambda environ, start: pipeline.handle(environ)(environ, start)))
        self.people = list(people(self))

    def put(self, person: str, reason: str) -> int:
        attributes = {"course_identifier": "ecf-induction", "reason": reason}
        body = json.dumps({"data": {"type": "participant-defer", "attributes": attributes}}).encode()
        token = ("Authorization", f"Bearer {STORY.tokens[0]}")
        return self.send("PUT", f"/api/v3/participants/ecf/{person}/defer", [token, JSON], body).status

    def undo(self) -> int:
        """Take back the last write, as the control plane does; its number."""
        with self.world.lock:
            last = self.world.journal.last_write()
            self.world.restore(last.before)
            self.world.journal.mark_undone(last.number)
            return last.number

    def standing(self) -> set[int]:
        """The numbers of the writes that have not been taken back."""
        return {it.number for it in self.world.journal if it.wrote}

    def deferred_now(self) -> set[str]:
        """The rows of status changes that were not there at the start."""
        began = {it.id for it in STORY.records().status_changes}
        return {it.id for it in self.world.state.records.status_changes} - began

    def deferred(self) -> set[str]:
        """Who is deferred now and was not at the start."""
        return {
            row.key
            for it in self.world.journal
            for row in it.changes
            if row.table == "status_changes" and self.world.state.records.status_changes.get(row.key) is not None
        }


def people(sandbox: Sandbox) -> list[str]:
    """ECTs of the first provider who can be deferred."""
    token = ("Authorization", f"Bearer {STORY.tokens[0]}")
    found = json.loads(sandbox.send("GET", "/api/v3/participants/ecf?page[per_page]=100", [token], None).body)["data"]
    return [
        it["id"]
        for it in found
        for enrolment in it["attributes"]["ecf_enrolments"]
        if enrolment["participant_type"] == "ect" and enrolment["training_status"] == "active"
    ]


def test_a_write_whose_answer_is_held_up_keeps_its_place_before_a_later_one():
    held, reached = Event(), Event()

    def observer(context):
        if b"bereavement" in context.body:
            reached.set()
            held.wait(60)
        return ()

    sandbox = Sandbox(observer)
    first, second = sandbox.people[:2]
    with ThreadPoolExecutor(1) as other:
        slow = other.submit(sandbox.put, first, "bereavement")
        assert reached.wait(60)
        assert sandbox.put(second, "long-term-sickness") == 200

        undone = sandbox.undo()

        held.set()
        assert slow.result() == 200
    writes = {
        it.number: json.loads(it.request_body)["data"]["attributes"]["reason"]
        for it in sandbox.world.journal
        if it.changes
    }
    assert writes[undone] == "long-term-sickness"
    assert [writes[it] for it in sandbox.standing()] == ["bereavement"]
    assert len(sandbox.deferred()) == 1


@pytest.mark.slow
@pytest.mark.parametrize("round", range(20))
def test_one_undo_takes_back_one_write_of_eight_writers(round):
    sandbox, start = Sandbox(), Barrier(8)

    def write(person: str) -> int:
        start.wait()
        return sandbox.put(person, "bereavement")

    with ThreadPoolExecutor(8) as writers:
        answers = list(writers.map(write, sandbox.people[:8]))
    made = sandbox.standing()
    sandbox.undo()

    assert answers == [200] * 8
    assert len(made) == 8
    assert len(sandbox.standing()) == len(sandbox.deferred()) == 7


class Held:
    """Writers that are held up between their write and their answer, until each is let go."""

    def __init__(self) -> None:
        self.reached: dict[str, Event] = {}
        self.let_go: dict[str, Event] = {}
        self.sandbox = Sandbox(self.observer)

    def observer(self, context: Any) -> tuple[()]:
        person = context.path.split("/")[-2]
        if person in self.reached:
            self.reached[person].set()
            self.let_go[person].wait(60)
        return ()

    def start(self, writers: ThreadPoolExecutor, person: str) -> Future[int]:
        """Let somebody write, up to where the answer is held up."""
        self.reached[person], self.let_go[person] = Event(), Event()
        answer = writers.submit(self.sandbox.put, person, "bereavement")
        assert self.reached[person].wait(60)
        return answer


STEPS = st.lists(st.sampled_from(["write", "write", "answer first", "answer last", "undo"]), min_size=2, max_size=14)


@settings(max_examples=examples(40))
@given(STEPS)
@example(["write", "write", "undo", "answer first"])
@example(["write", "undo", "answer first", "write", "undo"])
def test_undo_takes_back_the_newest_write_under_any_interleaving_of_writes_and_answers(steps):
    """The model: a list of whose writes stand, in the order in which they were made."""
    held, standing, asked = Held(), [], {}
    people = iter(held.sandbox.people)
    with ThreadPoolExecutor(len(steps)) as writers:
        try:
            for step in steps:
                waiting = [it for it, answer in asked.items() if not answer.done()]
                if step == "write":
                    person = next(people)
                    asked[person] = held.start(writers, person)
                    standing.append(person)
                elif step == "undo" and standing:
                    held.sandbox.undo()
                    standing.pop()
                elif step.startswith("answer") and waiting:
                    person = waiting[0 if step == "answer first" else -1]
                    held.let_go[person].set()
                    assert asked[person].result(60) == 200
                assert len(held.sandbox.deferred_now()) == len(standing)
        finally:
            for it in held.let_go.values():
                it.set()

    written = {it.target.split("/")[-2]: it.undone for it in held.sandbox.world.journal if it.changes}
    assert [it for it, undone in written.items() if not undone] == standing
    assert [it for it in asked if not written[it]] == standing
    assert {it.result() for it in asked.values()} <= {200}
