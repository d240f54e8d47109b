"""What could make a change of schedule pass: another schedule or cohort, something to void or to confirm first."""

from __future__ import annotations

from collections.abc import Iterator

from ecf_sandbox.ecf.domain.declarations import Declaration
from ecf_sandbox.ecf.explain.suggestions.declarations import voided_first
from ecf_sandbox.ecf.explain.suggestions.participants import not_taken
from ecf_sandbox.ecf.explain.suggestions.people import resumed_first, the_right_course, the_right_person
from ecf_sandbox.ecf.queries.partnerships import delivery_partners
from ecf_sandbox.ecf.queries.training import school_cohort_of
from ecf_sandbox.ecf.rules import change_schedule as rules
from ecf_sandbox.ecf.rules.change_schedule import ScheduleChange as Attempt
from ecf_sandbox.suggest import nearest_first
from ecf_sandbox.tools.explain.suggestions.suggestion import LEFT_OUT, Case, ProposedChange


def changes(case: Case) -> Iterator[ProposedChange]:
    """All small changes that may help against what refused the change of schedule."""
    yield from the_right_person(case)
    yield from the_right_course(case)
    yield from not_taken(case)
    if isinstance(case.attempt, Attempt):
        yield from _schedules(case, case.attempt)
        yield from _cohorts(case, case.attempt)
        yield from _first(case, case.attempt)


def _schedules(case: Case, attempt: Attempt) -> Iterator[ProposedChange]:
    wrong = (rules.missing, rules.unknown, rules.already_theirs, rules.not_for_course, rules.invalidates_declarations)
    if attempt.cohort is None or attempt.training is None or not (case.broke(*wrong) or attempt.without_milestone):
        return
    year, course = attempt.cohort.start_year, attempt.training.type.course
    known = {it.identifier: it for it in case.records.schedules if it.cohort == year and it.permits(course)}
    present = attempt.present.identifier if attempt.present else None
    for n, name in enumerate(nearest_first(attempt.identifier, known)):
        if name != attempt.identifier:
            same = " (where they are now)" if name == present else ""
            words = f"Name another schedule of {year}: {name}{same}."
            yield ProposedChange(
                aspect="schedule", words=words, cost=2 + min(n, 3), attributes={"schedule_identifier": name}
            )


def _cohorts(case: Case, attempt: Attempt) -> Iterator[ProposedChange]:
    given = case.attributes.get("cohort")
    if given is None and not case.broke(rules.unknown, rules.no_partnership, rules.no_school_cohort):
        return
    now = attempt.cohort_now
    if now is not None and now != attempt.year:
        words = f"Stay in the cohort {now}, which is the participant's own."
        yield ProposedChange(aspect="cohort", words=words, cost=3, attributes={"cohort": str(now)})
    if given is not None:
        words = "Leave the cohort out: only the schedule then changes."
        yield ProposedChange(aspect="cohort", words=words, cost=4, attributes={"cohort": LEFT_OUT})
    for it in sorted(case.records.cohorts, key=lambda it: abs(it.start_year - (attempt.year or now or it.start_year))):
        if it.start_year not in (now, attempt.year) and case.records.schedules.one(
            "cohort,identifier", (it.start_year, attempt.identifier)
        ):
            words = f"Move the participant to the cohort {it.start_year} instead."
            yield ProposedChange(aspect="cohort", words=words, cost=5, attributes={"cohort": str(it.start_year)})


def _first(case: Case, attempt: Attempt) -> Iterator[ProposedChange]:
    if case.broke(rules.withdrawn):
        yield from resumed_first(case)
    misfits = tuple(it for it in attempt.looked_at if not attempt.fits(it))
    yield from _voided(case, misfits)
    if case.broke(rules.cohort_fixed) and attempt.live != misfits:
        yield from _voided(case, attempt.live)
    if case.broke(rules.no_partnership):
        yield from _partnered(case, attempt)


def _voided(case: Case, declarations: tuple[Declaration, ...]) -> Iterator[ProposedChange]:
    if declarations and all(it.provider_id == case.provider_id for it in declarations):
        yield voided_first(case, *declarations, cost=5 + len(declarations))


def _partnered(case: Case, attempt: Attempt) -> Iterator[ProposedChange]:
    records, induction, year = case.records, attempt.induction, attempt.year
    if induction is None or year is None:
        return
    school = records.schools[school_cohort_of(records, records.programmes[induction.programme_id]).school_id]
    for it in delivery_partners(records, case.provider_id, frozenset({year}))[:3]:
        confirmation = case.also(
            "POST",
            "/api/v3/partnerships/ecf",
            "ecf-partnership",
            cohort=str(year),
            school_id=school.id,
            delivery_partner_id=it.id,
        )
        words = f"Confirm a partnership with {school.name} for {year} first, with {it.name}."
        yield ProposedChange(aspect="before", words=words, cost=7, first=(confirmation,))
