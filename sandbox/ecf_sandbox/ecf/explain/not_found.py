"""Why something was not found: what an id stands for, and why this provider is not shown it."""

from __future__ import annotations

from collections.abc import Iterator

from ecf_sandbox.dates.wire import instant
from ecf_sandbox.ecf.actions.change_schedule import gather
from ecf_sandbox.ecf.domain.participants import InductionRecord, InductionStatus, RecordStatus, User
from ecf_sandbox.ecf.domain.providers import Provider
from ecf_sandbox.ecf.domain.schools import Partnership
from ecf_sandbox.ecf.explain.wording import readable
from ecf_sandbox.ecf.queries.participants import FIRST_SHOWN_COHORT, participant
from ecf_sandbox.ecf.queries.partnerships import cohorts_with, listed
from ecf_sandbox.ecf.queries.training import (
    partnership_of,
    provider_id_of,
    read_order,
    school_of,
    shown_to,
    training_records_of,
    user_of,
)
from ecf_sandbox.ecf.records import Records, Turn
from ecf_sandbox.ecf.versions import VERSIONS, ByTrainingRecord
from ecf_sandbox.rulebook.values import uuid_of, whole_number
from ecf_sandbox.state.editions import Edition
from ecf_sandbox.tools.explain.resolved_ids import ResolvedId, about_id, id_given
from ecf_sandbox.tools.explain.suggestions.suggestion import Case


def why_hidden(records: Records, provider: Provider, user: User, edition: Edition) -> Iterator[str]:
    """One sentence for each training record of somebody that the provider is not shown; none for what it sees."""
    trainings = training_records_of(records, user.id)
    if not trainings:
        yield f"{user.full_name} is a user, but nobody who is trained: an induction tutor, perhaps."
    for training in trainings:
        own = records.induction_records.by("training_record_id", training.id)
        kind = "ECT" if training.ect else "mentor"
        if training.status is RecordStatus.WITHDRAWN:
            yield f"The school of {user.full_name} has removed the {kind} record {training.id}."
        if any(shown_to(records, own, provider.id)):
            if edition.on("unvalidated_hidden") and training.id not in records.eligibilities:
                yield (
                    f"The DfE has not validated the details of {user.full_name} yet ({kind}): this edition hides them "
                    "until then (switch unvalidated_hidden)."
                )
            continue
        yield from _not_shown(records, provider, user.full_name, kind, own)


def _not_shown(
    records: Records, provider: Provider, name: str, kind: str, own: tuple[InductionRecord, ...]
) -> Iterator[str]:
    theirs = [it for it in own if provider_id_of(records, it) == provider.id]
    if theirs:
        partnership = partnership_of(records, max(theirs, key=read_order))
        if partnership is not None:
            yield f"{name} ({kind}) is hidden: {challenge(records, partnership)}"
    elif not own:
        yield f"{name} ({kind}) has not begun training anywhere."
    else:
        newest = max(own, key=read_order)
        trainer, school = provider_id_of(records, newest), school_of(records, newest).name
        who = records.providers[trainer].name if trainer else "the school itself, without a provider"
        yield f"{name} ({kind}) at {school} is trained by {who}, not by {provider.name}."


def challenge(records: Records, it: Partnership) -> str:
    """Who challenged a partnership when and why, as a sentence."""
    school, provider = records.schools[it.school_id].name, records.providers[it.provider_id].name
    when = f" at {readable(it.challenged_at)}" if it.challenged_at else ""
    reason = f" ({it.challenge_reason.value})" if it.challenge_reason else ""
    return f"{school} challenged its partnership with {provider} for {it.cohort}{when}{reason}."


def cohorts_of(records: Records, provider: Provider, user: User) -> list[int]:
    """The cohorts in which a provider sees somebody."""
    inductions = (
        it
        for training in training_records_of(records, user.id)
        for it in shown_to(records, records.induction_records.by("training_record_id", training.id), provider.id)
    )
    return sorted({records.schedules[it.schedule_id].cohort for it in inductions})


def too_old(years: list[int]) -> bool:
    """Whether somebody trained only in cohorts that are not shown unless asked for."""
    return bool(years) and all(it < FIRST_SHOWN_COHORT for it in years)


def person_given(case: Case) -> str | None:
    """The participant id as it was typed, in the path or in the attributes."""
    return id_given(case, "participants", "participant_id")


def resolve_id(records: Records, text: str | None) -> ResolvedId | None:
    """What an id stands for; also a TRN, a URN, a name or an e-mail address that was given in place of one."""
    if not text or not text.strip():
        return None
    id = uuid_of(text.strip())
    return next(_by_id(records, id) if id else _by_name(records, text.strip()), None)


