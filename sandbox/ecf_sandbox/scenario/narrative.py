"""A story in words: what each step does and expects, in plain text for a terminal and Markdown for the docs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from textwrap import fill, indent
from typing import Any

from ecf_sandbox.printing import table
from ecf_sandbox.scenario.loading import Scenario
from ecf_sandbox.scenario.player import Outcome
from ecf_sandbox.scenario.references import worded
from ecf_sandbox.scenario.steps import Step
from ecf_sandbox.services import page_of

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


WIDTH = 100
_ABOUT_ALL = """\
# Scenarios

Printed by `ecf-sandbox scenarios docs`; a test compares. A scenario is a world to begin with, and perhaps a story that
plays in it. `ecf-sandbox scenarios play NAME` plays a story and holds every answer against what is expected,
`ecf-sandbox scenarios show NAME` prints it, and `ecf-sandbox serve --scenario NAME` serves its world.
"""


def as_text(scenario: Scenario) -> str:
    """One scenario for a terminal: what it is about, who is in it, its steps with what is expected."""
    parts = [f"{scenario.name}: {scenario.title}", fill(_about(scenario), WIDTH)]
    if scenario.people:
        people = (_hanging(f"  {name}: ", story) for name, story in _story_lines(scenario))
        parts.append("\n".join(["People", *people]))
    if scenario.steps:
        steps = (_step(number, step) for number, step in enumerate(scenario.steps, 1))
        parts.append("\n".join(["Steps", *steps]))
    return "\n\n".join(it for it in parts if it)


def as_markdown(scenarios: Sequence[Scenario]) -> str:
    """All scenarios as one page, with an index."""
    rows = ((f"[{it.name}](#{it.name})", it.title, it.service.name, str(len(it.steps) or "")) for it in scenarios)
    index = table(("name", "title", "service", "steps"), rows)
    return "\n\n".join([_ABOUT_ALL + "\n" + index, *(_markdown(it) for it in scenarios)]) + "\n"


def outcome_text(outcome: Outcome) -> Iterator[str]:
    """What became of a step, a line each: the step with its mark, what was done, and every difference."""
    step = outcome.step
    mark = "–" if outcome.skipped else "✓" if outcome.passed else "✗"
    yield from _hanging(f"  {mark} {outcome.number:>2}. ", step.say or deed(step)).splitlines()
    answered = f" → {outcome.status}" if outcome.status else ""
    yield f"        {deed(step)}{answered}"
    if outcome.skipped:
        yield f"        skipped: {outcome.skipped}"
    yield from (f"        {it}" for it in outcome.differences)


def _step(number: int, step: Step) -> str:
    lines = [_hanging(f"  {number:>2}. ", step.say or deed(step)), indent(deed(step), " " * 6)]
    if given(step):
        lines.append(_hanging("      with ", given(step)))
    if expected(step):
        lines.append(_hanging("      expected: ", "; ".join(expected(step))))
    return "\n".join(lines)


def _markdown(scenario: Scenario) -> str:
    lines = [f"## {scenario.name}", "", f"**{scenario.title}**{_edition(scenario)}", "", _about(scenario)]
    if told := list(_story_lines(scenario)):
        lines += ["", *(f"- {name}: {story}" for name, story in told)]
    rules = page_of(scenario.service, "rules.md")
    for number, step in enumerate(scenario.steps, 1):
        mark = f"{number}. "
        lines += ["", mark + step.say, "", *(" " * len(mark) + it for it in _markdown_step(step, rules))]
    return "\n".join(lines)


def _markdown_step(step: Step, rules: str) -> Iterable[str]:
    with_ = f", with {given(step)}" if given(step) else ""
    yield f"`{act(step)}`{circumstances(step)}{with_}"
    if expected(step):
        yield f"→ {'; '.join(_linked(it, rules) for it in expected(step))}"


def _linked(phrase: str, page: str) -> str:
    start, refused, rules = phrase.partition("refused by ")
    if start or not refused:
        return phrase
    return refused + ", ".join(f"[{it}]({page}#{it.replace('.', '')})" for it in rules.split(", "))


def _about(scenario: Scenario) -> str:
    return " ".join(scenario.about.split())


def _edition(scenario: Scenario) -> str:
    return f" (in the {scenario.edition.name} edition)" if scenario.edition else ""


def _story_lines(scenario: Scenario) -> Iterator[tuple[str, str]]:
    return ((name, story) for name, story in scenario.people.items() if story)


def _hanging(start: str, text: str) -> str:
    indented = " " * min(len(start), 16)
    return fill(text, WIDTH, initial_indent=start, subsequent_indent=indented, break_on_hyphens=False)
