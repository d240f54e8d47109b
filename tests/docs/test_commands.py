"""The commands on the pages for users do what the pages say."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.pages import ROOT, agrees, blocks
from tests.served import ENVIRONMENT, served

pytestmark = pytest.mark.slow

PAGES = ("developer.md", "report.md", "trainer.md", "proxy-and-drift.md")


@pytest.mark.parametrize("page", PAGES)
def test_every_command_runs_and_prints_what_the_page_says(page, tmp_path):
    """One after the other, as a reader would type them, beside a sandbox that was started as the page says."""
    shutil.copytree(ROOT / "scenarios", tmp_path / "scenarios")
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    with served("--now", "2026-10-12T09:00:00Z") as server:
        for block in blocks(ROOT / "docs" / page):
            # Where the pages say 8000 the test has whatever port was free.
            commands = block.commands.replace("http://127.0.0.1:8000", server.url)
            result = subprocess.run(
                ["bash", "-euo", "pipefail", "-c", commands],
                cwd=tmp_path,
                env=ENVIRONMENT | {"PATH": path, "ECF_SANDBOX_URL": server.url},
                capture_output=True,
                text=True,
                timeout=120,
                check=False,
            )
            shown = result.stdout.replace(server.url, "http://127.0.0.1:8000")
            assert result.returncode == 0, f"{block.name}: {commands}{result.stderr}{shown}"
            if block.printed is not None:
                assert agrees(block.printed, shown), f"{block.name} prints:\n{shown}"
