"""What happened to somebody's training becomes the induction records and statuses that it would have left."""

from datetime import UTC, date, datetime

import pytest

from ecf_sandbox.ecf.domain.participants import InductionStatus, RecordStatus, TrainingStatus
from ecf_sandbox.ecf.queries.training import newest, partnership_of, provider_id_of, school_of
from ecf_sandbox.state.ids import named_id
from tests.scenario.small import read, small

JANE = named_id("s", "training record", "Jane Smith/ect")
DAN = named_id("s", "training record", "Dan Osei/mentor")
ALPHA, BETA = named_id("s", "provider", "alpha"), named_id("s", "provider", "beta")


def after(*history, **changes):
    """The records after that happened to Jane, her training record and her newest induction record."""
    records = read(small(people__0__ect__history=list(history), **changes)).records()
    training = records.training_records[JANE]
    return records, training, newest(records, training)


class TestRegistration:
    def test_begins_with_the_schedules_first_milestone(self):
        _, _, induction = after()

        assert induction.start_date == datetime(2025, 6, 1, tzinfo=UTC)

    def test_notes_the_provider_as_training_them(self):
        records, *_ = after()

        (status,) = records.status_changes.by("training_record_id", JANE)
        assert (status.state, status.provider_id) == (TrainingStatus.ACTIVE, ALPHA)

    def test_a_mentor_joins_the_schools_pool(self):
        records, *_ = after()

        (pool,) = records.school_mentors.by("training_record_id", DAN)
        assert records.schools[pool.school_id].name == "Oakfield"

    def test_somebody_not_validated_has_no_eligibility(self):
        records, *_ = after(people__0__ect__eligibility="none", people__0__ect__typed_trn=7654321)

        assert records.eligibilities.get(JANE) is None
        assert records.validation_details[JANE].trn == "7654321"

    @pytest.mark.parametrize(
        ("status", "reason", "flag"),
        [
            pytest.param("manual_check", "active_flags", "active_flags", id="active flags"),
            pytest.param("manual_check", "no_induction", "no_induction", id="no induction"),
            pytest.param("ineligible", "previous_induction", "previous_induction", id="previous induction"),
            pytest.param("ineligible", "exempt_from_induction", "exempt_from_induction", id="exempt"),
        ],
    )
    def test_a_reason_comes_with_what_the_check_found(self, status, reason, flag):
        records, *_ = after(people__0__ect__eligibility=status, people__0__ect__eligibility_reason=reason)

        assert (records.eligibilities[JANE].reason, getattr(records.eligibilities[JANE], flag)) == (reason, True)


class TestHistory:
    def test_a_deferral_is_a_new_induction_record_and_a_status(self):
        records, training, induction = after({"at": "2026-02-16T11:00:00Z", "deferred": "parental-leave"})

        assert (training.training_status, induction.training_status) == (TrainingStatus.DEFERRED,) * 2
        assert [it.induction_status for it in records.induction_records.by("training_record_id", JANE)] == [
            InductionStatus.CHANGED,
            InductionStatus.ACTIVE,
        ]
        assert records.status_changes.by("training_record_id", JANE)[-1].reason == "parental-leave"

    def test_things_happen_in_the_order_of_time_whatever_the_order_of_the_file(self):
        _, training, _ = after(
            {"at": "2026-05-05", "resumed": True}, {"at": "2026-01-20", "deferred": "long-term-sickness"}
        )

        assert training.training_status is TrainingStatus.ACTIVE

    def test_another_school_of_another_provider_pairs_leaving_and_joining(self):
        records, _training, induction = after({"at": "2026-04-01", "joining": "ashgrove", "from": "2026-04-13"})
        first, second = records.induction_records.by("training_record_id", JANE)

        assert (first.induction_status, first.end_date) == (InductionStatus.LEAVING, datetime(2026, 4, 13, tzinfo=UTC))
        assert (second.school_transfer, provider_id_of(records, second)) == (True, BETA)
        assert school_of(records, induction).name == "Ashgrove"

    def test_who_keeps_the_provider_makes_a_relationship(self):
        records, _, induction = after(
            {"at": "2026-04-01", "joining": "ashgrove", "from": "2026-04-13", "keeps_provider": True}
        )
        partnership = partnership_of(records, induction)

        assert (partnership.provider_id, partnership.relationship) == (ALPHA, True)

    def test_a_leaver_without_a_new_school_only_leaves(self):
        _, _, induction = after({"at": "2026-06-25", "leaving": "2026-07-20"})

        assert (induction.induction_status, induction.school_transfer) == (InductionStatus.LEAVING, True)

    def test_a_move_to_another_cohort_takes_the_programme_there(self):
        records, training, _induction = after(
            {"at": "2025-11-18", "cohort": 2024, "schedule": "ecf-extended-september"}
        )

        assert records.schedules[training.schedule_id].cohort == 2024
        assert records.school_cohorts[training.school_cohort_id].cohort == 2024
        assert not training.cohort_changed_after_payments_frozen

    def test_a_move_out_of_a_frozen_cohort_with_declarations_is_marked(self):
        _, training, _ = after(
            {"at": "2025-11-18", "cohort": 2024, "schedule": "ecf-extended-september"},
            people__0__ect__cohort=2022,
            people__0__ect__declarations=[{"type": "started", "date": "2022-10-10"}],
        )

        assert training.cohort_changed_after_payments_frozen

    def test_a_completed_induction_ends_the_mentoring(self):
        _, training, induction = after({"at": "2026-07-27", "induction_completed": "2026-07-24"})

        assert training.induction_completion_date == date(2026, 7, 24)
        assert (induction.induction_status, induction.mentor_record_id) == (InductionStatus.COMPLETED, None)

    def test_a_removed_record_is_withdrawn_without_an_end(self):
        _, training, induction = after({"at": "2025-11-05", "removed": True})

        assert training.status is RecordStatus.WITHDRAWN
        assert (induction.induction_status, induction.end_date) == (InductionStatus.WITHDRAWN, None)

    def test_a_mentor_can_be_taken_away(self):
        _, training, induction = after({"at": "2025-11-05", "mentor": "none"})

        assert (training.mentor_record_id, induction.mentor_record_id) == (None, None)

    def test_a_challenge_touches_the_school_and_those_who_train_there(self):
        challenged = small()
        challenged["partnerships"][0] |= {"cohort": 2025, "challenged": "2025-10-20", "reason": "mistake"}
        records = read(challenged).records()

        assert records.users[named_id("s", "person", "Jane Smith")].updated_at.date() == date(2025, 10, 20)
        assert all(it.challenged for it in records.partnerships.by("provider_id", ALPHA))


class TestMerging:
    def test_the_retired_id_stays_as_an_external_one(self):
        merged = [{"name": "J. Smith", "email": "j@example.com", "at": "2026-02-03"}]
        records = read(small(people__0__merged=merged)).records()
        jane, retired = named_id("s", "person", "Jane Smith"), named_id("s", "person", "J. Smith")

        assert records.users.get(retired) is None
        assert records.identities.one("external_id", retired).user_id == jane
        assert records.id_changes.by("user_id", jane)[0].from_participant_id == retired
