"""The report of this run in the browser: coverage, findings and checklist, as the written report has them."""

from __future__ import annotations

from ecf_sandbox.control.journal import all_lines
from ecf_sandbox.state.record import Record
from ecf_sandbox.state.worlds import Worlds
from ecf_sandbox.tools.explain.written import Explainer
from ecf_sandbox.tools.report.build import report_of
from ecf_sandbox.tools.report.journal_file import of_each_world
from ecf_sandbox.tools.report.report import Report, Share
from ecf_sandbox.tools.report.terminal import ends, found, missing, names, shares
from ecf_sandbox.web.ui.page import Page, View


class ReportPage(Record, frozen=True, kw_only=True):
    """The report, and what stands at its top in words."""

    report: Report
    found: str
    names: str
    span: str
    missing: str
    shares: tuple[tuple[str, Share], ...]
    shown: int  # tests of the checklist that this run shows
    beside: tuple[ReportPage, ...] = ()  # of other services

    @property
    def every(self) -> tuple[ReportPage, ...]:
        """The page's own, then those beside it."""
        return (self, *self.beside)


def _page(it: Report) -> ReportPage:
    return ReportPage(
        report=it,
        found=found(it),
        names=names(it),
        span=ends(it),
        missing=missing(it),
        shares=tuple(shares(it)),
        shown=sum(each.outcome == "shown" for each in it.checklist),
        beside=tuple(map(_page, it.beside)),
    )


def views(worlds: Worlds) -> tuple[View, ...]:
    """The view of the report."""

    def show() -> Page:
        tokens = {it.name: it.tokens for it in worlds.every()}
        services = {it.name: it.service.name for it in worlds.every()}
        written = all_lines(worlds, Explainer(None)).encode()
        return Page(_page(report_of(of_each_world(written, tokens, services), worlds.main.service)))

    return (View("/ui/report", "report", show, "report.html"),)
