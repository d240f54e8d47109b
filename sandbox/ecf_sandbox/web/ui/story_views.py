"""Screens 1 to 3: the stories there are, a story's cover, and each of its steps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from flask import request

from ecf_sandbox.scenario.loading import Heading
from ecf_sandbox.state.worlds import Worlds
from ecf_sandbox.web.ui.model import Change, ServicePages
from ecf_sandbox.web.ui.page import Page, View
from ecf_sandbox.web.ui.step_words import (
    actor_of,
    answer_in_words,
    chosen_edition,
    deed_of,
    exhibit_of,
    found_step,
    minutes,
    next_in_words,
    pages_of,
    people_of,
    step_lines,
    step_moment,
)
from ecf_sandbox.web.ui.stories import PlayedStory, Stories
from ecf_sandbox.web.ui.story_pages import (
    Cover,
    Home,
    Keys,
    StepPage,
    StoryGroup,
    StoryLine,
    WorldLine,
)

OTHERS = "Other stories"
KEYS = (
    (("→", "Page Down", "Space"), "The next step"),
    (("←", "Page Up"), "The step before"),
    (("Home", "End"), "The first step, and the last"),
    (("Esc",), "Back: from a page about a step to the step, from a step to the story"),
    (("w",), "Why was this refused, or accepted?"),
    (("v",), "Try a variation"),
    (("p",), "Present: with or without the list of steps"),
    (("t", "m", "c"), "In a world: people and their timelines, money, the clock"),
    (("+", "-"), "Larger and smaller text"),
    (("/",), "Search"),
    (("?",), "This list"),
)
OPEN = frozenset({"request", "answer", "curl"})


def views(worlds: Worlds, stories: Stories) -> tuple[View, ...]:
    """The views of these screens."""
    it = StoryViews(worlds, stories)
    return (
        View("/ui/", "home", it.home, "home.html"),
        View("/ui/keys", "keys", it.keys, "keys.html"),
        View("/ui/stories/<story>", "cover", it.cover, "cover.html"),
        View("/ui/stories/<story>/<int:number>", "step", it.step, "step.html"),
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
            WorldLine(
                name=it.name,
                service=it.service.title,
                now=it.now(),
                scenario=it.scenario,
                exchanges=it.journal.count,
                last=next((each.at for each in it.journal.newest(1)), None),
            )
            for it in self.worlds.every()
        )
        return Page(Home(groups=groups, worlds=worlds, query=query, found=sum(len(it.stories) for it in groups)))

    def keys(self) -> Page:
        """The keys of all pages."""
        return Page(Keys(keys=KEYS))

    def cover(self, story: str) -> Page:
        """A story before it begins."""
        chosen = chosen_edition(self.stories, story)
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
        chosen, played, step = found_step(self.stories, story, number)
        service = pages_of(played)
        exchange, records = step.exchange, step.after.records
        deed, changes = deed_of(played, step), service.changes(exchange, records) if exchange else ()
        ahead = request.args.get("ahead") != "0"
        return Page(
            StepPage(
                story=story,
                title=played.scenario.title,
                edition=played.edition.name,
                chosen=chosen,
                number=number,
                count=len(played.steps),
                at=step_moment(played, step),
                actor=actor_of(played, step),
                say=step.outcome.step.say or deed,
                deed=deed,
                event=not (exchange and exchange.method),
                refused=step.refused,
                status=exchange.status if exchange else 0,
                words=answer_in_words(step),
                rules=tuple(it.rule for it in exchange.refusals) if exchange else (),
                changes=changes,
                lanes=service.lanes(records, _concerned_first(played, deed, changes)),
                exhibit=exhibit_of(exchange),
                steps=step_lines(played),
                next_in_words=next_in_words(played, step, ahead=ahead),
                present=request.args.get("present") == "1",
                ahead=ahead,
                open=tuple(sorted(OPEN & set(request.args.get("open", "").split(",")))),
            )
        )

    def _groups(self, query: str) -> Iterator[StoryGroup]:
        """The stories of each service by workflow, those of the service of the world main first."""
        main = self.worlds.main.service
        for service, told in sorted(self.stories.by_service, key=lambda it: it[0] is not main):
            pages: ServicePages = service.part("pages")
            left = dict(told)
            for group in pages.groups:
                chosen = [left.pop(it) for it in group.stories if it in left]
                yield StoryGroup(service=service.title, title=group.title, stories=tuple(_lines(chosen, query)))
            yield StoryGroup(service=service.title, title=OTHERS, stories=tuple(_lines(left.values(), query)))


def _lines(told: Iterable[Heading], query: str) -> Iterator[StoryLine]:
    for it in told:
        if not query or _about(it.title, it.about, *it.says, of=query):
            yield StoryLine(name=it.name, title=it.title, steps=it.steps, minutes=minutes(it.steps), only=it.edition)


def _concerned_first(played: PlayedStory, deed: str, changes: Sequence[Change]) -> list[str]:
    """The people of the story, those first whom a step names or changes."""
    told = " ".join((deed, *(it.thing for it in changes)))
    return sorted(people_of(played), key=lambda name: name not in told)


def _about(*texts: str, of: str) -> bool:
    """Whether every word of the search is somewhere in the texts."""
    all_of_them = " ".join(texts).lower()
    return all(word in all_of_them for word in of.lower().split())
