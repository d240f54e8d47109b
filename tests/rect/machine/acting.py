"""How providers, schools and the DfE act, in the model and in the country at once, and what an answer says."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine

from ecf_sandbox.rect.service import SERVICE
from ecf_sandbox.rulebook.refusals import DoesNotFit
from tests.machine.asked import Answer
from tests.rect.machine.country import PARTNERS, PROVIDERS, SCHOOLS, Country, id_of
from tests.rect.machine.model import LIVE, ORDER, Deal, Model, Person, Told, wire
from tests.rect.machine.objections import against_declaring, against_schedule, deal_for, target_cohort

COURSES = {"ect": "ecf-induction", "mentor": "ecf-mentor"}
SERVES = {"retained-2": "75-percent-engagement-met", "completed": "75-percent-engagement-met"}
COHORT_BEGINS = date(2026, 6, 1)


class Acting(RuleBasedStateMachine):
    """What the steps of the machine have in common: who acts, and what follows."""

    country: Country
    model: Model
    now: datetime

    def _seen(self) -> None:
        """What everybody sees between two things of one step; after the step the machine looks by itself."""
        raise NotImplementedError

    def _moves_to(self, moment: datetime) -> None:
        """Not over the day on which a cohort begins: on that very day there is the first partnership for it."""
        if self.now.date() < COHORT_BEGINS < moment.date():
            self.now = datetime.combine(COHORT_BEGINS, time(9), self.now.tzinfo)
            self._create_partnership(PROVIDERS[0], SCHOOLS[-1], PARTNERS[0], COHORT_BEGINS.year)
        self.now = moment

    def _anybody(self, data: st.DataObject) -> Person:
        return data.draw(st.sampled_from(self.model.people), label="person")

    def _trained(self, data: st.DataObject) -> tuple[str, Person]:
        """Somebody, and mostly a provider who trains them."""
        person = self._anybody(data)
        own = [it for it in PROVIDERS if person.latest(it)]
        return data.draw(st.sampled_from([*own, *own, *own, *PROVIDERS]), label="provider"), person

    def _put(
        self,
        provider: str,
        person: Person,
        action: str,
        fields: dict[str, Any],
        *,
        came: bool,
        known: bool,
        said: list[str] | None = None,
    ) -> None:
        fields = {**fields, "course_identifier": COURSES[person.kind]}
        answer = self.country.write(provider, "PUT", f"participants/{person.id}/{action}", self.now, fields)
        assert answer.status == (200 if came else 422 if known else 404), (action, person, answer)
        if came:
            assert answer.data == self.country.get(provider, f"participants/{person.id}", self.now).data
        elif known and said is not None:
            insist_on_texts(said, answer)

    def _fields(self, person: Person, type: str, at: datetime, more: dict[str, Any]) -> dict[str, Any]:
        return {
            "participant_id": person.id,
            "declaration_type": type,
            "declaration_date": wire(at),
            "course_identifier": COURSES[person.kind],
            **more,
        }

    def _declare(self, provider: str, person: Person, type: str, at: datetime, more: dict[str, Any]) -> None:
        at = at.replace(microsecond=0)
        fields = self._fields(person, type, at, more)
        said = against_declaring(self.model, provider, person, fields, at, self.now)
        answer: Answer = self.country.write(provider, "POST", "participant-declarations", self.now, fields)
        assert answer.status == (422 if said else 200), (said, fields, person, answer)
        if said:
            insist_on_texts(list(said), answer)
        else:
            self.model.declare(provider, person, answer.data["id"], fields, at, self.now)

    def _happens(self, event: str, **told: Any) -> bool:
        before = self.country.world.state
        try:
            with self.country.world.turn(self.now) as turn:
                SERVICE.play(turn, event, told)
        except DoesNotFit:
            assert self.country.world.state is before, f"{event} was refused and changed the state"
            return False
        return True

    def _free(self, person: Person) -> list[str]:
        """The types that nobody has declared yet, in their order."""
        made = {it.type for it in self.model.told if it.person is person and it.state in LIVE}
        return [it for it in (("started", "completed") if person.kind == "mentor" else ORDER) if it not in made]

    def _defer(self, provider: str, person: Person, reason: str) -> None:
        self._leaves(provider, person, reason, defers=True)

    def _withdraw(self, provider: str, person: Person, reason: str) -> None:
        self._leaves(provider, person, reason, defers=False)

    def _leaves(self, provider: str, person: Person, reason: str, *, defers: bool) -> None:
        known = person.latest(provider) is not None
        said = self.model.against_leaving(provider, person, reason, self.now, defers=defers) if known else []
        came = (self.model.defer if defers else self.model.withdraw)(provider, person, reason, self.now)
        action = "defer" if defers else "withdraw"
        self._put(provider, person, action, {"reason": reason}, came=came, known=known, said=said)

    def _resume(self, provider: str, person: Person) -> None:
        known = person.latest(provider) is not None
        said = self.model.against_resumption(provider, person, self.now) if known else []
        came = self.model.resume(provider, person, self.now)
        self._put(provider, person, "resume", {}, came=came, known=known, said=said)

    def _change_schedule(self, provider: str, person: Person, identifier: str, cohort: int | None) -> None:
        stint, model = person.latest(provider), self.model
        known = stint is not None
        said = list(against_schedule(model, provider, person, identifier, cohort, self.now)) if stint else []
        came = False
        if stint and not said:
            year = target_cohort(stint, cohort)
            deal = deal_for(model, provider, person, stint, year) if year != stint.cohort else None
            came = model.reschedule(provider, person, identifier, year, deal, self.now)
        fields = {"schedule_identifier": identifier} | ({} if cohort is None else {"cohort": str(cohort)})
        self._put(provider, person, "change-schedule", fields, came=came, known=known, said=said)

    def _could_change_provider(self, person: Person) -> bool:
        """Training that starts later, or that has been declared of, keeps the school from it."""
        today = self.now.date()
        latest = max(person.stints, key=lambda it: it.start)
        return not (latest.start < today and person.end is not None and person.end <= today)

    def _leaves_school(self, person: Person, last: date) -> bool:
        event = "ect_leaves" if person.kind == "ect" else "mentor_leaves"
        came = self.model.leave(person, last, self.now)
        assert self._happens(event, participant_id=person.id, finished_on=last.isoformat()) is came
        return came

    def _picks_provider(self, person: Person, provider: str) -> bool:
        told = {"participant_id": person.id, "lead_provider": provider.title(), "as": person.kind}
        possible = self._could_change_provider(person)
        came = possible and self.model.change_provider(person, provider, self.now)
        assert self._happens("change_lead_provider", **told) is came
        return came

    def _void(self, told: Told) -> None:
        possible = self.model.may_void(told, self.now)
        bill = self.model.next_bill(told.provider, told.stint.cohort, self.now.date(), {"open", "payable", "paid"})
        said = self.model.against_voiding(told, bill)
        came = possible and self.model.void(told, self.now)
        answer = self.country.write(told.provider, "PUT", f"participant-declarations/{told.id}/void", self.now)
        assert answer.status == (200 if came else 422), (told, answer)
        if not came:
            insist_on_texts(said, answer)

    def _create_partnership(self, provider: str, school: str, partner: str, cohort: int) -> None:
        said = self.model.against_confirming(provider, school, cohort, self.now.date())
        fields = {
            "cohort": str(cohort),
            "school_id": id_of("school", school),
            "delivery_partner_id": id_of("partner", partner),
        }
        answer = self.country.write(provider, "POST", "partnerships", self.now, fields)
        assert answer.status == (422 if said else 200), answer
        if said:
            insist_on_texts(said, answer)
        else:
            self.model.confirm(provider, answer.data["id"], school, partner, cohort, self.now)

    def _repartner(self, deal: Deal, provider: str, partner: str) -> None:
        fields = {"delivery_partner_id": id_of("partner", partner)}
        own = deal.provider == provider
        came = own and self.model.repartner(deal, partner, self.now)
        answer = self.country.write(provider, "PUT", f"partnerships/{deal.id}", self.now, fields)
        assert answer.status == (200 if came else 422 if own else 404), answer

    def _night(self) -> None:
        before = self.country.world.state.records
        assert self._happens("nightly_refresh")
        assert self.country.world.state.records == before, "look-up rows were out of step though nobody has a mentor"
        assert self._happens("mark_statements_payable")
        self.model.night(self.now)

    def _pays_all(self) -> None:
        """As every quarter: what is past its deadline is payable, and all of that is paid."""
        self._night()
        for bill in self.model.bills:
            came = self.model.pay(bill, self.now)
            assert self._happens("pay_statement", statement_id=bill.id) is came


def insist_on_texts(said: list[str], answer: Answer) -> None:
    """A refusal says what the model expects, in its order; nothing is expected where only saving fails."""
    told = [it["detail"] for it in answer.document.get("errors", ())]
    assert len(told) == len(said), (said, answer)
    assert all(part in text for part, text in zip(said, told, strict=True)), (said, answer)
