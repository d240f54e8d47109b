"""A world's clock: real, frozen, or running from an instant."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from freezegun import freeze_time

from ecf_sandbox.state.clock import REAL, frozen, running_from

AT = datetime(2022, 1, 10, 10, 42, tzinfo=UTC)


def test_a_frozen_clock_stands_still_whatever_the_machine_says():
    clock = frozen(AT)

    with freeze_time("1999-01-01"):
        assert clock.now() == AT


def test_a_running_clock_begins_at_its_instant_and_runs_on():
    with freeze_time("1999-01-01") as machine:
        clock = running_from(AT)
        machine.tick(timedelta(hours=2))

        assert clock.now() == AT + timedelta(hours=2)


def test_the_real_clock_honours_a_frozen_machine():
    with freeze_time("1999-01-01T10:00:00Z"):
        assert REAL.now() == datetime(1999, 1, 1, 10, tzinfo=UTC)
