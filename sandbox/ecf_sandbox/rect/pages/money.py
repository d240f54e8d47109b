"""Statements by provider and cohort, and what stands on one: counts, since the API has no amounts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby

from ecf_sandbox.rect.domain.contracts import Statement, StatementStatus
from ecf_sandbox.rect.domain.declarations import Declaration, State
from ecf_sandbox.rect.pages.teachers import declared_for
from ecf_sandbox.rect.pages.words import cohorts, course, person, providers, statement, statement_name
from ecf_sandbox.rect.queries.names import full_name
from ecf_sandbox.rect.records import Records
from ecf_sandbox.web.ui.cells import one_of, state, text
from ecf_sandbox.web.ui.sections import Cell, Detail, Listing, Look, Table, page_of
from ecf_sandbox.web.ui.words import day

NO_AMOUNTS = "The API gives no amounts; these are counts."
# The states of what stands on a statement. What was voided before it was paid stands on none.
BILLED = (State.ELIGIBLE, State.PAYABLE, State.PAID)
REFUNDED = (State.AWAITING_CLAWBACK, State.CLAWED_BACK)


def listing(look: Look) -> Listing:
    """The statements of a provider for a cohort, the first payment first; the busiest pair if none is asked for."""
    records: Records = look.turn.records
    provider, cohort = _busiest(records)
    query = {"provider": provider, "cohort": cohort, **look.query}
    found = [
        it
        for it in records.statements
        if it.output_fee
        and records.lead_providers[it.lead_provider_id].name == query["provider"]
        and str(it.contract_period_year) == query["cohort"]
    ]
    found.sort(key=lambda it: (it.payment_date, it.deadline_date, it.id))
    rows, page, pages = page_of(found, query)
    columns = (
        "Statement",
        "Cut-off",
        "Payment",
        "State",
        *(state(it.value).capitalize() for it in (*BILLED, *REFUNDED)),
    )
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
    ids = (id for it in records.declarations for id in (it.payment_statement_id, it.clawback_statement_id) if id)
    counted: Counter[tuple[str, str]] = Counter()
    for id, count in Counter(ids).items():
        it = records.statements[id]
        counted[records.lead_providers[it.lead_provider_id].name, str(it.contract_period_year)] += count
    first = (next(iter(providers(records)), ""), next(iter(cohorts(records)), ""))
    return max(sorted(counted), key=counted.__getitem__, default=first)


def _on(records: Records, it: Statement) -> tuple[list[Declaration], list[Declaration]]:
    """The declarations that a statement pays, and those that it takes back, by type and person."""

    def order(each: Declaration) -> tuple[str, ...]:
        return each.declaration_type, full_name(declared_for(records, each)), each.id

    billed = sorted(records.declarations.by("payment_statement_id", it.id), key=order)
    return billed, sorted(records.declarations.by("clawback_statement_id", it.id), key=order)


def _row(records: Records, it: Statement) -> tuple[Cell, ...]:
    billed, refunded = _on(records, it)
    counts = Counter(_billed_as(each) for each in billed) + Counter(each.state for each in refunded)
    return (
        statement(records, it),
        text(day(it.deadline_date)),
        text(day(it.payment_date)),
        text(it.status.value),
        *(text(counts[each] or None) for each in (*BILLED, *REFUNDED)),
    )


def _billed_as(it: Declaration) -> State:
    """The state on the statement that pays: what is clawed back later was paid here."""
    return State.PAID if it.state in REFUNDED else it.state


def show(look: Look, id: str) -> Detail | None:
    """The page of a statement."""
    records: Records = look.turn.records
    it = records.statements.get(id)
    if it is None:
        return None
    billed, refunded = _on(records, it)
    return Detail(
        id=it.id,
        title=f"{statement_name(it)} statement of {records.lead_providers[it.lead_provider_id].name} "
        f"for {it.contract_period_year}",
        facts=(
            ("State", text(it.status.value)),
            ("Cut-off", text(day(it.deadline_date))),
            ("Payment", text(day(it.payment_date))),
            ("Declarations", text(len(billed))),
            ("Clawbacks", text(len(refunded))),
        ),
        sentences=(NO_AMOUNTS,),
        tables=(*_billed(records, billed), _refunded(records, refunded)),
        parameter="statement_id",
    )


def _billed(records: Records, declarations: Iterable[Declaration]) -> Iterator[Table]:
    columns = ("Person", "As", "Dated", "Declared", "State")
    tables = [
        Table(title=f"{type}: {len(rows)}", columns=columns, rows=rows)
        for type, own in groupby(declarations, key=lambda it: it.declaration_type)
        for rows in [tuple((*_whose(records, it), text(_state(it))) for it in own)]
    ]
    none = Table(title="Declarations", columns=columns, rows=(), empty="No declaration stands on this statement.")
    yield from tables or [none]


def _state(it: Declaration) -> str:
    """The state here, and what became of it since."""
    here = state(_billed_as(it).value)
    return f"{here}, now {state(it.state.value)}" if it.state in REFUNDED else here


def _refunded(records: Records, declarations: list[Declaration]) -> Table:
    rows = tuple(
        (*_whose(records, it), text(it.declaration_type), text(state(it.state.value)), _paid_with(records, it))
        for it in declarations
    )
    if not rows:
        return Table(title="Clawbacks", columns=("Person",), rows=(), empty="Nothing is clawed back with this one.")
    columns = ("Person", "As", "Dated", "Declared", "Type", "State", "Was paid with")
    return Table(title=f"Clawbacks: {len(rows)}", columns=columns, rows=rows)


def _whose(records: Records, it: Declaration) -> tuple[Cell, ...]:
    kind = records.training_periods[it.training_period_id].kind
    return (
        person(declared_for(records, it)),
        text(course(kind)),
        text(day(it.declaration_date)),
        text(day(it.created_at)),
    )


def _paid_with(records: Records, it: Declaration) -> Cell:
    found = records.statements.get(it.payment_statement_id)
    if found is None:
        return text(None)
    cell = statement(records, found)
    return cell if found.status is StatementStatus.PAID else text(f"{cell.text} (not paid yet)")
