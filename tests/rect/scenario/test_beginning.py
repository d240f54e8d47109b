"""A scenario of RECT begins with what the DfE publishes, schools and people, after what had happened by then."""

from __future__ import annotations

from datetime import date

import pytest

from ecf_sandbox.rect.domain.contracts import StatementStatus
from ecf_sandbox.rect.domain.declarations import State
from ecf_sandbox.rect.queries.names import names
from ecf_sandbox.rect.queries.participants import participants
from ecf_sandbox.scenario import load_scenario
from ecf_sandbox.scenario.loading import read_scenario
from ecf_sandbox.scenario.yaml_reader import BadScenario

HEAD = """
service: rect
as_of: 2026-05-12T12:00:00Z
providers: { ambition: { name: Ambition Institute } }
delivery_partners: { kestrel: { name: Kestrel, works_with: { ambition: [2025] } } }
schools: { oakfield: { name: Oakfield, urn: 105001 } }
partnerships: [{ school: oakfield, provider: ambition, delivery_partner: kestrel, cohort: 2025 }]
"""
ECT = "{ school: oakfield, provider: ambition, from: 2025-09-01, induction_from: 2025-09-02"


def read(people: str = "", head: str = HEAD):
    return read_scenario(head + (f"people:\n  - {people}\n" if people else ""), name="it", file="it.yaml", seed="s")


def problems(people: str = "", head: str = HEAD) -> list[str]:
    with pytest.raises(BadScenario) as wrong:
        read(people, head)
    return [it.message for it in wrong.value.problems]


@pytest.fixture(scope="module")
def default():
    return load_scenario("default", seed="sandbox", service="rect")


class TestTheDefaultScenario:
    def test_is_the_services_own(self, default):
        assert (default.name, default.service.name) == ("rect-default", "rect")

    def test_tells_a_line_of_everybody(self, default):
        assert {it for it in default.people.values() if not it} == set()
        assert len(default.people) == len(default.beginning.teachers)

    def test_is_the_same_for_the_same_seed(self, default):
        assert load_scenario("rect-default", seed="sandbox").beginning == default.beginning

    def test_shows_a_provider_whom_it_trains_by_a_partnership(self, default):
        named = names(default.beginning)
        seen = {it.teacher.id for it in participants(default.beginning, named["providers.Ambition Institute"])}

        assert named["people.Hannah Boyle"] in seen
        assert named["people.Rosa Dell"] not in seen, "her school only wants the provider"


class TestTime:
    def test_has_paid_the_statements_of_the_past(self, default):
        today, unpaid = default.as_of.date(), names(default.beginning)["providers.Teach First"]

        for it in default.beginning.statements:
            if it.lead_provider_id == unpaid and date(2026, 4, 25) <= it.payment_date < today:
                assert it.status is StatementStatus.PAYABLE, "the file says so"
            elif it.payment_date < today:
                assert it.status is StatementStatus.PAID
            elif it.deadline_date >= today:
                assert it.status is StatementStatus.OPEN

    def test_has_not_paid_a_provider_since_the_day_that_the_file_says(self):
        head = HEAD.replace("{ name: Ambition Institute }", "{ name: Ambition Institute, unpaid_since: 2026-01-25 }")
        declared = "declarations: [{ type: started, date: 2026-01-05T09:00:00Z, evidence_held: other }]"

        records = read(f"{{ name: Ann Lee, trn: '1', ect: {ECT}, {declared} }} }}", head).beginning

        assert [it.state for it in records.declarations] == [State.PAYABLE]

    def test_has_moved_what_was_declared_on(self):
        declared = "declarations: [{ type: started, date: 2025-10-06T09:00:00Z, evidence_held: other }]"

        records = read(f"{{ name: Ann Lee, trn: '1', ect: {ECT}, {declared} }} }}").beginning

        assert [it.state for it in records.declarations] == [State.PAID]


