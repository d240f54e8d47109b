"""Screens 1 to 4: the stories there are, a story's cover, each of its steps, and why a step was refused."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from shlex import quote

from flask import abort, request

from ecf_sandbox.state.journal import Exchange
from ecf_sandbox.state.record import Record
from ecf_sandbox.state.worlds import Worlds
from ecf_sandbox.tools.explain.explanation import Explanation
from ecf_sandbox.web.ui.model import Actor, Change, Lane, ServicePages
from ecf_sandbox.web.ui.page import Page, View
from ecf_sandbox.web.ui.stories import PlayedStep, PlayedStory, Stories
from ecf_sandbox.web.ui.words import moment, readable_body

MINUTES_A_STEP = 0.5
OTHERS = "Other stories"
OPEN = frozenset({"request", "answer", "curl"})
# The headers that say something to a reader; the others are those of every request.
_SHOWN_HEADERS = ("Authorization", "Content-Type", "X-With-Server-Date")


class StoryLine(Record, frozen=True, kw_only=True):
    """A story in the list of all."""

    name: str
    title: str
    steps: int
    minutes: int
    only: str = ""


class StoryGroup(Record, frozen=True, kw_only=True):
    """A workflow of the guide with its stories."""

    title: str
    stories: tuple[StoryLine, ...]


class WorldLine(Record, frozen=True, kw_only=True):
    """A world in use."""

    name: str
    now: datetime
    scenario: str
    exchanges: int


class Home(Record, frozen=True, kw_only=True):
    """Screen 1."""

    groups: tuple[StoryGroup, ...]
    worlds: tuple[WorldLine, ...]
    query: str = ""
    found: int = 0


class StepLine(Record, frozen=True, kw_only=True):
    """A step in the list of steps: its number, what it says, whether it was refused."""

    number: int
    say: str
    deed: str
    refused: bool


class Cover(Record, frozen=True, kw_only=True):
    """Screen 2."""

    name: str
    title: str
    about: str
    people: tuple[tuple[str, str], ...]
    edition: str
    editions: tuple[str, ...]
    only: str
    steps: tuple[StepLine, ...]
    minutes: int


class Exhibit(Record, frozen=True, kw_only=True):
    """The request and the answer of a step, for whoever wants to see them."""

    method: str = ""
    target: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    body: str = ""
    status: int = 0
    answer: str = ""
    curl: str = ""


class StepPage(Record, frozen=True, kw_only=True):
    """Screen 3."""

    story: str
    title: str
    edition: str
    chosen: str  # the edition that the address names, if it names one
    number: int
    count: int
    at: datetime
    actor: Actor
    say: str
    deed: str
    refused: bool
    status: int
    words: tuple[str, ...]  # what the service says when it refuses, or the answer in a few words
    rules: tuple[str, ...]
    changes: tuple[Change, ...]
    lanes: tuple[Lane, ...]
    exhibit: Exhibit
    steps: tuple[StepLine, ...]
    next_in_words: str
    present: bool
    ahead: bool
    open: tuple[str, ...]


class WhyPage(Record, frozen=True, kw_only=True):
    """Screen 4."""

    story: str
    title: str
    chosen: str
    number: int
    count: int
    say: str
    deed: str
    status: int
    words: tuple[str, ...]
    explanation: Explanation


def views(worlds: Worlds, stories: Stories) -> tuple[View, ...]:
    """The views of these screens."""
    it = StoryViews(worlds, stories)
    return (
        View("/ui/", "home", it.home, "home.html"),
        View("/ui/stories/<story>", "cover", it.cover, "cover.html"),
        View("/ui/stories/<story>/<int:number>", "step", it.step, "step.html"),
        View("/ui/stories/<story>/<int:number>/why", "why", it.why, "why.html"),
    )


class StoryViews:
    """The functions behind the addresses of stories."""

    def __init__(self, worlds: Worlds, stories: Stories) -> None:
        self.worlds = worlds
        self.stories = stories

    def home(self) -> Page:
        """What do you want to show?"""
        query = " ".join(request.args.get("q", "").split())
        groups = tuple(it for it in self._groups(query) if it.stories)
        worlds = tuple(
            WorldLine(name=it.name, now=it.now(), scenario=it.scenario, exchanges=it.journal.count)
            for it in self.worlds.every()
        )
        return Page(Home(groups=groups, worlds=worlds, query=query, found=sum(len(it.stories) for it in groups)))

    def cover(self, story: str) -> Page:
        """A story before it begins."""
        chosen = self._chosen(story)
        played = self.stories.played(story, chosen)
        it, editions = played.scenario, tuple(each.name for each in self.stories.editions(story))
        return Page(
            Cover(
                name=story,
                title=it.title,
                about=" ".join(it.about.split()),
                people=tuple((name, line) for name, line in it.people.items() if line),
                edition=played.edition.name,
                editions=editions,
                only=it.edition.name if it.edition else "",
                steps=step_lines(played),
                minutes=minutes(len(it.steps)),
            )
        )

    def step(self, story: str, number: int) -> Page:
        """A story at a step."""
        chosen, played, step = self._found(story, number)
        service = pages_of(played)
        exchange, records = step.exchange, step.after.records
        at = step_moment(played, step)
        following = played.steps[number] if number < len(played.steps) else None
        return Page(
            StepPage(
                story=story,
                title=played.scenario.title,
                edition=played.edition.name,
                chosen=chosen,
                number=number,
                count=len(played.steps),
                at=at,
                actor=actor_of(played, step),
                say=step.outcome.step.say or deed_of(played, step),
                deed=deed_of(played, step),
                refused=step.refused,
                status=exchange.status if exchange else 0,
                words=answer_in_words(step),
                rules=tuple(it.rule for it in exchange.refusals) if exchange else (),
                changes=service.changes(exchange, records) if exchange else (),
                lanes=service.lanes(records, people_of(played)),
                exhibit=exhibit_of(exchange),
                steps=step_lines(played),
                next_in_words=_next(played, following, at) if following else "",
                present=request.args.get("present") == "1",
                ahead=request.args.get("ahead") != "0",
                open=tuple(sorted(OPEN & set(request.args.get("open", "").split(",")))),
            )
        )

    def why(self, story: str, number: int) -> Page:
        """Why a step ended as it did, and what would pass."""
        chosen, played, step = self._found(story, number)
        if step.exchange is None or not step.exchange.method:
            abort(404, "Only a request to the API can be explained; this step is none.")
        explain = played.world.service.part("explain")
        return Page(
            WhyPage(
                story=story,
                title=played.scenario.title,
                chosen=chosen,
                number=number,
                count=len(played.steps),
                say=step.outcome.step.say,
                deed=deed_of(played, step),
                status=step.exchange.status,
                words=answer_in_words(step),
                explanation=explain(played.world, step.exchange, self.stories.serve),
            )
        )

    def _groups(self, query: str) -> Iterator[StoryGroup]:
        left = dict(self.stories.headings)
        pages: ServicePages = self.worlds.main.service.part("pages")
        for group in pages.groups:
            chosen = [it for it in group.stories if it in left]
            for it in chosen:
                del left[it]
            yield StoryGroup(title=group.title, stories=tuple(self._lines(chosen, query)))
        yield StoryGroup(title=OTHERS, stories=tuple(self._lines(list(left), query)))

    def _lines(self, names: Sequence[str], query: str) -> Iterator[StoryLine]:
        for it in map(self.stories.headings.__getitem__, names):
            if not query or _about(it.title, it.about, *it.says, of=query):
                yield StoryLine(
                    name=it.name, title=it.title, steps=it.steps, minutes=minutes(it.steps), only=it.edition
                )

    def _chosen(self, story: str) -> str:
        """The edition that the address names; raises NotFound for one in which the story cannot be shown."""
        named = request.args.get("edition", "")
        editions = [it.name for it in self.stories.editions(story)]
        if named and named not in editions:
            abort(404, f"This story can be shown in the edition {' or '.join(editions)}, not in {named}.")
        return named

    def _found(self, story: str, number: int) -> tuple[str, PlayedStory, PlayedStep]:
        chosen = self._chosen(story)
        played = self.stories.played(story, chosen)
        if not 1 <= number <= len(played.steps):
            abort(404, f"The story has steps 1 to {len(played.steps)}.")
        return chosen, played, played.steps[number - 1]


def pages_of(played: PlayedStory) -> ServicePages:
    """What the story's service has for pages."""
    found: ServicePages = played.world.service.part("pages")
    return found


