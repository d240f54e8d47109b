"""The files that come with the service: scenarios, OpenAPI documents, and what was read out of those."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ecf_sandbox.files import folder

SCENARIOS = folder("scenarios") / "rect"
DOCUMENTS: Mapping[str, Path] = {"v3": folder("openapi") / "rect-v3.yaml"}
# Where whoever needs an earlier moment begins, with what is to be said of it.
BEGINS_EARLY = "rect-twelve-step-overview begins in September 2025, with one school and nobody in it"
# What `ecf_sandbox.tools.observer.build_expected` prints of the document, which takes far longer to read.
EXPECTED = folder("openapi") / "rect-expected.json"
