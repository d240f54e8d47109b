"""Recording declarations: whom an id means, what is kept, and where it stands afterwards."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecf_sandbox.ecf.actions.declarations import become_eligible, move, move_line_items, put_on, record_declaration
from ecf_sandbox.ecf.actions.voiding import void_declaration
from ecf_sandbox.ecf.domain.declarations import BILLABLE, LIVE, MOVES, REFUNDABLE, DeclarationState, Phase
from ecf_sandbox.ecf.domain.participants import (
    Eligibility,
    EligibilityStatus,
    Identity,
    InductionStatus,
    ParticipantType,
    RecordStatus,
    StatusChange,
    TrainingStatus,
)
from ecf_sandbox.ecf.editions import EDITIONS, GUIDANCE
from ecf_sandbox.rulebook.refusals import BadRequest, Refused
from ecf_sandbox.state.record import replace
from tests.builders import a_cohort, a_country, a_participant, a_schedule, a_statement, a_turn, at, id_of

MENTOR = ParticipantType.MENTOR


def fields(name="ann", **changes):
    """The attributes of a sound `retained-1`, as a client sends them."""
    sound = {
        "participant_id": id_of(name),
        "declaration_type": "retained-1",
        "declaration_date": "2025-02-01T10:00:00Z",
        "course_identifier": "ecf-induction",
        "evidence_held": "other",
    }
    return {**sound, **changes}


def declare(turn, name="ann", provider="alpha", **changes):
    return record_declaration(turn, turn.records.providers[provider], fields(name, **changes))


def refused(turn, name="ann", provider="alpha", **changes):
    """The ids of the rules that a declaration breaks."""
    with pytest.raises(Refused) as caught:
        declare(turn, name, provider, **changes)
    return [it.rule.removeprefix("declaration.") for it in caught.value.refusals]


def turn_with(*rows, now="2025-02-10T12:00:00"):
    return a_turn(a_country(*rows), now)


def lines(turn, declaration):
    """The statements and states of a declaration's line items."""
    return [(it.statement_id, it.state) for it in turn.records.line_items.by("declaration_id", declaration.id)]


class TestAFundedParticipant:
    def test_is_declared_as_eligible_on_the_next_statement(self):
        turn = turn_with(*a_participant("ann"))

        made = declare(turn)

        assert made.state is DeclarationState.ELIGIBLE
        assert lines(turn, made) == [("alpha April 2025", DeclarationState.ELIGIBLE)]
        assert turn.records.declarations[made.id] == made

    def test_is_remembered_as_they_were_that_day(self):
        mentor = a_participant("max", type=MENTOR)
        ann = a_participant("ann", induction={"mentor_record_id": "max-training"}, pupil_premium_uplift=True)
        turn = turn_with(*mentor, *ann)

        made = declare(turn)

        assert made.user_id == id_of("ann")
        assert made.cohort == 2024
        assert made.date == at("2025-02-01T10:00:00")
        assert made.evidence_held == "other"
        assert made.delivery_partner_id == "alpha-partner"
        assert made.mentor_user_id == id_of("max")
        assert (made.pupil_premium_uplift, made.sparsity_uplift) == (True, False)
        assert at("2025-02-10T12:00:00") < made.created_at < made.updated_at < at("2025-02-10T12:00:01")

    def test_is_not_updated_by_it(self):
        turn = turn_with(*a_participant("ann"))
        before = turn.records

        declare(turn)

        assert turn.records.users is before.users
        assert turn.records.training_records is before.training_records

    @pytest.mark.parametrize(
        ("began", "partner"),
        [
            pytest.param("2025-02-01T10:00:00.000001", None, id="a microsecond later"),
            pytest.param("2025-02-01T10:00:00", "alpha-partner", id="that very moment"),
        ],
    )
    def test_has_no_delivery_partner_before_the_provider_began(self, began, partner):
        turn = turn_with(*a_participant("ann", induction={"start_date": at(began)}))

        assert declare(turn).delivery_partner_id == partner

    def test_has_none_either_when_it_has_closed_down(self):
        records = a_country(*a_participant("ann"))
        partner = records.delivery_partners["alpha-partner"]
        turn = a_turn(records.save(replace(partner, discarded_at=at("2024-10-01T00:00:00"))))

        assert declare(turn).delivery_partner_id is None

    def test_has_the_delivery_partner_of_a_challenged_partnership(self):
        records = a_country(*a_participant("ann"))
        partnership = records.partnerships["alpha-partnership"]
        turn = a_turn(records.save(replace(partnership, challenged_at=at("2025-01-01T00:00:00"))))

        assert declare(turn).delivery_partner_id == "alpha-partner"


