"""/participants/ecf: view participants, and say that they deferred, resumed, withdrew or changed schedule."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from ecf_sandbox.api.context import Csv, Json, RequestContext
from ecf_sandbox.api.lists import cohorts, csv_of, in_order, order_of, page_of, updated_since
from ecf_sandbox.ecf.actions.change_schedule import change_schedule as change_somebodys_schedule
from ecf_sandbox.ecf.actions.participants import defer as defer_somebody
from ecf_sandbox.ecf.actions.participants import resume as resume_somebody
from ecf_sandbox.ecf.actions.participants import withdraw as withdraw_somebody
from ecf_sandbox.ecf.domain.participants import TrainingRecord, TrainingStatus, User
from ecf_sandbox.ecf.domain.providers import Provider
from ecf_sandbox.ecf.queries import participants as query
from ecf_sandbox.ecf.queries.participants import Enrolment, Participant
from ecf_sandbox.ecf.queries.training import first_records_made, latest_for
from ecf_sandbox.ecf.records import Turn
from ecf_sandbox.ecf.versions import ByTrainingRecord, version_of
from ecf_sandbox.rulebook.refusals import BadRequest, NotFound
from ecf_sandbox.rulebook.values import Scalar, uuid_of

SORTABLE = ("id", "created_at", "updated_at")
# Columns of the service's users: sorting by one of them breaks its query (behaviour/errata.md#participants).
UNSORTABLE = tuple(
    """
    full_name email login_token login_token_valid_until remember_created_at last_sign_in_at current_sign_in_at
    current_sign_in_ip last_sign_in_ip sign_in_count discarded_at get_an_identity_id archived_email archived_at
    """.split()
)

Rows = Sequence[tuple[User, Enrolment]]
Action = Callable[[Turn, Provider, str | None, Mapping[str, Scalar]], TrainingRecord]


def list_participants(context: RequestContext) -> Json | Csv:
    """All participants that the provider sees, by pages; in v1 and v2 also as CSV."""
    shown = version_of(context).participants
    if isinstance(shown, ByTrainingRecord):
        rows = _filtered_rows(context, _all_rows(context))
        page = rows if context.csv else page_of(context, rows)
        documents = [shown.document(context.turn, it) for _, it in page]
        return csv_of({"data": documents}) if context.csv else {"data": documents}
    people = _filtered(context, _everybody)
    return {"data": shown.encoded(context.turn, _page(context, people), context.provider.id)}


def show_participant(context: RequestContext) -> Json:
    """One participant; in v1 and v2 the ECT where there are several records (behaviour/participants.md#4-3)."""
    shown = version_of(context).participants
    if isinstance(shown, ByTrainingRecord):
        own = _filtered_rows(context, _rows_of_one(context))
        if not own:
            raise NotFound
        return {"data": shown.document(context.turn, own[0][1])}
    found = _filtered(context, _one)
    if not found:
        raise NotFound
    return {"data": shown.encoded(context.turn, found[:1], context.provider.id)[0]}


def defer(context: RequestContext) -> Json:
    """The participant takes a break."""
    return _act(context, defer_somebody)


def resume(context: RequestContext) -> Json:
    """The participant is back from a break."""
    return _act(context, resume_somebody)


def withdraw(context: RequestContext) -> Json:
    """The participant leaves training."""
    return _act(context, withdraw_somebody)


def change_schedule(context: RequestContext) -> Json:
    """The participant trains by another schedule, or with another cohort."""
    return _act(context, change_somebodys_schedule)


def _act(context: RequestContext, action: Action) -> Json:
    training = action(context.turn, context.provider, context.uuid, context.attributes())
    records, provider_id, shown = context.turn.records, context.provider.id, version_of(context).participants
    if isinstance(shown, ByTrainingRecord):
        induction = latest_for(records, training, provider_id)
        if induction is None:
            raise NotFound
        return {"data": shown.document(context.turn, Enrolment(training=training, induction=induction))}
    user_id = records.identities[training.identity_id].user_id
    person = query.after_writing(records, provider_id, user_id)
    return {"data": shown.document(context.turn, person, provider_id)}


def _all_rows(context: RequestContext) -> Rows:
    return query.rows_in(
        context.turn.records, context.provider.id, _years(context), validated_only=_validated_only(context)
    )


def _rows_of_one(context: RequestContext) -> Rows:
    records, provider_id = context.turn.records, context.provider.id
    return query.rows_of(
        records, provider_id, context.uuid or "", _years(context), validated_only=_validated_only(context)
    )


def _filtered_rows(context: RequestContext, rows: Rows) -> Rows:
    since = updated_since(context)
    if since is None:
        return rows
    return sorted((row for row in rows if row[0].updated_at >= since), key=lambda row: row[0].updated_at)


def _everybody(context: RequestContext, years: frozenset[int]) -> Sequence[Participant]:
    records, provider_id = context.turn.records, context.provider.id
    return query.participants_in(records, provider_id, years, validated_only=_validated_only(context))


def _one(context: RequestContext, years: frozenset[int]) -> Sequence[Participant]:
    records, provider_id = context.turn.records, context.provider.id
    found = query.participant(records, provider_id, context.uuid or "", validated_only=_validated_only(context))
    return [found] if found is not None and query.shown_in(records, found, years) else []


def _filtered(
    context: RequestContext, start: Callable[[RequestContext, frozenset[int]], Sequence[Participant]]
) -> Sequence[Participant]:
    status, since, retired = _training_status(context), updated_since(context), context.filter("from_participant_id")
    people = start(context, _years(context))
    if since is not None:
        people = query.updated_since(people, since)
    if status is not None:
        people = [it for it in people if query.training_status_in(it, status)]
    if retired is not None:
        owners = query.owners_of(context.turn.records, uuid_of(retired) or "")
        people = [it for it in people if it.user.id in owners]
    return people


def _years(context: RequestContext) -> frozenset[int]:
    return query.cohorts_shown(context.turn.records, cohorts(context))


def _validated_only(context: RequestContext) -> bool:
    return context.turn.edition.on("unvalidated_hidden")


def _training_status(context: RequestContext) -> TrainingStatus | None:
    text = context.filter("training_status")
    if text is None:
        return None
    if text not in set(TrainingStatus):
        choices = ", ".join(f'"{it}"' for it in TrainingStatus)
        raise BadRequest("Bad request", f"The filter '#/training_status' must be [{choices}]")
    return TrainingStatus(text)


def _page(context: RequestContext, people: Sequence[Participant]) -> Sequence[Participant]:
    order = order_of(context, (*SORTABLE, *UNSORTABLE))
    if order is None:
        page = page_of(context, people)
        # Within a page the oldest training record comes first, the provider's or not (behaviour/participants.md#5-5).
        made = first_records_made(context.turn.records, [it.user.id for it in page])
        return [page[at] for at in sorted(range(len(page)), key=made.__getitem__)]
    wrong = next((name for name, _ in order if name in UNSORTABLE), None)
    if wrong is not None:
        raise BadRequest("Bad request", f"Participants cannot be sorted by {wrong}. Sort by {', '.join(SORTABLE)}.")
    # Users who were updated at one moment, as everybody at a school is, come by their ids (conformance journeys-b).
    by_id = sorted(people, key=lambda it: it.user.id) if order else people
    return page_of(context, in_order(by_id, order, lambda it, name: getattr(it.user, name)))
