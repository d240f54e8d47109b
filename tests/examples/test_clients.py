"""Every example of a client does what its page says, and its own tests pass against a sandbox."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.examples.folders import SHOWN_URL, commands, copied, needs, shell
from tests.served import served

pytestmark = pytest.mark.slow

# The tools that an example needs, and what its tests say when some have passed.
CLIENTS = {
    "python-requests": (["python"], r"^[1-9]\d* passed in"),
    "python-httpx-async": (["python"], r"^[1-9]\d* passed in"),
    "node": (["node"], r"^(#|ℹ) pass [1-9]"),
    "shell": (["bash", "curl", "python3"], r"^[1-9]\d* passed, 0 failed"),
}
SKIPPED = re.compile(r"[1-9]\d* skipped|skipped [1-9]")


@pytest.fixture(scope="module")
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

    def test_is_told_of_the_sandbox_in_its_tests_only(self, example: str, tmp_path: Path):
        folder = copied(example, tmp_path)
        client = [it for it in folder.rglob("*") if it.is_file() and "test" not in it.name and it.name != "README.md"]

        told = [it.name for it in client if "sandbox" in it.read_text().lower()]

        assert len(client) > 2
        assert not told
