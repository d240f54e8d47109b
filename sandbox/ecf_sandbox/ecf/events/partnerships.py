"""What schools and the DfE do about partnerships, programmes and the providers who train."""

from __future__ import annotations

from typing import Annotated

from ecf_sandbox.ecf.actions.partnerships import save_partnership
from ecf_sandbox.ecf.actions.programmes import choose_programme, programme_with, set_up_school_cohort
from ecf_sandbox.ecf.actions.training_history import save_induction, supersede
from ecf_sandbox.ecf.domain.participants import Course, InductionRecord, TrainingRecord
from ecf_sandbox.ecf.domain.providers import DeliveryPartner, ProviderRelationship
from ecf_sandbox.ecf.domain.schools import ChallengeReason, Partnership, Programme, ProgrammeChoice, SchoolCohort
from ecf_sandbox.ecf.events.event import (
    DeliveryPartnerId,
    ParticipantId,
    PartnershipId,
    ProviderId,
    SchoolId,
    StartYear,
)
from ecf_sandbox.ecf.events.participants import CourseIdentifier
from ecf_sandbox.ecf.events.training import find, newest_of
from ecf_sandbox.ecf.queries.partnerships import provider_relationship, school_cohort_for
from ecf_sandbox.ecf.queries.training import partnership_of, school_cohort_of
from ecf_sandbox.ecf.records import Records, Turn
from ecf_sandbox.rulebook.refusals import DoesNotFit
from ecf_sandbox.state.record import replace

Choice = Annotated[ProgrammeChoice, "how the school trains the cohort"]


def challenge_partnership(
    turn: Turn, partnership_id: PartnershipId, reason: Annotated[ChallengeReason, "why it is wrong"]
) -> Partnership:
    """A school, or the DfE for it, says that a partnership is wrong: its participants are hidden from the provider.

    A school without early career teachers is also taken to have none in the cohort. The provider ends a challenge by
    confirming the partnership again.
    """
    partnership = turn.records.partnerships[partnership_id]
    if partnership.challenged:
        raise DoesNotFit(f"the partnership has been challenged already ({partnership.challenge_reason})")
    challenged = save_partnership(turn, replace(partnership, challenge_reason=reason, challenged_at=turn.stamp()))
    school_cohort = school_cohort_for(turn.records, partnership.school_id, partnership.cohort)
    if reason is ChallengeReason.NO_ECTS and school_cohort is not None:
        choose_programme(turn, school_cohort, ProgrammeChoice.NO_EARLY_CAREER_TEACHERS)
    return challenged


def set_programme_choice(turn: Turn, school_id: SchoolId, cohort: StartYear, choice: Choice) -> SchoolCohort:
    """A school sets up a cohort: it says for the first time how it trains it."""
    if school_cohort_for(turn.records, school_id, cohort) is not None:
        raise DoesNotFit(f"the school has set up {cohort} already; change_programme_choice changes how it trains it")
    return choose_programme(turn, set_up_school_cohort(turn, school_id, cohort, choice), choice)


def change_programme_choice(turn: Turn, school_id: SchoolId, cohort: StartYear, choice: Choice) -> SchoolCohort:
    """A school switches to another way of training a cohort, and its participants move to the new programme.

    They leave their provider if the new programme is not led by it. Without early career teachers, or while nothing
    is known, the cohort has no programme for newcomers and those in training stay where they are.
    """
    school_cohort = school_cohort_for(turn.records, school_id, cohort)
    if school_cohort is None:
        raise DoesNotFit(f"the school has not set up {cohort} yet; set_programme_choice does")
    return choose_programme(turn, school_cohort, choice)


