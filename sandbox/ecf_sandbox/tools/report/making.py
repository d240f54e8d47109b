"""Makes the report of journals."""

from __future__ import annotations

from collections.abc import Sequence

from ecf_sandbox import __version__
from ecf_sandbox.dates.wire import instant_ms
from ecf_sandbox.ecf.report.checklist import checklist
from ecf_sandbox.tools.report import counting, judged
from ecf_sandbox.tools.report.exchanges import Journal
from ecf_sandbox.tools.report.known import known_operations
from ecf_sandbox.tools.report.personal import Masks
from ecf_sandbox.tools.report.report import Report, Source


def report_of(journals: Sequence[Journal]) -> Report:
    """What the exchanges of all journals together show."""
    known, masks = known_operations(), Masks()
    heard = [it for journal in journals for it in journal.exchanges]
    operations = counting.operations(heard, known)
    rules = judged.rules(heard)
    return Report(
        made_by=f"ecf-sandbox {__version__}",
        journals=tuple(_source(it) for it in journals),
        totals=counting.totals(heard, known),
        coverage=counting.coverage(operations, rules),
        findings=judged.findings(heard, {it.name: it.file for it in journals}, masks),
        rules=rules,
        operations=operations,
        elsewhere=counting.elsewhere(heard, known, masks),
        events=counting.events(heard),
        checklist=checklist(journals, masks),
    )


def _source(it: Journal) -> Source:
    moments = [each.at for each in it.exchanges]
    numbers = {each.number for each in it.exchanges}
    return Source(
        name=it.name,
        file=it.file,
        exchanges=len(it.exchanges),
        missing=max(0, max(numbers, default=0) - len(numbers)),
        first_at=instant_ms(min(moments)) if moments else None,
        last_at=instant_ms(max(moments)) if moments else None,
    )