class TestAMentor:
    def test_has_no_mentor_and_may_send_the_classic_types(self):
        turn = turn_with(*a_participant("max", type=MENTOR, induction={"mentor_record_id": "max-training"}))

        made = declare(turn, "max", course_identifier="ecf-mentor")

        assert made.mentor_user_id is None
        assert made.participant_type is MENTOR

    def test_has_completed_once_that_is_declared(self):
        turn = turn_with(*a_participant("max", type=MENTOR), a_statement(deadline_date=date(2026, 7, 31)))
        turn = a_turn(turn.records, "2026-06-10T12:00:00")

        declare(
            turn,
            "max",
            course_identifier="ecf-mentor",
            declaration_type="completed",
            declaration_date="2026-05-01T00:30:00+01:00",
        )

        assert turn.records.training_records["max-training"].mentor_completion_date == date(2026, 4, 30)

    def test_keeps_the_completion_that_is_noted_when_anything_else_is_declared(self):
        noted = {"mentor_completion_date": date(2024, 7, 31), "mentor_completion_reason": "started_not_completed"}
        turn = a_turn(a_country(*a_participant("max", type=MENTOR, **noted)), "2024-07-01T12:00:00")

        declare(
            turn,
            "max",
            course_identifier="ecf-mentor",
            declaration_type="started",
            declaration_date="2024-06-15T10:00:00Z",
        )

        assert turn.records.training_records["max-training"].mentor_completion_date == date(2024, 7, 31)


class TestSomebodyNotYetEligible:
    def test_is_declared_as_submitted_and_stands_on_no_statement(self):
        turn = turn_with(*a_participant("ann", eligible=False))

        made = declare(turn)

        assert made.state is DeclarationState.SUBMITTED
        assert lines(turn, made) == []

    def test_may_be_declared_for_in_a_closed_cohort(self):
        turn = turn_with(*a_participant("ann", eligible=False), now="2026-09-01T00:00:00")

        assert declare(turn).state is DeclarationState.SUBMITTED

    def test_becomes_eligible_with_everything_submitted(self):
        turn = turn_with(*a_participant("ann", eligible=False), *a_participant("bob", eligible=False))
        started = declare(turn, declaration_type="started", declaration_date="2024-10-01T10:00:00Z")
        retained, other = declare(turn), declare(turn, "bob")
        later = a_turn(turn.records, "2025-04-02T09:00:00")

        become_eligible(later, "ann-training")

        for it in (started, retained):
            assert later.records.declarations[it.id].state is DeclarationState.ELIGIBLE
            assert later.records.declarations[it.id].updated_at > at("2025-04-02T09:00:00")
            assert lines(later, it) == [("alpha August 2025", DeclarationState.ELIGIBLE)]
        assert later.records.declarations[other.id] == other

    def test_does_not_bring_back_what_was_voided(self):
        turn = turn_with(*a_participant("ann", eligible=False))
        made = declare(turn)
        voided = void_declaration(turn, turn.records.providers["alpha"], made.id)

        become_eligible(turn, "ann-training")

        assert turn.records.declarations[made.id] == voided

    def test_cannot_become_eligible_once_the_contract_has_ended(self):
        turn = turn_with(*a_participant("ann", eligible=False))
        declare(turn)

        with pytest.raises(Refused, match="2024 cohort"):
            become_eligible(a_turn(turn.records, "2025-08-01T00:00:00"), "ann-training")

    def test_may_become_eligible_then_if_nothing_was_declared(self):
        turn = turn_with(*a_participant("ann", eligible=False), now="2025-08-01T00:00:00")

        become_eligible(turn, "ann-training")


