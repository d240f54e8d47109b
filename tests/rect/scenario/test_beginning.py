"""A scenario of RECT begins with what the DfE publishes, schools and people, after what had happened by then."""

from __future__ import annotations

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
        statements = default.beginning.statements
        today = default.as_of.date()

        for it in statements:
            if it.payment_date < today:
                assert it.status is StatementStatus.PAID
            elif it.deadline_date >= today:
                assert it.status is StatementStatus.OPEN

    def test_has_moved_what_was_declared_on(self):
        declared = "declarations: [{ type: started, date: 2025-10-06T09:00:00Z, evidence_held: other }]"

        records = read(f"{{ name: Ann Lee, trn: '1', ect: {ECT}, {declared} }} }}").beginning

        assert [it.state for it in records.declarations] == [State.PAID]


class TestWhatIsWrong:
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
