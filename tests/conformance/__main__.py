"""`make conformance`: replay what was recorded of the real service, where those recordings are at hand."""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
RECORDINGS = PROJECT.parent / "shared" / "conformance"


def main() -> int:
    """Run `replay.py` on every recorded case; `--only`, `--reads`, `--no-events`, `--show`, … pass through.

    With `--contract` the recorded answers are held against the OpenAPI documents instead (`--only`, `--show`).
    """
    replay = RECORDINGS / "replay.py"
    if not replay.exists():
        print(f"Nothing to replay: there are no recordings in {RECORDINGS}.")
        return 0
    if "--contract" in sys.argv:
        return against_documents()
    command = [sys.executable, str(replay), "--target", "tests/conformance/target.py", *sys.argv[1:]]
    return subprocess.run(command, cwd=PROJECT, check=False).returncode


def against_documents() -> int:
    """Judge the recorded answers by the documents."""
    from tests.conformance.contract import judge

    parser = argparse.ArgumentParser()
    parser.add_argument("--contract", action="store_true")
    parser.add_argument("--only", default="", help="cases whose id begins so")
    parser.add_argument("--show", type=int, default=10)
    options = parser.parse_args()
    return judge(RECORDINGS / "cases", options.only, options.show)


if __name__ == "__main__":
    sys.exit(main())
