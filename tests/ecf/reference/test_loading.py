"""Reference data: the published facts, with the corrections that were asked for."""

from collections import Counter
from datetime import UTC, date, datetime

import pytest

from ecf_sandbox.ecf.domain.cohorts import ScheduleKind
from ecf_sandbox.ecf.reference import loading as reference

SCHEDULES = {(it.cohort, it.identifier): it for it in reference.schedules(lambda name: name)}
CALENDAR = reference.statement_calendar()


class TestCohorts:
    def test_run_from_2020_to_2025(self):
        assert [it.start_year for it in reference.cohorts()] == [2020, 2021, 2022, 2023, 2024, 2025]

    def test_were_frozen_on_the_dates_of_the_policy(self):
        frozen = {it.start_year: it.payments_frozen_at for it in reference.cohorts() if it.payments_frozen_at}

        assert frozen == {2021: datetime(2024, 7, 31, tzinfo=UTC), 2022: datetime(2025, 7, 31, tzinfo=UTC)}

    def test_fund_mentors_and_detail_evidence_from_2025(self):
        assert [it.start_year for it in reference.cohorts() if it.mentor_funding] == [2025]
        assert [it.start_year for it in reference.cohorts() if it.detailed_evidence_types] == [2025]


class TestSchedules:
    def test_are_twelve_for_each_cohort_from_2021(self):
        assert Counter(cohort for cohort, _ in SCHEDULES) == dict.fromkeys(range(2021, 2026), 12)

    def test_have_the_id_that_their_name_is_given(self):
        assert SCHEDULES[2025, "ecf-reduced-april"].id == "2025/ecf-reduced-april"

    def test_replacement_is_for_mentors_only(self):
        assert {it.kind for (_, id), it in SCHEDULES.items() if "replacement" in id} == {ScheduleKind.MENTOR}
        assert {it.kind for (_, id), it in SCHEDULES.items() if "replacement" not in id} == {ScheduleKind.ECF}

    def test_extended_ones_have_nine_milestones_and_all_others_six(self):
        assert {len(it.milestones) for (_, id), it in SCHEDULES.items() if "extended" in id} == {9}
        assert {len(it.milestones) for (_, id), it in SCHEDULES.items() if "extended" not in id} == {6}

    def test_2021_january_has_its_published_completed_milestone(self):
        completed = SCHEDULES[2021, "ecf-standard-january"].milestone("completed")

        assert (completed.start, completed.end) == (date(2023, 5, 1), date(2023, 10, 31))

    @pytest.mark.parametrize("start", ["september", "january", "april"])
    def test_standard_ones_of_2025_are_dated(self, start):
        assert all(it.end for it in SCHEDULES[2025, f"ecf-standard-{start}"].milestones)

    def test_milestones_of_standard_schedules_follow_one_another(self):
        for (cohort, identifier), it in SCHEDULES.items():
            if "standard" in identifier and cohort >= 2022:
                ends = [milestone.end for milestone in it.milestones]
                starts = [milestone.start for milestone in it.milestones]

                assert all((start - end).days == 1 for end, start in zip(ends, starts[1:], strict=False))


class TestStatementCalendar:
    def test_no_deadline_lies_after_its_payment(self):
        assert not [it for it in CALENDAR if it.deadline_date > it.payment_date]

    def test_is_in_the_order_of_deadlines_within_a_cohort(self):
        for year in range(2021, 2026):
            deadlines = [it.deadline_date for it in CALENDAR if it.cohort == year]

            assert deadlines == sorted(deadlines)

    def test_output_statements_are_as_many_as_the_service_shows(self):
        shown = Counter(it.cohort for it in CALENDAR if it.output_fee)

        assert shown == {2021: 11, 2022: 11, 2023: 11, 2024: 10, 2025: 10}

    def test_the_last_contracts_ended_with_july(self):
        last = {
            year: max(it.deadline_date for it in CALENDAR if it.cohort == year and it.output_fee)
            for year in (2021, 2022)
        }

        assert last == {2021: date(2024, 7, 31), 2022: date(2025, 7, 31)}
