"""Schemathesis over every version in every edition, briefly (`make contract` does it at length)."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path

import pytest

from ecf_sandbox.ecf.editions import EDITIONS, GUIDANCE
from ecf_sandbox.ecf.service import SERVICE
from ecf_sandbox.tools.contract.documents import OpenApiDocument
from tests.tools.contract.fuzzing import PROVIDER_API, documents, fuzz

pytestmark = pytest.mark.slow
# Schemathesis asks for what is going out of use elsewhere.
odd = pytest.mark.filterwarnings("default")


@odd
@pytest.mark.parametrize("edition", EDITIONS.values(), ids=lambda it: it.name)
@pytest.mark.parametrize("version", PROVIDER_API)
def test_what_is_drawn_from_the_document_is_answered_by_the_document(version, edition):
    findings = fuzz(version, edition, examples=20, stories=2, phases=("fuzzing",))

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
            "v3", GUIDANCE, self.changed("name", {"type": "integer"}), examples=20, stories=0, phases=("fuzzing",)
        )

        assert "GET /api/v3/delivery-partners: Response violates schema" in findings.wrong

    def test_is_found_out_by_stories(self):
        findings = fuzz("v3", GUIDANCE, self.changed("name", {"type": "integer"}), examples=20, stories=20, phases=())

        assert "Response violates schema" in findings.wrong["a story: FailureGroup"]
