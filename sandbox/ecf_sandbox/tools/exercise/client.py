"""Runs a client's command: what it finds in its environment, what it answers, and how it is ended."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import IO, Any

# What a command finds in its environment, with what it means.
GIVEN = {
    "ECF_SANDBOX_URL": "the address of the service",
    "ECF_SANDBOX_TOKEN": "the token of the provider, which leads to the world of this history",
    "ECF_SANDBOX_WORLD": "the name of that world",
    "ECF_SANDBOX_NOW": "the moment, such as 2026-10-12T09:00:00Z: the clock of the world stands still there",
    "ECF_SANDBOX_STATE": "a folder that is empty in the first run of a history, and kept for the next ones",
    "ECF_SANDBOX_KNOWS": "a file to write what the client knows to, in place of standard output",
    "ECF_SANDBOX_TASK": "a file that says what to do; not set in a run that only brings the client up to date",
}
_PREFIX = "ECF_SANDBOX_"
_SHOWN = 2000  # characters of what a client says on standard error
_LONGEST = 50_000_000  # bytes of what it may answer
_GRACE = 0.2  # seconds between asking a client to end and ending it


class CannotStart(Exception):
    """The command cannot be started. Says why."""


class NoKnowledge(Exception):
    """What a command wrote is not what a client knows. Says what is wrong with it."""


@dataclass(frozen=True)
class Place:
    """Where a client is let in, and when."""

    url: str
    token: str
    world: str
    now: str
    state: Path


@dataclass(frozen=True)
class Ran:
    """How a run ended: its exit status (None: it took too long), what it wrote, and how long it took."""

    status: int | None
    written: str
    said: str
    seconds: float

    @property
    def well(self) -> bool:
        """Whether it ended with 0."""
        return self.status == 0

    @property
    def ended(self) -> str:
        """How it ended, in words."""
        if self.status is None:
            return f"did not end within {self.seconds:.0f} seconds"
        if self.status < 0:
            with suppress(ValueError):
                return f"was ended by {signal.Signals(-self.status).name}"
        return f"ended with {self.status}"

    def knows(self) -> dict[str, Any]:
        """The object of JSON that it wrote: all of it, or its last line; raises NoKnowledge."""
        lines = self.written.strip().splitlines()
        for text in (self.written, lines[-1] if lines else ""):
            with suppress(ValueError, RecursionError):
                found = json.loads(text)
                if isinstance(found, dict):
                    return found
                raise NoKnowledge(f"it wrote JSON, but no object: {_cut(text, 80)}")
        raise NoKnowledge(f"it wrote no JSON: {_cut(self.written.strip(), 80)}" if lines else "it wrote nothing")


@dataclass
class Client:
    """A command with its arguments. In the values of `more`, variables of its own, `{url}` and such are filled in."""

    command: Sequence[str]
    more: Mapping[str, str] = field(default_factory=dict)
    limit: float = 60.0
    _running: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def run(self, place: Place, task: Mapping[str, Any] | None = None) -> Ran:
        """Run it to its end; raises CannotStart."""
        place.state.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="ecf-sandbox-run-") as name:
            folder = Path(name)
            given = environment(place, folder / "knows.json")
            if task is not None:
                (folder / "task.json").write_text(json.dumps(task, indent=2), encoding="utf-8")
                given["ECF_SANDBOX_TASK"] = str(folder / "task.json")
            began = perf_counter()
            with open(folder / "out", "w+b") as out, open(folder / "err", "w+b") as err:
                status = self._to_its_end(environment_of(os.environ, given, self.more), out, err)
                seconds = perf_counter() - began
                knows = _read(folder / "knows.json")
                return Ran(status, knows or _text(out, _LONGEST), _tail(_text(err, _LONGEST)), seconds)

    def end(self) -> None:
        """End what runs, with all that it started."""
        process = self._running
        if process is not None:
            _end(process)

    def _to_its_end(self, variables: Mapping[str, str], out: IO[bytes], err: IO[bytes]) -> int | None:
        try:
            process = subprocess.Popen(
                list(self.command),
                env=dict(variables),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                start_new_session=True,  # so that all that it starts can be ended with it
            )
        except OSError as error:
            raise CannotStart(f"{self.command[0]} cannot be started: {error.strerror or error}") from None
        self._running = process
        try:
            return process.wait(timeout=self.limit)
        except subprocess.TimeoutExpired:
            return None
        finally:
            _end(process)
            self._running = None


def environment(place: Place, knows: Path) -> dict[str, str]:
    """What a command is told of where it is."""
    return {
        "ECF_SANDBOX_URL": place.url,
        "ECF_SANDBOX_TOKEN": place.token,
        "ECF_SANDBOX_WORLD": place.world,
        "ECF_SANDBOX_NOW": place.now,
        "ECF_SANDBOX_STATE": str(place.state),
        "ECF_SANDBOX_KNOWS": str(knows),
    }


def environment_of(own: Mapping[str, str], given: Mapping[str, str], more: Mapping[str, str]) -> dict[str, str]:
    """The environment of a command: one's own without what is meant for the sandbox, what it is told, and `more`."""
    filled = {name: fill(value, given) for name, value in more.items()}
    return {name: value for name, value in own.items() if not name.startswith(_PREFIX)} | dict(given) | filled


def fill(text: str, given: Mapping[str, str]) -> str:
    """A text with `{url}`, `{token}` and the like filled in."""
    for name, value in given.items():
        text = text.replace(f"{{{name.removeprefix(_PREFIX).lower()}}}", value)
    return text


def _end(process: subprocess.Popen[bytes]) -> None:
    # What a client leaves running in the background would speak in the histories of others.
    if process.poll() is None:
        _signal(process, signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=_GRACE)
    _signal(process, getattr(signal, "SIGKILL", signal.SIGTERM))
    process.wait()


def _signal(process: subprocess.Popen[bytes], number: int) -> None:
    with suppress(OSError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, number)
        elif process.poll() is None:
            process.send_signal(number)


def _read(file: Path) -> str:
    try:
        with open(file, "rb") as it:
            return it.read(_LONGEST).decode("utf-8", "replace")
    except OSError:
        return ""


def _text(file: IO[bytes], longest: int) -> str:
    file.seek(0)
    return file.read(longest).decode("utf-8", "replace")


def _tail(text: str) -> str:
    text = text.strip()
    return text if len(text) <= _SHOWN else "…" + text[-_SHOWN:]


def _cut(text: str, most: int) -> str:
    return repr(text if len(text) <= most else text[:most] + "…")
