"""How a school registers somebody, and what providers see of it."""

from __future__ import annotations

from datetime import date

import pytest

from ecf_sandbox.ecf.domain.participants import ParticipantType, RecordStatus, TrainingStatus, ValidationDetails
from ecf_sandbox.ecf.events.registration import ect_becomes_mentor, register_ect, register_mentor
from ecf_sandbox.ecf.queries.training import newest, training_records_of, user_of
from ecf_sandbox.rulebook.refusals import DoesNotFit
from ecf_sandbox.state.record import replace
from tests.builders import a_participant, id_of
from tests.ecf.events.builders import a_mentor, an_incentive, midnight, record_of, turn_with


def register(turn, **changes):
    """The new training record and its one induction record."""
    sound = {"full_name": "Nova  Newcomer ", "email": "nova@example.com", "school_id": "school", "cohort": 2024}
    training = register_ect(turn, **{**sound, **changes})
    return training, newest(turn.records, training)


class TestAnEctRegistered:
    def test_is_somebody_new_under_their_own_id(self):
        turn = turn_with()

        training, _ = register(turn)

        identity = turn.records.identities[training.identity_id]
        user = user_of(turn.records, training)
        assert (user.full_name, user.email, identity.external_id) == ("Nova Newcomer", "nova@example.com", user.id)

    def test_joins_the_default_programme_on_the_first_day_of_the_schedule(self):
        training, induction = register(turn_with())

        assert training.schedule_id == induction.schedule_id == "ecf-standard-september-2024"
        assert (induction.programme_id, induction.start_date) == ("alpha-programme", midnight("2024-06-01"))

    def test_may_begin_on_a_day_of_their_own(self):
        _, induction = register(turn_with(), date=date(2025, 4, 20))

        assert induction.start_date == midnight("2025-04-20")

    def test_has_the_uplifts_of_the_school_in_that_year(self):
        training, _ = register(turn_with(an_incentive()))

        assert (training.pupil_premium_uplift, training.sparsity_uplift) == (True, False)

    def test_is_active_for_the_provider_and_unchecked(self):
        turn = turn_with()

        training, _ = register(turn)

        states = {(it.provider_id, it.state) for it in turn.records.status_changes}
        assert states == {("alpha", TrainingStatus.ACTIVE)}
        assert training.id not in turn.records.eligibilities

    def test_has_the_mentor_that_the_school_names(self):
        training, induction = register(turn_with(*a_mentor("max")), mentor_id=id_of("max"))

        assert training.mentor_record_id == induction.mentor_record_id == "max-training"

    def test_is_on_no_programme_where_the_school_has_none(self):
        turn = turn_with()
        turn.save(replace(turn.records.school_cohorts["school-2024"], default_programme_id=None))

        _, induction = register(turn)

        assert induction is None

    def test_cannot_be_one_already(self):
        with pytest.raises(DoesNotFit, match="has a record as ect already"):
            register(turn_with(*a_participant("ann")), email="ANN@example.com")

    def test_cannot_be_a_mentor(self):
        with pytest.raises(DoesNotFit, match="registered as a mentor"):
            register(turn_with(*a_mentor("max")), email="max@example.com")

    def test_needs_a_school_that_has_set_up_the_cohort(self):
        turn = turn_with()
        turn.remove(turn.records.school_cohorts["grange-2024"])

        with pytest.raises(DoesNotFit):
            register(turn, school_id="grange")


class TestAMentorRegistered:
    def test_is_among_the_schools_mentors(self):
        turn = turn_with()

        training = register_mentor(turn, "Norma New", "norma@example.com", "school", 2024)

        assert [it.training_record_id for it in turn.records.school_mentors] == [training.id]

    def test_keeps_the_name_they_have_while_another_record_stands(self):
        turn = turn_with(*a_participant("ann"))

        training = register_mentor(turn, "Anne Other", "ann@example.com", "school", 2024)

        assert user_of(turn.records, training).full_name == "ann"

    def test_is_called_anew_once_no_record_stands(self):
        turn = turn_with(*a_participant("ann", status=RecordStatus.WITHDRAWN))

        training = register_mentor(turn, "Anne Other", "ann@example.com", "school", 2024)

        assert user_of(turn.records, training).full_name == "Anne Other"


class TestAnEctWhoBecomesAMentor:
    def test_has_a_second_record_with_what_was_typed_in_but_no_check(self):
        turn = turn_with(*a_participant("ann"), ValidationDetails(training_record_id="ann-training", trn="1234567"))

        mentor = ect_becomes_mentor(turn, id_of("ann"))

        types = [it.type for it in training_records_of(turn.records, id_of("ann"))]
        assert types == [ParticipantType.ECT, ParticipantType.MENTOR]
        assert turn.records.validation_details[mentor.id].trn == "1234567"
        assert mentor.id not in turn.records.eligibilities

    def test_is_one_at_their_own_school_unless_another_is_named(self):
        turn = turn_with(*a_participant("ann"), *a_participant("ben"))

        at_home, elsewhere = ect_becomes_mentor(turn, id_of("ann")), ect_becomes_mentor(turn, id_of("ben"), "grange")

        assert (at_home.school_cohort_id, elsewhere.school_cohort_id) == ("school-2024", "grange-2024")

    def test_leaves_the_record_as_an_ect_alone(self):
        turn = turn_with(*a_participant("ann"))
        before = record_of(turn, "ann")

        ect_becomes_mentor(turn, id_of("ann"))

        assert record_of(turn, "ann") == before

    def test_cannot_become_one_twice(self):
        turn = turn_with(*a_participant("ann"))
        ect_becomes_mentor(turn, id_of("ann"))

        with pytest.raises(DoesNotFit):
            ect_becomes_mentor(turn, id_of("ann"))

    def test_may_have_been_one_whose_record_a_school_has_removed(self):
        turn = turn_with(*a_participant("ann"))
        removed = ect_becomes_mentor(turn, id_of("ann"))
        turn.save(replace(removed, status=RecordStatus.WITHDRAWN))

        second = ect_becomes_mentor(turn, id_of("ann"))

        standing = {it.id: it.status for it in training_records_of(turn.records, id_of("ann")) if not it.ect}
        assert standing == {removed.id: RecordStatus.WITHDRAWN, second.id: RecordStatus.ACTIVE}

    def test_keeps_their_identity_and_shows_the_email_address_that_was_given(self):
        turn = turn_with(*a_participant("ann"))

        mentor = ect_becomes_mentor(turn, id_of("ann"), email="mentor@example.com")

        preferred = turn.records.identities[newest(turn.records, mentor).preferred_identity_id]
        assert (mentor.identity_id, preferred.email) == ("ann-identity", "mentor@example.com")
