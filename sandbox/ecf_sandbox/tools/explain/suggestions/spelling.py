"""Attributes that were sent under names that are nearly those of the API, which the service drops silently."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ecf_sandbox.suggest import nearest
from ecf_sandbox.tools.explain.suggestions.suggestion import Case, ProposedChange
from ecf_sandbox.tools.explain.target import with_attributes

_NEAR = 0.8
_LONGEST = 100
_CAPITAL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_BETWEEN = re.compile(r"[^A-Za-z0-9]+")


def changes(case: Case) -> Iterator[ProposedChange]:
    """All names put right at once: whoever writes `participantId` means `participant_id`."""
    given = case.attributes
    known = list(dict.fromkeys(name for variant in case.expected.variants for name in variant))
    missing = [name for name in known if name not in given]
    meant: dict[str, str] = {}
    for name in given:
        if name not in known and (near := _meant(name, missing)):
            missing.remove(near)
            meant[name] = near
    if meant:
        attributes = {meant.get(name, name): value for name, value in given.items()}
        told = ", ".join(f"{right} for {name}" for name, right in meant.items())
        yield ProposedChange(
            aspect="spelling",
            words=f"Spell the names of the attributes as the API does: {told}.",
            cost=1,
            instead=with_attributes(case.request, attributes),
        )


def _meant(name: str, missing: list[str]) -> str | None:
    """The attribute that was meant, if it is one that was not sent."""
    snake = _BETWEEN.sub("_", _CAPITAL.sub("_", name[:_LONGEST])).strip("_").lower()
    return nearest(snake, missing, least=_NEAR)
