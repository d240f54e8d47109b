"""/statements: what the DfE pays, and when."""

from __future__ import annotations

from ecf_sandbox.api.call import Call, Json
from ecf_sandbox.api.filters import cohorts, updated_since
from ecf_sandbox.api.paging import page_of
from ecf_sandbox.ecf.queries.statements import statements
from ecf_sandbox.ecf.serializers.declarations import statement_document
from ecf_sandbox.rulebook.refusals import NotFound


def list_statements(call: Call) -> Json:
    """The provider's output statements, the first payment first."""
    found = statements(call.turn.records, call.provider.id, cohorts(call)) if _of_this_kind(call) else ()
    since = updated_since(call)
    if since is not None:
        found = tuple(it for it in found if it.updated_at >= since)
    return {"data": [statement_document(it) for it in page_of(call, found)]}


def show_statement(call: Call) -> Json:
    """One of the provider's statements, output or not."""
    found = call.turn.records.statements.get(call.id)
    if found is None or found.provider_id != call.provider.id or not _of_this_kind(call):
        raise NotFound
    return {"data": statement_document(found)}


def _of_this_kind(call: Call) -> bool:
    return call.filter("type") in (None, "ecf")
