"""Values that might make the operations of the OpenAPI documents succeed in a world, as one provider sees it.

They are read off what the provider is shown, so that everything in a document belongs together; whether they do is
found by trying (`tools/contract/examples.py`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from functools import cached_property
from operator import itemgetter
from typing import Any

from ecf_sandbox.dates.wire import instant
from ecf_sandbox.ecf.domain.cohorts import Milestone
from ecf_sandbox.ecf.records import Records, records_in
from ecf_sandbox.state.world import World
from ecf_sandbox.tools.contract.examples import Caller, Candidate, Candidates

Row = Mapping[str, Any]
# An operation in another format, or below its older path, takes what the operation itself takes.
_VARIANT = re.compile(r"(Legacy)?(Csv)?$")
# behaviour/declarations.md#4: the kinds of every cohort, then those that came with 2025.
_EVIDENCE = ("training-event-attended", "self-study-material-completed", "75-percent-engagement-met", "other")
_EXTENDED = ("ecf-extended-september", "ecf-extended-january", "ecf-extended-april")
_SCHEDULES = (*_EXTENDED, "ecf-standard-january", "ecf-standard-april", "ecf-standard-september")
_LEAVING = {"ecf-induction": "left-teaching-profession", "ecf-mentor": "mentor-no-longer-being-mentor"}
_REASON_TO_DEFER = "career-break"
_VOIDABLE = ("eligible", "submitted", "payable", "paid")
_MORNING = timedelta(hours=9, minutes=30)
_A_DAY = timedelta(days=1)


def candidates(world: World, caller: Caller) -> Candidates:
    """Candidates for each operation of a document, by its id and the name of the example of its body."""
    shown = _Shown(records_in(world.state), caller)

    def of(operation: str, body: str) -> Iterable[Candidate]:
        return _READERS.get(_VARIANT.sub("", operation), _anything)(shown, body)

    return of


def event(records: Records) -> tuple[str, Mapping[str, str]] | None:
    """An event that can happen, by name and with what it is told; None where there is nobody."""
    somebody = next((it.full_name for it in records.users), None)
    if somebody is None:
        return None
    return "change_name", {"participant_id": f"${{people.{somebody}}}", "full_name": f"{somebody} Brown"}


class _Shown:
    """What the provider is shown, each list read when it is first needed; `now` is the present of the world."""

    def __init__(self, records: Records, caller: Caller) -> None:
        self.records = records
        self.now: datetime = caller.now
        self._ask = caller

    def _list(self, path: str) -> list[Row]:
        reply = self._ask("GET", f"/api/v3/{path}{'&' if '?' in path else '?'}page[per_page]=3000")
        rows: list[Row] = json.loads(reply.body)["data"] if reply.status == 200 else []
        return rows

    @cached_property
    def enrolments(self) -> list[tuple[Row, Row]]:
        """Participants with each of their enrolments, those of the newest cohort first."""
        pairs = [(it, own) for it in self._list("participants/ecf") for own in it["attributes"]["ecf_enrolments"]]
        return sorted(pairs, key=lambda pair: -int(pair[1]["cohort"]))

    @cached_property
    def declared(self) -> list[Row]:
        """Declarations, the newest first."""
        return self._list("participant-declarations")[::-1]

    @cached_property
    def transfers(self) -> list[Row]:
        """Participants with transfers."""
        return self._list("participants/ecf/transfers")

    @cached_property
    def unfunded_mentors(self) -> list[Row]:
        """Unfunded mentors."""
        return self._list("unfunded-mentors/ecf")

    @cached_property
    def statements(self) -> list[Row]:
        """Statements, those still to be paid first."""
        return sorted(self._list("statements"), key=lambda it: it["attributes"]["paid"])

    @cached_property
    def partnerships(self) -> list[Row]:
        """Partnerships that can be updated, the newest cohort first; then others."""
        attributes = itemgetter("attributes")
        newest = sorted(self._list("partnerships/ecf"), key=lambda it: attributes(it)["cohort"], reverse=True)
        return sorted(newest, key=lambda it: str(attributes(it)["status"]))

    @cached_property
    def partners(self) -> list[Row]:
        """Delivery partners."""
        return self._list("delivery-partners")

    @cached_property
    def cohorts(self) -> list[str]:
        """The cohorts that there are, the newest first."""
        return sorted((str(it.start_year) for it in self.records.cohorts), reverse=True)

    def schools(self, cohort: str) -> list[Row]:
        """The schools of a cohort."""
        return self._list(f"schools/ecf?filter[cohort]={cohort}")


def _anything(shown: _Shown, _: str) -> Iterator[Candidate]:
    yield Candidate({"cohort": shown.cohorts[0]})


def _since(row: Row) -> str:
    """A moment before the last change of a row."""
    changed = datetime.fromisoformat(row["attributes"]["updated_at"])
    return instant((changed - _A_DAY).replace(hour=0, minute=0, second=0))


def _participants(shown: _Shown, _: str) -> Iterator[Candidate]:
    for it, own in shown.enrolments:
        status, cohort = own["training_status"], own["cohort"]
        values = {"id": it["id"], "cohort": cohort, "training_status": status, "updated_since": _since(it)}
        yield Candidate(values)
    yield from _anything(shown, "")


def _with_status(*wanted: str) -> Callable[[_Shown], Iterator[tuple[str, Row]]]:
    def found(shown: _Shown) -> Iterator[tuple[str, Row]]:
        return ((it["id"], own) for it, own in shown.enrolments if own["training_status"] in wanted)

    return found


_in_training, _away = _with_status("active"), _with_status("deferred", "withdrawn")


def _course(enrolment: Row) -> str:
    return "ecf-mentor" if enrolment["participant_type"] == "mentor" else "ecf-induction"


def _deferrals(shown: _Shown, _: str) -> Iterator[Candidate]:
    for id, own in _in_training(shown):
        yield Candidate({"id": id}, {"reason": _REASON_TO_DEFER, "course_identifier": _course(own)})


def _returns(shown: _Shown, _: str) -> Iterator[Candidate]:
    for id, own in _away(shown):
        yield Candidate({"id": id}, {"course_identifier": _course(own)})


def _withdrawals(shown: _Shown, _: str) -> Iterator[Candidate]:
    declared = {it["attributes"]["participant_id"] for it in shown.declared}
    for id, own in sorted(_in_training(shown), key=lambda pair: pair[0] not in declared):
        course = _course(own)
        yield Candidate({"id": id}, {"reason": _LEAVING[course], "course_identifier": course})


def _schedule_changes(shown: _Shown, _: str) -> Iterator[Candidate]:
    for identifier in _SCHEDULES:
        for id, own in _in_training(shown):
            if own["schedule_identifier"] != identifier:
                told = {"schedule_identifier": identifier, "course_identifier": _course(own), "cohort": own["cohort"]}
                yield Candidate({"id": id}, told)


def _declarations(shown: _Shown, kind: str) -> Iterator[Candidate]:
    """Declarations of a kind (`started`, `retained`, …) not made yet: the newest cohort and the latest type first."""
    made = {(it["attributes"]["participant_id"], it["attributes"]["declaration_type"]) for it in shown.declared}
    for it, own in shown.enrolments:
        for milestone in _open_milestones(shown, own):
            type = milestone.declaration_type
            if type.partition("-")[0] == kind and (it["id"], type) not in made:
                told = {
                    "participant_id": it["id"],
                    "declaration_type": type,
                    "declaration_date": instant(_day_in(milestone, shown.now)),
                    "course_identifier": _course(own),
                }
                yield Candidate({}, told)
                yield from (Candidate({}, {**told, "evidence_held": evidence}) for evidence in _EVIDENCE)


def _open_milestones(shown: _Shown, enrolment: Row) -> Iterator[Milestone]:
    """Those of somebody's schedule that have come, the latest first."""
    named = enrolment["schedule_identifier"], int(enrolment["cohort"])
    for schedule in shown.records.schedules:
        if (schedule.identifier, schedule.cohort) == named:
            yield from (it for it in reversed(schedule.milestones) if it.opens < shown.now)


