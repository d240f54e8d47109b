"""Plays what a client did with the old service against the new one, and finds what breaks."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ecf_sandbox import __version__
from ecf_sandbox.api.router import router_of
from ecf_sandbox.dates.uk import uk_day
from ecf_sandbox.moving.beginning import Beginnings
from ecf_sandbox.moving.difference import STEPS, Played, Request, Seen, Step, attributes_of
from ecf_sandbox.moving.facts import Facts, retired_in
from ecf_sandbox.moving.judgement import Met, judged
from ecf_sandbox.moving.player import CannotSend, Player, Serve, after_steps, request_of
from ecf_sandbox.moving.rect_world import milestone_days
from ecf_sandbox.moving.result import Answers, Found, Moving, Unjudged
from ecf_sandbox.moving.setting import NotShown, setting_of
from ecf_sandbox.moving.table.differences import DIFFERENCES, EVERY_CLIENT
from ecf_sandbox.moving.table.places import PARTICIPANTS
from ecf_sandbox.moving.whole_lists import WholeLists
from ecf_sandbox.rulebook.values import uuid_of
from ecf_sandbox.services import service_named
from ecf_sandbox.state.exchange_codec import JournalEntry
from ecf_sandbox.state.operation import subject_of
from ecf_sandbox.state.record import replace
from ecf_sandbox.state.world import World
from ecf_sandbox.tools.report.journal_file import ReadJournal, with_present_names
from ecf_sandbox.tools.report.usage import attributes

OLD = "ecf"
AS_SENT = "nothing changed"
_NAMED = 5
_BAD_REQUEST = 400
_SAME = {"patchPartnership": "updatePartnership"}
Progress = Callable[[int, int], None]


@dataclass
class _Place:
    """What is known of one world by its journal so far, by provider."""

    facts: dict[str, Facts] = field(default_factory=dict)
    lists: dict[str, WholeLists] = field(default_factory=dict)


@dataclass
class _Tally:
    """Exchanges by something that is true of them."""

    found: dict[str, list[tuple[JournalEntry, Met]]] = field(default_factory=dict)
    by_table: dict[str, list[JournalEntry]] = field(default_factory=dict)
    unexplained: dict[str, list[JournalEntry]] = field(default_factory=dict)
    statuses: list[tuple[int, tuple[Played, ...]]] = field(default_factory=list)
    requests: int = 0
    elsewhere: int = 0


def move(
    journals: Sequence[ReadJournal],
    began: Mapping[str, World],
    otherwise: World | None,
    serve: Serve,
    progress: Progress,
) -> Moving:
    """What the client of these journals meets that moves.

    `began` has worlds as they began, by name, and `otherwise` what others began like, if that is known; `serve` puts
    the provider API in front of a world; `progress` is told how many of how many exchanges have been looked at.
    """
    return Move(Beginnings(began, otherwise, serve), serve).go(journals, progress)


class Move:
    """A client's exchanges, gone through one after the other."""

    def __init__(self, beginnings: Beginnings, serve: Serve) -> None:
        self._service = service_named(OLD)
        self._router = router_of(self._service)
        self._beginnings = beginnings
        self._player = Player(serve)
        self._places: dict[tuple[str, str | None], _Place] = {}
        self._tally = _Tally()
        self._retired: dict[tuple[str, str | None], set[str]] = {}
        self._moved: set[tuple[str, str | None]] = set()  # worlds of the new service, as their answers show

    def go(self, journals: Sequence[ReadJournal], progress: Progress) -> Moving:
        """What the client meets; `progress` is told how many of how many exchanges have been looked at."""
        named = [with_present_names(it, self._service) for it in journals]
        entries = [it for journal in named for it in journal.exchanges]
        self._moved = {it.place for it in entries if it.accepted and _plain_json(it)}
        for it in entries:
            # Who is gone may be told to be somebody else only later.
            if it.accepted:
                self._retired.setdefault(it.place, set()).update(*map(retired_in, attributes_of(it.response.body)))
        for n, it in enumerate(entries):
            progress(n, len(entries))
            if it.asked:
                self._look_at(it)
        progress(len(entries), len(entries))
        return self._moving(sum(it.missing for it in named))

    def _look_at(self, it: JournalEntry) -> None:
        match = self._router.match(it.path, it.method)
        if match is None or not match.route.documented or it.place in self._moved:
            self._tally.elsewhere += 1
            return
        self._tally.requests += 1
        place = self._places.setdefault(it.place, _Place())
        provider = it.provider or ""
        if provider not in place.facts:
            place.facts[provider] = self._beginnings.facts_of(it)
            place.facts[provider].retired |= self._retired.get(it.place, set())
        facts = place.facts[provider]
        lists = place.lists.setdefault(provider, WholeLists())
        operation = subject_of(match.info.operation)
        self._judge(it, _SAME.get(operation, operation), match.info.path, match.id, facts, lists)
        if it.accepted and not it.undone:
            facts.learn(it.response.body, _changed(operation, it))

    def _judge(
        self, it: JournalEntry, operation: str, template: str, id: str | None, facts: Facts, lists: WholeLists
    ) -> None:
        try:
            request = request_of(it)
        except CannotSend as wrong:
            self._tally.by_table.setdefault(f"it cannot be sent again as it was: {wrong}", []).append(it)
            return
        sent = attributes(it)
        school, cohort = str(sent.get("school_id")), str(sent.get("cohort"))
        training = facts.training_for(sent) if operation == "createDeclaration" else None
        seen = Seen(
            entry=it,
            operation=operation,
            template=template,
            id=id,
            request=request,
            sent=sent,
            gone=lists.gone(it, operation, facts.retired),
            milestone=milestone_days(training, str(sent.get("declaration_type"))) if training else None,
            school_led=facts.choices.get((school, cohort)) == "school_led",
            kept=operation in PARTICIPANTS and facts.keeps(uuid_of(id) or ""),
        )
        forms = after_steps(request, DIFFERENCES, meant=seen.status not in _MISTAKEN)
        seen = self._played(seen, forms, facts)
        found = judged(seen, forms, DIFFERENCES)
        for met in found.met:
            self._tally.found.setdefault(met.id, []).append((it, met))
        if found.unexplained:
            self._tally.unexplained.setdefault(f"{operation}: {found.unexplained}", []).append(it)
        if seen.played:
            self._tally.statuses.append((seen.status, seen.played))

    def _played(self, seen: Seen, forms: Any, facts: Facts) -> Seen:
        """The exchange with how its request is answered, if a world can be made for it."""
        from_here = facts.copy() if seen.operation in _CHANGES_FACTS else facts
        it, why = seen.entry, ""
        if it.response.status in (429, 500, 502, 503, 504):
            why = f"the old service answered {it.response.status}"
        elif _cut_off(it, seen.request):
            why = "its body is JSON that is not whole, which the old service took"
        else:
            try:
                state = setting_of(seen, from_here, it.provider or "")
            except NotShown as missing:
                why = f"no answer before it shows {missing}"
        if why:
            self._tally.by_table.setdefault(why, []).append(it)
            return replace(seen, unplayed=why)
        # A body that cannot be read is refused before anybody looks at the token.
        known = it.provider is not None or it.response.status == _BAD_REQUEST
        return replace(seen, played=self._player.play(state, forms, known=known))

    def _moving(self, missing: int) -> Moving:
        tally = self._tally
        found = [_found(id, met) for id, met in tally.found.items()]
        order = {it.id: n for n, it in enumerate(DIFFERENCES)}
        found.sort(key=lambda it: (not it.breaks, _step(it.step), order[it.id]))
        return Moving(
            made_by=f"ecf-sandbox {__version__}",
            requests=tally.requests,
            played=len(tally.statuses),
            elsewhere=tally.elsewhere,
            missing=missing,
            answers=tuple(_answers(tally.statuses)),
            found=tuple(found),
            by_table=_unjudged(tally.by_table),
            unexplained=_unjudged(tally.unexplained),
            every_client=tuple(EVERY_CLIENT.values()),
        )


