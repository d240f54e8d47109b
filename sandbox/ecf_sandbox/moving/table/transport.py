"""Paths, headers, and the shapes of errors (behaviour/rect.md#17-1)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ecf_sandbox.moving import requests
from ecf_sandbox.moving.difference import Difference, Kind, Seen, Step
from ecf_sandbox.moving.table.places import (
    DECLARATIONS,
    PARTICIPANTS,
    errors,
    has,
    is_old,
    shown,
    shown_enrolments,
)

_BAD_REQUEST = 400


# Attributes of a participant in v1 and v2 that v3 has at the top too, and those that have lines of their own.
_NOT_MOVED = frozenset({"id", "full_name", "teacher_reference_number", "updated_at"})
_NAMED = frozenset({"status", "teacher_reference_number_validated"})


def _flat(seen: Seen) -> Iterable[str]:
    if not is_old(seen) or seen.operation not in PARTICIPANTS:
        return ()
    names = dict.fromkeys(name for it in seen.attributes() for name in it)
    return [f"answer: {name}" for name in names if name not in _NOT_MOVED | _NAMED]


def _of_old_version(it: Mapping[str, Any]) -> bool:
    return "has_passed" in it and "created_at" not in it


def _not_found(seen: Seen) -> Iterable[str]:
    both = seen.status == 404 and (seen.last is None or seen.last.status == 404)
    return ["answer: error"] if both and seen.errors and not seen.errors[0][1] else ()


_NOT_SAVED = (("Unprocessable content", ""),)


def _failed_save(seen: Seen) -> Iterable[str]:
    refused_alike = seen.last is not None and seen.status == seen.last.status == 422
    return ["answer: errors"] if refused_alike and seen.last and seen.last.errors == _NOT_SAVED else ()


def _joined(seen: Seen) -> Iterable[str]:
    if seen.last is not None and seen.last.status != seen.status:
        return []
    titles = [it.title for it in seen.entry.refusals]
    twice = dict.fromkeys(it for it in titles if titles.count(it) > 1)
    return [f"answer: error {it!r}" for it in twice]


def _nothing_sent(seen: Seen) -> Iterable[str]:
    if seen.last is not None:
        refused = [detail for _, detail in seen.last.errors if detail.startswith("Correct json data structure")]
        return ["data.attributes"] if refused and seen.status == 422 else ()
    body = seen.entry.request.body
    data = body.get("data") if isinstance(body, dict) else None
    empty = isinstance(data, dict) and data.get("attributes") == {}
    return ["data.attributes"] if empty and seen.status == 422 else ()


def _taken(seen: Seen) -> Iterable[str]:
    """A query that only the old service refuses, but for the filter that has a line of its own."""
    taken = seen.status == 400 and seen.last is not None and seen.last.accepted and seen.entry.method in ("GET", "HEAD")
    names = [name for name, _ in seen.parameters]
    return names if taken and "filter[training_status]" not in names else ()


def _since_refused(seen: Seen) -> Iterable[str]:
    listed = [name for name, _ in seen.parameters if name.startswith("filter[updated_since][")]
    refused = seen.accepted and seen.last is not None and seen.last.status == _BAD_REQUEST
    return listed if refused else ()


def _authenticate(seen: Seen) -> Iterable[str]:
    named = any(name.lower() == "www-authenticate" for name, _ in seen.entry.response.headers)
    return ["answer: header WWW-Authenticate"] if seen.status == 401 and named else ()


def _forbidden(seen: Seen) -> Iterable[str]:
    return ["answer"] if seen.status == 403 else ()


def _server_date_in_play(seen: Seen) -> Iterable[str]:
    value = seen.request.header("x-with-server-date")
    return ["header X-With-Server-Date"] if value and seen.entry.at != seen.entry.moment else ()


_DECLARATION_NEW = (
    *("created_at", "delivery_partner_id", "statement_id", "clawback_statement_id", "ineligible_for_funding_reason"),
    *("mentor_id", "uplift_paid", "evidence_held", "lead_provider_name"),
)
# What is met where both refuse, and nothing else here says why in other words.
OTHER_ERRORS = "other-errors"
DIFFERENCES = (
    Difference(
        id="path-participants",
        kind=Kind.PATH_GONE,
        source="behaviour/rect.md#17-1-1",
        old="`/participants/ecf` and all below it",
        new="`/participants` and the same below it",
        remedy="Leave `/ecf` out. `GET /participants/ecf` would be the participant whose id is `ecf`.",
        step=Step.PATHS,
        change=requests.without_ecf("participants"),
    ),
    Difference(
        id="path-others",
        kind=Kind.PATH_GONE,
        source="behaviour/rect.md#17-1-2",
        old="`/partnerships/ecf`, `/schools/ecf`, `/unfunded-mentors/ecf`",
        new="`/partnerships`, `/schools`, `/unfunded-mentors`",
        remedy="Leave `/ecf` out.",
        step=Step.PATHS,
        change=requests.without_ecf("partnerships", "schools", "unfunded-mentors"),
    ),
    Difference(
        id="version",
        kind=Kind.PATH_GONE,
        source="behaviour/rect.md#17-1-3",
        old="`/api/v1` and `/api/v2`",
        new="`/api/v3` alone",
        remedy="Ask v3.",
        step=Step.PATHS,
        change=requests.in_newest_version,
    ),
    Difference(
        id="version-answers",
        kind=Kind.FORM_OTHER,
        source="behaviour/rect.md#17-1-3",
        old="answers of v1 and v2, where a participant is flat",
        new="answers of v3, where a participant has `ecf_enrolments`, and `participant_id_changes` beside",
        remedy="Read these attributes in `ecf_enrolments`, of which there is one for each kind of training.",
        places=_flat,
    ),
    Difference(
        id="version-status",
        kind=Kind.ATTRIBUTE_GONE,
        source="behaviour/rect.md#17-1-3",
        old="`status` of a participant in v1 and v2: `active` or `withdrawn`",
        new="`participant_status` of an enrolment: `joining`, `active`, `leaving` or `left`",
        remedy="Read `participant_status`, and a withdrawal from `training_status`.",
        places=shown_enrolments(("status",), has("status")),
    ),
    Difference(
        id="version-payment-gone",
        kind=Kind.ATTRIBUTE_GONE,
        source="behaviour/rect.md#17-1-3",
        old="`eligible_for_payment` and `voided` of a declaration in v1",
        new="shown no more",
        remedy="Read both from `state`: `eligible` and `payable` were eligible for payment, `voided` is voided.",
        places=shown(DECLARATIONS, ("eligible_for_payment", "voided"), has("eligible_for_payment", "voided")),
    ),
    Difference(
        id="version-declaration-new",
        kind=Kind.ATTRIBUTE_NEW,
        source="behaviour/rect.md#17-1-3",
        old="a declaration of v1 and v2",
        new="nine attributes more, such as `created_at`, `statement_id` and `evidence_held`",
        remedy="Let a strict schema allow them.",
        places=shown(DECLARATIONS, _DECLARATION_NEW, _of_old_version, new=True),
    ),
    Difference(
        id="csv",
        kind=Kind.PATH_GONE,
        source="behaviour/rect.md#17-1-3",
        old="lists as CSV, at paths that end in `.csv`",
        new="JSON alone",
        remedy="Ask for JSON, and read it page by page.",
        step=Step.PATHS,
        change=requests.without_csv,
    ),
    Difference(
        id="request-content-type",
        kind=Kind.FORM_OTHER,
        source="behaviour/rect.md#17-1-5",
        old="bodies sent as `application/vnd.api+json` are read",
        new="they are not: 400, as if there were none",
        remedy="Send `Content-Type: application/json`.",
        step=Step.HEADERS,
        change=requests.plain_content_type,
    ),
    Difference(
        id="accept",
        kind=Kind.STATUS_OTHER,
        source="behaviour/rect.md#5",
        old="an `Accept` that is no media type has no effect",
        new="406",
        remedy="Send `Accept: application/json`, or `*/*`.",
        step=Step.HEADERS,
        change=requests.readable_accept,
    ),
    Difference(
        id="not-found-body",
        kind=Kind.TEXT_OTHER,
        source="behaviour/rect.md#17-1-6",
        old='404: `{"error":"Resource not Found"}`',
        new='404: `{"errors":[{"title":"Resource not found","detail":"Nothing could be found for the provided'
        ' details"}]}`',
        remedy="Tell a 404 by its status, or read `errors`.",
        places=_not_found,
    ),
    Difference(
        id="failed-save",
        kind=Kind.TEXT_OTHER,
        source="behaviour/rect.md#17-1-7",
        old="a save that fails after all: an error titled `Invalid action`",
        new='`{"error":"Unprocessable content"}`, without `errors`',
        remedy="Read a 422 that has no `errors`.",
        places=_failed_save,
    ),
    Difference(
        id="joined-messages",
        kind=Kind.FORM_OTHER,
        source="behaviour/rect.md#17-1-8",
        old="one error for an attribute, its messages joined by `, `",
        new="one error for each message, so that titles repeat",
        remedy="Collect errors by title rather than keeping one of each.",
        places=_joined,
    ),
    Difference(
        id="body-shape-text",
        kind=Kind.TEXT_OTHER,
        source="behaviour/rect.md#17-1-9",
        old="`correct json data structure required. See API docs for reference`",
        new="`Correct json data structure required. See API docs for reference.`",
        remedy="Don't compare with the text.",
        places=errors(detail="correct json data structure required", status=400),
    ),
    Difference(
        id="empty-attributes",
        kind=Kind.STATUS_OTHER,
        source="behaviour/rect.md#17-1-10",
        old="`attributes` without any that the action knows: 422 with an error for each",
        new="400",
        remedy="Treat a 400 as a mistake in the request, as you did the 422.",
        places=_nothing_sent,
        breaks=True,
    ),
    Difference(
        id="www-authenticate",
        kind=Kind.FORM_OTHER,
        source="behaviour/rect.md#17-1-11",
        old="401 with `WWW-Authenticate`",
        new="401 without it",
        remedy="Tell a 401 by its status.",
        places=_authenticate,
    ),
    Difference(
        id="forbidden",
        kind=Kind.STATUS_OTHER,
        source="behaviour/rect.md#17-1-11",
        old="403 for tokens of another kind",
        new="401: there is one kind of token",
        remedy="Treat a 401 as you did the 403.",
        places=_forbidden,
        breaks=True,
    ),
    Difference(
        id=OTHER_ERRORS,
        kind=Kind.TEXT_OTHER,
        source="behaviour/rect.md#5",
        old="a refusal with its errors",
        new="refused with the same status, for another reason or in other words",
        remedy="Read what the new API says of it: `ecf-sandbox rules --service rect`.",
    ),
    Difference(
        id="page-text",
        kind=Kind.TEXT_OTHER,
        source="behaviour/rect.md#17-1-12",
        old="a bad page: `… must be a valid number (equal and more than 1)`",
        new="`… must be a valid positive number`",
        remedy="Don't compare with the text.",
        places=errors(detail="#/page[page]", status=400),
    ),
    Difference(
        id="parameters-taken",
        kind=Kind.STATUS_OTHER,
        source="behaviour/rect.md#6-3",
        old="a parameter that the list cannot read: 400",
        new="200: it has no effect, or finds nothing",
        remedy="Check it yourself.",
        places=_taken,
        breaks=True,
    ),
    Difference(
        id="updated-since-text",
        kind=Kind.TEXT_OTHER,
        source="behaviour/rect.md#17-1-13",
        old="a bad `updated_since`: `… must be a valid RCF3339 date`",
        new="`… must be a valid ISO 8601 date`",
        remedy="Don't compare with the text.",
        places=errors(detail="'#/updated_since' must be", status=400),
    ),
    Difference(
        id="updated-since-offset",
        kind=Kind.VALUE_GONE,
        source="behaviour/rect.md#17-1-13",
        old="`filter[updated_since]` with an offset such as `+01:00`",
        new="400: the value is decoded twice, so that `+` becomes a blank",
        remedy="Send the moment in UTC with `Z`: `2026-10-12T08:00:00Z`.",
        step=Step.VALUES,
        change=requests.updated_since_in_utc,
    ),
    Difference(
        id="updated-since-list",
        kind=Kind.FORM_OTHER,
        source="behaviour/rect.md#6-3",
        old="`filter[updated_since][]`, a list, has no effect",
        new="it crashes the service (500; here 400)",
        remedy="Send one moment, as `filter[updated_since]`.",
        places=_since_refused,
        breaks=True,
    ),
    Difference(
        id="server-date-zone",
        kind=Kind.MEANING_OTHER,
        source="behaviour/rect.md#17-1-14",
        old="`X-With-Server-Date` without a zone is UTC; words and an empty value have no effect",
        new="without a zone it is UK time; words and an empty value crash the service (500; here 400)",
        remedy="Send a full date and time with `Z`, or no header.",
        step=Step.HEADERS,
        change=requests.zoned_server_date,
    ),
    Difference(
        id="server-date-frozen",
        kind=Kind.MEANING_OTHER,
        source="behaviour/rect.md#17-1-14",
        old="the clock runs on from the server date",
        new="it stands still: what is written in one request, or in several with one date, has equal times",
        remedy="In tests that send a server date, don't tell rows apart by their times.",
        places=_server_date_in_play,
    ),
)
# What every client meets, whatever it does: said once, and not found in requests.
EVERY_CLIENT = {
    "behaviour/rect.md#17-1-4": "Answers are `application/json; charset=utf-8`, no longer `application/vnd.api+json`:"
    " loosen a strict check.",
    "behaviour/rect.md#17-1-15": "Host and tokens are new:"
    " `https://www.register-early-career-teachers.education.gov.uk`, and a token from the DfE.",
}
