"""Scenarios as pages: plain text for a terminal, Markdown for the documentation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from textwrap import fill, indent

from ecf_sandbox.scenario.loading import Scenario
from ecf_sandbox.scenario.playing import Outcome
from ecf_sandbox.scenario.steps import Step
from ecf_sandbox.scenario.telling import act, circumstances, deed, expected, given

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
        people = (_hanging(f"  {name}: ", story) for name, story in _told(scenario))
        parts.append("\n".join(["People", *people]))
    if scenario.steps:
        steps = (_step(number, step) for number, step in enumerate(scenario.steps, 1))
        parts.append("\n".join(["Steps", *steps]))
    return "\n\n".join(it for it in parts if it)


def as_markdown(scenarios: Sequence[Scenario]) -> str:
    """All scenarios as one page, with an index."""
    index = (f"| [{it.name}](#{it.name}) | {it.title} | {len(it.steps) or ''} |" for it in scenarios)
    table = "\n".join(["| name | title | steps |", "| --- | --- | --- |", *index])
    return "\n\n".join([_ABOUT_ALL + "\n" + table, *(_markdown(it) for it in scenarios)]) + "\n"


def outcome_text(outcome: Outcome) -> Iterator[str]:
    """What became of a step, a line each: the step with its mark, what was done, and every difference."""
    step = outcome.step
    mark = "–" if outcome.skipped else "✓" if outcome.passed else "✗"
    yield _hanging(f"  {mark} {outcome.number:>2}. ", step.say or deed(step))
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
    if told := list(_told(scenario)):
        lines += ["", *(f"- {name}: {story}" for name, story in told)]
    for number, step in enumerate(scenario.steps, 1):
        mark = f"{number}. "
        lines += ["", mark + step.say, "", *(" " * len(mark) + it for it in _markdown_step(step))]
    return "\n".join(lines)


def _markdown_step(step: Step) -> Iterable[str]:
    with_ = f", with {given(step)}" if given(step) else ""
    yield f"`{act(step)}`{circumstances(step)}{with_}"
    if expected(step):
        yield f"→ {'; '.join(_linked(it) for it in expected(step))}"


def _linked(phrase: str) -> str:
    start, refused, rules = phrase.partition("refused by ")
    if start or not refused:
        return phrase
    return refused + ", ".join(f"[{it}](rules.md#{it.replace('.', '')})" for it in rules.split(", "))


def _about(scenario: Scenario) -> str:
    return " ".join(scenario.about.split())


def _edition(scenario: Scenario) -> str:
    return f" (in the {scenario.edition.name} edition)" if scenario.edition else ""


def _told(scenario: Scenario) -> Iterator[tuple[str, str]]:
    return ((name, story) for name, story in scenario.people.items() if story)


def _hanging(start: str, text: str) -> str:
    indented = " " * min(len(start), 16)
    return fill(text, WIDTH, initial_indent=start, subsequent_indent=indented, break_on_hyphens=False)
