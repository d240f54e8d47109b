"""What could make a void pass: a moment at which a statement is left that takes the money back."""

from __future__ import annotations

from collections.abc import Iterator

from ecf_sandbox.rect.explain.suggestions.participants import noon
from ecf_sandbox.rect.queries.training import provider_of
from ecf_sandbox.rect.rules import voiding as rules
from ecf_sandbox.rect.rules.voiding import Voiding
from ecf_sandbox.tools.explain.suggestions.moments import sent_at, without_header
from ecf_sandbox.tools.explain.suggestions.suggestion import Case, ProposedChange


def changes(case: Case) -> Iterator[ProposedChange]:
    """All small changes that may help against what refused the void."""
    attempt = case.attempt
    if not isinstance(attempt, Voiding) or not case.broke(rules.cohort_closed):
        return
    yield from without_header(case)
    training = case.records.training_periods[attempt.declaration.training_period_id]
    key = (provider_of(case.records, training), attempt.year)
    rows = case.records.statements.by("lead_provider_id,contract_period_year", key)
    last = max((it.deadline_date for it in rows if it.output_fee), default=None)
    if last is not None:
        yield sent_at(noon(last), "Send it no later than the deadline of the last statement of the cohort", cost=5)
