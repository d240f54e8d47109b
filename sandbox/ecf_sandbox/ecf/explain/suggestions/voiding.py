"""What could make a void pass: a moment at which a statement takes the money back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from ecf_sandbox.ecf.domain.declarations import Phase
from ecf_sandbox.ecf.rules import voiding as rules
from ecf_sandbox.ecf.rules.voiding import Voiding
from ecf_sandbox.tools.explain.suggestions.moments import sent_at, without_header
from ecf_sandbox.tools.explain.suggestions.suggestion import Case, ProposedChange


def changes(case: Case) -> Iterator[ProposedChange]:
    """All small changes that may help against what refused the void."""
    attempt = case.attempt
    if not isinstance(attempt, Voiding) or not case.broke(rules.cohort_closed):
        return
    yield from without_header(case)
    key = (attempt.declaration.provider_id, attempt.declaration.cohort)
    rows = case.records.statements.by("provider_id,cohort", key)
    days = [it.deadline_date for it in rows if it.phase is Phase.OPEN and it.output_fee]
    if days:
        at = datetime.combine(max(days), case.now.timetz())
        yield sent_at(at, "Send it while a statement of the cohort is open", cost=5)
