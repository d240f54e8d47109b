"""Which exchanges of a journal are meant, and what to say when there are none such."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ecf_sandbox.control.journal import nearest
from ecf_sandbox.control.matching import Match
from ecf_sandbox.state.journal import Exchange


def match_of(operation: str | None, **like: Any) -> Match:
    """What is asked of an exchange; the operation may leave out its version (`defer` for `v3 defer`)."""
    if operation is not None and " " not in operation:
        operation = f"* {operation}"
    return Match(operation=operation, **like)


def matching(journal: Iterable[Exchange], wanted: Match) -> list[Exchange]:
    """The exchanges that match and were not taken back, the oldest first."""
    return [it for it in journal if not it.undone and wanted.fits(it)]


def not_as_expected(journal: tuple[Exchange, ...], wanted: Match, found: int, times: int | None) -> str:
    """That there were not as many as expected, with those that came nearest if there were none."""
    count = "at least one" if times is None else str(times)
    lines = [f"{count} expected of {_told(wanted)}; there were {found}"]
    for miss in () if found else nearest(journal, wanted):
        lines.append(
            f"  nearly: {miss['method']} {miss['target']} {miss['status']}, but {'; '.join(miss['differences'])}"
        )
    return "\n".join(lines)


def in_a_line(it: Exchange) -> str:
    """An exchange as people read it: number, method, path, status and the rules that refused."""
    if not it.method:
        return f"{it.number:>3}  {it.operation}"
    rules = ", ".join(dict.fromkeys(refusal.rule for refusal in it.refusals))
    return f"{it.number:>3}  {it.method:<6} {it.target}  {it.status}{f'  {rules}' if rules else ''}"


def _told(wanted: Match) -> str:
    asked = {name: getattr(wanted, name) for name in wanted.__struct_fields__}
    return ", ".join(f"{name} {value}" for name, value in asked.items() if value is not None) or "anything"
