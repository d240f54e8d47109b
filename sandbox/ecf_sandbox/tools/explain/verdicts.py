"""Every rule of an action with its verdict on an attempt, the facts that it read, and why it was not asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ecf_sandbox.rulebook.rule import Rule
from ecf_sandbox.state.journal import JudgedAttempt, Verdict
from ecf_sandbox.state.service import Service
from ecf_sandbox.tools.explain.explanation import Evaluation, Fact, RuleResult
from ecf_sandbox.tools.explain.wording import readable


class AttributeRecorder:
    """Stands for an attempt, and remembers the names of the attributes that are read of it.

    What an attempt derives (`milestone`) counts as itself; what a method of it reads counts as read by the rule.
    """

    def __init__(self, attempt: object) -> None:
        self._attempt = attempt
        self._read: dict[str, Any] = {}

    def __getattr__(self, name: str) -> Any:
        method = getattr(type(self._attempt), name, None)
        if callable(method):
            return method.__get__(self)
        value = getattr(self._attempt, name)
        self._read.setdefault(name, value)
        return value


def facts_read(rule: Rule[Any], attempt: object, service: Service, records: Any = None) -> tuple[Fact, ...]:
    """What the rule looked at to come to its verdict, in that order; ids of known things with their names."""
    remembering = AttributeRecorder(attempt)
    rule.broken_by(remembering)
    return tuple(Fact(name=name, value=_shown(value, service, records)) for name, value in remembering._read.items())


def _shown(value: Any, service: Service, records: Any) -> str:
    name_of: Callable[[Any, str], str | None] = service.part_or("name_of", _no_name)
    name = name_of(records, value) if isinstance(value, str) and records is not None else None
    return readable(value, service.part_or("words", {})) if name is None else f"{name} ({value})"


def _no_name(_records: Any, _id: str) -> None:
    return None


def evaluation_of(judged: JudgedAttempt, service: Service, records: Any = None) -> Evaluation:
    """The rules of a judgement in order; `records` are those judged on, which know names for ids."""
    book, verdicts = judged.rulebook, {rule.id: broken for rule, broken in judged.verdicts}
    return Evaluation(
        action=book.action,
        rulings=tuple(
            _ruling(it, judged.attempt, verdicts, _before(judged, it), service, records) for it in book.rules
        ),
    )


def _ruling(
    rule: Rule[Any],
    attempt: Any,
    verdicts: Mapping[str, bool | None],
    earlier: list[Rule[Any]],
    service: Service,
    records: Any,
) -> RuleResult:
    broken = verdicts.get(rule.id)
    asked = broken is not None
    return RuleResult(
        rule=rule.id,
        verdict=Verdict.NOT_ASKED if not asked else Verdict.BROKEN if broken else Verdict.KEPT,
        policy=" ".join(rule.policy.split()),
        field=rule.field,
        message=rule.refusal(attempt).detail if broken else rule.detail,
        source=rule.source,
        facts=facts_read(rule, attempt, service, records) if asked else (),
        why_not=None if asked else _why_not(rule, rule.id in verdicts, earlier),
    )


def _before(judged: JudgedAttempt, rule: Rule[Any]) -> list[Rule[Any]]:
    """The rules that were broken before this one's turn came."""
    broken = []
    for it, was_broken in judged.verdicts:
        if it.id == rule.id:
            break
        if was_broken:
            broken.append(it)
    return broken


def _why_not(rule: Rule[Any], in_force: bool, earlier: list[Rule[Any]]) -> str:
    if not in_force:
        switch, needed = (rule.switch, "on") if rule.switch else (rule.unless, "off")
        return f"not in force in this edition; it is where the switch {switch} is {needed}"
    ended = next((it for it in earlier if it.alone), None)
    if ended is not None:
        return f"{ended.id} ended the judgement"
    return f"only asked when nothing was broken before it, and {', '.join(it.id for it in earlier)} was"
