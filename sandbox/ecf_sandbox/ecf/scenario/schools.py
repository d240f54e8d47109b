"""The sections of a scenario on schools: the schools, what they chose, and their partnerships."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from functools import partial

from ecf_sandbox.ecf.actions.programmes import TRAINS
from ecf_sandbox.ecf.domain.participants import User
from ecf_sandbox.ecf.domain.providers import DeliveryPartner, Provider
from ecf_sandbox.ecf.domain.schools import (
    ChallengeReason,
    Incentive,
    InductionTutor,
    Partnership,
    Programme,
    ProgrammeChoice,
    School,
    SchoolCohort,
)
from ecf_sandbox.ecf.events.partnerships import challenge_partnership
from ecf_sandbox.ecf.scenario.builder import Builder
from ecf_sandbox.ecf.scenario.sections import PartnershipEntry, SchoolEntry, SchoolsAndPeople
from ecf_sandbox.state.record import replace

_FOUNDED = datetime(2021, 4, 1, 9, tzinfo=UTC)
_PROVIDER_LED = ProgrammeChoice.FULL_INDUCTION_PROGRAMME
_ENGLAND = "E06000014"


def read_schools(draft: Builder, scenario: SchoolsAndPeople) -> None:
    """`schools:` by name, with the programme that each chose for a cohort."""
    urns: dict[str, str] = {}
    for key, entry in scenario.schools:
        school = _school(draft, key, entry)
        if school.urn in urns:
            entry.note(f"'{school.urn}' is also the URN of {urns[school.urn]}", "urn")
        urns[school.urn] = key
        draft.schools[key] = school
        draft.add(school)
        _read_tutor(draft, key, school, entry)
        _read_incentives(draft, key, school, entry)
        _read_choices(draft, key, entry)


def _school(draft: Builder, key: str, entry: SchoolEntry) -> School:
    made_at = entry.since or _FOUNDED + timedelta(minutes=len(draft.schools))
    return School(
        id=draft.id("school", key),
        urn=entry.urn,
        name=entry.name,
        type_code=entry.type,
        status_code=entry.status,
        district_code=entry.district or _ENGLAND,
        section_41_approved=entry.section_41,
        primary_contact_email=entry.email or f"office@{key}.example.com",
        postcode=entry.postcode,
        address=entry.address,
        created_at=made_at,
        updated_at=made_at,
    )


def _read_tutor(draft: Builder, key: str, school: School, entry: SchoolEntry) -> None:
    if entry.induction_tutor is None:
        if entry.induction_tutor_email is not None:
            entry.note("there is no induction_tutor whose address it could be", "induction_tutor_email")
        return
    at = school.created_at
    tutor = User(
        id=draft.id("induction tutor", key),
        full_name=entry.induction_tutor,
        email=entry.induction_tutor_email or f"induction.tutor@{key}.example.com",
        created_at=at,
        updated_at=at,
    )
    link = InductionTutor(id=draft.id("tutor link", key), school_id=school.id, user_id=tutor.id)
    draft.add(tutor, link)


def _read_incentives(draft: Builder, key: str, school: School, entry: SchoolEntry) -> None:
    years = {it: it for it in draft.cohorts}
    premium = entry.pupil_premium.among(years)
    sparsity = entry.sparsity.among(years)
    for year in sorted({*premium, *sparsity}):
        draft.add(
            Incentive(
                id=draft.id("incentive", key, year),
                school_id=school.id,
                start_year=year,
                pupil_premium=year in premium,
                sparsity=year in sparsity,
            )
        )


def _read_choices(draft: Builder, key: str, entry: SchoolEntry) -> None:
    for year, choice in entry.programmes.among([*map(str, draft.cohorts)]):
        draft.choices[key, int(year)] = choice


def read_partnerships(draft: Builder, scenario: SchoolsAndPeople) -> None:
    """`partnerships:` lists who trains for which school, a row for each cohort that an entry names."""
    years = {it: it for it in draft.cohorts}
    for entry in scenario.partnerships:
        school = entry.school.among(draft.schools)
        provider = entry.provider.among(draft.providers)
        partner = entry.delivery_partner.among(draft.partners)
        challenge = _read_challenge(entry)
        for year in entry.cohort.among(years):
            if school and provider and partner:
                it = _partnership(draft, entry, school, provider, partner, year)
                _join(draft, entry, it, challenged=challenge is not None)
                if challenge:
                    at, reason = challenge
                    draft.add_event(at, partial(challenge_partnership, partnership_id=it.id, reason=reason), entry)


def _read_challenge(entry: PartnershipEntry) -> tuple[datetime, ChallengeReason] | None:
    at, reason = entry.challenged, entry.reason
    if ("reason" in entry) != (at is not None):
        entry.note("a challenge needs both its moment (challenged) and its reason")
    return (at, reason) if at and reason else None


def _partnership(
    draft: Builder,
    entry: PartnershipEntry,
    school: School,
    provider: Provider,
    partner: DeliveryPartner,
    year: int,
) -> Partnership:
    names = (entry.school.name, entry.provider.name, year)
    if (provider.id, partner.id, year) not in draft.works_with:
        entry.note(f"does not work with {names[1]} for {year}: say so under works_with", "delivery_partner")
    at = entry.confirmed or datetime.combine(draft.cohorts[year].academic_year_start, time(9), UTC) - timedelta(days=60)
    return Partnership(
        id=draft.id("partnership", *names),
        school_id=school.id,
        provider_id=provider.id,
        delivery_partner_id=partner.id,
        cohort=year,
        challenge_deadline=_challenge_deadline(draft, year, at),
        report_id=draft.id("report", *names),
        created_at=at,
        updated_at=at,
    )


def _challenge_deadline(draft: Builder, year: int, confirmed: datetime) -> datetime:
    # behaviour/http-and-partnerships.md#a7: the later of two months into the academic year and a fortnight.
    october = datetime.combine(draft.cohorts[year].academic_year_start.replace(month=10, day=31), time(), UTC)
    return max(october, confirmed + timedelta(days=14))


def _join(draft: Builder, entry: PartnershipEntry, partnership: Partnership, *, challenged: bool) -> None:
    """The partnership and its programme, which the school's new participants join unless it is challenged."""
    school, provider = entry.school.name, entry.provider.name
    key = (school, partnership.cohort)
    own = draft.partnerships.setdefault(key, {})
    if provider in own:
        entry.note(f"{provider} has another partnership with {school} for {partnership.cohort}")
    own[provider] = partnership
    programme = Programme(
        id=draft.id("programme", *key, provider),
        school_cohort_id=draft.id("school cohort", *key),
        partnership_id=partnership.id,
        created_at=partnership.created_at,
        updated_at=partnership.created_at,
    )
    draft.programme_with[partnership.id] = programme
    draft.provider_of[programme.id] = partnership.provider_id
    draft.add(partnership, programme)
    if key not in draft.default_programmes or not challenged:
        draft.default_programmes[key] = programme
    draft.choices.setdefault(key, _PROVIDER_LED)


def add_school_cohorts(draft: Builder) -> None:
    """What each school chose for a cohort, with the programme that its new participants join."""
    for (school, year), choice in draft.choices.items():
        at = datetime.combine(draft.cohorts[year].registration_start, time(9), UTC)
        it = SchoolCohort(
            id=draft.id("school cohort", school, year),
            school_id=draft.schools[school].id,
            cohort=year,
            choice=choice,
            created_at=at,
            updated_at=at,
        )
        programme = _default_programme(draft, school, it)
        draft.add(replace(it, default_programme_id=programme.id) if programme else it)


def _default_programme(draft: Builder, school: str, it: SchoolCohort) -> Programme | None:
    """A partnership's programme for a school that is led by a provider and has one, else one of its own."""
    key = (school, it.cohort)
    if it.choice not in TRAINS:
        draft.default_programmes.pop(key, None)
        return None
    if it.choice is not _PROVIDER_LED or key not in draft.default_programmes:
        own = Programme(
            id=draft.id("programme", *key),
            school_cohort_id=it.id,
            kind=it.choice,
            created_at=it.created_at,
            updated_at=it.created_at,
        )
        draft.default_programmes[key] = own
        draft.add(own)
    return draft.default_programmes[key]
