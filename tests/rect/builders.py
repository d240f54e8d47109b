"""Turns on a small country, and the rows in it by name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from ecf_sandbox.rect.domain.declarations import Declaration
from ecf_sandbox.rect.domain.providers import LeadProvider
from ecf_sandbox.rect.domain.teachers import Teacher, TeacherType, TrainingPeriod
from ecf_sandbox.rect.editions import GUIDANCE
from ecf_sandbox.rect.queries.training import training_of
from ecf_sandbox.rect.records import Turn
from ecf_sandbox.rect.service import SERVICE
from ecf_sandbox.state.clock import Clock
from ecf_sandbox.state.editions import Edition
from ecf_sandbox.state.world import State, World
from tests.rect.machine.country import BEGINNING, LONG_AGO, beginning, id_of

NOON = datetime(2026, 5, 12, 12, tzinfo=UTC)


def a_world(edition: Edition = GUIDANCE) -> World:
    """The country, whose clock stands still at the beginning."""
    state = State(records=beginning(), clock=Clock(frozen_at=BEGINNING))
    return World("main", state, edition=edition, seed="tests", service=SERVICE)


@contextmanager
def a_turn(at: datetime = NOON, edition: Edition = GUIDANCE) -> Iterator[Turn]:
    """A turn on the country."""
    with a_world(edition).turn(at) as turn:
        yield turn


def provider(turn: Turn, name: str = "alpha") -> LeadProvider:
    """A lead provider."""
    return turn.records.lead_providers[name]


def person(turn: Turn, name: str) -> Teacher:
    """Somebody, as they are now."""
    return turn.records.teachers[id_of("person", name)]


def training(turn: Turn, name: str, kind: TeacherType = TeacherType.ECT) -> list[TrainingPeriod]:
    """All training of somebody, the earliest first."""
    return list(training_of(turn.records, id_of("person", name), kind))


def a_start(turn: Turn, name: str, at: datetime) -> Declaration:
    """That somebody started, declared for their first training; it is not saved."""
    return Declaration(
        id="made",
        training_period_id=training(turn, name)[0].id,
        declaration_type="started",
        declaration_date=at,
        created_at=LONG_AGO,
        updated_at=LONG_AGO,
    )


def happens(turn: Turn, event: str, **told: object) -> None:
    """Something that a school or the DfE does."""
    SERVICE.play(turn, event, told)
