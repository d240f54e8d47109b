"""Worlds and their records as plain values, to write out and to read back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from ecf_sandbox import __version__
from ecf_sandbox.state.clock import Clock
from ecf_sandbox.state.editions import Edition, with_switches
from ecf_sandbox.state.ids import LONGEST_SEED, least_taken
from ecf_sandbox.state.record import Record, plain, replace
from ecf_sandbox.state.records import Records
from ecf_sandbox.state.service import Service
from ecf_sandbox.state.table import Table
from ecf_sandbox.state.world import State, World
from ecf_sandbox.suggest import did_you_mean

SHOWN = 50


class BadExport(ValueError):
    """An export that cannot be read. Carries every problem, each with its place; nothing has been changed."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        more = f"\nand {len(problems) - SHOWN} more" if len(problems) > SHOWN else ""
        super().__init__("\n".join(problems[:SHOWN]) + more)


def unknown(place: str, found: str, known: Iterable[str]) -> str:
    """That a name is not known, with the one that it looks like."""
    return f"{place}: unknown {did_you_mean(found, sorted(known))}"


Plain = dict[str, Any]


def plain_records(records: Records) -> Plain:
    """`{"rows": {table: [row, …]}, "order": {table: [{"index", "keys"}, …]}}`, rows in the order of their keys.

    `order` holds only the groups whose order is not that of the keys; moments are RFC 3339, UTC.
    """
    rows = {name: plain(list(getattr(records, name))) for name in records.TABLES.values()}
    order = {name: groups for name in records.TABLES.values() if (groups := list(_unsorted(getattr(records, name))))}
    return {"rows": rows, "order": order}


def records_of(plain: object, empty: Records) -> Records:
    """The records that were written down, in the tables of those `empty` ones; raises BadExport with all problems."""
    problems: list[str] = []
    types = {table: row_type for row_type, table in empty.TABLES.items()}
    members = _mapping(plain, "records", {"rows", "order"}, problems)
    tables = _mapping(members.get("rows", {}), "records.rows", types.keys(), problems)
    read = [row for name, it in tables.items() for row in _rows(types[name], getattr(empty, name), name, it, problems)]
    if problems:
        raise BadExport(problems)
    records = empty.save(*read)
    problems += _gaps(records)
    arranged = _arranged(records, members.get("order", {}), problems)
    if problems:
        raise BadExport(problems)
    return arranged


def ids_of(records: Records) -> frozenset[str]:
    """The ids of all rows that have one."""
    tables = (name for row_type, name in records.TABLES.items() if "id" in row_type.__struct_fields__)
    return frozenset(row.id for name in tables for row in getattr(records, name))


def _unsorted(table: Any) -> Iterator[Plain]:
    for index, keys in table.groups():
        if list(keys) != sorted(keys):
            yield {"index": index, "keys": list(keys)}


def _rows(
    row_type: type[Record], table: Table[Any, Any], name: str, given: object, problems: list[str]
) -> Iterator[Record]:
    seen = set()
    if not isinstance(given, list):
        problems.append(f"records.rows.{name}: a list is expected")
        return
    known = set(row_type.__struct_fields__)
    for at, it in enumerate(given):
        place = f"records.rows.{name}[{at}]"
        if isinstance(it, dict):
            problems += _strangers(place, sorted(map(str, it.keys() - known)), known)
        try:
            row = msgspec.convert(it, row_type)
        except msgspec.ValidationError as wrong:
            problems.append(f"{place}: {wrong}")
            continue
        problems += (f"{place}: {it} has no time zone" for it in _naive(row))
        if (key := table.key_of(row)) in seen:
            problems.append(f"{place}: there is another with the key {key!r}")
        seen.add(key)
        problems += (f"{place}: {it} is beyond the calendar" for it in _beyond(row))
        yield row if problems else _in_utc(row)


def _moments(row: Record) -> Iterator[tuple[str, datetime]]:
    for member in row.__struct_fields__:
        if isinstance(value := getattr(row, member), datetime):
            yield member, value


def _naive(row: Record) -> list[str]:
    return [member for member, at in _moments(row) if at.tzinfo is None]


def _beyond(row: Record) -> Iterator[str]:
    """The moments whose zone takes them out of the years that there are."""
    for member, at in _moments(row):
        try:
            if at.tzinfo:
                at.astimezone(UTC)
        except OverflowError:
            yield member


def _in_utc(row: Record) -> Record:
    # Answers show moments as they are written, so one of another time zone would be shown wrong.
    moved = {member: at.astimezone(UTC) for member, at in _moments(row) if at.tzinfo and at.utcoffset()}
    return replace(row, **moved) if moved else row


def _gaps(records: Records) -> Iterator[str]:
    for row_type, name in records.TABLES.items():
        members = row_type.__struct_fields__
        links = [(it, records.REFERS_TO[it]) for it in members if it in records.REFERS_TO]
        for row in getattr(records, name) if links else ():
            for member, other in links:
                key = getattr(row, member)
                if key is not None and key not in getattr(records, other):
                    yield f"records.rows.{name}: {member} {key!r} is not in {other}"


