"""The golden reports of a small run, without what was never asked; `python -m tests.tools.report.golden` makes them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ecf_sandbox.state.findings import Observing
from ecf_sandbox.state.record import replace
from ecf_sandbox.tools.report.ci import as_junit
from ecf_sandbox.tools.report.formats import as_evidence, as_html, as_json
from ecf_sandbox.tools.report.journal_file import read
from ecf_sandbox.tools.report.markdown import as_markdown
from ecf_sandbox.tools.report.report import Coverage, Report, Share
from tests.tools.report.of_ecf import as_sarif, report_of
from tests.tools.report.telling import a_small_run

FOLDER = Path(__file__).parent / "golden"
_SOME = Share(known=10, used=5)


def small_report() -> str:
    """The report, less what a new rule, operation or version would change."""
    it = json.loads(as_json(report_of([read(a_small_run(), "main")])))
    it["made_by"], it["coverage"] = "ecf-sandbox", None
    it["rules"] = [rule for rule in it["rules"] if rule["standing"] == "broken"]
    it["operations"] = [used(operation) for operation in it["operations"] if operation["asked"]]
    return json.dumps(it, indent=1, ensure_ascii=False) + "\n"


def used(it: dict[str, Any]) -> dict[str, Any]:
    """An operation without the parameters and values that were not sent."""
    it["parameters"] = [each for each in it["parameters"] if each["sent"]]
    for each in (*it["parameter_values"], *it["attributes"]):
        each["values"] = [value for value in each["values"] if value["sent"]]
    return it


def small() -> Report:
    """The report of the run with its findings, less what a new rule, operation or version would change."""
    it = report_of([read(a_small_run(Observing.NOTE), "main", "run.jsonl")])
    coverage = Coverage(
        operations={"v3": _SOME}, rules_judged=_SOME, rules_broken=_SOME, parameters=_SOME, values=_SOME
    )
    return replace(
        it,
        made_by="ecf-sandbox",
        coverage=coverage,
        rules=tuple(each for each in it.rules if each.broken),
        operations=tuple(each for each in it.operations if each.asked),
    )


def sarif_results() -> str:
    """The results alone: the rules grow with every new check."""
    run = json.loads(as_sarif(small()))["runs"][0]
    results = [{name: value for name, value in each.items() if name != "ruleIndex"} for each in run["results"]]
    return json.dumps(results, indent=1, ensure_ascii=False) + "\n"


GOLDENS: dict[str, Callable[[], str]] = {
    "small.json": small_report,
    "small.junit.xml": lambda: as_junit(small()),
    "small.sarif.json": sarif_results,
    "small.md": lambda: as_markdown(small()),
    "small.html": lambda: as_html(small()),
    "evidence.html": lambda: as_evidence(small()),
}


if __name__ == "__main__":
    for name, written in GOLDENS.items():
        (FOLDER / name).write_text(written())
