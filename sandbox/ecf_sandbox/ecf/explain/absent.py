"""Why something was not found: what the id stands for, and why this provider is not shown it."""

from __future__ import annotations

from collections.abc import Iterator

from ecf_sandbox.ecf.actions.change_schedule import gather
from ecf_sandbox.ecf.domain.participants import InductionStatus
from ecf_sandbox.ecf.editions import Edition
from ecf_sandbox.ecf.explain.visibility import challenge, cohorts_of, too_old, why_hidden
from ecf_sandbox.ecf.explain.whose import whose
from ecf_sandbox.ecf.queries.participants import participant
from ecf_sandbox.ecf.queries.partnerships import cohorts_with
from ecf_sandbox.ecf.queries.schools import listed
from ecf_sandbox.state.turn import Turn
from ecf_sandbox.tools.explain.changes.change import Case

KINDS = {
    "participants": "participant",
    "transfers": "participant",
    "unfunded mentors": "participant",
    "declarations": "declaration",
    "partnerships": "partnership",
    "schools": "school",
    "delivery partners": "delivery partner",
    "statements": "statement",
}


def why_absent(case: Case, edition: Edition, turn: Turn) -> Iterator[str]:
    """Sentences that say why; `turn` looks at the records as they were."""
    asked = case.asked
    if asked is None:
        yield f"No path of the API is {case.request.path.partition('?')[0]}."
        return
    if asked.id is None or case.provider is None:
        yield f"There is nothing at {case.request.method} {asked.path}."
        return
    found = whose(case.records, asked.id)
    if found is None:
        shape = "no id of anything here" if asked.uuid else "no id: ids look like 1f0c9a3e-…, 32 digits and four dashes"
        yield f"{asked.id} is {shape}."
        return
    if found.kind != KINDS[asked.resource] or found.id != asked.uuid:
        yield f"{asked.id} is {found.words}."
    if asked.resource in ("participants", "transfers", "unfunded mentors"):
        yield from _person(case, edition, turn, found.participant_id)
    elif found.kind == KINDS[asked.resource]:
        yield from _THINGS[asked.resource](case, found.id)


def _person(case: Case, edition: Edition, turn: Turn, user_id: str | None) -> Iterator[str]:
    provider, asked, user = case.provider, case.asked, case.records.users.get(user_id)
    if provider is None or asked is None or user is None:
        return
    if asked.action is not None:
        change = gather(turn, provider, asked.uuid, case.attributes)
        missing = [it.type for it in change.looked_at if change.schedule and change.schedule.milestone(it.type) is None]
        if missing and change.schedule:
            yield (
                f"{user.full_name} has declarations that count ({', '.join(missing)}), and the schedule "
                f"{change.schedule.identifier} of {change.schedule.cohort} has no milestone for them: "
                "the service answers that with a 404."
            )
        return
    hidden = list(why_hidden(case.records, provider, user, edition))
    yield from hidden
    years = cohorts_of(case.records, provider, user)
    if years and (asked.query or too_old(years)):
        shown = ", ".join(map(str, years))
        yield f"You see {user.full_name} in {shown}; cohorts before 2021 are shown if filter[cohort] names them."
    if asked.resource == "participants" and asked.version < 3 and not hidden and _two_mentors(case, edition, user.id):
        yield (
            f"{user.full_name} has two records as a mentor and none as an ECT, since a merge: v1 and v2 find nobody "
            "then; their lists and v3 show both records."
        )
    if asked.resource == "transfers" and not hidden:
        yield f"{user.full_name} has no transfer between schools that concerns {provider.name}."
    if asked.resource == "unfunded mentors" and not hidden:
        yield f"{provider.name} trains {user.full_name}, who is therefore no unfunded mentor: ask for the participant."


def _two_mentors(case: Case, edition: Edition, user_id: str) -> bool:
    """Whether v1 and v2 have several rows of a mentor for one person, of which they show none."""
    assert case.provider is not None  # whoever is found to be a person was asked for by a provider
    seen = participant(case.records, case.provider.id, user_id, validated_only=edition.unvalidated_hidden)
    return seen is not None and len(seen.enrolments) > 1 and not any(it.training.ect for it in seen.enrolments)


def _declaration(case: Case, id: str) -> Iterator[str]:
    it, records = case.records.declarations[id], case.records
    owner = records.providers[it.provider_id].name
    if case.provider is None or it.provider_id == case.provider.id:
        yield f"It is your own, of the cohort {it.cohort}: a filter leaves it out."
        return
    yield f"{owner} made it, not {case.provider.name}."
    if case.request.method == "PUT":
        yield f"Only {owner} can void it."
    elif not it.live:
        yield f"Others no longer see it, because it is {it.state.value}."
    else:
        theirs = [
            induction
            for induction in records.induction_records.by("training_record_id", it.training_record_id)
            if (partnership := records.partnerships.get(records.programmes[induction.programme_id].partnership_id))
            and partnership.provider_id == case.provider.id
        ]
        left = any(induction.induction_status is InductionStatus.LEAVING for induction in theirs)
        yield (
            "The participant had left you when it was declared."
            if left
            else "Another provider sees it only while it trains the participant."
        )


def _partnership(case: Case, id: str) -> Iterator[str]:
    it = case.records.partnerships[id]
    if case.provider is not None and it.provider_id != case.provider.id:
        yield f"It belongs to {case.records.providers[it.provider_id].name}, not to {case.provider.name}."
    elif it.relationship:
        yield "It is the relationship of a transferred participant; partnership endpoints do not show those."
    if it.challenged:
        yield challenge(case.records, it)


def _school(case: Case, id: str) -> Iterator[str]:
    school = case.records.schools[id]
    asked = dict(case.asked.query) if case.asked else {}
    year = asked.get("filter[cohort]", "")
    if not (year.isdecimal() and int(year) in case.records.cohorts):
        yield f"There is no cohort {year or 'named'}."
    elif not listed(case.records, school, int(year)):
        traits = [
            *([] if school.open else [f"it is not open (status {school.status_code})"]),
            *([] if school.in_england else ["it is not in England"]),
            *(["it may only use the core materials"] if school.cip_only_type else []),
        ]
        why = ", and ".join(traits) or f"schools of type {school.type_code} are not funded"
        yield f"{school.name} is not on offer for {year}: {why}."
    else:
        yield f"{school.name} is on offer for {year}; another filter leaves it out."


def _delivery_partner(case: Case, id: str) -> Iterator[str]:
    it = case.records.delivery_partners[id]
    if it.discarded_at is not None:
        yield f"{it.name} has closed down."
    elif case.provider is not None and not cohorts_with(case.records, case.provider.id, id):
        yield f"The DfE does not know {it.name} to work with {case.provider.name} for any cohort."


def _statement(case: Case, id: str) -> Iterator[str]:
    it = case.records.statements[id]
    if case.provider is not None and it.provider_id != case.provider.id:
        yield f"It belongs to {case.records.providers[it.provider_id].name}, not to {case.provider.name}."
    else:
        yield "It is your own; filter[type] may only be ecf."


_THINGS = {
    "declarations": _declaration,
    "partnerships": _partnership,
    "schools": _school,
    "delivery partners": _delivery_partner,
    "statements": _statement,
}
