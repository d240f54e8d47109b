"""The command line of schemathesis over a served sandbox, as docs/ci.md says, with what the sandbox ships for it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.docs.pages import ROOT, blocks
from tests.served import ENVIRONMENT, served

pytestmark = pytest.mark.slow

[COMMANDS] = [it.commands for it in blocks(ROOT / "docs" / "ci.md") if "schemathesis" in it.commands]
BRIEFLY = "--max-examples 2 --phases fuzzing,stateful --seed 20261012"
PATH = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])


@pytest.fixture(scope="module")
def briefly(tmp_path_factory):
    """What a run ended with, its cases by story, the worlds that it left behind, and what was asked of the main one."""
    folder = tmp_path_factory.mktemp("elsewhere")
    with served("--now", "2026-10-12T09:00:00Z") as server:
        done = run(server, folder, f"{BRIEFLY} --report ndjson --report-ndjson-path report.ndjson")
        worlds = json.loads(server.send("GET", "/_sandbox/worlds").body)["worlds"]
        main = json.loads(server.send("GET", "/_sandbox/worlds/main/journal").body)["exchanges"]
    return done, list(told(folder / "report.ndjson")), worlds, main


def run(server, folder, options, **environment):
    """The command of the page, with these options more."""
    return subprocess.run(
        [
            "bash",
            "-euo",
            "pipefail",
            "-c",
            f"{COMMANDS.rstrip()} {options}".replace("http://127.0.0.1:8000", server.url),
        ],
        cwd=folder,
        env=ENVIRONMENT | {"PATH": PATH} | environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def told(report):
    """The phase of each scenario in a report, and its cases as pairs of the world and the status of the answer."""
    for line in report.read_text().splitlines():
        it = json.loads(line).get("ScenarioFinished", {})
        cases = it.get("recorder", {}).get("cases", {})
        if cases:
            yield it["phase"], [asked(cases[id], exchange) for id, exchange in it["recorder"]["interactions"].items()]


def asked(case, exchange):
    return case["value"]["headers"]["X-Sandbox-World"], exchange["response"]["status_code"]


class TestTheCommand:
    def test_finds_nothing(self, briefly):
        done = briefly[0]

        assert done.returncode == 0, done.stdout + done.stderr
        assert "failure" not in done.stdout, done.stdout

    def test_does_not_live_in_404(self, briefly):
        # A case that is sent again without a token says nothing of what is drawn.
        statuses = Counter(status for _, cases in briefly[1] for _, status in cases if status != 401)

        # What it draws depends on every constant of the sandbox's modules, which hypothesis collects; that it sends a
        # case again without its token says nothing of what was drawn.
        assert statuses.total() > 50
        del statuses[401]
        assert statuses[200] > statuses.total() / 4, statuses
        assert statuses[404] < statuses.total() * 0.4, statuses

    def test_sends_each_case_to_a_world_of_its_own(self, briefly):
        # Without a token, or with a wrong one, a case is sent again as it was, and changes nothing.
        worlds = Counter(
            world for phase, cases in briefly[1] for world, status in cases if phase == "fuzzing" and status != 401
        )

        assert len(worlds) > 20
        assert set(worlds.values()) == {1}

    def test_sends_each_story_to_a_world_of_its_own(self, briefly):
        stories = [{world for world, _ in cases} for phase, cases in briefly[1] if phase == "stateful" and cases]

        assert stories
        assert {len(it) for it in stories} == {1}
        assert len(set.union(*stories)) == len(stories)

    def test_leaves_the_main_world_as_it_was(self, briefly):
        _, scenarios, worlds, main = briefly

        assert {world for _, cases in scenarios for world, _ in cases} <= set(worlds)
        assert {it["method"] for it in main} == {"GET"}


def test_the_document_of_another_service_is_asked_for_what_is_in_its_worlds(tmp_path):
    with served("--service", "rect") as server:
        done = run(server, tmp_path, "--max-examples 2 --phases fuzzing --include-path-regex '/participants/{id}'")

    assert done.returncode == 0, done.stdout + done.stderr
    assert "failure" not in done.stdout, done.stdout


def test_a_token_that_nobody_has_is_said_to_be_wrong(tmp_path):
    with served() as server:
        done = run(server, tmp_path, f"{BRIEFLY} --include-path /api/v3/statements/{{id}}", LEAD_PROVIDER_API_TOKEN="x")

    assert done.returncode != 0
    assert "was answered with 401: is the token in LEAD_PROVIDER_API_TOKEN right?" in done.stdout
