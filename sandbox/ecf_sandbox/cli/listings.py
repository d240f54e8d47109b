"""What each command that lists shows in its table, read from the JSON that it prints with `--json`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ecf_sandbox.cli.tables import Column, Table, with_short_ids

Json = Mapping[str, Any]
FIRST = "people"  # among the names of a world: they are what one looks for, and there are more statements than people

EXCHANGES = (
    Column("NO", right=True),
    Column("AT"),
    Column("STATUS", right=True),
    Column("REQUEST", least=28, middle=True, shorten=with_short_ids),
    Column("REFUSED BY, FOUND", least=18),
    Column("CHANGES", right=True, optional=True),
    Column("PROVIDER", least=10, optional=True),
)


def worlds(document: Json) -> Table:
    """The worlds of a server."""
    notes = []
    if document["dropped"]:
        named = ", ".join(document["last_dropped"])
        notes.append(f"Dropped: {document['dropped']}, the newest: {named}. At most {document['limit']} are kept.")
    if memory := document.get("memory"):  # of a server of an earlier version there is none
        notes.append(_memory(memory))
    return Table([Column("NAME", least=20)], [[it] for it in document["worlds"]], "No worlds.", notes)


def _memory(it: Json) -> str:
    held = f"Journals and lists: {it['held'] / 2**20:.0f} of {it['budget'] / 2**20:.0f} MB."
    if not it["dropped_exchanges"] and not it["dropped_lists"]:
        return held
    gone = f"{it['dropped_exchanges']} exchanges and {it['dropped_lists']} lists were dropped for want of room"
    return f"{held} The oldest {gone}; serve --memory gives more."


def names(document: Json) -> Table:
    """The names of a world, people first."""
    pairs = sorted(document["names"].items(), key=lambda it: it[0].partition(".")[0] != FIRST)
    columns = [Column("NAME", least=20, middle=True), Column("ID", least=36)]
    return Table(columns, [[name, str(id)] for name, id in pairs], "No names.")


def past(document: Json) -> Table:
    """The worlds that are no more, or were emptied."""
    columns = [
        Column("WORLD", least=12, middle=True),
        Column("LIFE", right=True),
        Column("ENDED"),
        Column("EXCHANGES", right=True),
    ]
    rows = [[it["world"], str(it["life"]), it["ended"], str(it["exchanges"])] for it in document["past"]]
    notes = []
    if document["lost"]:
        notes.append(f"{document['lost']} exchanges are no longer kept: the newest {document['capacity']} are.")
    return Table(columns, rows, "Nothing of the past is kept.", notes)


def snapshots(document: Json) -> Table:
    """The snapshots of a world."""
    return Table([Column("NAME", least=20)], [[it] for it in document["snapshots"]], "No snapshots.")


def moments(document: Json) -> Table:
    """The named moments ahead."""
    rows = [[it["at"], it["name"]] for it in document["moments"]]
    return Table([Column("AT"), Column("NAME", least=20, middle=True)], rows, "No named moment lies ahead.")


def events(document: Json) -> Table:
    """The events, without their arguments, each with the first paragraph of what it means."""
    rows = [[it["name"], it["summary"].partition("\n\n")[0]] for it in document["events"]]
    note = "The arguments of one: ecf-sandbox event show NAME"
    return Table([Column("NAME", least=20), Column("WHAT HAPPENS", least=30)], rows, "No events.", [note])


def faults(document: Json) -> Table:
    """The faults of a world."""
    columns = [
        Column("ID"),
        Column("OPERATION", least=12),
        Column("PATH", least=12),
        Column("DOES", least=12),
        Column("LEFT", right=True),
        Column("PROBABILITY", right=True, optional=True),
    ]
    rows = [
        [
            it["id"],
            it["operation"],
            it["path"],
            _trouble(it),
            "any" if it["count"] is None else str(it["count"]),
            f"{it['probability']:g}",
        ]
        for it in document["faults"]
    ]
    return Table(columns, rows, "No faults.")


def exchanges(document: Json) -> Table:
    """The exchanges of a journal."""
    rows = [exchange(it) for it in document["exchanges"]]
    notes = []
    if document["found"] > len(rows):
        notes.append(f"The newest {len(rows)} of {document['found']}; --limit shows more.")
    if document["dropped"]:
        notes.append(f"The {document['dropped']} oldest exchanges are no longer kept.")
    return Table(EXCHANGES, rows, "No exchanges.", notes)


def exchange(it: Json) -> list[str]:
    """One exchange as a row below `EXCHANGES`."""
    why = ["undone"] * it["undone"] + it["refused_by"] + it["findings"]
    return [
        str(it["number"]),
        it["at"][:19].replace("T", " "),
        str(it["status"] or ""),
        f"{it['method']} {_shown_target(it['target'])}" if it["method"] else it["operation"],
        ", ".join(why),
        str(it["changes"] or ""),
        it["provider"] or "",
    ]


LISTINGS: Mapping[str, Callable[[Json], Table]] = {
    "world list": worlds,
    "world names": names,
    "snapshot list": snapshots,
    "clock moments": moments,
    "event list": events,
    "journal list": exchanges,
    "journal past": past,
    "fault list": faults,
}


def _trouble(fault: Json) -> str:
    does = [
        f"waits {fault['latency']:g} s" if fault["latency"] else "",
        f"answers {fault['status']}" if fault["status"] else "",
        "drops the connection" if fault["drop"] else "",
        "cuts the answer off" if fault["truncate"] else "",
    ]
    return ", ".join(it for it in does if it)


def _shown_target(target: str) -> str:
    from ecf_sandbox.state.redact import redacted_query

    path, mark, query = target.partition("?")
    return path + mark + redacted_query(query)
