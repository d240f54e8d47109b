"""Declarations (behaviour/rect.md#17-3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from ecf_sandbox.dates.uk import uk_day
from ecf_sandbox.moving.difference import Difference, Kind, Seen
from ecf_sandbox.moving.table.places import DECLARATIONS, errors, has, shown

_MILESTONES = frozenset({"declaration.before-milestone", "declaration.after-milestone"})
_BAD_REQUEST = 400
_TYPES = frozenset(
    {
        *("started", "retained-1", "retained-2", "retained-3", "retained-4", "completed"),
        *("extended-1", "extended-2", "extended-3"),
    }
)
_DATES = frozenset({"declaration.date-missing", "declaration.date-malformed", "declaration.date-in-future"})


def _at_an_edge(seen: Seen) -> bool:
    """Whether a declaration is dated in the hour in which UK time has the next day, at an end of its milestone."""
    if seen.milestone is None:
        return False
    try:
        at = datetime.fromisoformat(str(seen.sent.get("declaration_date")))
    except ValueError:
        return False
    at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    opens, closes = seen.milestone
    return uk_day(at) != at.date() and (uk_day(at) == opens or at.date() == closes)


def _not_a_date(seen: Seen) -> bool:
    return bool(seen.sent.get("declaration_date")) and seen.last is not None and seen.last.status == _BAD_REQUEST


def _several(seen: Seen) -> Iterable[str]:
    if seen.operation != "createDeclaration" or seen.last is None or len(seen.rules) < 2:
        return ()
    fewer = seen.last.status == seen.status and len(set(seen.last.rules)) < len(seen.rules)
    return ["answer: errors"] if fewer else ()


def _duplicate(it: Mapping[str, Any]) -> bool:
    return it.get("state") == "ineligible" or it.get("ineligible_for_funding_reason") is not None


def _underscored(it: Mapping[str, Any]) -> bool:
    return it.get("state") in ("awaiting_clawback", "clawed_back")


DIFFERENCES = (
    Difference(
        id="fewer-errors",
        kind=Kind.FORM_OTHER,
        source="behaviour/rect.md#17-3-1",
        old="all that is wrong with a declaration is told at once",
        new="mostly the first thing only",
        remedy="Correct and send again until nothing is left; in tests, expect one error.",
        places=_several,
    ),
    Difference(
        id="slot-text",
        kind=Kind.TEXT_OTHER,
        source="behaviour/rect.md#17-3-2",
        old="a declaration made before: title `base`",
        new="title `declaration_type`, and a final stop",
        remedy="Look for the other title.",
        rephrases=frozenset({"declaration.already-made"}),
    ),
    Difference(
        id="milestone-text",
        kind=Kind.TEXT_OTHER,
        source="behaviour/rect.md#17-3-3",
        old="`Enter a '#/declaration_date' that's on or after the milestone start.`, `… before the milestone end"
        " date.`",
        new="`Declaration date must be on or after the milestone start date for the same declaration type.`, `… on or"
        " before the milestone date …`",
        remedy="Don't compare with the text.",
        rephrases=_MILESTONES,
    ),
    Difference(
        id="milestone-edge",
        kind=Kind.RULE_NEW,
        source="behaviour/rect.md#17-3-4",
        old="milestones begin and end by UTC",
        new="by UK time: in summer an hour earlier",
        remedy="Date declarations well within the milestone, or reckon in UK time.",
        refuses=_MILESTONES,
        lifts=_MILESTONES,
        when=_at_an_edge,
    ),
    Difference(
        id="milestone-dates",
        kind=Kind.RULE_LIFTED,
        source="behaviour/rect.md#11-4",
        old="in cohort 2025 each milestone has a beginning and an end of its own",
        new="from 2025 all milestones of a schedule begin on its first day and have no end",
        remedy="Check yourself that it is time for the declaration: its date must only be in sequence.",
        refuses=_MILESTONES,
        lifts=_MILESTONES,
        when=lambda seen: not _at_an_edge(seen),
    ),
    Difference(
        id="type-unknown-text",
        kind=Kind.TEXT_OTHER,
        source="behaviour/rect.md#17-3-5",
        old="an unknown type: `The property '#/declaration_type' does not exist for this schedule.`",
        new="`Enter a valid declaration type.`; a known type without milestone keeps the old text",
        remedy="Don't compare with the text.",
        rephrases=frozenset({"declaration.type-not-in-schedule"}),
        when=lambda seen: str(seen.sent.get("declaration_type")) not in _TYPES,
    ),
    Difference(
        id="started-evidence",
        kind=Kind.RULE_NEW,
        source="behaviour/rect.md#17-3-6",
        old="from cohort 2025 `started` may have evidence",
        new="it must",
        remedy="Send `evidence_held` with every declaration of cohorts from 2025.",
        refuses=frozenset({"declaration.evidence-missing"}),
    ),
    Difference(
        id="sequence",
        kind=Kind.RULE_NEW,
        source="behaviour/rect.md#17-3-7",
        old="declarations of one participant may be dated in any order",
        new="from cohort 2025 in the order of their types, whichever provider made the others",
        remedy="Read the participant's declarations first, and date a later type no earlier.",
        refuses=frozenset({"declaration.out-of-sequence"}),
    ),
    Difference(
        id="evidence-text",
        kind=Kind.TEXT_OTHER,
        source="behaviour/rect.md#17-3-8",
        old="`Enter an available '#/evidence_held' type for this participant's event and course.`",
        new="`… type for this participant.`",
        remedy="Don't compare with the text.",
        rephrases=frozenset({"declaration.evidence-unknown"}),
    ),
    Difference(
        id="date-unreadable",
        kind=Kind.STATUS_OTHER,
        source="behaviour/rect.md#17-3-9",
        old="a date that does not exist: 422",
        new="400 `comparison of String with ActiveSupport::TimeWithZone failed` (here in plain words)",
        remedy="Treat a 400 as a mistake in the request, as you did the 422.",
        restates=_DATES | _MILESTONES,
        when=_not_a_date,
    ),
    Difference(
        id="ineligible",
        kind=Kind.VALUE_GONE,
        source="behaviour/rect.md#17-3-10",
        old="state `ineligible`, `ineligible_for_funding_reason` such as `duplicate_declaration`",
        new="neither is ever shown",
        remedy="Drop the branch that reads them.",
        places=shown(DECLARATIONS, ("state", "ineligible_for_funding_reason"), _duplicate),
    ),
    Difference(
        id="clawback-states",
        kind=Kind.VALUE_GONE,
        source="behaviour/rect.md#11-11",
        old="`awaiting_clawback`, `clawed_back` (as the guide of the old API writes them)",
        new="`awaiting-clawback`, `clawed-back`",
        remedy="Read the states with hyphens.",
        places=shown(DECLARATIONS, ("state",), _underscored),
    ),
    Difference(
        id="cohort-frozen",
        kind=Kind.RULE_NEW,
        source="behaviour/rect.md#17-3-11",
        old="a closed cohort refuses a declaration only where it has no statement for it",
        new="refused whenever today's training is in a frozen cohort",
        remedy="Don't declare for cohorts whose payments are frozen; change the participant's cohort first.",
        refuses=frozenset({"declaration.cohort-frozen"}),
    ),
    Difference(
        id="cohort-closed-text",
        kind=Kind.TEXT_OTHER,
        source="behaviour/rect.md#17-3-11",
        old="`You cannot submit or void declarations for the {year} cohort. …`",
        new="`You cannot submit declarations for the {year} cohort. …` beside or in place of it",
        remedy="Don't compare with the text.",
        rephrases=frozenset({"declaration.cohort-closed", "declaration.duplicate-in-closed-cohort"}),
    ),
    Difference(
        id="has-passed-gone",
        kind=Kind.ATTRIBUTE_GONE,
        source="behaviour/rect.md#17-3-12",
        old="`has_passed`, always null",
        new="shown no more",
        remedy="Don't require it.",
        places=shown(DECLARATIONS, ("has_passed",), has("has_passed")),
    ),
    Difference(
        id="former-provider",
        kind=Kind.RULE_LIFTED,
        source="behaviour/rect.md#17-3-13",
        old="a provider loses the right to declare once the next one changes the schedule",
        new="it keeps it for its own training",
        remedy="Nothing: what was refused is carried out.",
        lifts=frozenset({"declaration.participant-not-linked"}),
    ),
    Difference(
        id="void-text",
        kind=Kind.TEXT_OTHER,
        source="behaviour/rect.md#17-3-14",
        old="title `Invalid action`, `This declaration has already been voided.` and so on",
        new="title `participant_declaration_id`, `The declaration has already been voided.` and so on",
        remedy="Look for the other title.",
        rephrases=frozenset({"voiding.already-voided", "voiding.clawed-back", "voiding.already-refunded"}),
    ),
    Difference(
        id="void-closed-text",
        kind=Kind.TEXT_OTHER,
        source="behaviour/rect.md#17-3-15",
        old="`Participant declaration You cannot submit or void declarations …`",
        new="the same without `Participant declaration`",
        remedy="Don't compare with the text.",
        places=errors(detail="Participant declaration You cannot"),
    ),
    Difference(
        id="course-unknown-text",
        kind=Kind.TEXT_OTHER,
        source="behaviour/rect.md#11-2-3",
        old="an unknown `course_identifier` is not recognised for the participant",
        new="it counts as missing: `Enter a '#/course_identifier'.`",
        remedy="Don't compare with the text.",
        rephrases=frozenset({"declaration.course-unknown", "declaration.npq-course"}),
    ),
)
