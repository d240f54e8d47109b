"""What a scenario of this service begins with: what the DfE and schools are, then what happened in order of time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from operator import itemgetter
from typing import Any

from ecf_sandbox.dates.uk import uk_midnight
from ecf_sandbox.dates.wire import instant
from ecf_sandbox.rect.actions.change_schedule import change_schedule
from ecf_sandbox.rect.actions.participants import defer, resume, withdraw
from ecf_sandbox.rect.domain.contracts import Statement
from ecf_sandbox.rect.domain.providers import (
    ActiveLeadProvider,
    DeliveryPartner,
    DeliveryPartnership,
    LeadProvider,
    Token,
)
from ecf_sandbox.rect.domain.schools import School, SchoolPartnership, Uplift
from ecf_sandbox.rect.domain.teachers import TeacherType
from ecf_sandbox.rect.editions import GUIDANCE
from ecf_sandbox.rect.events.dfe import mark_statements_payable
from ecf_sandbox.rect.events.registration import register_ect, register_mentor
from ecf_sandbox.rect.events.registry import EVENTS
from ecf_sandbox.rect.queries.metadata import with_schools_looked_up
from ecf_sandbox.rect.records import Records, Turn
from ecf_sandbox.rect.reference import loading as reference
from ecf_sandbox.rect.scenario.happenings import (
    declared,
    funding_ended,
    inducted,
    known,
    mentored,
    merged,
    paid,
    resolved,
    said,
    second_record,
    voided,
)
from ecf_sandbox.rect.scenario.sections import (
    HistoryEntry,
    MergedEntry,
    PartnershipEntry,
    PersonEntry,
    SchoolEntry,
    Sections,
    TrainingEntry,
)
from ecf_sandbox.rulebook.refusals import BadEvent, DoesNotFit, NotFound, Refused
from ecf_sandbox.scenario.builder import ScenarioBuilder
from ecf_sandbox.scenario.references import references
from ecf_sandbox.scenario.section import Section
from ecf_sandbox.scenario.yaml_reader import ScenarioProblem
from ecf_sandbox.state.event import play_event
from ecf_sandbox.state.ids import named_id, nth_id
from ecf_sandbox.state.record import Record

_NO_MOMENT = datetime(9999, 1, 1, tzinfo=UTC)
_FOUNDED = datetime(2021, 2, 2, 9, tzinfo=UTC)
_EARLY = timedelta(days=5)  # before the first day at a school it is registered, as a rule
_MORNING, _NOON = timedelta(hours=9), timedelta(hours=12)

Happening = Callable[[Turn], object]


class Beginning:
    """The records of a scenario in the making."""

    def __init__(self, seed: str) -> None:
        self.seed = seed
        self.as_of = _NO_MOMENT
        self.problems: list[ScenarioProblem] = []
        self.stories: dict[str, str] = {}
        self._rows: list[Record] = []
        self._happened: list[tuple[datetime, Happening, Section | None]] = []
        self._years = {it.year: it.year for it in reference.contract_periods()}
        self._providers: dict[str, LeadProvider] = {}
        self._partners: dict[str, DeliveryPartner] = {}
        self._schools: dict[str, School] = {}
        self._trns: dict[str, str] = {}
        self._unpaid_since: dict[str, date] = {}

    def set_as_of(self, moment: datetime | None) -> None:
        """Say which moment the scenario describes, if that is known."""
        self.as_of = moment or _NO_MOMENT

    def beginning(self, root: Sections) -> tuple[Records, Mapping[str, str]]:
        """Read every section: the records, and the callers' tokens by what the file calls the callers."""
        self._rows += reference.contract_periods()
        self._rows += reference.schedules(lambda name: self._id("schedule", name))
        tokens = dict(self._read_providers(root))
        self._read_partners(root)
        self._read_schools(root)
        for entry in root.partnerships:
            self._read_partnership(entry)
        people = list(root.people.unfinished())
        self._trns = {it.name: it.trn for it in people}
        for person in people:
            self._read_person(person)
            person.finish()
        self._let_time_pass()
        return self._play(), tokens

    def _id(self, kind: str, *names: object) -> str:
        return named_id(self.seed, kind, "/".join(map(str, names)))

    def _read_providers(self, root: Sections) -> list[tuple[str, str]]:
        tokens = []
        for key, entry in root.providers:
            provider = LeadProvider(id=self._id("lead provider", key), name=entry.name or key)
            token = entry.token or f"{key}-token"
            self._providers[key] = provider
            self._unpaid_since[provider.id] = entry.unpaid_since or date.max
            self._rows += (provider, Token(value=token, lead_provider_id=provider.id))
            tokens.append((key, token))
            for year in entry.cohorts.among(self._years) if entry.cohorts else self._years:
                self._rows.append(
                    ActiveLeadProvider(
                        id=self._id("active lead provider", key, year),
                        lead_provider_id=provider.id,
                        contract_period_year=year,
                    )
                )
                self._rows += self._statements(key, provider, year)
        return tokens

    def _statements(self, key: str, provider: LeadProvider, contract_period: int) -> list[Statement]:
        made_at = datetime(contract_period, 4, 17, 9, tzinfo=UTC)
        return [
            Statement(
                id=self._id("statement", key, contract_period, it.year, it.month),
                lead_provider_id=provider.id,
                contract_period_year=contract_period,
                month=it.month,
                year=it.year,
                deadline_date=it.deadline_date,
                payment_date=it.payment_date,
                created_at=made_at,
                updated_at=made_at,
            )
            for it in reference.statement_calendar(contract_period)
        ]

    def _read_partners(self, root: Sections) -> None:
        for key, entry in root.delivery_partners:
            at = _FOUNDED + timedelta(minutes=len(self._partners))
            partner = DeliveryPartner(
                id=self._id("delivery partner", key), name=entry.name, created_at=at, updated_at=at
            )
            self._partners[key] = partner
            self._rows.append(partner)
            for provider_key, years in entry.works_with.among(self._providers):
                for year in years.among(self._years):
                    self._rows.append(
                        DeliveryPartnership(
                            id=self._id("delivery partnership", provider_key, key, year),
                            lead_provider_id=self._providers[provider_key].id,
                            delivery_partner_id=partner.id,
                            contract_period_year=year,
                        )
                    )

    def _read_schools(self, root: Sections) -> None:
        urns: dict[str, str] = {}
        for key, entry in root.schools:
            if not entry.urn.isdecimal():
                entry.note(f"expected a number, not '{entry.urn}'", "urn")
                continue
            if entry.urn in urns:
                entry.note(f"'{entry.urn}' is also the URN of {urns[entry.urn]}", "urn")
            urns[entry.urn] = key
            self._schools[key] = school = self._school(key, entry)
            self._rows.append(school)
            premium, sparse = entry.pupil_premium.among(self._years), entry.sparsity.among(self._years)
            for year in dict.fromkeys((*premium, *sparse)):
                self._rows.append(
                    Uplift(
                        id=self._id("uplift", key, year),
                        school_id=school.id,
                        contract_period_year=year,
                        pupil_premium=year in premium,
                        sparsity=year in sparse,
                    )
                )

    def _school(self, key: str, entry: SchoolEntry) -> School:
        return School(
            id=self._id("school", key),
            urn=int(entry.urn),
            name=entry.name,
            type_name="Community school",
            eligible=entry.eligible,
            primary_contact_email=entry.email,
            induction_tutor_name=entry.induction_tutor,
            induction_tutor_email=entry.induction_tutor_email
            or (f"induction.tutor@{key}.example.com" if entry.induction_tutor else None),
            created_at=_FOUNDED + timedelta(minutes=len(self._schools)),
        )

    def _read_partnership(self, entry: PartnershipEntry) -> None:
        school, provider = entry.school.among(self._schools), entry.provider.among(self._providers)
        partner, year = entry.delivery_partner.among(self._partners), entry.cohort.among(self._years)
        if school is None or provider is None or partner is None or year is None:
            return
        made = {
            (it.lead_provider_id, it.delivery_partner_id, it.contract_period_year): it.id
            for it in self._rows
            if isinstance(it, DeliveryPartnership)
        }
        delivery = made.get((provider.id, partner.id, year))
        if delivery is None:
            entry.note(f"{partner.name} does not work with {provider.name} in {year}", "delivery_partner")
            return
        known = [it for it in self._rows if isinstance(it, SchoolPartnership)]
        at = entry.since or datetime(year, 6, 10, 9, tzinfo=UTC) + timedelta(minutes=len(known))
        self._rows.append(
            SchoolPartnership(
                id=self._id("partnership", school.urn, delivery),
                school_id=school.id,
                delivery_partnership_id=delivery,
                created_at=at,
                updated_at=at,
            )
        )

    def _read_person(self, person: PersonEntry) -> None:
        if person.name in self.stories:
            person.note(f"'{person.name}' is somebody else's name too", "name")
        self.stories[person.name] = person.story or ""
        if (other := next((name for name, trn in self._trns.items() if trn == person.trn), person.name)) != person.name:
            person.note(f"'{person.trn}' is also the reference number of {other}", "trn")
        for kind, training in ((TeacherType.ECT, person.ect), (TeacherType.MENTOR, person.mentor)):
            if training is not None:
                self._read_training(person, kind, training)
                training.finish()
        for entry in person.history:
            self._add(entry.at, partial(self._played, person, entry, entry.school.among(self._schools)), entry)
        for second in person.merged:
            self._read_merged(person, second)

    def _read_training(self, person: PersonEntry, kind: TeacherType, entry: TrainingEntry) -> None:
        school, provider = entry.school.among(self._schools), entry.provider.among(self._providers)
        if school is None:
            return
        first, _, last = person.name.partition(" ")
        # No two people at the same moment, so that lists have one order.
        usual = uk_midnight(entry.from_) - _EARLY + _MORNING + timedelta(minutes=len(self.stories))
        registered = entry.registered or usual
        told: dict[str, Any] = {
            "trn": person.trn,
            "first_name": first,
            "last_name": last,
            "email": entry.email or f"{person.name.lower().replace(' ', '.')}@{entry.school.name}.example.com",
            "school_id": school.id,
            "started_on": entry.from_,
            "lead_provider": provider.name if provider else None,
        }
        if kind is TeacherType.ECT:
            told["working_pattern"] = str(entry.working_pattern or "full_time")
            self._add(registered, partial(register_ect, **told), entry)
        else:
            self._add(registered, partial(register_mentor, **told), entry)
        if entry.mentor:
            trn = entry.mentor.among(self._trns)
            self._add(
                max(registered, uk_midnight(entry.from_)) + _MORNING,
                partial(mentored, person.trn, trn or ""),
                entry,
            )
        if entry.induction_from is not None:
            at = max(registered, uk_midnight(entry.induction_from)) + _MORNING
            self._add(at, partial(inducted, person.trn, entry.induction_from), entry)
        if entry.funding_ended is not None:
            at = max(registered, uk_midnight(entry.funding_ended.on)) + _MORNING
            self._add(at, partial(funding_ended, person.trn, entry.funding_ended), entry.funding_ended)
            entry.funding_ended.finish()
        if provider is not None:
            self._read_provider_said(person, kind, provider, entry)
            return
        for name in ("declarations", "deferred", "withdrawn", "resumed", "schedules"):
            if name in entry:
                entry.note("is said by a provider, and nobody's provider is named here", name)

    def _read_merged(self, person: PersonEntry, entry: MergedEntry) -> None:
        second = second_record(partial(self._id, "merged record", entry.trn), person.name, entry.trn, _FOUNDED)
        self._rows.append(second)
        self._add(entry.at, partial(merged, second.id, person.trn), entry)

    def _read_provider_said(
        self, person: PersonEntry, kind: TeacherType, provider: LeadProvider, entry: TrainingEntry
    ) -> None:
        for it in entry.declarations:
            sent = it.sent or it.date + timedelta(days=1)
            by = it.by.among(self._providers) or provider
            self._add(sent, partial(declared, person.trn, kind, by, it), it)
            if it.voided is not None:
                self._add(it.voided, partial(voided, person.trn, kind, by, it.type), it)
        for stop, action in ((entry.deferred, defer), (entry.withdrawn, withdraw)):
            if stop is not None:
                fields = {"reason": stop.reason, "course_identifier": kind.course}
                self._add(stop.at, partial(said, person.trn, provider, action, fields), stop)
                stop.finish()
        if entry.resumed is not None:
            fields = {"course_identifier": kind.course}
            self._add(entry.resumed.at, partial(said, person.trn, provider, resume, fields), entry.resumed)
            entry.resumed.finish()
        for change in entry.schedules:
            year = change.cohort.among(self._years)
            fields = {"schedule_identifier": change.to, "course_identifier": kind.course}
            fields |= {"cohort": str(year)} if year else {}
            self._add(change.at, partial(said, person.trn, provider, change_schedule, fields), change)

    def _add(self, at: datetime, happening: Happening, entry: Section | None) -> None:
        if entry is not None and at > self.as_of:
            entry.note(f"happens at {instant(at)}, after the moment that the file describes")
        self._happened.append((at, happening, entry))

    def _played(self, person: PersonEntry, entry: HistoryEntry, school: School | None, turn: Turn) -> None:
        """An event, told what of the person it asks for and the file does not say."""
        first, _, last = person.name.partition(" ")
        teacher = turn.records.teachers.one("trn", person.trn)
        own = {
            "trn": person.trn,
            "first_name": first,
            "last_name": last,
            "email": f"{person.name.lower().replace(' ', '.')}@{entry.school.name or 'school'}.example.com",
            "participant_id": teacher.id if teacher else "",
            "ect_id": teacher.id if teacher else "",
            "school_id": school.id if school else "",
        }
        event = EVENTS.get(entry.event)
        asked = {it.name for it in event.parameters} if event else set()
        given = dict(entry.with_ or {})
        if "mentor" in given:
            given["mentor_id"] = known(turn, self._trns.get(str(given.pop("mentor")), "")).id
        if next(references(given), None) is not None:
            given = resolved(turn, given)
        play_event(EVENTS, turn, entry.event, {name: it for name, it in own.items() if name in asked} | given)

    def _let_time_pass(self) -> None:
        """Statements become payable after their deadline, and are paid on their day."""
        statements = [it for it in self._rows if isinstance(it, Statement)]
        for deadline in sorted({it.deadline_date for it in statements}):
            at = uk_midnight(deadline + timedelta(days=1))
            if at <= self.as_of:
                self._add(at, mark_statements_payable, None)
        for it in statements:
            at = datetime.combine(it.payment_date, time.min, UTC) + _NOON
            if at <= self.as_of and it.payment_date < self._unpaid_since[it.lead_provider_id]:
                self._add(at, partial(paid, it.id), None)

    def _play(self) -> Records:
        records = Records().save(*self._rows)
        records = with_schools_looked_up(records, [it.id for it in self._schools.values()], _FOUNDED)
        for n, (at, happening, entry) in enumerate(sorted(self._happened, key=itemgetter(0))):
            turn = Turn(records, at, GUIDANCE, partial(nth_id, f"{self.seed}/event {n}"))
            try:
                happening(turn)
            except (DoesNotFit, Refused, BadEvent, NotFound) as reason:
                if entry is not None:
                    entry.note(f"could not have happened: {reason}")
                continue
            records = turn.records
        return records


def scenario_builder(seed: str) -> ScenarioBuilder:
    """A scenario that is about to be read; its ids derive from the seed."""
    return Beginning(seed)


def names_after(_: str, arguments: Mapping[str, object]) -> list[str]:
    """Whom an event registers can be named from then on."""
    first, last = arguments.get("first_name"), arguments.get("last_name")
    return [f"people.{first} {last}{record}" for record in ("", ".ect", ".mentor")] if first and last else []
