"""/participants: list and view participants, and their transfers."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from operator import attrgetter
from typing import Any

from ecf_sandbox.api.context import Json, RequestContext
from ecf_sandbox.rect.domain.teachers import Teacher
from ecf_sandbox.rect.endpoints.lists import Columns, by_number, ordered, page_of, updated_since, uuids, years
from ecf_sandbox.rect.endpoints.shape import id_of
from ecf_sandbox.rect.queries import participants as query
from ecf_sandbox.rect.queries import transfers as transfers_query
from ecf_sandbox.rect.queries.participants import Participant
from ecf_sandbox.rect.queries.transfers import Transfers, UnfundedMentor
from ecf_sandbox.rect.serializers import v3
from ecf_sandbox.rulebook.refusals import NotFound

# The columns of the service's teachers, any of which sorts, with what they are here. Its `updated_at` is the API's.
_TEACHER = {
    "created_at": "created_at",
    "updated_at": "updated_at",
    "api_updated_at": "updated_at",
    "api_unfunded_mentor_updated_at": "unfunded_updated_at",
    "api_id": "id",
    "api_ect_training_record_id": "ect_training_record_id",
    "api_mentor_training_record_id": "mentor_training_record_id",
    "trn": "trn",
    "trs_first_name": "first_name",
    "trs_last_name": "last_name",
    "corrected_name": "corrected_name",
    "trs_induction_start_date": "induction_start_date",
    "trs_induction_completed_date": "induction_completed_date",
    "ect_first_became_eligible_for_training_at": "ect_eligible_since",
    "ect_became_ineligible_for_funding_on": "ect_ineligible_since",
    "mentor_first_became_eligible_for_training_at": "mentor_eligible_since",
    "mentor_became_ineligible_for_funding_on": "mentor_ineligible_since",
    "mentor_became_ineligible_for_funding_reason": "mentor_ineligible_reason",
    "ect_payments_frozen_year": "ect_frozen_year",
    "mentor_payments_frozen_year": "mentor_frozen_year",
}
_OF_TEACHER: Columns[Teacher] = {"id": by_number} | {name: attrgetter(it) for name, it in _TEACHER.items()}


def _of_teacher(name: str, it: Participant | Transfers | UnfundedMentor) -> Any:
    return _OF_TEACHER[name](it.teacher)


_COLUMNS: Columns[Any] = {name: partial(_of_teacher, name) for name in _OF_TEACHER}
_UNFUNDED: Columns[Any] = {**_COLUMNS, "updated_at": attrgetter("teacher.unfunded_updated_at")}


def list_participants(context: RequestContext) -> Json:
    """All participants that the provider sees, by pages."""
    records = context.turn.records
    rows = page_of(context, ordered(context, _filtered(context), _COLUMNS))
    retired = uuids(context, "from_participant_id")
    return {"data": v3.encoded_participants(records, rows, context.turn.now, retired)}


def _filtered(context: RequestContext) -> Sequence[Participant]:
    records = context.turn.records
    people: Sequence[Participant] = query.participants(records, context.provider.id)
    if (wanted := years(context)) is not None:
        people = query.in_years(people, wanted)
    if (since := updated_since(context)) is not None:
        people = query.updated_since(people, since)
    if (status := context.filter("training_status")) is not None:
        people = query.in_training_status(people, status)
    if (retired := uuids(context, "from_participant_id")) is not None:
        owners = {it.teacher_id for id in retired for it in records.id_changes.by("from_participant_id", id)}
        people = [it for it in people if it.teacher.id in owners]
    return people


def show_participant(context: RequestContext) -> Json:
    """One participant."""
    found = participant_in_path(context)
    return {"data": v3.encoded_participants(context.turn.records, [found], context.turn.now)[0]}


def participant_in_path(context: RequestContext) -> Participant:
    """The participant whose id stands in the path; raises NotFound for one whom the provider does not see."""
    found = query.participant(context.turn.records, context.provider.id, id_of(context))
    if found is None:
        raise NotFound
    return found


def list_transfers(context: RequestContext) -> Json:
    """Everybody who is transferred from or to the provider, by pages."""
    records, provider_id = context.turn.records, context.provider.id
    people: Sequence[Transfers] = transfers_query.transferred(records, provider_id)
    if (since := updated_since(context)) is not None:
        people = [it for it in people if transfers_query.changed_since(records, it, provider_id, since)]
    rows = page_of(context, ordered(context, people, _COLUMNS))
    return {"data": [v3.transfers(records, it, context.turn.now) for it in rows]}


def show_transfers(context: RequestContext) -> Json:
    """The transfers of one participant."""
    records, id = context.turn.records, id_of(context)
    found = [it for it in transfers_query.transferred(records, context.provider.id) if it.teacher.id == id]
    if not found:
        raise NotFound
    return {"data": v3.transfers(records, found[0], context.turn.now)}


def list_unfunded_mentors(context: RequestContext) -> Json:
    """Mentors of the provider's ECTs whom the provider has never trained, by pages."""
    mentors: Sequence[UnfundedMentor] = transfers_query.unfunded_mentors(context.turn.records, context.provider.id)
    if (since := updated_since(context)) is not None:
        mentors = [it for it in mentors if it.teacher.unfunded_updated_at >= since]
    return {"data": [v3.unfunded_mentor(it) for it in page_of(context, ordered(context, mentors, _UNFUNDED))]}


def show_unfunded_mentor(context: RequestContext) -> Json:
    """One unfunded mentor."""
    id = id_of(context)
    for it in transfers_query.unfunded_mentors(context.turn.records, context.provider.id):
        if it.teacher.id == id:
            return {"data": v3.unfunded_mentor(it)}
    raise NotFound
