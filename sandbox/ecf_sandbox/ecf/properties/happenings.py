"""What may happen in a world at its present, beside what one provider's client does: only what fits is drawn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ecf_sandbox.ecf.events.registry import EVENTS, play
from ecf_sandbox.ecf.properties.arguments import arguments
from ecf_sandbox.ecf.properties.requests import WRITES, named, sound
from ecf_sandbox.ecf.records import Records, records_in
from ecf_sandbox.rulebook.refusals import BadEvent, DoesNotFit
from ecf_sandbox.scenario.references import resolve
from ecf_sandbox.state.properties import Choose, Happening
from ecf_sandbox.state.world import World

# The plainest and the likeliest first; what time alone brings about happens as time passes.
ORDER = tuple(
    """
    change_name school_transfer challenge_partnership merge_participants dfe_void_declaration school_marks_leaving
    change_email register_ect make_eligible cut_off_statement pay_statement school_withdraws_record school_reregisters
    complete_induction change_mentor register_mentor ect_becomes_mentor make_ineligible set_eligibility record_check
    change_provider amend_cohort set_mentor_completion set_programme_choice change_programme_choice move_milestone
    add_provider_relationship discard_provider_relationship discard_delivery_partner set_feature_flag freeze_cohort
    """.split()
)
# What a client gets wrong most easily is drawn more often.
_OFTEN = ORDER[:5]
_DRAWN = (*ORDER, *_OFTEN, *_OFTEN, *_OFTEN, *["merge_participants"] * 3)
_KINDS = ("event", "event", "event", "event", "time", "request")
# A little time, so that clients who forget to overlap are found; enough for milestones, cut-offs and payments.
TIMES: tuple[Mapping[str, Any], ...] = (
    {"minutes": 1},
    {"hours": 1},
    {"days": 1},
    {"days": 30},
    {"to": "statement:next:cut-off"},
    {"to": "statement:next:payment"},
    {"days": 120},
)
_LAST_YEAR = 2030  # later nothing of what the DfE has published goes on
_TRIES = 4


def draw(world: World, client: str, choose: Choose) -> Happening | None:
    """Something that can happen now beside what the provider of that name does; None if what was drawn does not fit."""
    for _ in range(_TRIES):
        kind = choose(_KINDS)
        found = _DRAWERS[kind](world, client, choose)
        if found is not None:
            return found
    return None


def draw_event(world: World, client: str, choose: Choose) -> Happening | None:
    """An event of a school or the DfE that fits; None if what was drawn does not."""
    name: str = choose(_DRAWN)
    return event_that_fits(world, client, name, choose)


def event_that_fits(world: World, client: str, name: str, choose: Choose) -> Happening | None:
    """An event of that name that could happen now; None if what was drawn does not fit."""
    records, now = records_in(world.state), world.now()
    told = arguments(records, now, _id_of(records, client), EVENTS[name], choose)
    if told is None or not _fits(world, name, told):
        return None
    return Happening(kind="event", name=name, told=told)


def draw_time(world: World, client: str, choose: Choose) -> Happening | None:  # noqa: ARG001
    """Time that passes."""
    if world.now().year >= _LAST_YEAR:
        return None
    ahead = {it.name for it in world.service.named_moments(world.state.records, world.now())}
    return Happening(kind="time", told=choose([it for it in TIMES if it.get("to") is None or it["to"] in ahead]))


def draw_request(world: World, client: str, choose: Choose) -> Happening | None:
    """A sound write of another provider, with its ids as names; None if there is none to be made."""
    records = records_in(world.state)
    others = [it.name for it in sorted(records.providers, key=lambda it: it.name) if it.name != client]
    if not others:
        return None
    by: str = choose(others)
    request = sound(world, by, choose(WRITES), choose)
    if request is None:
        return None
    return Happening(
        kind="request",
        by=by,
        method=request.method,
        target=named(records, request.target),
        body=named(records, request.body),
    )


_DRAWERS = {"event": draw_event, "time": draw_time, "request": draw_request}


def _fits(world: World, name: str, told: Mapping[str, Any]) -> bool:
    """Whether an event could happen now; nothing of it is kept."""
    known = world.service.names(world.state.records)
    try:
        play(world.look(), name, resolve(dict(told), known))
    except (BadEvent, DoesNotFit, KeyError):
        return False
    return True


def _id_of(records: Records, client: str) -> str:
    return next(_ids_of(records, client), "")


def _ids_of(records: Records, client: str) -> Iterator[str]:
    return (it.id for it in records.providers if it.name == client)
