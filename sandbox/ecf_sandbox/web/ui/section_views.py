"""Screens 7, 8 and 12: what a world holds, in lists and one by one, as its service shows it."""

from __future__ import annotations

from flask import abort, redirect, request
from werkzeug.wrappers import Response

from ecf_sandbox.state.world import World
from ecf_sandbox.state.worlds import Worlds
from ecf_sandbox.suggest import did_you_mean
from ecf_sandbox.web.ui.page import Page, View, address
from ecf_sandbox.web.ui.sections import Section
from ecf_sandbox.web.ui.words import sentence
from ecf_sandbox.web.ui.world_pages import DetailPage, ListingPage
from ecf_sandbox.web.ui.world_words import Origins, found_world, head_of, look_at, pages_in, query_of


def views(worlds: Worlds, origins: Origins) -> tuple[View, ...]:
    """The views of these screens."""
    it = SectionViews(worlds, origins)
    return (
        View("/ui/worlds/<world>/<section>", "section", it.listing, "listing.html"),
        View("/ui/worlds/<world>/<section>/<id>", "thing", it.show, "detail.html"),
    )


class SectionViews:
    """The functions behind the addresses."""

    def __init__(self, worlds: Worlds, origins: Origins) -> None:
        self.worlds = worlds
        self.origins = origins

    def listing(self, world: str, section: str) -> Page:
        """A list of a section's things."""
        it = found_world(self.worlds, world)
        listing = _section(it, section).listing(look_at(it))
        query = {name: value for name, value in query_of().items() if name != "page"}
        return Page(ListingPage(world=head_of(it, self.origins), section=section, listing=listing, query=query))

    def show(self, world: str, section: str, id: str) -> Page | Response:
        """One thing; a name that stands for it leads on to it."""
        it = found_world(self.worlds, world)
        chosen = _section(it, section)
        detail = chosen.show(look_at(it), id)
        if detail is None:
            return self._by_name(it, section, id)
        if detail.id != id:
            return _on(it, section, detail.id)
        head = head_of(it, self.origins)
        return Page(DetailPage(world=head, section=section, section_title=chosen.title, detail=detail))

    def _by_name(self, it: World, section: str, name: str) -> Response:
        begin = f"{section}."
        names = it.service.names(it.state.records).items()
        known = {called.removeprefix(begin): id for called, id in names if called.startswith(begin)}
        if name not in known:
            abort(404, sentence(f"there is nothing called {did_you_mean(name, known)}"))
        return _on(it, section, known[name])


def _section(world: World, name: str) -> Section:
    found = {it.name: it for it in pages_in(world).sections}
    if name not in found:
        abort(404, sentence(f"a world has no page {did_you_mean(name, found)}"))
    return found[name]


def _on(world: World, section: str, id: str) -> Response:
    endpoint = "thing.json" if str(request.endpoint).endswith(".json") else "thing"
    return redirect(address(request.args.to_dict(), endpoint, world=world.name, section=section, id=id), 302)
