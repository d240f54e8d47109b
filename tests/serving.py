"""A real server of a process of its own, for tests of what only a socket shows."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from ecf_sandbox.transport import OverHttp

ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("ECF_SANDBOX_")}


@dataclass(frozen=True)
class Served:
    """Where it listens, its first token, its process, and a way to send it requests."""

    url: str
    token: str
    line: dict[str, str]
    process: subprocess.Popen[str]

    @property
    def send(self) -> OverHttp:
        return OverHttp(self.url)


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


def run(*arguments: str, **options: str) -> subprocess.CompletedProcess[str]:
    """`ecf-sandbox` with these arguments, run to its end."""
    return subprocess.run(
        [sys.executable, "-m", "ecf_sandbox", *arguments],
        capture_output=True,
        text=True,
        env=ENVIRONMENT | options,
        timeout=60,
        check=False,
    )
