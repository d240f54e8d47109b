"""The thread that leads answers whoever asks, each in order and nobody twice, and holds nobody up."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecf_sandbox.serving import leader
from ecf_sandbox.serving.address import url_of
from ecf_sandbox.serving.connection import Channel
from ecf_sandbox.serving.draining import drain
from ecf_sandbox.serving.leader import QUICK_SECONDS, Leader, turn
from ecf_sandbox.serving.server import listen, server_for
from ecf_sandbox.testing.thread_server import ThreadServer
from tests.serving.test_connection import answers_until_closed, connect, request

HAPPENINGS = st.sampled_from(["asked", "asked again", "offered", "time", "looked after", "waits", "closed", "over"])
CONNECTIONS = range(5)
LAST = 5  # one to which nothing happens


class FakeChannel:
    """A connection whose requests are numbers, some of which have not been read yet."""

    def __init__(self, name: int, scene: Scene) -> None:
        self.name, self.scene = name, scene
        self.requests: list[int] = []
        self.unread: list[int] = []
        self.is_attended = self.closed = False
        self.can_be_read = True  # even where it is closed, which only reading shows

    def ask(self, number: int) -> None:
        """The client sends a request."""
        self.unread.append(number)

    def answer_next(self) -> bool:
        assert self.is_attended
        if not self.requests:
            if self.closed or not self.unread:
                return False
            self.requests.append(self.unread.pop(0))
        if self.requests:
            self.scene.meanwhile(self)
            self.scene.answered.append((self.name, self.requests.pop(0)))
        return True

    def give_back(self) -> None:
        assert self.is_attended
        self.is_attended = False


class Scene:
    """Connections, a leader, and what happens while it answers: drawn beforehand."""

    def __init__(self, happenings: list[list[tuple[str, int]]], connections: int = LAST + 1) -> None:
        self.happenings = happenings
        self.now = 0.0
        self.is_over = False
        self.numbers = count(1)
        self.answered: list[tuple[int, int]] = []
        self.asked: list[tuple[int, int]] = []
        self.channels = [FakeChannel(n, self) for n in range(connections)]
        self.queue: list[FakeChannel] = []
        self.leader = Leader(self.take_waiting, lambda: None)

    def take_waiting(self) -> list[FakeChannel]:
        taken = [*self.queue]
        self.queue.clear()
        return taken

    def ask(self, channel: FakeChannel) -> None:
        if not channel.closed:
            number = next(self.numbers)
            self.asked.append((channel.name, number))
            channel.ask(number)

    def read_by_the_server(self, channel: FakeChannel) -> None:
        """What the server's own thread does with a connection that nobody attends to."""
        if channel.is_attended or channel.requests or not channel.unread:
            return
        channel.requests.append(channel.unread.pop(0))
        if not self.leader.offer(channel):
            self.queue.append(channel)

    def meanwhile(self, answering: FakeChannel) -> None:
        for what, n in self.happenings.pop(0) if self.happenings else []:
            channel = self.channels[n]
            if what == "asked":
                self.ask(channel)
            elif what == "asked again":
                self.ask(answering)
            elif what == "offered":
                self.ask(channel)
                self.read_by_the_server(channel)
            elif what == "time":
                self.now += QUICK_SECONDS
            elif what == "looked after":
                self.leader.look_after()
            elif what == "waits":
                self.leader.resign()
            elif what == "closed" and channel is not answering and not channel.requests:
                channel.closed = True
                self.asked = [it for it in self.asked if it[0] != n or it in self.answered]
                channel.unread.clear()
            elif what == "over":
                self.leader.end()
                self.is_over = True

    def asking_soon(self, resting: list[FakeChannel], seconds: float) -> list[FakeChannel]:
        assert all(it.is_attended for it in resting)
        return [it for it in resting if it.unread or it.closed]

    def lead(self, channel: FakeChannel) -> None:
        """A thread is to answer a connection on which something was asked."""
        self.ask(channel)
        channel.requests.append(channel.unread.pop(0))
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(leader, "asking_soon", self.asking_soon)
            patched.setattr(leader, "monotonic", lambda: self.now)
            channel.is_attended = True
            if not self.leader.lead(channel):
                channel.give_back()


@given(happenings=st.lists(st.lists(st.tuples(HAPPENINGS, st.sampled_from(CONNECTIONS)), max_size=6), max_size=12))
def test_each_request_is_answered_once_and_in_order_or_left_to_others(happenings):
    scene = Scene(happenings)
    scene.lead(scene.channels[0])
    undisturbed = not scene.happenings
    scene.lead(scene.channels[LAST])

    if undisturbed:
        assert (scene.asked[-1] in scene.answered) is not scene.is_over
    assert not any(it.is_attended for it in scene.channels)
    assert not scene.leader.has_others
    left = [(it.name, number) for it in scene.channels for number in (*it.requests, *it.unread)]
    assert sorted([*scene.answered, *left]) == sorted(scene.asked)
    for n in CONNECTIONS:
        own = [number for name, number in (*scene.answered, *left) if name == n]
        assert own == sorted(own)


