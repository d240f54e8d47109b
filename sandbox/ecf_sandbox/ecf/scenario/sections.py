"""What a scenario says that a world of this service begins with: its sections, and the keys of each.

Those of people are in `people_sections.py`. The readers beside this module make records of them.
"""

from __future__ import annotations

from ecf_sandbox.ecf.domain.providers import TokenKind
from ecf_sandbox.ecf.domain.schools import ChallengeReason, ProgrammeChoice
from ecf_sandbox.ecf.scenario.kinds import COHORT, COHORTS, ID, PARTNER, PROVIDER, SCHOOL, YEAR
from ecf_sandbox.ecf.scenario.people_sections import PersonEntry
from ecf_sandbox.scenario.fields import (
    DAY,
    FLAG,
    MOMENT,
    MOMENT_OR_NEVER,
    NUMBER,
    TEXT,
    entries,
    names_among,
    number,
    one_of,
    several,
    values,
)
from ecf_sandbox.scenario.section import Section, optional, required

MOST_GENERATED = 100_000
_CHOICE, _TOKEN_KIND = one_of(ProgrammeChoice), one_of(TokenKind)
# behaviour/declarations.md#11: the features that any answer depends on.
_FEATURES = ("programme_type_changes_2025", "closing_2022")


class CohortEntry(Section, title="cohorts"):
    """By year. The cohorts, their schedules and milestones are those that the DfE has published."""

    payments_frozen_at = optional(MOMENT_OR_NEVER, "when the contract that pays for the cohort ended", "as published")
    milestones_from = optional(
        DAY,
        "a day from which every milestone of its schedules is open, if it opens later than that",
        "as published",
    )


class ProviderEntry(Section, title="providers"):
    """By a key of your own, by which the rest of the file names the lead provider. At least one is needed."""

    name = optional(TEXT, "the name of the lead provider", "its key")
    organisation = optional(TEXT, "the name of the organisation, which declarations show", "its name")
    token = optional(TEXT, "the token of its client", "its key and `-token`")
    cohorts = optional(COHORTS, "the cohorts that it has a contract, and so statements, for", "all since 2021")


class PartnerEntry(Section, title="delivery_partners"):
    """By a key of your own."""

    name = required(TEXT, "its name")
    works_with = optional(
        values("a list of cohorts for each key of a provider", COHORTS),
        "the providers that may name it in partnerships",
    )
    since = optional(MOMENT, "when it was entered", "in March 2021, in the order of the file")
    closed = optional(MOMENT, "when it closed down")


class SchoolEntry(Section, title="schools"):
    """By a key of your own."""

    name = required(TEXT, "its name")
    urn = required(TEXT, "its unique reference number; no two schools have the same")
    induction_tutor = optional(TEXT, "the name of its induction tutor")
    induction_tutor_email = optional(TEXT, "their e-mail address", "`induction.tutor@KEY.example.com`")
    programmes = optional(
        values(f"for each cohort {_CHOICE.words}", _CHOICE, names=YEAR),
        "how it trains a cohort",
        "full_induction_programme for the cohorts in which it has a partnership",
    )
    pupil_premium = optional(COHORTS, "the years for which it has the pupil premium")
    sparsity = optional(COHORTS, "the years for which it has the sparsity incentive")
    type = optional(NUMBER, "the code of its type in the register of schools (GIAS)", "1, a community school", value=1)
    status = optional(NUMBER, "the code of its status there", "1, open", value=1)
    district = optional(TEXT, "the code of its district; one that begins with W is Welsh", "E06000014")
    section_41 = optional(FLAG, "whether it is approved under section 41", "false", value=False)
    email = optional(TEXT, "its e-mail address", "`office@KEY.example.com`")
    postcode = optional(TEXT, "its postcode")
    address = optional(TEXT, "its address")
    since = optional(MOMENT, "when it was entered", "in April 2021, in the order of the file")


class PartnershipEntry(Section, title="partnerships"):
    """Who trains for which school: one partnership for each cohort that an entry names."""

    school = required(SCHOOL, "the school")
    provider = required(PROVIDER, "the lead provider")
    delivery_partner = required(PARTNER, "has to work with the provider for the cohort")
    cohort = required(COHORTS, "the cohorts")
    confirmed = optional(MOMENT, "when the provider confirmed it", "60 days before the academic year")
    challenged = optional(MOMENT, "when the school challenged it; needs a `reason`")
    reason = optional(one_of(ChallengeReason), "why it was challenged; needs `challenged`")


class GeneratedEntry(Section, title="generate"):
    """Many sound people with schools of their own, the same every time, as in
    [large.yaml](../scenarios/large.yaml).
    """

    provider = required(PROVIDER, "who trains them")
    delivery_partner = required(PARTNER, "has to work with the provider for the cohort")
    cohort = required(COHORT, "the cohort")
    participants = required(number(maximum=MOST_GENERATED), f"how many people; {MOST_GENERATED:,} in all at most")
    per_school = optional(NUMBER, "how many of them to a school, the first of whom mentors the others", "25", value=25)


class Contracts(Section):
    """What the DfE says, and who trains."""

    cohorts = optional(entries(CohortEntry, "an entry for each cohort", names=YEAR), "what is otherwise than published")
    features = optional(
        names_among(_FEATURES, "feature", f"list of {', '.join(_FEATURES)}"), "the switches of the DfE that are on"
    )
    providers = required(entries(ProviderEntry, least="lead provider"), "the lead providers")
    other_tokens = optional(
        values(f"for each token {_TOKEN_KIND.words}", _TOKEN_KIND),
        "tokens that are known and do not open the provider API",
    )
    delivery_partners = optional(entries(PartnerEntry), "the delivery partners")


class SchoolsAndPeople(Section):
    """Where, and whom."""

    schools = optional(entries(SchoolEntry), "the schools")
    partnerships = optional(several(PartnershipEntry), "who trains for which school")
    people = optional(several(PersonEntry), "ECTs and mentors")


class Sections(Contracts, SchoolsAndPeople):
    """The sections of this service, in the order in which each names only what stands before it."""

    generate = optional(several(GeneratedEntry), "many more people")
    ids = optional(
        values("an id for each name", ID),
        "ids that are given rather than made: of `people.NAME`, `training_records.NAME.ect` (or `.mentor`),"
        " `declarations.NAME.ect.started`, `schools.KEY`, `delivery_partners.KEY`,"
        " `partnerships.SCHOOL.PROVIDER.2025`, `statements.PROVIDER.2025.January 2026`, by the keys and names"
        " of the file",
    )
