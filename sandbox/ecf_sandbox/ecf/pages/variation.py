"""A request as a form, for whoever wants to see what another date, person or reason leads to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from urllib.parse import quote

from ecf_sandbox.api.router import router_of
from ecf_sandbox.dates.wire import instant
from ecf_sandbox.ecf.domain.declarations import Declaration
from ecf_sandbox.ecf.domain.participants import Course
from ecf_sandbox.ecf.records import Records
from ecf_sandbox.ecf.rules.declarations import ATTENDED, ENGAGED_OR_SHORT
from ecf_sandbox.ecf.rules.participants import DEFERRAL_REASONS, WITHDRAWAL_REASONS
from ecf_sandbox.ecf.service import SERVICE
from ecf_sandbox.state.record import Record, replace
from ecf_sandbox.state.records import Records as AnyRecords
from ecf_sandbox.state.target import split_target
from ecf_sandbox.tools.explain.explanation import Request
from ecf_sandbox.tools.explain.target import asked_of, attributes_of, with_attributes, with_query
from ecf_sandbox.web.ui.model import Field

SENT, WHOSE = "sent", "whose"
NOTHING = ("", "nothing")
_DATE_HEADER = "X-With-Server-Date"
_LABELS: Mapping[str, str] = {
    "participant_id": "Participant",
    "declaration_type": "What is declared",
    "declaration_date": "Declaration date",
    "course_identifier": "Course",
    "evidence_held": "Evidence held",
    "reason": "Reason",
    "schedule_identifier": "Schedule",
    "cohort": "Cohort",
    "school_id": "School",
    "delivery_partner_id": "Delivery partner",
}
_REASONS = {"defer": DEFERRAL_REASONS, "withdraw": WITHDRAWAL_REASONS}


def request_fields(request: Request, records: AnyRecords) -> tuple[Field, ...]:
    """The fields of a request's form, each with the value that it has."""
    assert isinstance(records, Records)
    return tuple(_fields(request, records))


def with_fields(request: Request, records: AnyRecords, given: Mapping[str, str]) -> Request:
    """The request with other values in some of its fields; names that are no fields of it are passed over."""
    known = {it.name: it for it in request_fields(request, records)}
    changed = {
        name: value
        for name, value in given.items()
        if name in known and value not in (known[name].value, known[name].exact)
    }
    if SENT in changed:
        headers = {name: value for name, value in request.headers.items() if name != _DATE_HEADER}
        moment = _moment(changed.pop(SENT))
        request = replace(request, headers=headers if moment is None else {**headers, _DATE_HEADER: moment})
    if WHOSE in changed:
        request = replace(request, path=request.path.replace(known[WHOSE].value, quote(changed.pop(WHOSE), safe="")))
    if request.method == "GET":
        query = split_target(request.path).parameters
        kept = [(name, changed.get(name, value)) for name, value in query]
        return with_query(request, tuple((name, value) for name, value in kept if value)) if changed else request
    if not changed:
        return request
    attributes = attributes_of(request) | {name: _wire(name, value, request) for name, value in changed.items()}
    return with_attributes(request, {name: value for name, value in attributes.items() if value != ""})


def _fields(request: Request, records: Records) -> Iterator[Field]:
    asked = asked_of(router_of(SERVICE), request.method, request.path)
    if asked is None:
        return
    if asked.uuid:
        yield from _whose(asked.resource, asked.uuid, records)
    if request.method == "GET":
        for name, value in asked.query:
            yield Field(name=name, label=name, kind="text", value=value)
    else:
        attributes = attributes_of(request)
        for name in _names(asked.resource, asked.action, request.method):
            yield _field(name, str(attributes.get(name, "")), asked.action, records)
    yield Field(name=SENT, label="Sent at (UTC)", kind="moment", value=_sent(request))


def _names(resource: str, action: str | None, method: str) -> tuple[str, ...]:
    if resource == "declarations" and method == "POST":
        return ("participant_id", "declaration_type", "declaration_date", "course_identifier", "evidence_held")
    if resource == "participants":
        schedule = ("schedule_identifier", "cohort") if action == "change-schedule" else ()
        return (*schedule, *(("reason",) if action in _REASONS else ()), "course_identifier")
    if resource == "partnerships":
        return ("cohort", "school_id", "delivery_partner_id") if method == "POST" else ("delivery_partner_id",)
    return ()


def _field(name: str, value: str, action: str | None, records: Records) -> Field:
    if name == "declaration_date":
        return Field(name=name, label=_LABELS[name], kind="date", value=value[:10], exact=value)
    options = tuple(_options(name, action, records))
    if value not in dict(options):
        options = ((value, value or NOTHING[1]), *options)
    return Field(name=name, label=_LABELS[name], kind="choice", value=value, options=options)


def _options(name: str, action: str | None, records: Records) -> Iterable[tuple[str, str]]:
    if name == "participant_id":
        return _people(records)
    if name == "school_id":
        return _named(records.schools)
    if name == "delivery_partner_id":
        return _named(records.delivery_partners)
    if name == "cohort":
        return [(str(it.start_year), str(it.start_year)) for it in records.cohorts]
    if name == "schedule_identifier":
        return _same(dict.fromkeys(it.identifier for it in records.schedules))
    if name == "declaration_type":
        return _same(dict.fromkeys(each.declaration_type for it in records.schedules for each in it.milestones))
    if name == "course_identifier":
        return _same(it.value for it in Course)
    if name == "evidence_held":
        return [NOTHING, *_same(sorted(ATTENDED | ENGAGED_OR_SHORT))]
    return _same(sorted(_REASONS.get(action or "", ())))


def _same(values: Iterable[str]) -> list[tuple[str, str]]:
    return [(it, it) for it in values]


def _people(records: Records) -> list[tuple[str, str]]:
    return sorted(((it.id, it.full_name) for it in records.users), key=lambda it: it[1])


def _named(rows: Iterable[Record]) -> list[tuple[str, str]]:
    return sorted(((it.id, it.name) for it in rows), key=lambda it: it[1])  # type: ignore[attr-defined]  # both have


def _whose(resource: str, id: str, records: Records) -> Iterator[Field]:
    """Whom or what the path names."""
    if resource in ("participants", "transfers", "unfunded mentors"):
        label, options = "Participant", _people(records)
    elif resource == "declarations":
        label, options = "Declaration", [(it.id, _declared(records, it)) for it in records.declarations]
    elif resource == "schools":
        label, options = "School", _named(records.schools)
    else:
        return
    if id not in dict(options):
        options = [(id, f"the unknown id {id}"), *options]
    yield Field(name=WHOSE, label=label, kind="choice", value=id, options=tuple(options))


def _declared(records: Records, it: Declaration) -> str:
    return f"{records.users[it.user_id].full_name}, {it.type}, {it.state.value.replace('_', ' ')}"


def _sent(request: Request) -> str:
    """The server date as a field for moments has it: `2026-05-11T10:01:00`."""
    return request.headers.get(_DATE_HEADER, "").removesuffix("Z")[:19]


def _moment(value: str) -> str | None:
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        return None
    return instant(at if at.tzinfo else at.replace(tzinfo=UTC))


def _wire(name: str, value: str, request: Request) -> object:
    """A field's value as the request's body has it: a date keeps the time of day that it had."""
    if name == "declaration_date" and value and "T" not in value:
        return value + (str(attributes_of(request).get(name, ""))[10:] or "T12:00:00Z")
    return value
