"""Schools, what they chose for each cohort, and the partnerships they are in."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from ecf_sandbox.state.record import Record

# GIAS codes, behaviour/http-and-partnerships.md#a12-2.
INELIGIBLE_TYPES = frozenset({10, 11, 24, 25, 26, 27, 29, 30, 37, 49, 56})
CIP_ONLY_TYPES = frozenset({10, 11, 30, 37})
OPEN_STATUSES = frozenset({1, 3})


class School(Record, frozen=True, kw_only=True):
    """A school as the register of schools (GIAS) knows it."""

    id: str
    urn: str
    name: str
    type_code: int | None = None
    status_code: int | None = None
    district_code: str | None = None
    section_41_approved: bool = False
    primary_contact_email: str | None = None
    secondary_contact_email: str | None = None
    postcode: str | None = None
    address: str | None = None
    created_at: datetime
    updated_at: datetime

    @property
    def open(self) -> bool:
        """Open, or open and proposed to close."""
        return self.status_code in OPEN_STATUSES

    @property
    def in_england(self) -> bool:
        """By its administrative district; 9999 stands for schools without one."""
        code = self.district_code or ""
        return code[:1] in ("E", "e") or code == "9999"

    @property
    def eligible(self) -> bool:
        """May train early career teachers on DfE funding."""
        fits = self.type_code is not None and self.type_code not in INELIGIBLE_TYPES
        return self.open and self.in_england and (fits or self.section_41_approved)

    @property
    def cip_only_type(self) -> bool:
        """Open and of a kind that may only use the core induction materials, even if section 41 makes it eligible."""
        return self.open and self.type_code in CIP_ONLY_TYPES


class Incentive(Record, frozen=True, kw_only=True):
    """The uplifts that a school has for a cohort's start year."""

    id: str
    school_id: str
    start_year: int
    pupil_premium: bool = False
    sparsity: bool = False


class InductionTutor(Record, frozen=True, kw_only=True):
    """Links a school to the user who is its induction tutor."""

    id: str
    school_id: str
    user_id: str


class ProgrammeChoice(StrEnum):
    """How a school trains a cohort."""

    FULL_INDUCTION_PROGRAMME = "full_induction_programme"
    CORE_INDUCTION_PROGRAMME = "core_induction_programme"
    DESIGN_OUR_OWN = "design_our_own"
    SCHOOL_FUNDED_FIP = "school_funded_fip"
    NO_EARLY_CAREER_TEACHERS = "no_early_career_teachers"
    NOT_YET_KNOWN = "not_yet_known"


class SchoolCohort(Record, frozen=True, kw_only=True):
    """What a school chose for a cohort, and the programme its new participants join."""

    id: str
    school_id: str
    cohort: int
    choice: ProgrammeChoice
    default_programme_id: str | None = None
    created_at: datetime
    updated_at: datetime


class Programme(Record, frozen=True, kw_only=True):
    """An induction programme at a school for a cohort; provider-led when it has a partnership."""

    id: str
    school_cohort_id: str
    partnership_id: str | None = None
    kind: ProgrammeChoice = ProgrammeChoice.FULL_INDUCTION_PROGRAMME
    created_at: datetime
    updated_at: datetime


class ChallengeReason(StrEnum):
    """Why a school says that a partnership is wrong."""

    ANOTHER_PROVIDER = "another_provider"
    NOT_CONFIRMED = "not_confirmed"
    DO_NOT_RECOGNISE = "do_not_recognise"
    NO_ECTS = "no_ects"
    MISTAKE = "mistake"


class Partnership(Record, frozen=True, kw_only=True):
    """A school, a provider and a delivery partner for one cohort.

    `relationship` marks the link that lets one transferred participant keep their provider; the
    partnership endpoints never show it.
    """

    id: str
    school_id: str
    provider_id: str
    delivery_partner_id: str
    cohort: int
    relationship: bool = False
    pending: bool = False
    challenged_at: datetime | None = None
    challenge_reason: ChallengeReason | None = None
    challenge_deadline: datetime | None = None
    report_id: str | None = None
    created_at: datetime
    updated_at: datetime

    @property
    def challenged(self) -> bool:
        """Whether the school has challenged it: the participants behind it are hidden."""
        return self.challenge_reason is not None or self.challenged_at is not None

    @property
    def active(self) -> bool:
        """Neither challenged nor pending."""
        return not self.challenged and not self.pending
