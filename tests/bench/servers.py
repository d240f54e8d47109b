"""Starts and stops the servers that are measured, each in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.util import cache_from_source
from pathlib import Path
from typing import Any

import ecf_sandbox
from tests.bench.load import Connection, request
from tests.bench.services import ECF, TOKEN, MeasuredService

THREADS = 4


class Server:
    """A running server: its address, and what its process takes."""

    def __init__(self, process: subprocess.Popen[str], url: str) -> None:
        self.process, self.url = process, url

    def memory(self) -> float:
        """Resident memory in megabytes."""
        for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
        return float("nan")


@contextmanager
def serving(command: Sequence[str], **environment: str) -> Iterator[Server]:
    """A server started by a command whose first line of output is a JSON object with its `url`."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, **environment})
    assert process.stdout is not None
    try:
        line = process.stdout.readline()
        assert line, f"{command} said nothing"
        yield Server(process, json.loads(line)["url"])
    finally:
        process.terminate()
        process.wait(10)
        process.stdout.close()


def sandbox_command(folder: Path | None = None, participants: int = 0, service: MeasuredService = ECF) -> list[str]:
    """Starts the sandbox on a free port: a service with so many participants, without a folder the default scenario."""
    command = [sys.executable, "-m", "ecf_sandbox", "serve", "--port", "0", "--quiet"]
    return [*command, "--edition", "live"] if folder is None else [*command, *service.options(folder, participants)]


def bare_command(folder: Path, documents: Mapping[str, Any]) -> list[str]:
    """Starts the bare Flask application, which answers these documents."""
    file = folder / "documents.json"
    file.write_text(json.dumps(documents))
    return [sys.executable, "-m", "tests.bench.bare", str(file), str(THREADS)]


def bytecode_of_the_checkout() -> str:
    """How many modules of the sandbox have bytecode that fits them, where Python looks for it by itself."""
    modules = list(Path(ecf_sandbox.__file__).parent.rglob("*.py"))
    return f"{sum(map(_is_compiled, modules))} of {len(modules)}"


def _is_compiled(module: Path) -> bool:
    # PEP 552: four bytes of magic, four of flags, then when the source was written, to the second.
    compiled = Path(cache_from_source(str(module)))
    head = compiled.read_bytes()[:12] if compiled.is_file() else b""
    return head[8:] == (int(module.stat().st_mtime) % 2**32).to_bytes(4, "little")


def cold_start(command: Sequence[str], path: str, **environment: str) -> float:
    """Milliseconds from starting the process to the end of its first answer."""
    started = time.perf_counter()
    with serving(command, **environment) as server:
        status, _ = Connection(server.url).ask(request(server.url, path, token=TOKEN))
        took = time.perf_counter() - started
        assert status == 200, (command, status)
    return took * 1000
