"""Schools: their partnerships, what the schools challenged, how they train each cohort, and whom."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from ecf_sandbox.ecf.domain.schools import Partnership, School, SchoolCohort
from ecf_sandbox.ecf.pages.words import course, person, provider_of, school, standing
from ecf_sandbox.ecf.queries.partnerships import tutors_of
from ecf_sandbox.ecf.queries.training import newest, school_of, user_of
from ecf_sandbox.ecf.records import Records
from ecf_sandbox.web.ui.cells import has_words, search, state, text
from ecf_sandbox.web.ui.sections import Cell, Detail, Listing, Look, Table, page_of
from ecf_sandbox.web.ui.words import day


def listing(look: Look) -> Listing:
    """The schools that match, by name."""
    records: Records = look.turn.records
    found = [it for it in records.schools if has_words(look.query, it.name, it.urn)]
    found.sort(key=lambda it: (it.name.lower(), it.id))
    rows, page, pages = page_of(found, look.query)
    return Listing(
        title="Schools",
        table=Table(
            title="Schools",
            columns=("School", "URN", "Programmes", "Partnerships", "Challenged", "Participants"),
            rows=tuple(_row(records, it) for it in rows),
            empty="No school matches.",
        ),
        found=len(found),
        page=page,
        pages=pages,
        filters=(search("Name or URN", look.query),),
    )


def _row(records: Records, it: School) -> tuple[Cell, ...]:
    own = records.partnerships.by("school_id", it.id)
    years = ", ".join(str(each.cohort) for each in _cohorts(records, it))
    return (
        school(it),
        text(it.urn),
        text(years),
        text(sum(each.active for each in own) or None),
        text(sum(each.challenged for each in own) or None),
        text(sum(1 for _ in _participants(records, it)) or None),
    )


def show(look: Look, id: str) -> Detail | None:
    """The page of a school, by its id or its URN."""
    records: Records = look.turn.records
    it = records.schools.get(id) or records.schools.one("urn", id)
    if it is None:
        return None
    tutors = ", ".join(f"{each.full_name} ({each.email})" for each in tutors_of(records, it.id))
    own = sorted(records.partnerships.by("school_id", it.id), key=lambda each: (each.cohort, each.created_at))
    return Detail(
        id=it.id,
        title=it.name,
        facts=(
            ("URN", text(it.urn)),
            ("Takes part", text("yes" if it.eligible else "not eligible for funded training")),
            ("Induction tutor", text(tutors or "nobody")),
        ),
        tables=(
            _partnerships(records, [each for each in own if not each.challenged], look.turn.now),
            _challenges(records, [each for each in own if each.challenged]),
            _programmes(records, it),
            Table(
                title="Participants",
                columns=("Name", "Trains as", "Lead provider", "Status"),
                rows=tuple(_participants(records, it)),
                empty="Nobody trains here now.",
            ),
        ),
        parameter="school_id",
    )


def _cohorts(records: Records, it: School) -> list[SchoolCohort]:
    return sorted(records.school_cohorts.by("school_id", it.id), key=lambda each: each.cohort)


def _partnerships(records: Records, own: list[Partnership], now: datetime) -> Table:
    rows = tuple((*_partners(records, it), text(_standing(it, now))) for it in own)
    columns = ("Cohort", "Lead provider", "Delivery partner", "Standing")
    return Table(title="Partnerships", columns=columns, rows=rows, empty="The school is in no partnership.")


def _standing(it: Partnership, now: datetime) -> str:
    if it.relationship:
        return "for one participant who keeps their provider"
    ahead = it.challenge_deadline is not None and it.challenge_deadline > now
    until = f", can be challenged until {day(it.challenge_deadline)}" if it.challenge_deadline and ahead else ""
    return f"pending{until}" if it.pending else f"active{until}"


def _challenges(records: Records, own: list[Partnership]) -> Table:
    rows = tuple(
        (
            *_partners(records, it),
            text(state(it.challenge_reason.value) if it.challenge_reason else None),
            text(day(it.challenged_at) if it.challenged_at else None),
        )
        for it in own
    )
    columns = ("Cohort", "Lead provider", "Delivery partner", "The school says", "On")
    return Table(title="Challenges", columns=columns, rows=rows, empty="The school has challenged nothing.")


def _partners(records: Records, it: Partnership) -> tuple[Cell, ...]:
    provider, partner = records.providers[it.provider_id], records.delivery_partners[it.delivery_partner_id]
    return text(it.cohort), text(provider.name), text(partner.name)


def _programmes(records: Records, it: School) -> Table:
    rows = []
    for each in _cohorts(records, it):
        default = records.programmes.get(each.default_programme_id)
        behind = records.partnerships.get(default.partnership_id) if default else None
        provider = records.providers[behind.provider_id].name if behind else None
        rows.append((text(each.cohort), text(state(each.choice.value)), text(provider)))
    columns = ("Cohort", "How it trains", "New participants join")
    return Table(title="Programmes", columns=columns, rows=tuple(rows), empty="No cohort is set up yet.")


def _participants(records: Records, it: School) -> Iterator[tuple[Cell, ...]]:
    own = {
        induction.training_record_id
        for each in records.school_cohorts.by("school_id", it.id)
        for programme in records.programmes.by("school_cohort_id", each.id)
        for induction in records.induction_records.by("programme_id", programme.id)
    }
    found = [(records.training_records[id], newest(records, records.training_records[id])) for id in own]
    here = [(training, induction) for training, induction in found if induction and school_of(records, induction) is it]
    for training, induction in sorted(here, key=lambda pair: (user_of(records, pair[0]).full_name, pair[0].id)):
        provider = provider_of(records, induction)
        yield (
            person(user_of(records, training)),
            text(course(training)),
            text(provider),
            text(standing(training)),
        )
