"""Schools: their partnerships, in which providers they are interested, what the API shows of them, and who is there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ecf_sandbox.dates.uk import uk_day
from ecf_sandbox.rect.domain.periods import is_over
from ecf_sandbox.rect.domain.schools import School, SchoolPartnership
from ecf_sandbox.rect.domain.teachers import AtSchoolPeriod
from ecf_sandbox.rect.pages.words import PARTNERSHIPS, course, person, school, span, standing, trained_by
from ecf_sandbox.rect.queries.history import training_within
from ecf_sandbox.rect.queries.names import full_name
from ecf_sandbox.rect.queries.schools import currently_training, tutor_email
from ecf_sandbox.rect.queries.training import delivery_partnership_of
from ecf_sandbox.rect.records import Records
from ecf_sandbox.web.ui.cells import has_words, search, state, text
from ecf_sandbox.web.ui.sections import Cell, Detail, Listing, Look, Table, page_of


def listing(look: Look) -> Listing:
    """The schools that match, by name."""
    records: Records = look.turn.records
    today = uk_day(look.turn.now)
    found = [it for it in records.schools if has_words(look.query, it.name, it.urn)]
    found.sort(key=lambda it: (it.name.lower(), it.id))
    rows, page, pages = page_of(found, look.query)
    return Listing(
        title="Schools",
        table=Table(
            title="Schools",
            columns=("School", "URN", "Funded", "Partnerships", "Interested in", "People now"),
            rows=tuple(_row(records, it, today) for it in rows),
            empty="No school matches.",
        ),
        found=len(found),
        page=page,
        pages=pages,
        filters=(search("Name or URN", look.query),),
    )


def _row(records: Records, it: School, today: date) -> tuple[Cell, ...]:
    own = records.school_partnerships.by("school_id", it.id)
    return (
        school(it),
        text(it.urn),
        text("yes" if it.fundable else "no"),
        text(len(own) or None),
        text(", ".join(_wanted(records, it))),
        text(sum(not is_over(each, today) for each in records.at_school_periods.by("school_id", it.id)) or None),
    )


def _wanted(records: Records, it: School) -> list[str]:
    return list(dict.fromkeys(row[1].text for row in _interests(records, it)))


def show(look: Look, id: str) -> Detail | None:
    """The page of a school, by its id or its URN."""
    records: Records = look.turn.records
    it = records.schools.get(id) or (records.schools.one("urn", int(id)) if id.isascii() and id.isdigit() else None)
    if it is None:
        return None
    today = uk_day(look.turn.now)
    own = records.school_partnerships.by("school_id", it.id)
    return Detail(
        id=it.id,
        title=it.name,
        facts=tuple(_facts(it)),
        tables=(
            Table(
                title="Partnerships",
                columns=("Cohort", "Lead provider", "Delivery partner", "In training now"),
                rows=tuple(_partnership(records, each, today) for each in in_order(records, own)),
                empty="The school is in no partnership.",
            ),
            Table(
                title="Interest in a lead provider, without a partnership yet",
                columns=("Person", "Lead provider", "Cohort"),
                rows=tuple(_interests(records, it)),
                empty="Nobody waits for a partnership.",
            ),
            _shown(records, it),
            Table(
                title="People",
                columns=("Name", "As", "When", "Trained by", "Status"),
                rows=tuple(_people(records, it, today)),
                empty="Nobody has been here.",
            ),
        ),
        parameter="school_id",
    )


def _facts(it: School) -> Iterator[tuple[str, Cell]]:
    yield "URN", text(it.urn)
    marked = " (marked by the DfE)" if it.marked_as_eligible and not it.eligible else ""
    yield "Funded training", text(f"eligible{marked}" if it.fundable else "not eligible")
    yield "Induction tutor", text(it.induction_tutor_name or "nobody")
    yield "Address for the tutor", text(tutor_email(it))
    if it.last_chosen_training_programme:
        yield "Last choice", text(state(it.last_chosen_training_programme.value))


def in_order(records: Records, partnerships: tuple[SchoolPartnership, ...]) -> list[SchoolPartnership]:
    """Partnerships by cohort, the newest first."""

    def order(it: SchoolPartnership) -> tuple[object, ...]:
        return -delivery_partnership_of(records, it).contract_period_year, it.created_at, it.id

    return sorted(partnerships, key=order)


def _partnership(records: Records, it: SchoolPartnership, today: date) -> tuple[Cell, ...]:
    contract = delivery_partnership_of(records, it)
    return (
        Cell(text=str(contract.contract_period_year), section=PARTNERSHIPS, id=it.id),
        text(records.lead_providers[contract.lead_provider_id].name),
        text(records.delivery_partners[contract.delivery_partner_id].name),
        text(currently_training(records, it, today) or None),
    )


def _interests(records: Records, it: School) -> Iterator[tuple[Cell, ...]]:
    for period in _by_name(records, it):
        for training in training_within(records, period):
            wanted = records.active_lead_providers.get(training.expression_of_interest_id)
            if wanted is not None and training.school_partnership_id is None:
                provider = records.lead_providers[wanted.lead_provider_id]
                yield _whose(records, period), text(provider.name), text(wanted.contract_period_year)


def _shown(records: Records, it: School) -> Table:
    """What the API shows of the school for each cohort."""
    rows = [
        (
            text(row.contract_period_year),
            text("yes" if row.in_partnership else "no"),
            text(state(row.induction_programme_choice)),
        )
        for row in sorted(records.school_metadata.by("school_id", it.id), key=lambda row: -row.contract_period_year)
    ]
    columns = ("Cohort", "In a partnership", "Induction programme choice")
    return Table(title="What the API shows of it", columns=columns, rows=tuple(rows), empty="Nothing yet.")


def _people(records: Records, it: School, today: date) -> Iterator[tuple[Cell, ...]]:
    for period in _by_name(records, it):
        training = training_within(records, period)
        newest = training[-1] if training else None
        yield (
            _whose(records, period),
            text(course(period.kind)),
            text(span(period)),
            text(trained_by(records, newest) if newest else None),
            text(standing(records, newest, today)),
        )


def _by_name(records: Records, it: School) -> list[AtSchoolPeriod]:
    found = records.at_school_periods.by("school_id", it.id)
    return sorted(found, key=lambda each: (full_name(records.teachers[each.teacher_id]), each.started_on, each.id))


def _whose(records: Records, period: AtSchoolPeriod) -> Cell:
    return person(records.teachers[period.teacher_id])
