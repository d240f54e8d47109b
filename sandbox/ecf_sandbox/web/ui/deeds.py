"""What a request asked for or an event did, in words: `Void declaration: Amara Okafor, retained-1`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from ecf_sandbox.api.router import router_of
from ecf_sandbox.rulebook.values import uuid_of
from ecf_sandbox.state.exchange_codec import json_value
from ecf_sandbox.state.journal import Exchange
from ecf_sandbox.state.service import Service
from ecf_sandbox.tools.explain.target import asked_of
from ecf_sandbox.web.ui.words import day, titled

Subject = Callable[[Any, str], str | None]


@dataclass(frozen=True, slots=True)
class Deeds:
    """The words that a service has for what is done.

    `verbs` are by method, resource and action of the path; `nouns` say a resource of which one is meant. `subjects`
    say, by resource, what an id stands for among some records; `about` what the attributes of a body are about; and
    `called` what each id stands for in what an event is told.
    """

    service: Service
    verbs: Mapping[tuple[str, str, str | None], str]
    nouns: Mapping[str, str]
    subjects: Mapping[str, Subject]
    about: Callable[[Any, Mapping[str, str]], Iterable[str | None]]
    called: Callable[[Any], Mapping[str, str]]
    abbreviations: Mapping[str, str]

    def deed(self, exchange: Exchange, after: Any) -> str:
        """What a request asked for or an event did, with names in place of ids; `after` are the records it left."""
        if not exchange.method:
            return self._event(exchange, after)
        asked = asked_of(router_of(self.service), exchange.method, exchange.target)
        if asked is None:
            return f"{exchange.method} {exchange.target}"
        before = exchange.before.records
        verb = self.verbs.get((exchange.method, asked.resource, asked.action))
        if verb is None:
            verb = f"View {self.nouns[asked.resource] if asked.id else asked.resource}"
        subject = self._subject(asked.resource, asked.uuid, before) if asked.id else self._body(exchange, before)
        if asked.id and not subject:
            subject = f"the unknown id {asked.id}"
        if not asked.id and not subject and exchange.method == "GET":
            values = self._named([value for _, value in asked.query], before)
            subject = ", ".join(f"{name} {value}" for (name, _), value in zip(asked.query, values, strict=True))
        return f"{verb}: {subject}" if subject else verb

    def _subject(self, resource: str, id: str | None, records: Any) -> str:
        return (self.subjects[resource](records, id) if id else None) or ""

    def _body(self, exchange: Exchange, records: Any) -> str:
        attributes = {
            name: str(value)
            for name, value in _attributes(exchange.request_body).items()
            if isinstance(value, str | int)
        }
        return ", ".join(it for it in self.about(records, attributes) if it)

    def _event(self, exchange: Exchange, after: Any) -> str:
        """An event and what it was told, with names in place of ids: those before it, as far as there were any."""
        what = titled(exchange.operation.removeprefix("event "), self.abbreviations)
        told = json.loads(exchange.request_body or b"{}").values()
        values = [str(it) for it in told if not isinstance(it, bool | None)]
        named = self._named(self._named(values, exchange.before.records), after)
        return ": ".join(it for it in (what, ", ".join(named)) if it)

    def _named(self, values: Sequence[str], records: Any) -> list[str]:
        """The values with names in place of ids; whoever names nothing need not know all names."""
        if not any(map(uuid_of, values)):
            return list(values)
        known = self.called(records)
        return [known.get(it, it) for it in values]


def called(
    names: Mapping[str, str], *, statement: Callable[[str], str], parts: tuple[str, ...], retired: Mapping[str, str]
) -> Mapping[str, str]:
    """What each id stands for in words, by what a service calls its rows, as its part `names` has them.

    `statement` words the last part of a statement's name; `parts` are the ends of names of people which stand for parts
    of them, whose ids nobody is told; `retired` has the ids that somebody had before.
    """
    found: dict[str, str] = {}
    for name, id in names.items():
        kind, _, rest = name.partition(".")
        if kind == "statements":
            provider, cohort, month = rest.rsplit(".", 2)
            rest = f"{statement(month)} statement of {provider} for {cohort}"
        elif kind in ("declarations", "partnerships"):
            rest = ", ".join(rest.split("."))
        if not (kind == "people" and rest.endswith(parts)):
            found[id] = rest
    return {**found, **retired}


def day_of(text: str) -> str:
    """The day of a moment as it was sent, as people write it; what is none stays as it was sent."""
    sent = text.partition("T")[0]
    try:
        return day(date.fromisoformat(sent))
    except ValueError:
        return sent


def _attributes(body: bytes) -> Mapping[str, Any]:
    try:
        found = json_value(body)["data"]["attributes"]
    except (ValueError, KeyError, TypeError):
        return {}
    return found if isinstance(found, dict) else {}
