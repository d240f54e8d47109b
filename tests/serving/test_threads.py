"""Whoever asks has a thread woken, unless one that was woken has not begun yet."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecf_sandbox.serving.leader import Leader
from ecf_sandbox.serving.threads import Dispatcher


class FakeChannel:
    """A connection on which something was asked."""

    is_attended = False

    def __init__(self, dispatcher: Dispatcher) -> None:
        self.requests = [1]
        self.dispatcher = dispatcher

    def answer_next(self) -> bool:
        self.requests.clear()
        return False

    def give_back(self) -> None:
        self.is_attended = False
        if self.requests:
            self.dispatcher.add_task(self)


class Threads(Dispatcher):
    """Four threads that are played: `idle` of them wait, and `woken` of those have been notified."""

    def __init__(self) -> None:
        super().__init__()
        self._working = self.idle = 4
        self.woken = 0
        self.leader = Leader(self.take_waiting, lambda: None)
        self.queue_cv = self

    def notify(self) -> None:
        self.woken = min(self.woken + 1, self.idle)

    def begin(self) -> FakeChannel | None:
        """A thread that was woken looks what there is to do; it waits again if that is nothing."""
        self.woken -= 1
        return self.queue.popleft() if self.queue else None


@pytest.fixture
def threads():
    return Threads()


def test_one_is_woken_for_all_who_ask_before_it_begins(threads):
    for _ in range(3):
        threads.add_task(FakeChannel(threads))

    assert threads.woken == 1


def test_another_is_woken_for_whoever_asks_after_the_others_were_taken(threads):
    threads.add_task(FakeChannel(threads))
    threads.take_waiting()
    assert threads.begin() is None

    threads.add_task(FakeChannel(threads))

    assert threads.woken == 1


def test_another_is_woken_for_those_whom_the_first_does_not_answer(threads):
    threads.leader._thread = -1  # somebody else leads
    threads.add_task(FakeChannel(threads))
    threads.add_task(FakeChannel(threads))

    assert not threads.lead(threads.begin())

    assert threads.woken == 1


@given(st.lists(st.sampled_from(["asks", "taken", "begins", "leads"]), max_size=30))
def test_nobody_waits_for_a_thread_that_was_not_woken(did):
    threads = Threads()
    for what in did:
        if what == "asks":
            threads.add_task(FakeChannel(threads))
        elif what == "taken":
            threads.take_waiting()
        elif what == "leads":
            threads.leader._thread = None if threads.leader._thread else -1
        elif threads.woken:
            found = threads.begin()
            if found is not None:
                threads.lead(found)

        assert threads.woken or not threads.queue
