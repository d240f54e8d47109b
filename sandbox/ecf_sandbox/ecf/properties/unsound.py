"""Requests that one rule must refuse, and no other: a sound one with the smallest change, or at the wrong time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from ecf_sandbox.dates.wire import instant
from ecf_sandbox.ecf.domain.declarations import REFUNDABLE, Declaration, DeclarationState
from ecf_sandbox.ecf.domain.participants import TrainingStatus
from ecf_sandbox.ecf.properties.requests import (
    candidates,
    confirmation,
    declaration,
    judged,
    partnership_update,
    provider_named,
    trained,
    update,
    voiding,
)
from ecf_sandbox.ecf.records import records_in
from ecf_sandbox.ecf.rules import change_schedule as schedule_rules
from ecf_sandbox.ecf.rules import declarations as declaration_rules
from ecf_sandbox.ecf.rules import participants as participant_rules
from ecf_sandbox.ecf.rules import partnerships as partnership_rules
from ecf_sandbox.ecf.rules import voiding as voiding_rules
from ecf_sandbox.state.properties import Choose, Request, Unsound
from ecf_sandbox.state.record import replace
from ecf_sandbox.state.world import World
from ecf_sandbox.tools.properties.requests import attributes_in, with_attributes
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


def unsound(world: World, client: str, rule: str, choose: Choose) -> Unsound | None:
    """A request of the provider of that name that this rule refuses and no other; None where there is none.

    Raises KeyError for a rule of which it is not known how to break it alone.
    """
    provider = provider_named(records_in(world.state), client)
    asked = Asked(world=world, provider=provider, choose=choose, candidates=candidates)
    beside = COMES_WITH.get(rule, ())
    return first_unsound(BREAKS[rule](asked), rule, beside, lambda request: judged(world, client, request))


def _dated(move: Callable[[Asked, Request], datetime | None], write: Callable[[datetime], str] = instant) -> Find:
    """A sound declaration with another date, where there is one."""

    def find(it: Asked) -> Iterator[Request]:
        for request in it.sound("createDeclaration"):
            moment = move(it, request)
            if moment is not None:
                yield with_attributes(request, attributes_in(request) | {"declaration_date": write(moment)})

    return find


def _milestone(it: Asked, request: Request) -> Any:
    told = attributes_in(request)
    for user, training, _ in trained(it.records, it.provider):
        if user.id == told["participant_id"] and training.type.course.value == told["course_identifier"]:
            return it.records.schedules[training.schedule_id].milestone(told["declaration_type"])
    return None


def _too_soon(it: Asked, request: Request) -> datetime | None:
    milestone = _milestone(it, request)
    return milestone.opens - timedelta(seconds=1) if milestone else None


def _too_late(it: Asked, request: Request) -> datetime | None:
    milestone = _milestone(it, request)
    return milestone.closes if milestone and milestone.closes and milestone.closes <= it.now else None


def _ahead(it: Asked, _: Request) -> datetime:
    return it.now + timedelta(seconds=1)


def _again(it: Asked) -> Iterator[Request]:
    for made in _own(it, lambda each: each.live):
        told = {
            "participant_id": made.user_id,
            "declaration_type": made.type,
            "declaration_date": instant(made.date),
            "course_identifier": made.course.value,
        }
        yield declaration(**told, **({"evidence_held": made.evidence_held} if made.evidence_held else {}))


def _somebody_elses(it: Asked) -> Iterator[Request]:
    for other in sorted(it.records.providers, key=lambda each: each.name):
        if other.id != it.provider.id:
            yield from it.of(other).sound("createDeclaration")


def _update_of_somebody_elses(write: str) -> Find:
    def find(it: Asked) -> Iterator[Request]:
        for other in sorted(it.records.providers, key=lambda each: each.name):
            if other.id != it.provider.id:
                yield from it.of(other).sound(write)

    return find


def _about_nobody(write: str) -> Find:
    """An update at a path with an id that nobody has."""

    def find(it: Asked) -> Iterator[Request]:
        for request in it.sound(write):
            before, _, action = request.target.rpartition("/")
            yield replace(request, target=f"{before.rpartition('/')[0]}/{NOBODY}/{action}")

    return find


def _of_status(write: str, status: TrainingStatus, **told: Any) -> Find:
    """An update of somebody whose training stands so."""

    def find(it: Asked) -> Iterator[Request]:
        for user, training, standing in trained(it.records, it.provider):
            if standing is status:
                yield update(write, user.id, course_identifier=training.type.course.value, **told)

    return find


def _present_schedule(it: Asked) -> Iterator[Request]:
    for user, training, standing in trained(it.records, it.provider):
        if standing is not TrainingStatus.WITHDRAWN:
            schedule = it.records.schedules[training.schedule_id]
            yield update(
                "changeParticipantSchedule",
                user.id,
                schedule_identifier=schedule.identifier,
                course_identifier=training.type.course.value,
                cohort=str(schedule.cohort),
            )


def _own(it: Asked, wanted: Callable[[Declaration], bool]) -> list[Declaration]:
    own = [each for each in it.records.declarations.by("provider_id", it.provider.id) if wanted(each)]
    if not own:
        return []
    first = own.index(it.choose(sorted(own, key=lambda each: (each.created_at, each.id))))
    return own[first:] + own[:first]


def _void(wanted: Callable[[Declaration], bool]) -> Find:
    return lambda it: (voiding(each.id) for each in _own(it, wanted))


def _confirmed(wanted: Callable[[Asked, Any], bool]) -> Find:
    """A confirmation for a school and cohort in which there is a partnership already."""

    def find(it: Asked) -> Iterator[Request]:
        for made in sorted(it.records.partnerships, key=lambda each: (-each.cohort, each.id)):
            if not made.challenged and wanted(it, made):
                for works in it.records.provider_relationships.by("provider_id", it.provider.id):
                    if works.cohort == made.cohort and works.discarded_at is None:
                        yield confirmation(
                            cohort=str(made.cohort),
                            school_id=made.school_id,
                            delivery_partner_id=works.delivery_partner_id,
                        )

    return find


def _unrelated_partner(write: str) -> Find:
    """A delivery partner that is known, and does not work with the provider in any cohort."""

    def find(it: Asked) -> Iterator[Request]:
        works = {
            each.delivery_partner_id for each in it.records.provider_relationships.by("provider_id", it.provider.id)
        }
        strangers = [each.id for each in it.records.delivery_partners if each.id not in works and not each.discarded_at]
        for request in it.sound(write) if strangers else ():
            yield with_attributes(request, attributes_in(request) | {"delivery_partner_id": it.choose(strangers)})

    return find


def _challenged(it: Asked) -> Iterator[Request]:
    for made in it.records.partnerships.by("provider_id", it.provider.id):
        if made.challenged and not made.relationship:
            for works in it.records.provider_relationships.by("provider_id", it.provider.id):
                if works.cohort == made.cohort and works.discarded_at is None:
                    yield partnership_update(made.id, delivery_partner_id=works.delivery_partner_id)


def _day_only(moment: datetime) -> str:
    return moment.date().isoformat()


def _noon(it: Asked, request: Request) -> datetime | None:
    milestone = _milestone(it, request)
    day = it.now - timedelta(days=1)
    return day if milestone and milestone.opens <= day.replace(hour=0, minute=0, second=0, microsecond=0) else None


_CREATE, _SCHEDULE, _CONFIRM, _UPDATE = (
    "createDeclaration",
    "changeParticipantSchedule",
    "confirmPartnership",
    "updatePartnership",
)
_DEFER, _WITHDRAW, _RESUME = "deferParticipant", "withdrawParticipant", "resumeParticipant"


BREAKS: Mapping[str, Find] = {
    declaration_rules.npq_course.id: changed(_CREATE, course_identifier=("npq-headship",)),
    declaration_rules.participant_unknown.id: changed(_CREATE, participant_id=(NOBODY, "me")),
    declaration_rules.withdrawn.id: lambda it: _withdrawn(it),
    declaration_rules.date_missing.id: changed(_CREATE, declaration_date=BLANK),
    declaration_rules.type_missing.id: changed(_CREATE, declaration_type=BLANK),
    declaration_rules.date_in_future.id: _dated(_ahead),
    declaration_rules.date_malformed.id: _dated(_noon, _day_only),
    declaration_rules.before_milestone.id: _dated(_too_soon),
    declaration_rules.after_milestone.id: _dated(_too_late),
    declaration_rules.cohort_closed.id: as_it_is(_CREATE),
    declaration_rules.type_not_in_schedule.id: changed(_CREATE, declaration_type=("extended-1", "retained-9")),
    declaration_rules.already_made.id: _again,
    declaration_rules.type_not_for_mentors.id: as_it_is(_CREATE),
    declaration_rules.course_unknown.id: other_course(_CREATE),
    declaration_rules.participant_not_linked.id: _somebody_elses,
    declaration_rules.evidence_missing.id: changed(_CREATE, evidence_held=BLANK),
    declaration_rules.evidence_unknown.id: changed(_CREATE, evidence_held=("a-signed-letter", "OTHER")),
    voiding_rules.already_voided.id: _void(lambda it: it.state is DeclarationState.VOIDED),
    voiding_rules.clawed_back.id: _void(lambda it: it.state in REFUNDABLE),
    voiding_rules.cohort_closed.id: _void(lambda it: it.state is DeclarationState.PAID),
    participant_rules.unknown.id: any_of(_about_nobody, _DEFER, _WITHDRAW, _RESUME, _SCHEDULE),
    participant_rules.course_not_theirs.id: any_of(other_course, _DEFER, _WITHDRAW, _RESUME, _SCHEDULE),
    participant_rules.not_linked.id: any_of(_update_of_somebody_elses, _DEFER, _WITHDRAW, _RESUME, _SCHEDULE),
    participant_rules.reason_not_taken.id: any_of(lambda it: changed(it, reason=("other",)), _RESUME, _SCHEDULE),
    participant_rules.schedule_not_taken.id: any_of(
        lambda it: changed(it, schedule_identifier=("ecf-standard-september",)), _DEFER, _WITHDRAW, _RESUME
    ),
    participant_rules.cohort_not_taken.id: any_of(lambda it: changed(it, cohort=("2025",)), _DEFER, _WITHDRAW, _RESUME),
    participant_rules.course_missing.id: any_of(
        lambda it: changed(it, course_identifier=BLANK), _DEFER, _WITHDRAW, _RESUME, _SCHEDULE
    ),
    participant_rules.deferral_reason_missing.id: changed(_DEFER, reason=BLANK),
    participant_rules.deferral_reason_invalid.id: changed(_DEFER, reason=("holiday", "Other")),
    participant_rules.already_deferred.id: _of_status(_DEFER, TrainingStatus.DEFERRED, reason="career-break"),
    participant_rules.deferral_of_withdrawn.id: _of_status(_DEFER, TrainingStatus.WITHDRAWN, reason="career-break"),
    participant_rules.withdrawal_reason_missing.id: changed(_WITHDRAW, reason=BLANK),
    participant_rules.withdrawal_reason_invalid.id: changed(_WITHDRAW, reason=("retired", "Other")),
    participant_rules.already_withdrawn.id: _of_status(_WITHDRAW, TrainingStatus.WITHDRAWN, reason="other"),
    participant_rules.not_started.id: as_it_is(_WITHDRAW),
    participant_rules.already_active.id: _of_status(_RESUME, TrainingStatus.ACTIVE),
    participant_rules.resumption_of_withdrawn.id: _of_status(_RESUME, TrainingStatus.WITHDRAWN),
    schedule_rules.missing.id: changed(_SCHEDULE, schedule_identifier=BLANK),
    schedule_rules.withdrawn.id: _of_status(
        _SCHEDULE, TrainingStatus.WITHDRAWN, schedule_identifier="ecf-extended-september"
    ),
    schedule_rules.invalidates_declarations.id: as_it_is(_SCHEDULE),
    schedule_rules.already_theirs.id: _present_schedule,
    schedule_rules.not_for_course.id: changed(
        _SCHEDULE, schedule_identifier=("ecf-replacement-september", "ecf-replacement-april")
    ),
    schedule_rules.cohort_fixed.id: changed(_SCHEDULE, cohort=("2024", "2025", "2023")),
    schedule_rules.no_partnership.id: changed(_SCHEDULE, cohort=("2023", "2024", "2025")),
    schedule_rules.unknown.id: changed(_SCHEDULE, schedule_identifier=("ecf-someday",)),
    partnership_rules.cohort_missing.id: changed(_CONFIRM, cohort=BLANK),
    partnership_rules.school_missing.id: changed(_CONFIRM, school_id=BLANK),
    partnership_rules.delivery_partner_missing.id: any_of(
        lambda it: changed(it, delivery_partner_id=BLANK), _CONFIRM, _UPDATE
    ),
    partnership_rules.cohort_unknown.id: changed(_CONFIRM, cohort=("1999", "next year")),
    partnership_rules.school_unknown.id: changed(_CONFIRM, school_id=(NOBODY,)),
    partnership_rules.school_not_registered.id: as_it_is(_CONFIRM),
    partnership_rules.school_ineligible.id: as_it_is(_CONFIRM),
    partnership_rules.already_confirmed.id: _confirmed(lambda it, made: made.provider_id == it.provider.id),
    partnership_rules.another_provider.id: _confirmed(lambda it, made: made.provider_id != it.provider.id),
    partnership_rules.school_not_yet_confirmed.id: as_it_is(_CONFIRM),
    partnership_rules.delivery_partner_unknown.id: any_of(
        lambda it: changed(it, delivery_partner_id=(NOBODY,)), _CONFIRM, _UPDATE
    ),
    partnership_rules.delivery_partner_not_recognised.id: any_of(_unrelated_partner, _CONFIRM, _UPDATE),
    partnership_rules.challenged.id: _challenged,
}


# What the service always says beside a rule: what is missing is no valid choice either.
COMES_WITH: Mapping[str, tuple[str, ...]] = {
    declaration_rules.type_missing.id: (declaration_rules.type_not_in_schedule.id,),
    participant_rules.course_missing.id: (participant_rules.course_not_theirs.id,),
    participant_rules.deferral_reason_missing.id: (participant_rules.deferral_reason_invalid.id,),
    participant_rules.withdrawal_reason_missing.id: (participant_rules.withdrawal_reason_invalid.id,),
    partnership_rules.cohort_missing.id: (partnership_rules.delivery_partner_not_recognised.id,),
    partnership_rules.cohort_unknown.id: (partnership_rules.delivery_partner_not_recognised.id,),
}


def _withdrawn(it: Asked) -> Iterator[Request]:
    """A declaration for somebody whom the provider withdrew, dated now."""
    gone = {user.id for user, _, standing in trained(it.records, it.provider) if standing is TrainingStatus.WITHDRAWN}
    for request in it.sound(_CREATE):
        told = attributes_in(request)
        if told["participant_id"] in gone:
            yield with_attributes(request, told | {"declaration_date": instant(it.now)})


def rules_of(write: str) -> list[str]:
    """The rules of a write of which it is known how to break them alone."""
    return family_of(write, BREAKS, _FAMILIES)


_OF_UPDATES = tuple(rule for rule in BREAKS if rule.startswith("participant."))
_FAMILIES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    _CREATE: ("declaration.", ()),
    "voidDeclaration": ("voiding.", ()),
    _DEFER: ("deferral.", _OF_UPDATES),
    _WITHDRAW: ("withdrawal.", _OF_UPDATES),
    _RESUME: ("resumption.", _OF_UPDATES),
    _SCHEDULE: ("schedule.", _OF_UPDATES),
    _CONFIRM: ("partnership.", ()),
    _UPDATE: ("partnership.", ()),
}
