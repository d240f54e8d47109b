"""What the observer looks at of this service besides: what it passes over in silence, and ids that were given up."""

from __future__ import annotations

from collections.abc import Iterator

from ecf_sandbox.dates.readers import read
from ecf_sandbox.dates.wire import instant
from ecf_sandbox.rect.actions.participants import kind_of
from ecf_sandbox.rect.domain.declarations import STARTED
from ecf_sandbox.rect.queries.history import contract_period_of, training_with
from ecf_sandbox.rulebook.values import is_blank, uuid_of, whole_number
from ecf_sandbox.state.findings import Severity
from ecf_sandbox.tools.observer.bodies import shown
from ecf_sandbox.tools.observer.check import Location, check
from ecf_sandbox.tools.observer.request import ObservedRequest

_PEOPLE, _DECLARATIONS = "/participants", "/participant-declarations"
_AT = "/data/attributes/"


@check(
    "id.retired",
    Severity.WARNING,
    message="{received} is the id of a record that was merged into another: it is not found any more.",
    fix="Use {expected}, as in participant_id_changes.",
)
def retired_id(sent: ObservedRequest) -> Iterator[Location]:
    """After a merge of two records of one person the remaining id is used."""
    for where, id in _people_named(sent):
        known = sent.records.id_changes.by("from_participant_id", id.lower()) if sent.records is not None else ()
        if known:
            yield Location(where, id, known[-1].to_participant_id)


def _people_named(sent: ObservedRequest) -> Iterator[tuple[str, str]]:
    if sent.info.path.startswith(f"/api/v3{_PEOPLE}/") and sent.uuid is not None:
        yield "path", sent.uuid
    for where, value in (
        (f"{_AT}participant_id", sent.attributes.get("participant_id")),
        ("filter[participant_id]", sent.filters.get("participant_id")),
    ):
        if isinstance(value, str):
            yield where, value


@check(
    "filter.offset-lost",
    Severity.ERROR,
    message="The service decodes {where} once more, so that the + of an offset is a space: it answers 400.",
    fix="Write the moment in UTC: {expected}.",
)
def offset_lost(sent: ObservedRequest) -> Iterator[Location]:
    """A moment in a filter is in UTC, with a Z, and has no + in it."""
    value = sent.filters.get("updated_since")
    if isinstance(value, str) and "+" in value:
        moment = read(value)
        yield Location("filter[updated_since]", value, instant(moment) if moment else "2026-01-31T09:00:00Z")


@check(
    "body.cohort-ignored",
    Severity.ERROR,
    message="There is no cohort {received}: the service says nothing, and takes the cohort that the participant is in.",
    fix="Name one of {expected}, or leave the cohort out.",
)
def cohort_ignored(sent: ObservedRequest) -> Iterator[Location]:
    """A change of schedule names a cohort that there is, or none."""
    given = sent.attributes.get("cohort")
    if not sent.info.path.endswith("/change-schedule") or sent.records is None or isinstance(given, dict | list):
        return
    if not is_blank(given) and whole_number(given) not in sent.records.contract_periods:
        years = sorted(str(it.year) for it in sent.records.contract_periods)
        yield Location(f"{_AT}cohort", shown(given), ", ".join(years))


@check(
    "body.evidence-dropped",
    Severity.WARNING,
    message="For the start of training in a cohort up to 2024 the service keeps no evidence: {received} is dropped.",
    fix="Leave it out.",
)
def evidence_dropped(sent: ObservedRequest) -> Iterator[Location]:
    """Evidence is sent where it is kept: from 2025 on for every declaration, up to 2024 for all but the start."""
    told, records = sent.attributes, sent.records
    held, kind = told.get("evidence_held"), kind_of(told.get("course_identifier"))
    if records is None or kind is None or told.get("declaration_type") != STARTED or is_blank(held):
        return
    provider = records.lead_providers.one("name", sent.provider)
    teacher = records.teachers.get(uuid_of(told.get("participant_id")))
    if not sent.info.path.endswith(_DECLARATIONS) or provider is None or teacher is None:
        return
    trained = training_with(records, teacher.id, kind, provider.id)
    period = contract_period_of(records, trained[-1]) if trained else None
    if period is not None and not period.detailed_evidence:
        yield Location(f"{_AT}evidence_held", shown(held), "no evidence")


CHECKS = (retired_id, offset_lost, cohort_ignored, evidence_dropped)
