"""/participants/ecf/transfers: participants who moved between schools."""

from __future__ import annotations

from collections.abc import Sequence

from ecf_sandbox.api.call import Call, Json
from ecf_sandbox.api.filters import updated_since
from ecf_sandbox.api.paging import page_of
from ecf_sandbox.ecf.queries.transfers import Transfers, transfers
from ecf_sandbox.ecf.serializers.participants import transfers_v3
from ecf_sandbox.rulebook.refusals import NotFound


def list_transfers(call: Call) -> Json:
    """Everybody who moved to or from a school of the provider."""
    return {"data": [transfers_v3(call.turn, it) for it in page_of(call, _found(call))]}


def show_transfers(call: Call) -> Json:
    """The moves of one participant."""
    found = next((it for it in _found(call) if it.user.id == call.id), None)
    if found is None:
        raise NotFound
    return {"data": transfers_v3(call.turn, found)}


def _found(call: Call) -> Sequence[Transfers]:
    turn = call.turn
    found = transfers(turn.records, call.provider.id, validated_only=turn.edition.unvalidated_hidden)
    since = updated_since(call)
    if since is None:
        return found
    updated = (it for it in found if it.user.updated_at >= since)
    return sorted(updated, key=lambda it: (it.user.updated_at, it.user.id))
