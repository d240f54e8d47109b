"""A provider's participants by the situation that they are in: whatever a client has to tell apart."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ecf_sandbox.dates.uk import uk_day
from ecf_sandbox.rect.actions.declarations import declarations_of
from ecf_sandbox.rect.domain.declarations import Declaration, State
from ecf_sandbox.rect.domain.teachers import Teacher, TeacherType, TrainingPeriod, TrainingStatus
from ecf_sandbox.rect.properties.requests import provider_named, trained
from ecf_sandbox.rect.queries.history import delivery_of
from ecf_sandbox.rect.queries.names import full_name
from ecf_sandbox.rect.queries.participants import ParticipantStatus, completed_on, participant_status
from ecf_sandbox.rect.queries.training import at_school_periods_of, provider_of, training_of
from ecf_sandbox.rect.queries.transfers import unfunded_mentors
from ecf_sandbox.rect.records import Records, records_in
from ecf_sandbox.state.properties import Choose, Somebody
from ecf_sandbox.state.world import World

# Whether somebody's training, with the provider of an id, stands so at the present of a world.
Asked = Callable[[World, str, Teacher, TrainingPeriod], bool]


def drawn_participant(world: World, client: str, situation: str | None, choose: Choose) -> Somebody | None:
    """Somebody whom the provider of that name is shown, in a situation or in any; None if nobody is."""
    found = in_situation(world, client, situation)
    return choose(found) if found else None


def in_situation(world: World, client: str, situation: str | None = None) -> list[Somebody]:
    """Everybody whom a provider is shown in a situation, once for each course; raises KeyError for another one."""
    records = records_in(world.state)
    provider = provider_named(records, client)
    if situation == UNFUNDED:
        mentors = unfunded_mentors(records, provider.id)
        return [_somebody(it.teacher, TeacherType.MENTOR) for it in mentors]
    asked = SITUATIONS[situation] if situation is not None else _anybody
    return [
        _somebody(teacher, it.kind)
        for teacher, it in trained(records, provider)
        if asked(world, provider.id, teacher, it)
    ]


def _somebody(it: Teacher, kind: TeacherType) -> Somebody:
    return Somebody(id=it.id, name=full_name(it), course=kind.course, training_record_id=it.training_record_id(kind))


def _anybody(*_: object) -> bool:
    return True


def _records(world: World) -> Records:
    return records_in(world.state)


def _training(wanted: TrainingStatus) -> Asked:
    return lambda _, __, ___, it: it.training_status is wanted


def _status(wanted: ParticipantStatus) -> Asked:
    return lambda world, _, __, it: participant_status(_records(world), it, uk_day(world.now())) is wanted


def _declared(wanted: Callable[[Declaration], bool]) -> Asked:
    def asked(world: World, provider_id: str, teacher: Teacher, it: TrainingPeriod) -> bool:
        records = _records(world)
        return any(
            wanted(each) and provider_of(records, records.training_periods[each.training_period_id]) == provider_id
            for each in declarations_of(records, teacher, it.kind)
        )

    return asked


def _undeclared(world: World, _: str, teacher: Teacher, it: TrainingPeriod) -> bool:
    return not declarations_of(_records(world), teacher, it.kind)


def _declared_by_another(world: World, provider_id: str, teacher: Teacher, it: TrainingPeriod) -> bool:
    records = _records(world)
    made = declarations_of(records, teacher, it.kind)
    return any(provider_of(records, records.training_periods[each.training_period_id]) != provider_id for each in made)


def _both(world: World, _: str, teacher: Teacher, __: TrainingPeriod) -> bool:
    return all(at_school_periods_of(_records(world), teacher.id, kind) for kind in TeacherType)


def _moved(world: World, _: str, teacher: Teacher, it: TrainingPeriod) -> bool:
    return len(at_school_periods_of(_records(world), teacher.id, it.kind)) > 1


def _resumed(world: World, _: str, teacher: Teacher, it: TrainingPeriod) -> bool:
    earlier = [each for each in training_of(_records(world), teacher.id, it.kind) if each.id != it.id]
    return it.training_status is TrainingStatus.ACTIVE and any(
        each.training_status is not TrainingStatus.ACTIVE for each in earlier
    )


def _funded(wanted: bool) -> Asked:
    return lambda _, __, teacher, it: (teacher.eligible_since(it.kind) is not None) is wanted


def _in_a_frozen_cohort(world: World, _: str, __: Teacher, it: TrainingPeriod) -> bool:
    delivery = delivery_of(_records(world), it)
    return delivery is not None and _records(world).contract_periods[delivery.contract_period_year].frozen(world.now())


UNFUNDED = "unfunded mentor"
SITUATIONS: Mapping[str, Asked] = {
    "in training": _training(TrainingStatus.ACTIVE),
    "deferred": _training(TrainingStatus.DEFERRED),
    "withdrawn": _training(TrainingStatus.WITHDRAWN),
    "resumed": _resumed,
    "an ECT": lambda _, __, ___, it: it.kind is TeacherType.ECT,
    "a mentor": lambda _, __, ___, it: it.kind is TeacherType.MENTOR,
    "an ECT and a mentor": _both,
    "nothing declared": _undeclared,
    "something declared": _declared(lambda _: True),
    "declared by another provider": _declared_by_another,
    "something voided": _declared(lambda it: it.state is State.VOIDED),
    "something clawed back": _declared(lambda it: it.state in (State.AWAITING_CLAWBACK, State.CLAWED_BACK)),
    "something paid": _declared(lambda it: it.state is State.PAID),
    "funded": _funded(wanted=True),
    "not funded": _funded(wanted=False),
    "in a frozen cohort": _in_a_frozen_cohort,
    "joining": _status(ParticipantStatus.JOINING),
    "leaving": _status(ParticipantStatus.LEAVING),
    "left": _status(ParticipantStatus.LEFT),
    "moved": _moved,
    "completed": lambda world, _, __, it: completed_on(_records(world), it) is not None,
    "with a retired id": lambda world, _, teacher, __: any(_records(world).id_changes.by("teacher_id", teacher.id)),
    UNFUNDED: _anybody,
}
