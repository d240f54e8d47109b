"""The statement that takes what is declared now."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from ecf_sandbox.ecf.domain.declarations import Phase
from ecf_sandbox.ecf.queries.declarations import next_output_statement
from ecf_sandbox.ecf.records import Records
from tests.builders import a_statement

TODAY = date(2025, 2, 10)


def found(*statements, today=TODAY):
    it = next_output_statement(Records().save(*statements), "alpha", 2024, today)
    return it.name if it else None


class TestTheNextStatement:
    def test_takes_what_comes_until_the_end_of_its_cut_off_day(self):
        it = a_statement(deadline_date=TODAY)

        assert found(it, today=TODAY) == it.name
        assert found(it, today=TODAY + timedelta(days=1)) is None

    def test_belongs_to_the_provider_and_the_cohort(self):
        assert found(a_statement("beta"), a_statement(cohort=2025)) is None

    @given(
        st.lists(
            st.tuples(st.integers(-40, 40), st.booleans(), st.sampled_from(Phase), st.sampled_from(["alpha", "beta"])),
            max_size=12,
        )
    )
    def test_is_the_open_one_whose_cut_off_comes_first(self, drawn):
        statements = [
            a_statement(provider, str(n), deadline_date=TODAY + timedelta(days), output_fee=fee, phase=phase)
            for n, (days, fee, phase, provider) in enumerate(drawn)
        ]
        taking = [
            (days, n)
            for n, (days, fee, phase, provider) in enumerate(drawn)
            if days >= 0 and fee and phase is Phase.OPEN and provider == "alpha"
        ]

        assert found(*statements) == (str(min(taking)[1]) if taking else None)
