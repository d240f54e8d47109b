"""Everything that is drawn for tests of this service's clients, in one place: what the service hands over."""

from __future__ import annotations

from ecf_sandbox.rect.properties.countries import drawn_country
from ecf_sandbox.rect.properties.happenings import draw, draw_event, draw_request
from ecf_sandbox.rect.properties.requests import WRITES, judged, named, sound
from ecf_sandbox.rect.properties.situations import SITUATIONS, drawn_participant
from ecf_sandbox.rect.properties.unsound import BREAKS, rules_of, unsound
from ecf_sandbox.rect.properties.values import (
    declaration_date,
    evidence,
    moment_at_an_edge,
    query,
    reason,
    schedule,
    server_date,
)

__all__ = [
    "BREAKS",
    "SITUATIONS",
    "WRITES",
    "declaration_date",
    "draw",
    "draw_event",
    "draw_request",
    "drawn_country",
    "drawn_participant",
    "evidence",
    "judged",
    "moment_at_an_edge",
    "named",
    "query",
    "reason",
    "rules_of",
    "schedule",
    "server_date",
    "sound",
    "unsound",
]
