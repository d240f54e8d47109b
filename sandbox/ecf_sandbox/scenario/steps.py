"""The story of a scenario: requests of providers and events, each at its instant, each with what is expected."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from ecf_sandbox.scenario.fields import Fields, references
from ecf_sandbox.scenario.keys import EVENT_STEP, METHODS, REQUEST_STEP
from ecf_sandbox.state.record import Record


class Step(Record, frozen=True, kw_only=True):
    """One thing that happens in a story.

    Either a provider sends a request (`method`, `target`, `body`, with the token of `by`) or an `event` happens with
    `arguments`. `at` is its instant: the server date of a request. Of the answer `status` is expected, `answer` is a
    subset of its JSON, `includes` and `excludes` are items that its `data` has or has not, `count` is the length of
    `data`, `refused_by` are the rules that refuse; `empty` says that there is no body, `content_type` what kind of body
    there is, whatever its charset. `keep` names values of the answer for later steps.
    """

    say: str = ""
    at: datetime | None = None
    by: str | None = None
    method: str = ""
    target: str = ""
    headers: Mapping[str, str] = {}
    body: Any = None
    event: str | None = None
    arguments: Mapping[str, Any] = {}
    status: int | None = None
    answer: Any = None
    includes: Sequence[Any] = ()
    excludes: Sequence[Any] = ()
    count: int | None = None
    refused_by: Sequence[str] = ()
    empty: bool = False
    content_type: str | None = None
    keep: Mapping[str, str] = {}

    @property
    def title(self) -> str:
        """The step in a few words."""
        return self.event or f"{self.method} {self.target}"

    @property
    def reads(self) -> bool:
        """Whether it changes nothing."""
        return self.method in ("GET", "HEAD")


def read_steps(root: Fields, names: Mapping[str, str], providers: Iterable[str], events: Iterable[str]) -> list[Step]:
    """`steps:`. Names that nothing in the scenario has, and no earlier step has kept, are noted."""
    known, by = dict(names), list(providers)
    steps = []
    for fields in root.each("steps"):
        fields.narrow(EVENT_STEP if "event" in fields else REQUEST_STEP)
        step = _event(fields, list(events)) if "event" in fields else _request(fields, by)
        for name in references([step.target, step.body, step.arguments, step.answer, step.includes, step.excludes]):
            if name not in known:
                fields.note(f"refers to unknown {fields.unlike(name, known)}")
        known |= {f"kept.{name}": "" for name in step.keep} | _registered(step)
        steps.append(step)
    return steps


def _registered(step: Step) -> dict[str, str]:
    """Whom an event registers can be named from then on."""
    name = step.arguments.get("full_name")
    return {f"people.{name}{record}": "" for record in ("", ".ect", ".mentor")} if name else {}


def _event(fields: Fields, events: list[str]) -> Step:
    name = fields.text("event")
    if name not in events:
        fields.note(f"unknown {fields.unlike(name, events)}", "event")
    return Step(say=fields.text("say", ""), at=fields.moment("at"), event=name, arguments=_mapping(fields, "with"))


def _request(fields: Fields, providers: list[str]) -> Step:
    method, _, target = fields.text("send").partition(" ")
    if method not in METHODS or not target.startswith("/"):
        fields.note("is a method and a path, such as: GET /api/v3/participants/ecf", "send")
    by = fields.maybe_text("by")
    if by is not None and by not in providers:
        fields.note(f"no provider {fields.unlike(by, providers)}", "by")
    return Step(
        say=fields.text("say", ""),
        at=fields.maybe_moment("at"),
        by=by,
        method=method,
        target=target,
        headers={name: str(value) for name, value in _mapping(fields, "headers").items()},
        body=fields.raw("body"),
        status=fields.number("expect"),
        answer=fields.raw("answer"),
        includes=_list(fields, "includes"),
        excludes=_list(fields, "excludes"),
        count=fields.number("count", 0) if fields.raw("count") is not None else None,
        refused_by=[str(it) for it in _list(fields, "refused_by")],
        empty=fields.flag("empty"),
        content_type=fields.maybe_text("content_type"),
        keep={name: str(value) for name, value in _mapping(fields, "keep").items()},
    )


def _mapping(fields: Fields, name: str) -> Mapping[str, Any]:
    value = fields.raw(name)
    if value is None or isinstance(value, dict):
        return value or {}
    fields.note("expected a mapping", name)
    return {}


def _list(fields: Fields, name: str) -> list[Any]:
    value = fields.raw(name)
    if value is None or isinstance(value, list):
        return value or []
    fields.note("expected a list", name)
    return []
