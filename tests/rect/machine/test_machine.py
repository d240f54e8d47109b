"""Whatever providers, schools and the DfE do, in whatever order, lists and shows say what they should.

`--hypothesis-profile=long` looks for much longer, and elsewhere each time.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from ecf_sandbox.state.ids import named_id
from tests.effort import examples
from tests.rect.machine.acting import COURSES, SERVES
from tests.rect.machine.country import (
    BEGINNING,
    IDENTIFIERS,
    LONG_AGO,
    PARTNERS,
    PROVIDERS,
    SCHOOLS,
    Country,
    id_of,
    windows,
)
from tests.rect.machine.model import DAY, LIVE, ORDER, URNS, Bill, Model, Person, Stint, Told, midnight, wire
from tests.rect.machine.targeted import TargetedSteps

pytestmark = pytest.mark.slow

USUAL = 16
DRAWN = examples(USUAL)
LONG = DRAWN > USUAL
SETTINGS = settings(
    max_examples=DRAWN,
    stateful_step_count=30 if DRAWN >= USUAL else 20,
    derandomize=not LONG,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
NOBODY = named_id("rect machine", "person", "nobody")
SOMEBODY = st.sampled_from(PROVIDERS)
# What turns a sound declaration into one that is refused, whoever sends it about whomever.
FAULTS: dict[str, dict[str, Any]] = {
    "nobody": {"participant_id": NOBODY},
    "no id": {"participant_id": "me"},
    "no participant": {"participant_id": None},
    "a strange course": {"course_identifier": "ecf-nonsense"},
    "no type": {"declaration_type": None},
    "a strange type": {"declaration_type": "retained-9"},
    "a type without milestone": {"declaration_type": "extended-1"},
    "no date": {"declaration_date": None},
    "a date without a time": {"declaration_date": "2025-10-06"},
    "no such date": {"declaration_date": "2025-02-30T10:00:00Z"},
    "a date that is a number": {"declaration_date": 20251006},
    "a date far ahead": {"declaration_date": "2099-01-01T00:00:00Z"},
    "a date long ago": {"declaration_date": "2019-01-01T00:00:00Z"},
}
EVIDENCE = (
    *("training-event-attended", "other", "materials-engaged-with-offline"),
    *("75-percent-engagement-met", "one-term-induction"),
)


class ProviderApi(TargetedSteps):
    """Providers write, schools and the DfE act, time passes; the model says what follows."""

    @initialize()
    def begin(self) -> None:
        self.country = Country()
        self.model = Model.at_first()
        self.now = BEGINNING
        self.steps = 0

    @property
    def shows(self) -> bool:
        """Whether each thing is shown as well as listed; not after every step, since that takes most of the time."""
        return self.steps % 5 == 0

    # Time

    @rule(days=st.sampled_from([0, 1, 1, 7, 30, 90]), seconds=st.integers(1, 1800))
    def time_passes(self, days: int, seconds: int) -> None:
        """Always to the working hours of a day, on which the day is the same here and in the United Kingdom."""
        moved = self.now + timedelta(days=days, seconds=seconds)
        if moved.hour >= 17:
            moved = datetime.combine(moved.date() + timedelta(days=1), time(9), moved.tzinfo)
        self._moves_to(min(moved, datetime(2027, 5, 1, 12, tzinfo=self.now.tzinfo)))

    @rule(data=st.data(), seldom=st.integers(0, 2))
    def a_day_comes_on_which_something_ends(self, data: st.DataObject, seldom: int) -> None:
        """The day of a deadline, of the end of training or a school period, of its beginning; or the day after."""
        today = self.now.date()
        days = {it.deadline for it in self.model.bills} | {date(2026, 6, 1)}
        for person in self.model.people:
            days |= {it.end for it in (*person.stints, person) if it.end} | {it.start for it in person.stints}
        near = sorted(it + off for it in days for off in (-DAY, timedelta(0), DAY) if 0 < (it + off - today).days < 120)
        if seldom and near:
            self._moves_to(datetime.combine(data.draw(st.sampled_from(near), label="day"), time(9), self.now.tzinfo))

    # Participants

    @rule(data=st.data(), reason=st.sampled_from(["bereavement", "other", "other", "nonsense"]))
    def defer(self, data: st.DataObject, reason: str) -> None:
        self._defer(*self._trained(data), reason)

    @rule(
        data=st.data(),
        reason=st.sampled_from(["moved-school", "other", "mentor-no-longer-being-mentor", "school-left-fip"]),
    )
    def withdraw(self, data: st.DataObject, reason: str) -> None:
        self._withdraw(*self._trained(data), reason)

    @rule(data=st.data())
    def resume(self, data: st.DataObject) -> None:
        self._resume(*self._trained(data))

    @rule(
        data=st.data(),
        identifier=st.sampled_from([*IDENTIFIERS, "ecf-standard-may"]),
        cohort=st.sampled_from([None, None, None, 2024, 2025, 2022, 2031]),
    )
    def change_schedule(self, data: st.DataObject, identifier: str, cohort: int | None) -> None:
        self._change_schedule(*self._trained(data), identifier, cohort)

    @rule(data=st.data(), days=st.sampled_from([0, 0, 0, 1]))
    def two_things_are_said_of_one_participant(self, data: st.DataObject, days: int) -> None:
        """On the same day, mostly: what begins or ends today decides what else can be said."""
        trained = [(it, person) for person in self.model.people for it in PROVIDERS if person.latest(it)]
        provider, person = data.draw(st.sampled_from(trained), label="trained")
        self._say(data, provider, person)
        if days:
            self.now += timedelta(days=days)
            self.participants_are_as_expected()
        self._say(data, provider, person)

    def _say(self, data: st.DataObject, provider: str, person: Person) -> None:
        stint = person.latest(provider)
        assert stint is not None
        back = stint.status != "active"
        likely = ["resume", "resume", "withdraw", "defer"] if back else ["schedule", "defer", "withdraw", "resume"]
        likely += ["declare", "declare"]
        match data.draw(st.sampled_from(likely), label="what is said"):
            case "defer":
                self._defer(provider, person, "other")
            case "withdraw":
                self._withdraw(provider, person, "other")
            case "resume":
                self._resume(provider, person)
            case "declare":
                free = self._free(person)
                if free:
                    self._declare(provider, person, free[0], self.now, {"evidence_held": SERVES.get(free[0], "other")})
            case "schedule":
                others = [it for it in ("ecf-extended-april", "ecf-standard-april") if it != stint.schedule]
                self._change_schedule(provider, person, others[0], None)

    # Declarations

    @rule(data=st.data(), days=st.integers(0, 120))
    def declare_what_is_due(self, data: st.DataObject, days: int) -> None:
        """A milestone of somebody in training that is still free, in its window and not ahead, with sound evidence."""
        due = [
            (provider, it, type)
            for it in self.model.people
            for provider in PROVIDERS
            if it.latest(provider)
            for type in (("started", "completed") if it.kind == "mentor" else ORDER)
            if not any(told.person is it and told.type == type and told.state in LIVE for told in self.model.told)
        ]
        if not due:
            return
        provider, person, type = data.draw(st.sampled_from(due), label="due")
        stint = person.latest(provider)
        assert stint is not None
        first, last = windows(stint.cohort)[type]
        # From 2025 every window is open from the first day, and those of milestones follow each other by half-months.
        later = days if last is not None else 15 * ORDER.index(type) + 60 + days % 30
        moment = min(self.now, datetime.combine(first, time(10), self.now.tzinfo) + timedelta(days=later))
        if last is not None:
            moment = min(moment, datetime.combine(last, time(10), self.now.tzinfo))
        self._declare(provider, person, type, moment, {"evidence_held": SERVES.get(type, "other")})

    @rule(
        data=st.data(),
        provider=SOMEBODY,
        type=st.sampled_from(ORDER),
        evidence=st.sampled_from([None, *EVIDENCE]),
        days=st.integers(-500, 30),
    )
    def declare_anything(self, data: st.DataObject, provider: str, type: str, evidence: str | None, days: int) -> None:
        at = self.now + timedelta(days=days)
        self._declare(provider, self._anybody(data), type, at, {"evidence_held": evidence} if evidence else {})

    @rule(data=st.data(), second=st.sampled_from([0, -1, 1]))
    def declare_at_an_edge(self, data: st.DataObject, second: int) -> None:
        """At the edge of a milestone in the United Kingdom, now, at a withdrawal, or with another declaration."""
        trained = [(it, person) for person in self.model.people for it in PROVIDERS if person.latest(it)]
        provider, person = data.draw(st.sampled_from(trained), label="trained")
        stint = person.latest(provider)
        assert stint is not None
        type = data.draw(st.sampled_from(("started", "completed") if person.kind == "mentor" else ORDER), label="type")
        edges = [self.now, *(it.date for it in self.model.told if it.person is person), *self._window(stint, type)]
        edges += [stint.withdrawn[0]] if stint.withdrawn else []
        at = data.draw(st.sampled_from(edges), label="edge") + timedelta(seconds=second)
        self._declare(provider, person, type, at, {"evidence_held": SERVES.get(type, "other")})

    @staticmethod
    def _window(stint: Stint, type: str) -> list[datetime]:
        first, last = windows(stint.cohort)[type]
        return [midnight(first)] if last is None else [midnight(first), midnight(last + DAY), midnight(last)]

    @rule(data=st.data(), provider=SOMEBODY, fault=st.sampled_from(sorted(FAULTS)))
    def declare_with_a_fault(self, data: st.DataObject, provider: str, fault: str) -> None:
        fields = self._fields(self._anybody(data), "started", self.now, {"evidence_held": "other"}) | FAULTS[fault]
        answer = self.country.write(provider, "POST", "participant-declarations", self.now, fields)
        assert answer.status in (400, 422), (fault, answer)

    @precondition(lambda self: self.model.told)
    @rule(data=st.data())
    def void(self, data: st.DataObject) -> None:
        told = data.draw(st.sampled_from(self.model.told), label="told")
        self._void(told)

    @precondition(lambda self: self.model.told)
    @rule(data=st.data())
    def void_what_another_provider_told(self, data: st.DataObject) -> None:
        told = data.draw(st.sampled_from(self.model.told), label="told")
        other = next(it for it in PROVIDERS if it != told.provider)
        path = f"participant-declarations/{told.id}/void"
        assert self.country.write(other, "PUT", path, self.now).status == 404

    # Partnerships

    @rule(
        provider=SOMEBODY,
        school=st.sampled_from(SCHOOLS),
        partner=st.sampled_from(PARTNERS),
        cohort=st.sampled_from([2022, 2024, 2025, 2026, 2031]),
    )
    def create_partnership(self, provider: str, school: str, partner: str, cohort: int) -> None:
        self._create_partnership(provider, school, partner, cohort)

    @rule(data=st.data(), provider=SOMEBODY, partner=st.sampled_from(PARTNERS))
    def update_partnership(self, data: st.DataObject, provider: str, partner: str) -> None:
        self._repartner(data.draw(st.sampled_from(self.model.deals), label="deal"), provider, partner)

    # Schools and the DfE

    @rule(data=st.data(), days=st.sampled_from([-30, -1, 0, 1, 40]))
    def somebody_leaves(self, data: st.DataObject, days: int) -> None:
        person = self._anybody(data)
        last = self.now.date() + timedelta(days=days)
        self._leaves_school(person, last)

    @rule(data=st.data(), provider=SOMEBODY)
    def a_school_picks_another_provider(self, data: st.DataObject, provider: str) -> None:
        person = self._anybody(data)
        if not person.stints:
            return
        self._picks_provider(person, provider)

    @rule(data=st.data())
    def an_induction_starts(self, data: st.DataObject) -> None:
        person = data.draw(st.sampled_from([it for it in self.model.people if it.kind == "ect"]), label="ect")
        may = not person.induction
        day = (self.now.date() - timedelta(days=3)).isoformat()
        assert self._happens("induction_starts", participant_id=person.id, started_on=day) is may
        if may:
            self.model.become_eligible(person, self.now)

    @rule()
    def night_falls(self) -> None:
        self._night()

    @rule()
    def statements_are_settled(self) -> None:
        self._pays_all()

    @rule(data=st.data())
    def the_dfe_pays(self, data: st.DataObject) -> None:
        bill = data.draw(st.sampled_from(self.model.bills), label="bill")
        came = self.model.pay(bill, self.now)
        assert self._happens("pay_statement", statement_id=bill.id) is came

    @rule(year=st.sampled_from([2024, 2025]), seldom=st.integers(0, 9))
    def the_dfe_freezes_a_cohort(self, year: int, seldom: int) -> None:
        if seldom == 7:  # the smallest number would come up far more often than seldom
            assert self._happens("freeze_contract_period", year=year)
            self.model.frozen.add(year)

    @rule(data=st.data(), name=st.sampled_from(["Una Lee", "Vic Ray"]))
    def somebody_changes_name_or_address(self, data: st.DataObject, name: str) -> None:
        person = self._anybody(data)
        if data.draw(st.booleans(), label="by name"):
            assert self._happens("change_name", participant_id=person.id, name=name)
            changed, person.full_name = person.full_name != name, name
        else:
            email = f"{name[:3].lower()}@example.com"
            assert self._happens("change_email", participant_id=person.id, email=email, **{"as": person.kind})
            changed, person.email = person.email != email, email
        if changed:
            person.touched = self.now

    # What everybody sees

    @invariant()
    def participants_are_as_expected(self) -> None:
        if not hasattr(self, "model"):
            return
        self.steps += 1
        for provider in PROVIDERS:
            listed = self._list(provider, "participants")
            expected = {it.id: self._participant(provider, it) for it in self.model.people if it.latest(provider)}
            assert {id: shown(it) for id, it in listed.items()} == expected
            if self.shows:
                for person in self.model.people:
                    answer = self.country.get(provider, f"participants/{person.id}", self.now)
                    assert (answer.data if answer.ok else None) == listed.get(person.id)

    @invariant()
    def declarations_are_as_expected(self) -> None:
        if not hasattr(self, "model"):
            return
        for provider in PROVIDERS:
            listed = self._list(provider, "participant-declarations")
            assert {id: it["attributes"] for id, it in listed.items()} == {
                it.id: declaration(it) for it in self.model.visible(provider)
            }
            if self.shows:
                for told in self.model.told:
                    answer = self.country.get(provider, f"participant-declarations/{told.id}", self.now)
                    assert (answer.data if answer.ok else None) == listed.get(told.id)

    @invariant()
    def partnerships_and_statements_are_as_expected(self) -> None:
        if not hasattr(self, "model"):
            return
        for provider in PROVIDERS:
            listed = self._list(provider, "partnerships")
            assert {id: pick(it["attributes"], PARTNERSHIP) for id, it in listed.items()} == {
                it.id: {
                    "cohort": str(it.cohort),
                    "urn": URNS[it.school],
                    "delivery_partner_id": id_of("partner", it.partner),
                    "participants_currently_training": self.model.currently_training(it, self.now.date()),
                    "updated_at": wire(it.updated),
                }
                for it in self.model.deals
                if it.provider == provider
            }
            bills = self._list(provider, "statements")
            assert {id: pick(it["attributes"], STATEMENT) for id, it in bills.items()} == {
                it.id: statement(it) for it in self.model.bills if it.provider == provider
            }

    # How it is done

    def _seen(self) -> None:
        self.participants_are_as_expected()
        self.declarations_are_as_expected()
        self.partnerships_and_statements_are_as_expected()

    def _list(self, provider: str, path: str) -> dict[str, dict[str, Any]]:
        answer = self.country.get(provider, f"{path}?page[per_page]=3000", self.now)
        assert answer.ok, answer
        found = {it["id"]: it for it in answer.data}
        assert len(found) == len(answer.data), "an id is listed twice"
        return found

    def _participant(self, provider: str, person: Person) -> dict[str, Any]:
        stint = person.latest(provider)
        assert stint is not None
        status = stint.status
        return {
            "full_name": person.full_name,
            "updated_at": wire(person.touched),
            "email": person.email,
            "school_urn": URNS[person.school],
            "participant_type": person.kind,
            "cohort": str(stint.cohort),
            "training_status": status,
            "participant_status": person.participant_status(stint, self.now.date()),
            "eligible_for_funding": self._eligible(person),
            "schedule_identifier": stint.schedule,
            "delivery_partner_id": id_of("partner", stint.partner or ""),
            "withdrawal": said(stint.withdrawn) if status == "withdrawn" else None,
            "deferral": said(stint.deferred) if status == "deferred" else None,
            "mentor_funding_end_date": person.completed.isoformat() if person.completed else None,
            "cohort_changed_after_payments_frozen": person.frozen_from is not None,
        }

    @staticmethod
    def _eligible(person: Person) -> bool | None:
        if person.completed is not None and not person.eligible:
            return False
        if person.completed is not None and person.completed < LONG_AGO.date():
            return False
        return True if person.eligible else None


PARTNERSHIP = ("cohort", "urn", "delivery_partner_id", "participants_currently_training", "updated_at")
STATEMENT = ("cohort", "cut_off_date", "paid", "updated_at")
ENROLMENT = (
    *("email", "school_urn", "participant_type", "cohort", "training_status", "participant_status"),
    *("eligible_for_funding", "schedule_identifier", "delivery_partner_id", "withdrawal", "deferral"),
    *("mentor_funding_end_date", "cohort_changed_after_payments_frozen"),
)


def pick(attributes: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    """Some of the attributes."""
    return {it: attributes[it] for it in names}


def said(what: tuple[datetime, str] | None) -> dict[str, str] | None:
    """A deferral or a withdrawal as an enrolment shows it."""
    return None if what is None else {"reason": what[1], "date": wire(what[0])}


def shown(document: dict[str, Any]) -> dict[str, Any]:
    """What the model knows of a participant."""
    attributes = document["attributes"]
    (enrolment,) = attributes["ecf_enrolments"]
    return pick(attributes, ("full_name", "updated_at")) | pick(enrolment, ENROLMENT)


def declaration(it: Told) -> dict[str, Any]:
    """All attributes of a declaration."""
    return {
        "participant_id": it.person.id,
        "declaration_type": it.type,
        "course_identifier": COURSES[it.person.kind],
        "declaration_date": wire(it.date),
        "mentor_id": None,
        "state": it.state,
        "updated_at": wire(it.updated),
        "created_at": wire(it.created),
        "delivery_partner_id": id_of("partner", it.partner or ""),
        "statement_id": it.statement,
        "clawback_statement_id": it.clawback,
        "ineligible_for_funding_reason": None,
        "uplift_paid": False,
        "evidence_held": it.evidence,
        "lead_provider_name": it.provider.title(),
    }


def statement(it: Bill) -> dict[str, Any]:
    """What the model knows of a statement."""
    return {
        "cohort": str(it.cohort),
        "cut_off_date": it.deadline.isoformat(),
        "paid": it.status == "paid",
        "updated_at": wire(it.updated),
    }


TestProviderApi = ProviderApi.TestCase
TestProviderApi.settings = SETTINGS
