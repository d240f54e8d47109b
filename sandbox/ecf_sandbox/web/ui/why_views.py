"""Screens 4 and 5: why a step ended as it did, what would pass, and what another request would lead to."""

from __future__ import annotations

import json
from itertools import count
from urllib.parse import urlencode
from weakref import WeakKeyDictionary

from flask import abort, redirect, request, url_for
from werkzeug.wrappers import Response

from ecf_sandbox.state.clock import frozen
from ecf_sandbox.state.journal import Exchange
from ecf_sandbox.state.record import replace
from ecf_sandbox.state.records import Records
from ecf_sandbox.state.world import World
from ecf_sandbox.state.worlds import Worlds
from ecf_sandbox.tools.explain.dry_run import Trial, for_any_world
from ecf_sandbox.tools.explain.explain import explain
from ecf_sandbox.tools.explain.explanation import Request
from ecf_sandbox.tools.explain.target import json_of, request_of
from ecf_sandbox.web.ui.model import ServicePages
from ecf_sandbox.web.ui.page import Page, View
from ecf_sandbox.web.ui.step_words import answer_in_words, deed_of, found_step, pages_of, request_in, words_of
from ecf_sandbox.web.ui.stories import PlayedStory, Stories
from ecf_sandbox.web.ui.story_pages import Compared, VariationPage, WhyPage
from ecf_sandbox.web.ui.words import readable_body
from ecf_sandbox.web.ui.world_pages import Origin

NO_FIELDS = frozenset({"edition", "present", "ahead"})


def views(worlds: Worlds, stories: Stories, origins: WeakKeyDictionary[World, Origin]) -> tuple[View, ...]:
    """The views of these screens; `origins` learns which worlds were made to vary a step."""
    it = WhyViews(worlds, stories, origins)
    return (
        View("/ui/stories/<story>/<int:number>/why", "why", it.why, "why.html"),
        View("/ui/stories/<story>/<int:number>/vary", "vary", it.vary, "vary.html"),
        View("/ui/stories/<story>/<int:number>/vary", "go on", it.go_on, method="POST"),
    )


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
                    "" if it.first else variation_query(played, number, original, it.request)
                    for it in explanation.suggestions
                ),
            )
        )

    def vary(self, story: str, number: int) -> Page:
        """The step's request as a form, and how another would end: asked only, nothing changes."""
        chosen, played, step = found_step(self.stories, story, number)
        exchange = request_in(step)
        service, records = pages_of(played), played.before(number).records
        original = request_of(exchange)
        request_, problem = self._varied(played, number, exchange)
        varied, deed = None, ""
        if request_ is not None and request_ != original:
            trial = Trial(played.world, exchange, self.stories.serve)
            ended = trial.send(request_)
            varied, deed = compared(service, ended), service.deed(ended, records_after(ended))
        shown = service.request_fields(request_ or original, records)
        before = {it.name: it.value for it in service.request_fields(original, records)}
        return Page(
            VariationPage(
                story=story,
                title=played.scenario.title,
                chosen=chosen,
                number=number,
                count=len(played.steps),
                deed=deed_of(played, step),
                fields=shown,
                changed=tuple(it.label for it in shown if before.get(it.name) != it.value),
                original=compared(service, exchange),
                varied=varied,
                varied_deed=deed,
                problem=problem,
            )
        )

    def go_on(self, story: str, number: int) -> Response:
        """Fork a world before the step, send the varied request there, and go on in it."""
        chosen, played, step = found_step(self.stories, story, number)
        exchange = request_in(step)
        varied, problem = self._varied(played, number, exchange)
        if varied is None:
            abort(400, problem)
        world = played.world.fork(self._free_name())
        world.restore(replace(played.before(number), clock=frozen(exchange.at)))
        body = None if varied.body is None else json.dumps(varied.body).encode()
        self.stories.serve(world)(varied.method, varied.path, for_any_world(varied.headers.items()), body)
        self.worlds.add(world)
        self.origins[world] = Origin(story=story, step=number, title=played.scenario.title, edition=chosen)
        return redirect(url_for("world", world=world.name), 303)

    def _varied(self, played: PlayedStory, number: int, exchange: Exchange) -> tuple[Request | None, str]:
        """The step's request with what the form says; or None with what is wrong with that."""
        given = {name: value for name, value in request.values.items() if name not in NO_FIELDS}
        return pages_of(played).with_fields(request_of(exchange), played.before(number).records, given), ""

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
        answer=readable_body(exchange.response_body) if exchange.response_body else "",
    )


def records_after(exchange: Exchange) -> Records:
    """The records as an exchange left them."""
    written = [it.after for it in exchange.changes if it.after is not None]
    removed = [it.before for it in exchange.changes if it.after is None and it.before is not None]
    records = exchange.before.records.save(*written)
    return records.remove(*removed) if removed else records