def _day_in(milestone: Milestone, now: datetime) -> datetime:
    """A morning in the milestone, not long ago if it is still open."""
    last = now - _A_DAY if milestone.closes is None else min(milestone.closes - _A_DAY, now - _A_DAY)
    morning = last.replace(hour=0, minute=0, second=0, microsecond=0) + _MORNING
    return max(milestone.opens, min(morning, now))


def _shown_declarations(shown: _Shown, _: str) -> Iterator[Candidate]:
    cohorts = {it["id"]: own["cohort"] for it, own in shown.enrolments}
    for it in shown.declared:
        participant = it["attributes"]["participant_id"]
        values = {"id": it["id"], "participant_id": participant, "updated_since": _since(it)}
        for cohort in dict.fromkeys([cohorts.get(participant, shown.cohorts[0]), *shown.cohorts]):
            yield Candidate({**values, "cohort": cohort})
    yield from _anything(shown, "")


def _voidings(shown: _Shown, _: str) -> Iterator[Candidate]:
    states = {state: at for at, state in enumerate(_VOIDABLE)}
    own = [it for it in shown.declared if it["attributes"]["state"] in states]
    for it in sorted(own, key=lambda it: states[it["attributes"]["state"]]):
        yield Candidate({"id": it["id"]})


def _rows(name: str) -> Callable[[_Shown, str], Iterator[Candidate]]:
    def found(shown: _Shown, _: str) -> Iterator[Candidate]:
        for it in getattr(shown, name):
            cohort = it["attributes"].get("cohort", shown.cohorts[0])
            newest = max(cohort) if isinstance(cohort, list) else cohort
            yield Candidate({"id": it["id"], "cohort": newest, "updated_since": _since(it)})

    return found


