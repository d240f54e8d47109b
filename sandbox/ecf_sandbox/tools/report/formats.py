"""The formats in which a report can be written: JSON with its schema, pages of HTML, and all others by name."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec

from ecf_sandbox.state.record import Record
from ecf_sandbox.state.service import Service
from ecf_sandbox.tools.report.ci import as_junit, as_sarif
from ecf_sandbox.tools.report.markdown import as_markdown
from ecf_sandbox.tools.report.privacy import visible
from ecf_sandbox.tools.report.report import Item, Outcome, Report
from ecf_sandbox.tools.report.terminal import ends, found, missing, names, plural, shares

if TYPE_CHECKING:
    from jinja2 import Environment

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def as_json(report: Report) -> str:
    """The report as JSON, indented."""
    return _indented(report)


def normalized(schema: dict[str, Any]) -> dict[str, Any]:
    """A JSON Schema as every release of msgspec would have it.

    It removes the indentation of docstrings from 0.23 on; before, it handed them on as they stand in the source. And
    in an optional member `null` was once the first alternative, and is now the last.
    """
    return {name: _normalized(name, value) for name, value in schema.items()}


def _normalized(name: str, value: Any) -> Any:
    if isinstance(value, dict):
        return normalized(value)
    if isinstance(value, list):
        items = [_normalized(name, item) for item in value]
        return sorted(items, key=lambda it: it == {"type": "null"}) if name == "anyOf" else items
    return inspect.cleandoc(value) if name == "description" and isinstance(value, str) else value


def as_schema(kind: type[Record] = Report, title: str = "A report of ecf-sandbox, version 1") -> str:
    """The JSON Schema of the report, or of another kind of record, as JSON, indented."""
    return _indented({"$schema": DIALECT, "title": title, **normalized(msgspec.json.schema(kind))})


def _indented(it: Any) -> str:
    return msgspec.json.format(msgspec.json.encode(it), indent=2).decode() + "\n"


_TEMPLATES = Path(__file__).resolve().parent / "templates"
_OUTCOMES: tuple[Outcome, ...] = ("shown", "partly shown", "not shown", "cannot be shown")


def as_html(report: Report) -> str:
    """The whole report: numbers, findings, checklist, rules, operations."""
    return _page("report.html", report)


def as_evidence(report: Report) -> str:
    """The evidence pack: what the DfE asks to be tested, with what this run shows of it."""
    return _page("evidence.html", report)


_ANCHOR = re.compile(r'(?<= )(id="|href="#|aria-labelledby=")')


def _page(template: str, report: Report) -> str:
    beside = [_anchored(_rendered(template, it, "part.html"), it.service) for it in report.beside]
    return visible(_rendered(template, report, "base.html", beside=beside)).rstrip() + "\n"


def _anchored(part: str, service: str) -> str:
    """A part of a page whose anchors are of the service, since those of the first are there already."""
    return _ANCHOR.sub(rf"\g<1>{service}-", part)


def _rendered(template: str, report: Report, layout: str, **more: object) -> str:
    return (
        _environment()
        .get_template(template)
        .render(
            layout=layout,
            report=report,
            span=ends(report),
            found=found(report),
            names=names(report),
            areas=_areas(report),
            outcomes={name: sum(each.outcome == name for each in report.checklist) for name in _OUTCOMES},
            missing=missing(report),
            shares=list(shares(report)),
            providers=", ".join(report.totals.providers),
            **more,
        )
    )


def _areas(report: Report) -> dict[str, list[Item]]:
    """The tests of the checklist by area."""
    areas: dict[str, list[Item]] = {}
    for each in report.checklist:
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


Write = Callable[[Report, Service], str]


def _of_report_alone(write: Callable[[Report], str]) -> Write:
    def it(report: Report, service: Service) -> str:  # noqa: ARG001 - as all formats are called
        return write(report)

    return it


# Each writes a report of a service.
FORMATS: Final[Mapping[str, Write]] = {
    "json": _of_report_alone(as_json),
    "junit": _of_report_alone(as_junit),
    "html": _of_report_alone(as_html),
    "sarif": as_sarif,
    "markdown": _of_report_alone(as_markdown),
    "evidence": _of_report_alone(as_evidence),
}
