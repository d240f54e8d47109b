"""The golden report of a small run, without what was never asked; `python -m tests.reporting.golden` writes it anew."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sandbox.reporting.making import report_of
from sandbox.reporting.plain import as_json
from sandbox.reporting.reading import read
from tests.reporting.telling import a_small_run

GOLDEN = Path(__file__).parent / "golden" / "small.json"


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


if __name__ == "__main__":
    GOLDEN.write_text(small_report())
