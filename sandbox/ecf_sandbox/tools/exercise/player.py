"""Plays a history against a client, judges what the client knows, and tells what happened."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from operator import itemgetter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple, Self

from ecf_sandbox.app import create_app
from ecf_sandbox.dates.wire import instant
from ecf_sandbox.scenario import Scenario, load_scenario
from ecf_sandbox.scenario.fields import moment_of
from ecf_sandbox.scenario.loading import shipped
from ecf_sandbox.scenario.narrative import moment
from ecf_sandbox.scenario.references import resolve, worded
from ecf_sandbox.scenario.world import world_of
from ecf_sandbox.services import service_named, service_names
from ecf_sandbox.state.journal import Exchange
from ecf_sandbox.state.properties import Choose, Complaint, Evidence, Happening, Invariant, Lists, complaints
from ecf_sandbox.state.record import Record
from ecf_sandbox.state.service import Service
from ecf_sandbox.state.world import World
from ecf_sandbox.state.worlds import NoSuchWorld, Worlds
from ecf_sandbox.suggest import did_you_mean
from ecf_sandbox.testing.properties.playing import Played, plainly, play, sentence
from ecf_sandbox.testing.properties.shown import Kept, Shown
from ecf_sandbox.testing.thread_server import ThreadServer
from ecf_sandbox.tools.exercise.client import Client, NoKnowledge, Place, Ran
from ecf_sandbox.tools.exercise.explore import Judged
from ecf_sandbox.tools.exercise.gate import Gate
from ecf_sandbox.tools.exercise.history import History, Step
from ecf_sandbox.tools.exercise.knows import known_of
from ecf_sandbox.transport import InProcess

_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
SEED = "sandbox"  # of the worlds: as `serve` and `scenarios play` have it, so that ids are the same there
_MOST_ROUNDS, _MOST_HAPPENINGS = 3, 3
_A_MINUTE = Happening(kind="time", told={"minutes": 1})
Json = dict[str, Any]
Numbered = tuple[int, Json]  # a step of a scenario file, with the number of its exchange


def _never(_: Evidence) -> Sequence[str]:
    return ()


# What only a command can break: it is judged here.
ENDS_WELL = Invariant(
    id="ends-well",
    sentence="The client ends well, and says what it knows, where nothing is wrong with the network.",
    judge=_never,
)
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


class Settings(Record, frozen=True, kw_only=True):
    """What a run plays: where histories begin, what may be in them, how the client is run, and what it must keep."""

    command: tuple[str, ...]
    scenario: str = "default"
    service: str = "ecf"
    edition: str | None = None
    provider: str | None = None
    now: str | None = None
    seed: str = "0"
    invariants: tuple[str, ...] = ()
    tasks: tuple[str, ...] = ()
    faults: bool = True
    more: Mapping[str, str] = {}
    run_limit: float = 60.0
    shrinking: float = 60.0


class Told(Record, frozen=True, kw_only=True):
    """One thing of a story: in a sentence, and as what is played again. `at` is its moment, `seen` the requests."""

    text: str
    at: str
    happens: Happening | None = None
    task: Mapping[str, Any] | None = None
    turn: bool = False
    seen: tuple[Mapping[str, Any], ...] = ()


class Story(NamedTuple):
    """What became of a history, and all that happened in it."""

    judged: Judged
    told: tuple[Told, ...]


@dataclass(frozen=True)
class Beginning:
    """The world that histories begin as, and the provider whose client is run."""

    story: Scenario
    world: World
    provider: str
    token: str
    path: Path
    shipped: bool

    def named(self, text: str) -> str:
        """A text with the names of ids that the scenario has."""
        records = self.story.records()
        for name, id in self.world.service.names(records).items():
            if id in text and not name.endswith((".ect", ".mentor")):
                text = text.replace(id, f"${{{name}}}")
        return text


class BadBeginning(Exception):
    """Histories cannot begin as they are told to. Says why."""


def beginning_of(history: History, service: str = "ecf") -> Beginning:
    """The world that a history begins as; raises BadBeginning, and BadScenario for a file that cannot be used."""
    story = load_scenario(history.scenario, seed=SEED, service=service)
    edition = None
    if history.edition is not None:
        edition = story.service.editions.get(history.edition)
        if edition is None:
            raise BadBeginning(f"unknown edition {did_you_mean(history.edition, story.service.editions)}")
    now = moment_of(history.now) if history.now else story.now or story.as_of
    world = world_of(story, name="beginning", seed=SEED, edition=edition, now=now)
    tokens = story.service.tokens(world.state.records)
    provider = history.provider or next(name for name, token in tokens.items() if token == story.tokens[0])
    if provider not in tokens:
        raise BadBeginning(f"there is no {story.service.client} {did_you_mean(provider, tokens)}")
    path = next((it for it in _files_of(history.scenario) if it.is_file()), Path(history.scenario))
    return Beginning(story, world, provider, tokens[provider], path, history.scenario in shipped())


def _files_of(scenario: str) -> Iterator[Path]:
    """Where a scenario may be that comes with a service."""
    return (service_named(it).scenarios / f"{scenario}.yaml" for it in service_names())


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
        return History(scenario=it.scenario, edition=it.edition, provider=it.provider, now=it.now)

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
        key = (history.scenario, history.edition, history.provider, history.now)
        if key not in self._beginnings:
            self._beginnings[key] = beginning_of(history, self.settings.service)
        return self._beginnings[key]

    def _run(self, history: History) -> Run:
        self._played += 1
        return Run(self, self._client, self._begun(history), history, f"history-{self._played}")


def _said(ran: Ran) -> str:
    return f"\n{ran.said}" if ran.said else ""


@dataclass
class Run:
    """One history as it is played, for the length of a block."""

    player: Player
    client: Client
    begun: Beginning
    history: History
    name: str
    told: list[Told] = field(default_factory=list)
    complaints: list[Complaint] = field(default_factory=list)
    runs: int = 0
    client_seconds: float = 0.0

    def __enter__(self) -> Self:
        self.world = self.player.worlds.add(self.begun.world.fork(self.name))
        self._folder = TemporaryDirectory(prefix="ecf-sandbox-state-")
        token = f"{self.begun.token}~{self.name}"
        self._place = partial(Place, self.player.url, token, self.name, state=Path(self._folder.name) / "state")
        self._shown = Shown(self.world, self.player.worlds, self.player.send, token)
        self._kept = Kept()
        self._turns: list[int] = []
        self._waiting: list[Step] = []
        self._troubled = False
        self._judged_up_to = 0
        return self

    def __exit__(self, *_raised: object) -> None:
        self._shown.close()
        with suppress(NoSuchWorld):
            self.player.worlds.delete(self.name)
        self.player.worlds.archive.forget(self.name)
        self._folder.cleanup()

    def play(self) -> None:
        """Play every step, and let the client bring itself up to date at the end, until it breaks an invariant."""
        up_to_date = False
        for step in self.history.steps:
            up_to_date = step.is_turn and step.task is None and not self._troubled and not self._waiting
            self._step(step)
            if self.complaints:
                return
        if not up_to_date:
            self._turn(None)

    def client_runs(self, task: Mapping[str, Any] | None) -> Ran:
        """Run the client once."""
        ran = self.client.run(self._place(now=instant(self.world.now())), task)
        self.runs += 1
        self.client_seconds += ran.seconds
        return ran

    def _step(self, step: Step) -> None:
        if step.happens is None:
            self._turn(step.task)
        elif step.before is not None:
            self._waiting.append(step)
        else:
            self._happen(step.happens)

    def _happen(self, happening: Happening, before: int | None = None) -> list[Numbered]:
        """Let something happen, and tell of it; what happens before a request of the client is a step of its turn."""
        played = play(self.world, happening, self.player.send)
        if played is None:
            return []
        self._troubled = self._troubled or happening.kind == "fault"
        text = sentence(self.player.service, happening)
        seen, now = self._events(played), instant(self.world.now())
        if before is None:
            self._tell(Told(text=text, at=now, happens=happening, seen=tuple(step for _, step in seen)))
            return []
        text = f"Before request {before} of the client: {text}"
        self._tell(Told(text=text, at=now, happens=happening))
        return [(number, {"say": text, **step}) for number, step in seen]

    def _turn(self, task: Mapping[str, Any] | None) -> None:
        """A turn of the client. A task that fails for trouble with the network is given to it again."""
        task = self._resolved(task)
        if task is not None and task == {}:
            return
        troubled, self._troubled = self._troubled, False
        ran = self._one_turn(task, troubled)
        if troubled and not ran.well and not self.complaints:
            self._happen(_A_MINUTE)  # whoever looks after a client that failed does not run it again in the same moment
            if task is not None:
                self._one_turn(task, troubled=False)

    def _one_turn(self, task: Mapping[str, Any] | None, troubled: bool) -> Ran:
        began, first = self.world.now(), self.world.journal.count + 1
        shown = [self._shown.now()]
        happened: list[Told] = []
        during: list[Numbered] = []
        waiting, self._waiting = self._waiting, []

        def happen(step: Step) -> None:
            assert step.happens is not None
            here, self.told = self.told, happened
            try:
                during.extend(self._happen(step.happens, step.before))
            finally:
                self.told = here
            shown.append(self._shown.now())

        by_number: dict[int, list[Callable[[], None]]] = {}
        for step in waiting:
            by_number.setdefault(step.before or 1, []).append(partial(happen, step))
        with self.player.gate.turn(self.world, by_number):
            ran = self.client_runs(task)
        self.world.faults.clear()
        own = self._own(first)
        self._turns += [it.number for it in own[:1]]
        if task is not None or happened:
            shown.append(self._shown.now())
        self._tell(self._told_of(ran, task, own, during, began, troubled))
        self.told += happened
        # What was to happen before more requests than the client sent happens after its turn.
        left = [it for it in waiting if (it.before or 1) in by_number]
        self._judge(ran, task, own, shown, began, quiet=not troubled and not happened)
        for it in left:
            if it.happens is not None:
                self._happen(it.happens)
        return ran

    def _judge(
        self,
        ran: Ran,
        task: Mapping[str, Any] | None,
        own: Sequence[Exchange],
        shown: list[Any],
        began: datetime,
        *,
        quiet: bool,
    ) -> None:
        first = self._kept.since is None
        full = {name for name, path in self.player.service.client_lists.items() if first or _reads_all(own, path)}
        if task is not None or not ran.well:
            if quiet and task is None:
                self._complain(f"the client {ran.ended}{': ' + ran.said if ran.said else ''}")
            self._kept = self._kept.also(shown[-1])
        elif not quiet:
            self._kept = self._after(shown, began, full).also(shown[0])
            if first:  # some of it may have been missed, as the next sync will find
                self._kept = Kept(rows=self._kept.rows, since=began)
        else:
            self._kept = self._after(shown, began, full)
            self._hold(ran, shown[-1], full)
        if task is not None and quiet:
            self._hold_exchanges()

    def _after(self, shown: Sequence[Lists], began: datetime, full: set[str]) -> Kept:
        everything = self._kept.after_all(shown, began)
        since = self._kept.since
        if since is None or full >= set(self.player.service.client_lists):
            return everything
        changed = self._kept.after_changes(shown, self._shown.now(since), began)
        rows = {name: everything.rows.get(name, {}) if name in full else it for name, it in changed.rows.items()}
        return Kept(rows=rows, since=began)

    def _hold(self, ran: Ran, shown: Lists, full: set[str]) -> None:
        """Hold what the client knows against the invariants: of lists that it read whole, against what is shown."""
        try:
            known = known_of(ran.knows(), self.player.service)
        except NoKnowledge as wrong:
            self._complain(f"the client ended with 0, but {wrong}")
            return
        whole = {name: rows for name, rows in known.items() if name in full}
        parts = {name: rows for name, rows in known.items() if name not in full}
        # Nothing in a list of changes tells of who is no longer shown, so that both may know of them and not.
        caught_up = {
            name: {
                id: values
                for id, values in self._kept.rows.get(name, {}).items()
                if id in shown.get(name, {}) or id in rows
            }
            for name, rows in parts.items()
        }
        found = self._invariants_of(Evidence(known=whole, shown=shown, exchanges=self._unjudged(), turns=self._turns))
        if parts:
            found += self._invariants_of(Evidence(known=parts, shown=shown, caught_up=caught_up))
        self.complaints += dict.fromkeys(found)
        self._judged_up_to = self.world.journal.count

    def _hold_exchanges(self) -> None:
        self.complaints += self._invariants_of(
            Evidence(known={}, shown={}, exchanges=self._unjudged(), turns=self._turns)
        )

    def _invariants_of(self, evidence: Evidence) -> list[Complaint]:
        found = complaints(self.player.invariants(), evidence)
        return [Complaint(invariant=it.invariant, text=self._with_names(it.text)) for it in found]

    def _with_names(self, text: str) -> str:
        """A text whose ids are told with the names that they have, where they have one."""
        known = {id: name for name, id in self.player.service.names(self.world.state.records).items()}

        def name(found: re.Match[str]) -> str:
            named = known.get(found[0], "").partition(".")[2]
            return f"{found[0]} ({named})" if named and not text[found.end() :].startswith(" (") else found[0]

        return _ID.sub(name, text)

    def _complain(self, text: str) -> None:
        if ENDS_WELL in self.player.invariants():
            self.complaints.append(Complaint(invariant=ENDS_WELL.id, text=text))

    def _unjudged(self) -> tuple[Exchange, ...]:
        return self._own(self._judged_up_to + 1)

    def _own(self, first: int) -> tuple[Exchange, ...]:
        mine = self.begun.provider
        return tuple(
            it for it in self.world.journal if it.number >= first and it.method and it.provider in (mine, None)
        )

    def _resolved(self, task: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
        """A task with its ids; an empty one where what it is about does not exist."""
        if task is None:
            return None
        try:
            found: Mapping[str, Any] = resolve(plainly(task), self.player.service.names(self.world.state.records))
        except KeyError:
            return {}
        return found

    def _tell(self, told: Told) -> None:
        self.told.append(told)

    def _events(self, played: Played) -> list[Numbered]:
        """What happened, as steps of a scenario file: of time that passed, what fell due and changed something."""
        return [
            (it.number, self._step_of(it))
            for it in played.exchanges
            if it.method or (it.operation.startswith("event ") and (it.changes or it.part_of is None))
        ]

    def _step_of(self, it: Exchange) -> Json:
        if not it.method:
            told = json.loads(it.request_body or b"{}")
            step: Json = {"at": instant(it.moment), "event": it.operation.removeprefix("event ")}
            return step | ({"with": told} if told else {})
        clients = {token: name for name, token in self.begun.story.clients.items()}
        tokens = self.player.service.tokens(self.begun.world.state.records)
        by = {"by": clients[tokens[it.provider]]} if it.provider in tokens and tokens[it.provider] in clients else {}
        step = {"at": instant(it.moment), **by, "send": f"{it.method} {self.begun.named(it.target)}"}
        if it.request_body:
            text = self.begun.named(it.request_body.decode("utf-8", "replace"))
            with suppress(ValueError):
                text = json.loads(text)
            step["body"] = text
        return step | {"expect": it.status}

    def _told_of(
        self,
        ran: Ran,
        task: Mapping[str, Any] | None,
        own: Sequence[Exchange],
        during: Sequence[Numbered],
        began: datetime,
        troubled: bool,
    ) -> Told:
        # Of a turn in which the network failed, what the service did all the same is what can be repeated.
        asked = [(it.number, self._step_of(it)) for it in own if not troubled or it.changes]
        seen = tuple(step for _, step in sorted([*asked, *during], key=itemgetter(0)))
        requests = f"{len(own)} request{'' if len(own) == 1 else 's'}"
        if task is None:
            text = f"The client brings itself up to date, with {requests}"
        else:
            what = ", ".join(str(value) for key, value in task.items() if key != "do")
            text = f"The client is told to {task['do']}: {worded(self.begun.named(what))}. It sends {requests}"
        ending = "." if ran.well else f", and {ran.ended}."
        return Told(
            text=text + ending, at=instant(began), turn=True, task=None if task is None else dict(task), seen=seen
        )


def _reads_all(own: Sequence[Exchange], path: str) -> bool:
    """Whether a list was read without asking for what changed only."""
    read = [it for it in own if it.method == "GET" and it.target.partition("?")[0] == path]
    return any("updated_since" not in it.target for it in read)


def in_words(told: Told) -> str:
    """One thing of a story with its moment."""
    return f"{moment(moment_of(told.at))}: {told.text}"
