"""Every rule of a service with all that is known of it: what the command line, the documentation and reports print."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

import msgspec

from ecf_sandbox.printing import bullets, code, entry, in_docs
from ecf_sandbox.rulebook.rule import Rule
from ecf_sandbox.state.record import Record
from ecf_sandbox.state.service import Service


class Entry(Record, frozen=True, kw_only=True):
    """A rule as a reader meets it; `example` is the smallest change to a sound attempt that breaks it."""

    id: str
    policy: str
    field: str
    message: str
    source: str
    actions: tuple[str, ...]
    editions: tuple[str, ...]
    switch: str | None
    example: str


def catalogue(service: Service) -> list[Entry]:
    """All rules of a service, in the order of the actions and of each action's rulebook."""
    actions: dict[str, list[str]] = {}
    rules: dict[str, Rule[Any]] = {}
    for book in service.rulebooks:
        for it in book.rules:
            rules[it.id] = it
            actions.setdefault(it.id, []).append(book.action)
    return [_entry(service, it, tuple(actions[id])) for id, it in rules.items()]


def edition_differences(service: Service) -> Iterator[tuple[str, str, str, tuple[str, ...]]]:
    """For each switch: its name, what it means when on, where it is on, and the rules that hang on it."""
    for name, meaning in service.switches.items():
        on = ", ".join(it.name for it in service.editions.values() if it.on(name)) or "none"
        hanging = {it.id for book in service.rulebooks for it in book.rules if name in (it.switch, it.unless)}
        yield name, meaning, on, tuple(sorted(hanging))


def as_text(it: Entry) -> str:
    """One rule for a terminal."""
    facts = {
        "field": it.field,
        "message": it.message,
        "actions": ", ".join(it.actions),
        "editions": ", ".join(it.editions) + (f" (switch: {it.switch})" if it.switch else ""),
        "broken by": it.example,
        "source": in_docs(it.source),
    }
    return entry(it.id, it.policy, facts)


def as_markdown(entries: list[Entry], service: Service) -> str:
    """The catalogue as a page, such as `docs/rules.md`."""
    parts = [service.part_or("rules_introduction", _HEAD)]
    for book in service.rulebooks:
        parts.append(f"## {book.action[0].upper()}{book.action[1:]}\n")
        own = {it.id for it in book.rules}
        parts += [_section(it, service, first=it.actions[0] == book.action) for it in entries if it.id in own]
    return "\n".join(parts).rstrip() + "\n"


_HEAD = """# Rules

Rules are listed by action, in the order in which they are judged. A refusal names the field as its `title` and the
message as its `detail`.
"""
_REFERENCE = re.compile(r"behaviour/([\w-]+\.md#[\w-]+)")


def _section(it: Entry, service: Service, *, first: bool) -> str:
    if not first:
        return f"- [`{it.id}`](#{_anchor(it.id)}), as above\n"
    facts = {"field": code(it.field), "message": code(it.message)}
    if len(it.editions) < len(service.editions):
        facts["edition"] = f"{', '.join(it.editions)} (switch `{it.switch}`)"
    facts |= {"broken by": code(it.example), "source": _linked(it.source)}
    return f"### {it.id}\n\n{it.policy}\n\n{bullets(facts)}\n"


def _linked(source: str) -> str:
    """A source with its references as links, from a page in `docs/`."""
    linked = _REFERENCE.sub(r"[\1](behaviour/\1)", source)
    return linked.replace("guidance: ", "[guidance](behaviour/README.md#the-guidance): ")


def _anchor(id: str) -> str:
    return id.replace(".", "")


def _entry(service: Service, it: Rule[Any], actions: tuple[str, ...]) -> Entry:
    examples: Mapping[str, Mapping[str, Any]] = service.part_or("rule_examples", {})
    return Entry(
        id=it.id,
        policy=" ".join(it.policy.split()),
        field=it.field,
        message=it.detail,
        source=it.source,
        actions=actions,
        editions=tuple(edition.name for edition in service.editions.values() if it.in_force(edition)),
        switch=it.switch or it.unless,
        example=_shown(examples.get(it.id, {})),
    )


def _shown(changes: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} = {_value(value)}" for name, value in changes.items())


def _value(value: Any) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, msgspec.Struct):
        named = {
            name: getattr(value, name) for name in ("identifier", "start_year", "state", "id") if hasattr(value, name)
        }
        return f"{type(value).__name__}({', '.join(f'{name}={it}' for name, it in named.items())})"
    if value is None or isinstance(value, bool):
        return {None: "nothing", True: "true", False: "false"}[value]
    if isinstance(value, tuple | list | set | frozenset):
        return f"[{', '.join(sorted(_value(it) for it in value))}]"
    return f'"{value}"' if isinstance(value, str) else str(value)
