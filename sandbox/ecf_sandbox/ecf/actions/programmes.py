"""Which induction programme a school's cohort follows, and how participants move from one to another."""

from __future__ import annotations

from collections.abc import Iterable

from ecf_sandbox.ecf.actions.training_history import supersede, touch_programme, touch_school_cohort
from ecf_sandbox.ecf.domain.participants import InductionRecord, InductionStatus
from ecf_sandbox.ecf.domain.schools import Partnership, Programme, ProgrammeChoice, SchoolCohort
from ecf_sandbox.ecf.records import Records, Turn
from ecf_sandbox.state.record import replace

FIP = ProgrammeChoice.FULL_INDUCTION_PROGRAMME
# The other choices, no early career teachers and not yet known, leave a cohort without a programme.
TRAINS = frozenset(ProgrammeChoice) - {ProgrammeChoice.NO_EARLY_CAREER_TEACHERS, ProgrammeChoice.NOT_YET_KNOWN}


def choose_programme(turn: Turn, school_cohort: SchoolCohort, choice: ProgrammeChoice) -> SchoolCohort:
    """A school decides how it trains a cohort: a new programme becomes the default, and participants move to it.

    Even the present choice makes a new programme. A choice without a programme leaves participants where they are.
    """
    if choice not in TRAINS:
        return save_school_cohort(turn, replace(school_cohort, choice=choice, default_programme_id=None))
    programme = start_programme(turn, school_cohort, choice, confirmed(turn.records, school_cohort, choice))
    if school_cohort.default_programme_id is not None:
        move_participants(turn, school_cohort.default_programme_id, programme)
    return save_school_cohort(turn, replace(school_cohort, choice=choice, default_programme_id=programme.id))


def adopt_partnership(turn: Turn, school_cohort: SchoolCohort, partnership: Partnership) -> None:
    """A confirmed partnership becomes the one behind a school's programme (behaviour/http-and-partnerships.md#a8).

    It takes the place of none or of a challenged one, and makes a school-led cohort provider-led.
    """
    default = turn.records.programmes.get(school_cohort.default_programme_id)
    if default is None or default.kind is not FIP:
        school_cohort = choose_programme(turn, school_cohort, FIP)
    elif default.partnership_id is None:
        save_programme(turn, replace(default, partnership_id=partnership.id))
    elif unpartnered(turn.records, default):
        programme = start_programme(turn, school_cohort, FIP, partnership)
        school_cohort = save_school_cohort(turn, replace(school_cohort, default_programme_id=programme.id))
    else:
        return
    take_in_unpartnered(turn, school_cohort)


def take_in_unpartnered(turn: Turn, school_cohort: SchoolCohort) -> None:
    """Participants of provider-led programmes that have lost their partnership, or had none, join the default one."""
    assert school_cohort.default_programme_id is not None  # one has just been given to it
    default = turn.records.programmes[school_cohort.default_programme_id]
    for it in turn.records.programmes.by("school_cohort_id", school_cohort.id):
        if it.kind is FIP and unpartnered(turn.records, it):
            move_participants(turn, it.id, default)


def move_participants(turn: Turn, from_programme_id: str, to: Programme) -> None:
    """Those who train on one programme go on with another from now on, with everything else about them as it is."""
    training = turn.records.induction_records.by("programme_id", from_programme_id)
    for it in active(training, turn):
        supersede(turn, it, programme_id=to.id)


def active(inductions: Iterable[InductionRecord], turn: Turn) -> Iterable[InductionRecord]:
    """Those in force, and those ahead unless they begin with a transfer (behaviour/participants.md#2-2)."""
    return [
        it
        for it in inductions
        if it.induction_status is InductionStatus.ACTIVE
        and (it.end_date is None or it.ends_after(turn.now))
        and not (it.starts_after(turn.now) and it.school_transfer)
    ]


def unpartnered(records: Records, programme: Programme) -> bool:
    """Whether a programme has no partnership, or one that the school has challenged."""
    partnership = records.partnerships.get(programme.partnership_id)
    return partnership is None or partnership.challenged


def confirmed(records: Records, school_cohort: SchoolCohort, choice: ProgrammeChoice = FIP) -> Partnership | None:
    """The partnership that a provider-led programme of the school begins with, if there is one."""
    if choice is not FIP:
        return None
    found = records.partnerships.by("school_id,cohort", (school_cohort.school_id, school_cohort.cohort))
    return min((it for it in found if it.active and not it.relationship), key=lambda it: it.id, default=None)


def school_cohort_at(turn: Turn, school_id: str, cohort: int) -> SchoolCohort:
    """What a school chose for a cohort; one that has not chosen takes part with a provider from now on."""
    found = turn.records.school_cohorts.one("school_id,cohort", (school_id, cohort))
    return found or set_up_school_cohort(turn, school_id, cohort, FIP)


def set_up_school_cohort(turn: Turn, school_id: str, cohort: int, choice: ProgrammeChoice) -> SchoolCohort:
    """A school takes part in a cohort, as yet without a programme."""
    at = turn.stamp()
    made = SchoolCohort(
        id=turn.new_id(), school_id=school_id, cohort=cohort, choice=choice, created_at=at, updated_at=at
    )
    turn.save(made)
    return made


def start_programme(
    turn: Turn, school_cohort: SchoolCohort, kind: ProgrammeChoice, partnership: Partnership | None
) -> Programme:
    """A school begins a programme, with a partnership behind it or without."""
    at = turn.stamp()
    made = Programme(
        id=turn.new_id(),
        school_cohort_id=school_cohort.id,
        partnership_id=partnership.id if partnership else None,
        kind=kind,
        created_at=at,
        updated_at=at,
    )
    turn.save(made)
    return made


def programme_with(turn: Turn, partnership: Partnership) -> Programme:
    """A school's programme with a partnership behind it, begun now if there is none."""
    found = turn.records.programmes.one("partnership_id", partnership.id)
    if found is not None:
        return found
    school_cohort = school_cohort_at(turn, partnership.school_id, partnership.cohort)
    return start_programme(turn, school_cohort, FIP, partnership)


def save_programme(turn: Turn, programme: Programme) -> None:
    """Save a programme: it and the current induction records on it are updated now."""
    saved = replace(programme, updated_at=turn.stamp())
    turn.save(saved)
    touch_programme(turn, saved.id)


def save_school_cohort(turn: Turn, school_cohort: SchoolCohort) -> SchoolCohort:
    """Save what a school chose, if it is a change: then it and everybody attached to it are updated now."""
    if turn.records.school_cohorts.get(school_cohort.id) == school_cohort:
        return school_cohort
    saved = replace(school_cohort, updated_at=turn.stamp())
    turn.save(saved)
    touch_school_cohort(turn, saved.id)
    return saved
