"""What values of a scenario of this service can be: years, and the names by which a file calls its things."""

from __future__ import annotations

from ecf_sandbox.scenario.fields import reference, references, schema_of

YEAR = "^20[0-9]{2}$"
_YEARS = {"minimum": 2000, "maximum": 2099}

COHORT = reference("cohort", "cohort", schema_of("integer", **_YEARS))
COHORTS = references(
    "cohort", "cohort, or list of cohorts", schema_of("integer", "array", **_YEARS, items={"type": "integer", **_YEARS})
)
SCHOOL = reference("school", "key of a school")
PROVIDER = reference("lead provider", "key of a provider")
PARTNER = reference("delivery partner", "key of a delivery partner")
PERSON = reference("person", "name of a person")
MENTOR = reference("mentor", "name of a mentor")
MENTOR_OR_NONE = reference("mentor", "name of a mentor, or `none`")
SCHEDULE = reference("schedule", "schedule identifier")
MILESTONE = reference("milestone", "a milestone of the schedule, such as `retained-1`")
