"""What the specification has against a declaration or a change of schedule: a fragment of each text, in order.

The numbers are those of the steps in behaviour/rect.md#11-2 and #10-5.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

from tests.rect.machine.country import IDENTIFIERS, windows
from tests.rect.machine.model import DAY, LIVE, ORDER, Deal, Model, Person, Stint, Told, midnight, wire, within

SIMPLE = {"training-event-attended", "self-study-material-completed", "other"}
ENGAGED = {"75-percent-engagement-met", "75-percent-engagement-met-reduced-induction"}


class Found:
    """Messages as they are found: those of one attribute stand together, where the first of them was found."""

    def __init__(self) -> None:
        self._by_title: dict[str, list[str]] = {}

    def free(self, *titles: str) -> bool:
        """Whether nothing has been found about any of some attributes, or about none at all."""
        return not any(it in self._by_title for it in titles) if titles else not self._by_title

    def add(self, title: str, text: str) -> None:
        self._by_title.setdefault(title, []).append(text)

    @property
    def texts(self) -> tuple[str, ...]:
        return tuple(text for texts in self._by_title.values() for text in texts)


def against_declaring(
    model: Model, provider: str, person: Person, fields: dict[str, Any], at: datetime, now: datetime
) -> tuple[str, ...]:
    """What a declaration is refused for, if participant, course, type and date are such at all."""
    stint, found, today = person.latest(provider), Found(), now.date()
    type, evidence = fields["declaration_type"], fields.get("evidence_held")
    live = [it for it in model.told if it.person is person and it.state in LIVE]
    if stint and any(it.type == type for it in live):  # 8
        found.add("declaration_type", "A declaration has already been submitted")
    if found.free("declaration_type") and at > now:  # 9
        found.add("declaration_date", "cannot be a future date")
    if stint and found.free("declaration_date", "declaration_type") and not within(at, *windows(stint.cohort)[type]):
        early = at < midnight(windows(stint.cohort)[type][0])
        found.add("declaration_date", f"on or {'after' if early else 'before'} the milestone")  # 10, 11
    funded_mentor = stint is not None and person.kind == "mentor" and stint.cohort >= 2025
    if found.free("declaration_type") and funded_mentor and type not in ("started", "completed"):  # 13
        found.add("declaration_type", "who began their mentor training after June 2025")
    if stint and found.free() and not _evidenced(person, stint, type, evidence):  # 14
        found.add("evidence_held", "Enter an available" if evidence else "Enter a '#/evidence_held' value")
    if stint and stint.withdrawn and stint.status == "withdrawn" and stint.withdrawn[0] <= at:  # 15
        found.add("participant_id", f"withdrew from this course on {wire(stint.withdrawn[0])}")
    here = next((it for it in person.stints if it.partner is not None and it.on(today)), None)
    if here is not None and here.cohort in model.frozen:  # 16
        found.add("cohort", f"cannot submit declarations for the {here.cohort} cohort")
    payable = stint is not None and model.next_bill(provider, stint.cohort, today, {"open"}) is not None
    if stint and found.free("declaration_type", "cohort") and person.eligible and not payable:  # 17
        found.add("cohort", f"cannot submit or void declarations for the {stint.cohort} cohort")
    sequenced = stint is not None and stint.cohort >= 2025 and found.free("declaration_date", "declaration_type")
    if sequenced and _out_of_sequence(live, type, at):  # 19
        found.add("declaration_date", "in sequence with existing declaration dates")
    if stint is None:  # 20
        found.add("participant_id", "the '#/participant_id' is not recognised")
    return found.texts


def _out_of_sequence(live: list[Told], type: str, at: datetime) -> bool:
    place = ORDER.index(type)
    return any((it.date > at) if ORDER.index(it.type) < place else (it.date < at) for it in live if it.type != type)


def _evidenced(person: Person, stint: Stint, type: str, evidence: str | None) -> bool:
    if stint.cohort < 2025:
        return type == "started" or evidence in SIMPLE
    if type == "completed":
        return evidence in (ENGAGED if person.kind == "mentor" else ENGAGED | {"one-term-induction"})
    return evidence in (ENGAGED if type == "retained-2" else SIMPLE | {"materials-engaged-with-offline"})


def target_cohort(stint: Stint, cohort: int | None) -> int:
    """The cohort that a change of schedule means: one that is not known counts as none said."""
    return cohort if cohort in (2022, 2024, 2025, 2026) else stint.cohort


def against_schedule(
    model: Model, provider: str, person: Person, schedule: str, cohort: int | None, now: datetime
) -> tuple[str, ...]:
    """What a change of schedule is refused for, if the provider trains the person and names a schedule."""
    stint, today = person.latest(provider), now.date()
    assert stint is not None
    year = target_cohort(stint, cohort)
    moves = year != stint.cohort
    found = [
        _of_schedule(model, person, stint, schedule, year, now),
        "do not have a partnership with the school"
        if moves and deal_for(model, provider, person, stint, year) is None
        else "cannot move a participant to a payments frozen cohort"
        if year in model.frozen and person.frozen_from != year
        else None,
        "have completed their training"
        if person.completed is not None and not (person.kind == "ect" and "reduced" in schedule)
        else "has a 'left' participant_status"
        if person.participant_status(stint, today) == "left"
        else "Cannot perform actions on a withdrawn participant"
        if stint.status == "withdrawn"
        else "due to start with another lead provider"
        if any(it.start > stint.start for it in person.stints)
        else None,
    ]
    return tuple(it for it in found if it is not None)


def _of_schedule(
    model: Model, person: Person, stint: Stint, schedule: str, year: int, now: datetime
) -> str | None:  # S2 to S7
    if schedule not in IDENTIFIERS:
        return "Enter a valid schedule identifier"
    if (schedule, year) == (stint.schedule, stint.cohort):
        return "Selected schedule is already on the profile"
    if person.kind == "ect" and "replacement" in schedule:
        return "Selected schedule is not valid for the course_identifier"
    if person.kind == "mentor" and "reduced" in schedule:
        return "Mentors cannot be placed on a reduced schedule"
    if stint.start >= now.date() and any(
        _orphaned(it, year, moves=year != stint.cohort) for it in model.told if it.stint is stint
    ):
        return "would invalidate existing declarations"
    return None


def _orphaned(it: Told, year: int, *, moves: bool) -> bool:
    """Whether a declaration would be outside its milestone, or on a statement of another cohort."""
    return (moves and bool(it.statement or it.clawback)) or not within(it.date, *windows(year)[it.type])


def deal_for(model: Model, provider: str, person: Person, stint: Stint, year: int) -> Deal | None:
    """The partnership in another cohort: with the same delivery partner, else the newest."""
    found = [it for it in model.deals if (it.provider, it.school, it.cohort) == (provider, person.school, year)]
    same = [it for it in found if it.partner == stint.partner]
    return max(same or found, key=lambda it: it.number, default=None)


def moments(model: Model, person: Person, stint: Stint, type: str, now: datetime) -> dict[str, list[datetime]]:
    """Moments at which what is said of a declaration turns over, by what makes them so; none has fractions."""
    first, last = windows(stint.cohort)[type]
    found = {
        "now": [now],
        "another declaration": [it.date for it in model.told if it.person is person],
        "the milestone": [midnight(first)],
        "training": [at for it in person.stints if it.end is not None for at in _on_last_day(it.end)],
        "what was said": [said[0] for it in person.stints for said in (it.withdrawn, it.deferred) if said],
    }
    if last is not None:
        found["the milestone's end"] = [midnight(last), midnight(last + DAY)]
    return found


def _on_last_day(day: date) -> tuple[datetime, ...]:
    """What others declare is seen up to the first moment of it, in UTC (behaviour/rect.md#11-12)."""
    return midnight(day), datetime.combine(day, time.min, UTC), datetime.combine(day, time(12), UTC)
