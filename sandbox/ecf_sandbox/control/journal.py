"""The journal of a world: queried, verified, taken back and written out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Annotated, Any, Literal

from ecf_sandbox.api.operation_names import operation_names
from ecf_sandbox.control.clock import shown_clock
from ecf_sandbox.control.har import as_har
from ecf_sandbox.control.matching import Match, read_match
from ecf_sandbox.control.operation import Long, Text, operation
from ecf_sandbox.control.perform import Json
from ecf_sandbox.control.problem import Problem, bad_request
from ecf_sandbox.dates.wire import instant_ms
from ecf_sandbox.state.archive import Ended
from ecf_sandbox.state.exchange_codec import Gap, exchange_json, gap_line
from ecf_sandbox.state.journal import RESTORE, Exchange
from ecf_sandbox.state.redact import redacted_target
from ecf_sandbox.state.redacted_exchange import credentials_of
from ecf_sandbox.state.world import World
from ecf_sandbox.state.worlds import Worlds
from ecf_sandbox.tools.explain.dry_run import Serve
from ecf_sandbox.tools.explain.written import Explainer

NEAR = 3
MOST_IN_ORDER = 200
USUAL_ORIGIN = "http://127.0.0.1:8000"

Operation = Annotated[
    str | None, "its operation, such as createDeclaration or 'v3 createDeclaration'; * and ? are wildcards"
]
Method = Annotated[str | None, "its method"]
Path = Annotated[str | None, "its path without the query; * and ? are wildcards"]
Status = Annotated[str | None, "its status, or a class such as 4xx"]
Rule = Annotated[str | None, "the id of a rule that refused it"]
Judged = Annotated[str | None, "the id of a rule that was asked about it"]
FindingCode = Annotated[str | None, "the code of a finding of the observer"]
ProviderName = Annotated[str | None, "the name of the lead provider that asked"]
Since = Annotated[datetime | None, "only exchanges from this moment on, in the world's time"]
Explained = Annotated[bool, "try what would have passed for each refusal, which takes some time"]
Until = Annotated[datetime | None, "only exchanges before this moment, in the world's time"]


@operation("GET", "/worlds/{world}/journal", command="journal list")
def list_exchanges(
    world: World,
    operation: Operation = None,
    method: Method = None,
    path: Path = None,
    status: Status = None,
    rule: Rule = None,
    judged: Judged = None,
    finding: FindingCode = None,
    provider: ProviderName = None,
    since: Since = None,
    until: Until = None,
    limit: Annotated[int, "how many exchanges to list, the newest"] = 100,
) -> Json:
    """List the matching exchanges of a world, the oldest first, each in a line. An unknown name is refused.

    `found` counts all that match; `dropped` counts older exchanges that the journal no longer keeps.
    """
    wanted = read_match(
        world,
        {
            "operation": operation,
            "method": method,
            "path": path,
            "status": status,
            "rule": rule,
            "judged": judged,
            "finding": finding,
            "provider": provider,
            "since": since,
            "until": until,
        },
    )
    found = [it for it in world.journal if wanted.fits(it)]
    shown = found[max(0, len(found) - limit) :] if limit > 0 else []
    return noting(world, operation) | {
        "found": len(found),
        "kept": len(world.journal),
        "dropped": world.journal.dropped,
        "exchanges": [exchange_summary(it) for it in shown],
    }


@operation("GET", "/worlds/{world}/journal/count", command="journal count")
def count_exchanges(
    world: World,
    operation: Operation = None,
    method: Method = None,
    path: Path = None,
    status: Status = None,
    rule: Rule = None,
    judged: Judged = None,
    finding: FindingCode = None,
    provider: ProviderName = None,
    since: Since = None,
    until: Until = None,
) -> Json:
    """Count the exchanges of a world that match."""
    wanted = read_match(
        world,
        {
            "operation": operation,
            "method": method,
            "path": path,
            "status": status,
            "rule": rule,
            "judged": judged,
            "finding": finding,
            "provider": provider,
            "since": since,
            "until": until,
        },
    )
    count = sum(1 for it in world.journal if wanted.fits(it))
    return noting(world, operation) | {"count": count, "dropped": world.journal.dropped}


@operation("GET", "/worlds/{world}/journal/{number}", command="journal show")
def show_exchange(world: World, number: Annotated[int, "the number of the exchange"]) -> Json:
    """Show one exchange: request, answer, server date, the rules judged, what changed."""
    return exchange_json(find(world, number))


@operation("POST", "/worlds/{world}/journal/verify", command="journal verify")
def verify(
    world: World,
    match: Annotated[dict[str, Any] | None, "conditions on the exchanges: operation, method, path, status, …"] = None,
    min_: Annotated[int | None, "at least this many must match; 1 if neither min nor max is given"] = None,
    max_: Annotated[int | None, "at most this many may match"] = None,
    order: Annotated[list[Any] | None, "several matches, in the order in which they must have come"] = None,
) -> Json:
    """Check whether the exchanges of a world are as expected. If none matches, the nearest are listed, and why not.

    A match has one or more of operation, method, path, status, rule (that refused), judged (a rule that was asked),
    finding, provider, since, until and body (a subset of the JSON that was sent).
    """
    if (match is None) is (order is None):
        raise bad_request(["give either match (with min and max) or order"])
    if problems := list(_wrong_counts(min_, max_, order)):
        raise bad_request(problems)
    exchanges = tuple(it for it in world.journal if not it.undone)
    if order is not None:
        return _verified_order(exchanges, [read_match(world, it, f"order[{at}]") for at, it in enumerate(order)])
    wanted = read_match(world, match, "match")
    found = [it for it in exchanges if wanted.fits(it)]
    least = 1 if min_ is None and max_ is None else min_ or 0
    verified = least <= len(found) <= (len(found) if max_ is None else max_)
    near = [] if found else nearest(exchanges, wanted)
    numbers = [it.number for it in found]
    answer = {"verified": verified, "count": len(found), "numbers": numbers, "near_misses": near}
    return noting(world, wanted.operation) | answer


@operation("POST", "/worlds/{world}/journal/undo", command="journal undo")
def undo(world: World) -> Json:
    """Undo the last write of a world: records and clock are as before it, and so is all that came after it.

    Where moving the clock made events happen, the whole move is undone, so that they happen again when time goes by
    again. What a restored snapshot took back is not undone a second time. Faults stay.
    """
    with world.lock:
        last = _last_standing_write(world)
        first = _whole_move(world, last)
        world.restore(first.before)
        world.journal.mark_undone(first.number)
    return {"undone": exchange_summary(last), "from": first.number, "clock": shown_clock(world.state.clock)}


@operation("POST", "/worlds/{world}/journal/{number}/rewind", command="journal rewind")
def rewind(world: World, number: Annotated[int, "the number of the exchange"]) -> Json:
    """Rewind a world to just before an exchange, its clock included.

    An event that a clock move made happen cannot be taken back alone: rewind to the clock move.
    """
    with world.lock:
        it = find(world, number)
        if it.undone:
            raise Problem("undone", 409, f"exchange {number} has been taken back already")
        if it.part_of is not None:
            detail = f"exchange {number} happened as the clock was moved: rewind to that, exchange {it.part_of}"
            raise Problem("part-of-clock-move", 409, detail)
        world.restore(it.before)
        count = world.journal.mark_undone(number)
    return {"before": number, "undone_writes": count}


def _last_standing_write(world: World) -> Exchange:
    for it in reversed(world.journal.standing()):
        if it is None:
            detail = f"what led to the snapshot that was restored is not in the journal{_last_move(world)}"
            raise Problem("restored-since", 409, detail)
        if it.wrote:
            return it
    raise Problem("nothing-to-undo", 409, f"there is no write in the journal to undo{_last_move(world)}")


def _whole_move(world: World, last: Exchange) -> Exchange:
    """The exchange itself, or the clock move that it belongs to."""
    if last.part_of is None:
        return last
    move = world.journal.get(last.part_of)
    if move is None:
        detail = (
            f"exchange {last.number} happened as the clock was moved by exchange {last.part_of}, which the journal no"
            " longer keeps: reset the world, restore a snapshot, or rewind to a later exchange with 'journal rewind'"
        )
        raise Problem("move-not-kept", 409, detail)
    return move


def _last_move(world: World) -> str:
    """That something else can be taken back, if there is such a thing."""
    moves = [it for it in world.journal if it.operation in ("clock", RESTORE) and not it.undone]
    if not moves:
        return ""
    return (
        f"; the clock was moved or a snapshot restored by exchange {moves[-1].number}: 'journal rewind' takes it back"
    )


@operation("DELETE", "/worlds/{world}/journal", command="journal clear")
def clear_journal(world: World) -> Json:
    """Delete the exchanges of a world. Its records stay as they are, and a report still has what was asked."""
    forgotten = len(world.journal)
    world.empty_journal(Ended.CLEARED)
    return {"forgotten": forgotten}


@operation(
    "GET",
    "/worlds/{world}/journal/export",
    command="journal export",
    media_types=("application/jsonl", "application/json"),
    takes_long=Long.HELP,
)
def export_journal(
    world: World,
    serve: Serve,
    format: Annotated[Literal["jsonl", "har"], "JSON, one exchange to a line, or an HTTP Archive (HAR 1.2)"] = "jsonl",
    explain: Explained = False,
) -> Text:
    """Export the journal of a world. Tokens are redacted.

    A refusal has the rules that refused it and the facts that they read; with `explain` also what would pass.
    A line of the format ecf-sandbox/gap counts older exchanges that the journal no longer keeps.
    """
    if format == "har":
        return Text("application/json", as_har(world.journal, USUAL_ORIGIN))
    return Text("application/jsonl", Explainer(serve if explain else None).lines(world) + _overflow(world))


@operation(
    "GET", "/journal/export", command="journal export-all", media_types=("application/jsonl",), takes_long=Long.HELP
)
def export_journals(worlds: Worlds, serve: Serve, explain: Explained = False) -> Text:
    """Export the journals of all worlds, one exchange to a line, with the name of its world. Tokens are redacted.

    A refusal has the rules that refused it and the facts that they read; with `explain` also what would pass.
    What was asked of worlds that were deleted, dropped, replaced, reset or cleared comes first, as far as it is kept:
    `ended` says which, and `life` counts those of one name. A line of the format ecf-sandbox/gap counts exchanges that
    are kept no longer.
    """
    return Text("application/jsonl", all_lines(worlds, Explainer(serve if explain else None)))


def all_lines(worlds: Worlds, explainer: Explainer) -> str:
    """The journals of all worlds, those that are no more first, one exchange to a line."""
    lines = [explainer.past_lines(worlds, it) for it in worlds.archive.every()]
    if lost := worlds.archive.lost:
        lines.append(
            gap_line(Gap(exchanges=lost, why=f"{_PAST} the newest {worlds.archive.capacity:,} are kept{_LESS}"))
        )
    lines += [explainer.lines(it, named=True) + _overflow(it) for it in worlds.every()]
    return "".join(lines)


@operation("GET", "/journal/past", command="journal past")
def list_past(worlds: Worlds) -> Json:
    """List what is kept for the report of worlds that were deleted, dropped, replaced, reset or cleared.

    At most `capacity` exchanges are kept, the newest; `lost` counts those that are kept no longer.
    """
    archive = worlds.archive
    ended = [
        {"world": it.world, "life": it.life, "ended": it.ended, "exchanges": len(it.exchanges)}
        for it in archive.every()
    ]
    return {"past": ended, "capacity": archive.capacity, "lost": archive.lost}


@operation("DELETE", "/journal/past", command="journal forget")
def forget_past(worlds: Worlds) -> Json:
    """Forget what is kept of worlds that were deleted, dropped, replaced, reset or cleared: a report begins anew."""
    return {"forgotten": worlds.archive.forget()}


_LESS = ", and less of large ones or where memory is short (serve --memory)"
_PAST = "of worlds that were deleted, dropped, replaced, reset or cleared,"


def _overflow(world: World) -> str:
    """A line for what the journal of a world had to let go; none if that is nothing."""
    journal = world.journal
    if not journal.overflowed:
        return ""
    why = f"a journal keeps the newest {journal.capacity:,} exchanges{_LESS}"
    return gap_line(Gap(exchanges=journal.overflowed, why=why, world=world.name))


def exchange_summary(it: Exchange) -> Json:
    """An exchange in one line of a list."""
    return {
        "number": it.number,
        "operation": it.operation,
        "method": it.method,
        "target": redacted_target(credentials_of(it).text(it.target)),
        "at": instant_ms(it.at),
        "moment": instant_ms(it.moment),
        "provider": it.provider,
        "status": it.status,
        "refused_by": [refusal.rule for refusal in it.refusals],
        "findings": [finding.code for finding in it.findings],
        "changes": len(it.changes),
        "undone": it.undone,
    }


def find(world: World, number: int) -> Exchange:
    """The exchange of that number; raises Problem, which says which are kept."""
    it = world.journal.get(number)
    if it is None:
        first, last = world.journal.dropped + 1, world.journal.count
        kept = f"the journal has {first} to {last}" if len(world.journal) else "the journal is empty"
        raise Problem("no-such-exchange", 404, f"there is no exchange {number}: {kept}")
    return it


def nearest(exchanges: Sequence[Exchange], wanted: Match) -> list[Json]:
    """The exchanges that differ least from a match, the newest first, each with its differences."""
    mismatches = [(list(wanted.mismatches(it)), it) for it in reversed(exchanges)]
    closest = islice(sorted(mismatches, key=lambda pair: len(pair[0])), NEAR)
    return [{**exchange_summary(it), "differences": differences} for differences, it in closest]


def _verified_order(exchanges: Sequence[Exchange], wanted: Sequence[Match]) -> Json:
    numbers: list[int] = []
    rest = list(exchanges)
    for at, it in enumerate(wanted):
        found = next((place for place, exchange in enumerate(rest) if it.fits(exchange)), None)
        if found is None:
            near = nearest(rest, it)
            return {"verified": False, "count": at, "numbers": numbers, "missing": at, "near_misses": near}
        numbers.append(rest[found].number)
        rest = rest[found + 1 :]
    return {"verified": True, "count": len(wanted), "numbers": numbers, "near_misses": []}


def _wrong_counts(least: int | None, most: int | None, order: object) -> Iterator[str]:
    if order is not None and (least is not None or most is not None):
        yield "min and max go with match, not with order"
    if isinstance(order, list) and len(order) > MOST_IN_ORDER:
        yield f"order has at most {MOST_IN_ORDER} matches, not {len(order):,}"
    for name, it in (("min", least), ("max", most)):
        if it is not None and it < 0:
            yield f"{name} must be at least 0, not {it}"
    if least is not None and most is not None and least > most:
        yield f"min must not be more than max, but {least} is more than {most}"


def noting(world: World, operation: str | None) -> Json:
    """What an answer says beside the rest where an operation was named as it was called before."""
    note = operation_names(world.service).former(operation) if operation else None
    return {"note": note} if note else {}
