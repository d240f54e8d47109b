"""The lists that `ecf-sandbox drift` compares with those of another server (behaviour/rect.md#6)."""

from __future__ import annotations

from collections.abc import Mapping

from ecf_sandbox.remote.drift_plan import Resource

COHORT = ("cohort", "2025")
COMPARED_LISTS: Mapping[int, tuple[Resource, ...]] = {
    3: (
        Resource(path="participants", filter=COHORT),
        # The order that can be asked for is that of the participants, which is not shown.
        Resource(path="participants/transfers", sorts=False, one="participants/{id}/transfers"),
        Resource(path="participant-declarations", filter=COHORT, sorts=False, order="created_at"),
        Resource(path="partnerships", filter=COHORT, order="created_at"),
        Resource(path="schools", filter=COHORT, needed=True, order="created_at"),
        Resource(path="delivery-partners", filter=COHORT, since=False, order="created_at"),
        Resource(path="statements", filter=COHORT, sorts=False, order="payment_date", mistaken=True),
        Resource(path="unfunded-mentors"),
    )
}
