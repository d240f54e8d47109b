"""Screen 11: what was asked of a world and done to it, the newest first, and why each ended as it did."""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import islice

import msgspec
from flask import abort, redirect, request, url_for
from werkzeug.wrappers import Response

from ecf_sandbox.control.matching import Match
from ecf_sandbox.state.journal import Exchange, records_after
from ecf_sandbox.state.record import replace
from ecf_sandbox.state.redacted_exchange import redacted_exchange
from ecf_sandbox.state.world import World
from ecf_sandbox.state.worlds import MAIN, Worlds
from ecf_sandbox.tools.explain.dry_run import Serve, copy_of, for_any_world
from ecf_sandbox.tools.explain.explain import explain
from ecf_sandbox.tools.explain.explanation import Request
from ecf_sandbox.tools.explain.target import json_of, request_of
from ecf_sandbox.tools.explain.text import curl
from ecf_sandbox.tools.explain.written import shown_explanation
from ecf_sandbox.web.ui.model import Field
from ecf_sandbox.web.ui.page import Page, View
from ecf_sandbox.web.ui.step_words import exhibit_of, words_of
from ecf_sandbox.web.ui.why_views import compared, query_between
from ecf_sandbox.web.ui.world_pages import AgainPage, ExchangePage, ExchangeWhyPage, JournalPage
from ecf_sandbox.web.ui.world_words import Origins, found_world, head_of, line_of, pages_in, query_of

LIMIT, MOST = 50, 1000
_STATUSES = ("2xx", "4xx", "5xx")
_METHODS = ("GET", "POST", "PUT", "PATCH")
_FILTERS = ("status", "method", "provider", "operation", "path", "rule", "finding")


def views(worlds: Worlds, origins: Origins, serve: Serve) -> tuple[View, ...]:
    """The views of this screen."""
    it = JournalViews(worlds, origins, serve)
    return (
        View("/ui/worlds/<world>/journal", "journal", it.journal, "journal.html"),
        View("/ui/worlds/<world>/journal/<int:number>", "exchange", it.exchange, "exchange.html"),
        View("/ui/worlds/<world>/journal/<int:number>/why", "exchange why", it.why, "exchange_why.html"),
        View("/ui/worlds/<world>/journal/<int:number>/again", "again", it.again, "again.html"),
        View("/ui/worlds/<world>/journal/<int:number>/again", "send again", it.send, method="POST"),
    )


