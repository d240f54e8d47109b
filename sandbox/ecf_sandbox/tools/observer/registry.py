"""All checks by family, in the order in which their findings are told."""

from __future__ import annotations

from ecf_sandbox.tools.observer import attributes, authorization, bodies, filters, headers, history, places, queries
from ecf_sandbox.tools.observer.check import Check

HEAD = (*authorization.CHECKS, *places.CHECKS, *headers.CHECKS)
QUERY = (*authorization.QUERY, *queries.CHECKS, *filters.CHECKS)
UNREADABLE = (*queries.UNREADABLE, *bodies.UNREADABLE)
MEDIA_TYPE = bodies.MEDIA_TYPES
BODY = (*bodies.CHECKS, *attributes.CHECKS)
PEOPLE, WRITES, LISTS = history.PEOPLE, history.WRITES, history.LISTS

CHECKS: tuple[Check, ...] = (*HEAD, *QUERY, *UNREADABLE, *MEDIA_TYPE, *BODY, *PEOPLE, *WRITES, *LISTS)
