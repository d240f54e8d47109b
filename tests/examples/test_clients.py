"""Every example of a client does what its page says, and its own tests pass against a sandbox."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.examples.folders import SHOWN_URL, commands, copied, needs, shell
from tests.serving import served

TESTED = {"python-requests": ("python", " passed")}


@pytest.fixture(scope="module")
def sandbox():
    with served() as server:
        yield server


@pytest.mark.parametrize("example", TESTED)
class TestAClient:
    def test_does_what_its_page_says(self, example: str, sandbox, tmp_path: Path):
        tool, well = TESTED[example]
        needs(tool)
        folder = copied(example, tmp_path)

        done = shell(commands(folder / "README.md").replace(SHOWN_URL, sandbox.url), folder)

        assert done.returncode == 0, done.stdout
        assert well in done.stdout
        assert "skipped" not in done.stdout

    def test_is_told_of_the_sandbox_in_its_tests_only(self, example: str, sandbox, tmp_path: Path):
        folder = copied(example, tmp_path)
        files = [it for it in folder.rglob("*") if it.is_file() and not is_about_tests(it)]

        assert files
        assert not [it.name for it in files if "sandbox" in it.read_text().lower()]


def is_about_tests(file: Path) -> bool:
    return file.name == "README.md" or "test" in file.name.lower()
