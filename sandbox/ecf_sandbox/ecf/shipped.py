"""The files that come with the service: scenarios, OpenAPI documents, and what was read out of those."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ecf_sandbox.files import folder

SCENARIOS = folder("scenarios")
DOCUMENTS: Mapping[str, Path] = {name: folder("openapi") / f"{name}.yaml" for name in ("v1", "v2", "v3")}
# What `ecf_sandbox.tools.observer.build_expected` prints of the documents, which take far longer to read.
EXPECTED = folder("openapi") / "expected.json"
