"""Schemathesis over every document of every service in every edition, briefly (`make contract` does it at length)."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path

import pytest

from ecf_sandbox.ecf.editions import GUIDANCE
from ecf_sandbox.ecf.service import SERVICE
from ecf_sandbox.tools.contract.documents import OpenApiDocument
from tests.tools.contract.fuzzing import documents, fuzz, suites

pytestmark = pytest.mark.slow
# Schemathesis asks for what is going out of use elsewhere.
odd = pytest.mark.filterwarnings("default")


@odd
@pytest.mark.parametrize(
    ("service", "version", "edition"),
    [pytest.param(*it, id=f"{it[0].name}-{it[1]}-{it[2].name}") for it in suites()],
)
def test_what_is_drawn_from_the_document_is_answered_by_the_document(service, version, edition):
    findings = fuzz(service, version, edition, examples=20, stories=2, phases=("fuzzing",))

    assert findings.wrong == {}
    assert findings.share(200) > 0.2, findings.summary()
    assert findings.share(404) < 0.4, findings.summary()


@odd
class TestAWrongDocument:
    def changed(self, name, promise):
        """Version 3 with other members promised for delivery partners."""
        document = OpenApiDocument(Path("v3.yaml"))
        document.tree = deepcopy(documents(SERVICE)["v3"].tree)
        document.tree["components"]["schemas"]["DeliveryPartner"]["properties"]["attributes"]["properties"][name] = (
            promise
        )
        return document

    def test_is_found_out_by_drawn_requests(self):
        findings = fuzz(
            SERVICE,
            "v3",
            GUIDANCE,
            self.changed("name", {"type": "integer"}),
            examples=20,
            stories=0,
            phases=("fuzzing",),
        )

        assert "GET /api/v3/delivery-partners: Response violates schema" in findings.wrong

    def test_is_found_out_by_stories(self):
        findings = fuzz(
            SERVICE, "v3", GUIDANCE, self.changed("name", {"type": "integer"}), examples=20, stories=20, phases=()
        )

        assert "Response violates schema" in findings.wrong["a story: FailureGroup"]
