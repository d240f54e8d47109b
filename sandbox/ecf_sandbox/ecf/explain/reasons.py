"""What there is to say about a refusal beyond its rules: whom an id means, whose something is, what is to be done."""

from __future__ import annotations

from collections.abc import Iterator

from ecf_sandbox.ecf.explain.not_found import person_given, resolve_id, why_hidden
from ecf_sandbox.ecf.explain.wording import readable
from ecf_sandbox.ecf.rules import change_schedule, voiding
from ecf_sandbox.ecf.rules import declarations as declaring
from ecf_sandbox.ecf.rules import participants as updating
from ecf_sandbox.ecf.rules import partnerships as partnering
from ecf_sandbox.ecf.rules.declarations import DeclarationAttempt as Declaring
from ecf_sandbox.ecf.rules.partnerships import PartnershipAttempt as Partnering
from ecf_sandbox.state.editions import Edition
from ecf_sandbox.tools.explain.resolved_ids import nothing_by_id
from ecf_sandbox.tools.explain.suggestions.suggestion import Case

# Rules that refuse what is so already: there is nothing to send.
DONE_ALREADY = {
    updating.already_active.id: "The participant is in training already: nothing has to be sent.",
    updating.already_withdrawn.id: "The participant is withdrawn already: nothing has to be sent.",
    updating.already_deferred.id: "The participant is deferred already: nothing has to be sent.",
    change_schedule.already_theirs.id: "The participant is on that schedule already: nothing has to be sent.",
    voiding.already_voided.id: "The declaration is voided already: nothing has to be sent.",
    voiding.clawed_back.id: "The payment is clawed back already; declare anew if something else was reached.",
    partnering.already_confirmed.id: "The partnership is confirmed already: nothing has to be sent.",
}
_PERSON = (
    declaring.participant_unknown,
    declaring.participant_not_linked,
    declaring.course_unknown,
    declaring.training_record_unknown,
    updating.unknown,
    updating.not_linked,
    updating.course_not_theirs,
    updating.training_record_unknown,
)


def reasons(case: Case, edition: Edition) -> Iterator[str]:
    """Sentences about a refusal."""
    if case.broke(*_PERSON):
        yield from _person(case, edition)
    attempt = case.attempt
    if isinstance(attempt, Declaring):
        yield from _declaring(case, attempt)
    if isinstance(attempt, Partnering):
        yield from _partnering(case, attempt)
    for it in sorted(case.broken & DONE_ALREADY.keys()):
        yield DONE_ALREADY[it]


def _person(case: Case, edition: Edition) -> Iterator[str]:
    given = person_given(case)
    found = resolve_id(case.records, given)
    if found is None:
        # A list or an object as a value is dropped (behaviour/http-and-partnerships.md#b6).
        yield nothing_by_id(case, given, "participant_id", readable)
        return
    yield f"{given} is {found.words}."
    user = case.records.users.get(found.person_id)
    if user is not None and case.provider is not None:
        yield from why_hidden(case.records, case.provider, user, edition)


def _declaring(case: Case, attempt: Declaring) -> Iterator[str]:
    taken, provider = attempt.taken_by, case.provider
    if taken is not None and provider is not None and taken.provider_id != provider.id:
        owner = case.records.providers[taken.provider_id].name
        yield f"{owner} made the declaration {taken.id}; only {owner} can void it."
    if (
        case.broke(declaring.cohort_closed, declaring.duplicate_in_closed_cohort)
        and attempt.year is not None
        and provider is not None
    ):
        rows = case.records.statements.by("provider_id,cohort", (provider.id, attempt.year))
        last = max((it for it in rows if it.output_fee), key=lambda it: it.deadline_date, default=None)
        told = f": the last was {readable(last)}" if last else ""
        yield f"{provider.name} has no open statement of {attempt.year} on {case.now.date()}{told}."


def _partnering(case: Case, attempt: Partnering) -> Iterator[str]:
    name = attempt.school.name if attempt.school else "the school"
    if case.broke(partnering.another_provider) and attempt.partner_id is not None:
        owner = case.records.providers[attempt.partner_id].name
        yield (
            f"{name} is in partnership with {owner} for {attempt.year}. Once the school has challenged that "
            "(event challenge_partnership), this request passes."
        )
    if case.broke(partnering.school_not_yet_confirmed):
        yield f"{name} had a provider the year before, and first says how it trains {attempt.year} (an event)."
    if case.broke(partnering.school_ineligible, partnering.school_not_registered):
        yield "Only the school's entry in the register (GIAS) can change that; no request can."
