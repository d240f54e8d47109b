"""For each rule requests of which the last is refused by it, and what is offered instead."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from ecf_sandbox.tools.explain.explanation import Explanation
from tests.rect.explain.asking import MENTOR, Explained

OAKFIELD, WAITWORTH, KESTREL = "Oakfield Academy", "Waitworth School", "Kestrel Teaching School Hub"
SINCE_2025 = "2025-10-13T09:00:00Z"


class Refusal(NamedTuple):
    """A request that a rule refuses. `says` is a part of the reasons or of the first thing offered.

    Where nothing that the provider could send `passes`, the reasons say so.
    """

    ask: Callable[[Explained], Explanation]
    says: str
    passes: bool = True


def _withdrawn_later(it: Explained) -> Explanation:
    it.act("Hannah Boyle", "withdraw", reason="other", at="2026-06-20T12:00:00Z")
    return it.act("Hannah Boyle", "change-schedule", schedule_identifier="ecf-extended-september")


def _voided_twice(it: Explained) -> Explanation:
    it.declare("Idris Cole", "started", SINCE_2025)
    it.void("Idris Cole.started")
    return it.void("Idris Cole.started")


def _refunded_twice(it: Explained) -> Explanation:
    it.void("Hannah Boyle.started")
    return it.void("Hannah Boyle.started")


def _back_since_today(it: Explained) -> Explanation:
    it.act("Greta Pike", "resume")
    return it.act("Greta Pike", "withdraw", reason="moved-school")


def _stopped_today(it: Explained) -> Explanation:
    it.act("Hannah Boyle", "defer", reason="career-break")
    return it.act("Hannah Boyle", "resume")


def _taken_over(it: Explained) -> Explanation:
    it.event("change_lead_provider", participant_id=it.id("people.Greta Pike"), lead_provider="Teach First")
    return it.act("Greta Pike", "resume")


def _gone(it: Explained) -> Explanation:
    it.event("ect_leaves", participant_id=it.id("people.Greta Pike"), finished_on="2026-04-30")
    return it.act("Greta Pike", "resume")


def _declared_today(it: Explained) -> Explanation:
    it.act("Hannah Boyle", "change-schedule", schedule_identifier="ecf-extended-september")
    it.declare("Hannah Boyle", "retained-1", "2026-05-12T09:00:00Z")
    return it.act("Hannah Boyle", "change-schedule", schedule_identifier="ecf-extended-september", cohort="2024")


def _expected_elsewhere(it: Explained) -> Explanation:
    it.event(
        "register_ect",
        trn="1500002",
        first_name="Hannah",
        last_name="Boyle",
        email="hannah@birch.example.com",
        school_id=it.id("schools.Birchwood High School"),
        started_on="2026-06-15",
        lead_provider="Teach First",
    )
    return it.act("Hannah Boyle", "change-schedule", schedule_identifier="ecf-extended-september")


def _acted(person: str, action: str, **more: str) -> Callable[[Explained], Explanation]:
    return lambda it: it.act(person, action, **more)


def _declared(person: str, type: str, date: str = SINCE_2025, **more: str | None) -> Callable[[Explained], Explanation]:
    return lambda it: it.declare(person, type, date, **more)


def _rescheduled(person: str, identifier: str, **more: str) -> Callable[[Explained], Explanation]:
    return _acted(person, "change-schedule", schedule_identifier=identifier, **more)


def _partnered(
    cohort: str | None = "2025", school: str | None = WAITWORTH, partner: str | None = KESTREL
) -> Callable[[Explained], Explanation]:
    return lambda it: it.partner(cohort, school, partner)


def _by_training_record(it: Explained) -> Explanation:
    return it.declare("Hannah Boyle", "retained-1", SINCE_2025, participant_id=it.id("people.Hannah Boyle.ect"))


def _with_names(it: Explained) -> Explanation:
    given = {"cohort": "2025", "school_id": "105004", "delivery_partner_id": "Kestrel Teaching School Hub"}
    it.send("POST", "/api/v3/partnerships", "partnership", **given)
    return it.why()


REFUSALS: Mapping[str, Refusal] = {
    "declaration.participant-missing": Refusal(
        _declared("Idris Cole", "started", participant_id=None), "No participant_id was sent.", passes=False
    ),
    "declaration.participant-unknown": Refusal(_by_training_record, "training record id of Hannah Boyle (ECT)"),
    "declaration.course-missing": Refusal(
        _declared("Idris Cole", "started", course_identifier="ecf"), "Name the course on which you train"
    ),
    "declaration.date-missing": Refusal(_declared("Idris Cole", "started", ""), "Date it"),
    "declaration.course-not-trained": Refusal(
        _declared("Idris Cole", "started", course_identifier=MENTOR), "trains Idris Cole as an ECT"
    ),
    "declaration.type-missing": Refusal(_declared("Idris Cole", ""), "Declare retained-1 instead"),
    "declaration.type-unknown": Refusal(_declared("Idris Cole", "retained1"), "Declare retained-1 instead"),
    "declaration.already-made": Refusal(_declared("Hannah Boyle", "started"), "retained-1"),
    "declaration.date-not-comparable": Refusal(_declared("Idris Cole", "started", "2026-02-30T10:00:00Z"), "Date it"),
    "declaration.date-in-future": Refusal(_declared("Idris Cole", "started", "2026-06-01T10:00:00Z"), "Date it"),
    "declaration.before-milestone": Refusal(
        _declared("Wendy Bright", "retained-2", "2024-03-01T10:00:00Z"), "first moment of the milestone retained-2"
    ),
    "declaration.after-milestone": Refusal(
        _declared("Wendy Bright", "retained-1", "2024-04-01T10:00:00Z"), "last moment of the milestone retained-1"
    ),
    "declaration.date-malformed": Refusal(_declared("Idris Cole", "started", "2026-01-10"), "as RFC 3339 asks"),
    "declaration.type-not-for-mentors": Refusal(
        _declared("Mina Vale", "retained-1", course_identifier=MENTOR), "Declare started instead"
    ),
    "declaration.evidence-missing": Refusal(
        _declared("Idris Cole", "started", evidence_held=None), "Evidence that counts for started of the cohort 2025"
    ),
    "declaration.evidence-unknown": Refusal(
        _declared("Idris Cole", "retained-2", evidence_held="other"), "75-percent-engagement-met"
    ),
    "declaration.withdrawn": Refusal(
        _declared("Felix Ward", "started", "2026-03-01T10:00:00Z"), "before the withdrawal: 2026-02-10T08:59:59Z"
    ),
    "declaration.cohort-frozen": Refusal(
        _declared("Carl Frome", "retained-1", "2021-12-01T10:00:00Z"), "trains today in the cohort 2021"
    ),
    "declaration.cohort-closed": Refusal(
        _declared("Hannah Boyle", "retained-1", at="2031-01-01T12:00:00Z"), "no open statement of 2025 on 2031-01-01"
    ),
    "declaration.type-not-in-schedule": Refusal(_declared("Idris Cole", "extended-1"), "ecf-extended"),
    "declaration.out-of-sequence": Refusal(
        _declared("Hannah Boyle", "retained-1", "2025-10-01T10:00:00Z"), "started comes before retained-1 in training"
    ),
    "declaration.never-trained": Refusal(
        _declared("Rosa Dell", "started"), "the school wants Ambition Institute for 2025"
    ),
    "voiding.already-voided": Refusal(_voided_twice, "voided already: nothing has to be sent", passes=False),
    "voiding.already-refunded": Refusal(_refunded_twice, "taken back already", passes=False),
    "voiding.cohort-closed": Refusal(
        lambda it: it.void("Hannah Boyle.started", at="2031-01-01T12:00:00Z"), "the last statement of the cohort"
    ),
    "participant.course-missing": Refusal(
        _acted("Hannah Boyle", "defer", reason="other", course_identifier="ecf"), "Name the course on which you train"
    ),
    "participant.course-not-trained": Refusal(
        _acted("Mina Vale", "defer", reason="other"), "trains Mina Vale as a mentor, the course ecf-mentor"
    ),
    "participant.reason-missing": Refusal(_acted("Hannah Boyle", "defer"), "Give a reason that is known: bereavement"),
    "participant.reason-unknown": Refusal(
        _acted("Hannah Boyle", "withdraw", reason="moved-schools"), "Give a reason that is known: moved-school."
    ),
    "participant.already-deferred": Refusal(
        _acted("Greta Pike", "defer", reason="other"), "deferred already: nothing has to be sent"
    ),
    "participant.already-withdrawn": Refusal(
        _acted("Felix Ward", "withdraw", reason="other"), "withdrawn already: nothing has to be sent"
    ),
    "participant.not-begun-to-defer": Refusal(
        _acted("Petra Lind", "defer", reason="other"), "begins on 2026-05-26, and it is 2026-05-12"
    ),
    "participant.not-begun-to-withdraw": Refusal(
        _acted("Petra Lind", "withdraw", reason="other"), "begins on 2026-05-26, and it is 2026-05-12"
    ),
    "participant.begun-today": Refusal(_back_since_today, "Send it tomorrow"),
    "participant.reason-for-mentors": Refusal(
        _acted("Hannah Boyle", "withdraw", reason="mentor-no-longer-being-mentor"), "Give a reason that is known"
    ),
    "participant.already-active": Refusal(
        _acted("Hannah Boyle", "resume"), "in training already: nothing has to be sent", passes=False
    ),
    "participant.trains-elsewhere": Refusal(_taken_over, "is trained by Teach First", passes=False),
    "participant.stopped-today": Refusal(_stopped_today, "Send it tomorrow"),
    "participant.no-longer-at-school": Refusal(_gone, "was at Oakfield Academy until 2026-04-30", passes=False),
    "schedule.missing": Refusal(_rescheduled("Hannah Boyle", ""), "Name another schedule of 2025"),
    "schedule.unknown": Refusal(
        _rescheduled("Hannah Boyle", "ecf-standard-januari"), "Name another schedule of 2025: ecf-standard-january"
    ),
    "schedule.already-on-it": Refusal(
        _rescheduled("Hannah Boyle", "ecf-standard-september"), "on that schedule already: nothing has to be sent"
    ),
    "schedule.replacement-for-ect": Refusal(
        _rescheduled("Hannah Boyle", "ecf-replacement-april"), "Name another schedule of 2025"
    ),
    "schedule.reduced-for-mentor": Refusal(
        _rescheduled("Mina Vale", "ecf-reduced-april", course_identifier=MENTOR), "Name another schedule of 2025"
    ),
    "schedule.orphans-declarations": Refusal(
        _declared_today, "Declarations of this training, which began on 2026-05-12"
    ),
    "schedule.no-partnership": Refusal(
        _rescheduled("Hannah Boyle", "ecf-standard-september", cohort="2022"), "no partnership with Oakfield Academy"
    ),
    "schedule.cohort-frozen": Refusal(
        _rescheduled("Hannah Boyle", "ecf-standard-september", cohort="2021"), "payments frozen at"
    ),
    "schedule.completed": Refusal(
        _rescheduled("Wendy Bright", "ecf-standard-april"), "Name another schedule of 2023: ecf-reduced"
    ),
    "schedule.left": Refusal(
        _rescheduled("Greta Pike", "ecf-extended-september"), "deferred at 2026-03-02T09:00:00Z (parental-leave)"
    ),
    "schedule.withdrawn": Refusal(_withdrawn_later, "withdrawn at 2026-06-20T12:00:00Z (other)", passes=False),
    "schedule.joins-another-later": Refusal(
        _expected_elsewhere, "From 2026-06-15 on Hannah Boyle waits for a partnership", passes=False
    ),
    "partnership.cohort-missing": Refusal(_partnered(cohort=None), "Make it for the cohort 2025"),
    "partnership.school-missing": Refusal(_partnered(school=None), "No small change was found", passes=False),
    "partnership.delivery-partner-missing": Refusal(_partnered(partner=None), "Name a delivery partner"),
    "partnership.cohort-unknown": Refusal(_partnered("2019"), "Make it for the cohort 2025"),
    "partnership.cohort-in-future": Refusal(_partnered("2026"), "Make it for the cohort 2025"),
    "partnership.cohort-closed": Refusal(_partnered("2021"), "Make it for the cohort 2025"),
    "partnership.school-unknown": Refusal(_with_names, "URN or name of the school Waitworth School"),
    "partnership.school-ineligible": Refusal(
        _partnered(school="Closed Gate School"), "can make Closed Gate School eligible; no request can", passes=False
    ),
    "partnership.delivery-partner-unknown": Refusal(_with_names, "name of the delivery partner Kestrel"),
    "partnership.delivery-partner-not-yours": Refusal(
        _partnered(partner="Dales Partnership"), "does not know Dales Partnership to work with Ambition Institute"
    ),
    "partnership.already-confirmed": Refusal(
        _partnered(school=OAKFIELD), "made already: nothing has to be sent", passes=False
    ),
    "partnership.school-led": Refusal(
        _partnered(school="Lone Hill School"), "is trained by the school itself", passes=False
    ),
    "partnership.delivery-partner-already-there": Refusal(
        lambda it: it.repartner(OAKFIELD, KESTREL), "in the partnership already: nothing has to be sent"
    ),
}
# Each cohort of the reference data has all twelve schedules, so that no request comes to this.
NEVER_BROKEN = {"schedule.not-in-cohort"}
