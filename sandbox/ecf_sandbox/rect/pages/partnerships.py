"""Partnerships: a school, a lead provider and a delivery partner for a cohort, and who trains in them."""

from __future__ import annotations

from datetime import date

from ecf_sandbox.dates.uk import uk_day
from ecf_sandbox.rect.domain.schools import SchoolPartnership
from ecf_sandbox.rect.pages.schools import in_order
from ecf_sandbox.rect.pages.words import (
    PARTNERSHIPS,
    cohorts,
    course,
    partnership,
    person,
    providers,
    schedule,
    school,
    span,
    standing,
)
from ecf_sandbox.rect.queries.names import full_name
from ecf_sandbox.rect.queries.schools import currently_training, tutor_email
from ecf_sandbox.rect.queries.training import delivery_partnership_of, teacher_of
from ecf_sandbox.rect.records import Records
from ecf_sandbox.web.ui.cells import choice, has_words, search, text
from ecf_sandbox.web.ui.sections import Cell, Detail, Listing, Look, Table, page_of
from ecf_sandbox.web.ui.words import moment


def listing(look: Look) -> Listing:
    """The partnerships that match, the newest cohort first."""
    records: Records = look.turn.records
    query, today = look.query, uk_day(look.turn.now)
    found = [it for it in in_order(records, tuple(records.school_partnerships)) if _matches(records, it, look)]
    rows, page, pages = page_of(found, query)
    return Listing(
        title="Partnerships",
        table=Table(
            title="Partnerships",
            columns=("School", "Cohort", "Lead provider", "Delivery partner", "In training now"),
            rows=tuple(_row(records, it, today) for it in rows),
            empty="There is no such partnership.",
        ),
        found=len(found),
        page=page,
        pages=pages,
        filters=(
            search("School or delivery partner", query),
            choice("provider", "Lead provider", query, providers(records)),
            choice("cohort", "Cohort", query, cohorts(records)),
        ),
    )


def _matches(records: Records, it: SchoolPartnership, look: Look) -> bool:
    contract, query = delivery_partnership_of(records, it), look.query
    partner = records.delivery_partners[contract.delivery_partner_id]
    return (
        has_words(query, records.schools[it.school_id].name, partner.name)
        and query.get("provider", "") in ("", records.lead_providers[contract.lead_provider_id].name)
        and query.get("cohort", "") in ("", str(contract.contract_period_year))
    )


def _row(records: Records, it: SchoolPartnership, today: date) -> tuple[Cell, ...]:
    contract = delivery_partnership_of(records, it)
    return (
        Cell(text=records.schools[it.school_id].name, section=PARTNERSHIPS, id=it.id),
        text(contract.contract_period_year),
        text(records.lead_providers[contract.lead_provider_id].name),
        text(records.delivery_partners[contract.delivery_partner_id].name),
        text(currently_training(records, it, today) or None),
    )


def show(look: Look, id: str) -> Detail | None:
    """The page of a partnership."""
    records: Records = look.turn.records
    it = records.school_partnerships.get(id)
    if it is None:
        return None
    contract, place, today = delivery_partnership_of(records, it), records.schools[it.school_id], uk_day(look.turn.now)
    return Detail(
        id=it.id,
        title=partnership(records, it),
        facts=(
            ("School", school(place)),
            ("Cohort", text(contract.contract_period_year)),
            ("Lead provider", text(records.lead_providers[contract.lead_provider_id].name)),
            ("Delivery partner", text(records.delivery_partners[contract.delivery_partner_id].name)),
            ("Induction tutor", text(place.induction_tutor_name or "nobody")),
            ("Address for the tutor", text(tutor_email(place))),
            ("In training now", text(currently_training(records, it, today))),
            ("Confirmed", text(moment(it.created_at))),
            ("Last changed", text(moment(it.updated_at))),
        ),
        tables=(_training(records, it, today),),
    )


def _training(records: Records, it: SchoolPartnership, today: date) -> Table:
    found = [(teacher_of(records, each), each) for each in records.training_periods.by("school_partnership_id", it.id)]
    found.sort(key=lambda pair: (full_name(pair[0]), pair[1].started_on, pair[1].id))
    rows = tuple(
        (
            person(teacher),
            text(course(each.kind)),
            text(span(each)),
            text(schedule(records, each)),
            text(standing(records, each, today)),
        )
        for teacher, each in found
    )
    columns = ("Person", "As", "When", "Schedule", "Status")
    return Table(title="Training in it", columns=columns, rows=rows, empty="Nobody has been trained in it.")
