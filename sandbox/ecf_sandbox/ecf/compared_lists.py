"""The lists that `ecf-sandbox drift` compares with those of another server, by version."""

from __future__ import annotations

from collections.abc import Mapping

from ecf_sandbox.remote.drift_plan import Resource

COHORT = ("cohort", "2025")
_V3 = (
    Resource(path="participants/ecf", filter=COHORT),
    Resource(path="participants/ecf/transfers", sorts=False, one="participants/ecf/{id}/transfers"),
    Resource(path="participant-declarations", filter=COHORT, sorts=False, order="created_at"),
    Resource(path="partnerships/ecf", filter=COHORT, order="created_at"),
    Resource(path="schools/ecf", filter=COHORT, needed=True, order="created_at"),
    Resource(path="delivery-partners", filter=COHORT, since=False),
    Resource(path="statements", filter=COHORT, sorts=False, order="payment_date", mistaken=True),
    Resource(path="unfunded-mentors/ecf"),
)
_BEFORE_V3 = (
    Resource(path="participants/ecf", filter=COHORT, sorts=False),
    Resource(path="participant-declarations", sorts=False, mistaken=True),
)
COMPARED_LISTS: Mapping[int, tuple[Resource, ...]] = {1: _BEFORE_V3, 2: _BEFORE_V3, 3: _V3}
