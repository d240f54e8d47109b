"""A checklist as data: each test that is asked of a client, with what in a journal would show it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from ecf_sandbox.state.record import Record
from ecf_sandbox.tools.report.journal_file import ReadJournal
from ecf_sandbox.tools.report.privacy import Masks
from ecf_sandbox.tools.report.report import Item
from ecf_sandbox.tools.report.samples import Samples
from ecf_sandbox.tools.report.shown import Heard, Seen

_NAMED = 5


class RequestedTest(Record, frozen=True):
    """One test: what is asked, what in the journals shows that it was done, and what to send where nothing does."""

    id: str
    asks: str
    shown_by: Callable[[Heard], Seen]
    to_show: str


def items_of(
    tests: Sequence[RequestedTest], areas: Mapping[str, str], journals: Sequence[ReadJournal], masks: Masks
) -> tuple[Item, ...]:
    """Every test with what these journals show of it; `areas` are named by the beginnings of the ids."""
    samples = Samples({it.name: it.secrets for it in journals}, masks)
    exchanges = [it for journal in journals for it in journal.exchanges if it.asked]
    return tuple(
        _item(test, areas[test.id.partition(".")[0]], Heard(exchanges=exchanges, samples=samples, to_show=test.to_show))
        for test in tests
    )


def _item(test: RequestedTest, area: str, heard: Heard) -> Item:
    seen = test.shown_by(heard)
    return Item(
        id=test.id,
        area=area,
        asks=test.asks,
        outcome=seen.outcome,
        note=seen.note,
        exchanges=tuple(it.name for it in seen.exchanges[:_NAMED]),
        sample=heard.samples.of(seen.exchanges[0]) if seen.exchanges else None,
    )
