"""What the answers of the old service have shown of people, schools and declarations by some moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from ecf_sandbox.moving.difference import resources
from ecf_sandbox.state.record import Record, replace

Json = Mapping[str, Any]
ECT, MENTOR = "ect", "mentor"
_KIND_OF = {"ecf-induction": ECT, "ecf-mentor": MENTOR}


class Training(Record, frozen=True, kw_only=True):
    """Somebody's training of one kind, as it was last shown.

    `since` is the day of the last change of schedule or resumption, where that was seen.
    """

    kind: str
    cohort: int
    schedule: str
    school_urn: str
    training_status: str = "active"
    participant_status: str | None = "active"
    delivery_partner_id: str | None = None
    stopped_at: datetime | None = None
    reason: str | None = None
    eligible: bool = True
    created_at: datetime
    record_id: str | None = None
    induction_end: date | None = None
    funding_end: date | None = None
    cohort_changed: bool = False
    since: date | None = None


class Declared(Record, frozen=True, kw_only=True):
    """A declaration, as it was last shown."""

    id: str
    participant_id: str
    kind: str
    type: str
    date: datetime
    state: str
    evidence: str | None
    created_at: datetime
    delivery_partner_id: str | None
    statement_id: str | None


class Partnered(Record, frozen=True, kw_only=True):
    """A partnership, as it was last shown."""

    id: str
    cohort: int
    school_id: str
    urn: str
    delivery_partner_id: str


@dataclass
class Person:
    """A participant: id, name, and training by its kind."""

    id: str
    name: str = ""
    trn: str | None = None
    training: dict[str, Training] = field(default_factory=dict)


@dataclass
class Facts:
    """What one provider has been shown of one world."""

    people: dict[str, Person] = field(default_factory=dict)
    declarations: dict[str, Declared] = field(default_factory=dict)
    partnerships: dict[str, Partnered] = field(default_factory=dict)
    schools: dict[str, str] = field(default_factory=dict)  # URN by id
    choices: dict[tuple[str, str], str] = field(default_factory=dict)  # by school and cohort
    partners: dict[str, frozenset[int]] = field(default_factory=dict)  # cohorts by id
    statements: dict[str, Json] = field(default_factory=dict)
    unfunded: dict[str, str] = field(default_factory=dict)  # names by id
    retired: set[str] = field(default_factory=set)

    def copy(self) -> Facts:
        """The same facts, to go on from."""
        people = {id: Person(it.id, it.name, it.trn, dict(it.training)) for id, it in self.people.items()}
        return Facts(
            people,
            dict(self.declarations),
            dict(self.partnerships),
            dict(self.schools),
            dict(self.choices),
            dict(self.partners),
            dict(self.statements),
            dict(self.unfunded),
            set(self.retired),
        )

    def learn(self, body: Any, changed: date | None = None) -> None:
        """Take over what an answer shows; `changed` is the day, where it answers a change of training."""
        for it in resources(body):
            found, id = it.get("attributes"), it.get("id")
            if isinstance(found, Mapping) and isinstance(id, str):
                try:
                    self._learn(str(it.get("type")), id, found, changed)
                except (KeyError, TypeError, ValueError, AttributeError):
                    continue  # an answer that is not the old service's: nothing is known of it then

    def _learn(self, type: str, id: str, it: Json, changed: date | None) -> None:
        if type == "participant":
            self._learn_person(id, it, changed)
        elif type == "participant-declaration":
            self.declarations[id] = _declared(id, it)
        elif type == "partnership":
            self.partnerships[id] = Partnered(
                id=id,
                cohort=int(it["cohort"]),
                school_id=it["school_id"],
                urn=str(it["urn"]),
                delivery_partner_id=str(it["delivery_partner_id"]).lower(),
            )
            self.schools[it["school_id"]] = str(it["urn"])
        elif type == "school":
            self.schools[id] = str(it["urn"])
            self.choices[id, str(it["cohort"])] = str(it["induction_programme_choice"])
        elif type == "delivery-partner":
            self.partners[id] = frozenset(map(int, it["cohort"]))
        elif type == "statement":
            self.statements[id] = it
        elif type == "unfunded-mentor":
            self.unfunded[id] = str(it["full_name"])

    def _learn_person(self, id: str, it: Json, changed: date | None) -> None:
        person = self.people.setdefault(id, Person(id))
        person.name, person.trn = str(it.get("full_name") or ""), it.get("teacher_reference_number")
        self.retired |= retired_in(it)
        training = [_training(each) for each in it.get("ecf_enrolments", [it])]
        before, person.training = person.training, {}
        for shown in training:
            was = before.get(shown.kind)
            since = was.since if was else None
            if changed and was and (was.schedule, was.cohort, was.training_status) != _what(shown):
                since = changed if shown.training_status == "active" else since
            person.training[shown.kind] = replace(shown, since=since)

    def keeps(self, id: str) -> bool:
        """Whether somebody was shown who has trained with the provider, and is not known under another id since."""
        person = self.people.get(id)
        if person is None or id in self.retired:
            return False
        return any(it.participant_status != "joining" for it in person.training.values())

    def training_for(self, sent: Json) -> Training | None:
        """The training that a declaration is about."""
        person = self.people.get(str(sent.get("participant_id")))
        return person.training.get(_KIND_OF.get(str(sent.get("course_identifier")), "")) if person else None

    def declared_of(self, participant_id: str, kind: str) -> list[Declared]:
        """The declarations of a participant's training."""
        return [it for it in self.declarations.values() if (it.participant_id, it.kind) == (participant_id, kind)]


