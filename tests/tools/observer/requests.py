"""For every finding the smallest request that has it, and a sound request for every operation."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from ecf_sandbox.ecf.domain.participants import IdChange
from ecf_sandbox.state.findings import Observing
from ecf_sandbox.state.world import World
from tests.api.asking import BEARER, JSON, NOW, PARTNERS, a_world
from tests.builders import FIRST_DAY, id_of

ANN, RETIRED, NOBODY = id_of("ann"), id_of("ann before"), id_of("nobody")
PEOPLE, PARTNERS_PATH = "/api/v3/participants/ecf", "/api/v3/delivery-partners"
DEFER, DECLARE, CONFIRM = f"{PEOPLE}/{ANN}/defer", "/api/v3/participant-declarations", "/api/v3/partnerships/ecf"
Headers = tuple[tuple[str, str], ...]


class Asked(NamedTuple):
    """A request; `times` says how often it has to be sent before it has the finding.

    `recreated` says that its world was dropped before, and began anew.
    """

    target: str
    method: str = "GET"
    headers: Headers = (BEARER,)
    body: bytes | None = None
    times: int = 1
    recreated: bool = False


def a_small_world(observing: Observing = Observing.NOTE) -> World:
    """The world of the API's tests, in which an id of Ann's was retired."""
    world = a_world()
    world.observe(observing)
    change = IdChange(
        id="change", user_id=ANN, from_participant_id=RETIRED, to_participant_id=ANN, created_at=FIRST_DAY
    )
    with world.turn(NOW) as turn:
        turn.save(change)
    world.baseline = world.state
    return world


def get(target: str, *headers: tuple[str, str], times: int = 1) -> Asked:
    """A read with a token."""
    return Asked(target, headers=(BEARER, *headers), times=times)


def put(target: str, document: Any, *headers: tuple[str, str], method: str = "PUT", times: int = 1) -> Asked:
    """A write with a token; a document that is bytes is sent as it is."""
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    return Asked(target, method, (BEARER, *(headers or (JSON,))), body, times)


def a_document(type: str, **attributes: Any) -> dict[str, Any]:
    """A body."""
    return {"data": {"type": type, "attributes": attributes}}


def a_deferral(**changes: Any) -> dict[str, Any]:
    """A sound deferral, with changes."""
    sound = {"reason": "other", "course_identifier": "ecf-induction"}
    return a_document("participant-defer", **{**sound, **changes})


def a_declaration(**changes: Any) -> dict[str, Any]:
    """A sound started declaration, with changes."""
    sound = {
        "participant_id": ANN,
        "declaration_type": "started",
        "declaration_date": "2024-10-01T10:00:00Z",
        "course_identifier": "ecf-induction",
    }
    return a_document("participant-declaration", **{**sound, **changes})


def a_confirmation(**changes: Any) -> dict[str, Any]:
    """A sound confirmation of a partnership, with changes."""
    sound = {"cohort": "2024", "school_id": NOBODY, "delivery_partner_id": PARTNERS[0]}
    return a_document("ecf-partnership", **{**sound, **changes})


def _twice(text: bytes) -> bytes:
    return text.replace(b'"reason": "other"', b'"reason": "career-break", "reason": "other"')


TRIGGERS: dict[str, Asked] = {
    "authorization.unreadable": Asked(PARTNERS_PATH, headers=(("Authorization", "bearer alpha-token"),)),
    "authorization.odd-spelling": Asked(PARTNERS_PATH, headers=(("Authorization", 'Token token="alpha-token"'),)),
    "authorization.token-in-query": Asked(f"{PARTNERS_PATH}?access_token=alpha-token", headers=()),
    "path.unknown": get("/api/v3/participants"),
    "path.wrong-method": get(PARTNERS_PATH)._replace(method="DELETE"),
    "path.id-not-uuid": get(f"{PEOPLE}/ann"),
    "path.id-odd-spelling": get(f"{PEOPLE}/{ANN.upper()}"),
    "path.suffix-ignored": get(f"{PARTNERS_PATH}.csv"),
    "version.older": get("/api/v1/participants/ecf"),
    "server-date.unreadable": get(PARTNERS_PATH, ("X-With-Server-Date", "soon")),
    "server-date.not-rfc3339": get(PARTNERS_PATH, ("X-With-Server-Date", "2025-02-30")),
    "server-date.misspelt-header": get(PARTNERS_PATH, ("X-Server-Date", "2025-02-10T12:00:00Z")),
    "header.underscore": get(PARTNERS_PATH, ("X_With_Server_Date", "2025-02-10T12:00:00Z")),
    "header.underscore-unread": get(PARTNERS_PATH, ("my_trace", "17")),
    "conditional.tag-misspelt": get(PARTNERS_PATH, ("If-None-Match", '"6f1ed002ab5595859014ebf0951522d9"')),
    "conditional.with-gzip": get(
        PARTNERS_PATH, ("If-None-Match", 'W/"6f1ed002ab5595859014ebf0951522d9"'), ("Accept-Encoding", "gzip")
    ),
    "accept.not-offered": get(PARTNERS_PATH, ("Accept", "text/csv")),
    "query.unreadable": get(f"{PARTNERS_PATH}?filter[cohort]=%zz"),
    "query.unknown-parameter": get(f"{PEOPLE}?updated_since=2025-01-01T00:00:00Z"),
    "query.not-nested": get(f'{PARTNERS_PATH}?filter={{"cohort":"2024"}}'),
    "query.overrides-body": put(f"{DEFER}?data[attributes][reason]=other", a_deferral()),
    "query.repeated": get(f"{PARTNERS_PATH}?filter[cohort]=2023&filter[cohort]=2024"),
    "query.raw-plus": get(f"{PEOPLE}?filter[updated_since]=2025-01-01T00:00:00+01:00"),
    "page.unknown-key": get(f"{PARTNERS_PATH}?page[number]=2"),
    "page.ignored-here": get(f"{PEOPLE}/{ANN}?page[page]=1"),
    "page.not-a-number": get(f"{PARTNERS_PATH}?page[page]=1.9"),
    "page.too-large": get(f"{PARTNERS_PATH}?page[per_page]=5000"),
    "sort.unknown-name": get(f"{PARTNERS_PATH}?sort=-nam"),
    "sort.ignored-here": get("/api/v3/statements?sort=-created_at"),
    "sort.not-a-text": get(f"{PARTNERS_PATH}?sort[]=name"),
    "filter.unknown": get(f"{PEOPLE}?filter[cohorts]=2024"),
    "filter.ignored-here": get(f"{PARTNERS_PATH}?filter[updated_since]=2025-01-01T00:00:00Z"),
    "filter.blank": get(f"{PARTNERS_PATH}?filter[cohort]="),
    "filter.not-a-text": get(f"{PARTNERS_PATH}?filter[cohort][]=2024"),
    "filter.date-not-rfc3339": get(f"{PEOPLE}?filter[updated_since]=2025-02-30T00:00:00Z"),
    "filter.odd-value": get(f"{PARTNERS_PATH}?filter[cohort]=2024abc"),
    "media-type.missing": Asked(DEFER, "PUT", (BEARER,), json.dumps(a_deferral()).encode()),
    "media-type.not-json": put(DEFER, a_deferral(), ("Content-Type", "text/plain")),
    "media-type.form": put(
        DEFER,
        b"data[type]=participant-defer&data[attributes][reason]=other&data[attributes][course_identifier]=ecf-induction",
        ("Content-Type", "application/x-www-form-urlencoded"),
    ),
    "body.unreadable": put(DEFER, "{“data”: {}}".encode()),
    "body.unused": put(f"{DECLARE}/{NOBODY}/void", {"reason": "a mistake"}),
    "body.duplicate-key": put(DEFER, _twice(json.dumps(a_deferral()).encode())),
    "body.unknown-key": put(DEFER, {**a_deferral(), "reason": "other"}),
    "body.encoded-twice": put(DEFER, json.dumps(a_deferral())),
    "body.in-a-list": put(DEFER, [a_deferral()]),
    "body.type-missing": put(DEFER, {"data": {"attributes": a_deferral()["data"]["attributes"]}}),
    "body.type-wrong": put(DEFER, {"data": {**a_deferral()["data"], "type": "participant-withdraw"}}),
    "body.attributes-missing": put(DEFER, {"data": {"type": "participant-defer"}}),
    "body.unknown-attribute": put(DEFER, a_deferral(course_identifer="ecf-mentor")),
    "body.ignored-attribute": put(CONFIRM, a_confirmation(participant_id=ANN), method="POST"),
    "body.value-dropped": put(DEFER, a_deferral(reason=["other"])),
    "body.not-a-text": put(CONFIRM, a_confirmation(cohort=2024), method="POST"),
    "body.date-not-rfc3339": put(DECLARE, a_declaration(declaration_date="2024-10-01T10:00:00"), method="POST"),
    "body.odd-value": put(CONFIRM, a_confirmation(cohort="2024/25"), method="POST"),
    "id.retired": put(DECLARE, a_declaration(participant_id=RETIRED), method="POST"),
    "history.repeated-write": put(DECLARE, a_declaration(), method="POST", times=2),
    "history.refused-again": put(DEFER, a_deferral(reason="tired"), times=2),
    "history.full-pull": get(PEOPLE, times=3),
    "history.pages-left-out": get(f"{PARTNERS_PATH}?page[per_page]=2", times=2),
    "world.recreated": get(f"{PARTNERS_PATH}/{PARTNERS[0]}")._replace(recreated=True),
}

SOUND: dict[str, Asked] = {
    "v3 listParticipants": get(f"{PEOPLE}?filter[cohort]=2024&page[page]=1&page[per_page]=50&sort=-updated_at"),
    "v3 showParticipant": get(f"{PEOPLE}/{ANN}"),
    "v3 deferParticipant": put(DEFER, a_deferral()),
    "v3 resumeParticipant": put(
        f"{PEOPLE}/{ANN}/resume", a_document("participant-resume", course_identifier="ecf-induction")
    ),
    "v3 withdrawParticipant": put(
        f"{PEOPLE}/{ANN}/withdraw",
        a_document("participant-withdraw", reason="other", course_identifier="ecf-induction"),
    ),
    "v3 changeParticipantSchedule": put(
        f"{PEOPLE}/{ANN}/change-schedule",
        a_document(
            "participant-change-schedule",
            schedule_identifier="ecf-standard-january",
            course_identifier="ecf-induction",
            cohort="2024",
        ),
    ),
    "v3 listTransfers": get(f"{PEOPLE}/transfers?filter[updated_since]=2025-01-01T00:00:00%2B01:00"),
    "v3 showTransfers": get(f"{PEOPLE}/{ANN}/transfers"),
    "v3 listUnfundedMentors": get("/api/v3/unfunded-mentors/ecf?sort=full_name"),
    "v3 showUnfundedMentor": get(f"/api/v3/unfunded-mentors/ecf/{NOBODY}"),
    "v3 listDeclarations": get(f"{DECLARE}?filter[participant_id]={ANN}&filter[delivery_partner_id]={PARTNERS[0]}"),
    "v3 showDeclaration": get(f"{DECLARE}/{NOBODY}", ("Accept", "application/json")),
    "v3 createDeclaration": put(DECLARE, a_declaration(), method="POST"),
    "v3 voidDeclaration": Asked(f"{DECLARE}/{NOBODY}/void", "PUT"),
    "v3 listStatements": get("/api/v3/statements?filter[cohort]=2024&filter[type]=ecf"),
    "v3 showStatement": get(f"/api/v3/statements/{NOBODY}"),
    "v3 listPartnerships": get(f"{CONFIRM}?filter[delivery_partner_id]={PARTNERS[0]},{PARTNERS[1]}"),
    "v3 showPartnership": get(f"{CONFIRM}/{NOBODY}"),
    "v3 confirmPartnership": put(CONFIRM, a_confirmation(), method="POST"),
    "v3 updatePartnership": put(
        f"{CONFIRM}/{NOBODY}", a_document("ecf-partnership-update", delivery_partner_id=PARTNERS[0])
    ),
    "v3 patchPartnership": put(
        f"{CONFIRM}/{NOBODY}", a_document("ecf-partnership-update", delivery_partner_id=PARTNERS[0]), method="PATCH"
    ),
    "v3 listSchools": get("/api/v3/schools/ecf?filter[cohort]=2024&filter[urn]=100001"),
    "v3 showSchool": get(f"/api/v3/schools/ecf/{NOBODY}?filter[cohort]=2024"),
    "v3 listDeliveryPartners": get(PARTNERS_PATH, ("X-With-Server-Date", "2025-02-10T12:00:00Z")),
    "v3 showDeliveryPartner": get(f"{PARTNERS_PATH}/{PARTNERS[0]}"),
    "v1 listParticipantsCsv": get("/api/v1/participants/ecf.csv?filter[cohort]=2024"),
    "v2 listDeclarationsCsv": get("/api/v2/participant-declarations.csv", ("Accept", "text/csv")),
}
