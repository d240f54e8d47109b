"""Screen 6: a world's overview, taking back the last thing, and beginning again."""

from __future__ import annotations

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from ecf_sandbox.control.journal import rewind
from ecf_sandbox.control.problem import Problem
from ecf_sandbox.control.worlds import reset_world, shown_world
from ecf_sandbox.state.worlds import Worlds
from ecf_sandbox.web.ui.page import Page, View
from ecf_sandbox.web.ui.world_pages import Overview, ResetPage
from ecf_sandbox.web.ui.world_words import Origins, found_world, head_of, last_thing, line_of, pages_in

SHOWN = 5


def views(worlds: Worlds, origins: Origins) -> tuple[View, ...]:
    """The views of this screen."""
    it = WorldViews(worlds, origins)
    return (
        View("/ui/worlds/<world>", "world", it.overview, "world.html"),
        View("/ui/worlds/<world>/back", "take back", it.take_back, method="POST"),
        View("/ui/worlds/<world>/reset", "reset", it.ask_reset, "reset.html"),
        View("/ui/worlds/<world>/reset", "do reset", it.reset, method="POST"),
    )


class WorldViews:
    """The functions behind the addresses."""

    def __init__(self, worlds: Worlds, origins: Origins) -> None:
        self.worlds = worlds
        self.origins = origins

    def overview(self, world: str) -> Page:
        """A world: its clock, what it holds, what happened last."""
        it = found_world(self.worlds, world)
        pages, told, last = pages_in(it), shown_world(it), last_thing(it)
        newest = (each for each in it.journal.newest(len(it.journal)) if not each.undone)
        shown = [each for each, _ in zip(newest, range(SHOWN), strict=False)]
        return Page(
            Overview(
                world=head_of(it, self.origins),
                clock=told["clock"]["mode"],
                holds={name.replace("_", " "): count for name, count in told["holds"].items()},
                tokens=told["tokens"],
                last=tuple(line_of(pages, each) for each in shown),
                last_thing=line_of(pages, last) if last else None,
                late=request.args.get("late") == "1",
            )
        )

    def take_back(self, world: str) -> Response:
        """Rewind to before the last thing, clock included; not if another thing has happened since it was shown."""
        it = found_world(self.worlds, world)
        with it.lock:
            last = last_thing(it)
            late = last is None or str(last.number) != request.form.get("number")
            if last is not None and not late:
                try:
                    rewind(it, last.number)
                except Problem:  # the journal has let it go in the meantime
                    late = True
        return redirect(url_for("world", world=it.name, late="1" if late else None), 303)

    def ask_reset(self, world: str) -> Page:
        """Ask whether a world is to begin again."""
        it = found_world(self.worlds, world)
        return Page(ResetPage(world=head_of(it, self.origins), exchanges=len(it.journal)))

    def reset(self, world: str) -> Response:
        """Begin again."""
        it = found_world(self.worlds, world)
        reset_world(it)
        return redirect(url_for("world", world=it.name), 303)
