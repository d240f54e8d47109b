"""How a request is turned down, as values and exceptions; the API gives them their shape."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec


class Refusal(msgspec.Struct, frozen=True):
    """One broken rule: the attribute it speaks of (`title` on the wire), the text, and the rule's id."""

    title: str
    detail: str
    rule: str


class Refused(Exception):
    """A write breaks rules of the business (422). Carries every refusal, in the service's order."""

    def __init__(self, refusals: Iterable[Refusal]):
        self.refusals: Sequence[Refusal] = tuple(refusals)
        super().__init__("; ".join(f"{it.title}: {it.detail}" for it in self.refusals))


class NotFound(Exception):
    """What was asked for is not there, or not for this provider (404)."""


class BadRequest(Exception):
    """A request that cannot be understood (400), with the service's `title` and `detail`."""

    def __init__(self, title: str, detail: str):
        self.title, self.detail = title, detail
        super().__init__(f"{title}: {detail}")


class UnreadableRequest(Exception):
    """A query or a body that cannot be parsed (400)."""


class UnknownMediaType(Exception):
    """A Content-Type that is not of the form type/subtype (406)."""


class Unauthenticated(Exception):
    """No token, or one that nobody has (401)."""


class OutOfScope(Exception):
    """A token that opens something else (403)."""


class DoesNotFit(Exception):
    """The event does not fit what is known: it could not have happened. Says why."""


class BadEvent(Exception):
    """What was asked for is no event, or its arguments are wrong. Carries every problem."""

    def __init__(self, problems: list[str]):
        self.problems = problems
        super().__init__("; ".join(problems))
