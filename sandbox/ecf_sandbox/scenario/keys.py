"""What a scenario file may say: its sections, and the keys of each with their meaning.

The reader takes only what is declared here (`fields.py`). The page `docs/scenario-file.md` and the JSON Schema for
editors, `scenarios/scenario.schema.json`, are printed from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ecf_sandbox.ecf.domain.declarations import DeclarationState
from ecf_sandbox.ecf.domain.participants import EligibilityStatus
from ecf_sandbox.ecf.domain.providers import TokenKind
from ecf_sandbox.ecf.domain.schools import ChallengeReason, ProgrammeChoice
from ecf_sandbox.state.record import Record

REQUIRED = "required"
NONE = "none"


Schema = Mapping[str, Any]


class Section(Record, frozen=True, kw_only=True):
    """A mapping of the file: what it is about, and the keys that it may have.

    Where a value may be one of several sections, `marked_by` is the key that says which it is. Of the keys `one_of`
    one at least is required.
    """

    title: str
    about: str = ""
    keys: Mapping[str, Key]
    marked_by: str = ""
    one_of: tuple[str, ...] = ()


class Type(Record, frozen=True, kw_only=True):
    """What a value is: in words, and as a JSON Schema of version 7, which editors know."""

    words: str
    schema: Schema


class Key(Record, frozen=True, kw_only=True):
    """One key: what its value is, what it means, what holds if it is left out.

    `schema` is the type as a JSON Schema. `members` are the sections that the value, or each of its members, may be.
    """

    type: str
    schema: Schema
    meaning: str
    default: str = NONE
    members: tuple[Section, ...] = ()

    @property
    def required(self) -> bool:
        """Whether the file is wrong without it."""
        return self.default == REQUIRED


def _key(type: Type, meaning: str, default: str = NONE, *members: Section) -> Key:
    return Key(type=type.words, schema=type.schema, meaning=meaning, default=default, members=members)


def _type(words: str, *types: str, **schema: Any) -> Type:
    return Type(words=words, schema={"type": list(types), **schema})


def _one_of(values: Iterable[str], words: str = "one of {}") -> Type:
    return _type(words.format(", ".join(values)), "string", enum=list(values))


def _one_or_list(values: Iterable[str], words: str) -> Type:
    one = {"enum": list(values)}
    # The condition is for editors: they underline the wrong one of a list, and not the list.
    return _type(words, "string", "array", **{"if": {"type": "string"}, "then": one, "else": {"items": one}})


def _each(words: str, of: Type | None = None, names: str = "") -> Type:
    value = or_nothing(of.schema) if of else {}
    if names:
        return _type(words, "object", patternProperties={names: value}, additionalProperties=False)
    return _type(words, "object", additionalProperties=value)


def or_nothing(schema: Schema) -> Schema:
    """A schema that takes nothing, too: a key without a value counts as left out."""
    if "type" not in schema:
        return schema
    more = {"enum": [*schema["enum"], None]} if "enum" in schema else {}
    return {**schema, "type": [*schema["type"], "null"], **more}


_DAY = "20[0-9]{2}-[0-9]{2}-[0-9]{2}"
_MOMENT = f"{_DAY}([T ].+)?"
_YEAR = "^20[0-9]{2}$"
TEXT = _type("text", "string", "integer")
NUMBER, FLAG = _type("whole number", "integer", minimum=0), _type("true or false", "boolean")
DAY, MOMENT = _type("day", "string", pattern=f"^{_DAY}$"), _type("moment", "string", pattern=f"^{_MOMENT}$")
MOMENT_OR_NEVER = _type("moment, or `never`", "string", pattern=f"^(never|{_MOMENT})$")
_YEARS = {"minimum": 2000, "maximum": 2099}
COHORT = _type("cohort", "integer", **_YEARS)
COHORTS = _type("cohort, or list of cohorts", "integer", "array", **_YEARS, items={"type": "integer", **_YEARS})
SCHOOL, PROVIDER = _type("key of a school", "string"), _type("key of a provider", "string")
PARTNER = _type("key of a delivery partner", "string")
PERSON, MENTOR_NAME = _type("name of a person", "string"), _type("name of a mentor", "string")
MENTOR_OR_NONE = _type("name of a mentor, or `none`", "string")
SCHEDULE = _type("schedule identifier", "string")
MILESTONE = _type("a milestone of the schedule, such as `retained-1`", "string")
MAPPING, LIST = _type("names and values", "object"), _type("list", "array")
SOME_ENTRIES = _type("an entry for each key", "object", minProperties=1, additionalProperties={})
ENTRIES, COHORT_ENTRIES = _each("an entry for each key"), _each("an entry for each cohort", names=_YEAR)
ANYTHING = Type(words="anything", schema={})
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")

COHORT_CHANGES = Section(
    title="cohorts",
    about="By year. The cohorts, their schedules and milestones are those that the DfE has published.",
    keys={
        "payments_frozen_at": _key(MOMENT_OR_NEVER, "when the contract that pays for the cohort ended", "as published"),
    },
)

LEAD_PROVIDER = Section(
    title="providers",
    about="By a key of your own, by which the rest of the file names the lead provider. At least one is needed.",
    keys={
        "name": _key(TEXT, "the name of the lead provider", "its key"),
        "organisation": _key(TEXT, "the name of the organisation, which declarations show", "its name"),
        "token": _key(TEXT, "the token of its client", "its key and `-token`"),
        "cohorts": _key(COHORTS, "the cohorts that it has a contract, and so statements, for", "all since 2021"),
    },
)

DELIVERY_PARTNER = Section(
    title="delivery_partners",
    about="By a key of your own.",
    keys={
        "name": _key(TEXT, "its name", REQUIRED),
        "works_with": _key(
            _each("a list of cohorts for each key of a provider", COHORTS),
            "the providers that may name it in partnerships",
        ),
        "since": _key(MOMENT, "when it was entered", "in March 2021, in the order of the file"),
        "closed": _key(MOMENT, "when it closed down"),
    },
)

SCHOOL_ENTRY = Section(
    title="schools",
    about="By a key of your own.",
    keys={
        "name": _key(TEXT, "its name", REQUIRED),
        "urn": _key(TEXT, "its unique reference number; no two schools have the same", REQUIRED),
        "induction_tutor": _key(TEXT, "the name of its induction tutor"),
        "programmes": _key(
            _each(f"for each cohort {_one_of(ProgrammeChoice).words}", _one_of(ProgrammeChoice), _YEAR),
            "how it trains a cohort",
            "full_induction_programme for the cohorts in which it has a partnership",
        ),
        "pupil_premium": _key(COHORTS, "the years for which it has the pupil premium"),
        "sparsity": _key(COHORTS, "the years for which it has the sparsity incentive"),
        "type": _key(NUMBER, "the code of its type in the register of schools (GIAS)", "1, a community school"),
        "status": _key(NUMBER, "the code of its status there", "1, open"),
        "district": _key(TEXT, "the code of its district; one that begins with W is Welsh", "E06000014"),
        "section_41": _key(FLAG, "whether it is approved under section 41", "false"),
        "email": _key(TEXT, "its e-mail address", "`office@KEY.example.com`"),
        "postcode": _key(TEXT, "its postcode"),
        "address": _key(TEXT, "its address"),
        "since": _key(MOMENT, "when it was entered", "in April 2021, in the order of the file"),
    },
)

PARTNERSHIP = Section(
    title="partnerships",
    about="Who trains for which school: one partnership for each cohort that an entry names.",
    keys={
        "school": _key(SCHOOL, "the school", REQUIRED),
        "provider": _key(PROVIDER, "the lead provider", REQUIRED),
        "delivery_partner": _key(PARTNER, "has to work with the provider for the cohort", REQUIRED),
        "cohort": _key(COHORTS, "the cohorts", REQUIRED),
        "confirmed": _key(MOMENT, "when the provider confirmed it", "60 days before the academic year"),
        "challenged": _key(MOMENT, "when the school challenged it; needs a `reason`"),
        "reason": _key(_one_of(ChallengeReason), "why it was challenged; needs `challenged`"),
    },
)

MERGED = Section(
    title="people[].merged",
    about="People who turned out to be this one. Their ids are retired: writes still accept them.",
    keys={
        "name": _key(TEXT, "the name by which the retired id can be told apart", REQUIRED),
        "email": _key(TEXT, "the e-mail address that the retired one had", REQUIRED),
        "at": _key(MOMENT, "when they were merged", REQUIRED),
    },
)

DECLARATION = Section(
    title="people[].ect.declarations, people[].mentor.declarations",
    about="What was declared. Its state follows from the dates: since when the training is funded, which statement took"
    " the declaration and how far that is at `as_of`, whether it was voided.",
    keys={
        "type": _key(MILESTONE, "what was reached", REQUIRED),
        "date": _key(MOMENT, "the declaration date, within the milestone", REQUIRED),
        "sent": _key(MOMENT, "when the provider declared it", "an hour after its date"),
        "evidence": _key(TEXT, "the evidence held", "none; required unless the type is `started`"),
        "voided": _key(MOMENT, "when it was voided, or clawed back if it had been paid"),
        "state": _key(
            _one_of(DeclarationState), "for the reader of the file: has to be the one that follows", "what follows"
        ),
        "provider": _key(PROVIDER, "who declared it", "the one who trained them when it was sent"),
        "duplicate_of": _key(
            PERSON, "somebody with the same TRN for whom it was declared already; this one is then ineligible"
        ),
    },
)

_AT = {"at": _key(MOMENT, "when it happened", REQUIRED)}
# What can have happened to somebody's training; an entry has one of these.
HISTORY: Mapping[str, Section] = {
    it.marked_by: it
    for it in (
        Section(
            title="history: deferred",
            marked_by="deferred",
            about="The provider deferred them.",
            keys={**_AT, "deferred": _key(TEXT, "the reason, such as `parental-leave`", REQUIRED)},
        ),
        Section(
            title="history: withdrawn",
            marked_by="withdrawn",
            about="The provider withdrew them.",
            keys={**_AT, "withdrawn": _key(TEXT, "the reason, such as `left-teaching-profession`", REQUIRED)},
        ),
        Section(
            title="history: resumed",
            marked_by="resumed",
            about="The provider has them back.",
            keys={**_AT, "resumed": _key(FLAG, "true", REQUIRED)},
        ),
        Section(
            title="history: leaving",
            marked_by="leaving",
            about="The school reported that they leave.",
            keys={**_AT, "leaving": _key(DAY, "the day on which they leave", REQUIRED)},
        ),
        Section(
            title="history: joining",
            marked_by="joining",
            about="Another school reported that they join.",
            keys={
                **_AT,
                "joining": _key(SCHOOL, "the school that they join", REQUIRED),
                "from": _key(DAY, "the day on which they join", REQUIRED),
                "keeps_provider": _key(FLAG, "whether their provider goes on training them", "false"),
                "mentor": _key(MENTOR_NAME, "their mentor there"),
                "email": _key(TEXT, "their e-mail address there", "as before"),
            },
        ),
        Section(
            title="history: schedule",
            marked_by="schedule",
            about="The provider moved them to another schedule.",
            keys={
                **_AT,
                "schedule": _key(SCHEDULE, "the new schedule", REQUIRED),
                "cohort": _key(COHORT, "the new cohort, for which the school needs a programme", "as before"),
            },
        ),
        Section(
            title="history: mentor",
            marked_by="mentor",
            about="The school gave an ECT another mentor.",
            keys={**_AT, "mentor": _key(MENTOR_OR_NONE, "the new mentor", REQUIRED)},
        ),
        Section(
            title="history: induction_completed",
            marked_by="induction_completed",
            about="The register of inductions says that an ECT has completed theirs.",
            keys={**_AT, "induction_completed": _key(DAY, "the day of completion", REQUIRED)},
        ),
        Section(
            title="history: removed",
            marked_by="removed",
            about="The school removed the record, which was a mistake.",
            keys={**_AT, "removed": _key(FLAG, "true", REQUIRED)},
        ),
        Section(
            title="history: email",
            marked_by="email",
            about="The school gave them another e-mail address.",
            keys={**_AT, "email": _key(TEXT, "the new e-mail address", REQUIRED)},
        ),
    )
}

MENTOR_COMPLETION = Section(
    title="people[].mentor.mentor_completion",
    about="What the DfE noted by itself. A `completed` declaration notes it, too.",
    keys={
        "date": _key(DAY, "the day on which funding ended", REQUIRED),
        "reason": _key(_one_of(("started_not_completed", "completed_during_early_roll_out")), "why", REQUIRED),
    },
)

_REASONS = (
    *("no_qts", "no_induction", "active_flags", "different_trn"),
    *("previous_induction", "previous_participation", "duplicate_profile", "exempt_from_induction", "none"),
)
_TRAINING: Mapping[str, Key] = {
    "school": _key(SCHOOL, "the school that registered them", REQUIRED),
    "cohort": _key(COHORT, "the cohort in which they began", REQUIRED),
    "schedule": _key(SCHEDULE, "the schedule with which they began", "ecf-standard-september"),
    "provider": _key(
        PROVIDER, "which of the school's partners trains them", "the one that its new participants join, if any"
    ),
    "registered": _key(
        MOMENT, "when they were registered", "the first days of September of the cohort, in the order of the file"
    ),
    "starts": _key(MOMENT, "when their training begins", "the first day of the schedule"),
    "eligibility": _key(
        _one_of((*EligibilityStatus, "none"), f"{_one_of(EligibilityStatus).words}, or `none`"),
        "what the DfE's checks made of them; `none`: not validated yet",
        "eligible",
    ),
    "eligibility_reason": _key(
        _one_of(
            [
                "no_qts",
                "no_induction",
                "active_flags",
                "different_trn",
                "previous_induction",
                "previous_participation",
                "duplicate_profile",
                "exempt_from_induction",
                "none",
            ],
            "no_qts, no_induction, active_flags or different_trn for manual_check;"
            " previous_induction, previous_participation, duplicate_profile or exempt_from_induction for ineligible",
        ),
        "why",
        "the first of them",
    ),
    "eligible_from": _key(MOMENT, "when the checks were made", "a day after the registration"),
    "typed_trn": _key(TEXT, "the TRN that was typed in for them", "their TRN"),
    "uplifts": _key(
        _one_or_list(("pupil_premium", "sparsity"), "pupil_premium, sparsity, or a list of both"),
        "the uplifts that they have",
    ),
    "duplicity": _key(
        _one_of(("single", "primary", "secondary"), "single, primary or secondary"),
        "whether this is one of two records as a mentor",
        "single",
    ),
    "notes": _key(TEXT, "notes of the DfE, which keep the record from being moved to another cohort"),
    "history": _key(LIST, "what happened afterwards", NONE, *HISTORY.values()),
    "declarations": _key(LIST, "what was declared", NONE, DECLARATION),
}
ECT = Section(
    title="people[].ect",
    about="Somebody's training as an early career teacher.",
    keys={**_TRAINING, "mentor": _key(MENTOR_NAME, "their mentor when they began")},
)
MENTOR = Section(
    title="people[].mentor",
    about="Somebody's training as a mentor, beside or without one as an ECT.",
    keys={
        **_TRAINING,
        "mentor_completion": _key(MAPPING, "when and why funding ended", NONE, MENTOR_COMPLETION),
    },
)

PERSON_ENTRY = Section(
    title="people",
    about="A list. Without `ect` and `mentor` somebody is known, and in nobody's training.",
    keys={
        "name": _key(TEXT, "the full name; no two people have the same", REQUIRED),
        "story": _key(TEXT, "one line for whoever reads or shows the scenario"),
        "email": _key(TEXT, "the e-mail address", "made of the name, at example.com"),
        "trn": _key(TEXT, "the teacher reference number"),
        "early_roll_out": _key(FLAG, "whether they took part in the early roll-out, as a mentor", "false"),
        "merged": _key(LIST, "people who turned out to be this one", NONE, MERGED),
        "ect": _key(MAPPING, "the training as an ECT", NONE, ECT),
        "mentor": _key(MAPPING, "the training as a mentor", NONE, MENTOR),
    },
)

MOST_GENERATED = 100_000
GENERATED = Section(
    title="generate",
    about="Many sound people with schools of their own, the same every time, as in"
    " [large.yaml](../scenarios/large.yaml).",
    keys={
        "provider": _key(PROVIDER, "who trains them", REQUIRED),
        "delivery_partner": _key(PARTNER, "has to work with the provider for the cohort", REQUIRED),
        "cohort": _key(COHORT, "the cohort", REQUIRED),
        "participants": _key(
            _type("whole number", "integer", minimum=0, maximum=MOST_GENERATED),
            f"how many people; {MOST_GENERATED:,} in all at most",
            REQUIRED,
        ),
        "per_school": _key(NUMBER, "how many of them to a school, the first of whom mentors the others", "25"),
    },
)

_SAY = _key(TEXT, "what the step shows, in a sentence")
EVENT_STEP = Section(
    title="steps: an event",
    marked_by="event",
    about="What a school or the DfE does. One that could not have happened ends the step as different.",
    keys={
        "say": _SAY,
        "at": _key(MOMENT, "when it happens", REQUIRED),
        "event": _key(_type("name of an event", "string"), "which event: see [events.md](events.md)", REQUIRED),
        "with": _key(MAPPING, "its parameters"),
    },
)
REQUEST_STEP = Section(
    title="steps: a request",
    marked_by="send",
    about="What a provider asks, and what is expected of the answer. Only what is given is looked at.",
    keys={
        "say": _SAY,
        "at": _key(MOMENT, "the server date of the request", "the present moment"),
        "by": _key(PROVIDER, "whose token it has", "no token"),
        "send": _key(
            _type("method and path", "string", pattern=f"^({'|'.join(METHODS)}) /"),
            "the request, such as `GET /api/v3/participants/ecf`",
            REQUIRED,
        ),
        "headers": _key(MAPPING, "more headers"),
        "body": _key(ANYTHING, "the body: names and values are sent as JSON, a text as it is", "no body"),
        "expect": _key(NUMBER, "the status of the answer", REQUIRED),
        "answer": _key(
            ANYTHING,
            "what the JSON of the answer has: of names and values only those given are looked at, a list is as long as"
            " here, anything else is equal",
        ),
        "includes": _key(LIST, "items that the `data` of the answer has, each held against it as `answer` is"),
        "excludes": _key(LIST, "items that it has not"),
        "count": _key(NUMBER, "how many items `data` has"),
        "refused_by": _key(_type("list of rules", "array"), "the rules that refuse: see [rules.md](rules.md)"),
        "empty": _key(FLAG, "whether the answer has no body", "false"),
        "content_type": _key(TEXT, "the content type of the answer, without its charset"),
        "keep": _key(
            _each("a place in the answer for each name, such as `data.id`"),
            "values that later steps name as `${kept.NAME}`",
        ),
    },
)

_HEAD: Mapping[str, Key] = {
    "title": _key(TEXT, "what the scenario is called", "the name of the file"),
    "about": _key(TEXT, "what it shows, in a few sentences"),
    "as_of": _key(
        MOMENT, "the moment that the file describes: statements are where they are then", "`now`; one is required"
    ),
    "now": _key(MOMENT, "where the clock of its worlds stands still", "the clock runs"),
    "edition": _key(
        _one_of(("guidance", "live"), "guidance or live"),
        "the edition that the story needs",
        "whatever is served, else guidance",
    ),
}
_STEPS: Mapping[str, Key] = {"steps": _key(LIST, "the story", NONE, EVENT_STEP, REQUEST_STEP)}
FILE = Section(
    title="The file",
    one_of=("as_of", "now"),
    about="The sections are read in this order, so each names only what stands before it.",
    keys={
        **_HEAD,
        "cohorts": _key(COHORT_ENTRIES, "what is otherwise than published", NONE, COHORT_CHANGES),
        "features": _key(
            _one_or_list(
                ("programme_type_changes_2025", "closing_2022"), "list of programme_type_changes_2025, closing_2022"
            ),
            "the switches of the DfE that are on",
        ),
        "providers": _key(SOME_ENTRIES, "the lead providers", REQUIRED, LEAD_PROVIDER),
        "other_tokens": _key(
            _each(f"for each token {_one_of(TokenKind).words}", _one_of(TokenKind)),
            "tokens that are known and do not open the provider API",
        ),
        "delivery_partners": _key(ENTRIES, "the delivery partners", NONE, DELIVERY_PARTNER),
        "schools": _key(ENTRIES, "the schools", NONE, SCHOOL_ENTRY),
        "partnerships": _key(LIST, "who trains for which school", NONE, PARTNERSHIP),
        "people": _key(LIST, "ECTs and mentors", NONE, PERSON_ENTRY),
        "generate": _key(LIST, "many more people", NONE, GENERATED),
        **_STEPS,
    },
)
SAVED = Section(
    title="A saved state",
    marked_by="state",
    one_of=("as_of", "now"),
    about="`ecf-sandbox scenarios save` writes the rows of a world in the place of people with a story.",
    keys={
        **_HEAD,
        "state": _key(MAPPING, "the rows, by table", REQUIRED),
        "clients": _key(
            _each("a token for each provider", _type("token", "string")),
            "by what steps name the providers",
            "the names of the providers",
        ),
        **_STEPS,
    },
)