class TestTheParticipantId:
    @pytest.mark.parametrize(
        "spelt",
        [
            pytest.param(str.upper, id="in capitals"),
            pytest.param(lambda it: it.replace("-", ""), id="without dashes"),
            pytest.param(lambda it: "{" + it + "}", id="in braces"),
        ],
    )
    def test_is_read_in_any_spelling_of_a_uuid(self, spelt):
        turn = turn_with(*a_participant("ann"))

        assert declare(turn, participant_id=spelt(id_of("ann"))).user_id == id_of("ann")

    @pytest.mark.parametrize("unknown", ["abc", "", "  ", None, 12345, True, id_of("nobody"), f" {id_of('ann')}"])
    def test_that_means_nobody_is_refused(self, unknown):
        assert refused(turn_with(*a_participant("ann")), participant_id=unknown) == ["participant-unknown"]

    def test_may_be_a_retired_one(self):
        ann = a_participant("ann")
        retired = replace(next(it for it in ann if isinstance(it, Identity)), external_id=id_of("once"))

        made = declare(turn_with(*ann, retired), participant_id=id_of("once"))

        assert made.user_id == id_of("ann")

    def test_is_not_the_training_records(self):
        turn = turn_with(*a_participant("ann"))
        training = replace(turn.records.training_records["ann-training"], id=id_of("training"))
        turn.save(training)

        assert refused(turn, participant_id=id_of("training")) == ["participant-unknown"]


class TestTheCourse:
    @pytest.mark.parametrize("course", ["ecf-mentor", "typoed-course-name", "", None, 5, False])
    def test_is_one_that_the_participant_trains_on(self, course):
        assert refused(turn_with(*a_participant("ann")), course_identifier=course) == ["course-unknown"]

    def test_is_not_that_of_a_record_the_school_removed(self):
        turn = turn_with(*a_participant("ann", status=RecordStatus.WITHDRAWN))

        assert refused(turn) == ["course-unknown"]

    def test_is_unmentioned_when_something_else_is_wrong(self):
        turn = turn_with(*a_participant("ann"))

        assert refused(turn, course_identifier="typo", declaration_date=None) == ["date-missing"]

    def test_leads_to_a_record_under_the_identity_that_was_given(self):
        # The id of an identity whose own record was removed; the person trains on under another identity.
        removed = a_participant("ann", status=RecordStatus.WITHDRAWN)
        second = Identity(
            id="second",
            user_id=id_of("ann"),
            email="ann@example.org",
            external_id=id_of("other"),
            created_at=at("2024-09-02T00:00:00"),
            updated_at=at("2024-09-02T00:00:00"),
        )
        turn = turn_with(*removed, second)
        training = replace(
            turn.records.training_records["ann-training"],
            id="ann-again",
            identity_id="second",
            status=RecordStatus.ACTIVE,
        )
        turn.save(training)

        assert refused(turn) == ["training-record-unknown"]


class TestTheProvider:
    def test_is_one_that_trains_the_participant(self):
        turn = turn_with(*a_participant("ann"))

        assert refused(turn, provider="beta") == ["participant-not-linked"]

    def test_sees_dates_and_slots_before_that(self):
        turn = turn_with(*a_participant("ann"))
        declare(turn)

        assert refused(turn, provider="beta", declaration_date="2024-01-01T00:00:00Z") == [
            "before-milestone",
            "already-made",
        ]

    def test_may_have_trained_them_before(self):
        turn = turn_with(*a_participant("ann"))
        first = turn.records.induction_records["ann-induction"]
        turn.save(
            replace(first, induction_status=InductionStatus.LEAVING, end_date=at("2025-01-01T00:00:00")),
            replace(first, id="later", programme_id="beta-programme", start_date=at("2025-01-01T00:00:00")),
        )

        assert declare(turn).delivery_partner_id == "alpha-partner"

    @pytest.mark.parametrize("former", ["ecf-reduced-september-2024", "ecf-standard-september-2025"])
    def test_is_refused_once_another_moved_the_participant_to_a_schedule(self, former):
        turn = turn_with(*a_participant("ann", induction={"schedule_id": former}))

        assert refused(turn) == ["participant-not-linked"]


