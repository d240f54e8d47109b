"""Which exchanges of a journal are meant, and what to say when there are none such."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from typing import NamedTuple

from sandbox.journal import Exchange


class Asked(NamedTuple):
    """What an exchange must be like; None asks nothing.

    `operation` may leave out the version (`record_declaration` for `v3 record_declaration`); `path` is without the
    query and may hold `*`; `rule` is one of those that refused.
    """

    operation: str | None = None
    method: str | None = None
    path: str | None = None
    status: int | None = None
    rule: str | None = None

    def means(self, it: Exchange) -> bool:
        """Whether an exchange is like that."""
        return (
            self.operation in (None, it.operation, it.operation.partition(" ")[2])
            and (self.method is None or self.method.upper() == it.method)
            and (self.path is None or fnmatchcase(it.target.partition("?")[0], self.path))
            and self.status in (None, it.status)
            and (self.rule is None or any(self.rule == refusal.rule for refusal in it.refusals))
        )

    def __str__(self) -> str:
        told = (f"{name} {value}" for name, value in self._asdict().items() if value is not None)
        return ", ".join(told) or "any"


def matching(journal: Iterable[Exchange], wanted: Asked) -> list[Exchange]:
    """The exchanges that are meant, the oldest first."""
    return [it for it in journal if wanted.means(it)]


def none_such(journal: Sequence[Exchange], wanted: Asked, found: int, times: int | None) -> str:
    """That there were not as many as wanted, and what there was."""
    count = "at least one request" if times is None else f"{times} requests"
    there = "\n".join(f"  {in_a_line(it)}" for it in journal) or "  (none)"
    return f"{count} ({wanted}) expected, not {found}. The world was asked:\n{there}"


def in_a_line(it: Exchange) -> str:
    """An exchange as people read it: number, method, path, status and the rules that refused."""
    rules = ", ".join(dict.fromkeys(refusal.rule for refusal in it.refusals))
    return f"{it.number:>3}  {it.method:<6} {it.target}  {it.status}{f'  {rules}' if rules else ''}"
