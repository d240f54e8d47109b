"""The first sections of a scenario: cohorts, lead providers with tokens and statements, delivery partners, features."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from ecf_sandbox.ecf.domain.cohorts import Cohort, Schedule
from ecf_sandbox.ecf.domain.declarations import DeclarationState, Feature, LineItem, Phase, Statement
from ecf_sandbox.ecf.domain.providers import DeliveryPartner, Provider, ProviderRelationship, Token
from ecf_sandbox.ecf.reference import loading as reference
from ecf_sandbox.ecf.reference.loading import StatementDates
from ecf_sandbox.ecf.scenario.builder import Builder
from ecf_sandbox.ecf.scenario.sections import CohortEntry, Contracts, PartnerEntry
from ecf_sandbox.state.record import replace

FIRST_COHORT = 2021  # 2020 has neither schedules nor statements
_FOUNDED = datetime(2021, 3, 1, 9, tzinfo=UTC)
_NOON = time(12, tzinfo=UTC)
_MIDNIGHT = time(tzinfo=UTC)


def read_cohorts(draft: Builder, scenario: Contracts) -> None:
    """The published cohorts and schedules, and what `cohorts:` says is otherwise."""
    published = {it.start_year: it for it in reference.cohorts()}
    open_from: dict[int, date] = {}
    for year, entry in scenario.cohorts:
        cohort = published.get(int(year)) if year.isdigit() else None
        if cohort is None:
            entry.note(f"unknown cohort {year}; the cohorts are {', '.join(map(str, published))}")
        else:
            published[cohort.start_year] = _changed(cohort, entry)
            open_from[cohort.start_year] = entry.milestones_from or date.max
    draft.cohorts = published
    schedules = [
        _opened(it, open_from.get(it.cohort, date.max)) for it in reference.schedules(partial(draft.id, "schedule"))
    ]
    draft.schedules = {
        year: {it.identifier: it for it in own} for year, own in groupby(schedules, key=attrgetter("cohort"))
    }
    draft.add(*published.values(), *schedules)


def _opened(schedule: Schedule, day: date) -> Schedule:
    """A schedule whose milestones open on a day at the latest."""
    if all(it.start <= day for it in schedule.milestones):
        return schedule
    return replace(schedule, milestones=tuple(replace(it, start=min(it.start, day)) for it in schedule.milestones))


def _changed(cohort: Cohort, entry: CohortEntry) -> Cohort:
    if entry.payments_frozen_at == "never":
        return replace(cohort, payments_frozen_at=None)
    return replace(cohort, payments_frozen_at=entry.payments_frozen_at or cohort.payments_frozen_at)


def read_features(draft: Builder, scenario: Contracts) -> None:
    """`features:` lists the switches that the DfE's staff have thrown."""
    draft.add(*(Feature(name=it, active=True) for it in scenario.features or ()))


def read_providers(draft: Builder, scenario: Contracts) -> None:
    """`providers:` with their tokens, and a statement for each of their cohorts at each payment date."""
    contracts = {year: year for year in draft.cohorts if year >= FIRST_COHORT}
    for key, entry in scenario.providers:
        name = entry.name or key
        provider = Provider(id=draft.id("provider", key), name=name, organisation=entry.organisation or name)
        draft.providers[key] = provider
        draft.add(provider)
        token = entry.token or f"{key}-token"
        if token in draft.tokens:
            entry.note("is another provider's token, too", "token")
        draft.tokens.append(token)
        draft.add(Token(value=token, provider_id=provider.id))
        years = entry.cohorts.among(contracts) if entry.cohorts else list(contracts)
        for year in years:
            _add_statements(draft, key, provider, year)


def read_other_tokens(draft: Builder, scenario: Contracts) -> None:
    """`other_tokens:` names tokens that do not open the provider API, with their kind."""
    for value, kind in scenario.other_tokens:
        if value in draft.tokens:
            scenario.other_tokens.note("is a provider's token", value)
        draft.add(Token(value=value, kind=kind))


def read_delivery_partners(draft: Builder, scenario: Contracts) -> None:
    """`delivery_partners:` with the cohorts for which each works with a provider."""
    for key, entry in scenario.delivery_partners:
        since = entry.since or _FOUNDED + timedelta(minutes=len(draft.partners) + 1)
        partner = DeliveryPartner(
            id=draft.id("delivery partner", key),
            name=entry.name,
            discarded_at=entry.closed,
            created_at=since,
            updated_at=entry.closed or since,
        )
        draft.partners[key] = partner
        draft.add(partner)
        _read_relationships(draft, key, partner, entry)


def _read_relationships(draft: Builder, key: str, partner: DeliveryPartner, entry: PartnerEntry) -> None:
    cohorts = {it: it for it in draft.cohorts}
    for name, years in entry.works_with.among(draft.providers):
        provider = draft.providers[name]
        for year in years.among(cohorts):
            draft.works_with.add((provider.id, partner.id, year))
            draft.add(
                ProviderRelationship(
                    id=draft.id("provider relationship", name, key, year),
                    provider_id=provider.id,
                    delivery_partner_id=partner.id,
                    cohort=year,
                    discarded_at=partner.discarded_at,
                )
            )