class TestTheSlot:
    def test_is_taken_by_the_very_same_request(self):
        turn = turn_with(*a_participant("ann"))
        declare(turn)

        assert refused(turn) == ["already-made"]

    @pytest.mark.parametrize("state", DeclarationState)
    def test_is_taken_only_by_what_is_or_will_be_paid(self, state):
        turn = turn_with(*a_participant("ann"))
        turn.save(replace(declare(turn), state=state))

        if state in LIVE:
            assert refused(turn, declaration_date="2025-02-02T10:00:00Z") == ["already-made"]
        else:
            assert declare(turn, declaration_date="2025-02-02T10:00:00Z").state is DeclarationState.ELIGIBLE

    def test_of_one_type_leaves_the_others_free(self):
        turn = turn_with(*a_participant("ann"))
        declare(turn)

        declare(turn, declaration_type="started", declaration_date="2024-10-01T10:00:00Z")

    @pytest.mark.parametrize(
        ("state", "rules"),
        [
            pytest.param(DeclarationState.SUBMITTED, ["already-made"], id="no statement needed"),
            pytest.param(DeclarationState.PAID, ["cohort-closed", "already-made"], id="a statement needed again"),
        ],
    )
    def test_of_the_very_same_declaration_decides_whether_the_closed_cohort_is_named(self, state, rules):
        turn = turn_with(*a_participant("ann", eligible=False))
        turn.save(replace(declare(turn), state=state))

        assert refused(a_turn(turn.records, "2025-08-01T00:00:00")) == rules

    @pytest.mark.parametrize(
        "difference",
        [
            {"date": at("2025-02-01T09:59:59")},
            {"date": at("2025-02-01T10:00:01")},
            {"evidence_held": "materials-engaged-with-offline"},
            {"evidence_held": "self-study-material-completed"},
            {"provider_id": "aardvark"},
            {"provider_id": "beta"},
            {"delivery_partner_id": "aardvark-partner"},
            {"delivery_partner_id": "beta-partner"},
            {"mentor_user_id": id_of("max")},
            {"training_record_id": "ann-earlier"},
            {"training_record_id": "ann-ulterior"},
        ],
        ids=str,
    )
    def test_of_one_that_differs_in_anything_does_not(self, difference):
        turn = turn_with(*a_participant("ann", eligible=False))
        turn.save(replace(declare(turn), state=DeclarationState.PAID, **difference))

        assert refused(a_turn(turn.records, "2025-08-01T00:00:00")) == ["already-made"]


class TestTheStatement:
    @pytest.mark.parametrize(
        ("now", "statement"),
        [
            ("2025-03-31T23:59:59", "alpha April 2025"),
            ("2025-04-01T00:00:00", "alpha August 2025"),
            ("2025-07-31T23:59:59", "alpha August 2025"),
        ],
    )
    def test_is_the_next_whose_cut_off_is_not_past(self, now, statement):
        turn = turn_with(*a_participant("ann"), now=now)

        assert lines(turn, declare(turn)) == [(statement, DeclarationState.ELIGIBLE)]

    @pytest.mark.parametrize("changes", [{"output_fee": False}, {"phase": Phase.PAYABLE}, {"phase": Phase.PAID}])
    def test_is_an_open_one_with_output_fee(self, changes):
        turn = turn_with(*a_participant("ann"), a_statement(**changes))

        assert lines(turn, declare(turn)) == [("alpha August 2025", DeclarationState.ELIGIBLE)]

    def test_that_is_lacking_closes_the_cohort(self):
        assert refused(turn_with(*a_participant("ann"), now="2025-08-01T00:00:00")) == ["cohort-closed"]


