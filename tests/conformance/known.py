"""Reads the list of recorded cases that are known to differ (`known.md`): for each world a heading and tables."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

LIST = Path(__file__).with_name("known.md")
HEAD = ("| cases | what differs, and why it stays |", "| --- | --- |")
ID = re.compile(r"`([^`\s]+/[^`\s]+)`")

Reasons = Mapping[str, str]


class BadList(Exception):
    """The list cannot be read as one; says which line is wrong."""


def known(file: Path = LIST) -> dict[str, Reasons]:
    """For each world the ids that are listed, each with its reason. Raises BadList."""
    worlds: dict[str, dict[str, str]] = {}
    world = ""
    for line in file.read_text().splitlines():
        if line.startswith("## "):
            world = line.removeprefix("## ").strip()
        elif line.startswith("| `"):
            _add(worlds.setdefault(world, {}), line)
    return dict(worlds)


def _add(listed: dict[str, str], row: str) -> None:
    cases, _, reason = row.strip("| ").partition(" | ")
    for id in ID.findall(cases):
        if id in listed:
            raise BadList(f"{id} is listed twice")
        if not reason.strip():
            raise BadList(f"{id} is listed without a reason")
        listed[id] = reason.strip()


def as_row(id: str, reason: str) -> str:
    """A row for the list."""
    return f"| `{id}` | {reason.replace('|', '/')} |"
