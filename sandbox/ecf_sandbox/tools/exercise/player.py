"""Draws histories for a client and plays them in worlds of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Self

from ecf_sandbox.app import create_app
from ecf_sandbox.state.properties import Choose, Happening, Invariant
from ecf_sandbox.state.service import Service
from ecf_sandbox.state.world import World
from ecf_sandbox.state.worlds import Worlds
from ecf_sandbox.testing.properties.playing import play
from ecf_sandbox.testing.thread_server import ThreadServer
from ecf_sandbox.tools.exercise.beginning import ENDS_WELL, Beginning, Settings, Story, beginning_of
from ecf_sandbox.tools.exercise.client import Client, NoKnowledge, Ran
from ecf_sandbox.tools.exercise.explore import Judged
from ecf_sandbox.tools.exercise.gate import Gate
from ecf_sandbox.tools.exercise.history import History, Step
from ecf_sandbox.tools.exercise.knows import known_of
from ecf_sandbox.tools.exercise.run import Run
from ecf_sandbox.transport import InProcess

_MOST_ROUNDS, _MOST_HAPPENINGS = 3, 3


# What the network does to one request of the next turn, the plainest first.
FAULTS: tuple[Mapping[str, Any], ...] = (
    {"status": 503, "count": 1},
    {"drop": True, "count": 1},
    {"drop": True, "status": 503, "count": 1},
    {"truncate": True, "count": 1},
    {"status": 429, "count": 1},
    {"latency": 0.2, "count": 1},
    {"drop": True, "count": 1, "probability": 0.5},
    {"status": 503, "count": 1, "probability": 0.5},
)


def _said(ran: Ran) -> str:
    return f"\n{ran.said}" if ran.said else ""


class Player:
    """Plays histories in worlds of its own, served from a thread, until it is closed."""

    def __init__(self, settings: Settings, client: Client) -> None:
        self.settings = settings
        self._client = client
        self._beginnings: dict[tuple[str | None, ...], Beginning] = {}
        self.beginning = self._begun(self.empty())
        self.worlds = Worlds(self.beginning.world.fork("main"))
        app = create_app(self.worlds).wsgi_app
        self.send = InProcess(app)
        self.gate = Gate(app)
        self._server = ThreadServer(self.gate)
        self.url = self._server.url
        self._played = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_raised: object) -> None:
        self._server.stop()

    @property
    def service(self) -> Service:
        """The service whose client is run."""
        return self.beginning.world.service

    def invariants(self) -> tuple[Invariant, ...]:
        """What is held against the client."""
        known = (ENDS_WELL, *self.service.client_invariants)
        return tuple(it for it in known if not self.settings.invariants or it.id in self.settings.invariants)

    def empty(self) -> History:
        """The history in which nothing happens."""
        it = self.settings
        return History(scenario=it.scenario, service=it.service, edition=it.edition, provider=it.provider, now=it.now)

    def try_it(self) -> str:
        """Run the client once where nothing happens; raises NoKnowledge if it does not end well."""
        with self._run(self.empty()) as run:
            ran = run.client_runs(None)
        if not ran.well:
            raise NoKnowledge(f"the command {ran.ended}{_said(ran)}")
        try:
            known_of(ran.knows(), self.service)
        except NoKnowledge as wrong:
            raise NoKnowledge(f"the command ended with 0, but {wrong}{_said(ran)}") from None
        return ran.said

    def draw(self, choose: Choose) -> History:
        """A history, drawn as it would go if the client did what it is told."""
        empty = self.empty()
        draft = self.worlds.add(self.beginning.world.fork("draft"))
        steps: list[Step] = []
        try:
            for _ in range(choose(range(1, _MOST_ROUNDS + 1))):
                steps += self._round(draft, choose)
        finally:
            self.worlds.delete(draft.name)
            self.worlds.archive.forget(draft.name)
        return empty.with_steps(steps)

    def _round(self, draft: World, choose: Choose) -> Iterator[Step]:
        """A turn of the client, and what happens then; some of it, and failures of the network, during another turn."""
        provider = self.beginning.provider
        yield Step()
        for _ in range(choose(range(1, _MOST_HAPPENINGS + 1))):
            happening = self.service.draw_happening(draft, provider, choose)
            if happening is not None and play(draft, happening, self.send) is not None:
                during = choose((None, None, None, 2, 3)) if happening.kind != "time" else None
                yield Step(happens=happening, before=during)
                if during is not None:
                    yield Step()
        if bool(self.settings.tasks) and choose((True, False)):
            drawn = self.service.part("draw_client_task")(draft, provider, choose(self.settings.tasks), choose)
            if drawn is not None and play(draft, drawn.happening, self.send) is not None:
                if self.settings.faults and choose((False, False, True)):
                    yield Step(happens=Happening(kind="fault", told=choose(FAULTS)))
                yield Step(task=drawn.told)
        elif self.settings.faults and choose((False, False, True)):
            yield Step(happens=Happening(kind="fault", told=choose(FAULTS)))
            yield Step()

    def play(self, history: History) -> Judged:
        """What becomes of a history."""
        return self.tell(history).judged

    def tell(self, history: History) -> Story:
        """What becomes of a history, and all that happens in it."""
        with self._run(history) as run:
            run.play()
        judged = Judged(tuple(run.complaints), run.runs, run.client_seconds)
        return Story(judged, tuple(run.told))

    def _begun(self, history: History) -> Beginning:
        key = (history.service, history.scenario, history.edition, history.provider, history.now)
        if key not in self._beginnings:
            self._beginnings[key] = beginning_of(history)
        return self._beginnings[key]

    def _run(self, history: History) -> Run:
        self._played += 1
        return Run(self, self._client, self._begun(history), history, f"history-{self._played}")
