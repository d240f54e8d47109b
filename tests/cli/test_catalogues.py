"""The rules and the editions on the command line, and the pages that are printed from them."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from ecf_sandbox.cli.main import main
from ecf_sandbox.ecf.editions import SWITCHES

DOCS = Path(__file__).resolve().parents[2] / "docs"


def run(*arguments: str):
    return CliRunner().invoke(main, arguments)


class TestRules:
    def test_prints_all_that_is_known_of_one(self):
        printed = run("rules", "declaration.before-milestone").output

        assert printed.startswith("declaration.before-milestone\n  A declaration is dated on or after")
        assert "field     declaration_date" in printed
        assert "editions  guidance, live" in printed

    def test_names_the_nearest_when_there_is_none_of_that_id(self):
        result = run("rules", "declaration.before-milestones")

        assert result.exit_code == 2
        assert "did you mean 'declaration.before-milestone'?" in result.output

    def test_prints_json_for_programs(self):
        (entry,) = json.loads(run("rules", "withdrawal.not-started", "--json").output)

        assert entry["editions"] == ["guidance"]
        assert entry["switch"] == "withdrawal_needs_started"

    def test_the_page_in_the_documentation_is_what_is_printed(self):
        # docs/rules.md is made by: ecf-sandbox rules --markdown > docs/rules.md
        assert (DOCS / "rules.md").read_text() == run("rules", "--markdown").output


def test_editions_prints_every_switch():
    printed = run("editions").output

    assert all(f"\n{name}\n" in printed for name in SWITCHES)
    assert "rules: withdrawal.not-started" in printed
