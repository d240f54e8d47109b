"""The twelve steps of the guidance's overview, as far as a provider acts, with its example bodies."""

from __future__ import annotations

from tests.guidance.conftest import attributes, declaration

DECLARATIONS = "/api/v3/participant-declarations"
# Milestone by milestone: type, date, evidence, and when its statement is cut off and paid.
TRAINING = [
    ("started", "2026-10-20T10:00:00Z", None),
    ("retained-1", "2026-10-21T10:00:00Z", "training-event-attended"),
    ("retained-2", "2026-10-22T10:00:00Z", "75-percent-engagement-met"),
    ("completed", "2026-10-23T10:00:00Z", "75-percent-engagement-met"),
]


def test_the_overview_of_api_requests(client):
    # 1. The provider confirms its partnership with a school.
    school = client.id("schools.Willowdene School")
    partner = client.id("delivery_partners.Kestrel Teaching School Hub")
    body = attributes("ecf-partnership", cohort="2025", school_id=school, delivery_partner_id=partner)
    assert client("POST", "/api/v3/partnerships/ecf", body, at="2026-10-13T09:00:00Z")[0].status == 200

    # 2. The induction tutor registers a participant; the DfE validates the details.
    new = {"full_name": "Tess Twelve", "email": "tess@example.com", "school_id": school, "cohort": 2025}
    client.event("register_ect", "2026-10-13T10:00:00+00:00", **new)
    tess = client.id("people.Tess Twelve")
    path = f"/api/v3/participants/ecf/{tess}"
    assert client("GET", path, at="2026-10-13T11:00:00Z")[0].status == 404
    client.event("record_check", "2026-10-14T10:00:00+00:00", participant_id=tess, trn="7654321")

    # 3. The provider views the participant, 4. and trains them, on a schedule without end dates.
    assert client.get(path, at="2026-10-14T11:00:00Z")["data"]["attributes"]["full_name"] == "Tess Twelve"
    reduced = attributes(
        "participant-change-schedule", schedule_identifier="ecf-reduced-september", course_identifier="ecf-induction"
    )
    changed = client("PUT", f"{path}/change-schedule", reduced, at="2026-10-15T11:00:00Z")
    assert changed[0].status == 200, changed[1]

    # 5. to 11. Each milestone is declared.
    made = []
    for type, date, evidence in TRAINING:
        more = {"evidence_held": evidence} if evidence else {}
        reply, document = client("POST", DECLARATIONS, declaration(client, "Tess Twelve", type, date, **more), at=date)
        assert reply.status == 200, document
        made.append(document["data"])
    assert {it["attributes"]["state"] for it in made} == {"eligible"}

    # 6., 9. and 12. The DfE pays what was declared.
    (statement,) = {it["attributes"]["statement_id"] for it in made}
    dates = client.get(f"/api/v3/statements/{statement}")["data"]["attributes"]
    client.event("cut_off_statement", f"{dates['cut_off_date']}T23:59:59+00:00", statement_id=statement)
    client.event("pay_statement", f"{dates['payment_date']}T12:00:00+00:00", statement_id=statement)
    paid = [client.get(f"{DECLARATIONS}/{it['id']}")["data"]["attributes"]["state"] for it in made]
    assert paid == ["paid"] * 4
    assert client.get(f"/api/v3/statements/{statement}")["data"]["attributes"]["paid"] is True
