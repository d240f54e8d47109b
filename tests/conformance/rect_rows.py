"""Turns the rows of a recorded world of RECT into our records, and rows that an event changed into changes of them."""

from __future__ import annotations

import typing
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

import msgspec

from ecf_sandbox.rect.domain.contracts import ContractPeriod, Milestone, Schedule, Statement
from ecf_sandbox.rect.domain.declarations import Declaration
from ecf_sandbox.rect.domain.metadata import SchoolInterest, SchoolMetadata, TeacherMetadata
from ecf_sandbox.rect.domain.providers import (
    ActiveLeadProvider,
    DeliveryPartner,
    DeliveryPartnership,
    LeadProvider,
    Token,
)
from ecf_sandbox.rect.domain.schools import School, SchoolPartnership, Uplift
from ecf_sandbox.rect.domain.teachers import (
    AtSchoolPeriod,
    IdChange,
    InductionPeriod,
    MentorshipPeriod,
    Teacher,
    TrainingPeriod,
)
from ecf_sandbox.rect.records import Records
from ecf_sandbox.state.record import Record, replace

Row = Mapping[str, Any]
Key = Any
# The service numbers the rows of a case from here.
FIRST_NEW = 1_000_001
# A moment that the service's database filled in.
PRESENT = "{{present}}"


class Form(NamedTuple):
    """What becomes of a row: a record, whose members are these columns, some of which refer to rows of other tables."""

    type: type[Record]
    members: Mapping[str, str]
    references: Mapping[str, str] = {}


