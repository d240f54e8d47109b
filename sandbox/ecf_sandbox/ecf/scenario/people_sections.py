"""The sections of a scenario on people: their training, what happened to it, and what was declared."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cached_property

from ecf_sandbox.ecf.domain.declarations import DeclarationState
from ecf_sandbox.ecf.domain.participants import EligibilityStatus
from ecf_sandbox.ecf.scenario.kinds import COHORT, MENTOR, MENTOR_OR_NONE, MILESTONE, PERSON, PROVIDER, SCHEDULE, SCHOOL
from ecf_sandbox.scenario.fields import (
    DAY,
    FLAG,
    MOMENT,
    TEXT,
    name_among,
    names_among,
    nested,
    one_of,
    reference,
    schema_of,
    several,
)
from ecf_sandbox.scenario.section import Section, optional, required

NOT_CHECKED = "none"
UPLIFTS = ("pupil_premium", "sparsity")
DUPLICITY = ("single", "primary", "secondary")
MENTOR_COMPLETION_REASONS = ("started_not_completed", "completed_during_early_roll_out")
# What may be said of each outcome of the checks, behaviour/participants.md#11-2; the first is meant if nothing is said.
REASONS: Mapping[EligibilityStatus, Mapping[str, str]] = {
    status: {it: it for it in reasons}
    for status, reasons in {
        EligibilityStatus.ELIGIBLE: ("none",),
        EligibilityStatus.MATCHED: ("none",),
        EligibilityStatus.MANUAL_CHECK: ("no_qts", "no_induction", "active_flags", "different_trn"),
        EligibilityStatus.INELIGIBLE: (
            "previous_induction",
            "previous_participation",
            "duplicate_profile",
            "exempt_from_induction",
        ),
    }.items()
}


class MergedEntry(Section, title="people[].merged"):
    """People who turned out to be this one. Their ids are retired: writes still accept them."""

    name = required(TEXT, "the name by which the retired id can be told apart")
    email = required(TEXT, "the e-mail address that the retired one had")
    at = required(MOMENT, "when they were merged")


class DeclarationEntry(Section, title="people[].ect.declarations, people[].mentor.declarations"):
    """What was declared. Its state follows from the dates: since when the training is funded, which statement took
    the declaration and how far that is at `as_of`, whether it was voided.
    """

    type = required(MILESTONE, "what was reached")
    date = required(MOMENT, "the declaration date, within the milestone")
    sent = optional(MOMENT, "when the provider declared it", "an hour after its date")
    evidence = optional(TEXT, "the evidence held", "none; required unless the type is `started`")
    voided = optional(MOMENT, "when it was voided, or clawed back if it had been paid")
    state = optional(
        one_of(DeclarationState), "for the reader of the file: has to be the one that follows", "what follows"
    )
    provider = optional(PROVIDER, "who declared it", "the one who trained them when it was sent")
    duplicate_of = optional(
        PERSON, "somebody with the same TRN for whom it was declared already; this one is then ineligible"
    )

    @cached_property
    def sent_at(self) -> datetime:
        """When the provider declared it, said or not."""
        return self.sent or self.date + timedelta(hours=1)


class HistoryEntry(Section):
    """What happened to somebody's training. An entry says one of these, which marks it, and when."""

    at = required(MOMENT, "when it happened")


class Deferred(HistoryEntry, title="history: deferred", marked_by="deferred"):
    """The provider deferred them."""

    deferred = required(TEXT, "the reason, such as `parental-leave`")


class Withdrawn(HistoryEntry, title="history: withdrawn", marked_by="withdrawn"):
    """The provider withdrew them."""

    withdrawn = required(TEXT, "the reason, such as `left-teaching-profession`")


class Resumed(HistoryEntry, title="history: resumed", marked_by="resumed"):
    """The provider has them back."""

    resumed = required(FLAG, "true")


class Leaving(HistoryEntry, title="history: leaving", marked_by="leaving"):
    """The school reported that they leave."""

    leaving = required(DAY, "the day on which they leave")


class Joining(HistoryEntry, title="history: joining", marked_by="joining"):
    """Another school reported that they join."""

    joining = required(SCHOOL, "the school that they join")
    from_ = required(DAY, "the day on which they join")
    keeps_provider = optional(FLAG, "whether their provider goes on training them", "false", value=False)
    mentor = optional(MENTOR, "their mentor there")
    email = optional(TEXT, "their e-mail address there", "as before")


class ScheduleChange(HistoryEntry, title="history: schedule", marked_by="schedule"):
    """The provider moved them to another schedule."""

    schedule = required(SCHEDULE, "the new schedule")
    cohort = optional(COHORT, "the new cohort, for which the school needs a programme", "as before")


