"""The wheel in an environment of its own: what a user does first, done from a folder that is not the checkout."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple
from urllib.request import ProxyHandler, Request, build_opener

from tests.release.failed import NotFit, environment, holds, run

SECONDS = 30
SUITE = '''
"""A provider's tests."""

import pytest

import sandbox

pytestmark = pytest.mark.ecf(now="2026-10-12T09:00:00Z")


def test_a_list(ecf_client):
    assert sandbox.OWNER == "the provider"
    assert ecf_client.get("/api/v3/statements").status == 200


def test_a_declaration_that_is_too_early(ecf_world, ecf_client):
    answer = ecf_client.post("/api/v3/participant-declarations", {"data": {
        "type": "participant-declaration", "attributes": {
            "participant_id": ecf_world.people["Jane Smith"], "declaration_type": "started",
            "declaration_date": "2025-05-01T00:00:00Z", "course_identifier": "ecf-induction"}}})

    assert answer.status == 200
'''


class Installed(NamedTuple):
    """An environment that has the wheel, and a folder of somebody else's to work in."""

    folder: Path
    bin: Path

    def ecf_sandbox(self, *arguments: str) -> list[str | Path]:
        """The command with these arguments."""
        return [self.bin / "ecf-sandbox", *arguments]


def install(wheel: Path, folder: Path) -> Installed:
    """Make an empty environment below a folder and install the wheel into it; raises NotFit."""
    run([sys.executable, "-m", "venv", folder / "venv"], folder)
    it = Installed(folder / "elsewhere", folder / "venv" / "bin")
    it.folder.mkdir()
    run([it.bin / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", wheel], it.folder)
    place = run([it.bin / "python", "-c", "import ecf_sandbox; print(ecf_sandbox.__file__)"], it.folder).strip()
    if not Path(place).is_relative_to(folder):
        raise NotFit(f"what is imported is not what was installed: {place}")
    return it


def helps(it: Installed) -> None:
    """`--help` names the commands; nothing of the tests' is needed for it."""
    holds(run(it.ecf_sandbox("--help"), it.folder), "serve", "scenarios", "report")


def serves(it: Installed) -> None:
    """A script starts the server, reads where it is, asks, and ends it with SIGTERM; raises NotFit."""
    with subprocess.Popen(
        [*map(str, it.ecf_sandbox("serve", "--port", "0"))],
        cwd=it.folder,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as server:
        try:
            assert server.stdout is not None
            line = server.stdout.readline()
            if not line:
                raise NotFit(f"serve said nothing: {server.communicate()[1]}")
            _asked(json.loads(line))
            server.send_signal(signal.SIGTERM)
            _, said = server.communicate(timeout=SECONDS)
            if server.returncode != 0 or said:
                raise NotFit(f"SIGTERM ended serve with {server.returncode}, and it said: {said!r}")
        except (OSError, ValueError, KeyError, subprocess.TimeoutExpired) as wrong:
            raise NotFit(f"serve --port 0: {wrong!r}") from None
        finally:
            server.kill()


def _asked(line: dict[str, str]) -> None:
    request = Request(line["url"] + "/api/v3/statements", headers={"Authorization": f"Bearer {line['token']}"})
    with build_opener(ProxyHandler({})).open(request, timeout=SECONDS) as answer:
        if not json.load(answer)["data"]:
            raise NotFit("the server has no statements")


def plays(it: Installed) -> None:
    """A story that comes with the sandbox is found and comes out as expected."""
    holds(run(it.ecf_sandbox("scenarios", "play", "paid-void-clawback"), it.folder), "paid-void-clawback")


def explains_in_pytest(it: Installed) -> None:
    """A foreign suite finds the plugin by itself, and a refusal is told with its rule, facts and what would pass."""
    run([it.bin / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "pytest"], it.folder)
    for name in ("sandbox", "tests"):
        (it.folder / name).mkdir()
        (it.folder / name / "__init__.py").write_text('OWNER = "the provider"\n')
    (it.folder / "tests" / "test_client.py").write_text(SUITE)
    printed = run([it.bin / "python", "-m", "pytest", "-q"], it.folder, code=1)
    holds(
        printed,
        "1 failed, 1 passed",
        "declaration.before-milestone: ",
        "declaration.before-milestone read: milestone started, 2025-06-01 to 2025-12-31; dated 2025-05-01T00:00:00Z",
        "would pass: ",
    )


def is_sound(it: Installed) -> None:
    """`doctor`, beside pytest, finds nothing wrong, and that it looks at an installation rather than a checkout."""
    printed = run(it.ecf_sandbox("doctor"), it.folder)
    holds(printed, "registered, with pytest", f"installed in {it.folder.parent}")


CHECKS: tuple[Callable[[Installed], None], ...] = (helps, serves, plays, explains_in_pytest, is_sound)
