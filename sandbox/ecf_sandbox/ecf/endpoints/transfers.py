"""/participants/ecf/transfers and /unfunded-mentors/ecf: people who moved, and mentors whom somebody else trains."""

from __future__ import annotations

from collections.abc import Sequence

from ecf_sandbox.api.context import Json, RequestContext
from ecf_sandbox.api.lists import in_order, order_of, page_of, updated_since
from ecf_sandbox.ecf.queries.participants import UnfundedMentor, unfunded_mentors
from ecf_sandbox.ecf.queries.transfers import Transfers, transfers
from ecf_sandbox.ecf.serializers import v3
from ecf_sandbox.rulebook.refusals import BadRequest, NotFound


def list_transfers(context: RequestContext) -> Json:
    """Everybody who moved to or from a school of the provider."""
    return {"data": [v3.transfers(context.turn, it) for it in page_of(context, _found(context))]}


def show_transfers(context: RequestContext) -> Json:
    """The moves of one participant."""
    found = next((it for it in _found(context) if it.user.id == context.uuid), None)
    if found is None:
        raise NotFound
    return {"data": v3.transfers(context.turn, found)}


def _found(context: RequestContext) -> Sequence[Transfers]:
    turn = context.turn
    found = transfers(turn.records, context.provider.id, validated_only=turn.edition.on("unvalidated_hidden"))
    since = updated_since(context)
    if since is None:
        return found
    updated = (it for it in found if it.user.updated_at >= since)
    return sorted(updated, key=lambda it: (it.user.updated_at, it.user.id))


SORTABLE = ("created_at", "updated_at", "full_name", "email")
# Columns of the service's users by which its query cannot sort (behaviour/errata.md#participants).
UNSORTABLE = tuple(
    """
    id login_token login_token_valid_until remember_created_at last_sign_in_at current_sign_in_at
    current_sign_in_ip last_sign_in_ip sign_in_count discarded_at get_an_identity_id archived_email archived_at
    """.split()
)


def list_unfunded_mentors(context: RequestContext) -> Json:
    """All of them, by pages."""
    found = _unfunded_mentors(context)
    order = order_of(context, (*SORTABLE, *UNSORTABLE))
    if order is not None:
        wrong = next((name for name, _ in order if name in UNSORTABLE), None)
        if wrong is not None:
            text = f"Unfunded mentors cannot be sorted by {wrong}. Sort by {', '.join(SORTABLE)}."
            raise BadRequest("Bad request", text)
        found = in_order(found, order, lambda it, name: getattr(it.user, name))
    return {"data": [v3.unfunded_mentor(context.turn.records, it) for it in page_of(context, found)]}


def show_unfunded_mentor(context: RequestContext) -> Json:
    """One of them; a mentor without an induction record is listed but cannot be shown (behaviour/participants.md#9)."""
    own = (it for it in _unfunded_mentors(context) if it.identity is not None and it.identity.user_id == context.uuid)
    found = next(own, None)
    if found is None:
        raise NotFound
    return {"data": v3.unfunded_mentor(context.turn.records, found)}


def _unfunded_mentors(context: RequestContext) -> Sequence[UnfundedMentor]:
    turn = context.turn
    found = unfunded_mentors(turn.records, context.provider.id, validated_only=turn.edition.on("unvalidated_hidden"))
    since = updated_since(context)
    return found if since is None else [it for it in found if it.user.updated_at >= since]
