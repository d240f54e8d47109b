"""The requests of the DfE's how-to guide as it prints them, and what it shows of the answers.

`{n}` in its paths is 3, `{id}` is the id that the same example shows. Quotation marks are straight, and the commas
that two bodies lack are there.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

JANE = "db3a7848-7308-4879-942a-c4a70ced400a"
# Of no UUID in the guide, which has a ninth digit there: the UUID without it.
NO_UUID, PARTNERSHIP = "cd3a12347-7308-4879-942a-c4a70ced400a", "cd3a1234-7308-4879-942a-c4a70ced400a"
SINCE = "filter[cohort]=2022&filter[updated_since]=2020-11-13T11:21:55Z"
SERVER_DATE = ("X-With-Server-Date", "2022-01-10T10:42:00Z")


class Printed(NamedTuple):
    """One request; `first` are those of the guide that have to come before it, `shows` is what its answer shows."""

    method: str
    path: str
    body: Any = None
    shows: Any = None
    first: tuple[str, ...] = ()


def _body(type: str, **attributes: str) -> Any:
    return {"data": {"type": type, "attributes": attributes}}


def _declare(type: str, **evidence: str) -> Any:
    return _body(
        "participant-declaration",
        participant_id=JANE,
        declaration_type=type,
        declaration_date="2021-05-31T02:21:32.000Z",
        course_identifier="ecf-induction",
        **evidence,
    )


_PARTICIPANT = {
    "id": JANE,
    "type": "participant",
    "attributes": {
        "full_name": "Jane Smith",
        "teacher_reference_number": "1234567",
        "updated_at": "2021-05-31T02:22:32.000Z",
        "ecf_enrolments": [
            {
                "training_record_id": "000a97ff-d2a9-4779-a397-9bfd9063072e",
                "email": "jane.smith@some-school.example.com",
                "mentor_id": "bb36d74a-68a7-47b6-86b6-1fd0d141c590",
                "school_urn": "106286",
                "participant_type": "ect",
                "cohort": "2021",
                "training_status": "active",
                "participant_status": "active",
                "teacher_reference_number_validated": True,
                "eligible_for_funding": True,
                "pupil_premium_uplift": True,
                "sparsity_uplift": True,
                "schedule_identifier": "ecf-standard-january",
                "validation_status": "eligible_to_start",
                "delivery_partner_id": NO_UUID,
                "withdrawal": None,
                "deferral": None,
                "created_at": "2021-05-31T02:22:32.000Z",
            }
        ],
    },
}


def _declaration(**other: Any) -> Any:
    return {
        "id": JANE,
        "type": "participant-declaration",
        "attributes": {
            "participant_id": "08d78829-f864-417f-8a30-cb7655714e28",
            "declaration_type": "started",
            "declaration_date": "2020-11-13T11:21:55Z",
            "course_identifier": "ecf-induction",
            "state": "eligible",
            "updated_at": "2020-11-13T11:21:55Z",
            "created_at": "2020-11-13T11:21:55Z",
            "delivery_partner_id": "99ca2223-8c1f-4ac8-985d-a0672e97694e",
            "statement_id": "99ca2223-8c1f-4ac8-985d-a0672e97694e",
            "clawback_statement_id": None,
            "ineligible_for_funding_reason": None,
            "mentor_id": "907f61ed-5770-4d38-b22c-1a4265939378",
            "uplift_paid": True,
            "evidence_held": "other",
            **other,
        },
    }


def _declared(type: str, evidence: str) -> Any:
    """What is shown of a retention and a completion."""
    return _declaration(declaration_type=type, declaration_date="2021-05-31T02:21:32.000Z", evidence_held=evidence)


def _partnership(**other: Any) -> Any:
    return {
        "id": NO_UUID,
        "type": "partnership",
        "attributes": {
            "cohort": 2021,
            "urn": "123456",
            "school_id": "dd4a11347-7308-4879-942a-c4a70ced400v",
            "delivery_partner_id": NO_UUID,
            "delivery_partner_name": "Delivery Partner Example",
            "status": "challenged",
            "challenged_reason": "mistake",
            "challenged_at": "2021-05-31T02:22:32.000Z",
            "induction_tutor_name": "John Doe",
            "induction_tutor_email": "john.doe@example.com",
            "updated_at": "2021-05-31T02:22:32.000Z",
            "created_at": "2021-05-31T02:22:32.000Z",
            **other,
        },
    }


_CONFIRMED = _partnership(status="active", challenged_reason="null", challenged_at="null")
_PARTNER = {
    "id": NO_UUID,
    "type": "delivery-partner",
    "attributes": {
        "name": "Awesome Delivery Partner Ltd",
        "cohort": ["2021", "2022"],
        "updated_at": "2021-05-31T02:22:32.000Z",
    },
}
_RETAINED = _declaration(declaration_type="retained-1", evidence_held="training-event-attended")
_PEOPLE, _DECLARATIONS = "/api/v3/participants/ecf", "/api/v3/participant-declarations"
_PARTNERSHIPS, _PARTNERS = "/api/v3/partnerships/ecf", "/api/v3/delivery-partners"

PRINTED: Mapping[str, Printed] = {
    "all participants": Printed("GET", _PEOPLE, shows={"data": [_PARTICIPANT]}),
    "participants, filtered": Printed("GET", f"{_PEOPLE}?{SINCE}"),
    "one participant": Printed("GET", f"{_PEOPLE}/{JANE}", shows={"data": _PARTICIPANT}),
    "defer": Printed(
        "PUT",
        f"{_PEOPLE}/{JANE}/defer",
        _body("participant-defer", reason="career-break", course_identifier="ecf-mentor"),
    ),
    "resume": Printed(
        "PUT",
        f"{_PEOPLE}/{JANE}/resume",
        _body("participant-resume", course_identifier="ecf-mentor"),
        first=("defer",),
    ),
    "withdraw": Printed(
        "PUT",
        f"{_PEOPLE}/{JANE}/withdraw",
        _body("participant-withdraw", reason="left-teaching-profession", course_identifier="ecf-mentor"),
    ),
    "change the schedule": Printed(
        "PUT",
        f"{_PEOPLE}/{JANE}/change-schedule",
        _body(
            "participant-change-schedule",
            schedule_identifier="ecf-standard-january",
            course_identifier="ecf-mentor",
            cohort="2021",
        ),
    ),
    "started": Printed("POST", _DECLARATIONS, _declare("started"), {"data": _declaration()}),
    "retained": Printed(
        "POST",
        _DECLARATIONS,
        _declare("retained-1", evidence_held="training-event-attended"),
        {"data": _declared("retained-1", "training-event-attended")},
    ),
    "completed": Printed(
        "POST",
        _DECLARATIONS,
        _declare("completed", evidence_held="self-study-material-completed"),
        {"data": _declared("completed", "self-study-material-completed")},
    ),
    "all declarations": Printed("GET", _DECLARATIONS, shows={"data": [_declaration(), _RETAINED]}),
    "declarations, filtered": Printed("GET", f"{_DECLARATIONS}?{SINCE}"),
    "one declaration": Printed("GET", f"{_DECLARATIONS}/{JANE}", shows={"data": _declaration()}),
    "void": Printed("PUT", f"{_DECLARATIONS}/{JANE}/void", shows={"data": _declaration(state="voided")}),
    "confirm a partnership": Printed(
        "POST",
        _PARTNERSHIPS,
        _body(
            "ecf-partnership",
            cohort="2021",
            school_id="24b61d1c-ad95-4000-aee0-afbdd542294a",
            delivery_partner_id="db2fbf67-b7b7-454f-a1b7-0020411e2314",
        ),
        {"data": _CONFIRMED},
    ),
    "all partnerships": Printed("GET", _PARTNERSHIPS, shows={"data": [_partnership()]}),
    "partnerships, filtered": Printed("GET", f"{_PARTNERSHIPS}?filter[cohort]=2022"),
    "one partnership": Printed("GET", f"{_PARTNERSHIPS}/{PARTNERSHIP}", shows={"data": [_partnership()]}),
    "update a partnership": Printed(
        "PUT",
        f"{_PARTNERSHIPS}/{PARTNERSHIP}",
        _body("ecf-partnership-update", delivery_partner_id="db2fbf67-b7b7-454f-a1b7-0020411e2314"),
        first=("confirm a partnership",),
    ),
    "all delivery partners": Printed("GET", _PARTNERS, shows={"data": [_PARTNER]}),
    "delivery partners, filtered": Printed("GET", f"{_PARTNERS}?filter[cohort]=2022"),
    "one delivery partner": Printed("GET", f"/{_PARTNERS}/{PARTNERSHIP}", shows={"data": [_PARTNER]}),
}
