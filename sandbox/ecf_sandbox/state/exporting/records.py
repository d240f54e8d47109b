"""Records as plain values: the rows of each table, and the order that its indexes keep them in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec

from ecf_sandbox.state.exporting.problems import BadExport, unknown
from ecf_sandbox.state.record import Record, plain, replace
from ecf_sandbox.state.records import TABLES, Records

# Which table a member of a row names a key of. Every one must exist, or a list would stumble over the gap later.
REFERS_TO: dict[str, str] = {
    "cohort": "cohorts",
    "schedule_id": "schedules",
    "provider_id": "providers",
    "delivery_partner_id": "delivery_partners",
    "school_id": "schools",
    "school_cohort_id": "school_cohorts",
    "programme_id": "programmes",
    "default_programme_id": "programmes",
    "partnership_id": "partnerships",
    "user_id": "users",
    "mentor_user_id": "users",
    "identity_id": "identities",
    "preferred_identity_id": "identities",
    "training_record_id": "training_records",
    "mentor_record_id": "training_records",
    "declaration_id": "declarations",
    "superseded_by_id": "declarations",
    "statement_id": "statements",
}
_TYPES = {table: row_type for row_type, table in TABLES.items()}

Plain = dict[str, Any]


def plain_records(records: Records) -> Plain:
    """`{"rows": {table: [row, …]}, "order": {table: [{"index", "keys"}, …]}}`, rows in the order of their keys.

    `order` holds only the groups whose order is not that of the keys; moments are RFC 3339, UTC.
    """
    rows = {name: plain(list(getattr(records, name))) for name in TABLES.values()}
    order = {name: groups for name in TABLES.values() if (groups := list(_unsorted(getattr(records, name))))}
    return {"rows": rows, "order": order}


def records_of(plain: object) -> Records:
    """The records that were written down; raises BadExport with everything that is wrong."""
    problems: list[str] = []
    members = _mapping(plain, "records", {"rows", "order"}, problems)
    tables = _mapping(members.get("rows", {}), "records.rows", _TYPES.keys(), problems)
    read = {name: list(_rows(name, given, problems)) for name, given in tables.items() if name in _TYPES}
    if problems:
        raise BadExport(problems)
    records = Records().save(*(row for rows in read.values() for row in rows))
    problems += _gaps(records)
    arranged = _arranged(records, members.get("order", {}), problems)
    if problems:
        raise BadExport(problems)
    return arranged


def _unsorted(table: Any) -> Iterator[Plain]:
    for index, keys in table.groups():
        if list(keys) != sorted(keys):
            yield {"index": index, "keys": list(keys)}


def _rows(name: str, given: object, problems: list[str]) -> Iterator[Record]:
    row_type, seen = _TYPES[name], set()
    if not isinstance(given, list):
        problems.append(f"records.rows.{name}: a list is expected")
        return
    known = set(row_type.__struct_fields__)
    table = getattr(Records(), name)
    for at, it in enumerate(given):
        place = f"records.rows.{name}[{at}]"
        if isinstance(it, dict):
            problems += (unknown(place, member, known) for member in it.keys() - known)
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
    for row_type, name in TABLES.items():
        links = [(member, REFERS_TO[member]) for member in row_type.__struct_fields__ if member in REFERS_TO]
        for row in getattr(records, name) if links else ():
            for member, other in links:
                key = getattr(row, member)
                if key is not None and key not in getattr(records, other):
                    yield f"records.rows.{name}: {member} {key!r} is in no row of {other}"


def _arranged(records: Records, order: object, problems: list[str]) -> Records:
    tables: dict[str, Any] = {}
    for name, groups in _mapping(order, "records.order", _TYPES.keys(), problems).items():
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
    problems += (unknown(place, str(it), known) for it in value if it not in known)
    return {name: it for name, it in value.items() if name in known}