class JournalViews:
    """The functions behind the addresses."""

    def __init__(self, worlds: Worlds, origins: Origins, serve: Serve) -> None:
        self.worlds = worlds
        self.origins = origins
        self.serve = serve

    def journal(self, world: str) -> Page:
        """The exchanges that match, the newest first."""
        it = found_world(self.worlds, world)
        pages, query = pages_in(it), query_of()
        asked = {name: query[name] for name in _FILTERS if name in query}
        wanted, everything = msgspec.convert(asked, Match), reversed(tuple(it.journal))
        found = [each for each in everything if not asked or wanted.fits(each)]
        limit = query.get("limit", "")
        shown = min(int(limit), MOST) if limit.isascii() and limit.isdigit() and len(limit) < 10 else LIMIT
        return Page(
            JournalPage(
                world=head_of(it, self.origins),
                lines=tuple(line_of(pages, each) for each in islice(found, shown)),
                newest=found[0].number if found else 0,
                found=len(found),
                dropped=it.journal.dropped,
                filters=_filters(it, query),
                query=query,
            )
        )

    def exchange(self, world: str, number: int) -> Page:
        """One exchange: what was sent, answered, changed."""
        it = found_world(self.worlds, world)
        found, pages = _found(it, number), pages_in(it)
        return Page(
            ExchangePage(
                world=head_of(it, self.origins),
                line=line_of(pages, found),
                sent_at=found.at,
                words=words_of(found, json_of(found.response_body)) if found.method else (),
                changes=pages.changes(found, records_after(found)),
                findings=redacted_exchange(found, it.tokens).findings,
                exhibit=exhibit_of(redacted_exchange(addressed(it, found), it.tokens)),
                before=number - 1 if it.journal.get(number - 1) else 0,
                after=number + 1 if it.journal.get(number + 1) else 0,
            )
        )

    def why(self, world: str, number: int) -> Page:
        """Why an exchange ended as it did."""
        it = found_world(self.worlds, world)
        found = _found(it, number)
        if not found.method:
            abort(404, "Only a request to the API can be explained; this was none.")
        sent = addressed(it, found)
        explanation = shown_explanation(explain(it, sent, self.serve), sent, it.tokens)
        url = request.url_root.rstrip("/")
        return Page(
            ExchangeWhyPage(
                world=head_of(it, self.origins),
                line=line_of(pages_in(it), found),
                explanation=explanation,
                tries=tuple(
                    ""
                    if suggestion.first
                    else query_between(pages_in(it), it.state.records, request_of(found), suggestion.request)
                    for suggestion in explanation.suggestions
                ),
                curls=tuple(
                    "\n".join(curl(each, url) for each in (*suggestion.first, suggestion.request))
                    for suggestion in explanation.suggestions
                ),
            )
        )

    def again(self, world: str, number: int) -> Page:
        """A request as a form; with `ask` how it would end if it were sent now, as the form has it."""
        it = found_world(self.worlds, world)
        found, pages = _request(it, number), pages_in(it)
        varied = _varied(it, found)
        asked, deed = None, ""
        if request.args.get("ask") == "1":
            ended = self._sent(copy_of(it), varied)
            asked, deed = compared(pages, ended), pages.deed(ended, records_after(ended))
        return Page(
            AgainPage(
                world=head_of(it, self.origins),
                line=line_of(pages, found),
                fields=pages.request_fields(varied, it.state.records),
                asked=asked,
                deed=deed,
            )
        )

    def send(self, world: str, number: int) -> Response:
        """Send a request again, as the form has it, and show what came of it."""
        it = found_world(self.worlds, world)
        ended = self._sent(it, _varied(it, _request(it, number)))
        return redirect(url_for("exchange", world=it.name, number=ended.number), 303)

    def _sent(self, world: World, varied: Request) -> Exchange:
        """The exchange of a request that is sent to a world, whatever world it was for."""
        body = None if varied.body is None else json.dumps(varied.body).encode()
        reply = self.serve(world)(varied.method, varied.path, for_any_world(varied.headers.items()), body)
        return _found(world, int(reply.headers["x-sandbox-request-id"]))


def _request(world: World, number: int) -> Exchange:
    found = _found(world, number)
    if not found.method:
        abort(404, "Only a request to the API can be sent again; this was none.")
    return found


def _varied(world: World, exchange: Exchange) -> Request:
    """The request of an exchange with what the form says."""
    given = {name: value for name, value in request.values.items() if name != "ask"}
    return pages_in(world).with_fields(request_of(exchange), world.state.records, given)


def addressed(world: World, exchange: Exchange) -> Exchange:
    """An exchange whose request names its world, so that what is offered for copying reaches that one."""
    named = any(name.lower() == "x-sandbox-world" for name, _ in exchange.request_headers)
    by_token = any(name.lower() == "authorization" and "~" in value for name, value in exchange.request_headers)
    if world.name == MAIN or named or by_token or not exchange.method:
        return exchange
    return replace(exchange, request_headers=(*exchange.request_headers, ("X-Sandbox-World", world.name)))


def _found(world: World, number: int) -> Exchange:
    found = world.journal.get(number)
    if found is None:
        first, last = world.journal.dropped + 1, world.journal.count
        kept = f"has {first} to {last}" if len(world.journal) else "is empty"
        abort(404, f"There is no exchange {number}: the journal {kept}.")
    return found


def _filters(world: World, query: Mapping[str, str]) -> tuple[Field, ...]:
    callers = sorted(world.service.tokens(world.state.records))
    return (
        _choice("status", "Status", _STATUSES, query),
        _choice("method", "Method", _METHODS, query),
        _choice("provider", "Who asked", callers, query),
        Field(name="rule", label="Rule that refused it", kind="text", value=query.get("rule", "")),
        Field(name="path", label="Path (* for anything)", kind="text", value=query.get("path", "")),
    )


def _choice(name: str, label: str, options: tuple[str, ...] | list[str], query: Mapping[str, str]) -> Field:
    value = query.get(name, "")
    known = (("", "any"), *((it, it) for it in options))
    shown = known if value in dict(known) else (*known, (value, value))
    return Field(name=name, label=label, kind="choice", value=value, options=shown)
