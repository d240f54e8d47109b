"""The application that is asked: fresh for each round, with what is wrong about an answer and about what is kept."""

from __future__ import annotations

import io
import json
import logging
import re
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes
from zlib import crc32

from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache

from ecf_sandbox.api.response import Dropped
from ecf_sandbox.app import create_app
from ecf_sandbox.scenario.loading import Scenario, load_scenario
from ecf_sandbox.scenario.world import world_of
from ecf_sandbox.services import DEFAULT
from ecf_sandbox.state.worlds import Worlds
from ecf_sandbox.tools.report.build import report_of
from ecf_sandbox.tools.report.formats import FORMATS
from ecf_sandbox.tools.report.journal_file import of_each_world
from ecf_sandbox.transport import InProcess, Reply, environ_of
from tests.fuzz.request import Request

WORLDS = 12
SHOWN, EXPLAINED = 12, 4  # exchanges of a world that are read by themselves after a round, and their explanations
# Seconds of the processor that the thread of the request had: how long others had it instead is not its fault.
SLOW = 1.0
UUID = re.compile(rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_BAD_REQUEST = Reply(400, {}, b"Bad Request\r\n")

Application = Callable[[dict[str, Any], Any], Any]


@dataclass(frozen=True)
class Failure:
    """What went wrong: a kind, the same for the same mistake, and what was said of it."""

    kind: str
    detail: str


class _Compiled(BytecodeCache):
    """Templates that were compiled for one application, for the next one: that takes longer than to fill them."""

    def __init__(self) -> None:
        self._code: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._code:
            bucket.bytecode_from_string(self._code[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._code[bucket.key] = bucket.bytecode_to_string()


Flask.jinja_options["bytecode_cache"] = _Compiled()


@cache
def story(service: str) -> Scenario:
    """What each round begins with."""
    return load_scenario("default", seed="fuzz", service=service)


@cache
def known_ids(service: str) -> tuple[bytes, ...]:
    """The id of every record of the scenario, in its order."""
    records: Any = story(service).records()
    rows = [row for table in records.TABLES.values() for row in getattr(records, table)]
    return tuple(dict.fromkeys(it.encode() for row in rows for it in _ids(row)))


def _ids(row: Any) -> Iterator[str]:
    for name in ("id", "api_id"):
        if UUID.fullmatch(str(getattr(row, name, "")).encode()):
            yield str(getattr(row, name))


class Subject:
    """An application over fresh worlds of a service; `make` puts another in its place."""

    def __init__(self, service: str = DEFAULT, make: Callable[[Worlds], Application] | None = None) -> None:
        self.worlds = Worlds(world_of(story(service), seed="fuzz"), limit=WORLDS)
        self.app: Application = make(self.worlds) if make else create_app(self.worlds).wsgi_app
        self.took = 0.0
        self._planned: set[int] = set()  # statuses of faults that are set

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
        planned = reply.body.startswith(b"Fault ") or (request.method == "HEAD" and reply.status in self._planned)
        self._note_faults()
        if reply.status < 500 or planned:
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

    def _note_faults(self) -> None:
        """Remember what the faults that are set answer, and take back those that wait: they would be waited for."""
        self._planned.clear()
        for world in self.worlds.every():
            for fault in world.faults.all() if world.faults else ():
                if fault.latency:
                    world.faults.clear(fault.id)
                elif fault.status is not None:
                    self._planned.add(fault.status)

    def unreadable(self, seed: int) -> Failure | None:
        """What of all that was kept can't be read; None if everything can.

        Every exchange is written out twice: as one of its world, and as one of all worlds. Those that are read by
        themselves, and explained, are some, which depend on what was asked and not on how many there are, so that one
        that fails still does when others are left out.
        """
        for world in self.worlds.every():
            world.faults.clear()
            for path in self._kept(world.name, world.journal, seed):
                reply = self.send(Request("GET", path.encode(), _HOST))
                wrong = reply if isinstance(reply, Failure) else _unread(path, reply)
                if wrong is not None:
                    return Failure(f"unreadable afterwards: {wrong.kind}", f"GET {path}\n{wrong.detail}")
        return self._unreportable()

    def _kept(self, name: str, journal: Any, seed: int) -> Iterator[str]:
        at = f"/_sandbox/worlds/{name}"
        yield from (f"{at}/journal", f"{at}/journal/export?format=har", f"{at}/export")
        if name == self.worlds.main.name:
            yield f"{at}/journal/export"  # of every world the journal of all has the same lines
        exchanges = list(journal)
        drawn = sorted(exchanges, key=lambda it: crc32(f"{seed} {it.method} {it.target!r}".encode() + it.request_body))
        yield from (f"{at}/journal/{it.number}" for it in drawn[:SHOWN])
        for number in [it.number for it in drawn[:EXPLAINED]]:
            yield from (f"{at}/journal/{number}/explain", f"{at}/journal/{number}/explain?format=text")
            if "pages" in self.worlds.main.service.parts:
                yield f"/ui/worlds/{name}/journal/{number}"

    def _unreportable(self) -> Failure | None:
        written = self.send(Request("GET", b"/_sandbox/journal/export", _HOST))
        if isinstance(written, Failure):
            return Failure(f"unreadable afterwards: {written.kind}", written.detail)
        service = self.worlds.main.service
        try:
            tokens = {it.name: tuple(it.service.tokens(it.state.records)) for it in self.worlds.every()}
            report = report_of(of_each_world(written.body, tokens), service)
            for shape in FORMATS.values():
                shape(report, service).encode()
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
