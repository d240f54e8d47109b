"""What the parameters of this service's events name, and how a function becomes an event."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from ecf_sandbox.ecf.records import Turn
from ecf_sandbox.state.described import parameters_of
from ecf_sandbox.state.event import Event, KeyOf
from ecf_sandbox.state.record import Record

ParticipantId = Annotated[str, KeyOf("users", "participant"), "the participant id"]
MentorId = Annotated[str, KeyOf("users", "participant"), "the participant id of the mentor"]
SchoolId = Annotated[str, KeyOf("schools", "school"), "the id of the school"]
StatementId = Annotated[str, KeyOf("statements", "statement"), "the id of the statement"]
DeclarationId = Annotated[str, KeyOf("declarations", "declaration"), "the id of the declaration"]
PartnershipId = Annotated[str, KeyOf("partnerships", "partnership"), "the id of the partnership"]
ProviderId = Annotated[str, KeyOf("providers", "lead provider"), "the id of the lead provider"]
DeliveryPartnerId = Annotated[str, KeyOf("delivery_partners", "delivery partner"), "the id of the delivery partner"]
StartYear = Annotated[int, KeyOf("cohorts", "cohort"), "the year in which the cohort starts"]


def event_of(run: Callable[..., Record | None]) -> Event:
    """The event that a function is."""
    return Event(run=run, parameters=parameters_of(run, provided={Turn}))
