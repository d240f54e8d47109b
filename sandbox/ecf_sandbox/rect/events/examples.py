"""For each event who does it, where its behaviour is described, and what it is told in the default scenario.

An example happens in the service's default scenario as it begins. A refusal is the smallest change to what the example
is told that does not fit.
"""

from __future__ import annotations

from collections.abc import Mapping

from ecf_sandbox.state.event import Example, Played

TUTOR = "a school's induction tutor"
BODY = "an appropriate body"
DFE = "the DfE"
SERVICE = "the service, every night by itself"

HANNAH, IDRIS, OMAR = "${people.Hannah Boyle}", "${people.Idris Cole}", "${people.Omar Reid}"
MINA, PETRA, SAM, WENDY = (
    "${people.Mina Vale}",
    "${people.Petra Lind}",
    "${people.Sam Pryce}",
    "${people.Wendy Bright}",
)
OAKFIELD, ELM, CLOSED = (
    "${schools.Oakfield Academy}",
    "${schools.Elm Street Primary}",
    "${schools.Closed Gate School}",
)
KESTREL = "${delivery_partners.Kestrel Teaching School Hub}"
APRIL = "${statements.Ambition Institute.2025.2026-4}"
AUGUST = "${statements.Ambition Institute.2025.2026-8}"

INTRODUCTION = """# Events of Register early career teachers

What schools, appropriate bodies and the DfE do, and a provider can only watch: {count} events. They are played as the
events of the other service are ([events.md](events.md)), in a world of this one.

Wherever an id is expected, `${{…}}` names what is meant:

{named}

Each example runs beside `ecf-sandbox serve --service rect --now {now}`, in a world that is as the default scenario
begins. Sources name sections of the behaviour specification.

This page is printed from the code (`make docs`).
"""

EXAMPLES: Mapping[str, Example] = {
    "register_ect": Example(
        by=TUTOR,
        source="behaviour/rect.md#18-1",
        told={
            "trn": "2000001",
            "first_name": "Kim",
            "last_name": "Marsh",
            "email": "kim.marsh@example.com",
            "school_id": OAKFIELD,
            "started_on": "2026-05-12",
            "lead_provider": "Ambition Institute",
        },
        refused=({"lead_provider": "Nobody's Institute"}, {"started_on": "2031-01-01"}),
    ),
    "register_mentor": Example(
        by=TUTOR,
        source="behaviour/rect.md#18-1",
        told={
            "trn": "2000002",
            "first_name": "Lou",
            "last_name": "Penn",
            "email": "lou.penn@example.com",
            "school_id": OAKFIELD,
            "started_on": "2026-05-12",
            "lead_provider": "Ambition Institute",
        },
        refused=({"trn": "1500001"},),  # Mina Vale mentors there
    ),
    "assign_mentor": Example(
        by=TUTOR,
        source="behaviour/rect.md#18-1",
        told={"ect_id": IDRIS, "mentor_id": MINA},
        refused=({"ect_id": SAM},),
    ),
    "ect_leaves": Example(
        by=TUTOR,
        source="behaviour/rect.md#18-1",
        told={"participant_id": HANNAH, "finished_on": "2026-06-30"},
        refused=({"finished_on": "2025-09-01"}, {"participant_id": MINA}),
    ),
    "mentor_leaves": Example(
        by=TUTOR,
        source="behaviour/rect.md#18-1",
        told={"participant_id": MINA, "finished_on": "2026-06-30"},
        refused=({"finished_on": "2025-09-01"}, {"participant_id": HANNAH}),
    ),
    "change_lead_provider": Example(
        by=TUTOR,
        source="behaviour/rect.md#18-1",
        told={"participant_id": HANNAH, "lead_provider": "Teach First", "old_lead_provider": "Ambition Institute"},
        refused=({"lead_provider": "Nobody's Institute"}, {"participant_id": SAM}),
    ),
    "change_email": Example(
        by=TUTOR,
        source="behaviour/rect.md#9-4",
        told={"participant_id": HANNAH, "email": "hannah@example.com"},
        refused=({"as": "mentor"},),
    ),
    "change_name": Example(
        by=TUTOR, source="behaviour/rect.md#9-4", told={"participant_id": HANNAH, "name": "Hannah Boyle-Reid"}
    ),
    "change_tutor": Example(
        by=TUTOR,
        source="behaviour/rect.md#13",
        told={"school_id": OAKFIELD, "name": "Nia Grant", "email": "nia.grant@example.com"},
    ),
    "induction_starts": Example(
        by=BODY,
        source="behaviour/rect.md#11-7",
        told={"participant_id": IDRIS, "started_on": "2026-05-01"},
        refused=({"participant_id": HANNAH},),
    ),
    "induction_ends": Example(
        by=BODY,
        source="behaviour/rect.md#18-1",
        told={"participant_id": HANNAH, "finished_on": "2026-05-08", "outcome": "pass"},
        refused=({"participant_id": IDRIS}, {"finished_on": "2025-09-02"}),
    ),
    "school_eligibility": Example(
        by=DFE, source="behaviour/rect.md#14-1", told={"school_id": CLOSED, "eligible": True}
    ),
    "mark_statements_payable": Example(by=SERVICE, source="behaviour/rect.md#11-14", at="2026-08-01T06:00:00Z"),
    "pay_statement": Example(
        by=DFE,
        source="behaviour/rect.md#18-1",
        told={"statement_id": AUGUST},
        at="2026-08-25T10:00:00Z",
        first=(
            Played(
                event="induction_starts",
                told={"participant_id": IDRIS, "started_on": "2026-05-01"},
            ),
            Played(event="mark_statements_payable", at="2026-08-01T06:00:00Z"),
        ),
    ),
    "merge_participants": Example(
        by=DFE,
        source="behaviour/rect.md#18-1",
        told={"from_id": OMAR, "to_id": MINA},
        refused=({"to_id": OMAR},),
    ),
    "freeze_contract_period": Example(by=DFE, source="behaviour/rect.md#16-1", told={"year": 2023}),
    "close_contract_period": Example(by=DFE, source="behaviour/rect.md#16-1", told={"year": 2023}),
    "add_delivery_partnership": Example(
        by=DFE,
        source="behaviour/rect.md#14-2",
        told={"lead_provider": "Teach First", "delivery_partner_id": KESTREL, "year": 2025},
        refused=({"lead_provider": "Ambition Institute"},),
    ),
    "rename_delivery_partner": Example(
        by=DFE,
        source="behaviour/rect.md#13",
        told={"delivery_partner_id": KESTREL, "name": "Kestrel and Heron Hub"},
    ),
    "nightly_partnership_touch": Example(by=SERVICE, source="behaviour/rect.md#13", at="2026-05-26T00:01:00Z"),
    "nightly_refresh": Example(by=SERVICE, source="behaviour/rect.md#18-3", at="2026-07-21T01:00:00Z"),
}
