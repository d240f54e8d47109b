"""Values that might make the operations of the OpenAPI document succeed in a world, as one provider sees it.

What is read is taken off the lists that the provider is shown; what is written, off what tests of a client draw
(`properties/requests.py`). Whether it does succeed is found by trying (`tools/contract/examples.py`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cached_property
from itertools import zip_longest
from typing import Any

from ecf_sandbox.dates.wire import instant
from ecf_sandbox.rect.access import caller_of
from ecf_sandbox.rect.properties.requests import candidates as requests_of
from ecf_sandbox.rect.queries.names import full_name
from ecf_sandbox.rect.records import Records, records_in
from ecf_sandbox.state.properties import T
from ecf_sandbox.state.world import World
from ecf_sandbox.tools.contract.examples import Caller, Candidate, Candidates
from ecf_sandbox.tools.properties.requests import attributes_in, id_in

Row = Mapping[str, Any]
_A_DAY = timedelta(days=1)
# Where each list is, by the part of an operation's name that says what it is about.
_LISTS = {
    "Participant": "participants",
    "Transfers": "participants/transfers",
    "Declaration": "participant-declarations",
    "Partnership": "partnerships",
    "DeliveryPartner": "delivery-partners",
    "Statement": "statements",
    "UnfundedMentor": "unfunded-mentors",
}


def candidates(world: World, caller: Caller) -> Candidates:
    """Candidates for each operation of a document, by its id and the name of the example of its body."""
    shown = _Shown(world, caller)

    def of(operation: str, body: str) -> Iterable[Candidate]:  # noqa: ARG001 - there is one for each operation
        if operation.startswith(("list", "show")):
            return shown.read(operation.removeprefix("list").removeprefix("show"), whole=operation.startswith("list"))
        return shown.write("updatePartnership" if operation == "patchPartnership" else operation)

    return of


def event(records: Records) -> tuple[str, Mapping[str, str]] | None:
    """An event that can happen, by name and with what it is told; None where there is nobody."""
    somebody = next((full_name(it) for it in records.teachers), None)
    if somebody is None:
        return None
    return "change_name", {"participant_id": f"${{people.{somebody}}}", "name": f"{somebody} Brown"}


class _Shown:
    """What the provider is shown, and what it might write."""

    def __init__(self, world: World, caller: Caller) -> None:
        self._world = world
        self._ask = caller

    def read(self, what: str, *, whole: bool) -> Iterator[Candidate]:
        """Of a list, or of each thing in it, what its filters might be."""
        if what.startswith("School"):
            yield from self._schools()
        else:
            path = _LISTS[what] if what in _LISTS else _LISTS[what.removesuffix("s")]
            yield from (Candidate(it) for it in self._values(path))
        if whole:
            yield Candidate({"cohort": self.cohorts[0]})

    def write(self, operation: str) -> Iterator[Candidate]:
        """What the provider might send, one for each person or school in turn."""
        records = records_in(self._world.state)
        provider = caller_of(records, self._ask.token)
        for candidate in requests_of(records, provider, operation, self._ask.now) if provider else ():
            request = candidate(_first)
            about = id_in(request.target)
            told = attributes_in(request)
            if operation == "createDeclaration":
                told = {"evidence_held": None, **told}  # where none is kept, none is shown
            yield Candidate({} if about is None else {"id": about}, told)

    @cached_property
    def cohorts(self) -> list[str]:
        """The cohorts that people train in, the newest first."""
        years = {str(it["attributes"]["cohort"]) for it in self._list("partnerships")}
        return sorted(years, reverse=True) or ["2025"]

    def _schools(self) -> Iterator[Candidate]:
        for cohort in self.cohorts:
            for it in self._list(f"schools?filter[cohort]={cohort}"):
                values = {"id": it["id"], "cohort": cohort, "urn": it["attributes"]["urn"]}
                yield Candidate(values | {"updated_since": _since(it)})

    def _values(self, path: str) -> Iterator[dict[str, str]]:
        for it in self._list(path):
            told = it["attributes"]
            of_person = {"participant_id": told.get("participant_id", it["id"])}
            partner = {"delivery_partner_id": told["delivery_partner_id"]} if "delivery_partner_id" in told else {}
            for cohort, status in self._cohorts_of(told):
                yield {
                    "id": it["id"],
                    "cohort": cohort,
                    "training_status": status,
                    "updated_since": _since(it),
                    **of_person,
                    **partner,
                }

    def _cohorts_of(self, told: Row) -> Iterator[tuple[str, str]]:
        """The cohorts of something, with how training in it stands."""
        enrolments: Sequence[Row] = told.get("ecf_enrolments") or ()
        if enrolments:
            yield from ((it["cohort"], it["training_status"]) for it in enrolments)
            return
        given = told.get("cohort", self.cohorts)
        yield from zip_longest([given] if isinstance(given, str) else given[:3], (), fillvalue="active")

    def _list(self, path: str) -> list[Row]:
        reply = self._ask("GET", f"/api/v3/{path}{'&' if '?' in path else '?'}page[per_page]=100")
        rows: list[Row] = json.loads(reply.body)["data"] if reply.status == 200 else []
        return rows


def _first(options: Sequence[T], /) -> T:
    return options[0]


def _since(row: Row) -> str:
    """A moment before the last change of a row."""
    changed = row["attributes"].get("updated_at")
    at = datetime.fromisoformat(changed) if changed else datetime.fromisoformat("2021-09-02T00:00:00Z")
    return instant((at - _A_DAY).replace(hour=0, minute=0, second=0))
