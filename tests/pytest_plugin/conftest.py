"""Suites of a provider, written and run by pytester."""

from __future__ import annotations

from pathlib import Path

import pytest

from ecf_sandbox.services import SERVICES, service_named
from ecf_sandbox.testing.pool import WorldPool
from ecf_sandbox.testing.settings import Setting

# pytester forgets what a run in this process has imported, and extension modules do not like to be loaded twice.
for it in SERVICES:
    WorldPool(Setting(service=it), Path())
    service_named(it).part("rulebooks")

MODULE = """
import pytest

pytestmark = pytest.mark.ecf(now="2026-10-12T09:00:00Z")
LIST = "/api/v3/participant-declarations"

def declared(world, date="2025-10-01T00:00:00Z", type="started"):
    return {"data": {"type": "participant-declaration", "attributes": {
        "participant_id": world.people["Jane Smith"], "declaration_type": type,
        "declaration_date": date, "course_identifier": "ecf-induction"}}}

"""


class Suite:
    """A provider's test module, run in this process unless said otherwise."""

    def __init__(self, pytester: pytest.Pytester) -> None:
        self.pytester = pytester

    def run(self, tests: str, *options: str, pyproject: str = "", subprocess: bool = False) -> pytest.RunResult:
        self.pytester.makepyfile(MODULE + tests)
        if pyproject:
            self.pytester.makepyprojecttoml(pyproject)
        run = self.pytester.runpytest_subprocess if subprocess else self.pytester.runpytest_inprocess
        quiet = ("-p", "no:cacheprovider", "-p", "no:schemathesis", "-p", "no:hypothesispytest")
        return run("-q", *quiet, *options)


@pytest.fixture
def suite(pytester: pytest.Pytester) -> Suite:
    return Suite(pytester)
