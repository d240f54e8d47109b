"""The formats in which a report can be written, by the names of their options."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from ecf_sandbox.tools.report.junit import as_junit
from ecf_sandbox.tools.report.markdown import as_markdown
from ecf_sandbox.tools.report.page import as_evidence, as_html
from ecf_sandbox.tools.report.plain import as_json
from ecf_sandbox.tools.report.report import Report
from ecf_sandbox.tools.report.sarif import as_sarif

FORMATS: Final[Mapping[str, Callable[[Report], str]]] = {
    "json": as_json,
    "junit": as_junit,
    "html": as_html,
    "sarif": as_sarif,
    "markdown": as_markdown,
    "evidence": as_evidence,
}
