"""Faults on purpose, and the limit on requests: what a world does to some requests in place of answering them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from fnmatch import fnmatchcase
from hashlib import sha256
from threading import Lock

from ecf_sandbox.state.ids import share
from ecf_sandbox.state.record import Record, replace


class Allowance(Record, frozen=True, kw_only=True):
    """How many requests each token has in a window of so many seconds; None: as many as it likes."""

    requests: int | None
    window: float = 300.0


class Fault(Record, frozen=True, kw_only=True):
    """One kind of trouble.

    It is given to requests whose operation (`v3 createDeclaration`) and path fit the patterns, with `probability`
    (0 to 1), at most `count` times if that is given; `operations` are those that the pattern means, none where it
    means any. `method` and `provider` bound it further. `status` answers in place of the sandbox; `latency` waits so
    many seconds first; `drop` closes the connection without an answer; `truncate` cuts the answer's body short.
    """

    id: str
    operation: str = "*"
    operations: tuple[str, ...] = ()
    path: str = "*"
    method: str | None = None
    provider: str | None = None
    probability: float = 1.0
    count: int | None = None
    status: int | None = None
    latency: float = 0.0
    drop: bool = False
    truncate: bool = False

    def fits(self, it: Struck) -> bool:
        """Whether such a request can get it."""
        known = it.operation in self.operations if self.operations else fnmatchcase(it.operation, self.operation)
        return (
            known
            and any(fnmatchcase(path, self.path) for path in it.paths)
            and self.method in (None, it.method)
            and (self.provider is None or self.provider == it.provider())
        )


class Struck(Record, frozen=True, kw_only=True):
    """A request that may get a fault. `paths` are its spellings; `provider` looks up who asks, None if nobody does."""

    operation: str
    paths: tuple[str, ...]
    method: str = ""
    provider: Callable[[], str | None] = lambda: None


class Faults:
    """The faults of one world, in the order in which they were set; the first that fits strikes."""

    def __init__(self, seed: str) -> None:
        self._seed = seed
        self._faults: dict[str, Fault] = {}
        self._drawn = 0
        self._made = 0
        self._lock = Lock()

    def __bool__(self) -> bool:
        return bool(self._faults)

    def all(self) -> list[Fault]:
        """Every fault that is still set."""
        with self._lock:
            return list(self._faults.values())

    def copy(self) -> Faults:
        """The same faults for another world, with what is left of their counts."""
        other = Faults(self._seed)
        with self._lock:
            other._faults, other._made, other._drawn = dict(self._faults), self._made, self._drawn
        return other

    def set(self, fault: Fault) -> Fault:
        """Set a fault; without an id it gets the next one (`fault-1`)."""
        with self._lock:
            if not fault.id:
                self._made += 1
                fault = replace(fault, id=f"fault-{self._made}")
            self._faults[fault.id] = fault
            return fault

    def clear(self, id: str | None = None) -> bool:
        """Take back one fault, or all; whether there was any."""
        with self._lock:
            gone = list(self._faults) if id is None else [it for it in self._faults if it == id]
            for it in gone:
                del self._faults[it]
            return bool(gone)

    def strike(self, request: Struck) -> Fault | None:
        """The fault that a request gets, if any. Chance is drawn from the world's seed."""
        with self._lock:
            for fault in list(self._faults.values()):
                if fault.fits(request) and self._drawn_below(fault.probability):
                    self._use_up(fault)
                    return fault
        return None

    def _drawn_below(self, probability: float) -> bool:
        if probability >= 1:
            return True
        self._drawn += 1
        return share(f"{self._seed}/fault", self._drawn) < probability

    def _use_up(self, fault: Fault) -> None:
        if fault.count is None:
            return
        if fault.count <= 1:
            del self._faults[fault.id]
        else:
            self._faults[fault.id] = replace(fault, count=fault.count - 1)


WINDOW = 300  # seconds
_MOST_KEPT = 1000
_LONG = 200


class RateLimit:
    """At most so many requests with one header in each window (five minutes), aligned to the Unix epoch.

    Windows are fixed, not rolling, and those of the pretended time: requests with another server date count in
    another window. The header counts as it is written, whether its token is known or not.
    Source: behaviour/http-and-partnerships.md#b17.
    """

    def __init__(self) -> None:
        self._counts: dict[tuple[str, int], int] = {}
        self._lock = Lock()

    def exceeded(self, authorization: str, at: datetime, limit: int, window: float = WINDOW) -> bool:
        """Count one more request, and say whether it is one too many."""
        if len(authorization) > _LONG:  # told apart as well by this, which is short
            authorization = sha256(authorization.encode(errors="surrogatepass")).hexdigest()
        key = (authorization, int(at.timestamp() // window))
        with self._lock:
            count = self._counts[key] = self._counts.get(key, 0) + 1
            if len(self._counts) > _MOST_KEPT:
                del self._counts[next(iter(self._counts))]
        return count > limit

    def clear(self) -> None:
        """Count anew."""
        with self._lock:
            self._counts.clear()
