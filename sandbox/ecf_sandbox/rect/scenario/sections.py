"""What a scenario says that a world of this service begins with: its sections, and the keys of each."""

from __future__ import annotations

from enum import StrEnum

from ecf_sandbox.scenario.fields import (
    DAY,
    FLAG,
    MAPPING,
    MOMENT,
    TEXT,
    entries,
    nested,
    one_of,
    reference,
    references,
    schema_of,
    several,
    text,
    values,
)
from ecf_sandbox.scenario.section import Section, optional, required

_YEARS = {"minimum": 2000, "maximum": 2099}
COHORT = reference("cohort", "cohort", schema_of("integer", **_YEARS))
COHORTS = references(
    "cohort", "cohort, or list of cohorts", schema_of("integer", "array", **_YEARS, items={"type": "integer", **_YEARS})
)
SCHOOL = reference("school", "key of a school")
PROVIDER = reference("lead provider", "key of a provider")
PARTNER = reference("delivery partner", "key of a delivery partner")
MENTOR = reference("mentor", "name of a mentor in the file")


class WorkingPattern(StrEnum):
    """How much of a week an ECT works."""

    FULL_TIME = "full_time"
    PART_TIME = "part_time"


class FundingReason(StrEnum):
    """Why a mentor's funding ended, where no declaration ended it."""

    EARLY_ROLL_OUT = "completed_during_early_roll_out"
    NOT_COMPLETED = "started_not_completed"


class ProviderEntry(Section, title="providers"):
    """By a key of your own, by which the rest of the file names the lead provider. At least one is needed."""

    name = optional(TEXT, "the name of the lead provider", "its key")
    token = optional(TEXT, "the token of its client", "its key and `-token`")
    cohorts = optional(COHORTS, "the cohorts that it has a contract, and so statements, for", "all")
    unpaid_since = optional(DAY, "the payment date from which the DfE has paid none of its statements", "all are paid")


class PartnerEntry(Section, title="delivery_partners"):
    """By a key of your own."""

    name = required(TEXT, "its name")
    works_with = optional(
        values("a list of cohorts for each key of a provider", COHORTS),
        "the providers that may name it in partnerships",
    )


class SchoolEntry(Section, title="schools"):
    """By a key of your own."""

    name = required(TEXT, "its name")
    urn = required(TEXT, "its unique reference number; no two schools have the same")
    induction_tutor = optional(TEXT, "the name of its induction tutor")
    induction_tutor_email = optional(TEXT, "the tutor's e-mail address")
    email = optional(TEXT, "the e-mail address of its first contact")
    eligible = optional(FLAG, "whether the DfE pays for training there", "true", value=True)
    pupil_premium = optional(COHORTS, "the cohorts for which it has the pupil premium")
    sparsity = optional(COHORTS, "the cohorts for which it has the sparsity uplift")


class PartnershipEntry(Section, title="partnerships"):
    """A list: which provider trains a school, with which delivery partner."""

    school = required(SCHOOL, "the school")
    provider = required(PROVIDER, "the lead provider")
    delivery_partner = required(PARTNER, "the delivery partner")
    cohort = required(COHORT, "the cohort")
    since = optional(MOMENT, "when it was made", "10 June of the cohort's year")


class DeclarationEntry(Section, title="people: declarations"):
    """A list: what the provider declared."""

    type = required(TEXT, "the type, such as `started`")
    date = required(MOMENT, "the declaration date")
    evidence_held = optional(TEXT, "the evidence", "none")
    sent = optional(MOMENT, "when it was sent", "a day after its date")
    by = optional(PROVIDER, "which provider declared it", "the one that trains")
    voided = optional(MOMENT, "when the provider voided it")


class ProviderSaid(Section, title="people: deferred, withdrawn"):
    """That the provider deferred or withdrew somebody."""

    at = required(MOMENT, "when")
    reason = optional(TEXT, "why", "`other`", value="other")


class Resumed(Section, title="people: resumed"):
    """That the provider had somebody back who was deferred or withdrawn: new training begins that day."""

    at = required(MOMENT, "when")


class ScheduleEntry(Section, title="people: schedules"):
    """A list: that the provider put somebody on another schedule."""

    at = required(MOMENT, "when")
    to = required(TEXT, "the schedule, such as `ecf-extended-september`")
    cohort = optional(COHORT, "the cohort whose schedule it is", "the one that they are in")


class FundingEnded(Section, title="people: funding_ended"):
    """That the DfE pays for a mentor's training no longer, for a reason other than a declaration of completion."""

    on = required(DAY, "the day on which the funding ended")
    reason = required(one_of(FundingReason), "why")


class TrainingEntry(Section, title="people: ect, mentor"):
    """Training at a school, as the school registered it."""

    school = required(SCHOOL, "where")
    provider = optional(PROVIDER, "who trains", "the school itself; of a mentor nobody")
    from_ = required(DAY, "the first day at the school")
    registered = optional(MOMENT, "when the school registered it", "five days before")
    email = optional(TEXT, "the e-mail address at the school", "the name at the school's key")
    working_pattern = optional(one_of(WorkingPattern), "of an ECT", "full_time")
    mentor = optional(MENTOR, "who mentors an ECT, from the first day of both")
    induction_from = optional(DAY, "when the appropriate body's induction of an ECT begins")
    deferred = optional(nested(ProviderSaid), "the provider's deferral")
    withdrawn = optional(nested(ProviderSaid), "the provider's withdrawal")
    resumed = optional(nested(Resumed), "the provider's resumption")
    schedules = optional(several(ScheduleEntry), "the provider's changes of schedule", "the one they began with")
    funding_ended = optional(nested(FundingEnded), "of a mentor, that the DfE no longer pays")
    declarations = optional(several(DeclarationEntry), "what the provider declared")


class HistoryEntry(Section, title="people: history"):
    """A list: what else happened to somebody, an event by its name. What of them it asks for need not be said.

    In its parameters names stand for ids, as in a story.
    """

    at = required(MOMENT, "when it happened")
    event = required(text("name of an event"), "which event")
    school = optional(SCHOOL, "the school that it is about")
    with_ = optional(MAPPING, "its other parameters")


class MergedEntry(Section, title="people: merged"):
    """A list: second records of somebody, each under an id that was given up when they were merged."""

    trn = required(TEXT, "the reference number that the second record had")
    at = required(MOMENT, "when they were merged")


class PersonEntry(Section, title="people", one_of=("ect", "mentor")):
    """A list. Everybody is registered as ECT, as mentor, or as both."""

    name = required(TEXT, "the name")
    trn = required(TEXT, "the teacher reference number")
    story = optional(TEXT, "a line on them")
    ect = optional(nested(TrainingEntry), "training as an ECT")
    mentor = optional(nested(TrainingEntry), "training as a mentor")
    history = optional(several(HistoryEntry), "what else happened")
    merged = optional(several(MergedEntry), "second records of theirs")


class Sections(Section):
    """What is known of providers, schools and people."""

    providers = required(entries(ProviderEntry, least="provider"), "lead providers and their tokens")
    delivery_partners = optional(entries(PartnerEntry), "who delivers their training")
    schools = optional(entries(SchoolEntry), "the schools")
    partnerships = optional(several(PartnershipEntry), "which school is trained by whom")
    people = optional(several(PersonEntry), "ECTs and mentors")