class MentorChange(HistoryEntry, title="history: mentor", marked_by="mentor"):
    """The school gave an ECT another mentor."""

    mentor = required(MENTOR_OR_NONE, "the new mentor")


class InductionCompleted(HistoryEntry, title="history: induction_completed", marked_by="induction_completed"):
    """The register of inductions says that an ECT has completed theirs."""

    induction_completed = required(DAY, "the day of completion")


class Removed(HistoryEntry, title="history: removed", marked_by="removed"):
    """The school removed the record, which was a mistake."""

    removed = required(FLAG, "true")


class EmailChange(HistoryEntry, title="history: email", marked_by="email"):
    """The school gave them another e-mail address."""

    email = required(TEXT, "the new e-mail address")


HISTORY: tuple[type[HistoryEntry], ...] = (
    Deferred,
    Withdrawn,
    Resumed,
    Leaving,
    Joining,
    ScheduleChange,
    MentorChange,
    InductionCompleted,
    Removed,
    EmailChange,
)


class MentorCompletionEntry(Section, title="people[].mentor.mentor_completion"):
    """What the DfE noted by itself. A `completed` declaration notes it, too."""

    date = required(DAY, "the day on which funding ended")
    reason = required(name_among(MENTOR_COMPLETION_REASONS, "reason"), "why")


def _reasons_for(status: EligibilityStatus) -> str:
    *others, last = REASONS[status]
    return f"{', '.join(others)} or {last} for {status}"


_MANUAL, _INELIGIBLE = EligibilityStatus.MANUAL_CHECK, EligibilityStatus.INELIGIBLE
_REASON = reference(
    "reason",
    f"{_reasons_for(_MANUAL)}; {_reasons_for(_INELIGIBLE)}",
    schema_of("string", enum=[*REASONS[_MANUAL], *REASONS[_INELIGIBLE], "none"]),
)


class TrainingEntry(Section):
    """A training record."""

    school = required(SCHOOL, "the school that registered them")
    cohort = required(COHORT, "the cohort in which they began")
    schedule = optional(SCHEDULE, "the schedule with which they began", "ecf-standard-september")
    provider = optional(
        PROVIDER, "which of the school's partners trains them", "the one that its new participants join, if any"
    )
    registered = optional(
        MOMENT, "when they were registered", "the first days of September of the cohort, in the order of the file"
    )
    starts = optional(MOMENT, "when their training begins", "the first day of the schedule")
    eligibility = optional(
        one_of(EligibilityStatus, "one of {}, or `none`", also=NOT_CHECKED),
        "what the DfE's checks made of them; `none`: not validated yet",
        "eligible",
        value=EligibilityStatus.ELIGIBLE,
    )
    eligibility_reason = optional(_REASON, "why", "the first of them")
    eligible_from = optional(MOMENT, "when the checks were made", "a day after the registration")
    typed_trn = optional(TEXT, "the TRN that was typed in for them", "their TRN")
    uplifts = optional(
        names_among(UPLIFTS, "uplift", f"{', '.join(UPLIFTS)}, or a list of both"), "the uplifts that they have"
    )
    duplicity = optional(
        name_among(DUPLICITY, "duplicity", "single, primary or secondary"),
        "whether this is one of two records as a mentor",
        "single",
        value="single",
    )
    notes = optional(TEXT, "notes of the DfE, which keep the record from being moved to another cohort")
    history = optional(several(*HISTORY, otherwise=HistoryEntry), "what happened afterwards")
    declarations = optional(several(DeclarationEntry), "what was declared")


class EctEntry(TrainingEntry, title="people[].ect"):
    """Somebody's training as an early career teacher."""

    mentor = optional(MENTOR, "their mentor when they began")


class MentorEntry(TrainingEntry, title="people[].mentor"):
    """Somebody's training as a mentor, beside or without one as an ECT."""

    mentor_completion = optional(nested(MentorCompletionEntry), "when and why funding ended")


class PersonEntry(Section, title="people"):
    """A list. Without `ect` and `mentor` somebody is known, and in nobody's training."""

    name = required(TEXT, "the full name; no two people have the same")
    story = optional(TEXT, "one line for whoever reads or shows the scenario")
    email = optional(TEXT, "the e-mail address", "made of the name, at example.com")
    trn = optional(TEXT, "the teacher reference number")
    early_roll_out = optional(FLAG, "whether they took part in the early roll-out, as a mentor", "false", value=False)
    merged = optional(several(MergedEntry), "people who turned out to be this one")
    ect = optional(nested(EctEntry), "the training as an ECT")
    mentor = optional(nested(MentorEntry), "the training as a mentor")