class TestTwins:
    """Two people with one TRN: the second declaration of an event is a duplicate."""

    PAIR = (*a_participant("ann", trn="1000001"), *a_participant("bob", trn="1000001", provider="beta"))

    def test_second_is_ineligible_and_stands_on_the_statement(self):
        turn = turn_with(*self.PAIR)
        first = declare(turn)

        second = declare(turn, "bob", "beta")

        assert (second.state, second.state_reason) == (DeclarationState.INELIGIBLE, "duplicate")
        assert second.superseded_by_id == first.id
        assert lines(turn, second) == [("beta April 2025", DeclarationState.INELIGIBLE)]

    def test_second_leaves_the_slot_free(self):
        turn = turn_with(*self.PAIR)
        declare(turn)
        declare(turn, "bob", "beta")

        assert declare(turn, "bob", "beta").state is DeclarationState.INELIGIBLE

    def test_void_of_the_first_frees_the_way_but_does_not_revive(self):
        turn = turn_with(*self.PAIR)
        first, second = declare(turn), declare(turn, "bob", "beta")

        void_declaration(turn, turn.records.providers["alpha"], first.id)

        assert turn.records.declarations[second.id].state is DeclarationState.INELIGIBLE
        assert declare(turn, "bob", "beta").state is DeclarationState.ELIGIBLE

    @pytest.mark.parametrize(
        "pair",
        [
            pytest.param((*a_participant("ann"), *a_participant("bob", provider="beta")), id="without a TRN"),
            pytest.param(
                (*a_participant("ann", trn=""), *a_participant("bob", trn="", provider="beta")), id="with an empty TRN"
            ),
        ],
    )
    def test_are_not_people(self, pair):
        turn = turn_with(*pair)
        declare(turn)

        assert declare(turn, "bob", "beta").state is DeclarationState.ELIGIBLE

    def test_are_not_counted_where_the_first_is_a_duplicate_itself(self):
        turn = turn_with(*self.PAIR)
        turn.save(replace(declare(turn), superseded_by_id="somebody's"))

        assert declare(turn, "bob", "beta").state is DeclarationState.ELIGIBLE

    def test_are_superseded_by_the_oldest(self):
        turn = turn_with(*self.PAIR, *a_participant("cat", trn="1000001"))
        newer = replace(declare(turn), created_at=at("2025-02-10T11:00:00"))
        older = replace(newer, id="older", training_record_id="cat-training", created_at=at("2025-02-10T10:00:00"))
        turn.save(newer, older)

        assert declare(turn, "bob", "beta").superseded_by_id == "older"

    def test_are_not_an_ect_and_a_mentor(self):
        mentor = a_participant("bob", trn="1000001", type=MENTOR)
        turn = turn_with(*a_participant("ann", trn="1000001"), *mentor)
        declare(turn)

        assert declare(turn, "bob", course_identifier="ecf-mentor").state is DeclarationState.ELIGIBLE

    def test_without_a_statement_are_refused_where_the_service_crashes(self):
        bob = a_participant("bob", trn="1000001", provider="beta", eligible=False)
        turn = turn_with(*a_participant("ann", trn="1000001"), *bob)
        declare(turn)

        assert refused(a_turn(turn.records, "2025-08-01T00:00:00"), "bob", "beta") == ["duplicate-in-closed-cohort"]


class TestWhatIsKeptOfTheEvidence:
    @pytest.mark.parametrize("sent", ["other", "", "anything", None, 5])
    def test_is_nothing_for_a_classic_start(self, sent):
        turn = turn_with(*a_participant("ann"))

        made = declare(turn, declaration_type="started", declaration_date="2024-10-01T10:00:00Z", evidence_held=sent)

        assert made.evidence_held is None

    @pytest.mark.parametrize(("sent", "kept"), [("other", "other"), ("", ""), (" ", " "), (None, None), (False, "f")])
    def test_is_what_was_sent_for_a_start_from_2025(self, sent, kept):
        turn = turn_with(*a_participant("ann"), a_cohort(detailed_evidence_types=True))

        made = declare(turn, declaration_type="started", declaration_date="2024-10-01T10:00:00Z", evidence_held=sent)

        assert made.evidence_held == kept

    @pytest.mark.parametrize(
        ("sent", "rule"),
        [(False, "evidence-missing"), (" ", "evidence-missing"), (True, "evidence-unknown"), (5, "evidence-unknown")],
    )
    def test_other_json_values_are_refused_where_evidence_is_needed(self, sent, rule):
        assert refused(turn_with(*a_participant("ann")), evidence_held=sent) == [rule]


