"""List participants, show one, declare a start, void that, and be refused: with the generated client alone."""

from __future__ import annotations

import os
from collections.abc import Iterator

from lead_provider_api_sandbox_client import AuthenticatedClient
from lead_provider_api_sandbox_client.api.declarations import create_declaration, void_declaration
from lead_provider_api_sandbox_client.api.participants import list_participants, show_participant
from lead_provider_api_sandbox_client.models import (
    CourseIdentifier,
    DeclarationNotVoided,
    DeclarationRefused,
    DeclarationRequest,
    DeclarationRequestData,
    ListParticipantsPage,
    ListParticipantsResponse200,
    OneDeclaration,
    OneParticipant,
    Participant,
    StartedAttributes,
    StartedAttributesDeclarationType,
)
from lead_provider_api_sandbox_client.types import UNSET

DECLARED = "2025-10-06T09:00:00Z"


def page_of(number: int, size: int) -> ListParticipantsPage:
    """A page, named as the service reads it: the generator would send `page` and `per_page`, which nobody looks at."""
    asked = ListParticipantsPage(page=UNSET, per_page=UNSET)
    asked["page[page]"], asked["page[per_page]"] = number, size
    return asked


def everybody(client: AuthenticatedClient, size: int = 10) -> Iterator[Participant]:
    """Every participant, page by page until a page is empty."""
    number = 1
    while True:
        listed = list_participants.sync(client=client, page=page_of(number, size))
        if not isinstance(listed, ListParticipantsResponse200):
            raise SystemExit(f"no list: {listed}")
        if not listed.data:
            return
        yield from listed.data
        number += 1


def started(participant: str) -> DeclarationRequest:
    """What is sent to say that an ECT has started."""
    attributes = StartedAttributes(
        participant_id=participant,
        declaration_type=StartedAttributesDeclarationType.STARTED,
        declaration_date=DECLARED,
        course_identifier=CourseIdentifier.ECF_INDUCTION,
        evidence_held="other",
    )
    return DeclarationRequest(data=DeclarationRequestData(attributes=attributes))


def main() -> None:
    """Say what was done, line by line; end with an error where something is not as expected."""
    client = AuthenticatedClient(
        base_url=os.environ["LEAD_PROVIDER_API_URL"],
        token=os.environ["LEAD_PROVIDER_API_TOKEN"],
        raise_on_unexpected_status=True,
    )
    people = list(everybody(client))
    ids = [str(it.id) for it in people]  # an id is a UUID here, and text where it is sent
    if len(set(ids)) < len(ids):
        raise SystemExit("somebody was listed twice")
    print(f"{len(people)} participants")

    shown = show_participant.sync(ids[0], client=client)
    if not isinstance(shown, OneParticipant) or shown.data != people[0]:
        raise SystemExit(f"shown otherwise than listed: {shown}")
    print(f"shown: {shown.data.attributes.full_name}")

    refusals: set[str] = set()
    for it in people:
        answer = create_declaration.sync(client=client, body=started(str(it.id)))
        if isinstance(answer, OneDeclaration):
            declared = answer.data
            break
        if not isinstance(answer, DeclarationRefused):
            raise SystemExit(f"neither declared nor refused: {answer}")
        refusals.update(error.title.value for error in answer.errors)
    else:
        raise SystemExit("nobody can be declared")
    print(f"refused for others, for reasons of: {', '.join(sorted(refusals))}")
    print(f"declared: {declared.attributes.declaration_type.value} is {declared.attributes.state.value}")

    voided = void_declaration.sync(str(declared.id), client=client)
    if not isinstance(voided, OneDeclaration):
        raise SystemExit(f"not voided: {voided}")
    print(f"voided: {voided.data.attributes.state.value}")

    again = void_declaration.sync(str(declared.id), client=client)
    if not isinstance(again, DeclarationNotVoided):
        raise SystemExit(f"voided twice: {again}")
    print(f"refused: {again.errors[0].title.value}: {again.errors[0].detail}")


if __name__ == "__main__":
    main()
