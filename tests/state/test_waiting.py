"""Whoever waits, or takes long, holds up nobody else: shown by what is answered while the others still wait."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from typing import Any
from urllib.parse import urlsplit

import pytest

from ecf_sandbox.app import create_app
from ecf_sandbox.scenario import load_scenario
from ecf_sandbox.scenario.world import world_of
from ecf_sandbox.serving import server as serving
from ecf_sandbox.state.faults import Fault
from ecf_sandbox.state.waiting import AT_ONCE
from ecf_sandbox.state.worlds import Worlds
from ecf_sandbox.testing.thread_server import ThreadServer
from ecf_sandbox.tools.explain import explain as explaining
from ecf_sandbox.transport import OverHttp

MANY = 24
LIST = "/api/v3/statements"
LONG = 600.0  # longer than any test: what is answered meanwhile was not held up


class Standing:
    """A server in a thread of this process, and its worlds."""

    def __init__(self, server: ThreadServer, worlds: Worlds, token: str) -> None:
        self.url, self.worlds, self._token = server.url, worlds, token
        self.workers = server._server.task_dispatcher

    def ask(self, world: str, path: str = LIST) -> int:
        """The status of what a world answers to a read."""
        return OverHttp(self.url)("GET", path, [("Authorization", f"Bearer {self._token}~{world}")]).status

    def control(self, method: str, path: str, body: Any = None) -> int:
        """The status of what the control plane answers."""
        raw = None if body is None else json.dumps(body).encode()
        return OverHttp(self.url)(method, f"/_sandbox{path}", [("Content-Type", "application/json")], raw).status

    def raw(self, text: bytes) -> socket.socket:
        """A connection over which this was sent."""
        parts = urlsplit(self.url)
        connection = socket.create_connection((parts.hostname, parts.port))
        connection.sendall(text)
        return connection

    def get(self, path: str) -> bytes:
        """A request of `main` as bytes."""
        host = urlsplit(self.url).netloc
        return f"GET {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {self._token}\r\n\r\n".encode()


@pytest.fixture
def standing() -> Iterator[Standing]:
    story = load_scenario("default", seed="sandbox")
    worlds = Worlds(world_of(story))
    with ThreadServer(create_app(worlds)) as server:
        yield Standing(server, worlds, story.tokens[0])


class Gate:
    """Where many arrive and stay until it is opened."""

    def __init__(self) -> None:
        self._open = threading.Event()
        self._arrived = threading.Condition()
        self.count = 0

    def pass_through(self) -> None:
        with self._arrived:
            self.count += 1
            self._arrived.notify_all()
        assert self._open.wait(LONG)

    def wait_for(self, count: int) -> None:
        with self._arrived:
            assert self._arrived.wait_for(lambda: self.count >= count, timeout=60)

    def open(self) -> None:
        self._open.set()


@contextmanager
def at_once(count: int, act: Callable[[], Any], gate: Gate) -> Iterator[list[Any]]:
    """Let so many do something that stays at the gate, which is opened after the block."""
    with ThreadPoolExecutor(count) as threads:
        waiting = [threads.submit(act) for _ in range(count)]
        try:
            yield waiting
        finally:
            gate.open()


@pytest.fixture
def gate(monkeypatch) -> Iterator[Gate]:
    """Stands where a fault of latency sleeps."""
    made = Gate()
    monkeypatch.setattr("ecf_sandbox.state.waiting.time.sleep", lambda _seconds: made.pass_through())
    yield made
    made.open()


class TestAnotherWorldIsAnswered:
    def test_while_many_wait_under_a_fault(self, standing, gate):
        standing.worlds.get_or_fork("slow").faults.set(Fault(id="", latency=LONG))

        with at_once(MANY, lambda: standing.ask("slow"), gate) as waiting:
            gate.wait_for(MANY)
            answered = [standing.ask("other") for _ in range(MANY)]
            still = sum(not it.done() for it in waiting)

        assert answered == [200] * MANY
        assert still == MANY
        assert [it.result() for it in waiting] == [200] * MANY

    def test_while_many_explanations_are_asked_for(self, standing, monkeypatch):
        gate = Gate()
        monkeypatch.setattr(explaining, "explain", lambda *_given, **_named: gate.pass_through())
        standing.ask("slow", "/api/v3/participants/ecf/nobody")

        with at_once(MANY, lambda: standing.control("GET", "/worlds/slow/journal/1/explain"), gate) as waiting:
            gate.wait_for(AT_ONCE)
            answered = [standing.ask("other") for _ in range(MANY)]
            made = standing.control("POST", "/worlds", {"name": "new"})
            explained, still = gate.count, sum(not it.done() for it in waiting)

        assert answered == [200] * MANY
        assert made == 201
        assert (explained, still) == (AT_ONCE, MANY)

    def test_while_many_wait_for_the_turn_of_a_world(self, standing):
        body = {"event": "remove_expired_school_mentors", "with": {}}
        held = standing.worlds.get_or_fork("held")
        with ThreadPoolExecutor(MANY) as threads:
            with held.lock:
                waiting = [threads.submit(standing.control, "POST", "/worlds/held/events", body) for _ in range(MANY)]
                answered = [standing.ask("other") for _ in range(MANY)]
                still = sum(not it.done() for it in waiting)

            assert {it.result() for it in waiting} <= {200, 201}

        assert answered == [200] * MANY
        assert still == MANY

    @pytest.mark.slow
    def test_while_connections_take_nothing_of_their_answers(self, standing):
        listed = standing.get("/_sandbox/openapi/control.json")
        with ExitStack() as connections:
            for _ in range(MANY):
                connections.enter_context(standing.raw(listed * 20))
            answered = [standing.ask("other") for _ in range(MANY)]

        assert answered == [200] * MANY

    def test_while_half_a_request_is_sent_by_as_many_as_there_may_be(self, monkeypatch):
        monkeypatch.setattr(serving, "CONNECTIONS", 12)
        story = load_scenario("default", seed="sandbox")
        worlds = Worlds(world_of(story))
        with ThreadServer(create_app(worlds)) as server, ExitStack() as connections:
            standing = Standing(server, worlds, story.tokens[0])
            for _ in range(MANY):
                connections.enter_context(standing.raw(standing.get(LIST)[:-2]))

            assert [standing.ask("other") for _ in range(3)] == [200] * 3


def settles(claim: Callable[[], bool]) -> bool:
    """Whether something that other threads bring about comes true."""
    tries = threading.Event()
    return any(claim() or tries.wait(0.01) for _ in range(3000))


class TestTheThreadsOfTheServer:
    def test_are_as_many_as_before_when_nobody_waits_any_more(self, standing, gate):
        standing.worlds.get_or_fork("slow").faults.set(Fault(id="", latency=LONG))
        before = len(standing.workers.threads)

        with at_once(MANY, lambda: standing.ask("slow"), gate):
            gate.wait_for(MANY)
            most = len(standing.workers.threads)
        ended = settles(lambda: len(standing.workers.threads) == before)

        assert (most, ended) == (before + MANY, True)
