"""Partnerships, schools, statements and the rest (behaviour/rect.md#17-4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ecf_sandbox.moving import requests
from ecf_sandbox.moving.difference import Difference, Kind, Seen, Step
from ecf_sandbox.moving.table.places import PARTNERSHIPS, SCHOOLS, STATEMENTS, has, rows, shown

_CHOICES = frozenset({"not_yet_known", "provider_led", "school_led"})
_SCHOOL_NEW = ("expression_of_interest", "induction_tutor_name", "induction_tutor_email")


def _other_choice(it: Mapping[str, Any]) -> bool:
    return str(it.get("induction_programme_choice", "not_yet_known")) not in _CHOICES


def _in_partnership(it: Mapping[str, Any]) -> bool:
    return it.get("in_partnership") is True


def _school_led(seen: Seen) -> Iterable[str]:
    confirmed = seen.operation == "confirmPartnership" and seen.accepted
    return ["data.attributes.school_id"] if confirmed and seen.school_led else ()


def _crashed(seen: Seen) -> Iterable[str]:
    without = seen.operation == "confirmPartnership" and not seen.sent.get("cohort")
    return ["data.attributes.cohort"] if without and seen.status == 500 else ()


DIFFERENCES = (
    Difference(
        id="another-provider",
        kind=Kind.RULE_LIFTED,
        source="behaviour/rect.md#17-4-1",
        old="one provider for a school and cohort: `Another provider is in a confirmed partnership …`",
        new="several; yours is confirmed beside theirs",
        remedy="Don't take a school that another provider has for one that you cannot have.",
        lifts=frozenset({"partnership.another-provider"}),
    ),
    Difference(
        id="in-partnership",
        kind=Kind.MEANING_OTHER,
        source="behaviour/rect.md#17-4-1",
        old="`in_partnership` of a school: it is taken",
        new="some provider has a partnership with it; you may have one too",
        remedy="Don't leave out schools that are in partnership.",
        places=shown(SCHOOLS, ("in_partnership",), _in_partnership),
    ),
    Difference(
        id="challenge-gone",
        kind=Kind.ATTRIBUTE_GONE,
        source="behaviour/rect.md#17-4-2",
        old="`status`, `challenged_reason`, `challenged_at` of a partnership",
        new="shown no more: schools cannot challenge",
        remedy="Take every partnership that is listed for one that holds.",
        places=shown(
            PARTNERSHIPS,
            ("status", "challenged_reason", "challenged_at"),
            has("status", "challenged_reason", "challenged_at"),
        ),
    ),
    Difference(
        id="challenged-update",
        kind=Kind.RULE_LIFTED,
        source="behaviour/rect.md#17-4-2",
        old="a challenged partnership cannot be updated",
        new="there is none",
        remedy="Drop the branch that handles it.",
        lifts=frozenset({"partnership.challenged"}),
    ),
    Difference(
        id="challenged-confirmed-again",
        kind=Kind.RULE_NEW,
        source="behaviour/rect.md#17-4-2",
        old="a partnership that was challenged can be confirmed again",
        new="it was never taken away, so to confirm it is refused: you have it",
        remedy="Drop what confirms again; don't wait for a challenge that doesn't come.",
        refuses=frozenset({"partnership.already-confirmed"}),
    ),
    Difference(
        id="currently-training",
        kind=Kind.ATTRIBUTE_NEW,
        source="behaviour/rect.md#17-4-3",
        old="a partnership without it",
        new="`participants_currently_training`",
        remedy="Let a strict schema allow it.",
        places=shown(PARTNERSHIPS, ("participants_currently_training",), has("delivery_partner_name"), new=True),
    ),
    Difference(
        id="school-led",
        kind=Kind.RULE_NEW,
        source="behaviour/rect.md#17-4-4",
        old="to confirm a partnership makes a school-led school provider-led",
        new="refused where the school has registered school-led participants only",
        remedy="Have the school choose you for a participant first; don't confirm where the choice is `school_led`.",
        places=_school_led,
        refuses=frozenset({"partnership.school-led"}),
    ),
    Difference(
        id="cohort-missing",
        kind=Kind.STATUS_OTHER,
        source="behaviour/rect.md#17-4-5",
        old="a partnership without `cohort` crashes the service (500)",
        new="422",
        remedy="Treat it as any other 422.",
        places=_crashed,
        breaks=True,
    ),
    Difference(
        id="cohort-not-open",
        kind=Kind.RULE_NEW,
        source="behaviour/rect.md#17-4-6",
        old="a partnership can be confirmed for any cohort",
        new="not for one that is closed (2021, 2022), nor for a future one",
        remedy="Confirm from 1 June of the cohort's year on, and no more for closed cohorts.",
        refuses=frozenset({"partnership.cohort-closed", "partnership.cohort-in-future"}),
    ),
    Difference(
        id="same-delivery-partner",
        kind=Kind.RULE_NEW,
        source="behaviour/rect.md#17-4-7",
        old="an update with the present delivery partner: 200, nothing changes",
        new="422",
        remedy="Send an update only where the delivery partner is another one.",
        refuses=frozenset({"partnership.delivery-partner-already-there"}),
    ),
    Difference(
        id="school-not-registered",
        kind=Kind.RULE_LIFTED,
        source="behaviour/rect.md#13-1",
        old="a school that has not registered for the cohort, or not confirmed, is refused",
        new="an eligible school is enough",
        remedy="Nothing: what was refused is carried out.",
        lifts=frozenset({"partnership.school-not-registered", "partnership.school-not-yet-confirmed"}),
    ),
    Difference(
        id="school-attributes-new",
        kind=Kind.ATTRIBUTE_NEW,
        source="behaviour/rect.md#17-4-8",
        old="a school with seven attributes",
        new="and `expression_of_interest`, `induction_tutor_name`, `induction_tutor_email`",
        remedy="Let a strict schema allow them.",
        places=shown(SCHOOLS, _SCHOOL_NEW, has("in_partnership"), new=True),
    ),
    Difference(
        id="programme-choice",
        kind=Kind.VALUE_GONE,
        source="behaviour/rect.md#17-4-9",
        old="`induction_programme_choice` also `no_early_career_teachers` and others",
        new="`provider_led`, `school_led` or `not_yet_known`",
        remedy="Drop the branches for the others.",
        places=shown(SCHOOLS, ("induction_programme_choice",), _other_choice),
    ),
    Difference(
        id="statement-type-gone",
        kind=Kind.ATTRIBUTE_GONE,
        source="behaviour/rect.md#17-4-10",
        old="`type` among the attributes of a statement",
        new="shown no more",
        remedy="Don't require it.",
        places=shown(STATEMENTS, ("type",), has("type")),
    ),
    Difference(
        id="statement-type-filter",
        kind=Kind.VALUE_GONE,
        source="behaviour/rect.md#17-4-10",
        old="`filter[type]` of statements",
        new="it has no effect",
        remedy="Leave it out.",
        step=Step.VALUES,
        change=requests.without_statement_type,
    ),
    Difference(
        id="transfers",
        kind=Kind.MEANING_OTHER,
        source="behaviour/rect.md#17-4-11",
        old="a transfer appears when both schools have spoken; `unknown` is rare",
        new="the report of leaving alone gives one, with `transfer_type` `unknown`",
        remedy="Expect more transfers, and that an `unknown` one becomes another.",
        places=rows("listTransfers", "showTransfers"),
    ),
    Difference(
        id="unfunded-mentors",
        kind=Kind.MEANING_OTHER,
        source="behaviour/rect.md#17-4-12",
        old="unfunded mentors include people whom you trained once",
        new="they don't",
        remedy="Expect fewer, and look for the others among participants.",
        places=rows("listUnfundedMentors", "showUnfundedMentor"),
    ),
)
