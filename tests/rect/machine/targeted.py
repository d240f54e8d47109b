"""Steps that lead to where a small mistake would show, since steps at random seldom do."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from random import Random

from hypothesis import strategies as st
from hypothesis.stateful import rule

from tests.rect.machine.acting import SERVES, Acting
from tests.rect.machine.country import IDENTIFIERS, PARTNERS, PROVIDERS, SCHOOLS
from tests.rect.machine.model import DAY, LIVE, ORDER, Person, Stint, Told
from tests.rect.machine.objections import against_declaring, against_schedule, moments

SECOND = timedelta(seconds=1)
COHORTS = (None, 2022, 2024, 2025, 2026)
PARTNERED = (2024, 2025, 2026)
LATEST = date(2027, 5, 1)


class TargetedSteps(Acting):
    """Each step is several things in a row about one participant, one cohort or one partnership."""

    # What is refused, and for that alone

    @rule(data=st.data())
    def what_one_rule_forbids_is_refused(self, data: st.DataObject) -> None:
        self._forbidden(data, *self._trained(data))

    def _forbidden(self, data: st.DataObject, provider: str, person: Person) -> None:
        """Of each rule that alone stands in the way of something, one attempt."""
        picked = data.draw(st.builds(Random, st.integers(0, 9999)), label="attempts")
        found: dict[str, list[tuple[str, datetime]]] = {}
        for label, type, at, objections in self._declarations(provider, person):
            if len(objections) == 1:
                found.setdefault(f"{objections[0]} at {label}", []).append((type, at))
        for key in sorted(found):
            type, at = picked.choice(found[key])
            self._declare(provider, person, type, at, {"evidence_held": SERVES.get(type, "other")})
        if person.latest(provider) is None:
            return
        if self.model.against_resumption(provider, person, self.now):
            self._resume(provider, person)
        for defers in (True, False):
            if self.model.against_leaving(provider, person, "other", self.now, defers=defers):
                self._leaves(provider, person, "other", defers=defers)
        changes: dict[str, list[tuple[str, int | None]]] = {}
        for schedule in IDENTIFIERS:
            for cohort in COHORTS:
                objections = against_schedule(self.model, provider, person, schedule, cohort, self.now)
                if len(objections) == 1:
                    changes.setdefault(objections[0], []).append((schedule, cohort))
        for key in sorted(changes):
            self._change_schedule(provider, person, *picked.choice(changes[key]))

    def _declarations(self, provider: str, person: Person) -> Iterator[tuple[str, str, datetime, tuple[str, ...]]]:
        """Declarations at moments that matter, with sound evidence, and what each is refused for."""
        stint = person.latest(provider)
        if stint is None:
            return
        for type in ORDER:
            fields = {"declaration_type": type, "evidence_held": SERVES.get(type, "other")}
            for label, edges in moments(self.model, person, stint, type, self.now).items():
                for at in sorted({edge + off for edge in edges for off in (-SECOND, timedelta(0), SECOND)}):
                    yield label, type, at, against_declaring(self.model, provider, person, fields, at, self.now)

    # What is declared at an edge

    @rule(data=st.data())
    def declare_at_a_moment_that_matters(self, data: st.DataObject) -> None:
        self._sound(data, *self._trained(data))

    def _sound(self, data: st.DataObject, provider: str, person: Person, label: str | None = None) -> None:
        """Something that can be declared is, at a moment of a kind if there is one."""
        found: dict[str, list[tuple[str, datetime]]] = {}
        for kind, type, at, objections in self._declarations(provider, person):
            if not objections:
                found.setdefault(kind, []).append((type, at))
        if found:
            kind = label if label in found else data.draw(st.sampled_from(sorted(found)), label="edge")
            type, at = data.draw(st.sampled_from(sorted(found[kind])), label="declared")
            self._declare(provider, person, type, at, {"evidence_held": SERVES.get(type, "other")})

    @rule(data=st.data())
    def two_declarations_are_of_one_moment(self, data: st.DataObject) -> None:
        provider, person = self._trained(data)
        for _ in range(2):
            self._sound(data, provider, person, "another declaration")

    # Who leaves

    @rule(data=st.data(), days=st.sampled_from([0, 0, 1, 30]), defers=st.booleans())
    def what_came_after_leaving_is_declared(self, data: st.DataObject, days: int, defers: bool) -> None:
        provider, person = self._in_training(data)
        self._sound(data, provider, person)
        self._leaves(provider, person, "other", defers=defers)
        self._later(days, seconds=60)
        self._forbidden(data, provider, person)
        self._sound(data, provider, person, "what was said")

    @rule(data=st.data(), ahead=st.sampled_from([1, 2, 30]), days=st.integers(0, 2), defers=st.booleans())
    def somebody_leaves_whose_end_was_ahead(self, data: st.DataObject, ahead: int, days: int, defers: bool) -> None:
        """Said to leave the school on a later day, then deferred or withdrawn, and back on any day up to the last."""
        provider, person = self._in_training(data)
        last = self.now.date() + timedelta(days=ahead)
        self._leaves_school(person, last)
        self._leaves(provider, person, "other", defers=defers)
        self._seen()
        if days == 2:
            self._go_to(last)
        else:
            self._later(days)
        self._resume(provider, person)
        self._seen()
        self._forbidden(data, provider, person)

    @rule(data=st.data(), days=st.integers(0, 1))
    def somebody_is_back_on_the_last_day_at_school(self, data: st.DataObject, days: int) -> None:
        provider, person = self._in_training(data)
        self._leaves(provider, person, "other", defers=True)
        self._later(1)
        self._leaves_school(person, self.now.date() + timedelta(days=days))
        self._resume(provider, person)
        self._later(days)
        self._resume(provider, person)

    @rule(data=st.data(), defers=st.sampled_from([True, True, False]), days=st.sampled_from([1, 20]))
    def somebody_left_under_a_date_that_is_ahead(self, data: st.DataObject, defers: bool, days: int) -> None:
        """With a server date to come: they are about to leave, and may change schedule until they have."""
        provider, person = self._in_training(data)
        present = self.now
        self.now = present + timedelta(days=days)
        self._leaves(provider, person, "other", defers=defers)
        self.now = present
        self._seen()
        self._forbidden(data, provider, person)
        self._other_schedule(data, provider, person)

    # Who trains with another

    @rule(data=st.data(), first=st.sampled_from(["", "defer", "withdraw"]), days=st.sampled_from([0, 0, 1]))
    def the_former_provider_acts(self, data: st.DataObject, first: str, days: int) -> None:
        provider, person = self._in_training(data)
        other = next(it for it in PROVIDERS if it != provider)
        if first:
            self._leaves(provider, person, "other", defers=first == "defer")
        if data.draw(st.booleans(), label="with a partnership"):
            self._partnership_like(person, provider, other)
        self._picks_provider(person, other)
        self._later(days, seconds=60)
        self._forbidden(data, provider, person)
        self._resume(provider, person)
        self._seen()
        self._sound(data, other, person, "training")
        self._sound(data, provider, person, "training")

    @rule(data=st.data())
    def the_next_provider_declares_of_the_last_day_before(self, data: st.DataObject) -> None:
        """The former provider sees what is dated up to the beginning of its last day."""
        provider, person = self._in_training(data)
        other = next(it for it in PROVIDERS if it != provider)
        self._partnership_like(person, provider, other)
        self._picks_provider(person, other)
        for _ in range(2):
            self._sound(data, other, person, "training")

    def _partnership_like(self, person: Person, provider: str, other: str) -> None:
        """The other provider works with the school too, if it may."""
        cohort = _cohort(person, provider)
        if cohort is not None:
            self._create_partnership(other, person.school, PARTNERS[0], cohort)

    # Who changes schedule

    @rule(data=st.data(), days=st.sampled_from([0, 0, 1]))
    def declared_between_two_changes_of_schedule(self, data: st.DataObject, days: int) -> None:
        provider, person = self._in_training(data)
        self._other_schedule(data, provider, person)
        self._sound(data, provider, person)
        self._later(days)
        self._forbidden(data, provider, person)
        self._other_schedule(data, provider, person)

    @rule(data=st.data(), days=st.sampled_from([0, 1, 7]))
    def a_cohort_is_left_and_come_back_to(self, data: st.DataObject, days: int) -> None:
        """Of a frozen cohort, if anybody trains in one whom the provider could train in another."""
        found = [
            (provider, person, schedule, cohort)
            for person in self.model.people
            for provider in PROVIDERS
            if (stint := person.latest(provider))
            for schedule in (IDENTIFIERS[0], IDENTIFIERS[2])
            for cohort in COHORTS[1:]
            if cohort not in (None, stint.cohort)
            if not against_schedule(self.model, provider, person, schedule, cohort, self.now)
        ]
        from_frozen = [it for it in found if _cohort(it[1], it[0]) in self.model.frozen]
        if not found:
            return
        provider, person, schedule, cohort = data.draw(st.sampled_from(from_frozen or found), label="moves")
        own = _cohort(person, provider)
        self._change_schedule(provider, person, schedule, cohort)
        self._seen()
        self._later(days)
        self._forbidden(data, provider, person)
        self._change_schedule(provider, person, schedule, own)

    @rule(data=st.data(), year=st.sampled_from([2024, 2025]), seldom=st.integers(0, 5))
    def a_cohort_is_frozen_that_people_train_in(self, data: st.DataObject, year: int, seldom: int) -> None:
        if seldom == 3:  # the smallest number would come up far more often than seldom
            assert self._happens("freeze_contract_period", year=year)
            self.model.frozen.add(year)
        for person in self.model.people:
            for provider in PROVIDERS:
                stint = person.latest(provider)
                if stint is not None and stint.cohort in self.model.frozen:
                    self._forbidden(data, provider, person)

    # Statements

    @rule(data=st.data(), days=st.sampled_from([0, 0, 0, 1]))
    def a_deadline_comes(self, data: st.DataObject, days: int) -> None:
        """The day of a deadline still counts; after that of the last statement nothing is taken."""
        ahead = sorted({it.deadline for it in self.model.bills if it.deadline >= self.now.date()})
        if ahead:
            self._go_to(ahead[0] + timedelta(days=days))
        self._declare_for_everybody(data)

    @rule(data=st.data(), seldom=st.integers(0, 5))
    def the_last_statement_is_over(self, data: st.DataObject, seldom: int) -> None:
        last = max(it.deadline for it in self.model.bills)
        if seldom == 3 and self.now.date() <= last:
            self._go_to(last + DAY)
        if self.now.date() > last:
            self._declare_for_everybody(data)

    def _declare_for_everybody(self, data: st.DataObject) -> None:
        for person in self.model.people:
            for provider in PROVIDERS:
                if person.eligible and person.latest(provider):
                    self._forbidden(data, provider, person)
                    self._sound(data, provider, person, "now")

    @rule(data=st.data())
    def a_quarter_is_paid(self, data: st.DataObject) -> None:
        """After it nothing that was paid can be declared again, until it is voided."""
        provider, person = self._in_training(data)
        self._sound(data, provider, person)
        ahead = sorted({it.deadline for it in self.model.bills if it.deadline >= self.now.date()})
        if ahead:
            self._go_to(ahead[0] + DAY)
        self._pays_all()
        paid = [it for it in self.model.told if it.state == "paid"]
        if paid:
            told = data.draw(st.sampled_from(paid), label="paid")
            self._forbidden(data, told.provider, told.person)
            self._void(told)
            self._forbidden(data, told.provider, told.person)

    @rule(data=st.data(), ahead=st.sampled_from([0, 5, 40]), days=st.integers(0, 3), voids=st.booleans())
    def a_mentor_has_completed(self, data: st.DataObject, ahead: int, days: int, voids: bool) -> None:
        """An end that was ahead gives way to that of the completion, and training goes on once that is voided."""
        fields = {"declaration_type": "completed", "evidence_held": SERVES["completed"]}
        found = [
            (provider, person)
            for person in self.model.people
            for provider in PROVIDERS
            if person.kind == "mentor" and person.latest(provider)
            if not against_declaring(self.model, provider, person, fields, self.now, self.now)
        ]
        if found:
            provider, person = data.draw(st.sampled_from(found), label="mentor")
            if ahead:
                self._leaves_school(person, self.now.date() + timedelta(days=ahead))
            self._declare(provider, person, "completed", self.now, {"evidence_held": SERVES["completed"]})
            self._later(days)
            self._seen()
        made = [it for it in self.model.told if it.person.kind == "mentor" and it.type == "completed"]
        if made and voids:
            told = data.draw(st.sampled_from(made), label="completion")
            self._void(told)
            self._forbidden(data, told.provider, told.person)

    # Partnerships

    @rule(data=st.data(), partner=st.sampled_from(PARTNERS), own=st.sampled_from([False, False, True]))
    def a_partnership_is_made_where_somebody_waits(self, data: st.DataObject, partner: str, own: bool) -> None:
        """Interest waits for a partnership in its own cohort, not in another."""
        missing = [(it, person) for person in self.model.people for it in PROVIDERS if not self._deals(it, person)]
        if not missing:
            return
        provider, person = data.draw(st.sampled_from(missing), label="without partnership")
        self._picks_provider(person, provider)
        waits = {it.cohort for it in person.stints if it.provider == provider and it.partner is None}
        for cohort in PARTNERED:
            may = not self.model.against_confirming(provider, person.school, cohort, self.now.date())
            if may and (cohort in waits) is own:
                self._create_partnership(provider, person.school, partner, cohort)
                return

    def _deals(self, provider: str, person: Person) -> bool:
        cohort = max(person.stints, key=lambda it: it.start).cohort if person.stints else None
        return any((it.provider, it.school, it.cohort) == (provider, person.school, cohort) for it in self.model.deals)

    @rule(data=st.data())
    def another_delivery_partner_trains_people(self, data: st.DataObject) -> None:
        provider, person = self._in_training(data)
        self._sound(data, provider, person)
        self._later(0, seconds=60)
        stint = person.latest(provider)
        found = [
            it
            for it in self.model.deals
            if stint and (it.provider, it.school, it.cohort) == (provider, person.school, stint.cohort)
        ]
        for deal in found[:1]:
            self._repartner(deal, provider, next(it for it in PARTNERS if it != deal.partner))

    @rule(
        school=st.sampled_from(SCHOOLS),
        partner=st.sampled_from(PARTNERS),
        provider=st.sampled_from(PROVIDERS),
        days=st.sampled_from([-1, 0, 0, 1]),
    )
    def a_cohort_begins(self, school: str, partner: str, provider: str, days: int) -> None:
        self._go_to(date(2026, 6, 1) + timedelta(days=days))
        self._create_partnership(provider, school, partner, 2026)

    # How it is done

    def _in_training(self, data: st.DataObject) -> tuple[str, Person]:
        """Somebody who trains, with whom they do, if anybody does; else anybody, with a provider who knows them."""
        known = [(it, person) for person in self.model.people for it in PROVIDERS if person.latest(it)]
        today = self.now.date()
        training = [
            (it, person)
            for it, person in known
            if (stint := person.latest(it)) and stint.start < today and self._goes_on(stint)
        ]
        return data.draw(st.sampled_from(training or known), label="in training")

    def _goes_on(self, stint: Stint) -> bool:
        return stint.status == "active" and (stint.end is None or stint.end > self.now.date())

    def _live(self, person: Person, type: str) -> list[Told]:
        return [it for it in self.model.told if it.person is person and it.type == type and it.state in LIVE]

    def _other_schedule(self, data: st.DataObject, provider: str, person: Person) -> None:
        """A change that nothing speaks against, into another cohort if possible."""
        if person.latest(provider) is None:
            return
        sound = [
            (schedule, cohort)
            for cohort in COHORTS
            for schedule in IDENTIFIERS
            if not against_schedule(self.model, provider, person, schedule, cohort, self.now)
        ]
        if sound:
            self._change_schedule(provider, person, *data.draw(st.sampled_from(sound), label="schedule"))

    def _later(self, days: int, seconds: int = 0) -> None:
        """Some days later, in working hours."""
        moved = self.now + timedelta(days=days, seconds=seconds)
        if moved.hour >= 17:
            moved = datetime.combine(moved.date() + DAY, time(9), moved.tzinfo)
        if moved.date() <= LATEST:
            self._moves_to(moved)

    def _go_to(self, day: date) -> None:
        """The morning of a day, unless it is past."""
        if self.now.date() < day <= LATEST:
            self._moves_to(datetime.combine(day, time(9), self.now.tzinfo))


def _cohort(person: Person, provider: str) -> int | None:
    stint = person.latest(provider)
    return stint.cohort if stint else None
