"""Every example of a client does what its page says, and its own tests pass against a sandbox."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.examples.folders import SHOWN_URL, commands, copied, needs, shell
from tests.served import invoke, served

pytestmark = pytest.mark.slow

# The tools that an example needs, and what its tests say when some have passed.
CLIENTS = {
    "python-requests": (["python"], r"^[1-9]\d* passed in"),
    "python-httpx-async": (["python"], r"^[1-9]\d* passed in"),
    "node": (["node"], r"^(#|ℹ) pass [1-9]"),
    "shell": (["bash", "curl", "python3"], r"^[1-9]\d* passed, 0 failed"),
}
SKIPPED = re.compile(r"[1-9]\d* skipped|skipped [1-9]")


# What each of them meets that moves to the API that replaced the old one, held against section 17 of
# docs/behaviour/rect.md#17 by hand. All of them list participants and partnerships, declare, and confirm a challenged
# partnership again in their tests; Python's write the moment of their last sync with an offset.
BREAKS = {"path-participants", "path-others", "challenged-confirmed-again"}
SHOWS = {
    *("trn-validated-gone", "validation-status-gone", "enrolment-attributes-new", "participant-status-gone"),
    *("participant-status-of-stopped", "participant-stays", "last-day", "uplifts", "has-passed-gone", "milestone-text"),
    *("challenge-gone", "currently-training", "www-authenticate"),
}
MOVING = {
    "python-requests": (BREAKS | {"updated-since-offset"}, SHOWS),
    # One of its tests declares for courses that there are not.
    "python-httpx-async": (BREAKS | {"updated-since-offset"}, SHOWS | {"course-unknown-text"}),
    "node": (BREAKS, SHOWS),
    "shell": (BREAKS, SHOWS),
}


@pytest.fixture
def sandbox():
    with served() as server:
        yield server


@pytest.mark.parametrize("example", CLIENTS)
class TestAClient:
    def test_does_what_its_page_says(self, example: str, sandbox, tmp_path: Path):
        tools, well = CLIENTS[example]
        for tool in tools:
            needs(tool)
        folder = copied(example, tmp_path)

        done = shell(commands(folder / "README.md").replace(SHOWN_URL, sandbox.url), folder)

        assert done.returncode == 0, done.stdout
        assert re.search(well, done.stdout, re.MULTILINE), done.stdout
        assert not SKIPPED.search(done.stdout), done.stdout
        self.meets_what_is_known_when_it_moves(example, sandbox.url)

    def meets_what_is_known_when_it_moves(self, example: str, url: str):
        moving = json.loads(invoke("move", "--url", url, "--json").stdout)

        breaks, shows = MOVING[example]
        assert {it["id"] for it in moving["found"] if it["breaks"]} == breaks
        assert {it["id"] for it in moving["found"] if not it["breaks"]} == shows
        assert moving["unexplained"] == []
        # With all steps taken there is one request left that is answered otherwise: the partnership.
        assert [it["otherwise"] for it in moving["answers"]][-1] == 1

    def test_is_told_of_the_sandbox_in_its_tests_only(self, example: str, tmp_path: Path):
        folder = copied(example, tmp_path)
        client = [it for it in folder.rglob("*") if it.is_file() and "test" not in it.name and it.name != "README.md"]

        told = [it.name for it in client if "sandbox" in it.read_text().lower()]

        assert len(client) > 2
        assert not told
