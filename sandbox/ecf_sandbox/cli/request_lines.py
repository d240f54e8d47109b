"""Prints the log of `serve --verbose`: a line for each request, for people or as JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from threading import Lock
from typing import IO, TYPE_CHECKING, Any

import click

from ecf_sandbox.cli.terminal import wants_colour
from ecf_sandbox.dates.wire import instant_ms

if TYPE_CHECKING:
    from ecf_sandbox.api.request_log import LoggedRequest

_COLOURS = {2: "green", 3: "cyan", 4: "yellow", 5: "red"}


class RequestLines:
    """Writes each request in a line of its own, whichever thread it comes from; one who no longer reads ends it."""

    def __init__(self, form: str, stream: IO[str] | None = None) -> None:
        self._stream = stream or sys.stderr
        self._colour = form == "text" and wants_colour(self._stream)
        self._line: Callable[[LoggedRequest], str] = as_json if form == "json" else self._text
        self._lock = Lock()
        self._ended = False

    def __call__(self, it: LoggedRequest) -> None:
        """Write the line of a request."""
        with self._lock:
            if self._ended:
                return
            try:
                click.echo(self._line(it), file=self._stream, color=self._colour)
            except (OSError, ValueError):
                # Answers go on when nobody reads the log.
                self._ended = True

    def _text(self, it: LoggedRequest) -> str:
        return as_text(it, colour=self._colour)


def as_text(it: LoggedRequest, *, colour: bool = False) -> str:
    """Time, world, method, path, status, how long it took, number in the journal, what was refused and found."""

    def styled(text: str, name: str) -> str:
        return click.style(text, fg=name) if colour else text

    status = styled("dropped" if it.status is None else str(it.status), _COLOURS.get((it.status or 500) // 100, "red"))
    parts = [
        instant_ms(it.at),
        it.world or "-",
        it.method,
        it.path + ("?..." if it.query else ""),
        status,
        f"{it.milliseconds:g}ms",
        f"#{it.number}" if it.number else "",
        styled(f"refused: {', '.join(it.rules)}", "yellow") if it.rules else "",
        styled(f"found: {', '.join(it.findings)}", "magenta") if it.findings else "",
        styled(f"fault: {it.fault}", "red") if it.fault else "",
    ]
    return " ".join(part for part in parts if part)


def as_json(it: LoggedRequest) -> str:
    """The same as one JSON object; a member is there for each that the line may have, null or empty without."""
    document: dict[str, Any] = {
        "at": instant_ms(it.at),
        "world": it.world,
        "method": it.method,
        "path": it.path,
        "query": it.query,
        "status": it.status,
        "milliseconds": it.milliseconds,
        "number": it.number,
        "provider": it.provider,
        "rules": it.rules,
        "findings": it.findings,
        "fault": it.fault,
    }
    return json.dumps(document)
