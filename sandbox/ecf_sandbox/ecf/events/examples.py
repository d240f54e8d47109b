"""For each event who does it, where its behaviour is described, and what it is told in the default scenario.

An example happens in the default scenario as it begins. A refusal is the smallest change to what the example is told
that does not fit. `docs/events.md` is printed from both, after the introduction.
"""

from __future__ import annotations

from collections.abc import Mapping

from ecf_sandbox.state.event import Example, Played

TUTOR = "a school's induction tutor"
EITHER = "a school's induction tutor, or the DfE"
DFE = "the DfE"
SERVICE = "the service, every day by itself"

JANE, AMARA, MEI = "${people.Jane Smith}", "${people.Amara Okafor}", "${people.Mei Lin}"
DANIEL, GRACE = "${people.Daniel Osei}", "${people.Grace Whitfield}"
STELLA = "${people.Stella Marino}"
OAKFIELD, BROOKSIDE, ASHGROVE = (
    "${schools.Oakfield Academy}",
    "${schools.Brookside Primary School}",
    "${schools.Ashgrove High School}",
)
WILLOWDENE, EASTGATE = "${schools.Willowdene School}", "${schools.Eastgate Academy}"
AMBITION, TEACH_FIRST = "${providers.Ambition Institute}", "${providers.Teach First}"
KESTREL = "${delivery_partners.Kestrel Teaching School Hub}"
OLD_QUAY = "${delivery_partners.Old Quay Training}"
FERNBANK = "${delivery_partners.Fernbank Education}"
AS_MENTOR = {"course_identifier": "ecf-mentor"}

INTRODUCTION = """# Events

What schools, their induction tutors and the DfE do, and a provider can only watch: {count} events. The same ones are
played on the command line, over HTTP ([control-plane.md](control-plane.md)), in a test
(`ecf_world.event("change_name", …)`, [test-author.md](test-author.md)) and in the steps of a scenario
([scenario-file.md](scenario-file.md)).

An event happens at the present moment of the world, or at the moment given with `--at`. One that could not have
happened is refused with the reason and changes nothing, as are arguments that are wrong. `ecf-sandbox event play`
prints the row that the event is about and everything that changed.

Wherever an id is expected, `${{…}}` names what is meant:

{named}

A person's name alone is their participant id. Where several share a name, the newest is meant. `ecf-sandbox world names
--find Jane` finds names. In a shell the quotes around `${{…}}` are needed; digits that are a text, such as a TRN, have
quotes of their own.

Each example runs as printed beside `ecf-sandbox serve --now {now}`, in a world that is as the default
scenario begins; `ecf-sandbox world reset` goes back to that. Sources name sections of the behaviour specification that
the sandbox was built to.

This page is printed from the code (`make docs`).
"""

