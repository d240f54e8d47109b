"""What an event may be told in a world, parameter by parameter, the plainest first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ecf_sandbox.ecf.domain.declarations import LIVE, Phase
from ecf_sandbox.ecf.domain.participants import Course
from ecf_sandbox.ecf.queries.names import names
from ecf_sandbox.ecf.queries.participants import participants
from ecf_sandbox.ecf.queries.training import training_records_of
from ecf_sandbox.ecf.records import Records
from ecf_sandbox.state.described import Parameter
from ecf_sandbox.tools.properties.arguments import Find, Vocabulary, address_of, new_names, references

_WORDS: Mapping[str, Sequence[str]] = {
    "trn": ("2600001", "2600002"),
    "typed_trn": ("2600001",),
    "nino": ("QQ123456C",),
    "name": ("closing_2022", "programme_type_changes_2025"),
    "declaration_type": ("started", "retained-1", "completed"),
    "schedule_identifier": ("ecf-standard-september", "ecf-standard-january"),
}
_NOBODY = "nobody"


def names_of(records: Records) -> dict[str, str]:
    """By id, the reference that means it: `${people.Jane Smith}`. Two of one name: only the one who is meant has it."""
    return records.cached(_references)


def _references(records: Records) -> dict[str, str]:
    return references(names(records))


def _worth_telling(it: Parameter, told: Mapping[str, Any]) -> bool:
    """Of what may be left out, the course of somebody who trains on one that is not the usual, and an ECT's mentor."""
    if it.type is Course:
        return bool(told.get("participant_id"))
    return it.name == "mentor_id"


def _values(records: Records, _: str, it: Parameter, told: Mapping[str, Any]) -> Sequence[Any] | None:
    if it.type is Course:
        return _courses(records, told)
    free = new_names(it.full_name for it in records.users)
    if it.name == "full_name":
        return free
    if it.name == "email":
        return [address_of(str(told.get("full_name") or free[0]), len(records.identities))]
    return _WORDS.get(it.name)


def _cohorts(records: Records, _: str, __: str) -> Iterable[int]:
    return sorted((it.start_year for it in records.cohorts if _taught(records, it.start_year)), reverse=True)


def _courses(records: Records, told: Mapping[str, Any]) -> Sequence[str]:
    """The courses of who is meant."""
    id = names(records).get(str(told["participant_id"])[2:-1], _NOBODY)
    return [it.type.course.value for it in training_records_of(records, id)]


def _taught(records: Records, cohort: int) -> bool:
    return any(it.cohort == cohort for it in records.school_cohorts) or any(
        it.cohort == cohort for it in records.provider_relationships
    )


def people(records: Records, client: str, _: str = "") -> list[str]:
    """Everybody in training, those whom the client sees first."""
    own = [it.user.id for it in participants(records, client, validated_only=False)]
    others = (it.id for it in sorted(records.users, key=lambda it: (it.created_at, it.id)))
    return [*own, *(id for id in others if id not in own and training_records_of(records, id))]


def _own_people(records: Records, client: str, _: str) -> list[str]:
    """Those whom the client sees, if there are two of them: it would not notice a merge of others."""
    own = [it.user.id for it in participants(records, client, validated_only=False)]
    return own if len(own) > 1 else people(records, client)


def _mentors(records: Records, client: str, _: str) -> list[str]:
    own = people(records, client)
    return [id for id in own if any(not it.ect for it in training_records_of(records, id))]


def _statements(*phases: Phase) -> Find:
    """Those in a phase that have something on them, the first due first."""

    def found(records: Records, client: str, _: str) -> Iterable[str]:
        wanted = [
            it for it in records.statements if it.phase in phases and records.line_items.by("statement_id", it.id)
        ]
        return [it.id for it in sorted(wanted, key=lambda it: (it.provider_id != client, it.deadline_date, it.id))]

    return found


def _unchallenged(records: Records, client: str, _: str) -> Iterable[str]:
    found = [it for it in records.partnerships if not it.challenged]
    return [it.id for it in sorted(found, key=lambda it: (it.provider_id != client, -it.cohort, it.id))]


def _declared(records: Records, client: str, _: str) -> Iterable[str]:
    found = [it for it in records.declarations if it.state in LIVE]
    return [it.id for it in sorted(found, key=lambda it: (it.provider_id != client, it.created_at, it.id))]


def _open_partners(records: Records, _: str, __: str) -> Iterable[str]:
    return [it.id for it in records.delivery_partners if it.discarded_at is None]


def _schools(records: Records, _: str, __: str) -> Iterable[str]:
    return [it.id for it in sorted(records.schools, key=lambda it: it.urn)]


# Which rows a parameter of an event may name: by event and parameter, by parameter, or by table.
_ROWS: Mapping[tuple[str, str], Find] = {
    ("", "cohorts"): _cohorts,
    ("", "users"): people,
    ("", "mentor_id"): _mentors,
    ("set_mentor_completion", "participant_id"): _mentors,
    ("merge_participants", "from_participant_id"): _own_people,
    ("merge_participants", "to_participant_id"): _own_people,
    ("", "schools"): _schools,
    ("cut_off_statement", "statement_id"): _statements(Phase.OPEN),
    ("pay_statement", "statement_id"): _statements(Phase.PAYABLE),
    ("", "partnerships"): _unchallenged,
    ("", "declarations"): _declared,
    ("", "delivery_partners"): _open_partners,
}

VOCABULARY = Vocabulary(
    rows=_ROWS,
    names=names_of,
    values=_values,
    worth_telling=_worth_telling,
    keyed=frozenset({"cohorts"}),
)
