"""Everything known at one moment: a value made of tables, in which saving rows makes new records."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any, TypeVar

from ecf_sandbox.ecf.domain.cohorts import Cohort, Schedule
from ecf_sandbox.ecf.domain.declarations import Declaration, Feature, LineItem, Statement
from ecf_sandbox.ecf.domain.participants import (
    EarlyRollOutMentor,
    Eligibility,
    IdChange,
    Identity,
    InductionRecord,
    SchoolMentor,
    StatusChange,
    TrainingRecord,
    User,
    ValidationDetails,
)
from ecf_sandbox.ecf.domain.providers import DeliveryPartner, Provider, ProviderRelationship, Token
from ecf_sandbox.ecf.domain.schools import Incentive, InductionTutor, Partnership, Programme, School, SchoolCohort
from ecf_sandbox.state.record import Record
from ecf_sandbox.state.table import Table

T = TypeVar("T")

TABLES: dict[type[Record], str] = {
    Cohort: "cohorts",
    Schedule: "schedules",
    Provider: "providers",
    Token: "tokens",
    DeliveryPartner: "delivery_partners",
    ProviderRelationship: "provider_relationships",
    School: "schools",
    Incentive: "incentives",
    InductionTutor: "induction_tutors",
    SchoolCohort: "school_cohorts",
    Programme: "programmes",
    Partnership: "partnerships",
    User: "users",
    Identity: "identities",
    TrainingRecord: "training_records",
    InductionRecord: "induction_records",
    Eligibility: "eligibilities",
    ValidationDetails: "validation_details",
    StatusChange: "status_changes",
    IdChange: "id_changes",
    SchoolMentor: "school_mentors",
    EarlyRollOutMentor: "early_roll_out_mentors",
    Declaration: "declarations",
    Statement: "statements",
    LineItem: "line_items",
    Feature: "features",
}

_NAMES = frozenset(TABLES.values())
_NOTHING: dict[Any, Any] = {}
_MOST_ITEMS = 1000  # that one view keeps: a page or ten, some two megabytes of documents
View = tuple[frozenset[str], Any]  # the tables that were read, and what was answered


class Records:
    """The tables of one world at one moment. Never changed: `save` and `remove` answer new records.

    Whatever did not change is shared with the records before, views included.
    """

    cohorts: Table[int, Cohort]
    schedules: Table[str, Schedule]
    providers: Table[str, Provider]
    tokens: Table[str, Token]
    delivery_partners: Table[str, DeliveryPartner]
    provider_relationships: Table[str, ProviderRelationship]
    schools: Table[str, School]
    incentives: Table[str, Incentive]
    induction_tutors: Table[str, InductionTutor]
    school_cohorts: Table[str, SchoolCohort]
    programmes: Table[str, Programme]
    partnerships: Table[str, Partnership]
    users: Table[str, User]
    identities: Table[str, Identity]
    training_records: Table[str, TrainingRecord]
    induction_records: Table[str, InductionRecord]
    eligibilities: Table[str, Eligibility]
    validation_details: Table[str, ValidationDetails]
    status_changes: Table[str, StatusChange]
    id_changes: Table[str, IdChange]
    school_mentors: Table[str, SchoolMentor]
    early_roll_out_mentors: Table[str, EarlyRollOutMentor]
    declarations: Table[str, Declaration]
    statements: Table[str, Statement]
    line_items: Table[str, LineItem]
    features: Table[str, Feature]

    def __init__(self) -> None:
        self._views: dict[Hashable, Any] = {}
        self._origin: Records | None = None
        self._is_origin = False
        self.cohorts = Table("start_year")
        self.schedules = Table("id", "cohort,identifier", "cohort,alias")
        self.providers = Table("id", "name")
        self.tokens = Table("value", "provider_id")
        self.delivery_partners = Table("id")
        self.provider_relationships = Table("id", "provider_id", "delivery_partner_id")
        self.schools = Table("id", "urn")
        self.incentives = Table("id", "school_id,start_year")
        self.induction_tutors = Table("id", "school_id", "user_id")
        self.school_cohorts = Table("id", "school_id", "school_id,cohort")
        self.programmes = Table("id", "school_cohort_id", "partnership_id")
        self.partnerships = Table("id", "provider_id", "school_id", "school_id,cohort", "delivery_partner_id")
        self.users = Table("id", "email", "trn")
        self.identities = Table("id", "user_id", "external_id", "email")
        self.training_records = Table("id", "identity_id", "school_cohort_id")
        self.induction_records = Table("id", "training_record_id", "programme_id", "mentor_record_id")
        self.eligibilities = Table("training_record_id")
        self.validation_details = Table("training_record_id")
        self.status_changes = Table("id", "training_record_id")
        self.id_changes = Table("id", "user_id", "from_participant_id")
        self.school_mentors = Table("id", "training_record_id", "school_id")
        self.early_roll_out_mentors = Table("trn")
        self.declarations = Table("id", "provider_id", "user_id", "training_record_id")
        self.statements = Table("id", "provider_id", "provider_id,cohort")
        self.line_items = Table("id", "declaration_id", "statement_id")
        self.features = Table("name")

    def save(self, *rows: Record) -> Records:
        """These records with the rows added, or in place of those with their keys."""
        return self._changed({name: getattr(self, name).put(group) for name, group in _by_table(rows).items()})

    def remove(self, *rows: Record) -> Records:
        """These records without the rows."""
        return self._changed(
            {
                name: (table := getattr(self, name)).drop([table._key(row) for row in group])
                for name, group in _by_table(rows).items()
            }
        )

    def with_tables(self, tables: Mapping[str, Any]) -> Records:
        """These records with whole tables exchanged, by their names."""
        return self._changed(dict(tables))

    def cached(self, compute: Callable[..., T], *arguments: Hashable) -> T:
        """What `compute(self, *arguments)` answers, computed once for as long as the tables that it read stay the same.

        Which these are is seen as it computes. So it is a function of a module, which knows nothing but its arguments
        and whose answer reads nothing later; nobody changes the answer.
        """
        found = self._views.get((compute, *arguments)) or self._view(compute, arguments)
        answer: T = found[1]
        return answer

    def cached_each(self, compute: Callable[..., T], item: Hashable, *arguments: Hashable) -> T:
        """The same of `compute(self, item, *arguments)` for one of many items, which are kept and dropped as one.

        A write looks through every view, so that a view for each item would make it slow.
        """
        key = (compute, *arguments)
        tables, answers = self._found(key) or (None, _NOTHING)
        try:
            kept: T = answers[item]
            return kept
        except KeyError:
            reading = _Reading(self, tables or ())
            answer = compute(reading, item, *arguments)
        if tables is None or reading.tables:
            # Whoever shares the view has its tables in common, but perhaps not those that this item read as well.
            answers = dict(answers)
            self._keep(key, (frozenset((*(tables or ()), *reading.tables)), answers))
        if len(answers) < _MOST_ITEMS:
            answers[item] = answer
        return answer

    def as_baseline(self) -> Records:
        """These records, whose views everything made from them shares from now on, whenever they are computed.

        A world settles what it begins as: so a hundred forks that each declare something work out once who is listed.
        """
        self._is_origin = True  # rather than being its own origin, a cycle that only the collector could free
        self._origin = None  # else every fork of a fork would keep all that it ever came from
        return self

    def feature(self, name: str) -> bool:
        """Whether the DfE's staff have switched a feature on."""
        it = self.features.get(name)
        return it is not None and it.active

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Records) and all(
            getattr(self, name) == getattr(other, name) for name in TABLES.values()
        )

    def __hash__(self) -> int:
        raise TypeError("records are compared, not hashed")

    def _view(self, compute: Callable[..., Any], arguments: tuple[Hashable, ...]) -> View:
        key = (compute, *arguments)
        found = self._found(key)
        if found is None:
            reading = _Reading(self)
            answer = compute(reading, *arguments)
            found = frozenset(reading.tables), answer
            self._keep(key, found)
        return found

    def _found(self, key: Hashable) -> View | None:
        """The view of these records, or that of the records that they were made from if it holds for both."""
        found = self._views.get(key)
        if found is None and self._origin is not None:
            found = self._origin._views.get(key)
            if found is None or not self._shares(found[0]):
                return None
            self._views[key] = found
        return found

    def _keep(self, key: Hashable, view: View) -> None:
        self._views[key] = view
        origin = self._origin
        if origin is not None and self._shares(view[0]):
            there = origin._views.get(key)
            if there is None or there[0] <= view[0]:  # else one that holds items of more kinds would be lost
                origin._views[key] = view

    def _shares(self, tables: Iterable[str]) -> bool:
        """Whether these tables are those of the records that these were made from."""
        return all(getattr(self, name) is getattr(self._origin, name) for name in tables)

    def _changed(self, changed: dict[str, Any]) -> Records:
        it = Records.__new__(Records)
        # list() because another thread may be adding a view to the same records
        views = {key: view for key, view in list(self._views.items()) if view[0].isdisjoint(changed)}
        # Far cheaper than assigning 26 attributes, and every save of every write does it.
        origin = self if self._is_origin else self._origin
        it.__dict__ = {**self.__dict__, **changed, "_views": views, "_origin": origin, "_is_origin": False}
        return it


class _Reading(Records):
    """Records that note which of their tables are read, other than those that are known to be."""

    def __init__(self, records: Records, known: Iterable[str] = ()) -> None:
        self._views = {}
        self._records = records
        self.tables: set[str] = set()
        held = records.__dict__
        self.__dict__.update({name: held[name] for name in known})

    def __getattr__(self, name: str) -> Any:
        # Asked only for what is not there: each table once, and then never again.
        if name not in _NAMES:
            raise AttributeError(f"what is kept with records is computed of their tables, not of {name!r}")
        self.tables.add(name)
        table = self.__dict__[name] = self._records.__dict__[name]
        return table

    def _view(self, compute: Callable[..., Any], arguments: tuple[Hashable, ...]) -> View:
        found = self._records._view(compute, arguments)
        self.tables |= found[0]
        return found

    def _changed(self, changed: dict[str, Any]) -> Records:
        raise TypeError(f"what is kept with records changes nothing, not even {', '.join(changed)}")


def _by_table(rows: Iterable[Record]) -> dict[str, list[Record]]:
    groups: dict[str, list[Record]] = {}
    for row in rows:
        groups.setdefault(TABLES[type(row)], []).append(row)
    return groups
