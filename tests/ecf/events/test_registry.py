"""Every event is there under its name, documented, and nothing that is asked for breaks it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecf_sandbox.ecf.domain.declarations import DeclarationState, Phase
from ecf_sandbox.ecf.events.registry import EVENTS, play
from ecf_sandbox.ecf.queries.training import training_records_of
from ecf_sandbox.ecf.records import Turn
from ecf_sandbox.rulebook.refusals import BadEvent, DoesNotFit
from ecf_sandbox.state.record import replace
from tests.builders import a_participant, a_turn, id_of
from tests.ecf.events.builders import (
    a_country,
    a_declaration,
    a_mentor,
    an_incentive,
    frozen,
    mentored,
    somebody_of_2022,
    turn_with,
)
from tests.effort import examples

PEOPLE = [id_of(it) for it in ("ann", "ben", "cas", "max", "mia")]
COUNTRY = frozen(
    a_country(
        *a_participant("ann", trn="1000001"),
        *mentored("ben", "max"),
        *somebody_of_2022("cas"),
        *a_mentor("max"),
        *a_mentor("mia"),
        a_declaration("ann"),
        an_incentive(),
    )
)
ANYTHING = st.none() | st.booleans() | st.integers(-1, 3000) | st.text(max_size=8) | st.lists(st.integers(), max_size=1)
# What each parameter is usually told; everything else is told anything.
SENSIBLE = {
    "school_id": st.sampled_from(["school", "grange", "moor"]),
    "cohort": st.sampled_from([2022, 2024]),
    "date": st.dates().map(str) | st.sampled_from(["2025-02-01", "2025-02-10", "2025-03-01"]),
    "course_identifier": st.sampled_from(["ecf-induction", "ecf-mentor"]),
    "trn": st.sampled_from([None, "1000001", "1000002"]),
    "email": st.sampled_from(["ann@example.com", "new@example.com", "NEW@example.com"]),
    "full_name": st.sampled_from(["Ann Archer", "  Ann   Archer ", ""]),
    "reason": st.sampled_from(["none", "no_qts", "previous_induction", "mistake", "started_not_completed"]),
    "status": st.sampled_from(["eligible", "ineligible", "manual_check", "matched"]),
    "choice": st.sampled_from(["full_induction_programme", "core_induction_programme", "no_early_career_teachers"]),
    "partnership_id": st.sampled_from(["alpha-partnership", "beta-partnership", "grange-partnership"]),
    "statement_id": st.sampled_from(["alpha April 2025", "beta April 2025"]),
    "declaration_id": st.just("ann-started"),
    "lead_provider_id": st.sampled_from(["alpha", "beta"]),
    "delivery_partner_id": st.sampled_from(["alpha-partner", "beta-partner"]),
    "schedule_identifier": st.just("ecf-standard-september"),
    "declaration_type": st.sampled_from(["started", "retained-1"]),
    "name": st.just("closing_2022"),
    **dict.fromkeys(
        ("participant_id", "mentor_id", "from_participant_id", "to_participant_id"), st.sampled_from(PEOPLE)
    ),
    **dict.fromkeys(
        ("keep_provider", "mistake", "force", "match", "deduplicate", "active", "qts", "no_induction"), st.booleans()
    ),
}


def asked(event):
    required = {it.name: SENSIBLE.get(it.name, ANYTHING) for it in event.parameters if it.required}
    optional = {it.name: SENSIBLE.get(it.name, ANYTHING) for it in event.parameters if not it.required}
    return st.fixed_dictionaries(required, optional=optional).map(lambda given: (event.name, given))


asking = st.one_of([asked(it) for it in EVENTS.values()])


def played(turn: Turn, name, arguments) -> bool:
    """Whether an event happened; what does not fit leaves the records alone, as a world would."""
    before = turn.records
    try:
        play(turn, name, arguments)
    except (BadEvent, DoesNotFit):
        turn.records = before
        return False
    return True


class TestTheRegistry:
    def test_has_the_events_of_the_recordings(self):
        assert sorted(EVENTS) == [
            "add_provider_relationship",
            "amend_cohort",
            "challenge_partnership",
            "change_email",
            "change_mentor",
            "change_name",
            "change_programme_choice",
            "change_provider",
            "complete_induction",
            "cut_off_statement",
            "dfe_void_declaration",
            "discard_delivery_partner",
            "discard_provider_relationship",
            "ect_becomes_mentor",
            "freeze_cohort",
            "make_eligible",
            "make_ineligible",
            "merge_participants",
            "move_milestone",
            "nightly_cut_off",
            "pay_statement",
            "record_check",
            "register_ect",
            "register_mentor",
            "remove_expired_school_mentors",
            "school_marks_leaving",
            "school_reregisters",
            "school_transfer",
            "school_withdraws_record",
            "set_eligibility",
            "set_feature_flag",
            "set_mentor_completion",
            "set_programme_choice",
        ]

    @pytest.mark.parametrize("event", EVENTS.values(), ids=lambda it: it.name)
    def test_says_what_happens_and_what_everything_means(self, event):
        assert event.summary.split("\n")[0].endswith((".", ","))
        assert all(it.description and it.type_name for it in event.parameters)

    def test_an_unknown_event_is_met_with_the_nearest_known_one(self):
        with pytest.raises(BadEvent, match="did you mean 'pay_statement'"):
            play(turn_with(), "pay_statment", {})

    def test_a_refusal_of_the_business_means_that_the_event_does_not_fit(self):
        turn = turn_with(*a_participant("ann"), a_declaration("ann", state=DeclarationState.VOIDED))

        with pytest.raises(DoesNotFit):
            play(turn, "dfe_void_declaration", {"declaration_id": "ann-started", "user_id": None})


class TestWhateverIsAsked:
    @settings(max_examples=examples(200))
    @given(st.lists(asking, max_size=6))
    def test_happens_or_says_why_not(self, story):
        turn = a_turn(COUNTRY)

        for name, arguments in story:
            played(turn, name, arguments)

    @settings(max_examples=examples(200))
    @given(st.lists(asking, max_size=4), asking)
    def test_that_changes_somebody_shows_as_an_update(self, story, last):
        turn = a_turn(COUNTRY)
        for name, arguments in story:
            played(turn, name, arguments)
        before, later = turn.records, a_turn(turn.records, "2025-02-10T12:00:30")

        if played(later, *last):
            after = later.records
            changed = [it.id for it in before.users if about(after, it.id) != about(before, it.id)]
            assert all(after.users[it].updated_at > later.now for it in changed)

    @settings(max_examples=examples(100))
    @given(st.lists(asking, max_size=6))
    def test_keeps_every_reference_whole(self, story):
        turn = a_turn(COUNTRY)
        for name, arguments in story:
            played(turn, name, arguments)

        records = turn.records
        assert all(it.user_id in records.users for it in records.identities)
        assert all(it.identity_id in records.identities for it in records.training_records)
        assert all(it.schedule_id in records.schedules for it in records.training_records)
        for it in records.induction_records:
            assert it.training_record_id in records.training_records
            assert it.programme_id in records.programmes
            assert it.preferred_identity_id is None or it.preferred_identity_id in records.identities
            assert it.mentor_record_id is None or it.mentor_record_id in records.training_records
        for it in records.line_items:
            paid = records.statements[it.statement_id].phase is Phase.PAID
            assert not (paid and it.state is DeclarationState.PAYABLE)


def about(records, user_id):
    """What a provider can see of somebody, apart from when it was updated."""

    def bare(row):
        return None if row is None else replace(row, updated_at=None)

    trainings = training_records_of(records, user_id)
    # A mentor's removal takes them off their former ECTs' own records without any update: only history shows it.
    shown = [replace(bare(it), mentor_record_id=None) for it in trainings]
    return (
        bare(records.users[user_id]),
        [bare(it) for it in records.identities.by("user_id", user_id)],
        shown,
        [bare(row) for it in trainings for row in records.induction_records.by("training_record_id", it.id)],
        [records.eligibilities.get(it.id) for it in trainings],
        [records.validation_details.get(it.id) for it in trainings],
        list(records.id_changes.by("user_id", user_id)),
    )
