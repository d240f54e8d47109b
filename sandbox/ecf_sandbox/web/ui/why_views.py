"""Screens 4 and 5: why a step ended as it did, what would pass, and what another request would lead to."""

from __future__ import annotations

import json
from itertools import count
from urllib.parse import urlencode
from weakref import WeakKeyDictionary

from flask import abort, redirect, request, url_for
from werkzeug.wrappers import Response

from ecf_sandbox.state.clock import frozen
from ecf_sandbox.state.journal import Exchange, records_after
from ecf_sandbox.state.record import Record, replace
from ecf_sandbox.state.records import Records
from ecf_sandbox.state.world import World
from ecf_sandbox.state.worlds import Worlds
from ecf_sandbox.tools.explain.dry_run import Trial, for_any_world
from ecf_sandbox.tools.explain.explain import explain
from ecf_sandbox.tools.explain.explanation import Request
from ecf_sandbox.tools.explain.target import json_of, request_of
from ecf_sandbox.web.ui.model import Field, ServicePages
from ecf_sandbox.web.ui.page import Page, View
from ecf_sandbox.web.ui.step_words import answer_in_words, deed_of, found_step, pages_of, request_in, words_of
from ecf_sandbox.web.ui.stories import PlayedStory, Stories
from ecf_sandbox.web.ui.story_pages import Compared, Difference, VariationPage, WhyPage
from ecf_sandbox.web.ui.words import in_words, readable_body
from ecf_sandbox.web.ui.world_pages import Origin

SUGGESTION = "suggestion"
NO_FIELDS = frozenset({"edition", "present", "ahead"})


def views(worlds: Worlds, stories: Stories, origins: WeakKeyDictionary[World, Origin]) -> tuple[View, ...]:
    """The views of these screens; `origins` learns which worlds were made to vary a step."""
    it = WhyViews(worlds, stories, origins)
    return (
        View("/ui/stories/<story>/<int:number>/why", "why", it.why, "why.html"),
        View("/ui/stories/<story>/<int:number>/vary", "vary", it.vary, "vary.html"),
        View("/ui/stories/<story>/<int:number>/vary", "go on", it.go_on, method="POST"),
    )


class Variation(Record, frozen=True, kw_only=True):
    """What to send in place of a step, and before it; `place` and `words` are those of the suggestion it came from."""

    request: Request
    first: tuple[Request, ...] = ()
    place: str = ""
    words: str = ""


