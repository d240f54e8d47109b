"""/participants/ecf: view participants, and say that they deferred, resumed, withdrew or changed schedule."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from ecf_sandbox.api.accept import uuid_of
from ecf_sandbox.api.call import Call, Csv, Json, Scalar
from ecf_sandbox.api.lists import cohorts, csv_of, in_order, order_of, page_of, updated_since
from ecf_sandbox.ecf.actions.change_schedule import change_schedule as change_somebodys_schedule
from ecf_sandbox.ecf.actions.participants import defer as defer_somebody
from ecf_sandbox.ecf.actions.participants import resume as resume_somebody
from ecf_sandbox.ecf.actions.participants import withdraw as withdraw_somebody
from ecf_sandbox.ecf.domain.participants import TrainingRecord, TrainingStatus, User
from ecf_sandbox.ecf.domain.providers import Provider
from ecf_sandbox.ecf.queries import participants as query
from ecf_sandbox.ecf.queries.participants import Enrolment, Participant
from ecf_sandbox.ecf.queries.training import latest_for, training_records_of
from ecf_sandbox.ecf.serializers.participants import participant_v1, participant_v3
from ecf_sandbox.rulebook.refusals import BadRequest, NotFound
from ecf_sandbox.state.turn import Turn

SORTABLE = ("id", "created_at", "updated_at")
# Columns of the service's users: sorting by one of them breaks its query (behaviour/errata.md#participants).
UNSORTABLE = (
    "full_name",
    "email",
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

Rows = Sequence[tuple[User, Enrolment]]
Action = Callable[[Turn, Provider, str | None, Mapping[str, Scalar]], TrainingRecord]


def list_participants(call: Call) -> Json | Csv:
    """All participants that the provider sees, by pages; in v1 and v2 also as CSV."""
    if call.version < 3:
        rows = _filtered_rows(call, _all_rows(call))
        documents = [participant_v1(call.turn, it) for _, it in (rows if call.csv else page_of(call, rows))]
        return csv_of({"data": documents}) if call.csv else {"data": documents}
    people = _filtered(call, _everybody)
    return {"data": [participant_v3(call.turn, it, call.provider.id) for it in _page(call, people)]}


def show_participant(call: Call) -> Json:
    """One participant; in v1 and v2 the ECT where there are several records (behaviour/participants.md#4-3)."""
    if call.version < 3:
        own = _filtered_rows(call, _rows_of_one(call))
        if not own:
            raise NotFound
        return {"data": participant_v1(call.turn, own[0][1])}
    found = _filtered(call, _one)
    if not found:
        raise NotFound
    return {"data": participant_v3(call.turn, found[0], call.provider.id)}


def defer(call: Call) -> Json:
    """The participant takes a break."""
    return _act(call, defer_somebody)


def resume(call: Call) -> Json:
    """The participant is back from a break."""
    return _act(call, resume_somebody)


def withdraw(call: Call) -> Json:
    """The participant leaves training."""
    return _act(call, withdraw_somebody)


def change_schedule(call: Call) -> Json:
    """The participant trains by another schedule, or with another cohort."""
    return _act(call, change_somebodys_schedule)


def _act(call: Call, action: Action) -> Json:
    training = action(call.turn, call.provider, call.id, call.attributes())
    records, provider_id = call.turn.records, call.provider.id
    user_id = records.identities[training.identity_id].user_id
    if call.version == 3:
        return {"data": participant_v3(call.turn, query.after_writing(records, provider_id, user_id), provider_id)}
    induction = latest_for(records, training, provider_id)
    if induction is None:
        raise NotFound
    return {"data": participant_v1(call.turn, Enrolment(training=training, induction=induction))}


def _all_rows(call: Call) -> Rows:
    return query.rows_in(call.turn.records, call.provider.id, _years(call), validated_only=_validated_only(call))


def _rows_of_one(call: Call) -> Rows:
    records, provider_id = call.turn.records, call.provider.id
    return query.rows_of(records, provider_id, call.id or "", _years(call), validated_only=_validated_only(call))


def _filtered_rows(call: Call, rows: Rows) -> Rows:
    since = updated_since(call)
    if since is None:
        return rows
    return sorted((row for row in rows if row[0].updated_at >= since), key=lambda row: row[0].updated_at)


def _everybody(call: Call, years: frozenset[int]) -> Sequence[Participant]:
    records, provider_id = call.turn.records, call.provider.id
    return query.participants_in(records, provider_id, years, validated_only=_validated_only(call))


def _one(call: Call, years: frozenset[int]) -> Sequence[Participant]:
    records, provider_id = call.turn.records, call.provider.id
    found = query.participant(records, provider_id, call.id or "", validated_only=_validated_only(call))
    return [found] if found is not None and query.shown_in(records, found, years) else []


def _filtered(call: Call, start: Callable[[Call, frozenset[int]], Sequence[Participant]]) -> Sequence[Participant]:
    status, since, retired = _training_status(call), updated_since(call), call.filter("from_participant_id")
    people = start(call, _years(call))
    if since is not None:
        people = query.updated_since(people, since)
    if status is not None:
        people = [it for it in people if query.training_status_in(it, status)]
    if retired is not None:
        owners = query.owners_of(call.turn.records, uuid_of(retired) or "")
        people = [it for it in people if it.user.id in owners]
    return people


def _years(call: Call) -> frozenset[int]:
    return query.cohorts_shown(call.turn.records, cohorts(call))


def _validated_only(call: Call) -> bool:
    return call.turn.edition.unvalidated_hidden


def _training_status(call: Call) -> TrainingStatus | None:
    text = call.filter("training_status")
    if text is None:
        return None
    if text not in set(TrainingStatus):
        choices = ", ".join(f'"{it}"' for it in TrainingStatus)
        raise BadRequest("Bad request", f"The filter '#/training_status' must be [{choices}]")
    return TrainingStatus(text)


def _page(call: Call, people: Sequence[Participant]) -> Sequence[Participant]:
    order = order_of(call, (*SORTABLE, *UNSORTABLE))
    if order is None:
        page = page_of(call, people)
        # Within a page the oldest training record comes first, the provider's or not (behaviour/participants.md#5-5).
        return sorted(page, key=lambda it: training_records_of(call.turn.records, it.user.id)[0].created_at)
    wrong = next((name for name, _ in order if name in UNSORTABLE), None)
    if wrong is not None:
        raise BadRequest("Bad request", f"Participants cannot be sorted by {wrong}. Sort by {', '.join(SORTABLE)}.")
    # Users who were updated at one moment, as everybody at a school is, come by their ids (conformance journeys-b).
    by_id = sorted(people, key=lambda it: it.user.id) if order else people
    return page_of(call, in_order(by_id, order, lambda it, name: getattr(it.user, name)))
