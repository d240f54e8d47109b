"""Serves an application over HTTP from a thread of this process, and stops at once."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from threading import Thread
from typing import Any, Self

from ecf_sandbox.serving.address import url_of
from ecf_sandbox.serving.server import listen, server_for
from ecf_sandbox.serving.threads import PATIENCE


class ThreadServer:
    """Answers over HTTP from its making until `stop`, or for a block; `url` says where."""

    def __init__(
        self, app: Any, *, threads: int = 4, make: Callable[..., Any] = server_for, host: str = "127.0.0.1"
    ) -> None:
        listening = listen(host, 0)
        self.url = url_of(listening)
        self._server = make(app, listening, threads=threads)
        self._thread = Thread(target=self._server.run, name="ecf-sandbox", daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_raised: object) -> None:
        self.stop()

    def stop(self) -> None:
        """Close every connection and end the thread; what is being answered is given a twentieth of a second."""
        if not self._thread.is_alive():
            return
        # Woken by something else in between, the thread has closed what this would wake it with.
        with suppress(OSError):
            self._server.trigger.pull_trigger(self._close_all)
        self._thread.join(1)
        self._server.task_dispatcher.shutdown(timeout=PATIENCE)

    def _close_all(self) -> None:
        # Runs in the server's own thread, whose loop ends once nothing is left to listen to.
        for it in list(self._server._map.values()):
            it.close()
        self._server._map.clear()
