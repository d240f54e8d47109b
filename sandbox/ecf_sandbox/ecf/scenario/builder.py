"""A scenario in the making: the rows so far, what is called what, and what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from functools import partial
from operator import itemgetter

from ecf_sandbox.ecf.domain.cohorts import Cohort, Schedule
from ecf_sandbox.ecf.domain.declarations import Statement
from ecf_sandbox.ecf.domain.participants import Identity, TrainingRecord, User
from ecf_sandbox.ecf.domain.providers import DeliveryPartner, Provider
from ecf_sandbox.ecf.domain.schools import Partnership, Programme, ProgrammeChoice, School
from ecf_sandbox.ecf.editions import GUIDANCE
from ecf_sandbox.ecf.records import Records, Turn
from ecf_sandbox.ecf.scenario.given_ids import GivenIds
from ecf_sandbox.rulebook.refusals import DoesNotFit
from ecf_sandbox.scenario.section import Section
from ecf_sandbox.scenario.yaml_reader import ScenarioProblem
from ecf_sandbox.state.ids import named_id, nth_id
from ecf_sandbox.state.record import Record, replace

_NO_MOMENT = datetime(9999, 1, 1, tzinfo=UTC)

Event = Callable[[Turn], object]


class Builder:
    """What the parts of a scenario share while they are read, in the order of the file's sections.

    People, schools, providers and partners are known by the names that the file gives them.
    """

    def __init__(self, seed: str) -> None:
        self.seed = seed
        self.as_of = _NO_MOMENT
        self.problems: list[ScenarioProblem] = []
        self.ids = GivenIds()
        self.rows: list[Record] = []
        self.events: list[tuple[datetime, Event, Section]] = []
        # what the DfE says
        self.cohorts: Mapping[int, Cohort] = {}
        self.schedules: Mapping[int, dict[str, Schedule]] = {}
        self.statements: dict[tuple[str, int], list[Statement]] = {}
        # who trains
        self.providers: dict[str, Provider] = {}
        self.tokens: list[str] = []
        self.partners: dict[str, DeliveryPartner] = {}
        self.works_with: set[tuple[str, str, int]] = set()
        # where
        self.schools: dict[str, School] = {}
        self.choices: dict[tuple[str, int], ProgrammeChoice] = {}
        self.partnerships: dict[tuple[str, int], dict[str, Partnership]] = {}
        self.programme_with: dict[str, Programme] = {}
        self.provider_of: dict[str, str] = {}
        self.default_programmes: dict[tuple[str, int], Programme] = {}
        # whom
        self.users: dict[str, User] = {}
        self.stories: dict[str, str] = {}
        self.identities: dict[str, Identity] = {}
        self.mentors: dict[str, TrainingRecord] = {}
        self.mentor_ids: dict[str, str] = {}

    def set_as_of(self, moment: datetime | None) -> None:
        """Say which moment the scenario describes. Without one, what would follow from it is not held against it."""
        self.as_of = moment or _NO_MOMENT

    @property
    def has_as_of(self) -> bool:
        """Whether it is known which moment the scenario describes."""
        return self.as_of is not _NO_MOMENT

    def id(self, kind: str, *names: object) -> str:
        """The id of something that the scenario calls by a name: the given one, else one of the seed and the name."""
        return self.ids.find(kind, names) or named_id(self.seed, kind, "/".join(map(str, names)))

    def add(self, *rows: Record) -> None:
        """Rows that the records begin with."""
        self.rows.extend(rows)

    def add_event(self, at: datetime, event: Event, entry: Section) -> None:
        """Something that changes the records at a moment; `entry` is where the file says so."""
        self.events.append((at, event, entry))

    def play(self) -> Records:
        """The rows as records, and then what happened, in the order of time."""
        records = Records().save(*self.rows)
        for n, (at, event, entry) in enumerate(sorted(self.events, key=itemgetter(0))):
            turn = Turn(records, at, GUIDANCE, partial(nth_id, f"{self.seed}/event {n}"))
            try:
                event(turn)
            except DoesNotFit as reason:
                entry.note(f"could not have happened: {reason}")
            records = turn.records
        return self._keep_latest_updated_at(records) if self.events else records

    def _keep_latest_updated_at(self, records: Records) -> Records:
        """What happened touched people who were registered, or checked, only later: they keep the later moment."""
        rows = (it for it in self.rows if isinstance(it, User | TrainingRecord | School))
        now = ((it, getattr(records, records.TABLES[type(it)])[it.id]) for it in rows)
        return records.save(
            *(replace(it, updated_at=row.updated_at) for row, it in now if it.updated_at < row.updated_at)
        )

    def next_output_statement(self, provider_id: str, cohort: int, day: date) -> Statement | None:
        """The statement that takes what becomes payable on that day, if the contract still has one."""
        own = self.statements.get((provider_id, cohort), ())
        return next((it for it in own if it.output_fee and it.deadline_date >= day), None)