class WhyViews:
    """The functions behind the addresses."""

    def __init__(self, worlds: Worlds, stories: Stories, origins: WeakKeyDictionary[World, Origin]) -> None:
        self.worlds = worlds
        self.stories = stories
        self.origins = origins

    def why(self, story: str, number: int) -> Page:
        """Why a step ended as it did, and what would pass."""
        chosen, played, step = found_step(self.stories, story, number)
        exchange = request_in(step)
        explanation = explain(played.world, exchange, self.stories.serve)
        original = request_of(exchange)
        return Page(
            WhyPage(
                story=story,
                title=played.scenario.title,
                chosen=chosen,
                number=number,
                count=len(played.steps),
                say=step.outcome.step.say,
                deed=deed_of(played, step),
                status=exchange.status,
                words=answer_in_words(step),
                explanation=explanation,
                tries=tuple(
                    (variation_query(played, number, original, it.request) if not it.first else "")
                    or urlencode({SUGGESTION: place})
                    for place, it in enumerate(explanation.suggestions, 1)
                ),
            )
        )

    def vary(self, story: str, number: int) -> Page:
        """The step's request as a form, and how another would end: asked only, nothing changes."""
        chosen, played, step = found_step(self.stories, story, number)
        exchange = request_in(step)
        service, records = pages_of(played), played.before(number).records
        original, variation = request_of(exchange), self._varied(played, number, exchange)
        as_it_was = compared(service, exchange)
        varied, deed, first = None, "", []
        if variation.request != original or variation.first:
            trial = Trial(played.world, exchange, self.stories.serve)
            sent = (*variation.first, variation.request)
            for last in range(1, len(sent)):
                before_it = trial.send(*sent[:last])
                first.append(service.deed(before_it, records_after(before_it)))
            ended = trial.send(*sent)
            varied, deed = compared(service, ended), service.deed(ended, records_after(ended))
            as_it_was, varied = marked(as_it_was, varied), marked(varied, as_it_was)
        shown = service.request_fields(variation.request, records)
        before = {it.name: it for it in service.request_fields(original, records)}
        return Page(
            VariationPage(
                story=story,
                title=played.scenario.title,
                chosen=chosen,
                number=number,
                count=len(played.steps),
                deed=deed_of(played, step),
                fields=shown,
                changed=tuple(difference(before.get(it.name), it) for it in shown if differs(before.get(it.name), it)),
                original=as_it_was,
                varied=varied,
                varied_deed=deed,
                first=tuple(first),
                suggestion=variation.place,
                suggested=variation.words,
            )
        )

    def go_on(self, story: str, number: int) -> Response:
        """Fork a world before the step, send the varied request there, and go on in it."""
        chosen, played, step = found_step(self.stories, story, number)
        exchange = request_in(step)
        varied = self._varied(played, number, exchange)
        world = played.world.fork(self._free_name())
        world.restore(replace(played.before(number), clock=frozen(exchange.at)))
        send = self.stories.serve(world)
        for it in (*varied.first, varied.request):
            body = None if it.body is None else json.dumps(it.body).encode()
            send(it.method, it.path, for_any_world(it.headers.items()), body)
        self.worlds.add(world)
        self.origins[world] = Origin(story=story, step=number, title=played.scenario.title, edition=chosen)
        return redirect(url_for("world", world=world.name), 303)

    def _varied(self, played: PlayedStory, number: int, exchange: Exchange) -> Variation:
        """The step's request, or what was suggested in place of it, with what the form says."""
        given = {name: value for name, value in request.values.items() if name not in NO_FIELDS}
        begun = self._suggested(played, exchange, given.pop(SUGGESTION, ""))
        asked = pages_of(played).with_fields(begun.request, played.before(number).records, given)
        return replace(begun, request=asked)

    def _suggested(self, played: PlayedStory, exchange: Exchange, place: str) -> Variation:
        """What the explanation of a step suggests at that place; raises NotFound."""
        if not place:
            return Variation(request=request_of(exchange))
        explanation = explain(played.world, exchange, self.stories.serve)
        known = {str(number): it for number, it in enumerate(explanation.suggestions, 1)}
        found = known.get(place)
        if found is None:
            abort(404, f"There are {len(known)} suggestions for this step, and none is called {place[:20]}.")
        return Variation(request=found.request, first=found.first, place=place, words=found.words)

    def _free_name(self) -> str:
        taken = set(self.worlds.names())
        return next(it for it in map("var-{}".format, count(1)) if it not in taken)


def variation_query(played: PlayedStory, number: int, original: Request, suggested: Request) -> str:
    """The query of a variation that is what was suggested; empty if no form makes it."""
    return query_between(pages_of(played), played.before(number).records, original, suggested)


def query_between(service: ServicePages, records: Records, original: Request, suggested: Request) -> str:
    """The query with which the form of a request makes another of it; empty if none does."""
    before = {it.name: it.exact or it.value for it in service.request_fields(original, records)}
    wanted = {it.name: it.exact or it.value for it in service.request_fields(suggested, records)}
    given = {name: value for name, value in wanted.items() if before.get(name) != value}
    same = given and service.with_fields(original, records, given) == suggested
    return urlencode(given) if same else ""


def compared(service: ServicePages, exchange: Exchange) -> Compared:
    """How an exchange ended, to be held against another."""
    answer = json_of(exchange.response_body)
    return Compared(
        refused=exchange.status >= 400,
        status=exchange.status,
        words=words_of(exchange, answer),
        changes=service.changes(exchange, records_after(exchange)),
        answer=tuple((it, False) for it in _answer_lines(exchange)),
    )


def _answer_lines(exchange: Exchange) -> list[str]:
    return readable_body(exchange.response_body).splitlines() if exchange.response_body else []


def marked(one: Compared, other: Compared) -> Compared:
    """An ending with the lines of its answer that the other has not got marked."""
    known = {line.rstrip(",") for line, _ in other.answer}
    return replace(one, answer=tuple((line, line.rstrip(",") not in known) for line, _ in one.answer))


def differs(before: Field | None, after: Field) -> bool:
    """Whether a field has another value than it had, if it was there."""
    return before is None or (before.exact or before.value) != (after.exact or after.value)


def difference(before: Field | None, after: Field) -> Difference:
    """A field as it was and as it is, in the words of its options."""
    return Difference(label=after.label, before=_shown(before) if before else "", after=_shown(after))


def _shown(field: Field) -> str:
    return dict(field.options).get(field.value, "") or in_words(field.exact or field.value) or "nothing"