def minutes(steps: int) -> int:
    """How long it takes to show so many steps."""
    return max(1, round(steps * MINUTES_A_STEP))


def people_of(played: PlayedStory) -> list[str]:
    """The names of those the story is about: those who have a line in it, else all, and whoever it registers."""
    told = [name for name, line in played.scenario.people.items() if line] or list(played.scenario.people)
    steps = (it.outcome.step for it in played.steps)
    return [*told, *(str(it.arguments["full_name"]) for it in steps if it.event and "full_name" in it.arguments)]


def actor_of(played: PlayedStory, step: PlayedStep) -> Actor:
    """Who acts in a step."""
    told = step.outcome.step
    asked_by = step.exchange.provider if step.exchange else None
    return pages_of(played).actor_of(told.event, asked_by)


def deed_of(played: PlayedStory, step: PlayedStep) -> str:
    """What is done in a step, in words."""
    if step.exchange is None:
        return step.outcome.step.title
    return pages_of(played).deed(step.exchange, step.after.records)


def step_moment(played: PlayedStory, step: PlayedStep) -> datetime:
    """When a step happens."""
    return step.outcome.step.at or (step.exchange.moment if step.exchange else played.world.now())


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
    """What the service says: the words of each refusal, or how many items a list has."""
    exchange = step.exchange
    if exchange is None:
        return step.outcome.differences
    answer = step.outcome.answer
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


def _next(played: PlayedStory, following: PlayedStep, at: datetime) -> str:
    """What Next says if the next step jumps in time."""
    then = step_moment(played, following)
    return f"{moment(then)}" if then.date() != at.date() else ""


def _about(*texts: str, of: str) -> bool:
    """Whether every word of the search is somewhere in the texts."""
    all_of_them = " ".join(texts).lower()
    return all(word in all_of_them for word in of.lower().split())
