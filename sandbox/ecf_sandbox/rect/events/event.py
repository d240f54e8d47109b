"""What the parameters of this service's events name, and how a function becomes an event."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Annotated

from ecf_sandbox.rect.domain.providers import LeadProvider
from ecf_sandbox.rect.domain.teachers import Teacher, TeacherType
from ecf_sandbox.rect.records import Records, Turn
from ecf_sandbox.rulebook.refusals import DoesNotFit
from ecf_sandbox.state.described import parameters_of
from ecf_sandbox.state.event import Event, KeyOf
from ecf_sandbox.state.record import Record

ParticipantId = Annotated[str, KeyOf("teachers", "participant"), "the participant id"]
SchoolId = Annotated[str, KeyOf("schools", "school"), "the id of the school"]
StatementId = Annotated[str, KeyOf("statements", "statement"), "the id of the statement"]
DeliveryPartnerId = Annotated[str, KeyOf("delivery_partners", "delivery partner"), "the id of the delivery partner"]
Year = Annotated[int, KeyOf("contract_periods", "cohort"), "the year in which the cohort starts"]
ProviderName = Annotated[str, "the name of the lead provider"]
ProviderOrSchool = Annotated[str | None, "the name of the lead provider, or null where the school trains"]


class As(StrEnum):
    """As what somebody is meant."""

    ECT = "ect"
    MENTOR = "mentor"

    @property
    def kind(self) -> TeacherType:
        """The kind of training."""
        return TeacherType(self.value)


def event_of(run: Callable[..., Record | None]) -> Event:
    """The event that a function is."""
    return Event(run=run, parameters=parameters_of(run, provided={Turn}))


def provider_named(records: Records, name: str) -> LeadProvider:
    """The lead provider of that name; raises DoesNotFit for none."""
    found = records.lead_providers.one("name", name)
    if found is None:
        known = ", ".join(sorted(it.name for it in records.lead_providers))
        raise DoesNotFit(f"there is no lead provider {name}; there are {known}")
    return found


def as_now(turn: Turn, participant_id: str) -> Teacher:
    """The person as they are after what has just been written."""
    return turn.records.teachers[participant_id]
