"""The lists that `ecf-sandbox drift` compares with those of another server, by version."""

from __future__ import annotations

from collections.abc import Mapping

from ecf_sandbox.remote.drift_plan import Resource

_BEFORE_V3 = (
    Resource(path="participants/ecf", sorts=False),
    Resource(path="participant-declarations", cohorts=False, sorts=False, mistaken=True),
)
_V3 = (
    Resource(path="participants/ecf"),
    Resource(path="participants/ecf/transfers", cohorts=False, sorts=False, one="participants/ecf/{id}/transfers"),
    Resource(path="participant-declarations", sorts=False, order="created_at"),
    Resource(path="partnerships/ecf", order="created_at"),
    Resource(path="schools/ecf", needs_cohort=True, order="created_at"),
    Resource(path="delivery-partners", since=False),
    Resource(path="statements", sorts=False, order="payment_date", mistaken=True),
    Resource(path="unfunded-mentors/ecf", cohorts=False),
)
COMPARED_LISTS: Mapping[int, tuple[Resource, ...]] = {1: _BEFORE_V3, 2: _BEFORE_V3, 3: _V3}