def _arranged(records: Records, order: object, problems: list[str]) -> Records:
    tables: dict[str, Any] = {}
    for name, groups in _mapping(order, "records.order", records.TABLES.values(), problems).items():
        for at, group in enumerate(groups if isinstance(groups, list) else [groups]):
            place = f"records.order.{name}[{at}]"
            try:
                table = tables.get(name) or getattr(records, name)
                tables[name] = table.arranged(group["index"], tuple(group["keys"]))
            except (AttributeError, KeyError, TypeError, ValueError) as wrong:
                problems.append(f"{place}: {wrong}")
    return records.with_tables(tables)


def _mapping(value: object, place: str, known: Any, problems: list[str]) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        problems.append(f"{place}: names and values are expected")
        return {}
    problems += _strangers(place, [str(it) for it in value if it not in known], known)
    return {name: it for name, it in value.items() if name in known}


def _strangers(place: str, names: Sequence[str], known: Iterable[str]) -> Iterator[str]:
    """That these names are not known; no more are compared with those that are than somebody reads."""
    yield from (unknown(place, it, known) for it in names[:SHOWN])
    if len(names) > SHOWN:
        yield f"{place}: {len(names) - SHOWN:,} more are unknown"


FORMAT = "ecf-sandbox/world"
VERSION = 1

# What every reader of JSON reads as it is written (RFC 8259, 6).
MOST_IDS = 2**53
_LONGEST_NAME = 1000  # of a scenario, in characters
Moment = Annotated[datetime, Meta(tz=True)]


class ExportDocument(Record, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The members of an export, version 1. Moments are RFC 3339, UTC; `clock_shift` is in seconds.

    Older exports have no `service`, and are of whichever they are read for.
    """

    format: str
    version: int
    sandbox: str
    service: str | None = None
    scenario: Annotated[str, Meta(max_length=_LONGEST_NAME)]
    seed: Annotated[str, Meta(max_length=LONGEST_SEED)]
    edition: str
    switches: dict[str, bool]
    clock_frozen_at: Moment | None
    clock_shift: float
    ids_taken: Annotated[int, Meta(ge=0, le=MOST_IDS)]
    stamped: Moment | None
    records: dict[str, Any]


def plain_world(world: World) -> dict[str, Any]:
    """The document of a world, ready for JSON."""
    state = world.state
    document = ExportDocument(
        format=FORMAT,
        version=VERSION,
        sandbox=__version__,
        service=world.service.name,
        scenario=world.scenario,
        seed=world.seed,
        edition=world.edition.name.partition("+")[0],
        switches=dict(world.edition.switches),
        clock_frozen_at=state.clock.frozen_at,
        clock_shift=state.clock.shift.total_seconds(),
        ids_taken=state.ids_taken,
        stamped=state.stamped,
        records=plain_records(state.records),
    )
    written: dict[str, Any] = plain(document)
    return written


def world_of_document(plain: object, name: str, service: Service) -> World:
    """A world that begins as the document says; raises BadExport with everything that is wrong with it."""
    document = _read(plain)
    if document.service not in (None, service.name):
        raise BadExport([f"service: it is a world of {document.service!r}, not of {service.name!r}"])
    records = records_of(document.records, service.records_type())
    ids = ids_of(records)
    least = least_taken(document.seed, ids)
    if document.ids_taken < least:
        raise BadExport(
            [f"ids_taken: {document.ids_taken} would give ids again that rows have; it is at least {least}"]
        )
    state = State(
        records=records,
        clock=_clock(document),
        ids_taken=document.ids_taken,
        stamped=_moment_in_utc("stamped", document.stamped),
    )
    world = World(
        name,
        state,
        service=service,
        edition=_edition(document, service),
        seed=document.seed,
        scenario=document.scenario,
    )
    world.foreign_ids = ids
    return world


def _read(plain: object) -> ExportDocument:
    if not isinstance(plain, Mapping) or plain.get("format") != FORMAT:
        raise BadExport([f"this is no exported world: its member format is not {FORMAT!r}"])
    if plain.get("version") != VERSION:
        raise BadExport([f"version: {plain.get('version')!r} is not known here; this sandbox reads version {VERSION}"])
    try:
        return msgspec.convert(plain, ExportDocument)
    except msgspec.ValidationError as wrong:
        raise BadExport([str(wrong)]) from None


def _clock(document: ExportDocument) -> Clock:
    frozen_at = _moment_in_utc("clock_frozen_at", document.clock_frozen_at)
    try:
        clock = Clock(shift=timedelta(seconds=document.clock_shift), frozen_at=frozen_at)
        clock.now()
    except (OverflowError, ValueError):  # ValueError: no number at all
        raise BadExport([f"clock_shift: {document.clock_shift!r} is out of range"]) from None
    return clock


def _moment_in_utc(member: str, at: datetime | None) -> datetime | None:
    try:
        return None if at is None else at.astimezone(UTC)
    except OverflowError:
        raise BadExport([f"{member}: beyond the calendar"]) from None


def _edition(document: ExportDocument, service: Service) -> Edition:
    strange = [it for it in document.switches if it not in service.switches]
    problems = list(_strangers("switches", strange, service.switches))
    if document.edition not in service.editions:
        problems.append(unknown("edition", document.edition, service.editions))
    if problems:
        raise BadExport(problems)
    return with_switches(service.editions[document.edition], document.switches)
