"""What is shown below a failed test: what it asked, what was answered, and why it was refused."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence

from ecf_sandbox.app import create_app
from ecf_sandbox.state.findings import Finding
from ecf_sandbox.state.journal import Exchange
from ecf_sandbox.state.service import Service
from ecf_sandbox.state.worlds import MAIN, Worlds
from ecf_sandbox.testing.world import EcfWorld, in_a_line
from ecf_sandbox.tools.explain.explain import explain
from ecf_sandbox.tools.explain.text import finding_text
from ecf_sandbox.transport import InProcess

SHOWN, EXPLAINED, STRAYS = 50, 5, 5


def exchanges_text(world: EcfWorld, journal: Sequence[Exchange] | None = None) -> str:
    """The exchanges of a world, or those of them that are given.

    Each refusal has its rule, the policy, the message, the facts and what would pass. Of many exchanges the newest
    are shown, and of many refusals the newest are explained.
    """
    journal = world.whole_journal if journal is None else journal
    if not journal:
        return "The world had no requests."
    policies = _policies(world.world.service)
    explained = {it.number for it in [it for it in journal if it.status >= 400][-EXPLAINED:]}
    lines = [f"({len(journal) - SHOWN} earlier exchanges are not shown)"] if len(journal) > SHOWN else []
    for it in journal[-SHOWN:]:
        lines += _exchange(it, policies)
        if it.number in explained:
            lines += (f"       {line}" for line in _explanation(world, it))
    return "\n".join(lines)


def unexpected(findings: Iterable[Finding], expected: Container[str]) -> str | None:
    """What the observer found of severity error, but for the codes that a test expects; None if there is nothing."""
    found = [it for it in findings if it.severity == "error" and it.code not in expected]
    if not found:
        return None
    codes = ", ".join(f'"{code}"' for code in dict.fromkeys(it.code for it in found))
    lines = "\n".join(f"  {finding_text(it)}" for it in found)
    return (
        f"ecf-sandbox: the service accepts this, but it is not what the client meant:\n{lines}\n"
        f"If a test means it, mark it: @pytest.mark.ecf(expect_findings=[{codes}])"
    )


def stray_text(stray: Sequence[tuple[str, Exchange]]) -> str:
    """Requests to other worlds than the test's own, and what to do about them."""
    worlds = dict.fromkeys(world for world, _ in stray)
    lines = [f"  {world}: {in_a_line(it).strip()}" for world, it in stray[:STRAYS]]
    more = [f"  and {len(stray) - STRAYS} more"] if len(stray) > STRAYS else []
    count = "1 request" if len(stray) == 1 else f"{len(stray)} requests"
    advice = (
        "All tests share main: send ecf_world.token, whose ~ names the world of the test."
        if MAIN in worlds
        else "A client, a session or a setting has kept the token of another test: send that of this one."
    )
    return "\n".join(
        (
            f"ecf-sandbox: {count} went to {_named(list(worlds))}, not to a world of this test:",
            *lines,
            *more,
            advice,
            'If a test means it, mark it: @pytest.mark.ecf(stray_requests="ignore")',
        )
    )


def _named(worlds: Sequence[str]) -> str:
    return f"the world {worlds[0]}" if len(worlds) == 1 else f"the worlds {', '.join(worlds)}"


def title(world: EcfWorld) -> str:
    """The heading of the section."""
    return f"ecf-sandbox: world {world.name}, {world.edition} edition, {world.now:%Y-%m-%d %H:%M:%SZ}"


def _exchange(it: Exchange, policies: dict[str, str]) -> Iterator[str]:
    yield in_a_line(it)
    for refusal in it.refusals:
        yield f"       {refusal.rule}: {policies.get(refusal.rule, '')}"
        yield f"         {refusal.title}: {refusal.detail}"
    yield from (f"       {finding_text(one)}" for one in it.findings)
    if it.status >= 400 and not it.refusals:
        yield from (f"       {line}" for line in it.response_body.decode("utf-8", "replace")[:500].splitlines())


def _explanation(world: EcfWorld, exchange: Exchange) -> Iterator[str]:
    try:
        it = explain(world.world, exchange, lambda one: InProcess(create_app(Worlds(one)).wsgi_app))
    except Exception as mistake:  # one in the sandbox must not end a user's whole run
        yield f"(cannot be explained: {mistake!r})"
        return
    yield from (it.summary, *it.reasons) if not exchange.refusals else ()
    for ruling in (ruling for judging in it.judgings for ruling in judging.broken if ruling.facts):
        yield f"{ruling.rule} read: {'; '.join(f'{fact.name} {fact.value}' for fact in ruling.facts)}"
    for suggestion in it.suggestions[:3]:
        still = f" (still refused by {', '.join(suggestion.still)})" if suggestion.still else ""
        yield f"would {'help' if still else 'pass'}: {suggestion.words}{still}"
    if it.no_suggestion:
        yield it.no_suggestion


def _policies(service: Service) -> dict[str, str]:
    return {it.id: " ".join(it.policy.split()) for book in service.rulebooks for it in book.rules}
