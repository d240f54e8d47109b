"""/unfunded-mentors/ecf: mentors of the provider's ECTs whom somebody else trains, or nobody."""

from __future__ import annotations

from collections.abc import Sequence

from ecf_sandbox.api.call import Call, Json
from ecf_sandbox.api.filters import updated_since
from ecf_sandbox.api.paging import page_of
from ecf_sandbox.api.sorting import in_order, order_of
from ecf_sandbox.ecf.queries.unfunded_mentors import UnfundedMentor, unfunded_mentors
from ecf_sandbox.ecf.serializers.participants import unfunded_mentor_v3
from ecf_sandbox.rulebook.refusals import BadRequest, NotFound

SORTABLE = ("created_at", "updated_at", "full_name", "email")
# Columns of the service's users by which its query cannot sort (behaviour/errata.md#participants).
UNSORTABLE = (
    "id",
    "login_token",
    "login_token_valid_until",
    "remember_created_at",
    "last_sign_in_at",
    "current_sign_in_at",
    "current_sign_in_ip",
    "last_sign_in_ip",
    "sign_in_count",
    "discarded_at",
    "get_an_identity_id",
    "archived_email",
    "archived_at",
)


def list_unfunded_mentors(call: Call) -> Json:
    """All of them, by pages."""
    found = _found(call)
    order = order_of(call, (*SORTABLE, *UNSORTABLE))
    if order is not None:
        wrong = next((name for name, _ in order if name in UNSORTABLE), None)
        if wrong is not None:
            text = f"Unfunded mentors cannot be sorted by {wrong}. Sort by {', '.join(SORTABLE)}."
            raise BadRequest("Bad request", text)
        found = in_order(found, order, lambda it, name: getattr(it.user, name))
    return {"data": [unfunded_mentor_v3(call.turn.records, it) for it in page_of(call, found)]}


def show_unfunded_mentor(call: Call) -> Json:
    """One of them; a mentor without an induction record is listed but cannot be shown (behaviour/participants.md#9)."""
    own = (it for it in _found(call) if it.identity is not None and it.identity.user_id == call.id)
    found = next(own, None)
    if found is None:
        raise NotFound
    return {"data": unfunded_mentor_v3(call.turn.records, found)}


def _found(call: Call) -> Sequence[UnfundedMentor]:
    turn = call.turn
    found = unfunded_mentors(turn.records, call.provider.id, validated_only=turn.edition.unvalidated_hidden)
    since = updated_since(call)
    return found if since is None else [it for it in found if it.user.updated_at >= since]
