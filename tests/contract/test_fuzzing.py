"""Schemathesis over every version in every edition, briefly (`make contract` does it at length)."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from ecf_sandbox.contract.documents import Document
from ecf_sandbox.editions import EDITIONS, GUIDANCE
from tests.contract.fuzzing import PROVIDER_API, documents, fuzz

# Schemathesis asks for what is going out of use elsewhere.
FIRST = ("v3", GUIDANCE)
pytestmark = pytest.mark.filterwarnings("default")


def both() -> list[Any]:
    """Each version in each edition; one of them is enough while one edits."""
    pairs = [(version, edition) for version in PROVIDER_API for edition in EDITIONS.values()]
    slow = {it: pytest.mark.slow for it in pairs if it != FIRST}
    return [pytest.param(*it, id=f"{it[0]}-{it[1].name}", marks=slow.get(it, ())) for it in pairs]


@pytest.mark.parametrize(("version", "edition"), both())
def test_what_is_drawn_from_the_document_is_answered_by_the_document(version, edition):
    findings = fuzz(version, edition, examples=20, stories=2, phases=("fuzzing",))

    assert findings.wrong == {}
    assert findings.share(200) > 0.2, findings.summary()
    assert findings.share(404) < 0.4, findings.summary()


class TestAWrongDocument:
    def changed(self, name, promise):
        """Version 3 with other members promised for delivery partners."""
        document = Document(Path("v3.yaml"))
        document.tree = deepcopy(documents()["v3"].tree)
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
