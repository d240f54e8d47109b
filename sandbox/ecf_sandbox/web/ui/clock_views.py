"""Screen 9: what time it is, what comes next and what it would do, and going there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from ecf_sandbox.control.clock import advance_clock, shown_clock
from ecf_sandbox.control.problem import Problem
from ecf_sandbox.state.journal import records_after
from ecf_sandbox.state.world import World
from ecf_sandbox.state.worlds import Worlds
from ecf_sandbox.tools.explain.dry_run import copy_of
from ecf_sandbox.web.ui.model import ServicePages
from ecf_sandbox.web.ui.page import Page, View
from ecf_sandbox.web.ui.sections import Tally, Upcoming
from ecf_sandbox.web.ui.words import moment, plural, sentence
from ecf_sandbox.web.ui.world_pages import ClockPage, MomentLine, Moved
from ecf_sandbox.web.ui.world_words import Origins, deed_in, fallen_due, found_world, head_of, pages_in

NEXT, ALL = 10, 40


def views(worlds: Worlds, origins: Origins) -> tuple[View, ...]:
    """The views of this screen."""
    it = ClockViews(worlds, origins)
    return (
        View("/ui/worlds/<world>/clock", "clock", it.show, "clock.html"),
        View("/ui/worlds/<world>/clock", "go", it.go, method="POST"),
    )


class ClockViews:
    """The functions behind the addresses."""

    def __init__(self, worlds: Worlds, origins: Origins) -> None:
        self.worlds = worlds
        self.origins = origins

    def show(self, world: str) -> Page:
        """The clock; with `to` what going there would do, with `moved` what a move did."""
        it = found_world(self.worlds, world)
        pages, everything = pages_in(it), request.args.get("all") == "1"
        to, asked, error = request.args.get("to", ""), None, ""
        if to:
            try:
                asked = tried(it, pages, Upcoming(name=to, at=it.now(), words=()))
            except Problem as problem:
                error = _why_not(it, to, problem)
        ahead = pages.upcoming(it.state.records, it.now(), everything)[: ALL if everything else NEXT]
        return Page(
            ClockPage(
                world=head_of(it, self.origins),
                mode=shown_clock(it.state.clock)["mode"],
                moments=tuple(tried(it, pages, each) for each in ahead),
                everything=everything,
                to=to,
                asked=asked,
                error=error,
                moved=_moved(it, pages, request.args.get("moved", "")),
                times=pages.wording.times,
                paying=pages.wording.paying,
            )
        )

    def go(self, world: str) -> Response:
        """Move the clock, and show what happened; or why it cannot move there."""
        it = found_world(self.worlds, world)
        to = request.form.get("to", "")
        try:
            moved = advance_clock(it, to=to)
        except Problem:
            return redirect(url_for("clock", world=it.name, to=to or "nowhere"), 303)
        return redirect(url_for("clock", world=it.name, moved=moved["number"]), 303)


def tried(world: World, pages: ServicePages, upcoming: Upcoming) -> MomentLine:
    """What would come of going to a moment, found out in a world that is thrown away; raises Problem."""
    copy = copy_of(world)
    before = copy.journal.count
    advance_clock(copy, to=upcoming.name)
    happened = [it for it in copy.journal if it.number > before]
    # The name alone says when, where somebody typed it.
    at = copy.now() if not upcoming.words else upcoming.at
    return MomentLine(name=upcoming.name, at=at, words=upcoming.words, comes=tuple(would(pages.tally(happened))))


def would(tallies: Sequence[Tally]) -> Iterator[str]:
    """`3 declarations would become paid`."""
    for it in tallies:
        yield f"{plural(it.count, it.thing)} would become {it.state}"


def _why_not(world: World, to: str, problem: Problem) -> str:
    """Why the clock cannot go somewhere, for whoever typed it."""
    if problem.kind == "not-forward":
        return f"It is {moment(world.now())} already: choose a later moment, or take back the last thing."
    if problem.status == 404:
        return f"‘{to[:60]}’ is no date or moment, such as 2027-01-25 or 2027-01-25T09:00."
    return sentence(problem.detail)


def _moved(world: World, pages: ServicePages, number: str) -> tuple[Moved, ...] | None:
    """What happened as the clock moved: the exchange of that number and those that it brought."""
    found = world.journal.get(int(number)) if number.isascii() and number.isdigit() else None
    if found is None or found.operation != "clock" or found.undone:
        return None
    brought = ((it, pages.changes(it, records_after(it))) for it in (found, *fallen_due(world, found)))
    # What changed nothing that is told, such as a night that only looks something up, would bury the rest.
    return tuple(
        Moved(number=it.number, at=_when(it.moment), deed=deed_in(pages, it), changes=changed)
        for it, changed in brought
        if it is found or changed
    )


def _when(at: datetime) -> datetime:
    return at.replace(microsecond=0)
