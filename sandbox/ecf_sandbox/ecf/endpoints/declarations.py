"""/participant-declarations: view, record and void declarations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from ecf_sandbox.api.accept import uuid_of
from ecf_sandbox.api.call import Call, Csv, Json
from ecf_sandbox.api.lists import bad_updated_since, cohorts, csv_of, page_of, updated_since, uuids
from ecf_sandbox.ecf.actions.declarations import record_declaration as record
from ecf_sandbox.ecf.actions.voiding import void_declaration as void
from ecf_sandbox.ecf.domain.declarations import Declaration
from ecf_sandbox.ecf.queries.declarations import declarations, sees
from ecf_sandbox.ecf.serializers.declarations import declaration_document
from ecf_sandbox.rulebook.refusals import BadRequest, NotFound


def list_declarations(call: Call) -> Json | Csv:
    """All declarations that the provider sees, by pages; in v1 and v2 also as CSV."""
    found = _filtered(call, declarations(call.turn.records, call.provider.id, leavers_seen=call.version == 3))
    page = found if call.csv else page_of(call, found)
    document = {"data": [declaration_document(call.turn, it, call.version) for it in page]}
    return csv_of(document) if call.csv else document


def show_declaration(call: Call) -> Json:
    """One declaration."""
    records, new = call.turn.records, call.version == 3
    it = records.declarations.get(call.id)
    if it is None or not sees(records, call.provider.id, it, leavers_seen=new):
        raise NotFound
    # To show one, v3 looks at the cohort filter alone (behaviour/declarations.md#5-3).
    if not (_of_cohorts(call, [it]) if new else _filtered(call, [it])):
        raise NotFound
    return {"data": declaration_document(call.turn, it, call.version)}


def record_declaration(call: Call) -> Json:
    """The provider says that a participant reached a milestone."""
    made = record(call.turn, call.provider, call.attributes())
    return {"data": declaration_document(call.turn, made, call.version)}


def void_declaration(call: Call) -> Json:
    """The provider takes a declaration back; one that was paid is clawed back."""
    return {"data": declaration_document(call.turn, void(call.turn, call.provider, call.id), call.version)}


def _filtered(call: Call, found: Sequence[Declaration]) -> Sequence[Declaration]:
    if call.version < 3:
        return _older_filters(call, found)
    found = _of_cohorts(call, found)
    people, partners, since = uuids(call, "participant_id"), uuids(call, "delivery_partner_id"), updated_since(call)
    if people is not None:
        found = [it for it in found if it.user_id in people]
    if partners is not None:
        found = [it for it in found if it.delivery_partner_id in partners]
    return found if since is None else [it for it in found if it.updated_at >= since]


def _of_cohorts(call: Call, found: Sequence[Declaration]) -> Sequence[Declaration]:
    # Unlike the other lists, this one takes a `,` for no filter at all: it asks whether any year was named.
    years = cohorts(call)
    return [it for it in found if it.cohort in years] if years else found


def _older_filters(call: Call, found: Sequence[Declaration]) -> Sequence[Declaration]:
    """The filters of v1 and v2: one participant or a list of them, and strictly after `updated_since`."""
    people, since = _participant_ids(call), _moment(call)
    if people is not None:
        found = [it for it in found if it.user_id in people]
    return found if since is None else [it for it in found if it.updated_at > since]


# These versions do not look at the kind of value that a filter has (behaviour/http-and-partnerships.md#b8), and crash
# on what their database cannot compare.
def _participant_ids(call: Call) -> frozenset[str] | None:
    given = call.raw_filter("participant_id")
    if isinstance(given, Mapping):
        raise BadRequest("Bad request", "The filter '#/participant_id' must be a participant id")
    texts = (
        [str(it) for it in given] if isinstance(given, list) else [it for it in [call.filter("participant_id")] if it]
    )
    if given is None or not texts:
        return None
    found = [uuid_of(it) for it in texts]
    if None in found:
        raise BadRequest("Bad request", f"The filter '#/participant_id' must be a participant id, not {texts[0]!r}")
    return frozenset(it for it in found if it is not None)


def _moment(call: Call) -> datetime | None:
    if isinstance(call.raw_filter("updated_since"), Mapping | list):
        raise bad_updated_since()
    return updated_since(call)
