"""What could make a partnership pass: a cohort, a school or a delivery partner; or the other request."""

from __future__ import annotations

from collections.abc import Iterator

from ecf_sandbox.rect.domain.periods import contains
from ecf_sandbox.rect.explain.resolved_ids import resolve_id
from ecf_sandbox.rect.explain.suggestions.participants import noon
from ecf_sandbox.rect.explain.suggestions.people import PARTNERSHIPS, partners_of
from ecf_sandbox.rect.queries.training import delivery_partnership_of
from ecf_sandbox.rect.rules import partnerships as rules
from ecf_sandbox.rect.rules.partnerships import PartnerAttempt, PartnershipAttempt
from ecf_sandbox.tools.explain.resolved_ids import ResolvedId
from ecf_sandbox.tools.explain.suggestions.moments import sent_at
from ecf_sandbox.tools.explain.suggestions.suggestion import Case, ProposedChange

_ABOUT_THE_COHORT = (rules.cohort_missing, rules.cohort_unknown, rules.cohort_in_future, rules.cohort_closed)
_ABOUT_THE_PARTNER = (
    rules.partner_missing,
    rules.partner_unknown,
    rules.partner_not_yours,
    rules.partner_already_there,
)


def changes(case: Case) -> Iterator[ProposedChange]:
    """All small changes that may help against what refused the partnership or the update."""
    attempt = case.attempt
    if isinstance(attempt, PartnershipAttempt):
        yield from _cohorts(case, attempt)
        yield from _schools(case, attempt)
        yield from _update_instead(case, attempt)
    if isinstance(attempt, PartnerAttempt):
        yield from _partners(case, attempt)


def _cohorts(case: Case, attempt: PartnershipAttempt) -> Iterator[ProposedChange]:
    taken = case.broke(rules.already_confirmed, rules.school_led)
    sure = case.broke(*_ABOUT_THE_COHORT)
    if not sure and not taken and not case.broke(rules.partner_not_yours):
        return
    given = attempt.contract_period.year if attempt.contract_period else 0
    begun = [it for it in case.records.contract_periods if it.enabled and it.started_on <= attempt.today]
    others = [it for it in begun if not taken or it.year > given]
    for n, it in enumerate(sorted(others, key=lambda it: -it.year)):
        # The present one is what was most likely meant.
        cost = 2 + (0 if contains(it, attempt.today) else 1 + min(n, 3)) + (0 if sure else 3)
        words = f"Make it for the cohort {it.year}."
        yield ProposedChange(aspect="cohort", words=words, cost=cost, attributes={"cohort": str(it.year)})
    if case.broke(rules.cohort_in_future) and attempt.contract_period is not None:
        start = attempt.contract_period.started_on
        yield sent_at(noon(start), f"Send it when the cohort has begun, on {start}", cost=3)


def _schools(case: Case, attempt: PartnershipAttempt) -> Iterator[ProposedChange]:
    found = _meant(case, attempt.school_id) if case.broke(rules.school_unknown) else None
    if found is not None and found.kind == "school":
        words = f"{attempt.school_id} is {found.words}: send its id {found.id}."
        yield ProposedChange(aspect="school", words=words, cost=1, attributes={"school_id": found.id})


def _partners(case: Case, attempt: PartnerAttempt) -> Iterator[ProposedChange]:
    if not case.broke(*_ABOUT_THE_PARTNER):
        return
    given = attempt.partner_id
    found = _meant(case, given)
    if found is not None and found.kind == "delivery partner" and found.id != given:
        words = f"{given} is {found.words}: send its id {found.id}."
        yield ProposedChange(aspect="partner", words=words, cost=1, attributes={"delivery_partner_id": found.id})
    year = _year(case, attempt)
    when = f" in {year}" if year else ""
    for n, it in enumerate(partners_of(case.records, case.provider_id, year)):
        if it.id != given:
            words = f"Name a delivery partner that works with you{when}: {it.name} ({it.id})."
            changed = {"delivery_partner_id": it.id}
            yield ProposedChange(aspect="partner", words=words, cost=2 + min(n, 3), attributes=changed)


def _meant(case: Case, given: object) -> ResolvedId | None:
    return resolve_id(case.records, str(given)) if isinstance(given, str | int) else None


def _year(case: Case, attempt: PartnerAttempt) -> int | None:
    """The cohort of the partnership that is meant."""
    if isinstance(attempt, PartnershipAttempt):
        return attempt.contract_period.year if attempt.contract_period else None
    there = case.records.school_partnerships.get(case.asked.uuid) if case.asked else None
    return delivery_partnership_of(case.records, there).contract_period_year if there else None


def _update_instead(case: Case, attempt: PartnershipAttempt) -> Iterator[ProposedChange]:
    """The delivery partner of the partnership that there is changes, where it is another one."""
    rival = attempt.rival
    if rival is None or attempt.delivery is None or rival.delivery_partnership_id == attempt.delivery.id:
        return
    told = {"delivery_partner_id": attempt.delivery.delivery_partner_id}
    update = case.also("PUT", f"{PARTNERSHIPS}/{rival.id}", "partnership", **told)
    words = f"Change the delivery partner of the partnership that there is, {rival.id}, if the one there is a mistake."
    yield ProposedChange(aspect="request", words=words, cost=3, instead=update)