_PERIOD = {"started_on": "started_on", "finished_on": "finished_on"}
_AT_SCHOOL = Form(
    AtSchoolPeriod,
    {
        **_PERIOD,
        "teacher_id": "teacher_id",
        "school_id": "school_id",
        "email": "email",
        "working_pattern": "working_pattern",
        "reported_leaving_by_school_id": "reported_leaving_by_school_id",
        "created_at": "created_at",
    },
    {"teacher_id": "teachers", "school_id": "schools", "reported_leaving_by_school_id": "schools"},
)
FORMS: Mapping[str, Form] = {
    "contract_periods": Form(
        ContractPeriod,
        {
            "year": "year",
            **_PERIOD,
            "enabled": "enabled",
            "payments_frozen_at": "payments_frozen_at",
            "mentor_funding_enabled": "mentor_funding",
            "detailed_evidence_types_enabled": "detailed_evidence",
            "uplift_fees_enabled": "uplift_fees",
        },
    ),
    "lead_providers": Form(LeadProvider, {"name": "name"}),
    "active_lead_providers": Form(
        ActiveLeadProvider,
        {"lead_provider_id": "lead_provider_id", "contract_period_year": "contract_period_year"},
        {"lead_provider_id": "lead_providers"},
    ),
    "delivery_partners": Form(
        DeliveryPartner, {"name": "name", "created_at": "created_at", "api_updated_at": "updated_at"}
    ),
    "gias_schools": Form(
        School,
        {
            "name": "name",
            "type_name": "type_name",
            "status": "status",
            "in_england": "in_england",
            "section_41_approved": "section_41_approved",
            "eligible": "eligible",
            "primary_contact_email": "primary_contact_email",
            "secondary_contact_email": "secondary_contact_email",
        },
    ),
    "schools": Form(
        School,
        {
            "urn": "urn",
            "marked_as_eligible": "marked_as_eligible",
            "induction_tutor_name": "induction_tutor_name",
            "induction_tutor_email": "induction_tutor_email",
            "last_chosen_lead_provider_id": "last_chosen_lead_provider_id",
            "last_chosen_training_programme": "last_chosen_training_programme",
            "created_at": "created_at",
        },
        {"last_chosen_lead_provider_id": "lead_providers"},
    ),
    "school_funding_eligibilities": Form(
        Uplift,
        {
            "gias_school_urn": "school_id",
            "contract_period_year": "contract_period_year",
            "pupil_premium_uplift": "pupil_premium",
            "sparsity_uplift": "sparsity",
        },
        {"gias_school_urn": "gias_schools"},
    ),
    "school_partnerships": Form(
        SchoolPartnership,
        {
            "id": "serial",
            "school_id": "school_id",
            "lead_provider_delivery_partnership_id": "delivery_partnership_id",
            "created_at": "created_at",
            "api_updated_at": "updated_at",
        },
        {"school_id": "schools", "lead_provider_delivery_partnership_id": "lead_provider_delivery_partnerships"},
    ),
    "teachers": Form(
        Teacher,
        {
            "id": "serial",
            "api_ect_training_record_id": "ect_training_record_id",
            "api_mentor_training_record_id": "mentor_training_record_id",
            "trn": "trn",
            "trs_first_name": "first_name",
            "trs_last_name": "last_name",
            "corrected_name": "corrected_name",
            "trs_induction_start_date": "induction_start_date",
            "trs_induction_completed_date": "induction_completed_date",
            "ect_first_became_eligible_for_training_at": "ect_eligible_since",
            "ect_became_ineligible_for_funding_on": "ect_ineligible_since",
            "mentor_first_became_eligible_for_training_at": "mentor_eligible_since",
            "mentor_became_ineligible_for_funding_on": "mentor_ineligible_since",
            "mentor_became_ineligible_for_funding_reason": "mentor_ineligible_reason",
            "ect_payments_frozen_year": "ect_frozen_year",
            "mentor_payments_frozen_year": "mentor_frozen_year",
            "created_at": "created_at",
            "api_updated_at": "updated_at",
            "api_unfunded_mentor_updated_at": "unfunded_updated_at",
        },
    ),
    "ect_at_school_periods": _AT_SCHOOL,
    "mentor_at_school_periods": _AT_SCHOOL,
    "training_periods": Form(
        TrainingPeriod,
        {
            **_PERIOD,
            "ect_at_school_period_id": "at_school_period_id",
            "mentor_at_school_period_id": "at_school_period_id",
            "training_programme": "programme",
            "school_partnership_id": "school_partnership_id",
            "expression_of_interest_id": "expression_of_interest_id",
            "schedule_id": "schedule_id",
            "deferred_at": "deferred_at",
            "deferral_reason": "deferral_reason",
            "withdrawn_at": "withdrawn_at",
            "withdrawal_reason": "withdrawal_reason",
            "created_at": "created_at",
            "api_transfer_updated_at": "transfer_updated_at",
        },
        {
            "ect_at_school_period_id": "ect_at_school_periods",
            "mentor_at_school_period_id": "mentor_at_school_periods",
            "school_partnership_id": "school_partnerships",
            "expression_of_interest_id": "active_lead_providers",
            "schedule_id": "schedules",
        },
    ),
    "mentorship_periods": Form(
        MentorshipPeriod,
        {
            **_PERIOD,
            "ect_at_school_period_id": "ect_at_school_period_id",
            "mentor_at_school_period_id": "mentor_at_school_period_id",
        },
        {
            "ect_at_school_period_id": "ect_at_school_periods",
            "mentor_at_school_period_id": "mentor_at_school_periods",
        },
    ),
    "induction_periods": Form(
        InductionPeriod, {**_PERIOD, "teacher_id": "teacher_id", "outcome": "outcome"}, {"teacher_id": "teachers"}
    ),
    "teacher_id_changes": Form(
        IdChange,
        {
            "teacher_id": "teacher_id",
            "api_from_teacher_id": "from_participant_id",
            "api_to_teacher_id": "to_participant_id",
            "created_at": "created_at",
        },
        {"teacher_id": "teachers"},
    ),
    "statements": Form(
        Statement,
        {
            "month": "month",
            "year": "year",
            "deadline_date": "deadline_date",
            "payment_date": "payment_date",
            "status": "status",
            "marked_as_paid_at": "marked_as_paid_at",
            "created_at": "created_at",
            "api_updated_at": "updated_at",
        },
    ),
    "declarations": Form(
        Declaration,
        {
            "training_period_id": "training_period_id",
            "declaration_type": "declaration_type",
            "declaration_date": "declaration_date",
            "payment_status": "payment_status",
            "clawback_status": "clawback_status",
            "payment_statement_id": "payment_statement_id",
            "clawback_statement_id": "clawback_statement_id",
            "evidence_type": "evidence_type",
            "delivery_partner_when_created_id": "delivery_partner_id",
            "mentorship_period_id": "mentorship_period_id",
            "pupil_premium_uplift": "pupil_premium_uplift",
            "sparsity_uplift": "sparsity_uplift",
            "created_at": "created_at",
            "api_updated_at": "updated_at",
        },
        {
            "training_period_id": "training_periods",
            "payment_statement_id": "statements",
            "clawback_statement_id": "statements",
            "delivery_partner_when_created_id": "delivery_partners",
            "mentorship_period_id": "mentorship_periods",
        },
    ),
    "metadata_teachers_lead_providers": Form(
        TeacherMetadata,
        {
            "teacher_id": "teacher_id",
            "lead_provider_id": "lead_provider_id",
            "latest_ect_training_period_id": "latest_ect_training_period_id",
            "latest_mentor_training_period_id": "latest_mentor_training_period_id",
            "latest_ect_contract_period_year": "latest_ect_contract_period_year",
            "latest_mentor_contract_period_year": "latest_mentor_contract_period_year",
            "ect_assigned_mentor_latest_school_period_id": "mentor_at_school_period_id",
            "involved_in_school_transfer": "involved_in_transfer",
        },
        {
            "teacher_id": "teachers",
            "lead_provider_id": "lead_providers",
            "latest_ect_training_period_id": "training_periods",
            "latest_mentor_training_period_id": "training_periods",
            "ect_assigned_mentor_latest_school_period_id": "mentor_at_school_periods",
        },
    ),
    "metadata_schools_contract_periods": Form(
        SchoolMetadata,
        {
            "school_id": "school_id",
            "contract_period_year": "contract_period_year",
            "in_partnership": "in_partnership",
            "induction_programme_choice": "induction_programme_choice",
            "api_updated_at": "updated_at",
        },
        {"school_id": "schools"},
    ),
    "metadata_schools_lead_providers_contract_periods": Form(
        SchoolInterest,
        {
            "school_id": "school_id",
            "lead_provider_id": "lead_provider_id",
            "contract_period_year": "contract_period_year",
        },
        {"school_id": "schools", "lead_provider_id": "lead_providers"},
    ),
}
# What stands in a table of its own with the service and in another one here.
TABLES = {"ect_at_school_periods": "at_school_periods", "mentor_at_school_periods": "at_school_periods"}
# In this order each row finds those that it refers to.
ORDER = ("teachers", "ect_at_school_periods", "mentor_at_school_periods", "training_periods")


