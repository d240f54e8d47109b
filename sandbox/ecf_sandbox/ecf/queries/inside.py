"""What a world holds about somebody, and what stands on a statement, for whoever looks at it from outside the API."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date

from ecf_sandbox.dates.wire import instant
from ecf_sandbox.ecf.domain.declarations import REFUNDABLE, LineItem
from ecf_sandbox.ecf.domain.participants import User
from ecf_sandbox.ecf.queries.training import training_records_of
from ecf_sandbox.ecf.records import Records
from ecf_sandbox.state.record import Record
from ecf_sandbox.state.service import Subject

# Whose a row is; others, such as that of a mentor, say with whom it has to do.
OWNERS = frozenset({"user_id", "training_record_id", "declaration_id", "identity_id"})


class DeclarationOnStatement(Record, frozen=True, kw_only=True):
    """A declaration on a statement; `state` is its own, `state_here` that of its line on this statement."""

    id: str
    person: str
    type: str
    date: str
    state: str
    state_here: str


class StatementContents(Record, frozen=True, kw_only=True):
    """A statement and what stands on it; clawbacks are apart from what is paid."""

    id: str
    name: str
    provider: str
    cohort: int
    phase: str
    deadline_date: date
    payment_date: date
    counts: Mapping[str, Mapping[str, int]]
    declarations: tuple[DeclarationOnStatement, ...]
    clawbacks: tuple[DeclarationOnStatement, ...]


def person(records: Records, called: str) -> Subject | None:
    """The person with a name or an id, retired or not; of several with one name the newest."""
    identity = records.identities.one("external_id", called)
    user = records.users.get(called) or (records.users.get(identity.user_id) if identity else None)
    if user is None:
        namesakes = [it for it in records.users if it.full_name == called]
        user = max(namesakes, key=lambda it: it.created_at, default=None)
    return None if user is None else subject_of(records, user)


def subject_of(records: Records, user: User) -> Subject:
    """Somebody with everything by which a request or a row may mean them."""
    return Subject(user.id, user.full_name, _ids(records, user), OWNERS)


def _ids(records: Records, user: User) -> frozenset[str]:
    identities = records.identities.by("user_id", user.id)
    return frozenset(
        {
            user.id,
            *(it.id for it in training_records_of(records, user.id)),
            *(it.id for it in records.declarations.by("user_id", user.id)),
            *(it.id for it in identities),
            *(it.external_id for it in identities),
        }
    )


def statement(records: Records, id: str) -> StatementContents | None:
    """What stands on the statement of that id, the oldest line first."""
    it = records.statements.get(id)
    if it is None:
        return None
    lines = sorted(records.line_items.by("statement_id", id), key=lambda line: (line.created_at, line.id))
    counts = {state: dict(Counter(types)) for state, types in _types_by_state(records, lines).items()}
    return StatementContents(
        id=it.id,
        name=it.name,
        provider=records.providers[it.provider_id].name,
        cohort=it.cohort,
        phase=it.phase.value,
        deadline_date=it.deadline_date,
        payment_date=it.payment_date,
        counts=counts,
        declarations=tuple(_on_statement(records, line) for line in lines if line.state not in REFUNDABLE),
        clawbacks=tuple(_on_statement(records, line) for line in lines if line.state in REFUNDABLE),
    )


def _types_by_state(records: Records, lines: list[LineItem]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in lines:
        found.setdefault(line.state.value, []).append(records.declarations[line.declaration_id].type)
    return found


def _on_statement(records: Records, line: LineItem) -> DeclarationOnStatement:
    it = records.declarations[line.declaration_id]
    return DeclarationOnStatement(
        id=it.id,
        person=records.users[it.user_id].full_name,
        type=it.type,
        date=instant(it.date),
        state=it.state.value,
        state_here=line.state.value,
    )
