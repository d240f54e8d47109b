"""A provider's participants by the situation that they are in: whatever a client has to tell apart."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ecf_sandbox.ecf.domain.declarations import REFUNDABLE, Declaration, DeclarationState
from ecf_sandbox.ecf.domain.participants import InductionStatus, RecordStatus, TrainingStatus
from ecf_sandbox.ecf.properties.requests import provider_named
from ecf_sandbox.ecf.queries.participants import Enrolment, participants, unfunded_mentors
from ecf_sandbox.ecf.queries.training import training_records_of
from ecf_sandbox.ecf.records import Records, records_in
from ecf_sandbox.state.properties import Choose, Somebody
from ecf_sandbox.state.world import World

Asked = Callable[[Records, str, str, Enrolment], bool]


def drawn_participant(world: World, client: str, situation: str | None, choose: Choose) -> Somebody | None:
    """Somebody whom the provider of that name is shown, in a situation or in any; None if nobody is."""
    found = in_situation(world, client, situation)
    return choose(found) if found else None


def in_situation(world: World, client: str, situation: str | None = None) -> list[Somebody]:
    """Everybody whom a provider is shown in a situation, a training record each; raises KeyError for another one."""
    records = records_in(world.state)
    provider = provider_named(records, client)
    validated = world.edition.on("unvalidated_hidden")
    if situation == UNFUNDED:
        mentors = unfunded_mentors(records, provider.id, validated_only=validated)
        return [_somebody(it.user.id, it.user.full_name, "ecf-mentor", it.training.id) for it in mentors]
    asked = SITUATIONS[situation] if situation is not None else _anybody
    return [
        _somebody(person.user.id, person.user.full_name, it.training.type.course.value, it.training.id)
        for person in participants(records, provider.id, validated_only=validated)
        for it in person.enrolments
        if asked(records, provider.id, person.user.id, it)
    ]


def _somebody(id: str, name: str, course: str, training_record_id: str) -> Somebody:
    return Somebody(id=id, name=name, course=course, training_record_id=training_record_id)


def _anybody(*_: object) -> bool:
    return True


def _status(wanted: TrainingStatus) -> Asked:
    return lambda _, __, ___, it: it.induction.training_status is wanted


def _induction(wanted: InductionStatus) -> Asked:
    return lambda _, __, ___, it: it.induction.induction_status is wanted


def _declared(wanted: Callable[[Declaration], bool]) -> Asked:
    def asked(records: Records, provider_id: str, _: str, it: Enrolment) -> bool:
        own = records.declarations.by("training_record_id", it.training.id)
        return any(each.provider_id == provider_id and wanted(each) for each in own)

    return asked


def _undeclared(records: Records, _: str, __: str, it: Enrolment) -> bool:
    return not records.declarations.by("training_record_id", it.training.id)


def _retired(records: Records, _: str, user_id: str, __: Enrolment) -> bool:
    return bool(records.id_changes.by("user_id", user_id))


def _both(records: Records, _: str, user_id: str, __: Enrolment) -> bool:
    return len({it.type for it in training_records_of(records, user_id)}) > 1


def _moved(records: Records, _: str, __: str, it: Enrolment) -> bool:
    return any(each.school_transfer for each in records.induction_records.by("training_record_id", it.training.id))


def _funded(wanted: bool) -> Asked:
    def asked(records: Records, _: str, __: str, it: Enrolment) -> bool:
        found = records.eligibilities.get(it.training.id)
        return (found is not None and found.fundable) is wanted

    return asked


UNFUNDED = "unfunded mentor"
SITUATIONS: Mapping[str, Asked] = {
    "in training": _status(TrainingStatus.ACTIVE),
    "deferred": _status(TrainingStatus.DEFERRED),
    "withdrawn": _status(TrainingStatus.WITHDRAWN),
    "an ECT": lambda _, __, ___, it: it.training.ect,
    "a mentor": lambda _, __, ___, it: not it.training.ect,
    "an ECT and a mentor": _both,
    "nothing declared": _undeclared,
    "something declared": _declared(lambda _: True),
    "something voided": _declared(lambda it: it.state is DeclarationState.VOIDED),
    "something clawed back": _declared(lambda it: it.state in REFUNDABLE),
    "something paid": _declared(lambda it: it.state is DeclarationState.PAID),
    "funded": _funded(wanted=True),
    "not funded": _funded(wanted=False),
    "leaving": _induction(InductionStatus.LEAVING),
    "moved": _moved,
    "completed": lambda _, __, ___, it: it.training.completed,
    "removed by the school": lambda _, __, ___, it: it.training.status is RecordStatus.WITHDRAWN,
    "with a retired id": _retired,
    UNFUNDED: _anybody,
}
