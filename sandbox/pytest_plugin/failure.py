"""What is shown below a failed test: what it asked, what was answered, and why it was refused."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sandbox.journal import Exchange
    from sandbox.testing.world import EcfWorld

SHOWN = 50


def told(world: EcfWorld) -> str:
    """The exchanges of a world, each refusal with its rule, the policy and the message; the newest if many."""
    journal = world.whole_journal
    if not journal:
        return "The world was not asked anything."
    policies = _policies()
    lines = [f"({len(journal) - SHOWN} earlier exchanges are not shown)"] if len(journal) > SHOWN else []
    for it in journal[-SHOWN:]:
        lines += _exchange(it, policies)
    return "\n".join(lines)


def title(world: EcfWorld) -> str:
    """The heading of the section."""
    return f"ecf-sandbox: world {world.name}, {world.edition} edition, {world.now:%Y-%m-%d %H:%M:%SZ}"


def _exchange(it: Exchange, policies: dict[str, str]) -> Iterator[str]:
    from sandbox.testing.asked import in_a_line

    yield in_a_line(it)
    for refusal in it.refusals:
        yield f"       {refusal.rule}: {policies.get(refusal.rule, '')}"
        yield f"         {refusal.title}: {refusal.detail}"
    if it.status >= 400 and not it.refusals:
        yield from (f"       {line}" for line in it.response_body.decode("utf-8", "replace")[:500].splitlines())


def _policies() -> dict[str, str]:
    from sandbox.rules.catalogue import RULEBOOKS

    return {it.id: " ".join(it.policy.split()) for book in RULEBOOKS for it in book.rules}
