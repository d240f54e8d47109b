"""What a client sent, as the pipeline saw it: what checks look at."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

from ecf_sandbox.state.operation import OperationInfo
from ecf_sandbox.tools.observer.expected import Expected, expected_of
from ecf_sandbox.tools.observer.fast_path import LOOK_BACK

if TYPE_CHECKING:
    from ecf_sandbox.state.journal import Exchange
    from ecf_sandbox.state.turn import Turn
    from ecf_sandbox.state.world import State, World

_SERVER_DATE = "X-With-Server-Date"


class TracedRequest(Protocol):
    """What the pipeline learnt of a request.

    `query_params` and `body_params` are as the service reads them, None where it did not get that far; `id` is what
    stands in the path and `uuid` its canonical spelling; `unreadable` says why the query or the body cannot be read;
    `caller` is None for a request without a valid token, `reached_turn` for one that came no further than its token;
    `before` is the state of the world that it met.
    """

    info: OperationInfo
    body: bytes
    id: str | None
    uuid: str | None
    caller: str | None
    query_params: Mapping[str, Any] | None
    body_params: Mapping[str, Any] | None
    unreadable: str
    world: World | None
    before: State | None

    @property
    def environ(self) -> Mapping[str, Any]:
        """The request as WSGI has it."""

    @property
    def suffix(self) -> str | None:
        """The format that the path ended in."""

    @property
    def reached_turn(self) -> Turn[Any] | None:
        """The turn of the request."""


class ObservedRequest:
    """One request of a world: what the pipeline learnt of it, and what its document expects in its place."""

    def __init__(self, traced: TracedRequest) -> None:
        if traced.world is None or traced.before is None:
            raise LookupError("only a request that has met its world is observed")
        self.info = traced.info
        self.environ: Mapping[str, Any] = traced.environ
        self.world = traced.world
        self.service = traced.world.service
        self.before = traced.before
        self.suffix = traced.suffix
        self.provider = traced.caller
        self.records = traced.reached_turn.records if traced.reached_turn else None
        self.id = traced.id
        self.uuid = traced.uuid
        self.body = traced.body
        self.asked: Mapping[str, Any] = traced.query_params or {}
        self.told = traced.body_params
        self.unreadable = traced.unreadable
        self.query: str = self.environ.get("QUERY_STRING", "")
        self.filters = _mapping(self.asked.get("filter"))
        self.page = _mapping(self.asked.get("page"))
        self.attributes = _mapping(_mapping((self.told or {}).get("data")).get("attributes"))

    @cached_property
    def expected(self) -> Expected:
        """What the document of its version expects in its place."""
        info = self.info
        path = f"{info.path}.csv" if self.suffix == "csv" and info.csv else info.path
        return expected_of(self.service, info.version, info.method, path) if info.version else Expected()

    @property
    def method(self) -> str:
        """The verb."""
        method: str = self.environ["REQUEST_METHOD"]
        return method

    @property
    def target(self) -> str:
        """Path and query, spelt as the journal spells them."""
        path = self.environ["PATH_INFO"]
        return f"{path}?{self.query}" if self.query else path

    def header(self, name: str) -> str | None:
        """A header's value by its name in WSGI (`HTTP_ACCEPT`), or None."""
        return self.environ.get(name)

    @cached_property
    def earlier(self) -> list[Exchange]:
        """The exchanges of this operation by this provider among the newest of the world, the newest first."""
        operation, provider = self.info.operation, self.provider
        newest = self.world.journal.newest(LOOK_BACK)
        return [it for it in newest if it.operation == operation and it.provider == provider and not it.undone]

    @cached_property
    def same_write(self) -> Exchange | None:
        """The newest of these that was the same write, pretended moment included."""
        method, target, body, date = self.method, self.target, self.body, self.header("HTTP_X_WITH_SERVER_DATE")
        return next(
            (
                it
                for it in self.earlier
                if it.request_body == body
                and it.method == method
                and it.target == target
                and dict(it.request_headers).get(_SERVER_DATE) == date
            ),
            None,
        )


def _mapping(it: Any) -> Mapping[str, Any]:
    return it if isinstance(it, Mapping) else {}
