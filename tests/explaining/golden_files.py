"""Explanations on file: what is printed is compared with `golden/`, and written there anew on demand.

After a change of wording:  GOLDEN=write .venv/bin/python -m pytest tests/explaining
Then read what `git diff tests/explaining/golden` shows: each must make sense to a provider's developer.
"""

from __future__ import annotations

import os
from pathlib import Path

GOLDEN = Path(__file__).parent / "golden"


def check(name: str, text: str) -> None:
    """Compare a text with the file of that name."""
    file = GOLDEN / f"{name}.txt"
    if os.environ.get("GOLDEN") == "write":
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    assert file.read_text() == text
