"""Requests that one rule must refuse, and no other: a sound one with the smallest change, or at the wrong time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from ecf_sandbox.dates.uk import uk_midnight
from ecf_sandbox.dates.wire import instant
from ecf_sandbox.rect.actions.declarations import declarations_of
from ecf_sandbox.rect.domain.contracts import Milestone
from ecf_sandbox.rect.domain.declarations import Declaration, State
from ecf_sandbox.rect.domain.providers import LeadProvider
from ecf_sandbox.rect.domain.schools import SchoolPartnership
from ecf_sandbox.rect.domain.teachers import TrainingStatus
from ecf_sandbox.rect.properties.requests import (
    candidates,
    confirmation,
    declaration,
    judged,
    own_declarations,
    partnership_update,
    provider_named,
    trained,
    update,
    voiding,
)
from ecf_sandbox.rect.queries.history import schedule_of
from ecf_sandbox.rect.queries.schools import partnerships_of
from ecf_sandbox.rect.queries.training import delivery_partnership_of, teacher_of
from ecf_sandbox.rect.records import records_in
from ecf_sandbox.rect.rules import change_schedule as schedule_rules
from ecf_sandbox.rect.rules import declarations as declaration_rules
from ecf_sandbox.rect.rules import participants as participant_rules
from ecf_sandbox.rect.rules import partnerships as partnership_rules
from ecf_sandbox.rect.rules import voiding as voiding_rules
from ecf_sandbox.state.properties import Choose, Request, Unsound
from ecf_sandbox.state.world import World
from ecf_sandbox.tools.properties.requests import attributes_in, beginning_at_one, with_attributes
from ecf_sandbox.tools.properties.unsound import (
    BLANK,
    NOBODY,
    Asked,
    Find,
    any_of,
    as_it_is,
    changed,
    first_unsound,
    other_course,
)
from ecf_sandbox.tools.properties.unsound import rules_of as family_of

_NO_COURSE = (*BLANK, "ecf-nonsense", "ECF-Induction")


def unsound(world: World, client: str, rule: str, choose: Choose) -> Unsound | None:
    """A request of the provider of that name that this rule refuses and no other; None where there is none.

    Raises KeyError for a rule of which it is not known how to break it alone.
    """
    provider = provider_named(records_in(world.state), client)
    asked = Asked(world=world, provider=provider, choose=choose, candidates=candidates)
    beside = COMES_WITH.get(rule, ())
    return first_unsound(BREAKS[rule](asked), rule, beside, lambda request: judged(world, client, request))


# Declarations


def _dated(move: Callable[[Asked, Request], datetime | None], write: Callable[[datetime], str] = instant) -> Find:
    """A sound declaration with another date, where there is one."""

    def find(it: Asked) -> Iterator[Request]:
        for request in it.sound(_CREATE):
            moment = move(it, request)
            if moment is not None:
                yield with_attributes(request, attributes_in(request) | {"declaration_date": write(moment)})

    return find


def _milestone(it: Asked, request: Request) -> Milestone | None:
    told = attributes_in(request)
    for teacher, training in trained(it.records, it.provider):
        if teacher.id == told["participant_id"] and training.kind.course == told["course_identifier"]:
            schedule = schedule_of(it.records, training)
            return schedule.milestone(told["declaration_type"]) if schedule else None
    return None


def _too_soon(it: Asked, request: Request) -> datetime | None:
    milestone = _milestone(it, request)
    return uk_midnight(milestone.start_date) - timedelta(seconds=1) if milestone else None


def _too_late(it: Asked, request: Request) -> datetime | None:
    milestone = _milestone(it, request)
    if milestone is None or milestone.milestone_date is None:
        return None
    closes = uk_midnight(milestone.milestone_date + timedelta(days=1))
    return closes if closes <= it.now else None


def _ahead(it: Asked, _: Request) -> datetime:
    return it.now + timedelta(seconds=1)


def _yesterday(it: Asked, request: Request) -> datetime | None:
    milestone, day = _milestone(it, request), it.now - timedelta(days=1)
    return day if milestone and uk_midnight(milestone.start_date) <= uk_midnight(day.date()) else None


def _before_what_came_before(it: Asked, request: Request) -> datetime | None:
    """A moment before that of a declaration of an earlier type."""
    made = [each.declaration_date for each in own_declarations(it.records, it.provider) if _whose(it, each, request)]
    return min(made) - timedelta(seconds=1) if made else None


def _whose(it: Asked, made: Declaration, request: Request) -> bool:
    teacher = teacher_of(it.records, it.records.training_periods[made.training_period_id])
    return made.live and teacher.id == attributes_in(request)["participant_id"]


def _again(it: Asked) -> Iterator[Request]:
    for teacher, training in trained(it.records, it.provider):
        for made in declarations_of(it.records, teacher, training.kind):
            if made.live:
                told = {
                    "participant_id": teacher.id,
                    "declaration_type": made.declaration_type,
                    "declaration_date": instant(made.declaration_date),
                    "course_identifier": training.kind.course,
                }
                yield declaration(**told, **({"evidence_held": made.evidence_type} if made.evidence_type else {}))


def _withdrawn(it: Asked) -> Iterator[Request]:
    """A declaration for somebody whom the provider withdrew, dated now."""
    gone = {
        teacher.id
        for teacher, training in trained(it.records, it.provider)
        if training.training_status is TrainingStatus.WITHDRAWN
    }
    for request in it.sound(_CREATE):
        told = attributes_in(request)
        if told["participant_id"] in gone:
            yield with_attributes(request, told | {"declaration_date": instant(it.now)})


def _somebody_elses(it: Asked) -> Iterator[Request]:
    for other in _others(it):
        yield from it.of(other).sound(_CREATE)


def _others(it: Asked) -> list[LeadProvider]:
    return [each for each in sorted(it.records.lead_providers, key=lambda row: row.name) if each.id != it.provider.id]


def _void(wanted: Callable[[Declaration], bool]) -> Find:
    def find(it: Asked) -> Iterator[Request]:
        own = [each for each in own_declarations(it.records, it.provider) if wanted(each)]
        yield from (voiding(each.id) for each in beginning_at_one(own, it.choose))

    return find


# Participants


def _of_status(write: str, status: TrainingStatus, **told: Any) -> Find:
    """An update of somebody whose training stands so."""

    def find(it: Asked) -> Iterator[Request]:
        for teacher, training in trained(it.records, it.provider):
            if training.training_status is status:
                yield update(write, teacher.id, course_identifier=training.kind.course, **told)

    return find


def _present_schedule(it: Asked) -> Iterator[Request]:
    for teacher, training in trained(it.records, it.provider):
        schedule = schedule_of(it.records, training)
        if schedule is not None:
            told = {"schedule_identifier": schedule.identifier, "course_identifier": training.kind.course}
            yield update(_SCHEDULE, teacher.id, **told, cohort=str(schedule.contract_period_year))


def _other_cohort(it: Asked) -> Iterator[Request]:
    """A sound change with each other cohort, which may lack the schedule, the partnership or the money."""
    for request in it.sound(_SCHEDULE):
        for period in it.records.contract_periods:
            yield with_attributes(request, attributes_in(request) | {"cohort": str(period.year)})


# Partnerships


def _cohorts(wanted: Callable[[Any], bool]) -> Find:
    """A partnership for a cohort of a kind, with a delivery partner that works with the provider in it."""

    def find(it: Asked) -> Iterator[Request]:
        for works in it.records.delivery_partnerships.by("lead_provider_id", it.provider.id):
            period = it.records.contract_periods[works.contract_period_year]
            for school in it.records.schools if wanted(period) else ():
                told = {"school_id": school.id, "delivery_partner_id": works.delivery_partner_id}
                yield confirmation(cohort=str(period.year), **told)

    return find


def _own_partnership(request: Callable[[SchoolPartnership, Any], Request]) -> Find:
    def find(it: Asked) -> Iterator[Request]:
        for made in partnerships_of(it.records, it.provider.id):
            yield request(made, delivery_partnership_of(it.records, made))

    return find


def _the_same_partner(made: SchoolPartnership, works: Any) -> Request:
    return partnership_update(made.id, delivery_partner_id=works.delivery_partner_id)


def _the_same_school(made: SchoolPartnership, works: Any) -> Request:
    return confirmation(
        cohort=str(works.contract_period_year),
        school_id=made.school_id,
        delivery_partner_id=works.delivery_partner_id,
    )


def _unrelated_partner(write: str) -> Find:
    """A delivery partner that is known, and does not work with the provider in any cohort."""

    def find(it: Asked) -> Iterator[Request]:
        works = {
            each.delivery_partner_id for each in it.records.delivery_partnerships.by("lead_provider_id", it.provider.id)
        }
        strangers = [each.id for each in it.records.delivery_partners if each.id not in works]
        for request in it.sound(write) if strangers else ():
            yield with_attributes(request, attributes_in(request) | {"delivery_partner_id": it.choose(strangers)})

    return find


_CREATE, _VOID, _SCHEDULE = "createDeclaration", "voidDeclaration", "changeParticipantSchedule"
_CONFIRM, _UPDATE = "confirmPartnership", "updatePartnership"
_DEFER, _WITHDRAW, _RESUME = "deferParticipant", "withdrawParticipant", "resumeParticipant"

BREAKS: Mapping[str, Find] = {
    declaration_rules.participant_missing.id: changed(_CREATE, participant_id=BLANK),
    declaration_rules.participant_unknown.id: changed(_CREATE, participant_id=(NOBODY, "me")),
    declaration_rules.course_missing.id: changed(_CREATE, course_identifier=_NO_COURSE),
    declaration_rules.date_missing.id: changed(_CREATE, declaration_date=BLANK),
    declaration_rules.course_not_trained.id: other_course(_CREATE),
    declaration_rules.type_missing.id: changed(_CREATE, declaration_type=BLANK),
    declaration_rules.type_unknown.id: changed(_CREATE, declaration_type=("retained-9", "Started")),
    declaration_rules.already_made.id: _again,
    declaration_rules.date_in_future.id: _dated(_ahead),
    declaration_rules.before_milestone.id: _dated(_too_soon),
    declaration_rules.after_milestone.id: _dated(_too_late),
    declaration_rules.date_malformed.id: _dated(_yesterday, lambda moment: moment.date().isoformat()),
    declaration_rules.type_not_for_mentors.id: changed(_CREATE, declaration_type=("retained-1", "extended-1")),
    declaration_rules.evidence_missing.id: changed(_CREATE, evidence_held=BLANK),
    declaration_rules.evidence_unknown.id: changed(_CREATE, evidence_held=("a-signed-letter", "OTHER")),
    declaration_rules.withdrawn.id: _withdrawn,
    declaration_rules.cohort_frozen.id: as_it_is(_CREATE),
    declaration_rules.cohort_closed.id: as_it_is(_CREATE),
    declaration_rules.type_not_in_schedule.id: changed(
        _CREATE, declaration_type=("extended-1", "extended-3"), evidence_held=("other",)
    ),
    declaration_rules.out_of_sequence.id: _dated(_before_what_came_before),
    declaration_rules.never_trained.id: _somebody_elses,
    voiding_rules.already_voided.id: _void(lambda it: it.state is State.VOIDED),
    voiding_rules.already_refunded.id: _void(lambda it: it.state in (State.AWAITING_CLAWBACK, State.CLAWED_BACK)),
    voiding_rules.cohort_closed.id: _void(lambda it: it.state is State.PAID),
    participant_rules.course_missing.id: any_of(
        lambda it: changed(it, course_identifier=_NO_COURSE), _DEFER, _WITHDRAW, _SCHEDULE
    ),
    participant_rules.course_not_trained.id: any_of(other_course, _DEFER, _WITHDRAW, _RESUME, _SCHEDULE),
    participant_rules.reason_missing.id: any_of(lambda it: changed(it, reason=BLANK), _DEFER, _WITHDRAW),
    participant_rules.reason_unknown.id: any_of(
        lambda it: changed(it, reason=("holiday", "Other", "school-left-fip")), _DEFER, _WITHDRAW
    ),
    participant_rules.already_deferred.id: _of_status(_DEFER, TrainingStatus.DEFERRED, reason="other"),
    participant_rules.already_withdrawn.id: any_of(
        lambda it: _of_status(it, TrainingStatus.WITHDRAWN, reason="other"), _WITHDRAW, _DEFER
    ),
    participant_rules.not_begun_to_defer.id: as_it_is(_DEFER),
    participant_rules.not_begun_to_withdraw.id: as_it_is(_WITHDRAW),
    participant_rules.begun_today.id: any_of(as_it_is, _DEFER, _WITHDRAW),
    participant_rules.reason_for_mentors.id: changed(_WITHDRAW, reason=("mentor-no-longer-being-mentor",)),
    participant_rules.already_active.id: _of_status(_RESUME, TrainingStatus.ACTIVE),
    participant_rules.trains_elsewhere.id: as_it_is(_RESUME),
    participant_rules.stopped_today.id: as_it_is(_RESUME),
    participant_rules.no_longer_at_school.id: as_it_is(_RESUME),
    schedule_rules.schedule_missing.id: changed(_SCHEDULE, schedule_identifier=BLANK),
    schedule_rules.schedule_unknown.id: changed(_SCHEDULE, schedule_identifier=("ecf-someday", "standard")),
    schedule_rules.already_on_it.id: _present_schedule,
    schedule_rules.replacement_for_ect.id: changed(
        _SCHEDULE, schedule_identifier=("ecf-replacement-september", "ecf-replacement-april")
    ),
    schedule_rules.reduced_for_mentor.id: changed(
        _SCHEDULE, schedule_identifier=("ecf-reduced-september", "ecf-reduced-april")
    ),
    schedule_rules.orphans_declarations.id: _other_cohort,
    schedule_rules.no_partnership.id: _other_cohort,
    schedule_rules.cohort_frozen.id: _other_cohort,
    schedule_rules.completed.id: as_it_is(_SCHEDULE),
    schedule_rules.left.id: as_it_is(_SCHEDULE),
    schedule_rules.withdrawn.id: as_it_is(_SCHEDULE),
    schedule_rules.joins_another_later.id: as_it_is(_SCHEDULE),
    partnership_rules.cohort_missing.id: changed(_CONFIRM, cohort=BLANK),
    partnership_rules.school_missing.id: changed(_CONFIRM, school_id=BLANK),
    partnership_rules.partner_missing.id: changed(_CONFIRM, delivery_partner_id=BLANK),
    partnership_rules.cohort_unknown.id: changed(_CONFIRM, cohort=("1999", "next year")),
    partnership_rules.cohort_in_future.id: _cohorts(lambda it: bool(it.enabled)),
    partnership_rules.cohort_closed.id: _cohorts(lambda it: not it.enabled),
    partnership_rules.school_unknown.id: changed(_CONFIRM, school_id=(NOBODY, "the one in town")),
    partnership_rules.school_ineligible.id: as_it_is(_CONFIRM),
    partnership_rules.partner_unknown.id: any_of(
        lambda it: changed(it, delivery_partner_id=(NOBODY,)), _CONFIRM, _UPDATE
    ),
    partnership_rules.partner_not_yours.id: any_of(_unrelated_partner, _CONFIRM, _UPDATE),
    partnership_rules.already_confirmed.id: _own_partnership(_the_same_school),
    partnership_rules.school_led.id: as_it_is(_CONFIRM),
    partnership_rules.partner_already_there.id: _own_partnership(_the_same_partner),
}

# What the service always says beside a rule: without a cohort no delivery partner works with anybody.
COMES_WITH: Mapping[str, tuple[str, ...]] = {
    partnership_rules.cohort_missing.id: (partnership_rules.partner_not_yours.id,),
    partnership_rules.cohort_unknown.id: (partnership_rules.partner_not_yours.id,),
}


def rules_of(write: str) -> list[str]:
    """The rules of a write of which it is known how to break them alone."""
    return family_of(write, BREAKS, _FAMILIES)


_NONE = "no family of its own"
_OF_ALL = (participant_rules.course_missing.id, participant_rules.course_not_trained.id)
_OF_LEAVING = (
    participant_rules.reason_missing.id,
    participant_rules.reason_unknown.id,
    participant_rules.already_withdrawn.id,
    participant_rules.begun_today.id,
)
_FAMILIES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    _CREATE: ("declaration.", ()),
    _VOID: ("voiding.", ()),
    _DEFER: (
        _NONE,
        (
            *(*_OF_ALL, *_OF_LEAVING),
            participant_rules.already_deferred.id,
            participant_rules.not_begun_to_defer.id,
        ),
    ),
    _WITHDRAW: (
        _NONE,
        (
            *(*_OF_ALL, *_OF_LEAVING),
            participant_rules.not_begun_to_withdraw.id,
            participant_rules.reason_for_mentors.id,
        ),
    ),
    _RESUME: (
        _NONE,
        (
            participant_rules.course_not_trained.id,
            participant_rules.already_active.id,
            participant_rules.trains_elsewhere.id,
            participant_rules.stopped_today.id,
            participant_rules.no_longer_at_school.id,
        ),
    ),
    _SCHEDULE: ("schedule.", _OF_ALL),
    _CONFIRM: ("partnership.", ()),
    _UPDATE: (
        _NONE,
        (
            partnership_rules.partner_unknown.id,
            partnership_rules.partner_not_yours.id,
            partnership_rules.partner_already_there.id,
        ),
    ),
}
