"""What goes wrong when a world is controlled, as problem details (RFC 9457) that name the fix."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ecf_sandbox.suggest import did_you_mean, in_short, nearest

# Of one text, in characters, and of the texts of a list.
LONGEST, MOST = 2000, 50
MEDIA_TYPE = "application/problem+json"


class Problem(Exception):
    """An operation that was not carried out: nothing has changed.

    `kind` is a stable name in kebab-case, `status` that of HTTP, `detail` says what is wrong and how to mend it,
    `more` has further members such as `problems`, a list with everything that is wrong.
    """

    def __init__(self, kind: str, status: int, detail: str, **more: Any) -> None:
        self.kind, self.status, self.detail, self.more = kind, status, detail, more
        self.headers: dict[str, str] = {}
        super().__init__(detail)

    def document(self) -> dict[str, Any]:
        """The members of the problem details."""
        title = self.kind.replace("-", " ").capitalize()
        return {
            "type": f"urn:ecf-sandbox:problem:{self.kind}",
            "title": title,
            "status": self.status,
            "detail": in_short(self.detail, LONGEST),
            **{name: _bounded(it) for name, it in self.more.items()},
        }


def _bounded(member: Any) -> Any:
    """A member that repeats no more of what was sent than somebody reads."""
    if isinstance(member, str):
        return in_short(member, LONGEST)
    if not isinstance(member, list | tuple):
        return member
    more = [f"and {len(member) - MOST:,} more"] if len(member) > MOST else []
    return [*map(_bounded, member[:MOST]), *more]


def not_known(what: str, name: str, known: Iterable[str]) -> Problem:
    """404 for something of that name, with the nearest known one."""
    names = list(known)
    near = nearest(name, names)
    kind = f"no-such-{what.replace(' ', '-')}"
    return Problem(kind, 404, f"there is no {what} {did_you_mean(name, names)}", **({"nearest": near} if near else {}))


def bad_request(problems: list[str]) -> Problem:
    """400 for arguments that are wrong, with all that is wrong with them."""
    return Problem("bad-request", 400, "; ".join(problems), problems=problems)
