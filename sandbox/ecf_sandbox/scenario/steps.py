"""The story of a scenario: requests of providers and events, each at its instant, each with what is expected."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from ecf_sandbox.scenario.file import METHODS, EventStep, RequestStep
from ecf_sandbox.scenario.references import references
from ecf_sandbox.state.record import Record
from ecf_sandbox.state.service import Service


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


def read_steps(
    entries: Iterable[EventStep | RequestStep], service: Service, names: Mapping[str, str], clients: Collection[str]
) -> list[Step]:
    """`steps:`. Names that nothing in the scenario has, and no earlier step has kept, are noted."""
    known = dict(names)
    steps = []
    for entry in entries:
        step = _event(entry, service) if isinstance(entry, EventStep) else _request(entry, service, clients)
        for name in references([step.target, step.body, step.arguments, step.answer, step.includes, step.excludes]):
            if name not in known:
                entry.note(f"refers to unknown {entry.unlike(name, known)}")
        known |= {f"kept.{name}": "" for name in step.keep}
        known |= dict.fromkeys(service.names_after(step.event, step.arguments), "") if step.event else {}
        steps.append(step)
    return steps


def _event(entry: EventStep, service: Service) -> Step:
    name = entry.event
    if name not in service.events:
        entry.note(f"unknown {entry.unlike(name, service.events)}", "event")
    return Step(say=entry.say or "", at=entry.at, event=name, arguments=entry.with_ or {})


def _request(entry: RequestStep, service: Service, clients: Collection[str]) -> Step:
    method, _, target = entry.send.partition(" ")
    if method not in METHODS or not target.startswith("/"):
        entry.note("is a method and a path, such as: GET /api/v3/participants/ecf", "send")
    if entry.by is not None and entry.by not in clients:
        entry.note(f"no {service.client} {entry.unlike(entry.by, clients)}", "by")
    return Step(
        say=entry.say or "",
        at=entry.at,
        by=entry.by,
        method=method,
        target=target,
        headers={name: str(value) for name, value in (entry.headers or {}).items()},
        body=entry.body,
        status=entry.expect,
        answer=entry.answer,
        includes=entry.includes or [],
        excludes=entry.excludes or [],
        count=entry.count,
        refused_by=[str(it) for it in entry.refused_by or []],
        empty=entry.empty,
        content_type=entry.content_type,
        keep={name: str(value) for name, value in entry.keep},
    )
