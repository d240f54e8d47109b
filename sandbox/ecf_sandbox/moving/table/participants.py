"""Participants and what providers do with them (behaviour/rect.md#17-2)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from ecf_sandbox.moving import requests
from ecf_sandbox.moving.difference import Difference, Kind, Seen, Step, resources
from ecf_sandbox.moving.table.places import ACTIONS, PARTICIPANTS, enrolments, errors, has, shown_enrolments
from ecf_sandbox.rulebook.values import uuid_of

_NEW = ("overall_induction_start_date", "most_recent_induction_period_end_date", "working_pattern")
_COHORTS = frozenset(map(str, range(2021, 2027)))
_UNKNOWN = frozenset({"participant.unknown", "participant.training-record-unknown", "participant.not-linked"})


def _gone(seen: Seen) -> Iterable[str]:
    return ["answer: who is missing"] if seen.gone else ()


def _found_still(seen: Seen) -> Iterable[str]:
    filtered = any(name.startswith("filter[") for name, _ in seen.parameters)
    missed = seen.status == 404 and seen.operation == "showParticipant" and not filtered
    refused = seen.operation in ACTIONS and seen.rules & _UNKNOWN
    return ["the id in the path"] if seen.kept and (missed or refused) else ()


def _filtered(seen: Seen) -> Iterable[str]:
    shown = seen.operation == "showParticipant" and seen.status == 404
    if not shown or seen.last is None or not seen.last.accepted:
        return ()
    return [name for name, _ in seen.parameters if name.startswith("filter[")]


def _without_participant(seen: Seen) -> Iterable[str]:
    """An action refused for something else, of an id that nobody can have."""
    other = seen.operation in ACTIONS and seen.status == 422 and not seen.rules & _UNKNOWN
    return ["the id in the path"] if other and seen.last is not None and seen.last.status == 404 else ()


def _status_gone(it: Mapping[str, Any]) -> bool:
    return "participant_status" in it and it["participant_status"] in ("withdrawn", None)


def _stopped(it: Mapping[str, Any]) -> bool:
    stopped = it.get("training_status") in ("deferred", "withdrawn")
    return stopped and it.get("participant_status") in ("active", "joining")


def _extra(it: Mapping[str, Any]) -> bool:
    flagged = any(it.get(name) in (True, "true") for name in ("pupil_premium_uplift", "sparsity_uplift"))
    return flagged and str(it.get("cohort", "")) >= "2025"


def _two_of_a_kind(seen: Seen) -> Iterable[str]:
    if seen.operation not in PARTICIPANTS:
        return ()
    for it in seen.attributes():
        found = it.get("ecf_enrolments")
        listed = [each for each in found if isinstance(each, Mapping)] if isinstance(found, list) else []
        kinds = Counter(str(each.get("participant_type")) for each in listed)
        if any(times > 1 for times in kinds.values()):
            return ["answer: ecf_enrolments[]"]
    return ()


def _training_status(seen: Seen) -> Iterable[str]:
    sent = any(name == "filter[training_status]" for name, _ in seen.parameters)
    return ["filter[training_status]"] if sent and seen.status == 400 else ()


def _retired(seen: Seen) -> Iterable[str]:
    if not seen.accepted:
        return ()
    if seen.operation in ACTIONS and seen.id is not None:
        ids = {str(it.get("id")) for it in resources(seen.entry.response.body)}
        return ["the id in the path"] if ids and uuid_of(seen.id) not in ids else ()
    if seen.operation == "createDeclaration":
        shown = {str(it.get("participant_id")) for it in seen.attributes()}
        sent = uuid_of(str(seen.sent.get("participant_id")))
        return ["data.attributes.participant_id"] if shown and sent and sent not in shown else ()
    return ()


def _unknown_cohort(seen: Seen) -> Iterable[str]:
    changes = seen.operation == "changeParticipantSchedule" and seen.status == 422
    named = str(seen.sent.get("cohort") or "")
    return ["data.attributes.cohort"] if changes and named and named not in _COHORTS else ()


def _leaving(seen: Seen) -> Iterable[str]:
    leaves = any(it.get("participant_status") == "leaving" for it in enrolments(seen))
    return ["answer: ecf_enrolments[].participant_status"] if leaves else ()


DIFFERENCES = (
    Difference(
        id="participant-stays",
        kind=Kind.MEANING_OTHER,
        source="behaviour/rect.md#17-2-1",
        old="somebody disappears from the list when a partnership is challenged, or before training starts elsewhere",
        new="whoever has trained with you once stays in your list",
        remedy="Tell who left by `training_status` and `participant_status`, not by who is missing.",
        places=_gone,
    ),
    Difference(
        id="participant-found",
        kind=Kind.STATUS_OTHER,
        source="behaviour/rect.md#17-2-1",
        old="somebody whom you were shown is gone: 404, or 422 for an action",
        new="whoever has trained with you once is found, but by an id that was given up for another",
        remedy="Tell who left by `training_status` and `participant_status`, not by a 404.",
        places=_found_still,
        breaks=True,
    ),
    Difference(
        id="filter-of-one",
        kind=Kind.STATUS_OTHER,
        source="behaviour/rect.md#6-3",
        old="a filter on one participant: 404 if it does not fit",
        new="it has no effect",
        remedy="Look at what is answered.",
        places=_filtered,
        breaks=True,
    ),
    Difference(
        id="trn-validated-gone",
        kind=Kind.ATTRIBUTE_GONE,
        source="behaviour/rect.md#17-2-2",
        old="`teacher_reference_number_validated` of an enrolment",
        new="shown no more",
        remedy="Don't require it.",
        places=shown_enrolments(("teacher_reference_number_validated",), has("teacher_reference_number_validated")),
    ),
    Difference(
        id="validation-status-gone",
        kind=Kind.ATTRIBUTE_GONE,
        source="behaviour/rect.md#9-1",
        old="`validation_status` of an enrolment",
        new="shown no more",
        remedy="Don't require it.",
        places=shown_enrolments(("validation_status",), has("validation_status")),
    ),
    Difference(
        id="enrolment-attributes-new",
        kind=Kind.ATTRIBUTE_NEW,
        source="behaviour/rect.md#17-2-3",
        old="an enrolment without them",
        new="`overall_induction_start_date`, `most_recent_induction_period_end_date`, `working_pattern`",
        remedy="Let a strict schema allow them.",
        places=shown_enrolments(_NEW, has("participant_type"), new=True),
    ),
    Difference(
        id="participant-status-gone",
        kind=Kind.VALUE_GONE,
        source="behaviour/rect.md#17-2-4",
        old="`participant_status` may be `withdrawn` or null",
        new="`joining`, `active`, `leaving` or `left`",
        remedy="Read a withdrawal from `training_status`.",
        places=shown_enrolments(("participant_status",), _status_gone),
    ),
    Difference(
        id="participant-status-of-stopped",
        kind=Kind.MEANING_OTHER,
        source="behaviour/rect.md#17-2-4",
        old="`participant_status` says nothing of a deferral or withdrawal",
        new="who is deferred or withdrawn has `left`, or is `leaving`",
        remedy="Don't take `left` for having left the school: look at `training_status` first.",
        places=shown_enrolments(("participant_status",), _stopped),
    ),
    Difference(
        id="last-day",
        kind=Kind.MEANING_OTHER,
        source="behaviour/rect.md#17-2-5",
        old="on the last day at a school somebody is `leaving` until the moment it ends",
        new="on the last day they have `left`",
        remedy="Expect `left` a day earlier.",
        places=_leaving,
    ),
    Difference(
        id="training-status-filter",
        kind=Kind.STATUS_OTHER,
        source="behaviour/rect.md#17-2-6",
        old="`filter[training_status]` of another word: 400",
        new="an empty list",
        remedy="Check the word yourself: `active`, `deferred`, `withdrawn`.",
        places=_training_status,
        breaks=True,
    ),
    Difference(
        id="cohort-filter",
        kind=Kind.VALUE_GONE,
        source="behaviour/rect.md#17-2-7",
        old="`filter[cohort]` is read as far as it is a number: `2024, 2025`, `2024/25`",
        new="a part that is not all digits is dropped: of `2024, 2025` the second, and `2024/25` finds nothing",
        remedy="Send years alone, with commas and no blanks between them: `2024,2025`.",
        step=Step.VALUES,
        change=requests.cohorts_as_years,
    ),
    Difference(
        id="one-enrolment-of-a-kind",
        kind=Kind.MEANING_OTHER,
        source="behaviour/rect.md#17-2-8",
        old="a participant may have several enrolments of one kind",
        new="at most one as ECT and one as mentor, the latest of each",
        remedy="Read former schools from the transfers.",
        places=_two_of_a_kind,
    ),
    Difference(
        id="uplifts",
        kind=Kind.MEANING_OTHER,
        source="behaviour/rect.md#17-2-9",
        old="uplift flags are those of the training record",
        new="they are the school's in that cohort, and false from 2025",
        remedy="Don't expect them true from cohort 2025.",
        places=shown_enrolments(("pupil_premium_uplift", "sparsity_uplift"), _extra),
    ),
    Difference(
        id="unknown-participant",
        kind=Kind.STATUS_OTHER,
        source="behaviour/rect.md#17-2-10",
        old="an action on an unknown participant: 422, title `participant_id`",
        new="404",
        remedy="Treat a 404 of an action as you did that 422.",
        restates=_UNKNOWN,
        places=_without_participant,
        breaks=True,
        when=lambda seen: not seen.kept,
    ),
    Difference(
        id="retired-id",
        kind=Kind.STATUS_OTHER,
        source="behaviour/rect.md#17-2-11",
        old="an action on an id that was given up for another is carried out, and a declaration for it too",
        new="404; a declaration is refused as one of nobody",
        remedy="Take over `to_participant_id` of `participant_id_changes` before you write.",
        places=_retired,
        breaks=True,
    ),
    Difference(
        id="profile-title",
        kind=Kind.TEXT_OTHER,
        source="behaviour/rect.md#17-2-12",
        old="title `participant_profile`",
        new="title `participant_id`",
        remedy="Look for the other title.",
        places=errors("participant_profile"),
    ),
    Difference(
        id="course-text",
        kind=Kind.TEXT_OTHER,
        source="behaviour/rect.md#17-2-13",
        old="`Enter a '#/course_identifier' value for this participant.`, for unknown values another text",
        new="`Enter a '#/course_identifier'.`, for unknown values too",
        remedy="Don't compare with the text.",
        rephrases=frozenset({"participant.course-missing", "participant.course-not-theirs"}),
    ),
    Difference(
        id="reason-text",
        kind=Kind.TEXT_OTHER,
        source="behaviour/rect.md#17-2-14",
        old="`The property '#/reason' must be present`, joined with `… must be a valid reason`",
        new="`Enter a '#/reason'.`, or `The entered '#/reason' is not recognised for the given participant. …`",
        remedy="Don't compare with the text.",
        rephrases=frozenset(
            {"deferral.reason-missing", "deferral.reason-invalid", "withdrawal.reason-missing"}
            | {"withdrawal.reason-invalid"}
        ),
    ),
    Difference(
        id="state-text",
        kind=Kind.TEXT_OTHER,
        source="behaviour/rect.md#17-2-12",
        old="`The participant is already deferred`, `… withdrawn`, `… active`",
        new="`The '#/participant_id' is already deferred.` and so on",
        remedy="Don't compare with the text.",
        rephrases=frozenset(
            {"deferral.already-deferred", "deferral.withdrawn", "resumption.already-active"}
            | {"withdrawal.already-withdrawn"}
        ),
    ),
    Difference(
        id="withdrawal-reason",
        kind=Kind.VALUE_GONE,
        source="behaviour/rect.md#17-2-15",
        old="withdrawal reason `school-left-fip`",
        new="`switched-to-school-led`",
        remedy="Send `switched-to-school-led`.",
        step=Step.VALUES,
        change=requests.present_withdrawal_reason,
    ),
    Difference(
        id="reason-for-mentors",
        kind=Kind.RULE_NEW,
        source="behaviour/rect.md#17-2-15",
        old="an ECT may be withdrawn as `mentor-no-longer-being-mentor`",
        new="refused: 422, title `reason`",
        remedy="Send a reason that fits an ECT.",
        refuses=frozenset({"participant.reason-for-mentors"}),
    ),
    Difference(
        id="begun-today",
        kind=Kind.RULE_NEW,
        source="behaviour/rect.md#17-2-16",
        old="somebody can be deferred or withdrawn at any time",
        new="not before or on the day on which training starts, nor on that of a schedule change or resumption",
        remedy="Send it the day after; in tests, move the clock by a day.",
        refuses=frozenset(
            {"participant.begun-today", "participant.not-begun-to-defer", "participant.not-begun-to-withdraw"}
        ),
    ),
    Difference(
        id="stopped-today",
        kind=Kind.RULE_NEW,
        source="behaviour/rect.md#17-2-17",
        old="somebody can be resumed at any time",
        new="not on the day of the deferral or withdrawal, not when the time at the school is over, not while others"
        " train",
        remedy="Send it the day after; in tests, move the clock by a day.",
        refuses=frozenset(
            {"participant.stopped-today", "participant.no-longer-at-school", "participant.trains-elsewhere"}
        ),
    ),
    Difference(
        id="schedule-with-declarations",
        kind=Kind.RULE_LIFTED,
        source="behaviour/rect.md#17-2-18",
        old="declarations block a change of schedule or cohort",
        new="it is allowed; declarations keep their cohort and statement",
        remedy="Don't void before you change a schedule, and don't take a declaration's cohort from the participant.",
        lifts=frozenset({"schedule.invalidates-declarations", "schedule.cohort-fixed"}),
    ),
    Difference(
        id="schedule-of-stopped",
        kind=Kind.RULE_NEW,
        source="behaviour/rect.md#17-2-19",
        old="the schedule of somebody who left or is deferred can be changed",
        new="refused: they have `left`",
        remedy="Resume first, the day after the deferral at the earliest.",
        refuses=frozenset({"schedule.left"}),
    ),
    Difference(
        id="schedule-of-completed",
        kind=Kind.RULE_NEW,
        source="behaviour/rect.md#17-2-20",
        old="the schedule of somebody who has completed can be changed",
        new="refused, but for an ECT who changes to a reduced schedule",
        remedy="Change it before completion.",
        refuses=frozenset({"schedule.completed"}),
    ),
    Difference(
        id="schedule-rules-new",
        kind=Kind.RULE_NEW,
        source="behaviour/rect.md#10-5",
        old="a change of schedule looks at declarations and partnerships",
        new="also at frozen cohorts, at training with others that begins later, and at declarations of the same day",
        remedy="Read the refusal: `ecf-sandbox rules --service rect`.",
        refuses=frozenset(
            {"schedule.orphans-declarations", "schedule.cohort-frozen", "schedule.joins-another-later"}
            | {"schedule.reduced-for-mentor"}
        ),
    ),
    Difference(
        id="schedule-cohort-unknown",
        kind=Kind.RULE_LIFTED,
        source="behaviour/rect.md#17-2-21",
        old="a change to an unknown cohort is refused",
        new="the cohort is taken for the present one, without a word",
        remedy="Check the cohort yourself.",
        places=_unknown_cohort,
        breaks=True,
    ),
    Difference(
        id="schedule-unknown-text",
        kind=Kind.TEXT_OTHER,
        source="behaviour/rect.md#17-2-22",
        old="an unknown schedule: title `Invalid action`, `Validation failed: Schedule must exist`",
        new="title `schedule_identifier`, `Enter a valid schedule identifier.`",
        remedy="Look for the other title.",
        rephrases=frozenset({"schedule.unknown"}),
    ),
    Difference(
        id="schedule-text",
        kind=Kind.TEXT_OTHER,
        source="behaviour/rect.md#10-5",
        old="`Selected schedule is not valid for the course`; texts without a final stop; `… to this cohort …`",
        new="`… for the course_identifier`, a text of its own for mentors; final stops; `… to this contract_period …`",
        remedy="Don't compare with the text.",
        rephrases=frozenset(
            {"schedule.missing", "schedule.already-theirs", "schedule.not-for-course", "schedule.no-partnership"}
            | {"schedule.withdrawn", "schedule.no-school-cohort", "schedule.no-programme"}
        ),
    ),
    Difference(
        id="withdrawal-without-started",
        kind=Kind.RULE_LIFTED,
        source="behaviour/rect.md#10-3",
        old="who has no `started` declaration cannot be withdrawn (as the guide of the old API says)",
        new="no declaration is needed",
        remedy="Don't declare only to withdraw.",
        lifts=frozenset({"withdrawal.not-started"}),
    ),
    Difference(
        id="resume-withdrawn",
        kind=Kind.RULE_LIFTED,
        source="behaviour/rect.md#10-4",
        old="who is withdrawn cannot be resumed (as the guide of the old API says)",
        new="they can",
        remedy="Nothing: a withdrawal is no longer the end.",
        lifts=frozenset({"resumption.withdrawn"}),
    ),
    Difference(
        id="attributes-not-taken",
        kind=Kind.RULE_LIFTED,
        source="behaviour/rect.md#5",
        old="an attribute that the action does not take is refused",
        new="it is dropped without a word",
        remedy="Don't rely on being told.",
        lifts=frozenset(
            {"participant.schedule-not-taken", "participant.cohort-not-taken", "participant.reason-not-taken"}
        ),
    ),
)