EXAMPLES: Mapping[str, Example] = {
    "register_ect": Example(
        by=TUTOR,
        source="behaviour/participants.md#12-1",
        told={
            "full_name": "Ada Fletcher",
            "email": "ada.fletcher@oakfield.example.com",
            "school_id": OAKFIELD,
            "cohort": 2025,
            "mentor_id": DANIEL,
        },
        refused=(
            {"school_id": EASTGATE, "cohort": 2024},
            {"email": "jane.smith@oakfield.example.com"},
            {"email": "daniel.osei@example.com"},
            {"mentor_id": JANE},
        ),
    ),
    "register_mentor": Example(
        by=TUTOR,
        source="behaviour/participants.md#12-1",
        told={
            "full_name": "Ada Fletcher",
            "email": "ada.fletcher@oakfield.example.com",
            "school_id": OAKFIELD,
            "cohort": 2025,
        },
        refused=({"school_id": EASTGATE, "cohort": 2024}, {"email": "daniel.osei@example.com"}, {"full_name": " "}),
    ),
    "ect_becomes_mentor": Example(
        by=TUTOR,
        source="behaviour/participants.md#12-2",
        told={"participant_id": "${people.Megan Doherty}", "cohort": 2025},
        refused=(
            {"participant_id": "${people.Priya Raman}"},
            {"participant_id": DANIEL},
            {"email": "jane.smith@oakfield.example.com"},
        ),
    ),
    "school_marks_leaving": Example(
        by=f"{TUTOR}, of the school that they leave",
        source="behaviour/participants.md#12-6",
        told={"participant_id": JANE, "date": "2026-12-18"},
        refused=({"school_id": ASHGROVE}, AS_MENTOR),
    ),
    "school_transfer": Example(
        by=f"{TUTOR}, of the school that they join",
        source="behaviour/participants.md#12-7, behaviour/participants.md#12-8",
        told={"participant_id": JANE, "school_id": ASHGROVE, "date": "2027-01-04", "keep_provider": False},
        refused=(
            {"school_id": OAKFIELD},
            {"school_id": "${schools.Rowan House School}"},
            {"school_id": "${schools.Thornhill School}"},
            {"participant_id": "${people.Ivo Kanter}", "keep_provider": True},
        ),
    ),
    "school_withdraws_record": Example(
        by=EITHER,
        source="behaviour/participants.md#12-9",
        told={"participant_id": "${people.George Pell}"},
        refused=(AS_MENTOR,),
    ),
    "school_reregisters": Example(
        by=TUTOR,
        source="behaviour/participants.md#12-3",
        told={"participant_id": "${people.Robin Achebe}", "school_id": BROOKSIDE, "cohort": 2025},
        refused=({"school_id": EASTGATE, "cohort": 2024}, {"mentor_id": JANE}),
    ),
    "change_mentor": Example(
        by=TUTOR,
        source="behaviour/participants.md#12-5",
        told={"participant_id": JANE, "mentor_id": GRACE},
        refused=({"mentor_id": AMARA}, {"participant_id": DANIEL}),
    ),
    "change_name": Example(
        by=EITHER,
        source="behaviour/participants.md#12-5",
        told={"participant_id": JANE, "full_name": "Jane Jones"},
        refused=({"full_name": " "},),
    ),
    "change_email": Example(
        by=TUTOR,
        source="behaviour/participants.md#12-5",
        told={"participant_id": JANE, "email": "jane.jones@oakfield.example.com"},
        refused=({"email": "amara.okafor@example.com"}, AS_MENTOR),
    ),
    "complete_induction": Example(
        by=f"{DFE}, from the register of inductions",
        source="behaviour/participants.md#11-9",
        told={"participant_id": "${people.Adam Sorensen}", "date": "2026-10-09"},
        refused=({"participant_id": DANIEL, "course_identifier": "ecf-mentor"},),
    ),
    "remove_expired_school_mentors": Example(
        by=SERVICE,
        source="behaviour/participants.md#2-1",
        first=(
            Played(
                event="school_transfer",
                told={
                    "participant_id": DANIEL,
                    "course_identifier": "ecf-mentor",
                    "school_id": BROOKSIDE,
                    "date": "2026-11-02",
                    "keep_provider": True,
                },
            ),
        ),
        at="2026-11-02T02:00:00Z",
    ),
    "set_programme_choice": Example(
        by=TUTOR,
        source="behaviour/http-and-partnerships.md#a1",
        told={"school_id": WILLOWDENE, "cohort": 2024, "choice": "full_induction_programme"},
        refused=({"cohort": 2025},),
    ),
    "change_programme_choice": Example(
        by=TUTOR,
        source="behaviour/participants.md#12-11",
        told={"school_id": OAKFIELD, "cohort": 2025, "choice": "core_induction_programme"},
        refused=({"school_id": EASTGATE, "cohort": 2024},),
    ),
    "challenge_partnership": Example(
        by=EITHER,
        source="behaviour/http-and-partnerships.md#a10",
        told={
            "partnership_id": "${partnerships.Oakfield Academy.2025.Ambition Institute}",
            "reason": "another_provider",
        },
        refused=({"partnership_id": "${partnerships.Westgate Academy.2025.Ambition Institute}"},),
    ),
    "change_provider": Example(
        by=DFE,
        source="behaviour/participants.md#12-11",
        first=(
            Played(
                event="school_transfer",
                told={"participant_id": STELLA, "school_id": OAKFIELD, "date": "2026-10-12", "keep_provider": True},
            ),
        ),
        told={
            "participant_id": STELLA,
            "partnership_id": "${partnerships.Oakfield Academy.2025.Ambition Institute}",
            "mistake": False,
        },
        refused=(
            {"mistake": True},
            {"partnership_id": "${partnerships.Brookside Primary School.2025.Ambition Institute}"},
            {"partnership_id": "${partnerships.Oakfield Academy.2024.Ambition Institute}"},
            {
                "participant_id": "${people.Hugo Brandt}",
                "partnership_id": "${partnerships.Eastgate Academy.2025.Ambition Institute}",
            },
            {"participant_id": "${people.Ivo Kanter}"},
        ),
    ),
    "record_check": Example(
        by=DFE,
        source="behaviour/participants.md#11-1, behaviour/participants.md#11-2",
        told={"participant_id": "${people.Ines Moreau}", "trn": "2500011"},
        refused=(AS_MENTOR,),
    ),
    "make_eligible": Example(
        by=DFE,
        source="behaviour/participants.md#12-4",
        told={"participant_id": MEI},
        refused=(AS_MENTOR,),
    ),
    "make_ineligible": Example(
        by=DFE,
        source="behaviour/participants.md#12-4",
        told={"participant_id": MEI, "reason": "previous_induction"},
        refused=(AS_MENTOR,),
    ),
    "set_eligibility": Example(
        by=DFE,
        source="behaviour/participants.md#12-4",
        told={"participant_id": JANE, "status": "manual_check", "reason": "active_flags"},
        refused=(AS_MENTOR,),
    ),
    "merge_participants": Example(
        by=DFE,
        source="behaviour/participants.md#12-13",
        told={
            "from_participant_id": "${people.Elizabeth Hartley}",
            "to_participant_id": "${people.Liz Hartley}",
        },
        refused=({"to_participant_id": "${people.Elizabeth Hartley}"},),
    ),
    "set_mentor_completion": Example(
        by=DFE,
        source="behaviour/participants.md#11-8",
        told={"participant_id": "${people.Malcolm Reid}", "date": "2026-07-31", "reason": "started_not_completed"},
        refused=({"participant_id": JANE},),
    ),
    "amend_cohort": Example(
        by=DFE,
        source="behaviour/participants.md#12-12",
        told={"participant_id": JANE, "cohort": 2024},
        refused=({"participant_id": AMARA}, {"participant_id": "${people.Hugo Brandt}"}),
    ),
    "freeze_cohort": Example(by=DFE, source="behaviour/participants.md#12-12", told={"cohort": 2024}),
    "move_milestone": Example(
        by=DFE,
        source="behaviour/declarations.md#9-1",
        told={
            "schedule_identifier": "ecf-standard-september",
            "cohort": 2025,
            "declaration_type": "started",
            "milestone_date": "2026-01-31",
        },
        refused=({"schedule_identifier": "ecf-standard-march"}, {"declaration_type": "extended-1"}),
    ),
    "cut_off_statement": Example(
        by=DFE,
        source="behaviour/declarations.md#7-2",
        told={"statement_id": "${statements.Ambition Institute.2025.November 2026}"},
        refused=({"statement_id": "${statements.Ambition Institute.2025.October 2026}"},),
    ),
    "nightly_cut_off": Example(by=SERVICE, source="behaviour/declarations.md#7-2", at="2026-11-01T00:00:00Z"),
    "pay_statement": Example(
        by=DFE,
        source="behaviour/declarations.md#7-2",
        told={"statement_id": "${statements.Ambition Institute.2025.October 2026}"},
        refused=(
            {"statement_id": "${statements.Ambition Institute.2025.November 2026}"},
            {"statement_id": "${statements.Ambition Institute.2025.September 2026}"},
        ),
    ),
    "dfe_void_declaration": Example(
        by=f"{DFE}, a finance user",
        source="behaviour/declarations.md#6",
        told={"declaration_id": "${declarations.Amara Okafor.retained-2}"},
        refused=(
            {"declaration_id": "${declarations.Noah Price.retained-3}"},
            {"declaration_id": "${declarations.Isaac Cole.retained-2}"},
        ),
    ),
    "discard_delivery_partner": Example(
        by=DFE,
        source="behaviour/http-and-partnerships.md#a13",
        told={"delivery_partner_id": KESTREL},
        refused=({"delivery_partner_id": OLD_QUAY},),
    ),
    "discard_provider_relationship": Example(
        by=DFE,
        source="behaviour/http-and-partnerships.md#a13",
        told={"lead_provider_id": AMBITION, "delivery_partner_id": KESTREL, "cohort": 2025},
        refused=({"lead_provider_id": TEACH_FIRST},),
    ),
    "add_provider_relationship": Example(
        by=DFE,
        source="behaviour/http-and-partnerships.md#a13",
        told={"lead_provider_id": AMBITION, "delivery_partner_id": FERNBANK, "cohort": 2025},
        refused=({"delivery_partner_id": KESTREL}, {"delivery_partner_id": OLD_QUAY}),
    ),
    "set_feature_flag": Example(
        by=DFE,
        source="behaviour/declarations.md#11",
        told={"name": "closing_2022", "active": False},
    ),
}
