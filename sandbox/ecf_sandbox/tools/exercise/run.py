"""One history, as it is played against a client: step by step, held to the invariants, and told."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from operator import itemgetter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol, Self

from ecf_sandbox.dates.wire import instant
from ecf_sandbox.scenario.fields import moment_of
from ecf_sandbox.scenario.narrative import moment
from ecf_sandbox.scenario.references import resolve, worded
from ecf_sandbox.state.journal import Exchange
from ecf_sandbox.state.properties import Complaint, Evidence, Happening, Invariant, Lists, complaints
from ecf_sandbox.state.record import plain
from ecf_sandbox.state.service import Service
from ecf_sandbox.state.worlds import NoSuchWorld, Worlds
from ecf_sandbox.testing.properties.playing import Played, event_step, is_step, play, sentence
from ecf_sandbox.testing.properties.shown import Kept, Shown
from ecf_sandbox.tools.exercise.beginning import ENDS_WELL, Beginning, Told
from ecf_sandbox.tools.exercise.client import Client, NoKnowledge, Place, Ran
from ecf_sandbox.tools.exercise.gate import Gate
from ecf_sandbox.tools.exercise.history import History, Step
from ecf_sandbox.tools.exercise.knows import known_of
from ecf_sandbox.transport import InProcess

_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_A_MINUTE = Happening(kind="time", told={"minutes": 1})
Json = dict[str, Any]
Numbered = tuple[int, Json]  # a step of a scenario file, with the number of its exchange


class Stage(Protocol):
    """Where histories are played: the worlds, how they are served, and what is held against the client."""

    worlds: Worlds
    url: str
    send: InProcess
    gate: Gate

    @property
    def service(self) -> Service:
        """The service whose client is run."""

    def invariants(self) -> tuple[Invariant, ...]:
        """What is held against the client."""


@dataclass
class Run:
    """One history as it is played, for the length of a block."""

    stage: Stage
    client: Client
    begun: Beginning
    history: History
    name: str
    told: list[Told] = field(default_factory=list)
    complaints: list[Complaint] = field(default_factory=list)
    runs: int = 0
    client_seconds: float = 0.0

    def __enter__(self) -> Self:
        self.world = self.stage.worlds.add(self.begun.world.fork(self.name))
        self._folder = TemporaryDirectory(prefix="ecf-sandbox-state-")
        token = f"{self.begun.token}~{self.name}"
        self._place = partial(Place, self.stage.url, token, self.name, state=Path(self._folder.name) / "state")
        self._shown = Shown(self.world, self.stage.worlds, self.stage.send, token)
        self._kept = Kept()
        self._turns: list[int] = []
        self._waiting: list[Step] = []
        self._troubled = False
        self._judged_up_to = 0
        return self

    def __exit__(self, *_raised: object) -> None:
        self._shown.close()
        with suppress(NoSuchWorld):
            self.stage.worlds.delete(self.name)
        self.stage.worlds.archive.forget(self.name)
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
        played = play(self.world, happening, self.stage.send)
        if played is None:
            return []
        self._troubled = self._troubled or happening.kind == "fault"
        text = sentence(self.stage.service, happening)
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
        with self.stage.gate.turn(self.world, by_number):
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
        full = {name for name, path in self.stage.service.client_lists.items() if first or _reads_all(own, path)}
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
        if since is None or full >= set(self.stage.service.client_lists):
            return everything
        changed = self._kept.after_changes(shown, self._shown.now(since), began)
        rows = {name: everything.rows.get(name, {}) if name in full else it for name, it in changed.rows.items()}
        return Kept(rows=rows, since=began)

    def _hold(self, ran: Ran, shown: Lists, full: set[str]) -> None:
        """Hold what the client knows against the invariants: of lists that it read whole, against what is shown."""
        try:
            known = known_of(ran.knows(), self.stage.service)
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
        found = complaints(self.stage.invariants(), evidence)
        return [Complaint(invariant=it.invariant, text=self._with_names(it.text)) for it in found]

    def _with_names(self, text: str) -> str:
        """A text whose ids are told with the names that they have, where they have one."""
        known = {id: name for name, id in self.stage.service.names(self.world.state.records).items()}

        def name(found: re.Match[str]) -> str:
            named = known.get(found[0], "").partition(".")[2]
            return f"{found[0]} ({named})" if named and not text[found.end() :].startswith(" (") else found[0]

        return _ID.sub(name, text)

    def _complain(self, text: str) -> None:
        if ENDS_WELL in self.stage.invariants():
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
            found: Mapping[str, Any] = resolve(plain(task), self.stage.service.names(self.world.state.records))
        except KeyError:
            return {}
        return found

    def _tell(self, told: Told) -> None:
        self.told.append(told)

    def _events(self, played: Played) -> list[Numbered]:
        """What happened, as steps of a scenario file: of time that passed, what fell due and changed something."""
        return [(it.number, self._step_of(it)) for it in played.exchanges if is_step(it)]

    def _step_of(self, it: Exchange) -> Json:
        if not it.method:
            return event_step(it)
        clients = {token: name for name, token in self.begun.story.clients.items()}
        tokens = self.stage.service.tokens(self.begun.world.state.records)
        by = {"by": clients[tokens[it.provider]]} if it.provider in tokens and tokens[it.provider] in clients else {}
        step: Json = {"at": instant(it.moment), **by, "send": f"{it.method} {self.begun.named(it.target)}"}
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
