"""What a rule is, and a rulebook: the ordered rules of one action."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from ecf_sandbox.rulebook.refusals import Refusal, Refused
from ecf_sandbox.state.editions import Edition

A = TypeVar("A", contravariant=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule(Generic[A]):
    """One reason to refuse an attempt of type `A`.

    `broken_by` asks the question; `detail` may be a template over the attempt's attributes (`{year}`);
    `when_clean` keeps the rule quiet after another failure, `quiet_after` after one of these fields; `alone` ends the
    judgement when it is broken;
    `switch` names the edition's switch that turns the rule on, `unless` the one that turns it off. `source` cites the
    behaviour specification by anchors, and the guidance by a heading (docs/behaviour/README.md says how).
    """

    id: str
    field: str
    detail: str
    source: str
    broken_by: Callable[[A], bool]
    when_clean: bool = False
    quiet_after: tuple[str, ...] = ()
    alone: bool = False
    switch: str | None = None
    unless: str | None = None

    @property
    def policy(self) -> str:
        """The rule as a sentence that a policy colleague would sign."""
        return (self.broken_by.__doc__ or "").strip()

    def in_force(self, edition: Edition) -> bool:
        """Whether the edition has this rule."""
        on = self.switch is None or edition.on(self.switch)
        return on and not (self.unless is not None and edition.on(self.unless))

    def refusal(self, attempt: A) -> Refusal:
        """What the provider is told when an attempt breaks the rule."""
        detail = self.detail.format_map(_Facts(attempt)) if "{" in self.detail else self.detail
        return Refusal(self.field, detail, self.id)


class _Facts(dict[str, Any]):
    """The attributes of an attempt, looked up when a message names them."""

    def __init__(self, attempt: object) -> None:
        super().__init__()
        self.attempt = attempt

    def __missing__(self, name: str) -> Any:
        return getattr(self.attempt, name)


def rule(
    id: str,
    *,
    field: str,
    detail: str,
    source: str,
    when_clean: bool = False,
    quiet_after: tuple[str, ...] = (),
    alone: bool = False,
    switch: str | None = None,
    unless: str | None = None,
) -> Callable[[Callable[[A], bool]], Rule[A]]:
    """Make a rule of a predicate that answers True when the attempt breaks it. Its docstring is the policy."""

    def make(broken_by: Callable[[A], bool]) -> Rule[A]:
        return Rule(
            id=id,
            field=field,
            detail=detail,
            source=source,
            broken_by=broken_by,
            when_clean=when_clean,
            quiet_after=quiet_after,
            alone=alone,
            switch=switch,
            unless=unless,
        )

    return make


@dataclass(frozen=True, slots=True)
class Rulebook(Generic[A]):
    """The rules of one action in the service's order."""

    action: str
    rules: tuple[Rule[A], ...]

    def judge(self, attempt: A, edition: Edition) -> Iterator[tuple[Rule[A], bool | None]]:
        """Each rule in force with whether the attempt breaks it; None for one that was not asked."""
        failed: set[str] = set()
        over = False
        for it in self.rules:
            if (it.switch or it.unless) and not it.in_force(edition):
                continue
            if over or (failed and (it.when_clean or not failed.isdisjoint(it.quiet_after))):
                yield it, None
                continue
            broken = it.broken_by(attempt)
            if broken:
                failed.add(it.field)
                over = it.alone
            yield it, broken

    def enforce(self, attempt: A, edition: Edition) -> None:
        """Raise Refused with every refusal, in order, if the attempt breaks any rule."""
        self.refuse(attempt, self.judge(attempt, edition))

    def refuse(self, attempt: A, verdicts: Iterable[tuple[Rule[Any], bool | None]]) -> None:
        """Raise Refused with every refusal, in order, if the verdicts on the attempt hold a broken rule."""
        refusals = [it.refusal(attempt) for it, broken in verdicts if broken]
        if refusals:
            raise Refused(refusals)
