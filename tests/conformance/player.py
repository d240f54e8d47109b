"""Plays recorded cases against a target, step by step, up to the first answer that differs."""

from __future__ import annotations

import json
import re
import traceback
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

from tests.conformance.comparison import SLACK, UUID, Answer, Side, compare, instant, short
from tests.conformance.recordings import Case

# A value of an earlier answer: {{0.json.data.id}}, {{2.headers.etag}}.
REFERENCE = re.compile(r"\{\{(\d+)\.(json|headers)\.([^}]+)\}\}")
# A step with very many differences is told by the first of them.
DIFFERENCES_TOLD = 12

Headers = Mapping[str, str] | Iterable[tuple[str, str]]


class Target(Protocol):
    """What is judged. Its file defines `open_target(world) -> Target`.

    A target may also have `event_with_effects(name, arguments, at, effects, refused)`, which is called in place of
    `event`: with the rows that the service changed, and why it declined, where a recording has them.
    """

    def reset(self, rate_limit: int | None) -> None:
        """Back to the world, with so many requests allowed per five minutes and Authorization header, or any number."""

    def request(
        self, method: str, target: str, headers: Sequence[tuple[str, str]], body: bytes | None
    ) -> tuple[int, Headers, bytes]:
        """Answer a request; the target is the path with the raw query."""

    def event(self, name: str, arguments: Mapping[str, Any], at: datetime) -> None:
        """Something that a school or the DfE did."""


@dataclass(slots=True)
class Played:
    """What came of a case: its steps in words, and how the last of them differs, if it does."""

    steps: list[str] = field(default_factory=list)
    differences: list[str] = field(default_factory=list)


class Player:
    """A target over one world, and what is needed to play cases against it."""

    def __init__(self, open_target: Callable[[Mapping[str, Any]], Target], world: Mapping[str, Any]) -> None:
        self.target = open_target(world)
        self.tokens: Mapping[str, Mapping[str, Any]] = world["tokens"]
        self.known = {found.lower() for found in UUID.findall(json.dumps(world["tables"]))}

    def play(self, case: Case) -> Played:
        """Play a case. A target that crashes differs, and leaves the rest to be played."""
        playing = _Playing(self, case)
        try:
            playing.all_steps()
        except Exception as error:
            where = traceback.format_exc().splitlines()[-3].strip()
            playing.played.differences.append(f"{type(error).__name__}: {error} at {where}")
        return playing.played


class _Playing:
    """One case, while it is played."""

    def __init__(self, player: Player, case: Case) -> None:
        self.case, self.target, self.tokens = case, player.target, player.tokens
        asked = json.dumps([step.get("request", step) for step in case["steps"]])
        known = player.known | {found.lower() for found in UUID.findall(asked)}
        self.recording_side, self.target_side = Side(known), Side(known)
        self.answers: dict[int, Answer] = {}
        self.played = Played()

    def all_steps(self) -> None:
        self.target.reset(rate_limit_of(self.case))
        for number, step in enumerate(self.case["steps"]):
            if "event" in step:
                self._event(number, step)
            elif lines := self._exchange(number, step["request"], step["response"]):
                self.played.differences = lines[:DIFFERENCES_TOLD]
                return

    def _event(self, number: int, step: Mapping[str, Any]) -> None:
        at = instant(step["at"])
        assert at is not None, f"the event of step {number} is at {step['at']!r}, which is no moment"
        self.recording_side.happened(number, at)
        self.target_side.happened(number, at)
        name, arguments = step["event"], resolve(step.get("with", {}), self.answers)
        self.played.steps.append(f"{number} event {name} {short(arguments)} at {step['at']}")
        with_effects = getattr(self.target, "event_with_effects", None)
        if with_effects:
            with_effects(name, arguments, at, step.get("effects", []), step.get("refused"))
        else:
            self.target.event(name, arguments, at)

    def _exchange(self, number: int, request: Mapping[str, Any], wanted: Mapping[str, Any]) -> list[str]:
        target, headers, body = sent(request, self.answers, self.tokens)
        self._happened(number, headers)
        asked = f"{request['method']} {target}"
        self.played.steps.append(f"{number} {asked}" + (f" {body.decode()}" if body else ""))
        status, got_headers, raw = self.target.request(request["method"], target, headers, body)
        got = self.answers[number] = Answer.of(status, dict(got_headers), raw)
        self.played.steps[-1] += f" → {got.status}, recorded {wanted['status']}"
        lines = compare(wanted, got, self.recording_side, self.target_side)
        return [f"step {number} {asked}: {line}" for line in lines]

    def _happened(self, number: int, headers: Sequence[tuple[str, str]]) -> None:
        """Both sides are at the server date; without one, each in its own present, give or take half a minute."""
        server_date = next((instant(value) for name, value in headers if name.lower() == "x-with-server-date"), None)
        if server_date:
            self.recording_side.happened(number, server_date)
            self.target_side.happened(number, server_date)
            return
        now = datetime.now(UTC)
        self.recording_side.happened(number, (instant(self.case.get("recorded_at", "")) or now) - SLACK / 2)
        self.target_side.happened(number, now - SLACK / 2)


def rate_limit_of(case: Case) -> int | None:
    """How many requests were allowed when a case was recorded, by its tag; None: any number."""
    return next((int(tag.removeprefix("limit-")) for tag in case.get("tags", ()) if tag.startswith("limit-")), None)


def sent(
    request: Mapping[str, Any], answers: Mapping[int, Answer], tokens: Mapping[str, Mapping[str, Any]]
) -> tuple[str, list[tuple[str, str]], bytes | None]:
    """Path and query, headers and body of a recorded request, as they are sent now."""
    headers = list(resolve(request.get("headers", {}), answers).items())
    if request.get("token") is not None:
        headers.append(("Authorization", f"Bearer {tokens[request['token']]['token']}"))
    body = None
    if "json" in request:
        body = json.dumps(resolve(request["json"], answers)).encode()
        if not any(name.lower() == "content-type" for name, _ in headers):
            headers.append(("Content-Type", "application/json"))
    elif "text" in request:
        body = resolve(request["text"], answers).encode()
    target = resolve(request["path"], answers)
    return target + (f"?{resolve(request['query'], answers)}" if request.get("query") else ""), headers, body


def resolve(value: Any, answers: Mapping[int, Answer]) -> Any:
    """A value of a step, with values of earlier answers where it refers to them."""
    if isinstance(value, str):
        return REFERENCE.sub(lambda match: _referred(match, answers), value)
    if isinstance(value, list):
        return [resolve(item, answers) for item in value]
    if isinstance(value, dict):
        return {name: resolve(item, answers) for name, item in value.items()}
    return value


def _referred(match: re.Match[str], answers: Mapping[int, Answer]) -> str:
    """What a reference stands for; nothing where that answer was a refusal, as in the recording."""
    try:
        answer = answers[int(match[1])]
        value: Any = answer.json if match[2] == "json" else answer.headers
        for part in match[3].split("."):
            value = value[int(part)] if isinstance(value, list) else value[part]
    except (KeyError, IndexError, TypeError):
        return ""
    return str(value)