class RecordedWorld:
    """A recorded world: its records, and by which key of ours each numbered row of the service goes."""

    def __init__(self, world: Mapping[str, Any]) -> None:
        self._tables: Mapping[str, list[Row]] = world["tables"]
        self._tokens: Mapping[str, Row] = world["tokens"]
        self._active = {row["id"]: row for row in self._tables["active_lead_providers"]}
        urns = {row["urn"]: row["api_id"] for row in self._tables["schools"]}
        self._recorded: dict[tuple[str, int], Key] = {("gias_schools", urn): key for urn, key in urns.items()}
        self._keys = self._recorded
        for table in sorted(
            self._tables.keys() - {"gias_schools"}, key=lambda it: it.startswith("metadata")
        ):  # look-up rows after those that they are about
            for row in self._tables[table]:
                self._recorded[table, _number(table, row)] = self._key(table, row)
        self._keys = dict(self._recorded)
        self._newest: dict[str, int] = {}
        self.records = Records().save(*self._rows())

    def reset(self) -> None:
        """Forget the rows of the last case."""
        self._keys, self._newest = dict(self._recorded), {}

    def number_new_rows(self, before: Records, after: Records) -> None:
        """Number the rows that a request made as the service would have, so that later effects can name them."""
        for table in ("training_periods", "declarations", "school_partnerships"):
            old, new = getattr(before, table), getattr(after, table)
            if old is not new:
                added = [it for it in new if it.id not in old]
                for it in sorted(added, key=lambda it: it.created_at):
                    self._know(table, self._newest.get(table, FIRST_NEW - 1) + 1, it.id)

    def with_effects(self, records: Records, effects: Iterable[Row], present: datetime) -> Records:
        """The records after the rows that an event changed; `present` is what the database filled in."""
        by_op: dict[str, list[Row]] = defaultdict(list)
        for it in effects:
            by_op[it["op"]].append(_filled_in(it, present))
        for it in sorted(by_op["insert"], key=lambda it: (*ORDER, it["table"]).index(it["table"])):
            self._know(it["table"], it["row"]["id"], self._key(it["table"], it["row"]))
            records = records.save(self._inserted(it["table"], it["row"]))
        changed = [row for it in by_op["update"] if (row := self._changed(records, it)) is not None]
        records = records.save(*changed)
        gone = [row for it in by_op["delete"] if (row := self._found(records, it)) is not None]
        return records.remove(*gone)

    def _inserted(self, table: str, row: Row) -> Record:
        if table == "lead_provider_delivery_partnerships":
            return self._delivery_partnership(row)
        return self._made(table, row)

    def _know(self, table: str, number: int, key: Key) -> None:
        self._keys[table, number] = key
        self._newest[table] = max(number, self._newest.get(table, 0))

    def _found(self, records: Records, effect: Row) -> Record | None:
        form, number = FORMS[effect["table"]], effect["id"]
        key = self._keys.get((effect["table"], number))
        found: Record | None = getattr(records, records.TABLES[form.type]).get(key)
        return found

    def _changed(self, records: Records, effect: Row) -> Record | None:
        found = self._found(records, effect)
        return None if found is None else replace(found, **self._members(effect["table"], effect["set"]))

    def _members(self, table: str, row: Row) -> dict[str, Any]:
        """The members of a record that these columns are."""
        form = FORMS[table]
        hints = _hints(form.type)
        members = {}
        for column, value in row.items():
            member = form.members.get(column)
            if member is None or (value is None and member in members):
                continue
            refers = form.references.get(column)
            if refers and value is not None:
                value = self._keys[refers, value]
            elif column.endswith("_reason") and table == "training_periods" and value is not None:
                value = value.replace("_", "-")
            members[member] = msgspec.convert(value, hints[member])
        return members

    def _made(self, table: str, row: Row, **more: Any) -> Record:
        # Of the two columns of a training period that refer to an at-school period one is empty.
        members = self._members(table, {column: it for column, it in row.items() if it is not None})
        if table in TABLES:
            members["kind"] = "ect" if table.startswith("ect") else "mentor"
        if table == "training_periods":
            members["kind"] = "mentor" if row["ect_at_school_period_id"] is None else "ect"
        if "id" in _hints(FORMS[table].type):
            members["id"] = self._key(table, row)
        return msgspec.convert(members | more, FORMS[table].type)

    def _rows(self) -> Iterator[Record]:
        tables = self._tables
        contracts = {row["id"]: self._active[row["active_lead_provider_id"]] for row in tables["contracts"]}
        gias = {row["urn"]: row for row in tables["gias_schools"]}
        for table in FORMS.keys() - {"gias_schools", "schools", "statements"}:
            for row in tables[table]:
                if not _empty(table, row):
                    yield self._made(table, row)
        for row in tables["schools"]:
            yield self._made("schools", row, **self._members("gias_schools", gias[row["urn"]]))
        for row in tables["statements"]:
            yield self._made(
                "statements",
                row,
                output_fee=row["fee_type"] == "output",
                **self._contract(contracts[row["contract_id"]]),
            )
        yield from (self._delivery_partnership(it) for it in tables["lead_provider_delivery_partnerships"])
        yield from self._schedules()
        for it in self._tokens.values():
            yield Token(value=it["token"], lead_provider_id=self._provider(it["lead_provider"]))

    def _key(self, table: str, row: Row) -> Key:
        """Our key of a row: the id that the API shows, or one made of the table and the service's number."""
        if table == "contract_periods":
            return row["year"]
        if table.startswith("metadata"):
            form = FORMS[table]
            about = [it for it in ("teacher_id", "school_id", "lead_provider_id") if it in form.references]
            year = [str(row["contract_period_year"])] if "contract_period_year" in row else []
            return "/".join([*(self._keys[form.references[it], row[it]] for it in about), *year])
        return row.get("api_id") or f"{table.removesuffix('s').replace('_', '-')}-{_number(table, row)}"

    def _provider(self, name: str) -> str:
        number = next(row["id"] for row in self._tables["lead_providers"] if row["name"] == name)
        key: str = self._keys["lead_providers", number]
        return key

    def _contract(self, active: Row) -> dict[str, Any]:
        return {
            "lead_provider_id": self._keys["lead_providers", active["lead_provider_id"]],
            "contract_period_year": active["contract_period_year"],
        }

    def _delivery_partnership(self, row: Row) -> Record:
        return DeliveryPartnership(
            id=self._key("lead_provider_delivery_partnerships", row),
            delivery_partner_id=self._keys["delivery_partners", row["delivery_partner_id"]],
            **self._contract(self._active[row["active_lead_provider_id"]]),
        )

    def _schedules(self) -> Iterator[Record]:
        milestones: dict[int, list[Milestone]] = defaultdict(list)
        for row in self._tables["milestones"]:
            members = {it: row[it] for it in ("declaration_type", "start_date", "milestone_date")}
            milestones[row["schedule_id"]].append(msgspec.convert(members, Milestone))
        for row in self._tables["schedules"]:
            yield Schedule(
                id=self._key("schedules", row),
                contract_period_year=row["contract_period_year"],
                identifier=row["identifier"],
                milestones=tuple(milestones[row["id"]]),
            )


def _filled_in(effect: Row, present: datetime) -> Row:
    columns = effect.get("row") or effect.get("set") or {}
    filled = {name: present.isoformat() if value == PRESENT else value for name, value in columns.items()}
    return {**effect, "row": filled} if "row" in effect else {**effect, "set": filled}


@cache
def _hints(of: type[Record]) -> dict[str, Any]:
    return typing.get_type_hints(of)


def _number(table: str, row: Row) -> int:
    number: int = row["year"] if table == "contract_periods" else row.get("id", row.get("urn"))
    return number


def _empty(table: str, row: Row) -> bool:
    """Whether a look-up row says nothing: such rows are left out here."""
    if table == "metadata_teachers_lead_providers":
        columns = [it for it in FORMS[table].members if it not in ("teacher_id", "lead_provider_id")]
        return not any(row[it] for it in columns)
    if table == "metadata_schools_lead_providers_contract_periods":
        return not row["expression_of_interest_or_school_partnership"]
    return False