def _list_of(name: str) -> Callable[[_Shown, str], Iterator[Candidate]]:
    def found(shown: _Shown, _: str) -> Iterator[Candidate]:
        yield from _rows(name)(shown, "")
        yield from _anything(shown, "")

    return found


def _schools(shown: _Shown, _: str) -> Iterator[Candidate]:
    for cohort in shown.cohorts:
        for it in shown.schools(cohort):
            yield Candidate({"id": it["id"], "cohort": cohort, "urn": it["attributes"]["urn"]})
    yield from _anything(shown, "")


def _confirmations(shown: _Shown, _: str) -> Iterator[Candidate]:
    for cohort in shown.cohorts:
        partners = [it["id"] for it in shown.partners if cohort in it["attributes"]["cohort"]]
        for school in shown.schools(cohort) if partners else ():
            if not school["attributes"]["in_partnership"]:
                told = {"cohort": cohort, "school_id": school["id"], "delivery_partner_id": partners[0]}
                yield Candidate({}, told)


def _updates(shown: _Shown, _: str) -> Iterator[Candidate]:
    """A partnership with another delivery partner; where there is none, with the one that it has."""
    again = []
    for it in shown.partnerships:
        own = it["attributes"]["delivery_partner_id"]
        for partner in shown.partners:
            if it["attributes"]["cohort"] in partner["attributes"]["cohort"]:
                told = Candidate({"id": it["id"]}, {"delivery_partner_id": partner["id"]})
                if partner["id"] == own:
                    again.append(told)
                else:
                    yield told
    yield from again


_READERS: Mapping[str, Callable[[_Shown, str], Iterator[Candidate]]] = {
    "listParticipants": _participants,
    "showParticipant": _participants,
    "deferParticipant": _deferrals,
    "resumeParticipant": _returns,
    "withdrawParticipant": _withdrawals,
    "changeParticipantSchedule": _schedule_changes,
    "listTransfers": _list_of("transfers"),
    "showTransfers": _rows("transfers"),
    "listUnfundedMentors": _list_of("unfunded_mentors"),
    "showUnfundedMentor": _rows("unfunded_mentors"),
    "listDeclarations": _shown_declarations,
    "createDeclaration": _declarations,
    "showDeclaration": _shown_declarations,
    "voidDeclaration": _voidings,
    "listStatements": _list_of("statements"),
    "showStatement": _rows("statements"),
    "listPartnerships": _list_of("partnerships"),
    "confirmPartnership": _confirmations,
    "showPartnership": _rows("partnerships"),
    "updatePartnership": _updates,
    "patchPartnership": _updates,
    "listSchools": _schools,
    "showSchool": _schools,
    "listDeliveryPartners": _list_of("partners"),
    "showDeliveryPartner": _rows("partners"),
}
