"""Somebody: how they stand, what happened to them, what was declared for them, what each provider sees."""

from __future__ import annotations

from collections.abc import Iterator

from ecf_sandbox.ecf.domain.eligibility import validation_status
from ecf_sandbox.ecf.domain.participants import TrainingRecord, User
from ecf_sandbox.ecf.pages.timeline import timeline
from ecf_sandbox.ecf.pages.words import course, person, provider_of, school, standing, statement
from ecf_sandbox.ecf.queries.participants import cohorts_shown, participant, shown_in
from ecf_sandbox.ecf.queries.training import newest, schedule_of, school_of, training_records_of, user_of
from ecf_sandbox.ecf.records import Records
from ecf_sandbox.ecf.serializers import v3
from ecf_sandbox.web.ui.callers import views
from ecf_sandbox.web.ui.cells import state, text
from ecf_sandbox.web.ui.sections import Cell, Detail, Look, Table
from ecf_sandbox.web.ui.words import day

TABS = (("timeline", "Timeline"), ("declarations", "Declarations"), ("views", "As each provider sees them"))
# What is said of an enrolment that a provider sees, in the order in which a trainer tells it.
_SEEN = (
    "participant_status",
    "training_status",
    "school_urn",
    "schedule_identifier",
    "cohort",
    "email",
    "teacher_reference_number_validated",
    "eligible_for_funding",
    "validation_status",
    "withdrawal",
    "deferral",
    "induction_end_date",
    "mentor_funding_end_date",
)


def show(look: Look, id: str) -> Detail | None:
    """The page of a participant, by the participant id or a retired one."""
    records: Records = look.turn.records
    user = records.users.get(id)
    if user is None:
        identity = records.identities.one("external_id", id)
        user = records.users[identity.user_id] if identity else None
    if user is None:
        return None
    tab = look.query.get("tab", "")
    shown = tab if tab in dict(TABS) else TABS[0][0]
    return Detail(
        id=user.id,
        title=user.full_name,
        facts=tuple(_facts(records, user)),
        tabs=TABS,
        tab=shown,
        tables=_declarations(records, user)
        if shown == "declarations"
        else _views(look, user)
        if shown == "views"
        else (),
        sentences=("This is what GET /api/v3/participants/ecf/{id} shows each of them now.",)
        if shown == "views"
        else (),
        timeline=timeline(look, user) if shown == "timeline" else None,
        parameter="participant_id",
    )


def _facts(records: Records, user: User) -> Iterator[tuple[str, Cell]]:
    trainings = training_records_of(records, user.id)
    yield "TRN", _trn(records, user, trainings)
    for it in trainings:
        as_one = f", as {course(it)}" if len(trainings) > 1 else ""
        induction = newest(records, it)
        if len(trainings) == 1:
            yield "Trains as", text(course(it))
        yield f"School{as_one}", school(school_of(records, induction)) if induction else text("none yet")
        provider = provider_of(records, induction)
        yield f"Lead provider{as_one}", text(provider or "none: the school trains them itself")
        yield f"Status{as_one}", text(standing(it))
        schedule = schedule_of(records, induction or it)
        yield f"Schedule{as_one}", text(f"{schedule.identifier}, cohort {schedule.cohort}")
        if it.ect:
            mentor = records.training_records.get(it.mentor_record_id)
            yield "Mentor", person(user_of(records, mentor)) if mentor else text("nobody yet")
        yield f"Eligibility{as_one}", text(_eligibility(records, it))


def _trn(records: Records, user: User, trainings: tuple[TrainingRecord, ...]) -> Cell:
    if user.trn:
        return text(user.trn)
    typed = next((found.trn for it in trainings if (found := records.validation_details.get(it.id)) and found.trn), "")
    return text(f"{typed}, typed in and not confirmed" if typed else "not known yet")


def _eligibility(records: Records, it: TrainingRecord) -> str:
    eligibility = records.eligibilities.get(it.id)
    told = state(validation_status(it, eligibility, records.validation_details.get(it.id)))
    if eligibility is None:
        return f"not checked yet ({told})"
    reason = "" if eligibility.reason == "none" else f", {state(eligibility.reason)}"
    return f"{state(eligibility.status.value)}{reason} ({told})"


def _declarations(records: Records, user: User) -> tuple[Table, ...]:
    rows = [
        (
            text(it.type),
            text(day(it.date)),
            text(records.providers[it.provider_id].name),
            text(state(it.state.value)),
            text(state(it.state_reason or "")),
            text(it.evidence_held),
            statement(records, records.statements[lines[-1].statement_id], whose=True) if lines else text(None),
        )
        for it in sorted(records.declarations.by("user_id", user.id), key=lambda it: (it.created_at, it.id))
        for lines in [sorted(records.line_items.by("declaration_id", it.id), key=lambda line: line.created_at)]
    ]
    columns = ("Type", "Dated", "Lead provider", "State", "Reason", "Evidence", "Statement")
    return (Table(title="Declarations", columns=columns, rows=tuple(rows), empty="Nothing was declared yet."),)


def _views(look: Look, user: User) -> tuple[Table, ...]:
    """A column for each provider, with what the API would answer it."""
    records: Records = look.turn.records
    providers = sorted(records.providers, key=lambda it: it.name)
    seen = {it.name: _seen(look, user, it.id) for it in providers}
    return tuple(views("As each provider sees them", "Enrolment", seen, _SEEN, "participant_type"))


def _seen(look: Look, user: User, provider_id: str) -> list[dict[str, object]]:
    turn = look.turn
    hidden = turn.edition.on("unvalidated_hidden")
    found = participant(turn.records, provider_id, user.id, validated_only=hidden)
    if found is None or not shown_in(turn.records, found, cohorts_shown(turn.records, None)):
        return []
    document = v3.participant(turn, found, provider_id)
    enrolments: list[dict[str, object]] = document["attributes"]["ecf_enrolments"]
    return enrolments