def test_whoever_asks_while_it_answers_is_answered_by_it():
    scene = Scene([[("offered", 1), ("offered", 2)], [("asked", 1)], [], [("asked again", 1)]])
    scene.lead(scene.channels[0])

    assert [name for name, _ in scene.answered] == [0, 1, 2, 1, 1]


def test_a_connection_that_its_client_closes_is_left_to_the_server():
    scene = Scene([[("offered", 1)], [("closed", 0)]])

    scene.lead(scene.channels[0])

    assert scene.answered == [(0, 1), (1, 2)]
    assert not any(it.is_attended for it in scene.channels)


# With each answer somebody else comes, who has a connection of their own.
NEWCOMERS = [[("offered", n)] for n in range(3, 30)]


def test_whoever_asks_again_is_answered_though_others_come_all_the_time():
    scene = Scene([[("offered", 1)], [("asked", 0), ("offered", 2)], *NEWCOMERS], connections=30)

    scene.lead(scene.channels[0])

    assert 0 in [name for name, _ in scene.answered][1:5]


def test_a_connection_that_its_client_closes_is_let_go_though_others_come_all_the_time():
    scene = Scene([[("offered", 1)], [("closed", 0), ("offered", 2)], *NEWCOMERS], connections=30)
    let_go = []
    scene.channels[0].give_back = lambda: let_go.append(len(scene.answered))

    scene.lead(scene.channels[0])

    assert let_go[0] < 6 < len(scene.answered)


def test_nobody_is_offered_to_it_while_its_answer_takes_long():
    scene = Scene([[("time", 0), ("time", 0), ("offered", 1)]])
    scene.lead(scene.channels[0])

    assert [name for name, _ in scene.answered] == [0]
    assert scene.queue == [scene.channels[1]]


@pytest.mark.parametrize("held_up", [1, 2, 3])
def test_answers_that_take_long_hold_up_nobody_else(held_up):
    """Four threads, some of which are held up: the others' clients get all their answers meanwhile."""
    go_on = threading.Event()

    def answering(environ, start_response):
        if environ["PATH_INFO"] == "/long":
            go_on.wait(30)
        body = f"{environ['PATH_INFO']}||".encode()
        start_response("200 OK", [("Content-Length", str(len(body)))])
        return [body]

    def ask_often(client):
        for _ in range(30):
            client.sendall(request("/short"))
            got = b""
            while not got.endswith(b"/short||"):
                got += client.recv(65_536)

    with ThreadServer(answering) as server, ExitStack() as open_ones:
        clients = [open_ones.enter_context(connect(server.url)) for _ in range(8)]
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(ask_often, clients))
            for it in clients[:held_up]:
                it.sendall(request("/long", last=True))
            list(pool.map(ask_often, clients[held_up:]))

            assert not go_on.is_set()
            go_on.set()
        assert [answers_until_closed(it) for it in clients[:held_up]] == [[(b"/long", b"")]] * held_up


def answers_nothing(_environ, start_response):
    start_response("200 OK", [("Content-Length", "2")])
    return [b"||"]


def test_as_many_as_there_are_threads_are_answered_at_once():
    together = threading.Barrier(4)

    def answering(environ, start_response):
        together.wait(30)
        return answers_nothing(environ, start_response)

    with ThreadServer(answering, threads=4) as server, ExitStack() as open_ones:
        clients = [open_ones.enter_context(connect(server.url)) for _ in range(4)]
        for it in clients:
            it.sendall(request("/", last=True))

        assert [it.recv(65_536).endswith(b"||") for it in clients] == [True] * 4


def test_the_server_does_not_look_whether_it_may_write_what_a_thread_is_sending(monkeypatch):
    looked = []
    send = Channel.send

    def sending(channel, *args, **options):
        looked.append(channel.writable())
        return send(channel, *args, **options)

    monkeypatch.setattr(Channel, "send", sending)

    with ThreadServer(answers_nothing) as server, connect(server.url) as client:
        client.sendall(request("/", last=True))
        assert client.recv(65_536).endswith(b"||")

    assert looked == [False]


def test_all_connections_that_have_come_are_taken_in_one_turn():
    with listen("127.0.0.1", 0) as listening:
        server = server_for(answers_nothing, listening)
        try:
            with ExitStack() as open_ones:
                for _ in range(20):
                    open_ones.enter_context(connect(url_of(listening)))
                turn(server)
                taken = list(server.active_channels)
        finally:
            drain(server)
            server.trigger.close()

    assert len(taken) == 20
