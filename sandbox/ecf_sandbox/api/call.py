"""One authenticated request to the provider API, stripped of Flask: what every endpoint is handed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ecf_sandbox.ecf.domain.providers import Provider
from ecf_sandbox.rulebook.refusals import BadRequest
from ecf_sandbox.state.record import Record
from ecf_sandbox.state.turn import Turn

Scalar = str | int | float | bool | None
Json = Mapping[str, Any]


class Csv(Record, frozen=True):
    """An answer that is a CSV file."""

    text: str


class Call(Record, frozen=True, kw_only=True):
    """A request for `provider` at `turn.now`.

    `parameters` are those of the query over those of the body, nested as the service nests them; `id` is the
    canonical spelling of the id in the path, or None when what stands there is no id; `csv` says that the path
    asked for CSV.
    """

    turn: Turn
    provider: Provider
    version: int
    parameters: Mapping[str, Any]
    id: str | None = None
    csv: bool = False

    def raw_filter(self, name: str) -> Any:
        """The value of a filter as it came: text, list, mapping, or None when it is not given."""
        chosen = self.parameters.get("filter")
        return chosen.get(name) if isinstance(chosen, Mapping) else None

    def filter(self, name: str) -> str | None:
        """The value of a filter if it is given, scalar and not blank."""
        value = self.raw_filter(name)
        if value is None or isinstance(value, Mapping | list):
            return None
        text = _text(value)
        return text if text.strip() else None

    def attributes(self) -> dict[str, Scalar]:
        """The scalar members of `data.attributes` (behaviour/http-and-partnerships.md#b6).

        Raises BadRequest when there is no `data`, or it is no object with members.
        """
        data = self.parameters.get("data")
        if not isinstance(data, Mapping) or not data:
            raise malformed_data()
        attributes = data.get("attributes")
        if isinstance(attributes, list):
            raise malformed_data()
        if not isinstance(attributes, Mapping):
            return {}
        return {name: value for name, value in attributes.items() if not isinstance(value, Mapping | list)}


def malformed_data() -> BadRequest:
    """The refusal of a body whose `data` is missing, empty or of the wrong kind."""
    return BadRequest("Bad request", "correct json data structure required. See API docs for reference")


def _text(value: object) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else str(value)
