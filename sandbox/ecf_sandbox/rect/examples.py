"""Values that might make the operations of the OpenAPI document succeed in a world, as one provider sees it.

They are read off what the provider is shown, so that everything in the document belongs together; whether they do is
found by trying (`tools/contract/examples.py`).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from ecf_sandbox.dates.uk import uk_midnight
from ecf_sandbox.dates.wire import instant
from ecf_sandbox.rect.domain.contracts import Milestone
from ecf_sandbox.rect.domain.periods import DAY
from ecf_sandbox.rect.queries.names import full_name
from ecf_sandbox.rect.records import Records, records_in
from ecf_sandbox.state.world import World
from ecf_sandbox.tools.contract.examples import Caller, Candidate, Candidates

Row = Mapping[str, Any]
# behaviour/rect.md#11-5: one for each list of evidence.
_EVIDENCE = ("training-event-attended", "75-percent-engagement-met", "other")
_SCHEDULES = tuple(
    f"ecf-{kind}-{month}" for kind in ("extended", "standard") for month in ("september", "january", "april")
)
_LEAVING = {"ecf-induction": "left-teaching-profession", "ecf-mentor": "mentor-no-longer-being-mentor"}
_REASON_TO_DEFER = "career-break"
_VOIDABLE = ("submitted", "eligible", "payable", "paid")
_MORNING = timedelta(hours=9, minutes=30)


def candidates(world: World, caller: Caller) -> Candidates:
    """Candidates for each operation of a document, by its id and the name of the example of its body."""
    shown = _Shown(records_in(world.state), caller)

    def of(operation: str, body: str) -> Iterable[Candidate]:
        return _READERS.get(operation, _anything)(shown, body)

    return of


def event(records: Records) -> tuple[str, Mapping[str, str]] | None:
    """An event that can happen, by name and with what it is told; None where there is nobody."""
    somebody = next((full_name(it) for it in records.teachers), None)
    if somebody is None:
        return None
    return "change_name", {"participant_id": f"${{people.{somebody}}}", "name": f"{somebody} Brown"}


class _Shown:
    """What the provider is shown, each list read when it is first needed; `now` is the present of the world."""

    def __init__(self, records: Records, caller: Caller) -> None:
        self.records = records
        self.now: datetime = caller.now
        self._ask = caller

    def rows(self, path: str) -> list[Row]:
        reply = self._ask("GET", f"/api/v3/{path}{'&' if '?' in path else '?'}page[per_page]=3000")
        rows: list[Row] = json.loads(reply.body)["data"] if reply.status == 200 else []
        return rows

    @cached_property
    def enrolments(self) -> list[tuple[Row, Row]]:
        """Participants with each of their enrolments, those of the newest cohort first."""
        pairs = [(it, own) for it in self.rows("participants") for own in it["attributes"]["ecf_enrolments"]]
        return sorted(pairs, key=lambda pair: -int(pair[1]["cohort"]))

    @cached_property
    def declared(self) -> list[Row]:
        """Declarations, the newest first."""
        return self.rows("participant-declarations")[::-1]

    @cached_property
    def partners(self) -> list[Row]:
        """Delivery partners."""
        return self.rows("delivery-partners")

    @cached_property
    def cohorts(self) -> list[str]:
        """The cohorts that have begun, the newest first."""
        periods = self.records.contract_periods
        begun = sorted((it.year for it in periods if uk_midnight(it.started_on) <= self.now), reverse=True)
        return [str(it) for it in begun or sorted(it.year for it in periods)]


def _anything(shown: _Shown, _: str) -> Iterator[Candidate]:
    yield Candidate({"cohort": shown.cohorts[0]})


def _since(row: Row) -> str:
    """A moment before the last change of a row."""
    changed = datetime.fromisoformat(row["attributes"]["updated_at"])
    return instant((changed - DAY).replace(hour=0, minute=0, second=0))


def _participants(shown: _Shown, _: str) -> Iterator[Candidate]:
    for it, own in shown.enrolments:
        status, cohort = own["training_status"], own["cohort"]
        values = {"id": it["id"], "cohort": cohort, "training_status": status, "updated_since": _since(it)}
        retired = [each["from_participant_id"] for each in it["attributes"]["participant_id_changes"]]
        yield Candidate(values | ({"from_participant_id": retired[0]} if retired else {}))
    yield from _anything(shown, "")


def _with_status(shown: _Shown, *wanted: str) -> Iterator[tuple[str, Row]]:
    return ((it["id"], own) for it, own in shown.enrolments if own["training_status"] in wanted)


def _course(enrolment: Row) -> str:
    return "ecf-mentor" if enrolment["participant_type"] == "mentor" else "ecf-induction"


def _deferrals(shown: _Shown, _: str) -> Iterator[Candidate]:
    for id, own in _with_status(shown, "active"):
        yield Candidate({"id": id}, {"reason": _REASON_TO_DEFER, "course_identifier": _course(own)})


def _returns(shown: _Shown, _: str) -> Iterator[Candidate]:
    for id, own in _with_status(shown, "deferred", "withdrawn"):
        yield Candidate({"id": id}, {"course_identifier": _course(own)})


def _withdrawals(shown: _Shown, _: str) -> Iterator[Candidate]:
    for id, own in _with_status(shown, "active", "deferred"):
        yield Candidate({"id": id}, {"reason": _LEAVING[_course(own)], "course_identifier": _course(own)})


def _schedule_changes(shown: _Shown, _: str) -> Iterator[Candidate]:
    for identifier in _SCHEDULES:
        for id, own in _with_status(shown, "active"):
            if own["schedule_identifier"] != identifier:
                told = {"schedule_identifier": identifier, "course_identifier": _course(own), "cohort": own["cohort"]}
                yield Candidate({"id": id}, told)


def _declarations(shown: _Shown, kind: str) -> Iterator[Candidate]:
    """Declarations of a kind (`started`, `retained`, …), or of any, not made yet; for the newest cohort first."""
    made = {(it["attributes"]["participant_id"], it["attributes"]["declaration_type"]) for it in shown.declared}
    for it, own in shown.enrolments:
        for milestone in _begun_milestones(shown, own):
            type = milestone.declaration_type
            if kind in ("", type.partition("-")[0]) and (it["id"], type) not in made:
                told = {
                    "participant_id": it["id"],
                    "declaration_type": type,
                    "declaration_date": instant(_day_in(milestone, shown.now)),
                    "course_identifier": _course(own),
                }
                yield Candidate({}, told)
                yield from (Candidate({}, {**told, "evidence_held": evidence}) for evidence in _EVIDENCE)


def _begun_milestones(shown: _Shown, enrolment: Row) -> Iterator[Milestone]:
    """Those of somebody's schedule that have begun."""
    named = enrolment["schedule_identifier"], int(enrolment["cohort"])
    for schedule in shown.records.schedules:
        if (schedule.identifier, schedule.contract_period_year) == named:
            yield from (it for it in schedule.milestones if uk_midnight(it.start_date) < shown.now)


