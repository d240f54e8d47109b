"""One request on its way through the pipeline: what was sent, the world it met, who asks, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from ecf_sandbox.api.behaviour import DEFAULT, HttpBehaviour, behaviour_of
from ecf_sandbox.api.paths import suffix_of
from ecf_sandbox.api.request import audit, of_body, of_query
from ecf_sandbox.api.router import Match
from ecf_sandbox.rulebook.refusals import BadRequest, Refused, UnreadableRequest
from ecf_sandbox.rulebook.values import Scalar, is_blank, uuid_of
from ecf_sandbox.state.faults import Fault
from ecf_sandbox.state.findings import Finding
from ecf_sandbox.state.journal import Exchange, RowChange
from ecf_sandbox.state.operation import NO_OPERATION, OperationInfo
from ecf_sandbox.state.record import Record
from ecf_sandbox.state.turn import Turn
from ecf_sandbox.state.world import State, World

if TYPE_CHECKING:
    from ecf_sandbox.api.routes import Route

Json = Mapping[str, Any]
_NESTED = (dict, list)  # what parameters are nested in; to ask for any mapping takes five times as long


class Csv(Record, frozen=True):
    """An answer that is a CSV file."""

    text: str


class RequestContext:
    """What the pipeline learns of a request, step by step; an endpoint reads it, observer and recorder read it after.

    `environ` is the request as WSGI has it, its path and method in the spelling of the routes: `path` without a
    suffix, `suffix` the format that it ended in. `id` is what stands in
    the path and `uuid` its canonical spelling, None for what is no id. `query_params` and `body_params` are nested as
    the service nests them, None where the request did not get that far, and `params` is the query over the body;
    `unreadable` says why one of them cannot be read. `at` is the moment of the server date, None without one. `http` is
    how the service of its world behaves.
    `opened` is the exchange of a write that the journal has numbered; `rows` says how many a list answered.
    """

    __slots__ = (
        "_provider",
        "_turn",
        "at",
        "before",
        "body",
        "body_params",
        "caller",
        "changes",
        "csv",
        "environ",
        "fault",
        "findings",
        "http",
        "id",
        "info",
        "method",
        "opened",
        "params",
        "path",
        "query_params",
        "refused",
        "rows",
        "suffix",
        "unreadable",
        "uuid",
        "world",
    )

    def __init__(self, environ: Mapping[str, Any], info: OperationInfo = NO_OPERATION) -> None:
        self.environ = environ
        self.method: str = environ["REQUEST_METHOD"]
        self.path: str = environ["PATH_INFO"]
        self.suffix = suffix_of(environ)
        self.info = info
        self.http: HttpBehaviour = DEFAULT
        self.world: World | None = None
        self.before: State | None = None
        self.at: datetime | None = None
        self.body = b""
        self.id: str | None = None
        self.uuid: str | None = None
        self._turn: Turn[Any] | None = None
        self._provider: Any = None
        self.caller: str | None = None
        self.query_params: Mapping[str, Any] | None = None
        self.body_params: Mapping[str, Any] | None = None
        self.params: Mapping[str, Any] = {}
        self.unreadable = ""
        self.csv = False
        self.findings: tuple[Finding, ...] | None = None
        self.refused: Refused | None = None
        self.rows: int | None = None
        self.fault: Fault | None = None
        self.changes: tuple[RowChange, ...] = ()
        self.opened: Exchange | None = None

    def enter(self, world: World) -> World:
        """The request is for this world, and meets its present state."""
        self.world, self.before = world, world.state
        self.http = behaviour_of(world.service)
        return world

    @property
    def entered(self) -> World:
        """The world of the request; raises LookupError before it is known."""
        if self.world is None:
            raise LookupError("the world of the request is not known yet")
        return self.world

    def follow(self, match: Match | None) -> Route | None:
        """The request fits this route; what stands in its path is an id."""
        if match is None:
            return None
        self.info, self.id = match.info, match.id
        self.uuid = None if match.id is None else uuid_of(unquote(match.id))
        return match.route

    @property
    def target(self) -> str:
        """Path and query, as the journal has them."""
        query = self.environ.get("QUERY_STRING")
        return f"{self.path}?{query}" if query else self.path

    def header(self, name: str) -> str | None:
        """A header's value by its name in WSGI (`HTTP_ACCEPT`), or None."""
        return self.environ.get(name)

    @property
    def version(self) -> int:
        """The version of the API that the path names; 0 for an unknown path."""
        return self.info.version

    @property
    def reached_turn(self) -> Turn[Any] | None:
        """The turn, if the request got as far as one."""
        return self._turn

    @property
    def turn(self) -> Turn[Any]:
        """The turn in which the request is answered; raises LookupError before there is one."""
        if self._turn is None:
            raise LookupError("the request has no turn yet")
        return self._turn

    @turn.setter
    def turn(self, turn: Turn[Any]) -> None:
        self._turn = turn

    @property
    def provider(self) -> Any:
        """Who asks, a row of the service with `id` and `name`; raises LookupError before the token was looked at."""
        if self._provider is None:
            raise LookupError("nobody is authenticated yet")
        return self._provider

    @provider.setter
    def provider(self, provider: Any) -> None:
        self._provider = provider
        self.caller = provider.name

    def audit(self) -> None:
        """Refuse a body that the service cannot keep; raises BadRequest."""
        try:
            audit(self.body)
        except BadRequest as wrong:
            self.unreadable = wrong.detail
            raise

    def parse_parameters(self) -> None:
        """Read the query and the body; `filter` is checked before any endpoint sees them, writes included.

        Raises UnreadableRequest (400), UnknownMediaType (406), or BadRequest for a `filter` that is no mapping.
        """
        query, content_type = self.environ.get("QUERY_STRING", ""), self.environ.get("CONTENT_TYPE", "")
        try:
            body_params = self.body_params = of_body(self.body, content_type, self.method, self.http.json_types)
            query_params = self.query_params = of_query(query)
        except UnreadableRequest as wrong:
            self.unreadable = str(wrong)
            raise
        params = self.params = {**body_params, **query_params} if body_params else query_params
        filters = params.get("filter")
        if filters is not None and not isinstance(filters, Mapping):
            raise BadRequest("Bad parameter", "Filter must be a hash")

    def raw_filter(self, name: str) -> Any:
        """The value of a filter as it came: text, list, mapping, or None when it is not given."""
        filters = self.params.get("filter")
        return filters.get(name) if isinstance(filters, Mapping) else None

    def filter(self, name: str) -> str | None:
        """The value of a filter if it is given, scalar and not blank."""
        if "filter" not in self.params:
            return None
        value = self.raw_filter(name)
        if value is None or isinstance(value, _NESTED):
            return None
        return None if is_blank(text := _text(value)) else text

    def attributes(self) -> dict[str, Scalar]:
        """The scalar members of `data.attributes` (behaviour/http-and-partnerships.md#b6).

        Raises BadRequest when there is no `data`, or it is no object with members.
        """
        data = self.params.get("data")
        if not isinstance(data, Mapping) or not data:
            raise malformed_data()
        attributes = data.get("attributes")
        if isinstance(attributes, list):
            raise malformed_data()
        if not isinstance(attributes, Mapping):
            return {}
        return {name: value for name, value in attributes.items() if not isinstance(value, _NESTED)}


def malformed_data() -> BadRequest:
    """The refusal of a body whose `data` is missing, empty or of the wrong kind."""
    return BadRequest("Bad request", "correct json data structure required. See API docs for reference")


def _text(value: object) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else str(value)
