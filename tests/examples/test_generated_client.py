"""A client that `openapi-python-client` writes from our documents: written without a warning, and it works."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.examples.folders import ROOT, SHOWN_URL, commands, copied, shell
from tests.served import served

pytestmark = pytest.mark.slow


class TestTheGenerator:
    @pytest.mark.parametrize("version", [1, 2, 3], ids=lambda it: f"v{it}")
    def test_has_nothing_to_say_about_a_document(self, version: int, tmp_path: Path):
        written = f"openapi-python-client generate --path {ROOT}/openapi/v{version}.yaml --output-path client"

        done = shell(f"{written} --fail-on-warning", tmp_path)

        assert done.returncode == 0, done.stdout
        assert "warning" not in done.stdout.lower()

    def test_names_each_error_once_for_all_operations(self, tmp_path: Path):
        """A body that is written out in a response becomes a class of every operation that has the response.

        Where the document says that a body is a text, there is no class.
        """
        shell(f"openapi-python-client generate --path {ROOT}/openapi/v3.yaml --output-path client", tmp_path)

        models = {it.stem for it in tmp_path.glob("client/*/models/*.py")}

        assert {"unauthenticated", "bad_request", "declaration_refused"} <= models
        assert not [it for it in models if "response_4" in it]
        written = [it.read_text(encoding="utf-8") for it in tmp_path.glob("client/*/api/*/[!_]*.py")]
        assert len(written) == 25
        assert all("response_429 = response.text\n" in it for it in written)


class TestTheGeneratedClient:
    def test_does_what_its_page_says(self, tmp_path: Path):
        folder = copied("generated-client", tmp_path)

        with served("--now", "2026-10-12T09:00:00Z") as server:
            done = shell(commands(folder / "README.md").replace(SHOWN_URL, server.url), folder)

        told = done.stdout.splitlines()
        assert done.returncode == 0, done.stdout
        assert "declared: started is eligible" in told
        assert "voided: voided" in told
        assert "refused: Invalid action: This declaration has already been voided." in told
        assert any(it.startswith("refused for others, for reasons of: ") and "base" in it for it in told)
