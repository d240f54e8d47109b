"""Two people who turn out to be one."""

from __future__ import annotations

import pytest

from ecf_sandbox.ecf.domain.schools import InductionTutor
from ecf_sandbox.ecf.events.participants import merge_participants
from ecf_sandbox.ecf.queries.training import training_records_of
from ecf_sandbox.rulebook.refusals import DoesNotFit
from tests.builders import a_participant, a_turn, id_of
from tests.ecf.events.builders import a_declaration, a_mentor, turn_with, updated, user_of

ANN, MAX, MIA = (id_of(it) for it in ("ann", "max", "mia"))


def merged(*rows):
    turn = turn_with(*a_participant("ann", trn="1234567"), *a_mentor("max"), *rows)
    merge_participants(turn, ANN, MAX)
    return turn


class TestMerging:
    def test_moves_records_with_their_ids(self):
        turn = merged()

        assert {it.id for it in training_records_of(turn.records, MAX)} == {"max-training", "ann-training"}
        assert training_records_of(turn.records, ANN) == ()

    def test_keeps_the_retired_id_on_the_identity(self):
        turn = merged()

        assert turn.records.identities["ann-identity"].external_id == ANN

    def test_moves_declarations_which_count_as_updated(self):
        turn = merged(a_declaration("ann"))

        moved = turn.records.declarations["ann-started"]
        assert (moved.user_id, moved.updated_at > turn.now) == (MAX, True)

    def test_moves_the_schools_of_an_induction_tutor(self):
        turn = merged(InductionTutor(id="tutor", school_id="school", user_id=ANN))

        assert turn.records.induction_tutors["tutor"].user_id == MAX

    def test_updates_both(self):
        turn = merged()

        assert (updated(turn, "ann"), updated(turn, "max")) == (True, True)

    def test_gives_the_survivor_no_number(self):
        assert user_of(merged(), "max").trn is None

    def test_is_noted_once(self):
        turn = merged()

        merge_participants(turn, ANN, MAX)

        (noted,) = turn.records.id_changes
        assert (noted.user_id, noted.from_participant_id, noted.to_participant_id) == (MAX, ANN, MAX)

    def test_once_more_takes_the_earlier_note_along(self):
        turn = merged(*a_participant("mia"))

        merge_participants(turn, MAX, MIA)

        notes = {(it.from_participant_id, it.to_participant_id) for it in turn.records.id_changes.by("user_id", MIA)}
        assert notes == {(ANN, MAX), (MAX, MIA)}

    def test_with_oneself_does_not_fit(self):
        with pytest.raises(DoesNotFit):
            merge_participants(turn_with(*a_participant("ann")), ANN, ANN)

    def test_of_somebody_who_has_nothing_left_is_noted_and_updates_nobody(self):
        turn = merged(*a_participant("mia"))
        later = a_turn(turn.records, "2025-02-11T12:00:00")

        merge_participants(later, ANN, MIA)

        assert {it.from_participant_id for it in later.records.id_changes.by("user_id", MIA)} == {ANN}
        assert (updated(later, "ann"), updated(later, "mia")) == (False, False)
