"""What values of a scenario of this service can be: years, and the names by which a file calls its things."""

from __future__ import annotations

import re

from ecf_sandbox.scenario.fields import reference, references, schema_of
from ecf_sandbox.scenario.section import Section, Type, shown

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

_UUID = "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"


def _read_id(value: object, at: Section, *place: str | int) -> str | None:
    if isinstance(value, str) and re.fullmatch(_UUID, value):
        return value
    at.note(f"expected an id such as db3a7848-7308-4879-942a-c4a70ced400a, not {shown(value)}", *place)
    return None


ID: Type[str] = Type("id", schema_of("string", pattern=_UUID), _read_id, "")
