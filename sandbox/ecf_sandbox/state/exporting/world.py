"""A world as a document: what it holds now, its clock, edition and ids; its journal and snapshots stay behind."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from ecf_sandbox import __version__
from ecf_sandbox.ecf.editions import EDITIONS, SWITCHES, Edition, switches, with_switches
from ecf_sandbox.state.clock import Clock
from ecf_sandbox.state.exporting.problems import BadExport, unknown
from ecf_sandbox.state.exporting.records import plain_records, records_of
from ecf_sandbox.state.record import Record, plain
from ecf_sandbox.state.world import State, World

FORMAT = "ecf-sandbox/world"
VERSION = 1

Moment = Annotated[datetime, Meta(tz=True)]


class Document(Record, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The members of an export, version 1. Moments are RFC 3339, UTC; `clock_shift` is in seconds."""

    format: str
    version: int
    sandbox: str
    scenario: str
    seed: str
    edition: str
    switches: dict[str, bool]
    clock_frozen_at: Moment | None
    clock_shift: float
    ids_taken: Annotated[int, Meta(ge=0)]
    stamped: Moment | None
    records: dict[str, Any]


def plain_world(world: World) -> dict[str, Any]:
    """The document of a world, ready for JSON."""
    state = world.state
    document = Document(
        format=FORMAT,
        version=VERSION,
        sandbox=__version__,
        scenario=world.scenario,
        seed=world.seed,
        edition=world.edition.name.partition("+")[0],
        switches=switches(world.edition),
        clock_frozen_at=state.clock.frozen_at,
        clock_shift=state.clock.shift.total_seconds(),
        ids_taken=state.ids_taken,
        stamped=state.stamped,
        records=plain_records(state.records),
    )
    written: dict[str, Any] = plain(document)
    return written


def world_of_document(plain: object, name: str) -> World:
    """A world that begins as the document says; raises BadExport with everything that is wrong with it."""
    document = _read(plain)
    state = State(
        records=records_of(document.records),
        clock=_clock(document),
        ids_taken=document.ids_taken,
        stamped=_in_utc("stamped", document.stamped),
    )
    return World(name, state, edition=_edition(document), seed=document.seed, scenario=document.scenario)


def _read(plain: object) -> Document:
    if not isinstance(plain, Mapping) or plain.get("format") != FORMAT:
        raise BadExport([f"this is no exported world: its member format is not {FORMAT!r}"])
    if plain.get("version") != VERSION:
        raise BadExport([f"version: {plain.get('version')!r} is not known here; this sandbox reads version {VERSION}"])
    try:
        return msgspec.convert(plain, Document)
    except msgspec.ValidationError as wrong:
        raise BadExport([str(wrong)]) from None


def _clock(document: Document) -> Clock:
    frozen_at = _in_utc("clock_frozen_at", document.clock_frozen_at)
    try:
        clock = Clock(shift=timedelta(seconds=document.clock_shift), frozen_at=frozen_at)
        clock.now()
    except (OverflowError, ValueError):  # ValueError: no number at all
        raise BadExport([f"clock_shift: {document.clock_shift!r} leads beyond the calendar"]) from None
    return clock


def _in_utc(member: str, at: datetime | None) -> datetime | None:
    try:
        return None if at is None else at.astimezone(UTC)
    except OverflowError:
        raise BadExport([f"{member}: beyond the calendar"]) from None


def _edition(document: Document) -> Edition:
    problems = [unknown("switches", it, SWITCHES) for it in document.switches if it not in SWITCHES]
    if document.edition not in EDITIONS:
        problems.append(unknown("edition", document.edition, EDITIONS))
    if problems:
        raise BadExport(problems)
    return with_switches(EDITIONS[document.edition], document.switches)
