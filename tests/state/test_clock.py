"""A world's clock: real, frozen, or running from an instant."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta, timezone

import pytest
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


ELEVEN = datetime(1999, 1, 1, 11, 0, 0, 123456, tzinfo=UTC)
FROZEN = {
    "an hour ahead of UTC": {"tz_offset": 1},
    "behind UTC": {"tz_offset": -4},
    "a part of an hour": {"tz_offset": timedelta(hours=5, minutes=45)},
    "running on": {"tz_offset": 1, "tick": True},
    "as it is": {},
}


@pytest.mark.parametrize("how", FROZEN.values(), ids=FROZEN.keys())
@pytest.mark.parametrize(
    "at",
    [
        ELEVEN,
        ELEVEN.astimezone(timezone(timedelta(hours=2))),
        "1999-01-01T11:00:00.123456Z",
        ELEVEN.replace(tzinfo=None),
    ],
    ids=["UTC", "another offset", "text", "no offset"],
)
def test_the_real_clock_is_what_the_machine_counts_whatever_its_time_zone(at, how):
    with freeze_time(at, **how):
        assert timedelta() <= REAL.now() - ELEVEN < timedelta(seconds=5)
        assert abs(REAL.now().timestamp() - time.time()) < 5


def test_a_running_clock_is_right_in_any_time_zone_of_the_machine():
    clock = None
    with freeze_time(ELEVEN, tz_offset=3):
        clock = running_from(AT)
    with freeze_time(ELEVEN + timedelta(hours=1), tz_offset=-3):
        assert clock.now() == AT + timedelta(hours=1)


def test_the_real_clock_follows_a_machine_that_is_moved():
    with freeze_time("1999-01-01T10:00:00Z", tz_offset=1) as machine:
        machine.move_to("2001-02-03T04:05:06+02:00")
        moved = REAL.now()
        machine.tick(timedelta(minutes=90))
        with freeze_time("2010-01-01", tz_offset=-2):
            nested = REAL.now()

        assert moved == datetime(2001, 2, 3, 2, 5, 6, tzinfo=UTC)
        assert nested == datetime(2010, 1, 1, tzinfo=UTC)
        assert REAL.now() == moved + timedelta(minutes=90)


TICKING = """
from datetime import timedelta
from freezegun import freeze_time
from ecf_sandbox.state.clock import REAL

with freeze_time("1999-01-01T10:00:00Z", auto_tick_seconds=15, tz_offset=1):
    first, second = REAL.now(), REAL.now()
    assert (first.hour, second - first) == (10, timedelta(seconds=15)), (first, second)
"""


@pytest.mark.slow
def test_the_real_clock_ticks_by_itself_where_the_machine_does():
    # In a process of its own: here a thread that another test left may look at the clock as well, which ticks then.
    ran = subprocess.run([sys.executable, "-c", TICKING], capture_output=True, text=True)

    assert (ran.returncode, ran.stderr) == (0, "")
