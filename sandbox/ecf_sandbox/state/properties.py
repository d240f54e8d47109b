"""What a client is tried with, and what it is held against: happenings, what it knows, and what must hold of that."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeVar

from ecf_sandbox.state.ids import share
from ecf_sandbox.state.journal import Exchange
from ecf_sandbox.state.record import Record

if TYPE_CHECKING:
    from ecf_sandbox.state.world import World

T = TypeVar("T")
# Rows by id: `{"21ae…": {"full_name": "Jane Smith"}}`; and such rows by the name of their list.
Rows = Mapping[str, Mapping[str, Any]]
Lists = Mapping[str, Rows]
Kind = Literal["event", "request", "time", "fault"]


class Choose(Protocol):
    """Draws one of several options, of which the first are the plainest: by a seed, or as Hypothesis does."""

    def __call__(self, options: Sequence[T], /) -> T: ...


class Seeded:
    """Draws by a seed: equal seeds draw alike."""

    def __init__(self, seed: str) -> None:
        self._seed = seed
        self._drawn = 0

    def __call__(self, options: Sequence[T], /) -> T:
        """One of the options, each as likely as the others."""
        self._drawn += 1
        return options[int(share(self._seed, self._drawn) * len(options))]


class Happening(Record, frozen=True, kw_only=True):
    """One thing that happens at the present of a world: a plain value, which goes to JSON and back.

    An `event` (`name`, `told`), a `request` of another client than the one that is tried (`by`, `method`, `target`,
    `body`), `time` that passes (`told` as `clock advance` takes it), or a `fault` of the network for the next request
    (`told` as `fault set` takes it). Ids are written as names, `${people.Jane Smith}`, so that a happening means the
    same in a history from which others were left out.
    """

    kind: Kind
    name: str = ""
    told: Mapping[str, Any] = {}
    by: str = ""
    method: str = ""
    target: str = ""
    body: Any = None


class Draw(Protocol):
    """Draws what may happen in a world now, beside what its `client` does; None where what was drawn does not fit."""

    def __call__(self, world: World, client: str, choose: Choose) -> Happening | None: ...


class Request(Record, frozen=True, kw_only=True):
    """A request of a client: its operation without the version, method, target and document."""

    operation: str
    method: str
    target: str
    body: Any = None


class Somebody(Record, frozen=True, kw_only=True):
    """Somebody whom a client knows: by id and name, with one course and the record of it."""

    id: str
    name: str
    course: str
    training_record_id: str


class Unsound(Record, frozen=True, kw_only=True):
    """A request that a rule must refuse, and no other but those that the service always names `beside` it."""

    request: Request
    rule: str
    beside: tuple[str, ...] = ()


class Evidence(Record, frozen=True, kw_only=True):
    """What a client is judged by, after it synchronised without any trouble.

    `known` is what it knows, of which any part may be missing; `shown` what the API shows it now; `exchanges` its own,
    and `turns` the numbers of those with which it began anew, whatever had become of the last time.
    After a sync of what has changed, `caught_up` has for each row every value that a client may hold which kept all
    that it was shown and asked for what changed since, `required` the rows among them that it has to know (None: all
    that are still shown), and `seen` all that it was ever shown; `caught_up` is None after a sync of everything.
    """

    known: Lists
    shown: Lists
    exchanges: Sequence[Exchange] = ()
    turns: Collection[int] = ()
    caught_up: Mapping[str, Mapping[str, Sequence[Mapping[str, Any]]]] | None = None
    required: Mapping[str, Collection[str]] | None = None
    seen: Mapping[str, Collection[str]] = {}


class Invariant(Record, frozen=True, kw_only=True):
    """What must hold of every client: a stable id, a sentence, and what finds where it does not, a sentence each."""

    id: str
    sentence: str
    judge: Callable[[Evidence], Iterable[str]]


class Complaint(Record, frozen=True, kw_only=True):
    """An invariant that a client broke, and how."""

    invariant: str
    text: str


def complaints(invariants: Iterable[Invariant], evidence: Evidence, *, but: Iterable[str] = ()) -> list[Complaint]:
    """How a client breaks the invariants, without those that are switched off (`but`)."""
    off = frozenset(but)
    return [
        Complaint(invariant=it.id, text=text) for it in invariants if it.id not in off for text in it.judge(evidence)
    ]
