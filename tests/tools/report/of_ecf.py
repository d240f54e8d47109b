"""What makes and writes a report, for the service that the lines of these tests are of."""

from __future__ import annotations

from functools import partial

from ecf_sandbox.ecf.service import SERVICE
from ecf_sandbox.tools.report import build, ci, formats

report_of = partial(build.report_of, service=SERVICE)
as_sarif = partial(ci.as_sarif, service=SERVICE)
FORMATS = {name: partial(write, service=SERVICE) for name, write in formats.FORMATS.items()}