def _by_id(records: Records, id: str) -> Iterator[ResolvedId]:
    for change in records.id_changes.by("from_participant_id", id):
        name = records.users[change.user_id].full_name
        words = f"a participant id of {name} that was retired in favour of {change.to_participant_id}"
        yield _person(records, change.user_id, words, "retired id")
    if (user := records.users.get(id)) is not None:
        yield _person(records, id, f"the participant id of {user.full_name}", "participant")
    if (training := records.training_records.get(id)) is not None:
        user = user_of(records, training)
        kind = "ECT" if training.ect else "mentor"
        yield _person(records, user.id, f"the training record id of {user.full_name} ({kind})", "training record")
    if (identity := records.identities.one("external_id", id) or records.identities.get(id)) is not None:
        name = records.users[identity.user_id].full_name
        yield _person(records, identity.user_id, f"an identity of {name} ({identity.email})", "identity")
    if (induction := records.induction_records.get(id)) is not None:
        user = user_of(records, records.training_records[induction.training_record_id])
        yield _person(records, user.id, f"an induction record of {user.full_name}", "induction record")
    yield from _of_things(records, id)


def _of_things(records: Records, id: str) -> Iterator[ResolvedId]:
    if (declaration := records.declarations.get(id)) is not None:
        user = records.users[declaration.user_id]
        words = f"the declaration {declaration.type} of {user.full_name} dated {instant(declaration.date)}"
        yield ResolvedId(kind="declaration", words=words, id=id, person_id=user.id)
    if (school := records.schools.get(id)) is not None:
        yield ResolvedId(kind="school", words=f"the school {school.name}, URN {school.urn}", id=id)
    if (partner := records.delivery_partners.get(id)) is not None:
        yield ResolvedId(kind="delivery partner", words=f"the delivery partner {partner.name}", id=id)
    if (partnership := records.partnerships.get(id)) is not None:
        name = records.schools[partnership.school_id].name
        provider = records.providers[partnership.provider_id].name
        words = f"the partnership of {provider} with {name} for {partnership.cohort}"
        yield ResolvedId(kind="partnership", words=words, id=id)
    if (statement := records.statements.get(id)) is not None:
        provider = records.providers[statement.provider_id].name
        yield ResolvedId(kind="statement", words=f"the statement {statement.name} of {provider}", id=id)
    if (provider_row := records.providers.get(id)) is not None:
        yield ResolvedId(kind="provider", words=f"the provider {provider_row.name}", id=id)
    if (schedule := records.schedules.get(id)) is not None:
        yield ResolvedId(kind="schedule", words=f"the schedule {schedule.identifier} of {schedule.cohort}", id=id)


def _by_name(records: Records, text: str) -> Iterator[ResolvedId]:
    lower = text.lower()
    for user in (*records.users.by("trn", text), *records.users.by("email", lower)):
        if training_records_of(records, user.id):
            yield _person(records, user.id, f"no id, but the TRN or e-mail address of {user.full_name}", "participant")
    for school in records.schools:
        if text == school.urn or lower == school.name.lower():
            yield ResolvedId(
                kind="school", words=f"no id, but the URN or name of the school {school.name}", id=school.id
            )
    for partner in records.delivery_partners:
        if lower == partner.name.lower():
            words = f"no id, but the name of the delivery partner {partner.name}"
            yield ResolvedId(kind="delivery partner", words=words, id=partner.id)
    for user in records.users:
        if lower == user.full_name.lower() and training_records_of(records, user.id):
            yield _person(records, user.id, f"no id, but the name of {user.full_name}", "participant")


def _person(records: Records, user_id: str, words: str, kind: str) -> ResolvedId:
    trained = bool(training_records_of(records, user_id))
    return ResolvedId(kind=kind, words=words, id=user_id, person_id=user_id if trained else None)


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
    if asked is None or asked.id is None or case.provider is None:
        return
    found = resolve_id(case.records, asked.id)
    yield from about_id(asked, found, KINDS[asked.resource])
    if found is None:
        return
    if asked.resource in ("participants", "transfers", "unfunded mentors"):
        yield from _unknown_person(case, edition, turn, found.person_id)
    elif found.kind == KINDS[asked.resource]:
        yield from _THINGS[asked.resource](case, found.id)


def _unknown_person(case: Case, edition: Edition, turn: Turn, user_id: str | None) -> Iterator[str]:
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
    by_training_record = isinstance(VERSIONS[asked.version].participants, ByTrainingRecord)
    if asked.resource == "participants" and by_training_record and not hidden and _two_mentors(case, edition, user.id):
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
    seen = participant(case.records, case.provider.id, user_id, validated_only=edition.on("unvalidated_hidden"))
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
    given = asked.get("filter[cohort]", "")
    year = whole_number(given)
    if year is None or year not in case.records.cohorts:
        yield f"There is no cohort {given or 'named'}."
    elif not listed(case.records, school, year):
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
