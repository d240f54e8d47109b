"""The report of this run in the browser: coverage, findings and checklist, as the written report has them."""

from __future__ import annotations

from ecf_sandbox.state.exchange_codec import as_json_lines
from ecf_sandbox.state.record import Record
from ecf_sandbox.state.world import World
from ecf_sandbox.state.worlds import Worlds
from ecf_sandbox.tools.report.build import report_of
from ecf_sandbox.tools.report.journal_file import ReadJournal, read
from ecf_sandbox.tools.report.report import Report, Share
from ecf_sandbox.tools.report.terminal import ends, found, missing, names, shares
from ecf_sandbox.web.ui.page import Page, View


class ReportPage(Record, frozen=True, kw_only=True):
    """The report, and what stands at its top in words."""

    report: Report
    found: str
    names: str
    span: str
    missing: int
    shares: tuple[tuple[str, Share], ...]
    shown: int  # tests of the checklist that this run shows


def views(worlds: Worlds) -> tuple[View, ...]:
    """The view of the report."""

    def show() -> Page:
        it = report_of([_journal(world) for world in worlds.every()])
        return Page(
            ReportPage(
                report=it,
                found=found(it),
                names=names(it),
                span=ends(it),
                missing=missing(it),
                shares=tuple(shares(it)),
                shown=sum(each.outcome == "shown" for each in it.checklist),
            )
        )

    return (View("/ui/report", "report", show, "report.html"),)


def _journal(world: World) -> ReadJournal:
    secrets = tuple(world.service.tokens(world.state.records).values())
    return read(as_json_lines(world.journal).encode(), world.name, secrets=secrets)
