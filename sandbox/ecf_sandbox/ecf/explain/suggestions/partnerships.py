"""What could make a partnership pass: another cohort, school or delivery partner, an update or a new confirmation."""

from __future__ import annotations

from collections.abc import Iterator

from ecf_sandbox.ecf.explain.not_found import resolve_id
from ecf_sandbox.ecf.queries.partnerships import delivery_partners
from ecf_sandbox.ecf.rules import partnerships as rules
from ecf_sandbox.ecf.rules.partnerships import PartnershipAttempt
from ecf_sandbox.tools.explain.suggestions.suggestion import Case, ProposedChange

CONFIRMATION = "ecf-partnership"
_PATH = "/api/v3/partnerships/ecf"


def changes(case: Case) -> Iterator[ProposedChange]:
    """All small changes that may help against what refused the confirmation or the update."""
    if isinstance(case.attempt, PartnershipAttempt):
        yield from _cohorts(case, case.attempt)
        yield from _schools(case, case.attempt)
        yield from _delivery_partners(case, case.attempt)
        yield from _the_other_request(case, case.attempt)


def _cohorts(case: Case, attempt: PartnershipAttempt) -> Iterator[ProposedChange]:
    sure = case.broke(rules.cohort_missing, rules.cohort_unknown)
    taken = case.broke(rules.school_not_yet_confirmed, rules.already_confirmed, rules.another_provider)
    if case.request.method != "POST" or not (sure or taken or case.broke(rules.delivery_partner_not_recognised)):
        return
    year = attempt.cohort.start_year if attempt.cohort else 0
    for n, it in enumerate(sorted(case.records.cohorts, key=lambda it: -it.start_year)):
        if it.start_year != year and not (taken and it.start_year < year):
            words = f"Confirm it for the cohort {it.start_year}."
            cost = (2 if sure else 5) + min(n, 3)
            yield ProposedChange(aspect="cohort", words=words, cost=cost, attributes={"cohort": str(it.start_year)})


def _schools(case: Case, attempt: PartnershipAttempt) -> Iterator[ProposedChange]:
    given = attempt.school_id
    found = resolve_id(case.records, given) if isinstance(given, str) and case.broke(rules.school_unknown) else None
    if found is not None and found.kind == "school":
        words = f"{given} is {found.words}: send its id {found.id}."
        yield ProposedChange(aspect="school", words=words, cost=1, attributes={"school_id": found.id})


def _delivery_partners(case: Case, attempt: PartnershipAttempt) -> Iterator[ProposedChange]:
    wrong = (rules.delivery_partner_missing, rules.delivery_partner_unknown, rules.delivery_partner_not_recognised)
    if not case.broke(*wrong, rules.relationship_exists):
        return
    given = attempt.delivery_partner_id
    meant = resolve_id(case.records, given) if isinstance(given, str) else None
    if meant is not None and meant.kind == "delivery partner" and meant.id != given:
        words = f"{given} is {meant.words}: send its id {meant.id}."
        yield ProposedChange(aspect="partner", words=words, cost=1, attributes={"delivery_partner_id": meant.id})
    years = None if attempt.cohort is None else frozenset({attempt.cohort.start_year})
    known = delivery_partners(case.records, case.provider_id, years)
    for n, it in enumerate(known):
        if it.id != given:
            when = f" for {attempt.cohort.start_year}" if attempt.cohort else ""
            words = f"Name a delivery partner that you work with{when}: {it.name} ({it.id})."
            yield ProposedChange(
                aspect="partner", words=words, cost=2 + min(n, 3), attributes={"delivery_partner_id": it.id}
            )


def _the_other_request(case: Case, attempt: PartnershipAttempt) -> Iterator[ProposedChange]:
    school, cohort = attempt.school, attempt.cohort
    if school is None or cohort is None:
        return
    if case.broke(rules.challenged):
        confirmation = case.also(
            "POST",
            _PATH,
            CONFIRMATION,
            cohort=str(cohort.start_year),
            school_id=school.id,
            delivery_partner_id=attempt.delivery_partner_id,
        )
        words = f"Confirm the partnership with {school.name} for {cohort.start_year} anew instead of updating it."
        yield ProposedChange(aspect="request", words=words, cost=3, instead=confirmation)
    if case.broke(rules.already_confirmed):
        for it in case.records.partnerships.by("school_id,cohort", (school.id, cohort.start_year)):
            if it.provider_id == case.provider_id and not it.relationship and not it.challenged:
                update = case.also(
                    "PUT", f"{_PATH}/{it.id}", "ecf-partnership-update", delivery_partner_id=attempt.delivery_partner_id
                )
                words = f"Update the partnership that there is, {it.id}, instead of confirming another."
                yield ProposedChange(aspect="request", words=words, cost=3, instead=update)
