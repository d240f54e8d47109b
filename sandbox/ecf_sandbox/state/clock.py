"""What time it is in a world: the only place that reads the machine's clock."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

from ecf_sandbox.state.record import Record

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def machine_now() -> datetime:
    """The machine's present, aware, UTC."""
    # Not `datetime.now(UTC)`: freezegun moves that by its `tz_offset`, and what is true is what `time.time()` says.
    return _EPOCH + timedelta(seconds=time.time())


class Clock(Record, frozen=True, kw_only=True):
    """How a world tells the time: real, frozen at an instant, or running from one.

    `shift` is what a running clock is ahead of the machine's; `frozen_at` stops it. All instants aware, UTC.
    """

    shift: timedelta = timedelta()
    frozen_at: datetime | None = None

    def now(self) -> datetime:
        """The world's present."""
        return self.frozen_at if self.frozen_at is not None else machine_now() + self.shift


REAL = Clock()


def frozen(at: datetime) -> Clock:
    """A clock that stands still."""
    return Clock(frozen_at=at)


def running_from(at: datetime) -> Clock:
    """A clock that shows `at` now and runs on."""
    return Clock(shift=at - machine_now())
