"""`make conformance`: replay what was recorded of the real service, where those recordings are at hand."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
RECORDINGS = PROJECT.parent / "shared" / "conformance"


def main() -> int:
    """Run `replay.py` on every recorded case; `--only`, `--reads`, `--no-events`, `--show`, … pass through."""
    replay = RECORDINGS / "replay.py"
    if not replay.exists():
        print(f"Nothing to replay: there are no recordings in {RECORDINGS}.")
        return 0
    command = [sys.executable, str(replay), "--target", "tests/conformance/target.py", *sys.argv[1:]]
    return subprocess.run(command, cwd=PROJECT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
