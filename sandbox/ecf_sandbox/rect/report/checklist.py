"""What the DfE asks a provider of this service to test, with what in a journal shows it (behaviour/rect.md#16-5)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

from ecf_sandbox.rect.domain.declarations import TYPES, State
from ecf_sandbox.rect.rules.participants import DEFERRAL_REASONS, WITHDRAWAL_REASONS
from ecf_sandbox.tools.report import shown
from ecf_sandbox.tools.report.journal_file import ReadJournal
from ecf_sandbox.tools.report.privacy import Masks
from ecf_sandbox.tools.report.report import Item
from ecf_sandbox.tools.report.requested import RequestedTest, items_of

# By the beginning of an id.
_AREAS = {
    "partnerships": "Schools and partnerships",
    "participants": "Participants",
    "declarations": "Declarations and statements",
    "clock": "Later moments",
    "errors": "Error paths",
    "sync": "Keeping data in sync",
    "tokens": "Tokens",
    "samples": "Samples",
}


def checklist(journals: Sequence[ReadJournal], masks: Masks) -> tuple[Item, ...]:
    """Every test with what these journals show of it."""
    return items_of(REQUESTED, _AREAS, journals, masks)


_API = "/api/v3"
_PARTICIPANTS, _PARTNERSHIPS = f"{_API}/participants", f"{_API}/partnerships"
_DECLARATIONS = f"{_API}/participant-declarations"
_CHANGES = ("deferParticipant", "resumeParticipant", "withdrawParticipant", "changeParticipantSchedule")
_SHOWS_PARTICIPANTS = ("listParticipants", "showParticipant", *_CHANGES)
_SHOWS_DECLARATIONS = ("listDeclarations", "showDeclaration")
_LISTS = (
    ("participants", "listParticipants", _PARTICIPANTS),
    ("declarations", "listDeclarations", _DECLARATIONS),
    ("partnerships", "listPartnerships", _PARTNERSHIPS),
    ("schools", "listSchools", f"{_API}/schools?filter[cohort]=2025"),
    ("transfers", "listTransfers", f"{_PARTICIPANTS}/transfers"),
    ("unfunded-mentors", "listUnfundedMentors", f"{_API}/unfunded-mentors"),
    ("statements", "listStatements", f"{_API}/statements"),
)

REQUESTED: Final = (
    RequestedTest(
        "partnerships.schools",
        asks="Find the schools of a cohort",
        shown_by=partial(shown.accepted, "listSchools"),
        to_show=f"GET {_API}/schools?filter[cohort]=2025",
    ),
    RequestedTest(
        "partnerships.interest",
        asks="Find schools that are interested in you",
        shown_by=partial(shown.read_with, ("listSchools", "showSchool"), "expression_of_interest", bool),
        to_show=f"GET {_API}/schools?filter[cohort]=2025 where a school's expression_of_interest is true",
    ),
    RequestedTest(
        "partnerships.delivery-partners",
        asks="Find delivery partners",
        shown_by=partial(shown.accepted, "listDeliveryPartners"),
        to_show=f"GET {_API}/delivery-partners?filter[cohort]=2025",
    ),
    RequestedTest(
        "partnerships.create",
        asks="Create a partnership",
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
            "One provider made partnerships with {} schools.",
        ),
        to_show=f"POST {_PARTNERSHIPS} for two different schools with one token",
    ),
    RequestedTest(
        "partnerships.correct",
        asks="Correct the delivery partner of a partnership",
        shown_by=partial(shown.accepted, ("updatePartnership", "patchPartnership")),
        to_show=f"PUT {_PARTNERSHIPS}/{{id}} with another delivery_partner_id",
    ),
    RequestedTest(
        "partnerships.training",
        asks="See how many participants are training in a partnership",
        shown_by=partial(
            shown.read_with, ("listPartnerships", "showPartnership"), "participants_currently_training", bool
        ),
        to_show=f"GET {_PARTNERSHIPS} where participants_currently_training is more than 0",
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
        "participants.left",
        asks="See somebody who leaves or has left",
        shown_by=partial(shown.read_with, _SHOWS_PARTICIPANTS, "participant_status", {"leaving", "left"}.__contains__),
        to_show=f"GET {_PARTICIPANTS} after a deferral, a withdrawal or an event such as ect_leaves",
    ),
    RequestedTest(
        "participants.by-training-status",
        asks="Read participants by their training status",
        shown_by=partial(shown.sent_with, ("listParticipants",), "filter[training_status]"),
        to_show=f"GET {_PARTICIPANTS}?filter[training_status]=deferred",
    ),
    RequestedTest(
        "participants.defer",
        asks="Defer a participant, for each reason",
        shown_by=partial(shown.every_value, "deferParticipant", "reason", sorted(DEFERRAL_REASONS)),
        to_show=f"PUT {_PARTICIPANTS}/{{id}}/defer with reason and course_identifier",
    ),
    RequestedTest(
        "participants.withdraw",
        asks="Withdraw a participant, for each reason",
        shown_by=partial(shown.every_value, "withdrawParticipant", "reason", sorted(WITHDRAWAL_REASONS)),
        to_show=f"PUT {_PARTICIPANTS}/{{id}}/withdraw with reason and course_identifier",
    ),
    RequestedTest(
        "participants.resume",
        asks="Resume a participant",
        shown_by=partial(shown.accepted, "resumeParticipant"),
        to_show=f"PUT {_PARTICIPANTS}/{{id}}/resume with course_identifier, on a day after deferring",
    ),
    RequestedTest(
        "participants.change-schedule",
        asks="Change a participant's schedule",
        shown_by=partial(shown.accepted, "changeParticipantSchedule"),
        to_show=f"PUT {_PARTICIPANTS}/{{id}}/change-schedule with schedule_identifier and course_identifier",
    ),
    RequestedTest(
        "participants.return",
        asks="Resume a participant first, then change the schedule",
        shown_by=partial(shown.one_after_the_other, "resumeParticipant", "changeParticipantSchedule"),
        to_show=f"PUT {_PARTICIPANTS}/{{id}}/resume, then /change-schedule for the same participant",
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
        to_show=f"GET {_API}/unfunded-mentors",
    ),
    RequestedTest(
        "declarations.types",
        asks="Submit every type of declaration",
        shown_by=partial(shown.every_value, "createDeclaration", "declaration_type", TYPES),
        to_show=f"POST {_DECLARATIONS} with each declaration_type, extended ones for an extended schedule",
    ),
    RequestedTest(
        "declarations.evidence",
        asks="Submit a declaration with evidence",
        shown_by=partial(shown.read_with, ("createDeclaration", *_SHOWS_DECLARATIONS), "evidence_held", bool),
        to_show=f"POST {_DECLARATIONS} with evidence_held, which is needed from 2025 for started too",
    ),
    RequestedTest(
        "declarations.list",
        asks="Read declarations",
        shown_by=partial(shown.accepted, "listDeclarations"),
        to_show=f"GET {_DECLARATIONS}",
    ),
    RequestedTest(
        "declarations.submitted",
        asks="See a declaration that waits for an induction",
        shown_by=partial(
            shown.read_with, ("createDeclaration", *_SHOWS_DECLARATIONS), "state", State.SUBMITTED.value.__eq__
        ),
        to_show=f"POST {_DECLARATIONS} for an ECT whose induction no appropriate body has recorded",
    ),
    RequestedTest(
        "declarations.void",
        asks="Void a declaration",
        shown_by=partial(shown.accepted, "voidDeclaration"),
        to_show=f"PUT {_DECLARATIONS}/{{id}}/void",
    ),
    RequestedTest(
        "declarations.statements",
        asks="Read statements",
        shown_by=partial(shown.accepted, "listStatements"),
        to_show=f"GET {_API}/statements",
    ),
    RequestedTest(
        "clock.declaration",
        asks="Reach a later milestone by a server date",
        shown_by=partial(shown.sent_with, ("createDeclaration",), "X-With-Server-Date"),
        to_show=f"POST {_DECLARATIONS} with the header X-With-Server-Date: 2026-10-12T09:00:00Z",
    ),
    RequestedTest(
        "clock.participant",
        asks="See a participant at a later moment",
        shown_by=partial(shown.sent_with, ("showParticipant", "listParticipants"), "X-With-Server-Date"),
        to_show=f"GET {_PARTICIPANTS}/{{id}} with the header X-With-Server-Date, after the day on which they leave",
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
        to_show=f"POST {_DECLARATIONS} without evidence_held for a participant of 2025",
    ),
    RequestedTest(
        "errors.token",
        asks="Be refused for a wrong token",
        shown_by=partial(shown.answered, 401),
        to_show="any request with a token that is not known",
    ),
    RequestedTest(
        "errors.not-found",
        asks="Ask for what is not there",
        shown_by=partial(shown.answered, 404),
        to_show=f"GET {_PARTICIPANTS}/{{id}} with an id that nobody has",
    ),
    RequestedTest(
        "errors.rate-limit",
        asks="Be refused for too many requests",
        shown_by=partial(shown.answered, 429),
        to_show="more than 1,000 requests in 5 minutes beside serve --rate-limit, or a fault that answers 429",
    ),
    *(
        RequestedTest(
            f"sync.full-{name}",
            asks=f"Full sync of {name.replace('-', ' ')}",
            shown_by=partial(shown.read_to_the_end, subject),
            to_show=f"GET {path} without filter[updated_since], page by page, until a page is not full",
        )
        for name, subject, path in _LISTS
    ),
    *(
        RequestedTest(
            f"sync.partial-{name}",
            asks=f"Partial sync of {name.replace('-', ' ')}",
            shown_by=partial(shown.read_since_a_moment, subject),
            to_show=f"GET {path} with filter[updated_since]=2026-01-31T09:00:00Z, a moment two polls back",
        )
        for name, subject, path in _LISTS
    ),
    RequestedTest(
        "tokens.secured",
        asks="Keep tokens secure",
        shown_by=shown.keys_secured,
        to_show="say where they are stored, and who can read them",
    ),
    RequestedTest(
        "samples.kept",
        asks="Keep samples of requests and answers",
        shown_by=shown.samples_kept,
        to_show="any request; the sandbox notes it with its answer and the moment",
    ),
)