def _day_in(milestone: Milestone, now: datetime) -> datetime:
    """A morning in the milestone, not long ago if it is still open."""
    last = now - DAY if milestone.milestone_date is None else min(uk_midnight(milestone.milestone_date), now - DAY)
    morning = last.replace(hour=0, minute=0, second=0, microsecond=0) + _MORNING
    return max(uk_midnight(milestone.start_date), min(morning, now))


def _shown_declarations(shown: _Shown, _: str) -> Iterator[Candidate]:
    cohorts = {it["id"]: own["cohort"] for it, own in shown.enrolments}
    for it in shown.declared:
        own = it["attributes"]
        values = {
            "id": it["id"],
            "participant_id": own["participant_id"],
            "delivery_partner_id": own["delivery_partner_id"],
            "updated_since": _since(it),
        }
        for cohort in dict.fromkeys([cohorts.get(own["participant_id"], shown.cohorts[0]), *shown.cohorts]):
            yield Candidate({**values, "cohort": cohort})
    yield from _anything(shown, "")


def _voidings(shown: _Shown, _: str) -> Iterator[Candidate]:
    states = {state: at for at, state in enumerate(_VOIDABLE)}
    found = [it for it in shown.declared if it["attributes"]["state"] in states]
    for it in sorted(found, key=lambda it: states[it["attributes"]["state"]]):
        yield Candidate({"id": it["id"]})


def _rows(path: str) -> Callable[[_Shown, str], Iterator[Candidate]]:
    def found(shown: _Shown, _: str) -> Iterator[Candidate]:
        for it in shown.rows(path):
            cohort = it["attributes"].get("cohort", shown.cohorts[0])
            newest = max(cohort) if isinstance(cohort, list) else cohort
            values = {"id": it["id"], "cohort": newest, "updated_since": _since(it)}
            partner = it["attributes"].get("delivery_partner_id")
            yield Candidate(values | ({"delivery_partner_id": partner} if partner else {}))

    return found


def _list_of(path: str) -> Callable[[_Shown, str], Iterator[Candidate]]:
    def found(shown: _Shown, _: str) -> Iterator[Candidate]:
        yield from _rows(path)(shown, "")
        yield from _anything(shown, "")

    return found


def _schools(shown: _Shown, _: str) -> Iterator[Candidate]:
    for cohort in shown.cohorts:
        for it in shown.rows(f"schools?filter[cohort]={cohort}"):
            values = {"id": it["id"], "cohort": cohort, "urn": it["attributes"]["urn"], "updated_since": _since(it)}
            yield Candidate(values)
    yield from _anything(shown, "")


def _confirmations(shown: _Shown, _: str) -> Iterator[Candidate]:
    """Schools that want the provider first."""
    for cohort in shown.cohorts:
        partners = [it["id"] for it in shown.partners if cohort in it["attributes"]["cohort"]]
        schools = shown.rows(f"schools?filter[cohort]={cohort}") if partners else []
        for school in sorted(schools, key=lambda it: not it["attributes"]["expression_of_interest"]):
            told = {"cohort": cohort, "school_id": school["id"], "delivery_partner_id": partners[0]}
            yield Candidate({}, told)


def _updates(shown: _Shown, _: str) -> Iterator[Candidate]:
    for it in shown.rows("partnerships"):
        for partner in shown.partners:
            if it["attributes"]["cohort"] in partner["attributes"]["cohort"]:
                yield Candidate({"id": it["id"]}, {"delivery_partner_id": partner["id"]})


_READERS: Mapping[str, Callable[[_Shown, str], Iterator[Candidate]]] = {
    "listParticipants": _participants,
    "showParticipant": _participants,
    "deferParticipant": _deferrals,
    "resumeParticipant": _returns,
    "withdrawParticipant": _withdrawals,
    "changeParticipantSchedule": _schedule_changes,
    "listTransfers": _list_of("participants/transfers"),
    "showTransfers": _rows("participants/transfers"),
    "listUnfundedMentors": _list_of("unfunded-mentors"),
    "showUnfundedMentor": _rows("unfunded-mentors"),
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
    "listDeliveryPartners": _list_of("delivery-partners"),
    "showDeliveryPartner": _rows("delivery-partners"),
}
