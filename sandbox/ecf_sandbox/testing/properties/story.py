"""The history of a machine as a scenario file: where it began, what happened, and what the client sent."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from ecf_sandbox.dates.wire import instant
from ecf_sandbox.scenario.yaml_writer import as_yaml
from ecf_sandbox.state.journal import Exchange
from ecf_sandbox.state.record import plain
from ecf_sandbox.state.records import Records
from ecf_sandbox.testing.properties.places import Described
from ecf_sandbox.testing.properties.playing import Json, Played, numbered_steps, sentence

_CONDITIONAL = 304
Named = Callable[[Records, Any], Any]


class Story:
    """What has happened so far, as steps. `named` writes a target or a document with names in place of ids."""

    def __init__(self, described: Described, named: Named) -> None:
        self._described = described
        self._named = named
        self._steps: list[tuple[int, Json]] = []

    def happened(self, service: Any, played: Played) -> None:
        """Something happened beside the client."""
        for number, step in numbered_steps(played, self._keys(service)):
            self._steps.append((number, {"say": sentence(service, played.happening), **step}))

    def sent(self, by: str, exchanges: Iterable[Exchange]) -> None:
        """The client sent these; what a fault answered, and what depends on a header, is no step."""
        for it in exchanges:
            if it.status < 500 and it.status not in (429, _CONDITIONAL):
                self._steps.append((it.number, self._request(by, it)))

    def file(self, about: Sequence[str]) -> str:
        """The scenario file, whose text says what it shows."""
        document = dict(self._described.document) | {"about": " ".join(about)}
        steps = [step for _, step in sorted(self._steps, key=lambda it: it[0])]
        return as_yaml(document | {"steps": steps})

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
