"""The history of a machine as a scenario file: where it began, what happened, and what the client sent."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from ecf_sandbox.dates.wire import instant
from ecf_sandbox.scenario.references import references, resolve
from ecf_sandbox.scenario.yaml_writer import as_yaml
from ecf_sandbox.state.journal import Exchange
from ecf_sandbox.state.record import plain
from ecf_sandbox.state.records import Records
from ecf_sandbox.testing.properties.places import Described
from ecf_sandbox.testing.properties.playing import Json, Played, numbered_steps, sentence

_CONDITIONAL = 304
Named = Callable[[Records, Any], Any]
Names = Callable[[Records], Mapping[str, str]]


class Story:
    """What has happened so far, as steps. `named` writes a target or a document with names in place of ids.

    What a request of the story made has a name of its own in the steps after it: one that is kept of its answer.
    """

    def __init__(self, described: Described, named: Named, names: Names) -> None:
        self._described = described
        self._named = named
        self._names = names
        self._begun = frozenset(names(described.records))
        self._made: dict[str, Json] = {}  # the step by the id of what it made
        self._steps: list[tuple[int, Json]] = []

    def happened(self, service: Any, played: Played) -> None:
        """Something happened beside the client."""
        exchanges = {it.number: it for it in played.exchanges}
        for number, step in numbered_steps(played, self._keys(service)):
            it = exchanges[number]
            if "with" in step:
                step["with"] = plain(self._named(it.before.records, step["with"]))
            self._add(it, {"say": sentence(service, played.happening), **step})

    def sent(self, by: str, exchanges: Iterable[Exchange]) -> None:
        """The client sent these; what a fault answered, and what depends on a header, is no step."""
        for it in exchanges:
            if it.status < 500 and it.status not in (429, _CONDITIONAL):
                self._add(it, self._request(by, it))

    def file(self, about: Sequence[str]) -> str:
        """The scenario file, whose text says what it shows."""
        document = dict(self._described.document) | {"about": " ".join(about)}
        steps = [step for _, step in sorted(self._steps, key=lambda it: it[0])]
        return as_yaml(document | {"steps": steps})

    def _add(self, it: Exchange, step: Json) -> None:
        known = {name: f"${{{name}}}" for name in references(step)}
        for name in known.keys() - self._begun:
            maker = self._made.get(self._names(it.before.records).get(name, ""))
            if maker is not None:
                (kept,) = maker.setdefault("keep", {f"made_{it.number}": "data.id"})
                known[name] = f"${{kept.{kept}}}"
        step = resolve(step, known)
        if it.method == "POST" and it.status == 200:
            self._made[json.loads(it.response_body)["data"]["id"]] = step
        self._steps.append((it.number, step))

    def _request(self, by: str, it: Exchange) -> Json:
        records = it.before.records
        step: Json = {
            "say": "The client asks." if it.method == "GET" else "The client acts.",
            "at": instant(it.moment),
            "by": by,
            "send": f"{it.method} {self._named(records, it.target)}",
        }
        if it.request_body:
            step["body"] = plain(self._named(records, json.loads(it.request_body)))
        return step | {"expect": it.status}

    def key_of(self, service: Any, provider: str) -> str:
        """What the file calls a provider."""
        return self._keys(service).get(provider, provider)

    def _keys(self, service: Any) -> Mapping[str, str]:
        tokens = {token: name for name, token in service.tokens(self._described.records).items()}
        return {tokens[token]: key for key, token in self._described.clients.items() if token in tokens}
