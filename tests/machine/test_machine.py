"""Whatever providers, schools and the DfE do, in whatever order, lists and shows of every version say what they should.

`--hypothesis-profile=long` looks for much longer, and elsewhere each time.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from ecf_sandbox.ecf.domain.cohorts import Milestone
from ecf_sandbox.ecf.domain.declarations import MOVES, DeclarationState, Phase
from ecf_sandbox.ecf.domain.participants import TrainingRecord
from ecf_sandbox.ecf.editions import GUIDANCE, LIVE
from ecf_sandbox.ecf.events.registry import play
from ecf_sandbox.rulebook.refusals import BadEvent, DoesNotFit
from ecf_sandbox.state.ids import named_id
from tests.effort import examples
from tests.machine.asked import Answer
from tests.machine.country import PROVIDERS, VERSIONS, Country, scenario
from tests.machine.model import Model, Person, Told, wire
from tests.machine.reading import OLD_LISTS, Look, each_page_follows, each_show_is_its_entry, look

DRAWN = examples(40)
LONG = DRAWN > 40
SETTINGS = settings(
    max_examples=DRAWN,
    stateful_step_count=50 if LONG else 30 if DRAWN >= 40 else 20,
    derandomize=not LONG,
    database=None,
    suppress_health_check=list(HealthCheck),
)

TYPES = tuple("started retained-1 retained-2 retained-3 retained-4 completed extended-1".split())
IDENTIFIERS = tuple(
    """
    ecf-standard-september ecf-standard-january ecf-standard-april ecf-reduced-september ecf-extended-september
    ecf-replacement-april
    """.split()
)
COHORTS = (2022, 2024, 2025)
NOBODY = named_id("machine", "participant", "nobody")
# What turns a sound declaration into one that is refused, whoever sends it about whomever.
FAULTS: dict[str, dict[str, Any]] = {
    "nobody": {"participant_id": NOBODY},
    "no id": {"participant_id": "me"},
    "no participant": {"participant_id": None},
    "a strange course": {"course_identifier": "ecf-nonsense"},
    "an NPQ": {"course_identifier": "npq-headship"},
    "no course": {"course_identifier": None},
    "no type": {"declaration_type": None},
    "a strange type": {"declaration_type": "retained-9"},
    "no date": {"declaration_date": None},
    "a date without a time": {"declaration_date": "2025-10-06"},
    "a date that is a number": {"declaration_date": 20251006},
    "a date far ahead": {"declaration_date": "2099-01-01T00:00:00Z"},
    "a date long ago": {"declaration_date": "2019-01-01T00:00:00Z"},
}
SOMEBODY = st.sampled_from(PROVIDERS)
VERSION = st.sampled_from(VERSIONS)
NAME = st.sampled_from(["", " ", "Una", "Vic", "Wyn", "Xan"])


class ProviderApi(RuleBasedStateMachine):
    """Providers write, schools and the DfE act, time passes; the model says what follows."""

    @initialize(edition=st.sampled_from([GUIDANCE, LIVE]))
    def begin(self, edition):
        self.country = Country(edition)
        self.edition = edition
        self.now = scenario().as_of
        self.model = Model.of(self.records)
        self.touched: set[str] | None = None  # participants; None: anybody
        self.expected: dict[tuple[str, str], dict[str, Any]] = {}
        self.ids: set[str] = set()
        self.merged = False
        self.completion_set: set[str] = set()
        self.challenged: dict[str, str] = {}  # partnership id, provider
        self.seen: Look | None = None

    @property
    def records(self):
        return self.country.world.state.records

    # Time

    @rule(days=st.sampled_from([0, 1, 7, 30, 30, 90]), seconds=st.integers(0, 86_399))
    def time_passes(self, days, seconds):
        self.now = min(self.now + timedelta(days=days, seconds=seconds), datetime(2028, 1, 1, tzinfo=self.now.tzinfo))

    # Declarations

    @rule(data=st.data(), version=VERSION)
    def declare_what_is_due(self, data, version):
        """The next milestone of somebody who is in training, dated in its window."""
        due = [
            (provider, person, milestone)
            for (provider, _), person in self._enrolled()
            for milestone in self._windows(provider, person)
        ]
        if due:
            provider, person, milestone = data.draw(st.sampled_from(due), label="due")
            moment = self._moment_in(data, milestone)
            self._declare(provider, version, person, self._body(person, milestone.declaration_type, moment), moment)

    @rule(data=st.data(), provider=SOMEBODY, version=VERSION, type=st.sampled_from(TYPES), days=st.integers(-500, 60))
    def declare_anything(self, data, provider, version, type, days):
        person = data.draw(st.sampled_from(list(self.model.people.values())), label="person")
        moment = self.now + timedelta(days=days)
        body = self._body(person, type, moment)
        if data.draw(st.booleans(), label="without evidence"):
            del body["evidence_held"]
        self._declare(provider, version, person, body, moment)

    @rule(data=st.data(), provider=SOMEBODY, version=VERSION, fault=st.sampled_from(sorted(FAULTS)))
    def declare_with_a_fault(self, data, provider, version, fault):
        person = data.draw(st.sampled_from(list(self.model.people.values())), label="person")
        body = self._body(person, data.draw(st.sampled_from(TYPES), label="type"), self.now) | FAULTS[fault]
        answer = self.country.write(provider, "POST", version, "participant-declarations", self.now, body)
        assert answer.status in (400, 422), (fault, answer)

    @precondition(lambda self: self.model.told)
    @rule(data=st.data(), version=VERSION)
    def void(self, data, version):
        told = data.draw(st.sampled_from(list(self.model.told.values())), label="told")
        self._void(told, version)

    @precondition(lambda self: self.model.told)
    @rule(data=st.data(), version=VERSION)
    def void_what_another_provider_told(self, data, version):
        told = data.draw(st.sampled_from(list(self.model.told.values())), label="told")
        other = next(it for it in PROVIDERS if it != told.provider)
        path = f"participant-declarations/{told.id}/void"
        assert self.country.write(other, "PUT", version, path, self.now).status == 404

    @rule(provider=SOMEBODY, version=VERSION)
    def void_what_is_not_there(self, provider, version):
        path = f"participant-declarations/{NOBODY}/void"
        assert self.country.write(provider, "PUT", version, path, self.now).status == 404

    @precondition(
        lambda self: any(it.body and it.state is not DeclarationState.PAID for it in self.model.told.values())
    )
    @rule(data=st.data(), version=VERSION)
    def void_and_declare_again(self, data, version):
        told = data.draw(
            st.sampled_from(
                [it for it in self.model.told.values() if it.body and it.state is not DeclarationState.PAID]
            ),
            label="told",
        )
        if self._void(told, version):
            self._declare(told.provider, version, told.person, told.body, told.date)

    # Participants

    @rule(data=st.data(), version=VERSION, reason=st.sampled_from(["bereavement", "other", "moved-school", None]))
    def defer(self, data, version, reason):
        def allowed(status: str) -> bool:
            return status == "active" and reason in ("bereavement", "other")

        self._change_status(data, version, "defer", {"reason": reason}, "deferred", allowed)

    @rule(data=st.data(), version=VERSION)
    def resume(self, data, version):
        def allowed(status: str) -> bool:
            return status == "deferred" or (status == "withdrawn" and self.edition.on("withdrawn_may_resume"))

        self._change_status(data, version, "resume", {}, "active", allowed)

    @rule(data=st.data(), version=VERSION, reason=st.sampled_from(["left-teaching-profession", "other", "nonsense"]))
    def withdraw(self, data, version, reason):
        def allowed(status: str) -> bool:
            return status != "withdrawn" and reason != "nonsense"

        self._change_status(data, version, "withdraw", {"reason": reason}, "withdrawn", allowed)

    @rule(
        data=st.data(),
        version=VERSION,
        identifier=st.sampled_from(IDENTIFIERS),
        cohort=st.sampled_from([None, None, *COHORTS]),
    )
    def change_schedule(self, data, version, identifier, cohort):
        provider, person = self._drawn(data)
        fields = {"schedule_identifier": identifier} | ({} if cohort is None else {"cohort": str(cohort)})
        before = self.model.enrolments.get((provider, person.training))
        answer = self._put(provider, version, person, "change-schedule", fields)
        if answer.ok:
            self._touch(person)
            self.expected.clear()
            meant = cohort or (int(before["cohort"]) if before else None)
            if meant is not None:
                self._blocking_fit(person, meant, identifier)
            record = self.records.training_records[person.training]
            assert self.records.schedules[record.schedule_id].identifier == identifier
        if (
            before
            and before["participant_status"] == "active"
            and not person.moved
            and cohort in (None, int(before["cohort"]))
        ):
            allowed = self._may_reschedule(provider, person, before, identifier)
            assert answer.ok is allowed, (before, identifier, answer)
            if allowed:
                self.expected[provider, person.training] = {"schedule_identifier": identifier}

    @rule(data=st.data(), provider=SOMEBODY, version=VERSION, action=st.sampled_from(["defer", "resume", "withdraw"]))
    def update_somebody_unknown(self, data, provider, version, action):
        strangers = [
            it.participant
            for it in self.model.people.values()
            if not any(
                (provider, other.training) in self.model.ever_trained
                for other in self.model.people.values()
                if other.participant == it.participant
            )
        ]
        id = data.draw(st.sampled_from([NOBODY, *strangers]), label="id")
        fields = {"course_identifier": "ecf-induction"} | ({} if action == "resume" else {"reason": "other"})
        answer = self.country.write(provider, "PUT", version, f"participants/ecf/{id}/{action}", self.now, fields)
        unseen = id == NOBODY or not any(self._has_ever(provider, it) for it in self._of(id))
        assert answer.status == 422 or not unseen, answer

    # Partnerships

    @rule(data=st.data(), provider=SOMEBODY, cohort=st.sampled_from([2024, 2025]))
    def confirm_partnership(self, data, provider, cohort):
        fields = {
            "cohort": str(cohort),
            "school_id": data.draw(st.sampled_from([it.id for it in self.records.schools]), label="school"),
            "delivery_partner_id": data.draw(st.sampled_from(self._partners()), label="partner"),
        }
        there = [
            (whose, it)
            for whose, row in self._look().partnerships.items()
            for it in row.values()
            if it["attributes"]["school_id"] == fields["school_id"] and it["attributes"]["cohort"] == str(cohort)
        ]
        active = [whose for whose, it in there if it["attributes"]["status"] == "active"]
        answer = self.country.write(provider, "POST", 3, "partnerships/ecf", self.now, fields)
        if answer.ok:
            assert not active, "a school that is in a partnership enters no other"
            self._reported(provider, answer, fields)
            self.touched = None
        else:
            assert answer.status == 422

    @rule(data=st.data(), provider=SOMEBODY, method=st.sampled_from(["PUT", "PATCH"]))
    def update_partnership(self, data, provider, method):
        known = sorted(id for rows in self._look().partnerships.values() for id in rows)
        id = data.draw(st.sampled_from(known), label="partnership")
        fields = {"delivery_partner_id": data.draw(st.sampled_from(self._partners()), label="partner")}
        row = self._look().partnerships[provider].get(id)
        answer = self.country.write(provider, method, 3, f"partnerships/ecf/{id}", self.now, fields)
        assert (answer.status == 404) is (row is None)
        if row is not None and row["attributes"]["status"] == "challenged":
            assert answer.status == 422
        if answer.ok and row is not None and row["attributes"]["delivery_partner_id"] != fields["delivery_partner_id"]:
            self._reported(provider, answer, fields)
            self.touched = None

    # The DfE

    @precondition(lambda self: self.model.told)
    @rule(data=st.data())
    def cut_off_a_statement(self, data):
        bill = data.draw(st.sampled_from(self._bills()), label="bill")
        if self._happens("cut_off_statement", statement_id=bill.id):
            assert bill.phase is Phase.OPEN
            self.model.cut_off(bill, self.now)
        else:
            assert bill.phase is not Phase.OPEN

    @precondition(lambda self: self.model.told)
    @rule(data=st.data())
    def pay_a_statement(self, data):
        bill = data.draw(st.sampled_from(self._bills()), label="bill")
        if bill.phase is Phase.OPEN:
            self.cut_off_a_known(bill)
        if self._happens("pay_statement", statement_id=bill.id):
            assert bill.phase is Phase.PAYABLE
            self.model.pay(bill, self.now)
        else:
            assert bill.phase is Phase.PAID

    def cut_off_a_known(self, bill):
        assert self._happens("cut_off_statement", statement_id=bill.id)
        self.model.cut_off(bill, self.now)

    @rule()
    def night_falls(self):
        yesterday = self.now.date() - timedelta(days=1)
        assert self._happens("nightly_cut_off")
        for bill in self.model.bills.values():
            if bill.phase is Phase.OPEN and bill.deadline == yesterday:
                self.model.cut_off(bill, self.now)

    @rule(data=st.data())
    def the_dfe_finds_somebody_eligible(self, data):
        person = self._anybody(data)
        before, known = person.eligible, self._standing(person)
        came = self._happens("make_eligible", participant_id=person.participant, course_identifier=person.course)
        if not known:
            self._reread(person)
        elif before:
            assert came
        else:
            assert self.model.become_eligible(person, self.now) is came
        if came:
            self._touch(person)

    @rule(data=st.data(), reason=st.sampled_from(["previous_induction", "no_qts"]))
    def the_dfe_finds_somebody_ineligible(self, data, reason):
        person = self._anybody(data)
        arguments = {"participant_id": person.participant, "course_identifier": person.course, "reason": reason}
        assert self._happens("make_ineligible", **arguments)
        person.eligible, person.checked = False, True
        self._reread(person)
        self._touch(person)

    @precondition(lambda self: self.model.told)
    @rule(data=st.data())
    def the_dfe_voids(self, data):
        told = data.draw(st.sampled_from(list(self.model.told.values())), label="told")
        assert self._happens("dfe_void_declaration", declaration_id=told.id) is self.model.can_be_voided(told, self.now)
        self._if_possible_void(told)

    @precondition(lambda self: not self.merged)
    @rule(data=st.data())
    def two_people_are_one(self, data):
        one, other = self._anybody(data), self._anybody(data)
        came = self._happens(
            "merge_participants", from_participant_id=one.participant, to_participant_id=other.participant
        )
        assert came is (one.participant != other.participant)
        if came:
            self.model.merge(one.participant, other.participant, self.now)
            self.merged = True
            self.touched = None

    @rule(data=st.data(), cohort=st.sampled_from([2024, 2025]), force=st.booleans())
    def the_dfe_amends_a_cohort(self, data, cohort, force):
        self._moves(data, "amend_cohort", cohort=cohort, force=force)

    @rule(data=st.data(), mistake=st.booleans())
    def the_dfe_changes_a_provider(self, data, mistake):
        partnership = data.draw(st.sampled_from(sorted(it.id for it in self.records.partnerships)), label="partnership")
        self._moves(data, "change_provider", partnership_id=partnership, mistake=mistake)

    @precondition(lambda self: self.model.told)
    @rule(data=st.data())
    def a_delivery_partner_closes(self, data):
        if data.draw(st.integers(0, 9), label="seldom") == 0:
            self._happens("discard_delivery_partner", delivery_partner_id=data.draw(st.sampled_from(self._partners())))
            self.touched = None

    # Schools

    @rule(data=st.data(), reason=st.sampled_from(["mistake", "no_ects", "another_provider"]))
    def a_school_challenges(self, data, reason):
        rows = [(whose, it) for whose, rows in self._look().partnerships.items() for it in rows.values()]
        whose, row = data.draw(st.sampled_from(rows), label="row")
        came = self._happens("challenge_partnership", partnership_id=row["id"], reason=reason)
        assert came is (row["attributes"]["status"] == "active")
        if came:
            self.touched = None
            now = self._look(fresh=True).partnerships[whose][row["id"]]["attributes"]
            assert (now["status"], now["challenged_reason"]) == ("challenged", reason)

    @rule(data=st.data(), school=st.integers(0, 3), days=st.integers(-30, 60), keep=st.booleans())
    def somebody_changes_school(self, data, school, days, keep):
        self._moves(
            data,
            "school_transfer",
            school_id=self._schools()[school],
            date=self._day(days),
            keep_provider=keep,
        )

    @rule(data=st.data(), days=st.integers(-30, 60))
    def somebody_leaves(self, data, days):
        self._moves(data, "school_marks_leaving", date=self._day(days))

    @rule(data=st.data())
    def a_school_removes_somebody(self, data):
        self._moves(data, "school_withdraws_record")

    @rule(data=st.data(), school=st.integers(0, 3), cohort=st.sampled_from(COHORTS))
    def a_school_takes_somebody_back(self, data, school, cohort):
        self._moves(data, "school_reregisters", school_id=self._schools()[school], cohort=cohort)

    @rule(data=st.data(), days=st.integers(-60, 0))
    def somebody_completes(self, data, days):
        self._moves(data, "complete_induction", date=self._day(days))

    @rule(data=st.data(), name=NAME)
    def somebody_changes_name(self, data, name):
        person = self._anybody(data)
        came = self._happens("change_name", participant_id=person.participant, full_name=name)
        assert came is bool(name.strip())
        if came:
            self._touch(person)

    @rule(data=st.data())
    def an_ect_changes_mentor(self, data):
        ect = self._anybody(data)
        mentor = data.draw(
            st.sampled_from([None, *(it.participant for it in self.model.people.values() if it.type == "mentor")])
        )
        self._happens("change_mentor", participant_id=ect.participant, mentor_id=mentor)
        self.touched = None

    @rule(data=st.data(), name=NAME, school=st.integers(0, 3), cohort=st.sampled_from(COHORTS), mentor=st.booleans())
    def a_school_registers_somebody(self, data, name, school, cohort, mentor):
        arguments = {
            "full_name": name,
            "email": f"{name}@example.com" if name.strip() else "",
            "school_id": self._schools()[school],
            "cohort": cohort,
        }
        made = self._plays("register_mentor" if mentor else "register_ect", **arguments)
        if isinstance(made, TrainingRecord):
            assert made.id not in self.model.people
            person = self.model.meet(self.records, made.id)
            person.moved = any(
                it is not person and it.participant == person.participant for it in self.model.people.values()
            )
            self._touch(person)

    @rule(
        school=st.integers(0, 3),
        cohort=st.sampled_from([2024, 2025]),
        choice=st.sampled_from(["full_induction_programme", "core_induction_programme", "no_early_career_teachers"]),
    )
    def a_school_chooses(self, school, cohort, choice):
        arguments = {"school_id": self._schools()[school], "cohort": cohort, "choice": choice}
        name = "change_programme_choice"
        if not self._happens(name, **arguments):
            self._happens("set_programme_choice", **arguments)
        self.touched = None

    # Reading

    @rule(provider=SOMEBODY, version=VERSION, path=st.sampled_from(OLD_LISTS), size=st.integers(1, 7))
    def turn_the_pages(self, provider, version, path, size):
        each_page_follows(self.country, provider, version, path, size, self.now)

    @rule()
    def look_at_each(self):
        each_show_is_its_entry(self.country, self._look(fresh=True), self.ids | set(self.model.told))

    def teardown(self):
        if hasattr(self, "model"):
            self.look_at_each()

    # What must hold after each step

    @invariant()
    def all_is_as_told(self):
        before, seen = self.seen, self._look(fresh=True)
        for provider in PROVIDERS:
            self._own_declarations(seen, provider)
            self._declarations_of_others(seen, provider)
            self._participants(before, seen, provider)
        self._one_for_each_slot()
        self._times(seen)
        self.expected.clear()
        self.touched = set()

    def _own_declarations(self, seen: Look, provider: str) -> None:
        own = {it.id: it for it in self.model.own(provider)}
        for version in VERSIONS:
            shown = seen.declarations[provider] if version == 3 else seen.told[provider, version]
            assert own.keys() <= shown.keys(), "a provider sees all that it declared"
        for id, told in own.items():
            attributes = seen.declarations[provider][id]["attributes"]
            expected = {
                "participant_id": told.person.participant,
                "declaration_type": told.type,
                "course_identifier": told.person.course,
                "declaration_date": wire(told.date),
                "state": self._spelt(told.state),
                "statement_id": told.statement,
                "clawback_statement_id": told.clawback,
                "created_at": told.created_at,
                "updated_at": told.updated_at,
            }
            assert {name: attributes[name] for name in expected} == expected

    def _declarations_of_others(self, seen: Look, provider: str) -> None:
        for id in seen.declarations[provider]:
            told = self.model.told[id]
            if told.provider != provider:
                assert told.live, "what does not count is shown to its own provider only"
                assert self._has_ever(provider, told.person), "nobody sees declarations for people they never trained"
        for id, enrolment in seen.enrolments(provider).items():
            if enrolment["participant_status"] in ("active", "joining"):
                for told in self.model.live_for(self.model.people[id]):
                    for version in VERSIONS:
                        shown = seen.declarations[provider] if version == 3 else seen.told[provider, version]
                        assert told.id in shown, "a provider sees what was declared for its participants"

    def _participants(self, before: Look | None, seen: Look, provider: str) -> None:
        found = seen.enrolments(provider)
        untouched = self._untouched(before, provider) if before else {}
        for id, was in untouched.items():
            assert id in found, "nobody is lost"
            now = found[id]
            changed = {name for name in was if was[name] != now[name]}
            assert changed <= self._changes_with_time(was), (was, now)
        for (whose, id), expected in self.expected.items():
            if whose == provider:
                assert {name: found[id][name] for name in expected} == expected
        for id, now in found.items():
            person = self.model.people[id]
            assert now["id"] == person.participant
            assert now["id"] in seen.people[provider]
            assert person.checked or not self.edition.on("unvalidated_hidden"), "who is not validated is not presented"
            if self.touched is not None and now["id"] not in self.touched:
                assert id in untouched, "nobody appears by themselves"
            self._mentor_completion(person, now)
        for row in seen.partnerships[provider].values():
            self._hidden_by_challenge(seen, provider, row["attributes"])
        self.model.enrolments = {key: it for key, it in self.model.enrolments.items() if key[0] != provider}
        self.model.enrolments |= {(provider, id): it for id, it in found.items()}
        self.model.ever_trained |= {(provider, id) for id in found}
        self.ids |= set(seen.people[provider]) | set(seen.partnerships[provider])

    def _untouched(self, before: Look, provider: str) -> dict[str, Any]:
        if self.touched is None:
            return {}
        return {id: it for id, it in before.enrolments(provider).items() if it["id"] not in self.touched}

    @staticmethod
    def _changes_with_time(was: dict[str, Any]) -> set[str]:
        return {"participant_status"} if was["participant_status"] in ("joining", "leaving") else set()

    def _mentor_completion(self, person: Person, now: dict[str, Any]) -> None:
        if person.type == "mentor" and not person.moved:
            days = [it.date.date().isoformat() for it in self.model.live_for(person) if it.type == "completed"]
            assert now["mentor_funding_end_date"] == max(days, default=None)

    def _hidden_by_challenge(self, seen: Look, provider: str, row: dict[str, Any]) -> None:
        if row["status"] == "challenged":
            behind = [
                it
                for it in self.records.partnerships.by("school_id,cohort", (row["school_id"], int(row["cohort"])))
                if it.provider_id == self.model.providers[provider] and not it.challenged
            ]
            for it in seen.enrolments(provider).values():
                assert behind or (it["school_urn"], it["cohort"]) != (row["urn"], row["cohort"])

    def _one_for_each_slot(self) -> None:
        for slot, live in self.model.slots().items():
            assert len(live) == 1 or live[0].person.moved, f"two live declarations for {slot}"

    def _times(self, seen: Look) -> None:
        latest = wire(self.now + timedelta(seconds=1))
        for provider in PROVIDERS:
            for rows in (seen.people, seen.declarations, seen.partnerships):
                for it in rows[provider].values():
                    attributes = it["attributes"]
                    assert attributes.get("created_at", "") <= attributes["updated_at"] <= latest

    # How it is done

    def _look(self, *, fresh: bool = False) -> Look:
        if fresh or self.seen is None:
            self.seen = look(self.country, self.now)
        return self.seen

    def _touch(self, *people: Person) -> None:
        if self.touched is not None:
            self.touched |= {it.participant for it in people}

    def _spelt(self, state: DeclarationState) -> str:
        return state.value.replace("_", "-") if self.edition.on("clawback_states_hyphenated") else state.value

    def _schools(self) -> list[str]:
        return [it.id for it in sorted(self.records.schools, key=lambda it: it.urn)]

    def _partners(self) -> list[str]:
        return sorted(it.id for it in self.records.delivery_partners)

    def _day(self, days: int) -> str:
        return (self.now + timedelta(days=days)).date().isoformat()

    def _bills(self) -> list[Any]:
        """The statements on which something is."""
        found = {it for told in self.model.told.values() for it in (told.statement, told.clawback) if it}
        return [self.model.bills[it] for it in sorted(found)] or list(self.model.bills.values())[:1]

    def _anybody(self, data: st.DataObject) -> Person:
        return data.draw(st.sampled_from(list(self.model.people.values())), label="person")

    def _of(self, participant: str) -> list[Person]:
        return [it for it in self.model.people.values() if it.participant == participant]

    def _has_ever(self, provider: str, person: Person) -> bool:
        """Whether a provider has trained somebody, even if it has never been shown them."""
        id = self.model.providers[provider]
        for it in self.records.induction_records.by("training_record_id", person.training):
            partnership = self.records.partnerships.get(self.records.programmes[it.programme_id].partnership_id)
            if partnership is not None and partnership.provider_id == id:
                return True
        return False

    def _standing(self, person: Person) -> bool:
        """Whether a participant id and a course lead to this very record, as far as it is safe to say."""
        return not person.moved

    def _reread(self, person: Person) -> None:
        """What the product says about somebody whom the model cannot follow."""
        if person.moved:
            self._catch_up()
            for it in self._of(person.participant):
                found = self.records.eligibilities.get(it.training)
                it.eligible, it.checked = found is not None and found.fundable, found is not None

    def _catch_up(self) -> None:
        """Take over the declarations of those whom the model cannot follow; even they move as drawn."""
        for told in self.model.told.values():
            now = self.records.declarations[told.id]
            if told.person.moved and now.state is not told.state:
                assert now.state in MOVES[told.state]
                items = self.records.line_items.by("declaration_id", told.id)
                told.state, told.updated_at = now.state, wire(now.updated_at)
                told.statement = next(
                    (it.statement_id for it in items if it.state.value in ("eligible", "payable", "paid")), None
                )

    def _enrolled(self) -> list[tuple[tuple[str, str], Person]]:
        return [(key, self.model.people[key[1]]) for key in sorted(self.model.enrolments)]

    def _drawn(self, data: st.DataObject) -> tuple[str, Person]:
        """A provider and somebody, mostly one of its own."""
        if data.draw(st.integers(0, 5), label="own") and self.model.enrolments:
            (provider, _), person = data.draw(st.sampled_from(self._enrolled()), label="enrolled")
            return provider, person
        return data.draw(SOMEBODY, label="provider"), self._anybody(data)

    def _windows(self, provider: str, person: Person) -> list[Milestone]:
        schedule = self.model.schedule_of(provider, person)
        found = [it for it in schedule.milestones if it.opens <= self.now] if schedule else []
        return [it for it in found if not self.model.taken(person, it.declaration_type)]

    def _moment_in(self, data: st.DataObject, milestone: Milestone) -> datetime:
        closes = milestone.closes or self.now
        last = min(self.now, closes - timedelta(seconds=1))
        seconds = int((last - milestone.opens).total_seconds())
        return milestone.opens + timedelta(seconds=data.draw(st.integers(0, seconds) | st.sampled_from([0, seconds])))

    def _body(self, person: Person, type: str, moment: datetime) -> dict[str, Any]:
        strict = type in ("retained-2", "completed") and (person.type, self._cohort_of(person)) != ("", 0)
        new = self._cohort_of(person) == 2025
        return {
            "participant_id": person.participant,
            "declaration_type": type,
            "declaration_date": wire(moment),
            "course_identifier": person.course,
            "evidence_held": "75-percent-engagement-met" if strict and new else "training-event-attended",
        }

    def _cohort_of(self, person: Person) -> int:
        return self.records.schedules[self.records.training_records[person.training].schedule_id].cohort

    def _declare(self, provider: str, version: int, person: Person, body: dict[str, Any], moment: datetime) -> bool:
        verdict = self._verdict(provider, person, body, moment)
        bill = self.model.next_bill(provider, self._cohort_of(person), self.now.date())
        twin = self.model.twin(person, body["declaration_type"])
        answer = self.country.write(provider, "POST", version, "participant-declarations", self.now, body)
        assert verdict is None or answer.ok is verdict, (provider, body, answer)
        if not answer.ok:
            assert answer.status in (400, 422)
            return False
        id, attributes = answer.data["id"], answer.data["attributes"]
        assert id not in self.model.told
        assert id not in self.ids
        made = self.records.declarations[id]
        person = self.model.people[made.training_record_id]
        state = (
            DeclarationState.INELIGIBLE
            if twin
            else DeclarationState.ELIGIBLE
            if person.eligible
            else DeclarationState.SUBMITTED
        )
        if person.moved:  # perhaps another record of theirs than was meant
            state = made.state
        told = Told(
            id,
            provider,
            person,
            body["declaration_type"],
            moment,
            made.cohort,
            body,
            state,
            bill.id if bill and state is DeclarationState.ELIGIBLE else None,
            None,
            wire(self.now),
            wire(self.now),
            superseded=twin is not None,
        )
        assert attributes["state"] == state
        assert wire(self.now) <= attributes["updated_at"] <= wire(self.now + timedelta(seconds=1))
        told.created_at = told.updated_at = attributes["updated_at"]
        self.model.told[id] = told
        self._completed(told)
        return True

    def _verdict(self, provider: str, person: Person, body: dict[str, Any], moment: datetime) -> bool | None:
        """Whether a declaration must be accepted, or refused; None where that is not safe to say."""
        type, schedule = body["declaration_type"], self.model.schedule_of(provider, person)
        if moment > self.now or self.model.taken(person, type) or not self._has_ever(provider, person):
            return False
        if self.edition.on("unvalidated_hidden") and not person.checked:
            return False
        if type != "started" and "evidence_held" not in body:
            return False
        if schedule is None:
            return None
        milestone = schedule.milestone(type)
        closes = milestone.closes if milestone else None
        if milestone is None or moment < milestone.opens or (closes and moment >= closes):
            return False
        if person.type == "mentor" and schedule.cohort == 2025 and type not in ("started", "completed"):
            return False
        if (provider, person.training) in self.model.withdrawn or self._cohort_of(person) != schedule.cohort:
            return None
        billed = person.eligible or self.model.twin(person, type) is not None
        return not (billed and self.model.next_bill(provider, schedule.cohort, self.now.date()) is None)

    def _void(self, told: Told, version: int) -> bool:
        possible = self.model.can_be_voided(told, self.now)
        path = f"participant-declarations/{told.id}/void"
        answer = self.country.write(told.provider, "PUT", version, path, self.now)
        assert answer.ok is possible, (told, answer)
        assert answer.ok or answer.status == 422
        self._if_possible_void(told)
        if answer.ok:
            assert answer.data["id"] == told.id
            assert answer.data["attributes"]["state"] == self._spelt(told.state)
        return possible

    def _if_possible_void(self, told: Told) -> None:
        if self.model.can_be_voided(told, self.now):
            self.model.void(told, self.now)
            self._stamped(told)
            self._completed(told)

    def _completed(self, told: Told) -> None:
        """Only the completion of a mentor's training changes the participant."""
        if told.type == "completed" and told.person.type == "mentor":
            self._touch(told.person)

    def _put(self, provider: str, version: int, person: Person, action: str, fields: dict[str, Any]) -> Answer:
        path = f"participants/ecf/{person.participant}/{action}"
        answer = self.country.write(
            provider, "PUT", version, path, self.now, {"course_identifier": person.course, **fields}
        )
        assert answer.ok or answer.status in (404, 422)
        if answer.ok:
            assert answer.data["id"] in {it.participant for it in self.model.people.values()}
            assert wire(self.now) <= answer.data["attributes"]["updated_at"] <= wire(self.now + timedelta(seconds=1))
        return answer

    def _change_status(self, data, version, action, fields, status, allowed) -> None:
        provider, person = self._drawn(data)
        before = self.model.enrolments.get((provider, person.training))
        sound = before is not None and not person.moved and allowed(before["training_status"])
        if action == "withdraw" and self.edition.on("withdrawal_needs_started"):
            sound = sound and any(it.type == "started" and it.person is person for it in self.model.told.values())
        answer = self._put(provider, version, person, action, fields)
        if before is not None and not person.moved:
            assert answer.ok is sound, (before, answer)
        if not self._has_ever(provider, person) and not person.moved:
            assert answer.status == 422
        if not answer.ok:
            return
        self._touch(person)
        if status == "withdrawn":
            self.model.withdrawn |= {(provider, it.training) for it in self._of(person.participant)}
        if before is not None and not person.moved:
            said = {"reason": fields.get("reason"), "date": wire(self.now)}
            self.expected[provider, person.training] = {
                "training_status": status,
                "withdrawal": said if status == "withdrawn" else None,
                "deferral": said if status == "deferred" else None,
                "schedule_identifier": before["schedule_identifier"],
                "participant_status": before["participant_status"],
            }

    def _may_reschedule(self, provider: str, person: Person, before: dict[str, Any], identifier: str) -> bool:
        schedule = self.model.schedule(int(before["cohort"]), identifier)
        if before["training_status"] == "withdrawn" or before["schedule_identifier"] == identifier:
            return False
        if not schedule.permits(person.course):
            return False
        return all(self._fits(it, schedule) for it in self._blocking(person))

    def _blocking(self, person: Person) -> list[Told]:
        submitted = self.edition.on("submitted_blocks_schedule_change")
        return [it for it in self.model.live_for(person) if submitted or it.state is not DeclarationState.SUBMITTED]

    def _blocking_fit(self, person: Person, cohort: int, identifier: str) -> None:
        """A schedule is only accepted if every declaration that counts lies in its milestone of it."""
        closing = any(it.cohort == 2022 for it in self._blocking(person)) or self._cohort_of(person) == 2022
        if not closing and not person.moved:
            schedule = self.model.schedule(cohort, identifier)
            assert all(self._fits(it, schedule) for it in self._blocking(person))

    @staticmethod
    def _fits(told: Told, schedule: Any) -> bool:
        milestone = schedule.milestone(told.type)
        if milestone is None:
            return False
        # the very first moment does not count here, behaviour/participants.md#7-2-s3
        return milestone.opens < told.date and (milestone.closes is None or told.date < milestone.closes)

    def _reported(self, provider: str, answer: Answer, fields: dict[str, Any]) -> None:
        """A partnership is as it was confirmed."""
        id, attributes = answer.data["id"], answer.data["attributes"]
        assert attributes["status"] == "active"
        assert {name: attributes[name] for name in fields} == fields
        shown = self._look(fresh=True).partnerships[provider][id]["attributes"]
        assert shown == attributes
        assert wire(self.now) <= attributes["updated_at"] <= wire(self.now + timedelta(seconds=1))

    def _plays(self, name: str, **arguments: Any) -> object:
        """Whatever the event is about, or False if it did not fit."""
        try:
            with self.country.turn(self.now) as turn:
                return play(turn, name, arguments) or True
        except (DoesNotFit, BadEvent):
            return False

    def _happens(self, name: str, **arguments: Any) -> bool:
        return self._plays(name, **arguments) is not False

    def _moves(self, data: st.DataObject, name: str, **arguments: Any) -> None:
        """Something happens to somebody that makes it unsafe to say what follows for them."""
        person = self._anybody(data)
        came = self._happens(name, participant_id=person.participant, course_identifier=person.course, **arguments)
        if came:
            for it in self._of(person.participant):
                it.moved = True
            self.touched = None

    def _stamped(self, told: Told) -> None:
        """A frozen clock can be pushed into the next second by much that is written in one."""
        shown = wire(self.records.declarations[told.id].updated_at)
        assert wire(self.now) <= shown <= wire(self.now + timedelta(seconds=1))
        told.updated_at = shown


ProviderApi.TestCase.settings = SETTINGS
TestProviderApi = ProviderApi.TestCase
