"""All checks, in the order in which their findings are told."""

from __future__ import annotations

from sandbox.contract.observing import attributes, authorization, bodies, filters, headers, history, places, queries
from sandbox.contract.observing.check import Check

CHECKS: tuple[Check, ...] = (
    *authorization.CHECKS,
    *authorization.QUERY,
    *places.ODD,
    *places.VERSIONS,
    *headers.CHECKS,
    *queries.UNREADABLE,
    *queries.CHECKS,
    *filters.CHECKS,
    *bodies.MEDIA_TYPES,
    *bodies.UNREADABLE,
    *bodies.CHECKS,
    *attributes.CHECKS,
    *history.PEOPLE,
    *history.WRITES,
    *history.LISTS,
)
