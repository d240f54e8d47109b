"""Stands before the application while a client has its turn: what happens between two of its requests happens here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING, Any

from ecf_sandbox.api.paths import API
from ecf_sandbox.state.clock import frozen
from ecf_sandbox.state.world import World

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

_TOO_MANY = "429"
_WAITED = 0.2  # seconds: less is no wait


class Gate:
    """A WSGI application before another: counts the requests of a turn, and lets things happen before some of them.

    The clock of the world stands still, so a client that waits after a 429, as it should, would not be seen to: the
    seconds that it waits pass in the world.
    """

    def __init__(self, app: Callable[[WSGIEnvironment, StartResponse], Iterable[bytes]]) -> None:
        self._app = app
        self._lock = Lock()
        self._world: World | None = None
        self._waiting: dict[int, list[Callable[[], None]]] = {}
        self._count = 0
        self._refused: float | None = None

    @contextmanager
    def turn(self, world: World, waiting: dict[int, list[Callable[[], None]]]) -> Iterator[None]:
        """A turn in a world; what waits happens before the request of that number, counted from 1."""
        with self._lock:
            self._world, self._waiting, self._count, self._refused = world, waiting, 0, None
        try:
            yield
        finally:
            with self._lock:
                self._world, self._waiting = None, {}

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        if not environ["PATH_INFO"].startswith(API):
            return self._app(environ, start_response)
        with self._lock:
            self._count += 1
            self._let_the_wait_pass()
            for happen in self._waiting.pop(self._count, ()):
                happen()

        def started(status: str, headers: list[tuple[str, str]], error: Any = None) -> Any:
            if status.startswith(_TOO_MANY):
                self._refused = monotonic()
            return start_response(status, headers) if error is None else start_response(status, headers, error)

        return self._app(environ, started)

    def _let_the_wait_pass(self) -> None:
        if self._refused is not None and self._world is not None:
            waited = monotonic() - self._refused
            if waited >= _WAITED:
                self._world.set_clock(frozen(self._world.now() + timedelta(seconds=max(1, round(waited)))))
        self._refused = None
