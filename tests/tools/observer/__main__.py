"""Writes the golden files anew: `python -m tests.tools.observer`. Read the difference before you keep it."""

from __future__ import annotations

import json
from pathlib import Path

from tests.tools.observer.finding import found_by
from tests.tools.observer.requests import TRIGGERS

for code, asked in TRIGGERS.items():
    found = [it for it in found_by(asked) if it["code"] == code]
    text = json.dumps(found, indent=2, ensure_ascii=False) + "\n"
    (Path(__file__).parent / "golden" / f"{code}.json").write_text(text, encoding="utf-8")
