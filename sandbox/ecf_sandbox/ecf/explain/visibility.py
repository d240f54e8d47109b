"""Why a provider does not see somebody or something that is there."""

from __future__ import annotations

from collections.abc import Iterator

from ecf_sandbox.ecf.domain.participants import InductionRecord, RecordStatus, User
from ecf_sandbox.ecf.domain.providers import Provider
from ecf_sandbox.ecf.domain.schools import Partnership
from ecf_sandbox.ecf.editions import Edition
from ecf_sandbox.ecf.explain.readable import readable
from ecf_sandbox.ecf.queries.participants import FIRST_SHOWN_COHORT
from ecf_sandbox.ecf.queries.training import (
    partnership_of,
    provider_id_of,
    read_order,
    school_of,
    shown_to,
    training_records_of,
)
from ecf_sandbox.state.records import Records


def why_hidden(records: Records, provider: Provider, user: User, edition: Edition) -> Iterator[str]:
    """One sentence for each training record of somebody that the provider is not shown; none for what it sees."""
    trainings = training_records_of(records, user.id)
    if not trainings:
        yield f"{user.full_name} is a user, but nobody who is trained: an induction tutor, perhaps."
    for training in trainings:
        own = records.induction_records.by("training_record_id", training.id)
        kind = "ECT" if training.ect else "mentor"
        if training.status is RecordStatus.WITHDRAWN:
            yield f"The school of {user.full_name} has removed the {kind} record {training.id}."
        if any(shown_to(records, own, provider.id)):
            if edition.unvalidated_hidden and training.id not in records.eligibilities:
                yield (
                    f"The DfE has not validated the details of {user.full_name} yet ({kind}): this edition hides them "
                    "until then (switch unvalidated_hidden)."
                )
            continue
        yield from _not_shown(records, provider, user.full_name, kind, own)


def _not_shown(
    records: Records, provider: Provider, name: str, kind: str, own: tuple[InductionRecord, ...]
) -> Iterator[str]:
    theirs = [it for it in own if provider_id_of(records, it) == provider.id]
    if theirs:
        partnership = partnership_of(records, max(theirs, key=read_order))
        if partnership is not None:
            yield f"{name} ({kind}) is hidden: {challenge(records, partnership)}"
    elif not own:
        yield f"{name} ({kind}) has not begun training anywhere."
    else:
        newest = max(own, key=read_order)
        trainer, school = provider_id_of(records, newest), school_of(records, newest).name
        who = records.providers[trainer].name if trainer else "the school itself, without a provider"
        yield f"{name} ({kind}) at {school} is trained by {who}, not by {provider.name}."


def challenge(records: Records, it: Partnership) -> str:
    """Who challenged a partnership when and why, as a sentence."""
    school, provider = records.schools[it.school_id].name, records.providers[it.provider_id].name
    when = f" at {readable(it.challenged_at)}" if it.challenged_at else ""
    reason = f" ({it.challenge_reason.value})" if it.challenge_reason else ""
    return f"{school} challenged its partnership with {provider} for {it.cohort}{when}{reason}."


def cohorts_of(records: Records, provider: Provider, user: User) -> list[int]:
    """The cohorts in which a provider sees somebody."""
    inductions = (
        it
        for training in training_records_of(records, user.id)
        for it in shown_to(records, records.induction_records.by("training_record_id", training.id), provider.id)
    )
    return sorted({records.schedules[it.schedule_id].cohort for it in inductions})


def too_old(years: list[int]) -> bool:
    """Whether somebody trained only in cohorts that are not shown unless asked for."""
    return bool(years) and all(it < FIRST_SHOWN_COHORT for it in years)