def change_provider(
    turn: Turn,
    participant_id: ParticipantId,
    partnership_id: PartnershipId,
    mistake: Annotated[bool, "true corrects a mistake, as if it had always been so; false is a change from now on"],
    course_identifier: CourseIdentifier = Course.ECT,
) -> InductionRecord:
    """The DfE moves one participant to another partnership of their school and cohort.

    A mistake can only be corrected while the provider has made no declarations. A programme on which it leaves nobody
    disappears, unless it is the school's default; and with it the relationship that there was for its sake.
    """
    training = find(turn.records, participant_id, course_identifier)
    induction = newest_of(turn.records, training)
    present, wanted = partnership_of(turn.records, induction), turn.records.partnerships[partnership_id]
    if present is None:
        raise DoesNotFit("the participant is not trained by any provider")
    if _same_partners(present, wanted):
        return induction
    _insist_on_suitable(present, wanted)
    if mistake and _declared(turn.records, training, present.provider_id):
        raise DoesNotFit("the present provider has made declarations, so it was no mistake")
    programme = programme_with(turn, wanted)
    if not mistake:
        return supersede(turn, induction, programme_id=programme.id)
    corrected = save_induction(turn, replace(induction, programme_id=programme.id))
    _tidy_away(turn, turn.records.programmes[induction.programme_id])
    return corrected


def discard_delivery_partner(turn: Turn, delivery_partner_id: DeliveryPartnerId) -> DeliveryPartner:
    """A delivery partner closes down: no provider works with it any more, but partnerships still point to it."""
    partner = turn.records.delivery_partners[delivery_partner_id]
    if partner.discarded_at is not None:
        raise DoesNotFit(f"{partner.name} has closed down already")
    at = turn.stamp()
    closed = replace(partner, discarded_at=at, updated_at=at)
    live = (
        it
        for it in turn.records.provider_relationships.by("delivery_partner_id", delivery_partner_id)
        if it.discarded_at is None
    )
    turn.save(closed, *(replace(it, discarded_at=at) for it in live))
    return closed


def discard_provider_relationship(
    turn: Turn, lead_provider_id: ProviderId, delivery_partner_id: DeliveryPartnerId, cohort: StartYear
) -> ProviderRelationship:
    """A provider and a delivery partner stop working together for a cohort: it may not be named any more."""
    relationship = provider_relationship(turn.records, lead_provider_id, delivery_partner_id, cohort)
    if relationship is None:
        raise DoesNotFit(f"the provider and the delivery partner do not work together for {cohort}")
    ended = replace(relationship, discarded_at=turn.stamp())
    turn.save(ended)
    return ended


def add_provider_relationship(
    turn: Turn, lead_provider_id: ProviderId, delivery_partner_id: DeliveryPartnerId, cohort: StartYear
) -> ProviderRelationship:
    """A provider and a delivery partner work together for a cohort from now on: it may be named in partnerships."""
    if turn.records.delivery_partners[delivery_partner_id].discarded_at is not None:
        raise DoesNotFit("the delivery partner has closed down")
    if provider_relationship(turn.records, lead_provider_id, delivery_partner_id, cohort) is not None:
        raise DoesNotFit(f"the provider and the delivery partner work together for {cohort} already")
    begun = ProviderRelationship(
        id=turn.new_id(), provider_id=lead_provider_id, delivery_partner_id=delivery_partner_id, cohort=cohort
    )
    turn.save(begun)
    return begun


def _tidy_away(turn: Turn, programme: Programme) -> None:
    """Remove a programme that nobody was ever on, as far as is known by now, and a relationship that nothing needs."""
    records = turn.records
    school_cohort = school_cohort_of(records, programme)
    if school_cohort.default_programme_id == programme.id or records.induction_records.by("programme_id", programme.id):
        return
    turn.remove(programme)
    partnership = records.partnerships.get(programme.partnership_id)
    needed = turn.records.programmes.by("partnership_id", programme.partnership_id)
    if partnership is not None and partnership.relationship and not needed:
        turn.remove(partnership)


def _same_partners(one: Partnership, other: Partnership) -> bool:
    return (one.provider_id, one.delivery_partner_id) == (other.provider_id, other.delivery_partner_id)


def _insist_on_suitable(present: Partnership, wanted: Partnership) -> None:
    if wanted.school_id != present.school_id:
        raise DoesNotFit("the partnership is another school's; a change of school is a transfer")
    if wanted.cohort != present.cohort:
        raise DoesNotFit(f"the partnership is for {wanted.cohort}, but the participant trains in {present.cohort}")
    if wanted.challenged:
        raise DoesNotFit("the school has challenged the partnership")


def _declared(records: Records, training: TrainingRecord, provider_id: str) -> bool:
    made = records.declarations.by("training_record_id", training.id)
    return any(it.provider_id == provider_id for it in made)
