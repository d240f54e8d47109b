"""The application that is asked: fresh for each round, with what is wrong about an answer and about what is kept."""

from __future__ import annotations

import io
import json
import logging
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes
from zlib import crc32

from ecf_sandbox.api.response import Dropped
from ecf_sandbox.app import create_app
from ecf_sandbox.ecf.editions import EDITIONS
from ecf_sandbox.ecf.service import SERVICE
from ecf_sandbox.scenario.loading import Scenario, load_scenario
from ecf_sandbox.scenario.world import world_of
from ecf_sandbox.state.worlds import Worlds
from ecf_sandbox.tools.report.build import report_of
from ecf_sandbox.tools.report.formats import FORMATS
from ecf_sandbox.tools.report.journal_file import of_each_world
from ecf_sandbox.transport import InProcess, Reply, environ_of
from tests.fuzz.request import Request

WORLDS = 12
EXPLAINED = 4  # exchanges of a world whose explanations are read after a round
SLOW = 1.0  # seconds of this thread's processor
_BAD_REQUEST = Reply(400, {}, b"Bad Request\r\n")

Application = Callable[[dict[str, Any], Any], Any]


@dataclass(frozen=True)
class Failure:
    """What went wrong: a kind, the same for the same mistake, and what was said of it."""

    kind: str
    detail: str


@cache
def story() -> Scenario:
    """What each round begins with."""
    return load_scenario("default", seed="fuzz")


class Subject:
    """An application over fresh worlds; `make` puts another in its place."""

    def __init__(self, make: Callable[[Worlds], Application] | None = None) -> None:
        self.worlds = Worlds(world_of(story(), edition=EDITIONS["guidance"], seed="fuzz"), limit=WORLDS)
        self.app: Application = make(self.worlds) if make else create_app(self.worlds).wsgi_app
        self.took = 0.0

    def send(self, request: Request) -> Reply | Failure:
        """One answer, or what is wrong about it."""
        with _errors() as logged:
            started = time.thread_time()
            try:
                reply = self._answer(request)
            except Dropped:
                reply = Reply(0, {}, b"")  # a fault of the world that somebody set
            except Exception as error:
                return Failure(_kind(error), "".join(traceback.format_exception(error)))
            finally:
                self.took = time.thread_time() - started
        self._shorten_faults()
        if reply.status < 500 or reply.body.startswith(b"Fault "):
            return reply
        error = logged.error
        if error is None:
            return Failure(f"answer {reply.status}", reply.body[:2000].decode("utf-8", "replace"))
        return Failure(_kind(error), "".join(traceback.format_exception(error)))

    def _answer(self, request: Request) -> Reply:
        headers = [(name.decode("latin-1"), value.decode(errors="surrogateescape")) for name, value in request.headers]
        try:
            environ = environ_of(request.method, "/", headers, request.body)
        except ValueError:
            return _BAD_REQUEST
        # The bytes of the target as they are: a server hands over each as one character.
        path, _, query = request.target.partition(b"?")
        environ["PATH_INFO"] = unquote_to_bytes(path).decode("latin-1")
        environ["QUERY_STRING"] = query.decode("latin-1")
        environ["REQUEST_URI"] = request.target.decode("latin-1")
        environ["wsgi.input"] = io.BytesIO(request.body)
        return InProcess(lambda _, start: self.app(environ, start))("GET", "/")

    def _shorten_faults(self) -> None:
        """A fault that waits would be waited for."""
        for world in self.worlds.every():
            for fault in world.faults.all() if world.faults else ():
                if fault.latency:
                    world.faults.clear(fault.id)

    def unreadable(self, seed: int) -> Failure | None:
        """What of all that was kept can't be read; None if everything can.

        Explanations are read of some exchanges, which depend on what was asked and not on how many there are, so that
        one that fails still does when others are left out.
        """
        for world in self.worlds.every():
            world.faults.clear()
            for path in self._kept(world.name, world.journal, seed):
                reply = self.send(Request("GET", path.encode(), _HOST))
                wrong = reply if isinstance(reply, Failure) else _unread(path, reply)
                if wrong is not None:
                    return Failure(f"unreadable afterwards: {wrong.kind}", f"GET {path}\n{wrong.detail}")
        return self._unreportable()

    @staticmethod
    def _kept(name: str, journal: Any, seed: int) -> Iterator[str]:
        at = f"/_sandbox/worlds/{name}"
        yield from (f"{at}/journal", f"{at}/journal/export", f"{at}/journal/export?format=har", f"{at}/export")
        exchanges = list(journal)
        yield from (f"{at}/journal/{it.number}" for it in exchanges)
        drawn = sorted(exchanges, key=lambda it: crc32(f"{seed} {it.method} {it.target!r}".encode() + it.request_body))
        for number in [it.number for it in drawn[:EXPLAINED]]:
            yield from (f"{at}/journal/{number}/explain", f"{at}/journal/{number}/explain?format=text")
            yield f"/ui/worlds/{name}/journal/{number}"

    def _unreportable(self) -> Failure | None:
        written = self.send(Request("GET", b"/_sandbox/journal/export", _HOST))
        if isinstance(written, Failure):
            return Failure(f"unreadable afterwards: {written.kind}", written.detail)
        try:
            tokens = {it.name: tuple(it.service.tokens(it.state.records)) for it in self.worlds.every()}
            report = report_of(of_each_world(written.body, tokens), SERVICE)
            for shape in FORMATS.values():
                shape(report, SERVICE).encode()
        except Exception as error:
            return Failure(f"unreadable afterwards: {_kind(error)}", "".join(traceback.format_exception(error)))
        return None


_HOST = ((b"Host", b"127.0.0.1:8000"),)


def _unread(path: str, reply: Reply) -> Failure | None:
    """Why an answer is not what such a path has; None if it is."""
    if reply.status != 200:
        return Failure(f"answer {reply.status}", reply.body[:2000].decode("utf-8", "replace"))
    try:
        text = reply.body.decode()
        for line in text.split("\n") if path.endswith("/export") and "journal" in path else [text]:
            if line and "json" in reply.headers.get("content-type", ""):
                json.loads(line)
    except ValueError as error:
        return Failure(type(error).__name__, str(error))
    return None


class _errors(logging.Handler):
    """Keeps the last exception that is logged within the block, and shows none."""

    def __init__(self) -> None:
        super().__init__()
        self.error: BaseException | None = None

    def __enter__(self) -> _errors:
        logger = logging.getLogger()
        self._before = logger.handlers[:]
        logger.handlers[:] = [self]
        return self

    def __exit__(self, *_: object) -> None:
        logging.getLogger().handlers[:] = self._before

    def emit(self, record: logging.LogRecord) -> None:
        """Keep it."""
        if record.exc_info and record.exc_info[1] is not None:
            self.error = record.exc_info[1]


def _kind(error: BaseException) -> str:
    """The exception, and the last line of the project's that it went through."""
    frames = [it for it in traceback.extract_tb(error.__traceback__) if "ecf_sandbox" in it.filename]
    if not frames:
        return type(error).__name__
    last = frames[-1]
    return f"{type(error).__name__} in {Path(last.filename).name}, {last.name}"
