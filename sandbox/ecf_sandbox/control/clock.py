"""The clock of a world: shown, set, advanced. What falls due on the way is played, and told."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from ecf_sandbox.control.operation import Long, operation
from ecf_sandbox.control.perform import Json, note, perform, shown_change
from ecf_sandbox.control.problem import Problem, not_known
from ecf_sandbox.dates.calendar import LATEST
from ecf_sandbox.dates.wire import instant
from ecf_sandbox.scenario.fields import moment_of
from ecf_sandbox.scenario.world import too_early
from ecf_sandbox.state.clock import REAL, Clock, frozen, running_from
from ecf_sandbox.state.moments import NamedMoment
from ecf_sandbox.state.world import World

Mode = Literal["real", "frozen", "running"]


@operation("GET", "/worlds/{world}/clock", command="clock show")
def show_clock(world: World) -> Json:
    """Show what time it is in a world, and whether its clock runs."""
    return shown_clock(world.state.clock)


@operation("GET", "/worlds/{world}/clock/moments", command="clock moments", takes_long=Long.HELP)
def list_moments(world: World) -> Json:
    """List the named moments in the future: milestones, and cut-offs and payments of statements."""
    moments = world.service.named_moments(world.state.records, world.now())
    return {"moments": [{"name": it.name, "at": instant(it.at)} for it in moments]}


@operation("PUT", "/worlds/{world}/clock", command="clock set", makes_world=True, takes_long=Long.WORK)
def set_clock(
    world: World,
    mode: Annotated[Mode, "real: the machine's time; frozen: stands still at a moment; running: runs from a moment"],
    at: Annotated[datetime | None, "the moment, in UTC unless it has an offset; not with mode real"] = None,
) -> Json:
    """Set the clock of a world.

    When it moves forward, what is due in between happens: at each midnight statements are cut off and mentors leave.
    Back before what the world's scenario describes, `warning` says that the world then knows its own future.
    """
    if (at is None) is not (mode == "real"):
        raise Problem("bad-request", 400, f"a {mode} clock takes {'no moment (at)' if at else 'a moment: give at'}")
    clock = REAL if at is None else frozen(at) if mode == "frozen" else running_from(at)
    wrong = too_early(f"the beginning of the world {world.name}", clock.now(), world.earliest(), world.service)
    return move_clock(world, clock) | ({"warning": wrong} if wrong else {})


@operation("POST", "/worlds/{world}/clock/advance", command="clock advance", makes_world=True, takes_long=Long.WORK)
def advance_clock(
    world: World,
    to: Annotated[str | None, "a named moment such as statement:next:payment, or a moment"] = None,
    days: Annotated[float, "how many days"] = 0,
    hours: Annotated[float, "how many hours"] = 0,
    minutes: Annotated[float, "how many minutes"] = 0,
    seconds: Annotated[float, "how many seconds"] = 0,
) -> Json:
    """Move the clock of a world forward, by a duration or to a named moment, with everything that is due by then.

    A frozen clock stands still at the new moment, any other runs on from it. Going to the payment of a statement
    pays the statements of that date; nothing else pays.
    """
    now = world.now()
    if to is not None:
        if days or hours or minutes or seconds:
            raise Problem("bad-request", 400, "give either a moment to go to or a duration, not both")
        goal = _named(world, to, now)
    else:
        goal = NamedMoment(name="", at=_later(now, days=days, hours=hours, minutes=minutes, seconds=seconds))
    if goal.at <= now:
        raise Problem(
            "not-forward",
            409,
            f"it is {instant(now)} already: give a later moment or a duration, or use 'clock set' to go back",
        )
    was = world.state.clock
    clock = frozen(goal.at) if was.frozen_at is not None else Clock(shift=was.shift + (goal.at - now))
    return move_clock(world, clock, goal)


def move_clock(world: World, clock: Clock, goal: NamedMoment | None = None) -> Json:
    """Give a world another clock and play what falls due until its present; answers clock and happenings."""
    with world.lock:
        before, since, until = world.state, world.now(), clock.now()
        world.set_clock(clock)
        entry = note(world, "clock", {"from": instant(since), "to": instant(until)}, until, before)
        due = world.service.falls_due(world.state.records, since, until, paying=goal.pays if goal else None)
        played = [(it, perform(world, f"event {it.event}", it.told, it.play, it.at, entry.number)) for it in due]
    happened: list[dict[str, Any]] = [
        {"event": it.event, "at": instant(it.at), "changes": [shown_change(change) for change in exchange.changes]}
        for it, exchange in played
        if exchange.changes
    ]
    return {**shown_clock(clock), "from": instant(since), "number": entry.number, "happened": happened}


def shown_clock(clock: Clock) -> Json:
    """A clock as JSON."""
    mode: Mode = "frozen" if clock.frozen_at is not None else "running" if clock.shift else "real"
    return {"mode": mode, "now": instant(clock.now())}


def _named(world: World, to: str, now: datetime) -> NamedMoment:
    known = {it.name: it for it in world.service.named_moments(world.state.records, now)}
    if to in known:
        return known[to]
    try:
        return NamedMoment(name="", at=moment_of(to))
    except ValueError:
        raise not_known("named moment ahead", to, known) from None


def _later(now: datetime, **by: float) -> datetime:
    try:
        return now + timedelta(**by)
    except OverflowError:
        raise Problem(
            "bad-request", 400, f"that is after {instant(LATEST)}, the latest moment that the sandbox knows"
        ) from None
