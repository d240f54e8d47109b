"""What a journal itself says of an exchange: how it was answered, what refused it, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ecf_sandbox.rulebook.catalogue import catalogue
from ecf_sandbox.services import DEFAULT, service_named
from ecf_sandbox.state.service import Service

Json = Mapping[str, Any]


def outcome_of(recorded: Json) -> tuple[int, list[str]]:
    """The status of the answer, and the rules that refused, as far as they are written."""
    response, refusals = recorded.get("response"), recorded.get("refusals")
    status = response.get("status") if isinstance(response, Mapping) else None
    rules = [str(it.get("rule")) for it in _mappings(refusals)]
    return (status if isinstance(status, int) else 0), rules


def is_explained(recorded: Json) -> bool:
    """Whether what would pass is written with it."""
    found = recorded.get("explanation")
    return isinstance(found, Mapping) and found.get("tried") is True


def recorded_text(recorded: Json) -> str:
    """The exchange with its refusals, their policies and facts, and what would have passed."""
    return "\n".join(_lines(recorded)) + "\n"


def _lines(recorded: Json) -> Iterator[str]:
    status, _ = outcome_of(recorded)
    yield f"{recorded.get('method')} {recorded.get('target')} was answered {status or 'in a way that is not written'}"
    found = recorded.get("explanation")
    explained: Json = found if isinstance(found, Mapping) else {}
    yield from filter(None, [explained.get("summary")])
    yield from (f"- {reason}" for reason in explained.get("reasons") or ())
    broken = {str(it.get("rule")): it for it in _mappings(explained.get("broken"))}
    policies = {it.id: " ".join(it.policy.split()) for it in catalogue(_service_of(recorded))}
    for it in _mappings(recorded.get("refusals")):
        rule = str(it.get("rule"))
        policy = broken.get(rule, {}).get("policy") or policies.get(rule, "")
        yield from ("", rule, f"  {policy}".rstrip(), f"  {it.get('title')}: {it.get('detail')}")
        yield from (f"  read {each.get('name')}: {each.get('value')}" for each in _facts(broken.get(rule)))
    for it in _mappings(recorded.get("findings")):
        yield from (
            "",
            f"{it.get('severity')} {it.get('code')} ({it.get('where')}): {it.get('message')} {it.get('fix')}",
        )
    would_pass = list(_mappings(explained.get("would_pass")))
    if would_pass:
        yield from ("", "What would have passed:" if not would_pass[0].get("still") else "What would have helped:")
    for number, it in enumerate(would_pass, 1):
        still = f" Still refused by {', '.join(it['still'])}." if it.get("still") else ""
        yield f"{number}. {it.get('words')}{still}"
    yield from filter(None, [explained.get("no_suggestion")])


def _service_of(recorded: Json) -> Service:
    """The service whose journal it was; the first where the journal names none, or one that is not here."""
    try:
        return service_named(str(recorded.get("service") or DEFAULT))
    except KeyError:
        return service_named()


def _facts(broken: Json | None) -> list[Json]:
    return [] if broken is None else list(_mappings(broken.get("facts")))


def _mappings(found: Any) -> Iterator[Json]:
    yield from (it for it in found if isinstance(it, Mapping)) if isinstance(found, list) else ()