class TestWhatTheProviderSaid:
    def test_begins_new_training_with_a_resumption(self):
        said = "deferred: { at: 2025-11-10T09:00:00Z }, resumed: { at: 2025-12-01T09:00:00Z }"

        records = read(f"{{ name: Ann Lee, trn: '1', ect: {ECT}, {said} }} }}").beginning

        assert [(it.started_on, it.finished_on) for it in records.training_periods] == [
            (date(2025, 9, 1), date(2025, 11, 10)),
            (date(2025, 12, 1), None),
        ]

    def test_puts_somebody_on_another_schedule(self):
        said = "schedules: [{ at: 2025-11-10T09:00:00Z, to: ecf-reduced-january }]"

        records = read(f"{{ name: Ann Lee, trn: '1', ect: {ECT}, {said} }} }}").beginning

        schedules = [records.schedules[it.schedule_id].identifier for it in records.training_periods]
        assert schedules == ["ecf-standard-september", "ecf-reduced-january"]

    def test_voids_what_it_declared(self):
        declared = (
            "declarations: [{ type: started, date: 2025-11-01T09:00:00Z, evidence_held: other, "
            "voided: 2025-11-05T09:00:00Z }]"
        )

        records = read(f"{{ name: Ann Lee, trn: '1', ect: {ECT}, {declared} }} }}").beginning

        assert [it.state for it in records.declarations] == [State.VOIDED]

    @pytest.mark.parametrize(
        "key",
        [
            "declarations: [{ type: started, date: 2025-11-01T09:00:00Z }]",
            "deferred: { at: 2025-11-01T09:00:00Z }",
            "withdrawn: { at: 2025-11-01T09:00:00Z }",
            "resumed: { at: 2025-11-01T09:00:00Z }",
            "schedules: [{ at: 2025-11-01T09:00:00Z, to: ecf-reduced-april }]",
        ],
    )
    def test_needs_a_provider(self, key):
        entry = f"{{ name: Ann Lee, trn: '1', ect: {{ school: oakfield, from: 2025-09-01, {key} }} }}"

        assert problems(entry) == ["is said by a provider, and nobody's provider is named here"]


class TestASecondRecord:
    def test_is_gone_and_its_id_is_known_as_given_up(self):
        entry = f"{{ name: Ann Lee, trn: '1', ect: {ECT} }}, merged: [{{ trn: '2', at: 2026-03-01T09:00:00Z }}] }}"

        records = read(entry).beginning

        assert [it.trn for it in records.teachers] == ["1"]
        assert len(records.id_changes) == 1


class TestAMentorsFunding:
    def test_ends_on_the_day_that_is_said(self):
        ended = "funding_ended: { on: 2025-10-01, reason: started_not_completed }"
        mentor = f"{{ school: oakfield, provider: ambition, from: 2025-09-01, {ended} }}"

        (teacher,) = read(f"{{ name: Ann Lee, trn: '1', mentor: {mentor} }}").beginning.teachers

        assert (teacher.mentor_ineligible_since, teacher.mentor_ineligible_reason) == (
            date(2025, 10, 1),
            "started_not_completed",
        )


class TestWhatIsWrong:
    @pytest.mark.parametrize(
        ("said", "why"),
        [
            ("resumed: { at: 2025-12-01T09:00:00Z }", "is already active"),
            ("schedules: [{ at: 2025-12-01T09:00:00Z, to: soft }]", "Enter a valid schedule identifier"),
            (
                "declarations: [{ type: started, date: 2025-11-02T00:00:00Z, voided: 2025-11-02T00:00:00Z }]",
                "it had not been declared by then",
            ),
        ],
    )
    def test_is_said_of_what_a_provider_could_not_have_said(self, said, why):
        assert any(why in it for it in problems(f"{{ name: Ann Lee, trn: '1', ect: {ECT}, {said} }} }}"))

    def test_is_said_of_a_reference_number_that_two_people_have(self):
        two = f"{{ name: Ann Lee, trn: '1', ect: {ECT} }} }}\n  - {{ name: Bo Ray, trn: '1', ect: {ECT} }} }}"

        assert "'1' is also the reference number of Ann Lee" in problems(two)

    def test_is_said_of_a_name_in_an_event_that_nothing_had(self):
        told = "{ name: x, participant_id: '${people.No One}' }"
        history = f"history: [{{ at: 2026-01-05T09:00:00Z, event: change_name, with: {told} }}]"

        assert problems(f"{{ name: Ann Lee, trn: '1', ect: {ECT} }}, {history} }}") == [
            "could not have happened: nothing was called people.No One by then"
        ]

    def test_is_said_of_what_could_not_have_happened(self):
        declared = "declarations: [{ type: started, date: 2025-10-06T09:00:00Z }]"

        assert any(
            "could not have happened" in it for it in problems(f"{{ name: A B, trn: '1', ect: {ECT}, {declared} }} }}")
        )

    def test_is_said_of_what_happens_after_the_moment(self):
        entry = "{ name: A B, trn: '1', ect: { school: oakfield, from: 2026-08-01, registered: 2026-07-01T09:00:00Z } }"

        assert any("after the moment that the file describes" in it for it in problems(entry))

    def test_is_said_of_a_delivery_partner_who_does_not_work_there(self):
        head = HEAD.replace("works_with: { ambition: [2025] }", "works_with: { ambition: [2024] }")

        assert problems(head=head) == ["Kestrel does not work with Ambition Institute in 2025"]

    @pytest.mark.parametrize("key", ["colour", "working_patern"])
    def test_is_said_of_a_key_that_is_not_known(self, key):
        assert any(key in it for it in problems(f"{{ name: A B, trn: '1', ect: {ECT}, {key}: x }} }}"))
