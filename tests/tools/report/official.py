"""`make report-schemas`: holds the SARIF of every run against the standard's own schema, which npm has in a package."""

from __future__ import annotations

import json
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path
from typing import Any

import jsonschema_rs

from tests.tools.report.of_ecf import as_sarif
from tests.tools.report.test_formats import RUNS

# Microsoft's validator for SARIF brings the schema along; only that is taken out of it.
PACKAGE, SCHEMA = "@microsoft/sarif-multitool-linux@5", "package/sarif-2.1.0.json"
PATIENCE = 120.0


def main() -> int:
    """Print what is not as the schema wants it, and answer 1 if anything is; 0 too where there is no npm."""
    if shutil.which("npm") is None:
        print("The schema of SARIF comes by npm, and npm is not here: nothing is checked.")
        return 0
    validator = jsonschema_rs.validator_for(schema(), validate_formats=True)
    wrong = [f"{name}: {it}" for name, run in RUNS.items() for it in validator.iter_errors(json.loads(as_sarif(run())))]
    print("\n".join([*wrong, f"{len(RUNS)} runs, {len(wrong)} things not as the schema of SARIF 2.1.0 wants them"]))
    return 1 if wrong else 0


def schema() -> Any:
    """The schema of SARIF 2.1.0; raises CalledProcessError if the package cannot be had."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["npm", "pack", "--silent", PACKAGE], cwd=folder, check=True, timeout=PATIENCE)
        (package,) = Path(folder).glob("*.tgz")
        with tarfile.open(package) as opened:
            file = opened.extractfile(SCHEMA)
            assert file is not None
            return json.loads(file.read().decode("utf-8-sig"))


if __name__ == "__main__":
    raise SystemExit(main())
