"""Where a request goes: another path, an id that is spelt nearly the same, the token of whoever has it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from urllib.parse import unquote

from ecf_sandbox.state.record import replace
from ecf_sandbox.tools.explain.suggestions.suggestion import Case, ProposedChange

_SLIP = 2  # characters that differ


def at_path(case: Case, path: str, words: str, cost: int) -> ProposedChange:
    """The request with another path."""
    return ProposedChange(aspect="path", words=words, cost=cost, instead=replace(case.request, path=path))


def with_id(case: Case, id: str, words: str) -> ProposedChange:
    """The request with another id in its path."""
    path, *query = case.request.path.partition("?")
    given = case.asked.id if case.asked else None
    parts = [id if unquote(it) == given else it for it in path.split("/")]
    return at_path(case, "/".join(parts) + "".join(query), words, 1)


def nearly(case: Case, ids: Iterable[str]) -> Iterator[ProposedChange]:
    """An id that differs from that in the path in one or two characters."""
    asked = case.asked
    if asked is None or asked.uuid is None:
        return
    for id in ids:
        if len(id) == len(asked.uuid) and sum(a != b for a, b in zip(id, asked.uuid, strict=True)) <= _SLIP:
            yield with_id(case, id, f"There is {id}, which is spelt nearly the same.")


def asked_as(case: Case, name: str, token: str) -> ProposedChange:
    """The request with the token of somebody else."""
    headers = {**case.request.headers, "Authorization": f"Bearer {token}"}
    words = f"Ask as {name}, with its token {token}."
    return ProposedChange(aspect="token", words=words, cost=6, instead=replace(case.request, headers=headers))
