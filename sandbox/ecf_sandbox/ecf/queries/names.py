"""Names that stand for ids, and moments that have a name: in stories, tests and demonstrations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta

from ecf_sandbox.ecf.domain.cohorts import Milestone
from ecf_sandbox.ecf.domain.declarations import Phase
from ecf_sandbox.ecf.queries.training import training_records_of, user_of
from ecf_sandbox.ecf.records import Records
from ecf_sandbox.state.moments import NamedMoment

# How `names` calls the rows of a table.
NAMED: Mapping[str, str] = {
    "users": "${people.NAME}",
    "schools": "${schools.NAME}",
    "providers": "${providers.NAME}",
    "delivery_partners": "${delivery_partners.NAME}",
    "partnerships": "${partnerships.SCHOOL.COHORT.PROVIDER}",
    "statements": "${statements.PROVIDER.COHORT.MONTH YEAR}",
    "declarations": "${declarations.PERSON.TYPE}",
}


def names(records: Records) -> dict[str, str]:
    """Every name with the id that it stands for.

    `people.Jane Smith` is a participant id, `people.Jane Smith.ect` (or `.mentor`) a training record id;
    `schools.Oakfield Academy`, `delivery_partners.…`, `providers.…` go by name; `statements.Ambition
    Institute.2025.January 2026`, `partnerships.Oakfield Academy.2025.Ambition Institute` and `declarations.Jane
    Smith.started` by what they belong to. Where several share a name it stands for the newest.
    """
    found: dict[str, str] = {}
    provider = {it.id: it.name for it in records.providers}
    for it in records.providers:
        found[f"providers.{it.name}"] = it.id
    for partner in records.delivery_partners:
        found[f"delivery_partners.{partner.name}"] = partner.id
    for school in records.schools:
        found[f"schools.{school.name}"] = school.id
    for partnership in sorted(records.partnerships, key=lambda it: it.created_at):
        school_name = records.schools[partnership.school_id].name
        found[f"partnerships.{school_name}.{partnership.cohort}.{provider[partnership.provider_id]}"] = partnership.id
    for statement in records.statements:
        found[f"statements.{provider[statement.provider_id]}.{statement.cohort}.{statement.name}"] = statement.id
    for user in sorted(records.users, key=lambda it: it.created_at):
        found[f"people.{user.full_name}"] = user.id
        for training in training_records_of(records, user.id):
            found[f"people.{user.full_name}.{training.type}"] = training.id
    for declaration in sorted(records.declarations, key=lambda it: it.created_at):
        person = user_of(records, records.training_records[declaration.training_record_id]).full_name
        found[f"declarations.{person}.{declaration.type}"] = declaration.id
    return found


def tokens(records: Records) -> dict[str, str]:
    """The token of each provider, by the provider's name, in the order of the names."""
    return {
        provider.name: token.value
        for provider in sorted(records.providers, key=lambda it: it.name)
        for token in records.tokens.by("provider_id", provider.id)[:1]
    }


STANDARD = "ecf-standard-september"


def named_moments(records: Records, now: datetime) -> list[NamedMoment]:
    """Every named moment after `now`, in the order of time.

    `statement:next:cut-off` is the midnight after the next deadline of an open statement, `statement:next:payment`
    the start of the next payment date of one that is not paid; `statement:November 2026:payment` names one of them.
    `milestone:retained-1:start` is the next such start, `…:end` the last second, in any cohort's standard September
    schedule; `milestone:retained-1:start:2025` that of a cohort, `…:2025:ecf-standard-january` of another schedule.
    """
    found: dict[str, NamedMoment] = {}
    for it in sorted((*_statements(records), *_milestones(records)), key=lambda it: it.at):
        if it.at > now:
            found.setdefault(it.name, it)
    return list(found.values())


def _statements(records: Records) -> Iterator[NamedMoment]:
    for it in records.statements:
        for which in ("next", it.name):
            if it.phase is Phase.OPEN:
                yield NamedMoment(name=f"statement:{which}:cut-off", at=_midnight(it.deadline_date + timedelta(days=1)))
            if it.phase is not Phase.PAID:
                at = _midnight(it.payment_date)
                yield NamedMoment(name=f"statement:{which}:payment", at=at, pays=it.payment_date)


def _milestones(records: Records) -> Iterator[NamedMoment]:
    for schedule in records.schedules:
        for it in schedule.milestones:
            name = f"milestone:{it.declaration_type}"
            suffixes = [f":{schedule.cohort}:{schedule.identifier}"]
            if schedule.identifier == STANDARD:
                suffixes += ["", f":{schedule.cohort}"]
            for suffix in suffixes:
                yield NamedMoment(name=f"{name}:start{suffix}", at=it.opens)
                if (last := _last_second(it)) is not None:
                    yield NamedMoment(name=f"{name}:end{suffix}", at=last)


def _last_second(it: Milestone) -> datetime | None:
    return None if it.closes is None else it.closes - timedelta(seconds=1)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)
