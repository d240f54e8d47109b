"""Moments by name: what has fallen due when the clock is moved to one."""

from __future__ import annotations

from datetime import UTC, datetime

from ecf_sandbox.control.clock import advance_clock
from ecf_sandbox.rect.queries.moments import named_moments
from tests.rect.explain.asking import NOW, Explained


def moments() -> dict[str, datetime]:
    return {it.name: it.at for it in named_moments(Explained().world.state.records, NOW)}


def test_days_are_those_of_the_united_kingdom():
    assert moments()["statement:2026-8:payment"] == datetime(2026, 8, 24, 23, tzinfo=UTC)
    assert moments()["milestone:started:start:2026"] == datetime(2026, 5, 31, 23, tzinfo=UTC)


def test_the_next_one_is_the_first_of_its_kind():
    ahead = moments()

    assert ahead["statement:next:cut-off"] == min(it for name, it in ahead.items() if name.endswith(":cut-off"))
    assert all(it > NOW for it in ahead.values())


def test_a_statement_is_payable_at_its_cut_off_and_paid_at_its_payment():
    client = Explained()
    client.send("POST", "/api/v3/participant-declarations", "participant-declaration", **declaration(client))
    statement = client.id("statements.Ambition Institute.2025.2026-8")

    advance_clock(client.world, to="statement:2026-8:cut-off")
    assert client.world.state.records.statements[statement].status == "payable"

    advance_clock(client.world, to="statement:2026-8:payment")
    assert client.world.state.records.statements[statement].status == "paid"


def declaration(client: Explained) -> dict[str, str]:
    return {
        "participant_id": client.id("people.Hannah Boyle"),
        "declaration_type": "retained-1",
        "declaration_date": "2026-01-10T10:00:00Z",
        "course_identifier": "ecf-induction",
        "evidence_held": "other",
    }