# A client that gets one of these sent what it wanted to be refused, or doesn't know better.
_MISTAKEN = frozenset({400, 422})
_CHANGES_FACTS = frozenset({"showDeclaration", "voidDeclaration", "showDeliveryPartner", "showStatement"})


def _cut_off(it: JournalEntry, request: Request) -> bool:
    """Whether the old service read a body as JSON that is none in the journal."""
    if it.response.status == _BAD_REQUEST or not request.body or "json" not in (request.header("content-type") or ""):
        return False
    try:
        json.loads(request.body)
    except (ValueError, RecursionError):
        return it.method != "GET" and it.response.status in (200, 422)
    return False


def _plain_json(it: JournalEntry) -> bool:
    """Whether an answer is JSON by its plain name, as the new service's are and the old one's never."""
    types = (value for name, value in it.response.headers if name.lower() == "content-type")
    return any(value.startswith("application/json") for value in types)


def _changed(operation: str, it: JournalEntry) -> date | None:
    changes = operation in ("changeParticipantSchedule", "resumeParticipant")
    return uk_day(it.moment) if changes else None


def _step(name: str | None) -> int:
    return len(STEPS) if name is None else STEPS.index(Step(name))


def _found(id: str, met: list[tuple[JournalEntry, Met]]) -> Found:
    difference = next(it for it in DIFFERENCES if it.id == id)
    # Where it breaks only some requests, those are the ones to look at.
    worst = [pair for pair in met if pair[1].breaks] or met
    return Found(
        id=id,
        kind=difference.kind,
        breaks=any(it.breaks for _, it in met),
        step=difference.step,
        operations=tuple(dict.fromkeys(it.operation for it, _ in met)),
        places=tuple(dict.fromkeys(place for _, it in met for place in it.places)),
        count=len(met),
        played=sum(it.played for _, it in met),
        exchanges=tuple(it.name for it, _ in worst[:_NAMED]),
        tests=tuple(dict.fromkeys(it.test for it, _ in worst if it.test))[:_NAMED],
        old=difference.old,
        new=difference.new,
        remedy=difference.remedy,
        source=difference.source,
    )


def _answers(statuses: Iterable[tuple[int, tuple[Played, ...]]]) -> list[Answers]:
    rows = list(statuses)
    steps = (AS_SENT, *STEPS)
    same = [sum(played[n].status == status for status, played in rows) for n in range(len(steps))]
    return [Answers(step=step, as_before=it, otherwise=len(rows) - it) for step, it in zip(steps, same, strict=True)]


def _unjudged(found: Mapping[str, list[JournalEntry]]) -> tuple[Unjudged, ...]:
    return tuple(
        Unjudged(why=why, count=len(those), exchanges=tuple(it.name for it in those[:_NAMED]))
        for why, those in found.items()
    )
