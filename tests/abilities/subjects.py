"""The services that abilities are shown for, each with the few requests that it takes.

A new ability that needs something of a service has a member here; a service that has not got what it is for leaves it
out, and says so with `without`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any


@dataclass(frozen=True)
class Sent:
    """A request; `${…}` in its path and attributes are names of things."""

    method: str
    path: str
    attributes: Mapping[str, Any] | None = None
    type: str = ""


@dataclass(frozen=True)
class Subject:
    """A service and a small sequence of requests in one of its scenarios.

    `sound` is accepted and `refused` then refused by `rule`; `says` is a part of the reasons and `offers` of what is
    offered instead. `hidden` is not found, for the reason `absent`. `narrowed` is a list that a filter leaves empty,
    `list` one with something in it. `event` happens, at `moment` something falls due. `flawed` has a finding of the
    code `finding`. `personal` stands in an answer and in no evidence. `requested` is a test of the checklist that
    `list` shows. `pages` are printed pages, by what prints them.
    """

    service: str
    scenario: str
    now: datetime
    token: str
    sound: Sent
    refused: Sent
    rule: str
    offers: str
    list: Sent
    operation: str
    event: tuple[str, Mapping[str, Any]]
    flawed: Sent
    finding: str
    name: str
    documents: tuple[str, ...] = ()
    says: str = ""
    hidden: Sent | None = None
    absent: str = ""
    narrowed: Sent | None = None
    moment: str = ""
    somebody: str = ""
    statement: str = ""
    personal: str = ""
    requested: str = ""
    pages: Mapping[str, str] = field(default_factory=dict)
    without: frozenset[str] = frozenset()


ECF = Subject(
    service="ecf",
    scenario="default",
    now=datetime(2026, 10, 12, 9, tzinfo=UTC),
    token="ambition-token",
    sound=Sent(
        "POST",
        "/api/v3/participant-declarations",
        {
            "participant_id": "${people.Jane Smith}",
            "declaration_type": "started",
            "declaration_date": "2025-10-06T09:00:00Z",
            "course_identifier": "ecf-induction",
        },
        "participant-declaration",
    ),
    refused=Sent(
        "PUT",
        "/api/v3/participants/ecf/${people.Jane Smith}/defer",
        {"reason": "holiday", "course_identifier": "ecf-induction"},
        "participant-defer",
    ),
    rule="deferral.reason-invalid",
    offers="Give a reason that is known",
    hidden=Sent("GET", "/api/v3/participants/ecf/${people.Hugo Brandt}"),
    absent="trained by Teach First, not by Ambition Institute",
    list=Sent("GET", "/api/v3/participants/ecf"),
    operation="v3 listParticipants",
    narrowed=Sent("GET", "/api/v3/participants/ecf?filter[cohort]=2019"),
    event=("change_name", {"participant_id": "${people.Jane Smith}", "full_name": "Jane Brown"}),
    moment="statement:next:cut-off",
    flawed=Sent("GET", "/api/v3/participants/ecf?filter[cohorts]=2025"),
    finding="filter.unknown",
    name="people.Jane Smith",
    somebody="Jane Smith",
    statement="Ambition Institute.2025.January 2026",
    personal="Jane Smith",
    requested="participants.list",
    documents=("v1", "v2", "v3"),
    pages={"rules.md": "rules", "events.md": "events", "scenario-file.md": "file", "findings.md": "findings"},
)
RECT = Subject(
    service="rect",
    scenario="rect-default",
    now=datetime(2026, 5, 12, 12, tzinfo=UTC),
    token="ambition-token",
    sound=Sent(
        "PUT",
        "/api/v3/participants/${people.Hannah Boyle}/defer",
        {"reason": "career-break", "course_identifier": "ecf-induction"},
        "participant-defer",
    ),
    refused=Sent(
        "PUT",
        "/api/v3/participants/${people.Hannah Boyle}/resume",
        {"course_identifier": "ecf-induction"},
        "participant-resume",
    ),
    rule="participant.stopped-today",
    says="The training ended today, 2026-05-12",
    offers="Send it tomorrow",
    hidden=Sent("GET", "/api/v3/participants/${people.Rosa Dell}"),
    absent="waits for a partnership: the school wants Ambition Institute for 2025",
    list=Sent("GET", "/api/v3/participants"),
    operation="v3 listParticipants",
    narrowed=Sent("GET", "/api/v3/participants?filter[cohort]=2019"),
    event=("change_name", {"participant_id": "${people.Hannah Boyle}", "name": "Hannah Brown"}),
    moment="statement:next:cut-off",
    flawed=Sent("GET", "/api/v3/participants?filter[cohorts]=2025"),
    finding="filter.unknown",
    name="people.Hannah Boyle",
    somebody="Hannah Boyle",
    statement="Ambition Institute.2025.2025-11",
    personal="Hannah Boyle",
    requested="participants.list",
    documents=("v3",),
    pages={
        "rect-rules.md": "rules",
        "rect-events.md": "events",
        "rect-scenario-file.md": "file",
        "findings.md": "findings",
    },
)
LIBRARY = Subject(
    service="library",
    scenario="the-only-copy",
    now=datetime(2026, 10, 12, 9, tzinfo=UTC),
    token="anna-card",
    sound=Sent("POST", "/api/v1/loans", {"book_id": "${books.Emma}"}, "loan"),
    refused=Sent("POST", "/api/v1/loans", {"book_id": "${books.Emma}"}, "loan"),
    rule="loan.all-lent",
    offers="Borrow Persuasion instead",
    list=Sent("GET", "/api/v1/books"),
    operation="v1 listBooks",
    event=("return_book", {"loan_id": "${loans.Emma}"}),
    flawed=Sent("GET", "/api/v1/books?filter[autor]=Austen"),
    finding="filter.unknown",
    name="books.Emma",
    documents=("v1",),
    # It has no people, no statements, no checklist, nothing that falls due and no page of its own, and nothing is drawn
    # for its clients.
    without=frozenset(
        {
            "explain why something is not found",
            "explain an empty list",
            "move the clock to a named moment",
            "tell somebody's timeline",
            "show what stands on a statement",
            "hide persons in evidence",
            "show the checklist",
            "examples that succeed",
            "print its pages",
            "tell what a write changed",
            "show a world and its stories in a browser",
            "draw what clients do and what happens to them",
            "hold a client to what the API shows",
        }
    ),
)
SUBJECTS = (ECF, RECT, LIBRARY)
