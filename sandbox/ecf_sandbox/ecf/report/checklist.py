"""What the DfE asks a provider to test, as data: each test with what in a journal would show it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

from ecf_sandbox.tools.report import shown
from ecf_sandbox.tools.report.journal_file import ReadJournal
from ecf_sandbox.tools.report.privacy import Masks
from ecf_sandbox.tools.report.report import Item
from ecf_sandbox.tools.report.requested import RequestedTest, items_of

# By the beginning of an id.
_AREAS = {
    "partnerships": "Partnerships",
    "participants": "Participants",
    "declarations": "Declarations",
    "errors": "Error paths",
    "sync": "Keeping data in sync",
    "keys": "Keys",
    "samples": "Samples",
}


def checklist(journals: Sequence[ReadJournal], masks: Masks) -> tuple[Item, ...]:
    """Every test with what these journals show of it."""
    return items_of(REQUESTED, _AREAS, journals, masks)


_PARTICIPANTS, _PARTNERSHIPS = "/api/v3/participants/ecf", "/api/v3/partnerships/ecf"
_DECLARATIONS = "/api/v3/participant-declarations"
_CHANGES = ("deferParticipant", "resumeParticipant", "withdrawParticipant", "changeParticipantSchedule")

REQUESTED: Final = (
    RequestedTest(
        "partnerships.schools",
        asks="Find schools",
        shown_by=partial(shown.accepted, "listSchools"),
        to_show="GET /api/v3/schools/ecf?filter[cohort]=2025",
    ),
    RequestedTest(
        "partnerships.delivery-partners",
        asks="Find delivery partners",
        shown_by=partial(shown.accepted, "listDeliveryPartners"),
        to_show="GET /api/v3/delivery-partners?filter[cohort]=2025",
    ),
    RequestedTest(
        "partnerships.confirm",
        asks="Confirm a partnership",
        shown_by=partial(shown.accepted, "confirmPartnership"),
        to_show=f"POST {_PARTNERSHIPS} with cohort, school_id and delivery_partner_id",
    ),
    RequestedTest(
        "partnerships.several",
        asks="Handle several partnerships",
        shown_by=partial(
            shown.several,
            "confirmPartnership",
            "school_id",
            "listPartnerships",
            "One provider confirmed partnerships with {} schools.",
        ),
        to_show=f"POST {_PARTNERSHIPS} for two different schools with one key",
    ),
    RequestedTest(
        "partnerships.update",
        asks="Change the delivery partner of a partnership",
        shown_by=partial(shown.accepted, ("updatePartnership", "patchPartnership")),
        to_show=f"PUT {_PARTNERSHIPS}/{{id}} with delivery_partner_id",
    ),
    RequestedTest(
        "partnerships.list",
        asks="Read partnerships",
        shown_by=partial(shown.accepted, "listPartnerships"),
        to_show=f"GET {_PARTNERSHIPS}",
    ),
    RequestedTest(
        "participants.list",
        asks="Read participants",
        shown_by=partial(shown.accepted, "listParticipants"),
        to_show=f"GET {_PARTICIPANTS}",
    ),
    RequestedTest(
        "participants.show",
        asks="Read one participant",
        shown_by=partial(shown.accepted, "showParticipant"),
        to_show=f"GET {_PARTICIPANTS}/{{id}}",
    ),
    RequestedTest(
        "participants.defer",
        asks="Defer a participant",
        shown_by=partial(shown.accepted, "deferParticipant"),
        to_show=f"PUT {_PARTICIPANTS}/{{id}}/defer with reason and course_identifier",
    ),
    RequestedTest(
        "participants.resume",
        asks="Resume a participant",
        shown_by=partial(shown.accepted, "resumeParticipant"),
        to_show=f"PUT {_PARTICIPANTS}/{{id}}/resume with course_identifier, after deferring",
    ),
    RequestedTest(
        "participants.withdraw",
        asks="Withdraw a participant",
        shown_by=partial(shown.accepted, "withdrawParticipant"),
        to_show=f"PUT {_PARTICIPANTS}/{{id}}/withdraw with reason and course_identifier",
    ),
    RequestedTest(
        "participants.change-schedule",
        asks="Change a participant's schedule",
        shown_by=partial(shown.accepted, "changeParticipantSchedule"),
        to_show=f"PUT {_PARTICIPANTS}/{{id}}/change-schedule with schedule_identifier and cohort",
    ),
    RequestedTest(
        "participants.transfers",
        asks="Read transfers",
        shown_by=partial(shown.accepted, "listTransfers"),
        to_show=f"GET {_PARTICIPANTS}/transfers",
    ),
    RequestedTest(
        "participants.unfunded-mentors",
        asks="Read unfunded mentors",
        shown_by=partial(shown.accepted, "listUnfundedMentors"),
        to_show="GET /api/v3/unfunded-mentors/ecf",
    ),
    RequestedTest(
        "declarations.record",
        asks="Submit a declaration",
        shown_by=partial(shown.accepted, "createDeclaration"),
        to_show=f"POST {_DECLARATIONS} with declaration_type started, inside its milestone",
    ),
    RequestedTest(
        "declarations.list",
        asks="Read declarations",
        shown_by=partial(shown.accepted, "listDeclarations"),
        to_show=f"GET {_DECLARATIONS}",
    ),
    RequestedTest(
        "declarations.void",
        asks="Void a declaration",
        shown_by=partial(shown.accepted, "voidDeclaration"),
        to_show=f"PUT {_DECLARATIONS}/{{id}}/void",
    ),
    RequestedTest(
        "declarations.statements",
        asks="Read financial statements",
        shown_by=partial(shown.accepted, "listStatements"),
        to_show="GET /api/v3/statements",
    ),
    RequestedTest(
        "errors.partnership",
        asks="Have a partnership refused, and go on",
        shown_by=partial(shown.refused, ("confirmPartnership", "updatePartnership", "patchPartnership")),
        to_show=f"POST {_PARTNERSHIPS} without school_id",
    ),
    RequestedTest(
        "errors.participant",
        asks="Have a change of a participant refused, and go on",
        shown_by=partial(shown.refused, _CHANGES),
        to_show=f"PUT {_PARTICIPANTS}/{{id}}/defer with a reason that is not on the list",
    ),
    RequestedTest(
        "errors.declaration",
        asks="Have a declaration refused, and go on",
        shown_by=partial(shown.refused, ("createDeclaration",)),
        to_show=f"POST {_DECLARATIONS} with a declaration_date after the milestone",
    ),
    RequestedTest(
        "errors.key",
        asks="Be refused for a wrong key",
        shown_by=partial(shown.answered, 401),
        to_show="any request with a key that is not known",
    ),
    RequestedTest(
        "errors.not-found",
        asks="Ask for what is not there",
        shown_by=partial(shown.answered, 404),
        to_show=f"GET {_PARTICIPANTS}/{{id}} with an id that nobody has",
    ),
    *(
        test
        for name, subject, path in (
            ("participants", "listParticipants", _PARTICIPANTS),
            ("declarations", "listDeclarations", _DECLARATIONS),
            ("partnerships", "listPartnerships", _PARTNERSHIPS),
        )
        for test in (
            RequestedTest(
                f"sync.full-{name}",
                asks=f"Full sync of {name}",
                shown_by=partial(shown.read_to_the_end, subject),
                to_show=f"GET {path}?page[page]=1 and so on without filter[updated_since], until a page is not full",
            ),
            RequestedTest(
                f"sync.partial-{name}",
                asks=f"Partial sync of {name}",
                shown_by=partial(shown.read_since_a_moment, subject),
                to_show=f"GET {path}?filter[updated_since]=2026-01-31T09:00:00Z, with a moment two polls back",
            ),
        )
    ),
    RequestedTest(
        "keys.secured",
        asks="Keep keys secure",
        shown_by=shown.keys_secured,
        to_show="say where they are stored, and who can read them",
    ),
    RequestedTest(
        "samples.kept",
        asks="Provide sample requests and responses with their moments",
        shown_by=shown.samples_kept,
        to_show="any request; the sandbox notes it with its answer and the moment",
    ),
)
