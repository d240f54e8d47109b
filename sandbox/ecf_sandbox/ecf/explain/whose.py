"""What an id, a name or a number stands for in the records, and which participant id goes with it."""

from __future__ import annotations

from collections.abc import Iterator

from ecf_sandbox.dates.wire import instant
from ecf_sandbox.ecf.queries.training import training_records_of, user_of
from ecf_sandbox.rulebook.uuids import canonical
from ecf_sandbox.state.record import Record
from ecf_sandbox.state.records import Records


class Found(Record, frozen=True, kw_only=True):
    """Something that was meant: which kind of thing, in words, and the participant whom it leads to, if any."""

    kind: str
    words: str
    id: str
    participant_id: str | None = None


def whose(records: Records, text: str | None) -> Found | None:
    """What an id stands for; also a TRN, a URN, a name or an e-mail address that was given in place of one."""
    if not text or not text.strip():
        return None
    id = canonical(text.strip())
    return next(_by_id(records, id) if id else _by_name(records, text.strip()), None)


def _by_id(records: Records, id: str) -> Iterator[Found]:
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


def _of_things(records: Records, id: str) -> Iterator[Found]:
    if (declaration := records.declarations.get(id)) is not None:
        user = records.users[declaration.user_id]
        words = f"the declaration {declaration.type} of {user.full_name} dated {instant(declaration.date)}"
        yield Found(kind="declaration", words=words, id=id, participant_id=user.id)
    if (school := records.schools.get(id)) is not None:
        yield Found(kind="school", words=f"the school {school.name}, URN {school.urn}", id=id)
    if (partner := records.delivery_partners.get(id)) is not None:
        yield Found(kind="delivery partner", words=f"the delivery partner {partner.name}", id=id)
    if (partnership := records.partnerships.get(id)) is not None:
        name = records.schools[partnership.school_id].name
        provider = records.providers[partnership.provider_id].name
        words = f"the partnership of {provider} with {name} for {partnership.cohort}"
        yield Found(kind="partnership", words=words, id=id)
    if (statement := records.statements.get(id)) is not None:
        provider = records.providers[statement.provider_id].name
        yield Found(kind="statement", words=f"the statement {statement.name} of {provider}", id=id)
    if (provider_row := records.providers.get(id)) is not None:
        yield Found(kind="provider", words=f"the provider {provider_row.name}", id=id)
    if (schedule := records.schedules.get(id)) is not None:
        yield Found(kind="schedule", words=f"the schedule {schedule.identifier} of {schedule.cohort}", id=id)


def _by_name(records: Records, text: str) -> Iterator[Found]:
    lower = text.lower()
    for user in (*records.users.by("trn", text), *records.users.by("email", lower)):
        if training_records_of(records, user.id):
            yield _person(records, user.id, f"no id, but the TRN or e-mail address of {user.full_name}", "participant")
    for school in records.schools:
        if text == school.urn or lower == school.name.lower():
            yield Found(kind="school", words=f"no id, but the URN or name of the school {school.name}", id=school.id)
    for partner in records.delivery_partners:
        if lower == partner.name.lower():
            words = f"no id, but the name of the delivery partner {partner.name}"
            yield Found(kind="delivery partner", words=words, id=partner.id)
    for user in records.users:
        if lower == user.full_name.lower() and training_records_of(records, user.id):
            yield _person(records, user.id, f"no id, but the name of {user.full_name}", "participant")


def _person(records: Records, user_id: str, words: str, kind: str) -> Found:
    trained = bool(training_records_of(records, user_id))
    return Found(kind=kind, words=words, id=user_id, participant_id=user_id if trained else None)