def _add_statements(draft: Builder, key: str, provider: Provider, year: int) -> None:
    made_at = datetime.combine(draft.cohorts[year].registration_start, time(9), UTC)
    own = [_statement(draft, key, provider, it, made_at) for it in _calendar(year)]
    draft.statements[provider.id, year] = own
    draft.add(*own)


def _calendar(year: int) -> list[StatementDates]:
    return sorted((it for it in reference.statement_calendar() if it.cohort == year), key=lambda it: it.deadline_date)


def _statement(draft: Builder, key: str, provider: Provider, dates: StatementDates, made_at: datetime) -> Statement:
    phase = phase_on(draft.as_of.date(), dates.deadline_date, dates.payment_date)
    moved = {
        Phase.OPEN: made_at,
        Phase.PAYABLE: cut_off(dates.deadline_date),
        Phase.PAID: payment(dates.payment_date),
    }
    return Statement(
        id=draft.id("statement", key, dates.cohort, dates.name),
        provider_id=provider.id,
        cohort=dates.cohort,
        name=dates.name,
        deadline_date=dates.deadline_date,
        payment_date=dates.payment_date,
        output_fee=dates.output_fee,
        phase=phase,
        created_at=made_at,
        updated_at=max(made_at, moved[phase]),
    )


def phase_on(today: date, deadline: date, payment: date) -> Phase:
    """Where a statement is on a day, when nobody was late (behaviour/declarations.md#7-2)."""
    if payment < today:
        return Phase.PAID
    return Phase.PAYABLE if deadline < today else Phase.OPEN


def cut_off(deadline: date) -> datetime:
    """When the nightly job closes a statement with that deadline."""
    return datetime.combine(deadline + timedelta(days=1), _MIDNIGHT)


def payment(payment_date: date) -> datetime:
    """When the payment that is due on a day is authorised."""
    return datetime.combine(payment_date, _NOON)


_STATE_ON = {
    Phase.OPEN: DeclarationState.ELIGIBLE,
    Phase.PAYABLE: DeclarationState.PAYABLE,
    Phase.PAID: DeclarationState.PAID,
}


class Course(NamedTuple):
    """What became of a declaration: its state since a moment, and its lines on statements (state, since, until now)."""

    state: DeclarationState
    since: datetime
    lines: tuple[tuple[Statement, DeclarationState, datetime, datetime], ...] = ()


def course_of(
    draft: Builder,
    provider_id: str,
    cohort: int,
    *,
    sent: datetime,
    eligible_from: datetime | None,
    voided: datetime | None = None,
    duplicate: bool = False,
) -> Course | None:
    """What becomes of a declaration by the moment that the scenario describes (behaviour/declarations.md#7).

    None says that the cohort had no statement left to take it.
    """
    funded = sent if duplicate else eligible_from and max(sent, eligible_from)
    if funded is None or (voided is not None and voided < funded):
        return Course(DeclarationState.SUBMITTED, sent) if voided is None else Course(DeclarationState.VOIDED, voided)
    statement = draft.next_output_statement(provider_id, cohort, funded.date())
    if statement is None:
        return None
    if voided is None:
        state = DeclarationState.INELIGIBLE if duplicate else _STATE_ON[statement.phase]
        since = funded if duplicate else _moved(statement, funded)
        return Course(state, since, ((statement, state, funded, since),))
    if duplicate or voided < payment(statement.payment_date):
        return Course(DeclarationState.VOIDED, voided, ((statement, DeclarationState.VOIDED, funded, voided),))
    refund = draft.next_output_statement(provider_id, cohort, voided.date())
    if refund is None:
        return None
    returned = refund.phase is Phase.PAID
    state = DeclarationState.CLAWED_BACK if returned else DeclarationState.AWAITING_CLAWBACK
    since = payment(refund.payment_date) if returned else voided
    paid = (statement, DeclarationState.PAID, funded, payment(statement.payment_date))
    return Course(state, since, (paid, (refund, state, voided, since)))


def _moved(statement: Statement, funded: datetime) -> datetime:
    if statement.phase is Phase.OPEN:
        return funded
    paid = statement.phase is Phase.PAID
    return payment(statement.payment_date) if paid else cut_off(statement.deadline_date)


def line_items(draft: Builder, declaration_id: str, course: Course) -> Iterable[LineItem]:
    """The lines of a declaration on its statements."""
    return (
        LineItem(
            id=draft.id("line item", declaration_id, n),
            statement_id=statement.id,
            declaration_id=declaration_id,
            state=state,
            created_at=since,
            updated_at=changed,
        )
        for n, (statement, state, since, changed) in enumerate(course.lines)
    )