class TestOtherJsonValues:
    @pytest.mark.parametrize(
        ("type", "rules"),
        [
            (True, ["type-not-in-schedule"]),
            (5, ["type-not-in-schedule"]),
            ("started ", ["type-not-in-schedule"]),
            (False, ["type-missing", "type-not-in-schedule"]),
            (" ", ["type-missing", "type-not-in-schedule"]),
            ("\u00a0", ["type-missing", "type-not-in-schedule"]),
            ("\x1c", ["type-not-in-schedule"]),
        ],
    )
    def test_as_the_type(self, type, rules):
        assert refused(turn_with(*a_participant("ann")), declaration_type=type) == rules

    @pytest.mark.parametrize("date", [20241001, 1.5, True])
    def test_as_the_date_are_a_bad_request(self, date):
        with pytest.raises(BadRequest):
            declare(turn_with(*a_participant("ann")), declaration_date=date)

    @pytest.mark.parametrize("date", [False, "", "  ", None])
    def test_that_are_blank_are_no_date(self, date):
        assert refused(turn_with(*a_participant("ann")), declaration_date=date) == ["date-missing"]

    def test_that_are_control_characters_are_not_blank_but_no_date_either(self):
        assert refused(turn_with(*a_participant("ann")), declaration_date="\x1f") == ["date-missing", "date-malformed"]

    def test_leave_nothing_behind_when_refused(self):
        turn = turn_with(*a_participant("ann"))
        before = turn.records

        refused(turn, declaration_date="foo")

        assert turn.records is before
        assert turn.ids_taken == 0


SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(),
    st.sampled_from(["started", "completed", "ecf-mentor", "npq-x", "2025-02-01T10:00:00Z", "2025-02-30", "other", ""]),
    st.sampled_from([id_of("ann"), id_of("max")]),
)


class TestAnyScalarsAtAll:
    RECORDS = a_country(*a_participant("ann"), *a_participant("max", type=MENTOR))

    @given(st.dictionaries(st.sampled_from(list(fields())), SCALARS))
    def test_are_accepted_or_refused_with_a_reason(self, changes):
        turn = a_turn(self.RECORDS)

        try:
            made = declare(turn, **changes)
        except (Refused, BadRequest):
            return

        assert turn.records.declarations[made.id] == made


def said(state, when, provider="alpha", id="status"):
    return StatusChange(
        id=id, training_record_id="ann-training", provider_id=provider, state=state, created_at=at(when)
    )


def ann_withdrawn():
    """Somebody whose training had stopped on the days that are declared."""
    return a_participant("ann", induction={"training_status": TrainingStatus.WITHDRAWN})


class TestTheProvidersLastWord:
    def test_is_the_newest_of_that_provider(self):
        turn = turn_with(
            *ann_withdrawn(),
            said(TrainingStatus.ACTIVE, "2024-10-01T00:00:00", id="registered"),
            said(TrainingStatus.WITHDRAWN, "2025-01-20T09:00:00", id="withdrawn"),
            said(TrainingStatus.ACTIVE, "2025-01-21T00:00:00", provider="beta", id="of another provider"),
            said(TrainingStatus.ACTIVE, "2025-01-22T00:00:00", provider=None, id="of nobody"),
        )

        assert refused(turn) == ["withdrawn"]
        assert declare(turn, declaration_date="2025-01-19T00:00:00Z").state is DeclarationState.ELIGIBLE

    def test_is_the_later_entry_of_one_frozen_second(self):
        turn = turn_with(
            *ann_withdrawn(),
            said(TrainingStatus.WITHDRAWN, "2025-01-20T09:00:00.009", id="withdrawn"),
            said(TrainingStatus.ACTIVE, "2025-01-20T09:00:00.003", id="resumed"),
        )

        assert declare(turn).state is DeclarationState.ELIGIBLE

    def test_comes_with_the_other_reasons(self):
        turn = turn_with(*ann_withdrawn(), said(TrainingStatus.WITHDRAWN, "2025-01-20T09:00:00"))

        assert refused(turn, declaration_date="2025-03-05T00:00:00Z") == ["withdrawn", "date-in-future"]

    def test_makes_a_missing_date_a_bad_request(self):
        turn = turn_with(*ann_withdrawn(), said(TrainingStatus.WITHDRAWN, "2025-01-20T09:00:00"))

        with pytest.raises(BadRequest, match="2025-01-20T09:00:00Z"):
            declare(turn, declaration_date=None)


