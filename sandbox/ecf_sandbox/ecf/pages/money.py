"""Statements by provider and cohort, and what stands on one: counts, since the API has no amounts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import groupby

from ecf_sandbox.ecf.domain.declarations import REFUNDABLE, DeclarationState, LineItem, Phase, Statement
from ecf_sandbox.ecf.pages.words import cohorts, person, providers, statement
from ecf_sandbox.ecf.records import Records
from ecf_sandbox.web.ui.cells import one_of, state, text
from ecf_sandbox.web.ui.sections import Cell, Detail, Listing, Look, Table, page_of
from ecf_sandbox.web.ui.words import day

NO_AMOUNTS = "The API gives no amounts; these are counts."
# The states that a line of a statement goes through, in that order.
_COUNTED = (
    DeclarationState.ELIGIBLE,
    DeclarationState.PAYABLE,
    DeclarationState.PAID,
    DeclarationState.VOIDED,
    DeclarationState.INELIGIBLE,
    DeclarationState.AWAITING_CLAWBACK,
    DeclarationState.CLAWED_BACK,
)


def listing(look: Look) -> Listing:
    """The statements of a provider for a cohort, the first payment first; the busiest pair if none is asked for."""
    records: Records = look.turn.records
    provider, cohort = _busiest(records)
    query = {"provider": provider, "cohort": cohort, **look.query}
    found = [
        it
        for it in records.statements
        if it.output_fee
        and records.providers[it.provider_id].name == query["provider"]
        and str(it.cohort) == query["cohort"]
    ]
    found.sort(key=lambda it: (it.payment_date, it.deadline_date, it.id))
    rows, page, pages = page_of(found, query)
    columns = ("Statement", "Cut-off", "Payment", "State", *(state(it.value).capitalize() for it in _COUNTED))
    return Listing(
        title="Statements",
        table=Table(
            title=f"Statements of {query['provider']} for {query['cohort']}",
            columns=columns,
            rows=tuple(_row(records, it) for it in rows),
            empty="There are no such statements.",
        ),
        found=len(found),
        page=page,
        pages=pages,
        filters=(
            one_of("provider", "Lead provider", query, providers(records)),
            one_of("cohort", "Cohort", query, cohorts(records)),
        ),
        sentences=(NO_AMOUNTS, "Statements that take no declarations are left out, as in the API."),
    )


def _busiest(records: Records) -> tuple[str, str]:
    """The provider and cohort with the most on their statements; the first by name where nothing is."""
    on = Counter(records.statements[it.statement_id] for it in records.line_items)
    counted: Counter[tuple[str, str]] = Counter()
    for it, count in on.items():
        counted[records.providers[it.provider_id].name, str(it.cohort)] += count
    first = (next(iter(providers(records)), ""), next(iter(cohorts(records)), ""))
    return max(sorted(counted), key=counted.__getitem__, default=first)


def _row(records: Records, it: Statement) -> tuple[Cell, ...]:
    counts = Counter(line.state for line in records.line_items.by("statement_id", it.id))
    return (
        statement(records, it),
        text(day(it.deadline_date)),
        text(day(it.payment_date)),
        text(it.phase.value),
        *(text(counts[each] or None) for each in _COUNTED),
    )


def show(look: Look, id: str) -> Detail | None:
    """The page of a statement."""
    records: Records = look.turn.records
    it = records.statements.get(id)
    if it is None:
        return None
    lines = records.line_items.by("statement_id", it.id)
    billed = sorted(
        (line for line in lines if line.state not in REFUNDABLE),
        key=lambda line: (_type_of(records, line), line.created_at),
    )
    refunded = [line for line in lines if line.state in REFUNDABLE]
    return Detail(
        id=it.id,
        title=f"{it.name} statement of {records.providers[it.provider_id].name} for {it.cohort}",
        facts=(
            ("State", text(it.phase.value)),
            ("Cut-off", text(day(it.deadline_date))),
            ("Payment", text(day(it.payment_date))),
            ("Declarations", text(len(billed))),
            ("Clawbacks", text(len(refunded))),
        ),
        sentences=(NO_AMOUNTS,),
        tables=(*_billed(records, billed), *_refunded(records, refunded)),
        parameter="statement_id",
    )


def _type_of(records: Records, line: LineItem) -> str:
    return records.declarations[line.declaration_id].type


def _billed(records: Records, lines: list[LineItem]) -> Iterable[Table]:
    columns = ("Person", "Course", "Dated", "State", "How it came here")
    if not lines:
        yield Table(title="Declarations", columns=columns, rows=(), empty="No declaration stands on this statement.")
    for type, own in groupby(lines, key=lambda line: _type_of(records, line)):
        rows = tuple((*_whose(records, it), text(state(it.state.value)), text(_why_here(records, it))) for it in own)
        yield Table(title=f"{type}: {len(rows)}", columns=columns, rows=rows)


def _refunded(records: Records, lines: list[LineItem]) -> Iterable[Table]:
    rows = tuple(
        (
            *_whose(records, it),
            text(_type_of(records, it)),
            text(state(it.state.value)),
            _paid_on(records, it),
        )
        for it in lines
    )
    if rows:
        columns = ("Person", "Course", "Dated", "Type", "State", "Was paid with")
        yield Table(title=f"Clawbacks: {len(rows)}", columns=columns, rows=rows)
    else:
        yield Table(
            title="Clawbacks", columns=("Person",), rows=(), empty="Nothing is clawed back with this statement."
        )


def _whose(records: Records, line: LineItem) -> tuple[Cell, ...]:
    it = records.declarations[line.declaration_id]
    return person(records.users[it.user_id]), text(it.course.value), text(day(it.date))


def _why_here(records: Records, line: LineItem) -> str:
    """Why a declaration stands on this statement rather than on an earlier one."""
    declaration = records.declarations[line.declaration_id]
    if line.created_at.date() > declaration.created_at.date():
        return f"moved here because it became eligible on {day(line.created_at)}"
    return f"declared on {day(declaration.created_at)}, the next cut-off was this one's"


def _paid_on(records: Records, line: LineItem) -> Cell:
    others = records.line_items.by("declaration_id", line.declaration_id)
    paid = next((it for it in others if it.id != line.id and it.state not in REFUNDABLE), None)
    if paid is None:
        return text(None)
    found = records.statements[paid.statement_id]
    when = "" if found.phase is Phase.PAID else " (not paid yet)"
    return Cell(text=f"{found.name}{when}", section="statements", id=found.id)
