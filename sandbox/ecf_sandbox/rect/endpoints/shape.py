"""What the path and the body of a request have to look like (behaviour/rect.md#5)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from urllib.parse import unquote

from ecf_sandbox.api.context import RequestContext
from ecf_sandbox.rulebook.refusals import BadRequest, NotFound
from ecf_sandbox.rulebook.values import Scalar, is_blank


def id_of(context: RequestContext) -> str:
    """The id in the path in one spelling. Raises BadRequest for blanks, NotFound for what is no id."""
    if is_blank(unquote(context.id or "")):
        raise BadRequest("Bad request", "id needed")
    if context.uuid is None:
        raise NotFound
    return context.uuid


def attributes(context: RequestContext, known: Collection[str]) -> dict[str, Scalar]:
    """The scalar members of `data.attributes` that the operation knows; raises BadRequest where there is none."""
    data = context.params.get("data")
    given = data.get("attributes") if isinstance(data, Mapping) else None
    if not isinstance(given, Mapping):
        raise _malformed()
    found = {name: it for name, it in given.items() if name in known and not isinstance(it, Mapping | list)}
    if not found:
        raise _malformed()
    return found


def _malformed() -> BadRequest:
    return BadRequest("Bad request", "Correct json data structure required. See API docs for reference.")
