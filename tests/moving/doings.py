"""What a client may do that meets a difference, by the difference; and all that is found of it, as section 17 has it.

Each client does one thing. What every answer about a participant or a declaration shows is said once, above.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tests.moving.client import V3, Client

Doing = Callable[[Client], object]
LATER = "filter[updated_since]=2030-01-01T00:00:00Z"
NOBODY = "52533669-e457-8431-a46a-958f59d67fab"
ENROLMENT = {"path-participants", "trn-validated-gone", "validation-status-gone", "enrolment-attributes-new"}
FLAT = {"version", "version-answers", "version-status", "trn-validated-gone", "enrolment-attributes-new"}
STOPPED = ENROLMENT | {"participant-status-of-stopped"}
DECLARATION = {"has-passed-gone"}
PARTNERSHIP = {"path-others", "challenge-gone", "currently-training"}
EVIDENCE = "training-event-attended"


def get(path: str, **headers: str) -> Doing:
    """Ask for a path of v3."""
    return lambda it: it.send("GET", f"{V3}{path}", **headers)


def both(*doings: Doing) -> Doing:
    """One after the other."""
    return lambda it: [each(it) for each in doings]


def act(name: str, action: str, **attributes: str) -> Doing:
    """An action on somebody."""
    return lambda it: it.act(name, action, **attributes)


def declare(name: str, type: str, date: str, **attributes: str) -> Doing:
    """A declaration of somebody."""
    return lambda it: it.declare(name, type, date, **attributes)


def void(name: str, state: str) -> Doing:
    """Void a declaration of somebody that is in a state."""

    def it(client: Client) -> None:
        person = client.names[f"people.{name}"]
        found = [each.id for each in client.world.state.records.declarations if each.user_id == person]
        [id] = [id for id in found if client.world.state.records.declarations[id].state == state][:1]
        client.send("PUT", f"{V3}/participant-declarations/{id}/void")

    return it


def declare_as_vendor(it: Client) -> None:
    """A declaration whose body is sent under the vendor's name of JSON."""
    told = {"participant_id": it.names["people.Jane Smith"], "declaration_type": "started", "evidence_held": EVIDENCE}
    dated = {"declaration_date": "2025-10-01T09:00:00Z", "course_identifier": "ecf-induction"}
    it.send("POST", f"{V3}/participant-declarations", told | dated, Content_Type="application/vnd.api+json")


def confirm(school: str, cohort: str) -> Doing:
    """Confirm a partnership with a delivery partner that one works with in that cohort."""

    def it(client: Client) -> None:
        records = client.world.state.records
        found = records.partnerships[client.names[f"partnerships.Oakfield Academy.{cohort}.Ambition Institute"]]
        told = {"school_id": client.names[f"schools.{school}"], "delivery_partner_id": found.delivery_partner_id}
        client.send("POST", f"{V3}/partnerships/ecf", {"cohort": cohort, **told})

    return it


def update(name: str, like: str = "") -> Doing:
    """Update a partnership with the delivery partner that it has, or that another has."""

    def it(client: Client) -> None:
        partnerships = client.world.state.records.partnerships
        found = partnerships[client.names[f"partnerships.{name}"]]
        told = {"delivery_partner_id": partnerships[client.names[f"partnerships.{like or name}"]].delivery_partner_id}
        client.send("PUT", f"{V3}/partnerships/ecf/{found.id}", told)

    return it


def jane(it: Client) -> None:
    """Ask for Jane Smith."""
    it.send("GET", f"{V3}/participants/ecf/{it.names['people.Jane Smith']}")


def challenge(it: Client) -> None:
    """The school of Jane Smith challenges its partnership."""
    it.happens(
        "challenge_partnership",
        partnership_id=it.names["partnerships.Oakfield Academy.2025.Ambition Institute"],
        reason="mistake",
    )


def disappear(it: Client) -> None:
    """Read all participants, before and after a school challenges its partnership."""
    everybody = f"{V3}/participants/ecf?page[per_page]=1000"
    it.send("GET", everybody)
    challenge(it)
    it.send("GET", everybody)