class TestTheSchedule:
    def test_is_the_participants_present_one_with_its_own_cohort(self):
        later = a_schedule(2025)
        turn = turn_with(
            *a_participant("ann", schedule_id=later.id, induction={"schedule_id": later.id}),
            a_cohort(2025),
            later,
            a_statement(name="of 2025", cohort=2025, deadline_date=date(2026, 3, 31)),
            now="2026-02-10T12:00:00",
        )

        made = declare(turn, declaration_date="2026-02-01T00:00:00Z")

        assert made.cohort == 2025
        assert lines(turn, made) == [("alpha of 2025", DeclarationState.ELIGIBLE)]


class TestAMove:
    @pytest.mark.parametrize("before", DeclarationState)
    @pytest.mark.parametrize("after", DeclarationState)
    def test_follows_the_lifecycle_and_nothing_else(self, before, after):
        turn = turn_with(*a_participant("ann"))
        made = replace(declare(turn), state=before)

        if after in MOVES[before]:
            moved = move(turn, made, after, "because")
            assert turn.records.declarations[made.id] == moved
            assert (moved.state, moved.state_reason) == (after, "because")
            assert moved.updated_at > made.updated_at
        else:
            with pytest.raises(ValueError, match=f"{before} cannot become {after}"):
                move(turn, made, after)


class TestALineItem:
    def test_of_a_kind_is_written_once(self):
        turn = turn_with(*a_participant("ann"))
        made = declare(turn)

        put_on(turn, turn.records.statements["alpha August 2025"], replace(made, state=DeclarationState.PAID))

        assert lines(turn, made) == [("alpha April 2025", DeclarationState.ELIGIBLE)]

    def test_follows_its_declaration_from_that_state_only(self):
        turn = turn_with(*a_participant("ann"))
        made = declare(turn)
        (line,) = turn.records.line_items.by("declaration_id", made.id)
        turn.save(replace(line, id="earlier", state=DeclarationState.INELIGIBLE))

        move_line_items(turn, move(turn, made, DeclarationState.VOIDED), before=DeclarationState.ELIGIBLE)

        assert sorted(state for _, state in lines(turn, made)) == [DeclarationState.INELIGIBLE, DeclarationState.VOIDED]

    def test_for_a_clawback_stands_beside_the_paid_one(self):
        turn = turn_with(*a_participant("ann"))
        made = declare(turn)

        for _ in range(2):
            put_on(
                turn,
                turn.records.statements["alpha August 2025"],
                replace(made, state=DeclarationState.AWAITING_CLAWBACK),
            )

        assert lines(turn, made) == [
            ("alpha April 2025", DeclarationState.ELIGIBLE),
            ("alpha August 2025", DeclarationState.AWAITING_CLAWBACK),
        ]


PEOPLE = ("ann", "bob", "cat")
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("declare"), st.sampled_from(PEOPLE), st.sampled_from(["started", "retained-1"])),
        st.tuples(st.just("void"), st.integers(0, 9), st.none()),
        st.tuples(st.just("confirm"), st.sampled_from(PEOPLE), st.none()),
        st.tuples(st.just("bill"), st.none(), st.none()),
    ),
    max_size=25,
)
DATES = {"started": "2024-10-01T10:00:00Z", "retained-1": "2025-02-01T10:00:00Z"}


