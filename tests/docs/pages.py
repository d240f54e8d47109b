"""The pages of the documentation, and what is in them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    """A fenced block of a page: commands (`sh`) and what they are said to print (`text`, right after them)."""

    page: Path
    number: int
    commands: str
    printed: str | None

    @property
    def name(self) -> str:
        return f"{self.page.name}-{self.number}"


def blocks(page: Path) -> list[Block]:
    """The blocks of commands in a page, in their order."""
    text = page.read_text()
    found = list(_FENCE.finditer(text))
    made = []
    for at, it in enumerate(found):
        if it[1] != "sh":
            continue
        following = found[at + 1] if at + 1 < len(found) else None
        follows = following is not None and following[1] == "text" and not text[it.end() : following.start()].strip()
        made.append(Block(page, len(made) + 1, it[2], following[2] if follows else None))
    return made


def agrees(said: str, printed: str) -> bool:
    """Whether what a page says is printed is what was: a line `…` stands for any lines, `…` in a line for anything."""
    pattern = "".join(
        r"(?:.*\n)*?" if line.strip() == "…" else ".*".join(map(re.escape, line.split("…"))) + r"\n"
        for line in said.splitlines()
    )
    return re.fullmatch(pattern, printed if printed.endswith("\n") else printed + "\n") is not None