_LISTED = {"participant-status-gone", "last-day", "uplifts", "participant-status-of-stopped"} | ENROLMENT
DOINGS: Mapping[str, tuple[Doing, set[str]]] = {
    "path-participants": (get(f"/participants/ecf/{NOBODY}"), {"path-participants", "not-found-body"}),
    "path-others": (get("/partnerships/ecf?filter[cohort]=2020"), {"path-others"}),
    "version": (lambda it: it.send("GET", f"/api/v2/participant-declarations?{LATER}"), {"version"}),
    "version-answers": (
        lambda it: it.send("GET", f"/api/v1/participants/ecf/{it.names['people.Tara Quinn']}"),
        {"path-participants"} | FLAT,
    ),
    "version-payment-gone": (
        lambda it: it.send("GET", "/api/v1/participant-declarations?page[per_page]=1"),
        {"version", "version-payment-gone", "version-declaration-new"} | DECLARATION,
    ),
    "version-declaration-new": (
        lambda it: it.send("GET", "/api/v2/participant-declarations?page[per_page]=1"),
        {"version", "version-declaration-new"} | DECLARATION,
    ),
    "version-status": (
        lambda it: it.send("GET", "/api/v1/participants.csv"),
        {"csv", "uplifts"} | FLAT,
    ),
    "csv": (
        lambda it: it.send("GET", f"/api/v1/participant-declarations.csv?{LATER}"),
        {"csv", "version"},
    ),
    "request-content-type": (declare_as_vendor, {"request-content-type"} | DECLARATION),
    "not-found-body": (get(f"/statements/{NOBODY}"), {"not-found-body"}),
    "joined-messages": (
        act("Jane Smith", "defer", reason=""),
        {"path-participants", "joined-messages", "reason-text"},
    ),
    "body-shape-text": (
        lambda it: it.send("POST", f"{V3}/participant-declarations"),
        {"body-shape-text"},
    ),
    "empty-attributes": (
        lambda it: it.send("POST", f"{V3}/participant-declarations", {}),
        {"empty-attributes"},
    ),
    "other-errors": (declare("Jane Smith", "started", "2025-10-01T09:00:00Z", participant_id=""), {"other-errors"}),
    "accept": (get("/delivery-partners", Accept="json"), {"accept"}),
    "participant-found": (
        both(jane, challenge, jane, act("Jane Smith", "defer", reason="other")),
        {"participant-found", "uplifts"} | ENROLMENT,
    ),
    "filter-of-one": (
        both(
            jane,
            lambda it: it.send("GET", f"{V3}/participants/ecf/{it.names['people.Jane Smith']}?filter[cohort]=2024"),
        ),
        {"filter-of-one", "uplifts"} | ENROLMENT,
    ),
    "www-authenticate": (
        lambda it: it.send("GET", f"{V3}/delivery-partners", token="x"),
        {"www-authenticate"},
    ),
    "page-text": (get("/delivery-partners?page[page]=0"), {"page-text"}),
    "updated-since-text": (get("/statements?filter[updated_since]=2026-10-01"), {"updated-since-text"}),
    "updated-since-list": (
        get("/statements?filter[updated_since][]=x&filter[cohort]=2019"),
        {"updated-since-list"},
    ),
    "updated-since-offset": (
        get("/statements?filter[updated_since]=2030-10-01T00:00:00%2B01:00"),
        {"updated-since-offset"},
    ),
    "server-date-zone": (
        get("/delivery-partners", X_With_Server_Date="soon"),
        {"server-date-zone"},
    ),
    "server-date-frozen": (
        get("/delivery-partners", X_With_Server_Date="2026-11-01T09:00:00Z"),
        {"server-date-frozen"},
    ),
    "participant-stays": (disappear, {"participant-stays"} | _LISTED),
    "participant-status-gone": (get("/participants/ecf"), _LISTED),
    "participant-status-of-stopped": (
        lambda it: it.send("GET", f"{V3}/participants/ecf/{it.names['people.Hannah Boyle']}"),
        STOPPED,
    ),
    "last-day": (
        lambda it: it.send("GET", f"{V3}/participants/ecf/{it.names['people.Alice Novak']}"),
        {"last-day"} | ENROLMENT,
    ),
    "training-status-filter": (
        get("/participants/ecf?filter[training_status]=left"),
        {"path-participants", "training-status-filter"},
    ),
    "cohort-filter": (get("/delivery-partners?filter[cohort]=2024/25"), {"cohort-filter"}),
    "uplifts": (
        act("Jane Smith", "change-schedule", schedule_identifier="ecf-standard-january"),
        {"uplifts"} | ENROLMENT,
    ),
    "unknown-participant": (
        lambda it: it.send("PUT", f"{V3}/participants/ecf/{NOBODY}/resume", {"course_identifier": "ecf-induction"}),
        {"path-participants", "unknown-participant"},
    ),
    "profile-title": (
        act("Hannah Boyle", "defer", reason="other"),
        {"path-participants", "profile-title", "state-text"},
    ),
    "course-text": (
        act("Jane Smith", "defer", course="x", reason="other"),
        {"path-participants", "course-text"},
    ),
    "reason-text": (act("Jane Smith", "defer", reason="x"), {"path-participants", "reason-text"}),
    "state-text": (act("Jane Smith", "resume"), {"path-participants", "profile-title", "state-text"}),
    "reason-for-mentors": (
        act("Amara Okafor", "withdraw", reason="mentor-no-longer-being-mentor"),
        {"reason-for-mentors", "uplifts"} | STOPPED,
    ),
    "begun-today": (
        both(act("Hannah Boyle", "resume"), act("Hannah Boyle", "defer", reason="other")),
        {"begun-today"} | STOPPED,
    ),
    "stopped-today": (
        both(act("Jane Smith", "defer", reason="other"), act("Jane Smith", "resume")),
        {"stopped-today", "uplifts"} | STOPPED,
    ),
    "schedule-of-stopped": (
        act("Hannah Boyle", "change-schedule", schedule_identifier="ecf-extended-september"),
        {"schedule-of-stopped"} | STOPPED,
    ),
    "schedule-of-completed": (
        act("Megan Doherty", "change-schedule", schedule_identifier="ecf-extended-september"),
        {"schedule-of-completed"} | ENROLMENT,
    ),
    "schedule-cohort-unknown": (
        act("Jane Smith", "change-schedule", schedule_identifier="ecf-standard-april", cohort="2031"),
        {"path-participants", "schedule-cohort-unknown"},
    ),
    "schedule-unknown-text": (
        act("Jane Smith", "change-schedule", schedule_identifier="x"),
        {"path-participants", "schedule-unknown-text"},
    ),
    "schedule-text": (
        act("Jane Smith", "change-schedule", schedule_identifier="ecf-replacement-april"),
        {"path-participants", "schedule-text"},
    ),
    "withdrawal-without-started": (
        act("Jane Smith", "withdraw", reason="moved-school"),
        {"path-participants", "withdrawal-without-started"},
    ),
    "slot-text": (
        both(*[declare("Jane Smith", "started", "2025-10-01T09:00:00Z", evidence_held=EVIDENCE)] * 2),
        {"slot-text"} | DECLARATION,
    ),
    "fewer-errors": (
        declare("Jane Smith", "started", "2027-10-01T09:00:00Z", evidence_held=EVIDENCE),
        {"fewer-errors", "joined-messages", "milestone-text"},
    ),
    "milestone-text": (
        declare("Jane Smith", "started", "2025-05-01T09:00:00Z", evidence_held=EVIDENCE),
        {"milestone-text"},
    ),
    "milestone-edge": (
        declare("Jane Smith", "started", "2025-05-31T23:30:00Z", evidence_held=EVIDENCE),
        {"milestone-edge"},
    ),
    "milestone-dates": (
        declare("Jane Smith", "started", "2026-02-01T09:00:00Z", evidence_held=EVIDENCE),
        {"milestone-dates"},
    ),
    "type-unknown-text": (declare("Jane Smith", "begun", "2025-10-01T09:00:00Z"), {"type-unknown-text"}),
    "started-evidence": (
        declare("Jane Smith", "started", "2025-10-01T09:00:00Z"),
        {"started-evidence"} | DECLARATION,
    ),
    "evidence-text": (
        declare("Amara Okafor", "retained-3", "2026-10-11T09:00:00Z", evidence_held="x"),
        {"evidence-text"},
    ),
    "date-unreadable": (
        declare("Jane Smith", "started", "2025-02-30T09:00:00Z"),
        {"date-unreadable"},
    ),
    "ineligible": (
        lambda it: it.send(
            "GET",
            f"{V3}/participant-declarations?filter[participant_id]={it.names['people.Elizabeth Hartley']}",
        ),
        {"ineligible"} | DECLARATION,
    ),
    "clawback-states": (void("Amara Okafor", "paid"), {"clawback-states"} | DECLARATION),
    "has-passed-gone": (void("Chloe Dunn", "eligible"), DECLARATION),
    "void-text": (void("Noah Price", "voided"), {"void-text"}),
    "void-closed-text": (void("Lewis Tait", "paid"), {"void-closed-text"}),
    "course-unknown-text": (
        declare("Jane Smith", "started", "2025-10-01T09:00:00Z", course="x"),
        {"course-unknown-text"},
    ),
    "another-provider": (
        confirm("Ashgrove High School", "2025"),
        {"path-others", "another-provider"},
    ),
    "in-partnership": (
        lambda it: it.send("GET", f"{V3}/schools/ecf/{it.names['schools.Oakfield Academy']}?filter[cohort]=2025"),
        {"path-others", "in-partnership", "school-attributes-new"},
    ),
    "challenge-gone": (get("/partnerships/ecf"), PARTNERSHIP),
    "challenged-confirmed-again": (
        confirm("Northgate Academy", "2025"),
        {"challenged-confirmed-again"} | PARTNERSHIP,
    ),
    "cohort-not-open": (
        confirm("Stonebridge School", "2021"),
        {"cohort-not-open"} | PARTNERSHIP,
    ),
    "same-delivery-partner": (
        update("Oakfield Academy.2025.Ambition Institute"),
        {"same-delivery-partner"} | PARTNERSHIP,
    ),
    "challenged-update": (
        update("Northgate Academy.2025.Ambition Institute", "Oakfield Academy.2025.Ambition Institute"),
        {"path-others", "challenged-update"},
    ),
    "programme-choice": (
        get("/schools/ecf?filter[cohort]=2025"),
        {"path-others", "in-partnership", "school-attributes-new", "programme-choice"},
    ),
    "statement-type-gone": (get("/statements"), {"statement-type-gone"}),
    "statement-type-filter": (
        get("/statements?filter[type]=ecf&filter[cohort]=2019"),
        {"statement-type-filter"},
    ),
    "transfers": (get("/participants/ecf/transfers"), {"path-participants", "transfers"}),
    "unfunded-mentors": (get("/unfunded-mentors/ecf"), {"path-others", "unfunded-mentors"}),
    "trn-validated-gone": (
        lambda it: it.send("GET", f"{V3}/participants/ecf/{it.names['people.Amara Okafor']}"),
        {"uplifts"} | ENROLMENT,
    ),
    "validation-status-gone": (
        lambda it: it.send("GET", f"{V3}/participants/ecf/{it.names['people.Tara Quinn']}"),
        ENROLMENT,
    ),
    "enrolment-attributes-new": (
        lambda it: it.send("GET", f"{V3}/participants/ecf/{it.names['people.Lucy Tran']}"),
        ENROLMENT,
    ),
    "parameters-taken": (
        lambda it: it.send("GET", "/api/v2/participant-declarations?filter[participant_id]=x"),
        {"version", "parameters-taken"},
    ),
    "schedule-with-declarations": (
        act("Amara Okafor", "change-schedule", schedule_identifier="ecf-standard-april"),
        {"path-participants", "schedule-with-declarations"},
    ),
    "resume-withdrawn": (
        act("Eva Lindgren", "resume"),
        {"path-participants", "resume-withdrawn"},
    ),
    "attributes-not-taken": (
        act("Jane Smith", "defer", reason="other", schedule_identifier="x"),
        {"path-participants", "attributes-not-taken"},
    ),
    "sequence": (
        both(
            act("Jane Smith", "change-schedule", schedule_identifier="ecf-extended-september"),
            declare("Jane Smith", "started", "2026-03-01T09:00:00Z", evidence_held=EVIDENCE),
            declare("Jane Smith", "retained-1", "2026-02-01T09:00:00Z", evidence_held=EVIDENCE),
        ),
        {"sequence", "uplifts"} | ENROLMENT | DECLARATION,
    ),
    "school-not-registered": (
        confirm("Larch House School", "2025"),
        {"path-others", "school-not-registered"},
    ),
    "school-led": (
        both(get("/schools/ecf?filter[cohort]=2025"), confirm("Riverside Junior School", "2025")),
        {"school-led", "in-partnership", "school-attributes-new", "programme-choice"} | PARTNERSHIP,
    ),
    "currently-training": (
        lambda it: it.send("GET", f"{V3}/partnerships/ecf?page[per_page]=1"),
        PARTNERSHIP,
    ),
    "school-attributes-new": (
        lambda it: it.send("GET", f"{V3}/schools/ecf/{it.names['schools.Foxglove Infant School']}?filter[cohort]=2025"),
        {"path-others", "school-attributes-new"},
    ),
}
