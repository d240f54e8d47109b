"""A server over HTTP, and the command, for tests: in this process, or in one of its own where that is the point."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from subprocess import CompletedProcess
from typing import Any

from ecf_sandbox.app import create_app
from ecf_sandbox.cli.main import main
from ecf_sandbox.ecf.editions import EDITIONS
from ecf_sandbox.scenario import load_scenario
from ecf_sandbox.scenario.world import world_of
from ecf_sandbox.state.worlds import LIMIT, Worlds
from ecf_sandbox.testing.thread_server import ThreadServer
from ecf_sandbox.transport import OverHttp
from tests.running import cli_runner

OURS = {name for name in os.environ if name.startswith("ECF_SANDBOX_")}
ENVIRONMENT = {name: value for name, value in os.environ.items() if name not in OURS}


@dataclass(frozen=True)
class Answering:
    """Where a server listens, its first token, and a way to send it requests."""

    url: str
    token: str

    @property
    def send(self) -> OverHttp:
        return OverHttp(self.url)


@dataclass(frozen=True)
class Served(Answering):
    """A server in a process of its own, with the first line that it printed."""

    line: dict[str, str]
    process: subprocess.Popen[str]


@contextmanager
def standing(
    now: str | None = None, *, edition: str = "guidance", worlds: int = LIMIT, **options: Any
) -> Iterator[Answering]:
    """The default scenario served from a thread of this process, until the block ends."""
    story = load_scenario("default", seed="sandbox")
    world = world_of(story, edition=EDITIONS[edition], now=datetime.fromisoformat(now) if now else None)
    with ThreadServer(create_app(Worlds(world, limit=worlds), **options)) as server:
        yield Answering(server.url, story.tokens[0])


@contextmanager
def served(*options: str) -> Iterator[Served]:
    """`ecf-sandbox serve --port 0` with these options, until the block ends."""
    with subprocess.Popen(
        [sys.executable, "-m", "ecf_sandbox", "serve", "--port", "0", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=ENVIRONMENT,
    ) as process:
        try:
            line = json.loads(process.stdout.readline())
            yield Served(line["url"], line["token"], line, process)
        finally:
            process.kill()


def invoke(*arguments: str, **environment: str) -> CompletedProcess[str]:
    """`ecf-sandbox` with these arguments in this process, and what a process would have ended with."""
    result = cli_runner(env=dict.fromkeys(OURS) | environment).invoke(main, arguments)
    if not isinstance(result.exception, SystemExit | None):
        raise result.exception
    return CompletedProcess(arguments, result.exit_code, result.stdout, result.stderr)


def run(*arguments: str, **environment: str) -> CompletedProcess[str]:
    """The same in a process of its own, run to its end."""
    return subprocess.run(
        [sys.executable, "-m", "ecf_sandbox", *arguments],
        capture_output=True,
        text=True,
        env=ENVIRONMENT | environment,
        timeout=60,
        check=False,
    )
