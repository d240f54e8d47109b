"""A story in words: what each step does, and what is expected of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from ecf_sandbox.scenario.references import worded
from ecf_sandbox.scenario.steps import Step

_EVIDENT = ("data.attributes.", "data.")  # where an answer has what it is about
_PLURAL = {0: "no items", 1: "1 item"}


def deed(step: Step) -> str:
    """What happens in a step: the request and who sends it when, or the event."""
    return f"{act(step)}{circumstances(step)}"


def act(step: Step) -> str:
    """The request or the event alone."""
    return f"event {step.event}" if step.event else f"{step.method} {worded(step.target, '{{{}}}')}"


def circumstances(step: Step) -> str:
    """Who sends the request, and when it happens; goes after `act`."""
    when = f", {moment(step.at)}" if step.at else ""
    named = any(it.lower() == "authorization" for it in step.headers)
    by = f" by {step.by}" if step.by else "" if named else " without a token"
    return when if step.event else f"{by}{when}"


def given(step: Step) -> str:
    """What the request's body, its headers or the event's arguments say."""
    headers = [f"{name}: {value}" for name, value in step.headers.items()]
    told = step.arguments if step.event else step.body
    return ", ".join(headers + ([worded(told)] if isinstance(told, str) else _members(told) if told else []))


def expected(step: Step) -> list[str]:
    """What is expected of the answer, a phrase each; nothing for an event."""
    if step.event:
        return []
    phrases = [str(step.status)] if step.status else []
    if step.refused_by:
        phrases.append(f"refused by {', '.join(step.refused_by)}")
    if step.count is not None:
        phrases.append(_PLURAL.get(step.count, f"{step.count} items"))
    if step.empty:
        phrases.append("nothing in the answer")
    if step.content_type:
        phrases.append(f"an answer of type {step.content_type}")
    phrases += _members(step.answer)
    phrases += (f"an item with {', '.join(_members(it))}" for it in step.includes)
    phrases += (f"no item with {', '.join(_members(it))}" for it in step.excludes)
    phrases += (f"{path} is kept as {{{name}}}" for name, path in step.keep.items())
    return phrases


def moment(at: datetime) -> str:
    """A moment for reading, in UTC."""
    time = f"{at:%H:%M:%S}" if at.second else f"{at:%H:%M}"
    return f"{at.day} {at:%B %Y}, {time} UTC"


def _members(value: Any) -> list[str]:
    return [f"{_short(path)} {text}" if path else text for path, text in _leaves(value)]


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, dict) and {"title", "detail"} <= value.keys():
        yield "", f"{value['title']}: {value['detail']}"
    elif isinstance(value, dict) and value:
        for name, it in value.items():
            # What a request is about is in its path; its type says the same again.
            if (path, name) != ("data", "type"):
                yield from _leaves(it, f"{path}.{name}" if path else name)
    elif isinstance(value, list) and value:
        for at, it in enumerate(value):
            yield from _leaves(it, f"{path}.{at}")
    elif value is not None or path:
        yield path, _text(value)


def _text(value: Any) -> str:
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    return worded(str(value)) if value not in ({}, []) else "empty"


def _short(path: str) -> str:
    for start in _EVIDENT:
        path = path.removeprefix(start)
    return path.removeprefix("attributes.").replace("ecf_enrolments.0.", "")
