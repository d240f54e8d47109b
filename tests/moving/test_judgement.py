"""What the rules of both services say of one exchange, where no world of the sandbox leads there."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from ecf_sandbox.moving.difference import Played, Request, Seen
from ecf_sandbox.moving.judgement import judged
from ecf_sandbox.moving.player import after_steps
from ecf_sandbox.moving.table.differences import DIFFERENCES
from ecf_sandbox.rulebook.refusals import Refusal
from ecf_sandbox.state.exchange_codec import JournalEntry, RecordedAnswer, RecordedRequest
from ecf_sandbox.state.record import replace

AT = datetime(2026, 10, 12, 9, tzinfo=UTC)
# Found here alone: no client of the example worlds meets them.
JUDGED = {
    *("failed-save", "forbidden", "one-enrolment-of-a-kind", "retired-id", "withdrawal-reason", "schedule-rules-new"),
    *("cohort-frozen", "cohort-closed-text", "former-provider", "cohort-missing"),
}


def a_seen(
    operation: str = "createDeclaration",
    *,
    method: str = "POST",
    path: str = "/api/v3/statements",
    status: int = 200,
    body: Any = None,
    refusals: tuple[Refusal, ...] = (),
    sent: dict[str, Any] | None = None,
    played: Played | None = None,
    id: str | None = None,
    **changes: Any,
) -> Seen:
    """An exchange with the old service that the new one answers in the same way."""
    refused = [{"title": it.title, "detail": it.detail} for it in refusals]
    entry = JournalEntry(
        number=1,
        operation=f"v3 {operation}",
        method=method,
        target=path,
        at=AT,
        moment=AT,
        provider="Ambition Institute",
        request=RecordedRequest(),
        response=RecordedAnswer(status=status, body={"errors": refused} if refused else body),
        refusals=refusals,
    )
    answers = (played or Played(status=status),) * 4
    return Seen(
        entry=entry,
        operation=operation,
        template=path,
        id=id,
        request=changes.pop("request", Request(method=method, target=path)),
        sent=sent or {},
        played=() if changes.pop("unplayed", False) else answers,
        **changes,
    )


def found(seen: Seen) -> dict[str, bool]:
    """The differences that are met, with whether they break it."""
    return {it.id: it.breaks for it in judged(seen, after_steps(seen.request, DIFFERENCES), DIFFERENCES).met}


def refused(rule: str, title: str = "x", detail: str = "y") -> tuple[Refusal, ...]:
    return (Refusal(title, detail, rule),)


def participant(*enrolments: dict[str, Any], id: str = "a") -> dict[str, Any]:
    return {"data": {"id": id, "type": "participant", "attributes": {"ecf_enrolments": list(enrolments)}}}


class TestWhatNoExampleWorldLeadsTo:
    def test_a_rule_that_only_the_new_service_has(self):
        assert found(a_seen(played=Played(status=422, rules=("declaration.cohort-frozen",)))) == {"cohort-frozen": True}
        frozen = Played(status=422, rules=("schedule.cohort-frozen",))
        assert found(a_seen("changeParticipantSchedule", played=frozen)) == {"schedule-rules-new": True}

    def test_a_rule_that_only_the_old_service_has(self):
        seen = a_seen(status=422, refusals=refused("declaration.participant-not-linked"), played=Played(status=200))

        assert found(seen) == {"former-provider": True}

    def test_a_refusal_in_other_words(self):
        other = Played(status=422, rules=("declaration.cohort-frozen",), errors=(("cohort", "other"),))
        seen = a_seen(status=422, refusals=refused("declaration.cohort-closed", "cohort"), played=other)

        assert found(seen) == {"cohort-closed-text": False}

    def test_a_refusal_in_the_same_words_is_none(self):
        same = Played(status=422, rules=("declaration.cohort-closed",), errors=(("cohort", "y"),))

        assert found(a_seen(status=422, refusals=refused("declaration.cohort-closed", "cohort"), played=same)) == {}

    def test_a_save_that_fails_after_all(self):
        bare = Played(status=422, errors=(("Unprocessable content", ""),))

        assert found(a_seen(status=422, refusals=refused("none"), played=bare)) == {"failed-save": False}

    def test_a_token_of_another_kind(self):
        assert found(a_seen("listStatements", method="GET", status=403, played=Played(status=401))) == {
            "forbidden": True
        }

    def test_a_partnership_without_a_cohort_that_crashed_the_service(self):
        assert found(a_seen("confirmPartnership", status=500, unplayed=True)) == {"cohort-missing": True}

    def test_several_enrolments_of_one_kind(self):
        twice = participant({"participant_type": "ect"}, {"participant_type": "ect"})
        seen = a_seen("showParticipant", method="GET", body=twice)

        assert found(seen) == {"one-enrolment-of-a-kind": False, "enrolment-attributes-new": False}

    def test_an_id_that_was_given_up_and_still_works(self):
        old, present = "75c97779-0528-8b10-9843-7c3bb7e8c27c", "a3911f60-33fa-8373-b3f3-8b8ec12b7423"
        seen = a_seen("deferParticipant", id=old, body=participant(id=present), played=Played(status=404))
        declared = {"data": {"type": "participant-declaration", "attributes": {"participant_id": present}}}
        declaration = a_seen(sent={"participant_id": old}, body=declared, played=Played(status=422))

        assert found(seen) == {"retired-id": True}
        assert found(declaration) == {"retired-id": True}
        assert found(a_seen("deferParticipant", id=present.upper(), body=participant(id=present))) == {}

    def test_a_withdrawal_for_a_reason_that_has_another_name(self):
        body = b'{"data": {"attributes": {"reason": "school-left-fip", "course_identifier": "ecf-induction"}}}'
        request = Request(method="PUT", target="/api/v3/statements", body=body)
        seen = a_seen("withdrawParticipant", request=request)
        turned_down, taken = Played(status=422), Played(status=200)

        assert found(seen) == {"withdrawal-reason": False}
        assert found(with_answers(seen, turned_down, turned_down, turned_down, taken)) == {"withdrawal-reason": True}


class TestAnEdge:
    @pytest.mark.parametrize(
        ("dated", "id"),
        [
            pytest.param(
                "2025-05-31T23:30:00Z", "milestone-edge", id="the day before by UTC, the first day by UK time"
            ),
            pytest.param("2025-08-31T23:30:00Z", "milestone-edge", id="the last day by UTC, the day after by UK time"),
            pytest.param("2025-06-30T23:30:00Z", "milestone-dates", id="another night"),
            pytest.param("2025-05-31T22:30:00Z", "milestone-dates", id="the hour before"),
            pytest.param("whenever", "milestone-dates", id="no date at all"),
        ],
    )
    def test_is_an_hour_of_a_summer_night_at_an_end_of_the_milestone(self, dated, id):
        seen = a_seen(
            status=422,
            refusals=refused("declaration.before-milestone"),
            played=Played(status=200),
            sent={"declaration_date": dated},
            milestone=(date(2025, 6, 1), date(2025, 8, 31)),
        )

        assert found(seen) == {id: True}


class TestSomebodyWhoWasShown:
    GONE = refused("participant.not-linked", "participant_id")

    def test_is_found_when_the_new_service_is_asked_for_them(self):
        seen = a_seen("deferParticipant", status=422, refusals=self.GONE, unplayed=True, kept=True)

        assert found(seen) == {"participant-found": True}

    def test_is_not_if_they_were_never_shown(self):
        assert found(a_seen("deferParticipant", status=422, refusals=self.GONE, unplayed=True)) == {
            "unknown-participant": True
        }


class TestWhatBothRefuse:
    LIFTED = refused("schedule.invalidates-declarations", "schedule_identifier")

    def test_is_named_by_the_rule_that_only_the_new_service_has_and_the_one_that_only_the_old_one_has(self):
        left = Played(status=422, rules=("schedule.left",), errors=(("participant_id", "left"),))

        assert found(a_seen("changeParticipantSchedule", status=422, refusals=self.LIFTED, played=left)) == {
            "schedule-of-stopped": False,
            "schedule-with-declarations": False,
        }

    def test_is_not_in_other_words_if_something_else_comes_first(self):
        made = refused("declaration.already-made", "base")
        missing = Played(status=422, rules=("declaration.evidence-missing",), errors=(("evidence_held", "z"),))
        made_here = Played(status=422, rules=("declaration.already-made",), errors=(("declaration_type", "z"),))

        assert found(a_seen(status=422, refusals=made, played=missing)) == {"started-evidence": False}
        assert found(a_seen(status=422, refusals=made, played=made_here)) == {"slot-text": False}

    def test_is_not_in_other_words_if_the_new_service_takes_it(self):
        lifted = refused("withdrawal.not-started", "participant_profile")

        assert found(a_seen("withdrawParticipant", status=422, refusals=lifted, played=Played(status=200))) == {
            "withdrawal-without-started": True
        }

    def test_is_not_lifted_if_it_is_said_again(self):
        same = Played(status=422, errors=(("schedule_identifier", "y"), ("cohort", "z")))

        assert found(a_seen("changeParticipantSchedule", status=422, refusals=self.LIFTED, played=same)) == {
            "other-errors": False
        }


class TestWhatCannotBeSaid:
    def test_a_refusal_by_a_rule_that_both_have_is_not_explained(self):
        seen = a_seen(played=Played(status=422, rules=("declaration.withdrawn",)))

        it = judged(seen, after_steps(seen.request, DIFFERENCES), DIFFERENCES)

        assert (it.met, it.unexplained) == ((), "200 there, 422 here (declaration.withdrawn)")

    def test_what_other_rules_refused_as_well_is_not_said_to_be_lifted(self):
        both = (*refused("schedule.cohort-fixed"), *refused("schedule.already-theirs", "z"))
        seen = a_seen("changeParticipantSchedule", status=422, refusals=both, played=Played(status=200))

        it = judged(seen, after_steps(seen.request, DIFFERENCES), DIFFERENCES)

        assert "schedule-with-declarations" not in {met.id for met in it.met}
        assert it.unexplained

    @pytest.mark.parametrize("status", [429, 503])
    def test_what_was_turned_away_before_it_was_looked_at_says_nothing(self, status):
        assert found(a_seen(status=status, unplayed=True)) == {}

    def test_a_milestone_is_not_said_to_be_lifted_where_nothing_was_played(self):
        seen = a_seen(status=422, refusals=refused("declaration.after-milestone"), unplayed=True)

        assert found(seen) == {"milestone-text": False}

    def test_another_providers_partnership_is_no_obstacle_wherever_it_is_met(self):
        seen = a_seen("confirmPartnership", status=422, refusals=refused("partnership.another-provider"), unplayed=True)

        assert found(seen) == {"another-provider": True}


def with_answers(seen: Seen, *answers: Played) -> Seen:
    return replace(seen, played=answers)
