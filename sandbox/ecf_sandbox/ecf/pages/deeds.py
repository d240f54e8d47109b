"""What was done, in words: `Void declaration: Amara Okafor, retained-1`."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from ecf_sandbox.api.router import router_of
from ecf_sandbox.ecf.queries.names import names
from ecf_sandbox.ecf.records import Records, records_in
from ecf_sandbox.ecf.service import SERVICE
from ecf_sandbox.rulebook.values import uuid_of
from ecf_sandbox.state.exchange_codec import json_value
from ecf_sandbox.state.journal import Exchange
from ecf_sandbox.state.records import Records as AnyRecords
from ecf_sandbox.tools.explain.target import asked_of

# The verbs of what can be done to a resource, by method and action of the path.
_VERBS: Mapping[tuple[str, str, str | None], str] = {
    ("POST", "declarations", None): "Declare training",
    ("PUT", "declarations", "void"): "Void declaration",
    ("PUT", "participants", "defer"): "Defer participant",
    ("PUT", "participants", "resume"): "Resume participant",
    ("PUT", "participants", "withdraw"): "Withdraw participant",
    ("PUT", "participants", "change-schedule"): "Change schedule",
    ("POST", "partnerships", None): "Confirm partnership",
    ("PUT", "partnerships", None): "Update partnership",
    ("PATCH", "partnerships", None): "Update partnership",
}
_SPELT: Mapping[str, str] = {"dfe": "DfE", "ect": "ECT", "id": "ID"}
_ONE: Mapping[str, str] = {
    "participants": "participant",
    "transfers": "transfers of a participant",
    "unfunded mentors": "unfunded mentor",
    "declarations": "declaration",
    "partnerships": "partnership",
    "schools": "school",
    "delivery partners": "delivery partner",
    "statements": "statement",
}


def deed(exchange: Exchange, after: AnyRecords) -> str:
    """What a request asked for or an event did, with names in place of ids; `after` are the records that it left."""
    assert isinstance(after, Records)
    if not exchange.method:
        return _event(exchange, after)
    asked = asked_of(router_of(SERVICE), exchange.method, exchange.target)
    if asked is None:
        return f"{exchange.method} {exchange.target}"
    before = records_in(exchange.before)
    verb = _VERBS.get((exchange.method, asked.resource, asked.action))
    if verb is None:
        verb = f"View {_ONE[asked.resource] if asked.id else asked.resource}"
    subject = _subject(asked.resource, asked.uuid, before) if asked.id else _body(exchange, before)
    if asked.id and not subject:
        subject = f"the unknown id {asked.id}"
    if not asked.id and not subject and exchange.method == "GET":
        values = _named([value for _, value in asked.query], before)
        subject = ", ".join(f"{name} {value}" for (name, _), value in zip(asked.query, values, strict=True))
    return f"{verb}: {subject}" if subject else verb


def _subject(resource: str, id: str | None, records: Records) -> str:
    found = _SUBJECTS[resource](records, id) if id else None
    return found or ""


def _person(records: Records, id: str) -> str | None:
    user = records.users.get(id)
    if user is None:
        identity = records.identities.one("external_id", id)
        return f"{records.users[identity.user_id].full_name} (by a retired id)" if identity else None
    return user.full_name


def _declaration(records: Records, id: str) -> str | None:
    found = records.declarations.get(id)
    return f"{records.users[found.user_id].full_name}, {found.type}" if found else None


def _partnership(records: Records, id: str) -> str | None:
    found = records.partnerships.get(id)
    return f"{records.schools[found.school_id].name}, {found.cohort}" if found else None


def _statement(records: Records, id: str) -> str | None:
    found = records.statements.get(id)
    return f"{found.name}, cohort {found.cohort}" if found else None


def _school(records: Records, id: str) -> str | None:
    found = records.schools.get(id)
    return found.name if found else None


def _delivery_partner(records: Records, id: str) -> str | None:
    found = records.delivery_partners.get(id)
    return found.name if found else None


_SUBJECTS: Mapping[str, Callable[[Records, str], str | None]] = {
    "participants": _person,
    "transfers": _person,
    "unfunded mentors": _person,
    "declarations": _declaration,
    "partnerships": _partnership,
    "statements": _statement,
    "schools": _school,
    "delivery partners": _delivery_partner,
}


def _body(exchange: Exchange, records: Records) -> str:
    """What the attributes of a new declaration or partnership are about."""
    attributes = _attributes(exchange.request_body)
    parts = [
        _person(records, _text(attributes, "participant_id")),
        _text(attributes, "declaration_type"),
        _day(_text(attributes, "declaration_date").partition("T")[0]),
        _school(records, _text(attributes, "school_id")),
        _text(attributes, "cohort"),
    ]
    return ", ".join(it for it in parts if it)


def _day(text: str) -> str:
    """A date as people write it; what is none stays as it was sent."""
    try:
        it = date.fromisoformat(text)
    except ValueError:
        return text
    return f"{it.day} {it:%B %Y}"


def _attributes(body: bytes) -> Mapping[str, Any]:
    try:
        found = json_value(body)["data"]["attributes"]
    except (ValueError, KeyError, TypeError):
        return {}
    return found if isinstance(found, dict) else {}


def _text(attributes: Mapping[str, Any], name: str) -> str:
    value = attributes.get(name)
    return str(value) if isinstance(value, str | int) else ""


def _event(exchange: Exchange, after: Records) -> str:
    """An event and what it was told, with names in place of ids: those from before it, as far as there were any."""
    what = event_title(exchange.operation.removeprefix("event "))
    told = json.loads(exchange.request_body or b"{}").values()
    values = [str(it) for it in told if not isinstance(it, bool | None)]
    named = _named(_named(values, records_in(exchange.before)), after)
    return ": ".join(it for it in (what, ", ".join(named)) if it)


def event_title(name: str) -> str:
    """An event in words: `DfE void declaration`."""
    words = name.replace("_", " ").capitalize().split(" ")
    return " ".join(_SPELT.get(it.lower(), it) for it in words)


def _named(values: Sequence[str], records: Records) -> list[str]:
    """The values with names in place of ids; whoever names nothing need not know all names."""
    if not any(map(uuid_of, values)):
        return list(values)
    known = _called(records)
    return [known.get(it, it) for it in values]


def _called(records: Records) -> Mapping[str, str]:
    """What each id stands for: `Jane Smith`, `January 2026 statement of Ambition Institute for 2025`."""
    found: dict[str, str] = {}
    for name, id in names(records).items():
        kind, _, rest = name.partition(".")
        if kind == "statements":
            provider, cohort, month = rest.rsplit(".", 2)
            rest = f"{month} statement of {provider} for {cohort}"
        elif kind in ("declarations", "partnerships"):
            rest = ", ".join(rest.split("."))
        if not (kind == "people" and rest.endswith((".ect", ".mentor"))):
            found[id] = rest
    return found