class TestAnyStory:
    """Told step by step against a model: what was declared, in which state each stands."""

    @given(STEPS)
    def test_keeps_states_slots_and_line_items_in_step(self, steps):
        twins = (*a_participant("ann", trn="1000001"), *a_participant("bob", trn="1000001", eligible=False))
        turn = turn_with(*twins, *a_participant("cat"))
        model: list[
            tuple[str, str, str, DeclarationState]
        ] = []  # id, person, type, state, in the order they were declared
        funded = {"ann", "cat"}

        for verb, what, type in steps:
            if verb == "declare":
                taken = any((person, it) == (what, type) and state in LIVE for _, person, it, state in model)
                request = {"declaration_type": type, "declaration_date": DATES[type]}
                if taken:
                    assert refused(turn, what, **request) == ["already-made"]
                else:
                    twin = {"ann": "bob", "bob": "ann"}.get(what)
                    doubled = any((person, it) == (twin, type) and state in LIVE for _, person, it, state in model)
                    state = (
                        DeclarationState.INELIGIBLE
                        if doubled
                        else DeclarationState.ELIGIBLE
                        if what in funded
                        else DeclarationState.SUBMITTED
                    )
                    model.append((declare(turn, what, **request).id, what, type, state))
            elif verb == "void" and what < len(model):
                id, person, it, state = model[what]
                after = (
                    DeclarationState.AWAITING_CLAWBACK if state is DeclarationState.PAID else DeclarationState.VOIDED
                )
                if after in MOVES[state]:
                    void_declaration(turn, turn.records.providers["alpha"], id)
                    model[what] = (id, person, it, after)
                else:
                    with pytest.raises(Refused):
                        void_declaration(turn, turn.records.providers["alpha"], id)
            elif verb == "confirm" and what not in funded:
                funded.add(what)
                confirm(turn, what)
                model = [
                    (
                        id,
                        person,
                        it,
                        DeclarationState.ELIGIBLE if (person, state) == (what, DeclarationState.SUBMITTED) else state,
                    )
                    for id, person, it, state in model
                ]
            elif verb == "bill":
                bill(turn)
                onwards = {
                    DeclarationState.ELIGIBLE: DeclarationState.PAYABLE,
                    DeclarationState.PAYABLE: DeclarationState.PAID,
                }
                model = [(id, person, it, onwards.get(state, state)) for id, person, it, state in model]

            found = sorted(turn.records.declarations.by("provider_id", "alpha"), key=lambda it: it.created_at)
            assert [(it.id, it.state) for it in found] == [(id, state) for id, _, _, state in model]
            for it in found:
                check_lines(turn, it)
            moments = [it.created_at for it in found]
            assert all(a < b for a, b in pairwise(moments))


def confirm(turn, name):
    turn.save(Eligibility(training_record_id=f"{name}-training", status=EligibilityStatus.ELIGIBLE))
    become_eligible(turn, f"{name}-training")


def bill(turn):
    """Everything eligible becomes payable, everything payable paid, the line items with it."""
    onwards = {DeclarationState.ELIGIBLE: DeclarationState.PAYABLE, DeclarationState.PAYABLE: DeclarationState.PAID}
    for it in turn.records.declarations.by("provider_id", "alpha"):
        if it.state in onwards:
            turn.save(
                *(
                    replace(line, state=onwards[it.state])
                    for line in turn.records.line_items.by("declaration_id", it.id)
                    if line.state is it.state
                )
            )
            move(turn, it, onwards[it.state])


def check_lines(turn, declaration):
    states = [state for _, state in lines(turn, declaration)]
    assert sum(it in BILLABLE for it in states) == (declaration.state in BILLABLE | REFUNDABLE)
    assert sum(it in REFUNDABLE for it in states) == (declaration.state in REFUNDABLE)
    assert (declaration.state is DeclarationState.SUBMITTED) <= (states == [])


def test_the_moment_of_a_declaration_is_utc():
    made = declare(turn_with(*a_participant("ann")), declaration_date="2025-02-01T00:30:00+01:00")

    assert made.date == datetime(2025, 1, 31, 23, 30, tzinfo=UTC)


class TestWhoHasNotBeenValidated:
    @pytest.mark.parametrize(
        ("edition", "rules"),
        [(GUIDANCE, ["declaration.participant-unknown"]), (EDITIONS["live"], [])],
        ids=["guidance", "live"],
    )
    def test_is_unknown_in_the_guidance_only(self, edition, rules):
        people = [it for it in a_participant("ann") if not isinstance(it, Eligibility)]
        turn = a_turn(a_country(a_statement(), *people), edition=edition)

        try:
            declare(turn, "ann")
            broken = []
        except Refused as refused:
            broken = [it.rule for it in refused.refusals]

        assert broken == rules
