"""The files that come with the service: scenarios and OpenAPI documents."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ecf_sandbox.files import folder

SCENARIOS = folder("scenarios") / "rect"
DOCUMENTS: Mapping[str, Path] = {"v3": folder("openapi") / "rect-v3.yaml"}
