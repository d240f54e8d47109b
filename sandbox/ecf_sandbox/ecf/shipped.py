"""The files that come with the service: scenarios, OpenAPI documents, and what was read out of those."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ecf_sandbox.files import folder

SCENARIOS = folder("scenarios")
DOCUMENTS: Mapping[str, Path] = {name: folder("openapi") / f"{name}.yaml" for name in ("v1", "v2", "v3")}
# Where whoever needs an earlier moment begins, with what is to be said of it.
FROM_THE_START = "cohort-2025-from-the-start"
BEGINS_EARLY = f"{FROM_THE_START} begins in May 2025, without a history"
# What `ecf_sandbox.tools.observer.build_expected` prints of the documents, which take far longer to read.
EXPECTED = folder("openapi") / "expected.json"