def retired_in(it: Json) -> set[str]:
    """The ids that a participant had before."""
    changes = it.get("participant_id_changes")
    listed = changes if isinstance(changes, list) else []
    return {str(each.get("from_participant_id")) for each in listed if isinstance(each, Mapping)}


def _what(it: Training) -> tuple[str, int, str]:
    return it.schedule, it.cohort, it.training_status


def _training(it: Json) -> Training:
    stopped = it.get("withdrawal") or it.get("deferral") or {}
    return Training(
        kind=str(it["participant_type"]),
        cohort=int(it["cohort"]),
        schedule=str(it["schedule_identifier"]),
        school_urn=str(it["school_urn"]),
        training_status=str(it["training_status"]),
        participant_status=it.get("participant_status", it.get("status")),
        delivery_partner_id=it.get("delivery_partner_id"),
        stopped_at=_moment(stopped.get("date")),
        reason=stopped.get("reason"),
        eligible=it.get("eligible_for_funding") is not False,
        created_at=_moment(it.get("created_at") or it.get("updated_at")) or datetime(2021, 9, 1, tzinfo=UTC),
        record_id=it.get("training_record_id"),
        induction_end=_day(it.get("induction_end_date")),
        funding_end=_day(it.get("mentor_funding_end_date")),
        cohort_changed=it.get("cohort_changed_after_payments_frozen") is True,
    )


def _declared(id: str, it: Json) -> Declared:
    at = _moment(it["declaration_date"])
    if at is None:
        raise ValueError("a declaration without a date")
    return Declared(
        id=id,
        participant_id=str(it["participant_id"]),
        kind=_KIND_OF[it["course_identifier"]],
        type=str(it["declaration_type"]),
        date=at,
        state=str(it["state"]).replace("_", "-"),
        evidence=it.get("evidence_held"),
        created_at=_moment(it.get("created_at") or it.get("updated_at")) or at,
        delivery_partner_id=it.get("delivery_partner_id"),
        statement_id=it.get("statement_id"),
    )


def _moment(written: Any) -> datetime | None:
    return datetime.fromisoformat(written).astimezone(UTC) if isinstance(written, str) else None


def _day(written: Any) -> date | None:
    return date.fromisoformat(written[:10]) if isinstance(written, str) else None
