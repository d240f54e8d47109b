"""What the observer looks at of this service besides: ids that were retired by a merge."""

from __future__ import annotations

from collections.abc import Iterator

from ecf_sandbox.state.findings import Severity
from ecf_sandbox.tools.observer.check import Location, check
from ecf_sandbox.tools.observer.request import ObservedRequest

_PEOPLE = "/participants"


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
            yield Location(where, id, known[-1].user_id)


def _people_named(sent: ObservedRequest) -> Iterator[tuple[str, str]]:
    if _PEOPLE in sent.info.path and sent.uuid is not None:
        yield "path", sent.uuid
    for where, value in (
        ("/data/attributes/participant_id", sent.attributes.get("participant_id")),
        ("filter[participant_id]", sent.filters.get("participant_id")),
    ):
        if isinstance(value, str):
            yield where, value


CHECKS = (retired_id,)
