"""The report and the evidence pack as pages of HTML that need no script, no network and no other file."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from ecf_sandbox.tools.report.report import Item, Outcome, Report
from ecf_sandbox.tools.report.safe import visible
from ecf_sandbox.tools.report.terminal import ends, found, missing, names, plural, shares

if TYPE_CHECKING:
    from jinja2 import Environment

_TEMPLATES = Path(__file__).resolve().parent / "templates"
_OUTCOMES: tuple[Outcome, ...] = ("shown", "partly shown", "not shown", "cannot be shown")


def as_html(it: Report) -> str:
    """The whole report: numbers, findings, checklist, rules, operations."""
    return _page("report.html", it)


def as_evidence(it: Report) -> str:
    """The evidence pack: what the DfE asks to be tested, with what this run shows of it."""
    return _page("evidence.html", it)


def _page(template: str, it: Report) -> str:
    text = (
        _environment()
        .get_template(template)
        .render(
            it=it,
            span=ends(it),
            found=found(it),
            names=names(it),
            areas=_areas(it),
            outcomes={name: sum(each.outcome == name for each in it.checklist) for name in _OUTCOMES},
            missing=missing(it),
            shares=list(shares(it)),
            providers=", ".join(it.totals.providers),
        )
    )
    return visible(text).rstrip() + "\n"


def _areas(it: Report) -> dict[str, list[Item]]:
    """The tests of the checklist by area."""
    areas: dict[str, list[Item]] = {}
    for each in it.checklist:
        areas.setdefault(each.area, []).append(each)
    return areas


@cache
def _environment() -> Environment:
    # jinja2 is loaded only when a page is wanted: the other formats do without.
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(
        loader=FileSystemLoader(_TEMPLATES, encoding="utf-8"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["plural"] = plural
    return made
