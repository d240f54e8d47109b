"""What tells the versions of the API apart: what each shows and how it reads a filter."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from msgspec import Raw

from ecf_sandbox.api.context import RequestContext
from ecf_sandbox.ecf.domain.declarations import Declaration
from ecf_sandbox.ecf.queries.participants import Enrolment, Participant
from ecf_sandbox.ecf.records import Turn
from ecf_sandbox.ecf.serializers import v1, v2, v3
from ecf_sandbox.ecf.serializers.shared import Json
from ecf_sandbox.state.record import Record


class ByTrainingRecord(Record, frozen=True):
    """Each training record of a person is a participant."""

    document: Callable[[Turn, Enrolment], Json]


class ByPerson(Record, frozen=True):
    """A person is one participant, with all of their training records with the provider, whose id is the last one.

    `encoded` are the documents of those who were not just written about, which say the same to whoever asks next.
    """

    document: Callable[[Turn, Participant, str], Json]
    encoded: Callable[[Turn, Iterable[Participant], str], list[Raw]]


class Version(Record, frozen=True, kw_only=True):
    """One version of the API, as far as it differs from others.

    `leavers_seen`: others' declarations for participants who are leaving are seen up to the day that they leave.
    `strict_filters`: only text is a filter; without it declarations take lists of ids too, are not filtered by cohort,
    and `updated_since` leaves out the moment itself. `shown_by_cohort_alone`: to show one declaration, no other filter
    is looked at.
    """

    declaration: Callable[[Turn, Declaration], Json]
    participants: ByTrainingRecord | ByPerson
    leavers_seen: bool
    strict_filters: bool
    shown_by_cohort_alone: bool


VERSIONS: Mapping[int, Version] = {
    1: Version(
        declaration=v1.declaration,
        participants=ByTrainingRecord(v1.participant),
        leavers_seen=False,
        strict_filters=False,
        shown_by_cohort_alone=False,
    ),
    2: Version(
        declaration=v2.declaration,
        participants=ByTrainingRecord(v2.participant),
        leavers_seen=False,
        strict_filters=False,
        shown_by_cohort_alone=False,
    ),
    3: Version(
        declaration=v3.declaration,
        participants=ByPerson(v3.participant, v3.encoded_participants),
        leavers_seen=True,
        strict_filters=True,
        shown_by_cohort_alone=True,
    ),
}


def version_of(context: RequestContext) -> Version:
    """The version that the path of a request names."""
    return VERSIONS[context.version]
