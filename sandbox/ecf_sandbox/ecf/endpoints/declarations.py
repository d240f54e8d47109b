"""/participant-declarations: view, record and void declarations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from ecf_sandbox.api.context import Csv, Json, RequestContext
from ecf_sandbox.api.lists import bad_updated_since, cohorts, csv_of, page_of, updated_since, uuids
from ecf_sandbox.ecf.actions.declarations import record_declaration as record
from ecf_sandbox.ecf.actions.voiding import void_declaration as void
from ecf_sandbox.ecf.domain.declarations import Declaration
from ecf_sandbox.ecf.queries.declarations import declarations, sees
from ecf_sandbox.ecf.versions import version_of
from ecf_sandbox.rulebook.refusals import BadRequest, NotFound
from ecf_sandbox.rulebook.values import uuid_of


def list_declarations(context: RequestContext) -> Json | Csv:
    """All declarations that the provider sees, by pages; in v1 and v2 also as CSV."""
    version = version_of(context)
    seen = declarations(context.turn.records, context.provider.id, leavers_seen=version.leavers_seen)
    found = _filtered(context, seen)
    page = found if context.csv else page_of(context, found)
    document = {"data": [version.declaration(context.turn, it) for it in page]}
    return csv_of(document) if context.csv else document


def show_declaration(context: RequestContext) -> Json:
    """One declaration."""
    records, version = context.turn.records, version_of(context)
    it = records.declarations.get(context.uuid)
    if it is None or not sees(records, context.provider.id, it, leavers_seen=version.leavers_seen):
        raise NotFound
    # To show one, v3 looks at the cohort filter alone (behaviour/declarations.md#5-3).
    if not (_of_cohorts(context, [it]) if version.shown_by_cohort_alone else _filtered(context, [it])):
        raise NotFound
    return {"data": version.declaration(context.turn, it)}


def record_declaration(context: RequestContext) -> Json:
    """The provider says that a participant reached a milestone."""
    made = record(context.turn, context.provider, context.attributes())
    return {"data": version_of(context).declaration(context.turn, made)}


def void_declaration(context: RequestContext) -> Json:
    """The provider takes a declaration back; one that was paid is clawed back."""
    voided = void(context.turn, context.provider, context.uuid)
    return {"data": version_of(context).declaration(context.turn, voided)}


def _filtered(context: RequestContext, found: Sequence[Declaration]) -> Sequence[Declaration]:
    if not version_of(context).strict_filters:
        return _older_filters(context, found)
    found = _of_cohorts(context, found)
    people, partners, since = (
        uuids(context, "participant_id"),
        uuids(context, "delivery_partner_id"),
        updated_since(context),
    )
    if people is not None:
        found = [it for it in found if it.user_id in people]
    if partners is not None:
        found = [it for it in found if it.delivery_partner_id in partners]
    return found if since is None else [it for it in found if it.updated_at >= since]


def _of_cohorts(context: RequestContext, found: Sequence[Declaration]) -> Sequence[Declaration]:
    # Unlike the other lists, this one takes a `,` for no filter at all: it asks whether any year was named.
    years = cohorts(context)
    return [it for it in found if it.cohort in years] if years else found


def _older_filters(context: RequestContext, found: Sequence[Declaration]) -> Sequence[Declaration]:
    """The filters of v1 and v2: one participant or a list of them, and strictly after `updated_since`."""
    people, since = _participant_ids(context), _moment(context)
    if people is not None:
        found = [it for it in found if it.user_id in people]
    return found if since is None else [it for it in found if it.updated_at > since]


# These versions do not look at the kind of value that a filter has (behaviour/http-and-partnerships.md#b8), and crash
# on what their database cannot compare.
def _participant_ids(context: RequestContext) -> frozenset[str] | None:
    given = context.raw_filter("participant_id")
    if isinstance(given, Mapping):
        raise BadRequest("Bad request", "The filter '#/participant_id' must be a participant id")
    texts = (
        [str(it) for it in given]
        if isinstance(given, list)
        else [it for it in [context.filter("participant_id")] if it]
    )
    if given is None or not texts:
        return None
    found = [uuid_of(it) for it in texts]
    if None in found:
        raise BadRequest("Bad request", f"The filter '#/participant_id' must be a participant id, not {texts[0]!r}")
    return frozenset(it for it in found if it is not None)


def _moment(context: RequestContext) -> datetime | None:
    if isinstance(context.raw_filter("updated_since"), Mapping | list):
        raise bad_updated_since()
    return updated_since(context)
