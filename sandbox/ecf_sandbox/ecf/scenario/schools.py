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
from ecf_sandbox.scenario.fields import Fields
from ecf_sandbox.state.record import replace

_FOUNDED = datetime(2021, 4, 1, 9, tzinfo=UTC)
_PROVIDER_LED = ProgrammeChoice.FULL_INDUCTION_PROGRAMME
_COMMUNITY_SCHOOL, _OPEN, _ENGLAND = 1, 1, "E06000014"


def read_schools(draft: Builder, scenario: Fields) -> None:
    """`schools:` by name, with the programme that each chose for a cohort."""
    urns: dict[str, str] = {}
    for key, fields in scenario.entries("schools"):
        school = _school(draft, key, fields)
        if school.urn in urns:
            fields.note(f"'{school.urn}' is also the URN of {urns[school.urn]}", "urn")
        urns[school.urn] = key
        draft.schools[key] = school
        draft.add(school)
        _read_tutor(draft, key, school, fields)
        _read_incentives(draft, key, school, fields)
        _read_choices(draft, key, fields)


def _school(draft: Builder, key: str, fields: Fields) -> School:
    made_at = fields.maybe_moment("since") or _FOUNDED + timedelta(minutes=len(draft.schools))
    return School(
        id=draft.id("school", key),
        urn=fields.text("urn"),
        name=fields.text("name"),
        type_code=fields.number("type", _COMMUNITY_SCHOOL),
        status_code=fields.number("status", _OPEN),
        district_code=fields.text("district", _ENGLAND),
        section_41_approved=fields.flag("section_41"),
        primary_contact_email=fields.text("email", f"office@{key}.example.com"),
        postcode=fields.maybe_text("postcode"),
        address=fields.maybe_text("address"),
        created_at=made_at,
        updated_at=made_at,
    )


def _read_tutor(draft: Builder, key: str, school: School, fields: Fields) -> None:
    name = fields.maybe_text("induction_tutor")
    if name is None:
        return
    at = school.created_at
    tutor = User(
        id=draft.id("induction tutor", key),
        full_name=name,
        email=f"induction.tutor@{key}.example.com",
        created_at=at,
        updated_at=at,
    )
    link = InductionTutor(id=draft.id("tutor link", key), school_id=school.id, user_id=tutor.id)
    draft.add(tutor, link)


def _read_incentives(draft: Builder, key: str, school: School, fields: Fields) -> None:
    years = {it: it for it in draft.cohorts}
    premium = fields.several("pupil_premium", years, "cohort")
    sparsity = fields.several("sparsity", years, "cohort")
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


def _read_choices(draft: Builder, key: str, fields: Fields) -> None:
    programmes = fields.inner("programmes")
    if programmes is None:
        return
    for year in draft.cohorts:
        if str(year) in programmes:
            draft.choices[key, year] = programmes.choice(str(year), ProgrammeChoice, _PROVIDER_LED)
    programmes.allow(*map(str, draft.cohorts))
    programmes.finish()


def read_partnerships(draft: Builder, scenario: Fields) -> None:
    """`partnerships:` lists who trains for which school, a row for each cohort that an entry names."""
    years = {it: it for it in draft.cohorts}
    for fields in scenario.each("partnerships"):
        school = fields.known("school", draft.schools, "school")
        provider = fields.known("provider", draft.providers, "lead provider")
        partner = fields.known("delivery_partner", draft.partners, "delivery partner")
        confirmed = fields.maybe_moment("confirmed")
        challenge = _read_challenge(fields)
        if "cohort" not in fields:
            fields.note("is missing", "cohort")
        for year in fields.several("cohort", years, "cohort"):
            if school and provider and partner:
                it = _partnership(draft, fields, school, provider, partner, year, confirmed)
                _join(draft, fields, it, challenged=challenge is not None)
                if challenge:
                    at, reason = challenge
                    draft.add_event(at, partial(challenge_partnership, partnership_id=it.id, reason=reason), fields)


def _read_challenge(fields: Fields) -> tuple[datetime, ChallengeReason] | None:
    at = fields.maybe_moment("challenged")
    reason = fields.choice("reason", ChallengeReason, ChallengeReason.MISTAKE)
    if ("reason" in fields) != (at is not None):
        fields.note("a challenge needs both its moment (challenged) and its reason")
    return (at, reason) if at else None


def _partnership(
    draft: Builder,
    fields: Fields,
    school: School,
    provider: Provider,
    partner: DeliveryPartner,
    year: int,
    confirmed: datetime | None,
) -> Partnership:
    names = (fields.text("school"), fields.text("provider"), year)
    if (provider.id, partner.id, year) not in draft.works_with:
        fields.note(f"does not work with {names[1]} for {year}: say so under works_with", "delivery_partner")
    at = confirmed or datetime.combine(draft.cohorts[year].academic_year_start, time(9), UTC) - timedelta(days=60)
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


def _join(draft: Builder, fields: Fields, partnership: Partnership, *, challenged: bool) -> None:
    """The partnership and its programme, which the school's new participants join unless it is challenged."""
    school, provider = fields.text("school"), fields.text("provider")
    key = (school, partnership.cohort)
    own = draft.partnerships.setdefault(key, {})
    if provider in own:
        fields.note(f"{provider} has another partnership with {school} for {partnership.cohort}")
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
