"""A step of a story in words: which one an address means, who acts, what is done, what comes of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from math import ceil
from shlex import quote
from typing import Any

from flask import abort, request

from ecf_sandbox.state.journal import Exchange
from ecf_sandbox.web.ui.model import Actor, ServicePages
from ecf_sandbox.web.ui.stories import PlayedStep, PlayedStory, Stories
from ecf_sandbox.web.ui.story_pages import Exhibit, StepLine
from ecf_sandbox.web.ui.words import day, in_words, readable_body

MINUTES_A_STEP = 0.5
_PERSON = "people."
# The headers that say something to a reader; the others are those of every request.
_SHOWN_HEADERS = ("Authorization", "Content-Type", "X-With-Server-Date", "X-Sandbox-World")


def chosen_edition(stories: Stories, story: str) -> str:
    """The edition that the address names; raises NotFound for one in which the story cannot be shown."""
    named = request.values.get("edition", "")
    editions = [it.name for it in stories.editions(story)]
    if named and named not in editions:
        abort(404, f"This story can be shown in the edition {' or '.join(editions)}, not in {named}.")
    return named


def found_step(stories: Stories, story: str, number: int) -> tuple[str, PlayedStory, PlayedStep]:
    """The edition that was asked for, the story in it, and one of its steps; raises NotFound."""
    chosen = chosen_edition(stories, story)
    played = stories.played(story, chosen)
    if not 1 <= number <= len(played.steps):
        abort(404, f"The story has steps 1 to {len(played.steps)}.")
    return chosen, played, played.steps[number - 1]


def request_in(step: PlayedStep) -> Exchange:
    """The request of a step; raises NotFound for one that is none."""
    if step.exchange is None or not step.exchange.method:
        abort(404, "Only a request to the API can be explained or varied; this step is none.")
    return step.exchange


def pages_of(played: PlayedStory) -> ServicePages:
    """What the story's service has for pages."""
    found: ServicePages = played.world.service.part("pages")
    return found


def minutes(steps: int) -> int:
    """How long it takes to show so many steps."""
    return ceil(steps * MINUTES_A_STEP)


def people_of(played: PlayedStory) -> list[str]:
    """The names of those the story is about: those who have a line in it, else all, and whoever it registers."""
    told = [name for name, line in played.scenario.people.items() if line] or list(played.scenario.people)
    steps, service = (it.outcome.step for it in played.steps), played.world.service
    names = [name for it in steps if it.event for name in service.names_after(it.event, it.arguments)]
    # Of the names of somebody, such as `people.Jane Smith.ect`, the first is the shortest.
    people = [it.removeprefix(_PERSON) for it in names if it.startswith(_PERSON)]
    known = dict.fromkeys(people)
    return [*told, *(it for it in known if it.rpartition(".")[0] not in known)]


def actor_of(played: PlayedStory, step: PlayedStep) -> Actor:
    """Who acts in a step."""
    told = step.outcome.step
    asked_by = step.exchange.provider if step.exchange else None
    return pages_of(played).actor_of(told.event, asked_by)


def deed_of(played: PlayedStory, step: PlayedStep) -> str:
    """What is done in a step, in words."""
    if step.exchange is None:
        return step.outcome.step.title
    deed = pages_of(played).deed(step.exchange, step.after.records)
    # What a request sends is shown as it is sent.
    return deed if step.exchange.method else in_words(deed)


def step_moment(played: PlayedStory, step: PlayedStep) -> datetime:
    """When a step happens."""
    return step.outcome.step.at or (step.exchange.moment if step.exchange else played.world.now())


def next_in_words(played: PlayedStory, step: PlayedStep, *, ahead: bool) -> str:
    """When the next step is, if time jumps before it; and what happens then, unless that is kept from the room."""
    if step.number == len(played.steps):
        return ""
    following = played.steps[step.number]
    then = step_moment(played, following)
    if then.date() == step_moment(played, step).date():
        return ""
    actor, what = actor_of(played, following), deed_of(played, following).partition(":")[0]
    return f"{day(then)}, {actor.shape} {actor.word}: {what}" if ahead else day(then)


def step_lines(played: PlayedStory) -> tuple[StepLine, ...]:
    """All steps of a story, each in a line."""
    return tuple(
        StepLine(
            number=it.number,
            say=it.outcome.step.say or deed_of(played, it),
            deed=deed_of(played, it),
            refused=it.refused,
        )
        for it in played.steps
    )


def answer_in_words(step: PlayedStep) -> tuple[str, ...]:
    """What the service says in a step, or why the step did not happen."""
    return words_of(step.exchange, step.outcome.answer) if step.exchange else step.outcome.differences


def words_of(exchange: Exchange, answer: Any) -> tuple[str, ...]:
    """What the service says: the words of each refusal, or how many items a list has."""
    errors = answer.get("errors") if isinstance(answer, dict) else None
    if isinstance(errors, list):
        return tuple(f"{it.get('title', '')}: {it.get('detail', '')}" for it in errors if isinstance(it, dict))
    if isinstance(answer, dict) and "error" in answer:
        return (str(answer["error"]),)
    if exchange.rows is not None:
        return (f"{exchange.rows} {'item' if exchange.rows == 1 else 'items'} on this page",)
    return ()


def exhibit_of(exchange: Exchange | None) -> Exhibit:
    """Request and answer as they went over the wire, and the same as a curl command."""
    if exchange is None or not exchange.method:
        return Exhibit()
    headers = tuple((name, value) for name, value in exchange.request_headers if name in _SHOWN_HEADERS)
    return Exhibit(
        method=exchange.method,
        target=exchange.target,
        headers=headers,
        body=readable_body(exchange.request_body) if exchange.request_body else "",
        status=exchange.status,
        answer=readable_body(exchange.response_body) if exchange.response_body else "",
        curl=_curl(exchange, headers),
    )


def _curl(exchange: Exchange, headers: Sequence[tuple[str, str]]) -> str:
    url = request.host_url.rstrip("/") + request.script_root + exchange.target
    parts = ["curl -g" if exchange.method == "GET" else f"curl -g -X {exchange.method}", quote(url)]
    parts += (f"-H {quote(f'{name}: {value}')}" for name, value in headers)
    if exchange.request_body:
        parts.append(f"-d {quote(readable_body(exchange.request_body))}")
    return " \\\n  ".join(parts)
