"""Another server for the tests: a sandbox in a thread, doctored or not, that notes what reaches it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from ecf_sandbox.app import create_app
from ecf_sandbox.ecf.editions import EDITIONS
from ecf_sandbox.ecf.service import SERVICE
from ecf_sandbox.remote.drift_run import DriftResult, Here, There, drift
from ecf_sandbox.scenario import load_scenario
from ecf_sandbox.scenario.world import world_of
from ecf_sandbox.state.worlds import Worlds
from ecf_sandbox.testing.thread_server import ThreadServer
from ecf_sandbox.transport import InProcess, Reply

STORY = load_scenario("default", seed="sandbox")
TOKEN = STORY.tokens[0]
Doctor = Callable[[str, Reply], Reply]


@dataclass
class Other:
    """A WSGI application before a sandbox: `doctor` may change each answer; `heard` are methods and paths."""

    edition: str = "live"
    doctor: Doctor = lambda _, reply: reply
    heard: list[tuple[str, str]] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        world = world_of(STORY, edition=EDITIONS[self.edition])
        self.send = InProcess(create_app(Worlds(world)).wsgi_app)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        target = environ["PATH_INFO"] + (f"?{environ['QUERY_STRING']}" if environ["QUERY_STRING"] else "")
        self.heard.append((environ["REQUEST_METHOD"], target))
        sent = {"Authorization": environ.get("HTTP_AUTHORIZATION"), "Accept": environ.get("HTTP_ACCEPT")}
        self.tokens += [it for it in [sent["Authorization"]] if it]
        reply = self.send(environ["REQUEST_METHOD"], target, [(name, it) for name, it in sent.items() if it])
        reply = self.doctor(target, reply)
        headers = {**reply.headers, "content-length": str(len(reply.body))}
        start_response(f"{reply.status} So", list(headers.items()))
        return [reply.body]


@contextmanager
def listening(app: Any) -> Iterator[str]:
    """The address of an application, until the block ends."""
    with ThreadServer(app) as server:
        yield server.url


def found_at(app: Any, *, version: int = 3, edition: str = "live", token: str = TOKEN, **options: Any) -> DriftResult:
    """What a comparison with an application finds."""
    with listening(app) as url:
        there = There(url, timeout=10, **options)
        here = Here(STORY, EDITIONS[edition], None)
        return drift(there, here, service=SERVICE, tokens=(token, here.token), version=version, say=lambda _: None)


def changing(path: str, change: Callable[[Any], Any]) -> Doctor:
    """Changes the document of every sound answer for a path."""

    def doctor(target: str, reply: Reply) -> Reply:
        if target.partition("?")[0] != path or reply.status != 200:
            return reply
        document = json.loads(reply.body)
        change(document)
        return Reply(reply.status, reply.headers, json.dumps(document).encode())

    return doctor


def of_each(change: Callable[[dict[str, Any]], Any]) -> Callable[[Any], None]:
    """A change to the attributes of every item of a list."""

    def changed(document: Any) -> None:
        for it in document["data"]:
            change(it["attributes"])

    return changed
