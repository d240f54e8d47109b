"""Which differences an exchange meets, at which places, and whether they break it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

from ecf_sandbox.api.routes import CSV
from ecf_sandbox.moving.difference import (
    STEPS,
    THE_PATH,
    Difference,
    Kind,
    Played,
    Request,
    Seen,
    Step,
    changed_places,
)
from ecf_sandbox.moving.player import NEW
from ecf_sandbox.moving.table.transport import OTHER_ERRORS
from ecf_sandbox.rulebook.catalogue import catalogue
from ecf_sandbox.services import service_named
from ecf_sandbox.state.record import Record

# Set on purpose in a sandbox, or by how many asked: the new service has the same.
_BESIDE = frozenset({429, 502, 503, 504})
_REFUSED = frozenset({400, 422})


class Met(Record, frozen=True, kw_only=True):
    """A difference that an exchange meets. `played` says that it was seen in the new service's answer."""

    id: str
    places: tuple[str, ...]
    breaks: bool
    played: bool


class Judged(Record, frozen=True, kw_only=True):
    """What an exchange meets, and what of its other answer is not explained by that."""

    met: tuple[Met, ...]
    unexplained: str = ""


def judged(seen: Seen, forms: list[tuple[Step | None, Request]], table: tuple[Difference, ...]) -> Judged:
    """Hold an exchange against the table; `forms` are those in which it was played."""
    met = [*_altered(seen, forms, table), *_placed(seen, table)]
    if seen.status in _BESIDE:
        return Judged(met=tuple(met))
    by_rules = list(_by_rules(seen, table))
    met += by_rules or list(_by_other_rules(seen, table)) or _reworded(seen, met, table)
    breaking = [it for it in met if it.breaks and it.id not in _mechanical(table)]
    last = seen.last
    if last is None or last.status == seen.status or breaking:
        return Judged(met=tuple(met))
    rules = ", ".join(last.rules) or "no rule"
    return Judged(met=tuple(met), unexplained=f"{seen.status} there, {last.status} here ({rules})")


def _mechanical(table: tuple[Difference, ...]) -> set[str]:
    return {it.id for it in table if it.change is not None}


def _altered(seen: Seen, forms: list[tuple[Step | None, Request]], table: tuple[Difference, ...]) -> Iterator[Met]:
    """What a step alters in the request. It breaks the request if without that step it is answered otherwise."""
    for n, step in enumerate(STEPS):
        form = forms[n][1]
        if form == forms[n + 1][1]:
            continue
        for it in table:
            if it.step is not step or it.change is None or (changed := it.change(form)) == form:
                continue
            before, after = (seen.played[n], seen.played[n + 1]) if seen.played else (None, None)
            path = f"{seen.entry.method} {seen.template}{_format(seen)}"
            places = [path if place == THE_PATH else place for place in changed_places(form, changed)]
            breaks = step is Step.PATHS or _breaks(seen, before, after)
            yield Met(id=it.id, places=tuple(places), breaks=breaks, played=before is not None)
            form = changed


def _format(seen: Seen) -> str:
    return f".{CSV.lower()}" if seen.entry.operation.endswith(CSV) else ""


def _breaks(seen: Seen, before: Played | None, after: Played | None) -> bool:
    if before is None or after is None or seen.status in _BESIDE:
        return True  # by the table: such a request is turned down
    return before.status != seen.status and before != after


def _placed(seen: Seen, table: tuple[Difference, ...]) -> Iterator[Met]:
    for it in table:
        places = tuple(it.places(seen)) if it.places else ()
        if not places:
            continue
        same = seen.last is not None and seen.last.status == seen.status
        if seen.last is not None and not same and it.kind is Kind.TEXT_OTHER:
            continue  # what breaks it is told, and nobody reads the text
        if it.breaks and same and it.kind is not Kind.TEXT_OTHER:
            continue  # it was played, and nothing came of it
        yield Met(id=it.id, places=places, breaks=it.breaks, played=it.breaks and seen.last is not None)


def _by_rules(seen: Seen, table: tuple[Difference, ...]) -> Iterator[Met]:
    last = seen.last
    for it in table:
        if it.when is not None and not it.when(seen):
            continue
        if last is None:
            yield from _by_table(seen, it)
        elif seen.accepted and not last.accepted:
            if broken := [rule for rule in last.rules if rule in it.refuses]:
                refused = [f"the new {title}" for title in _titles(last.errors)]
                yield _met(it, refused or broken, breaks=True)
        elif seen.rules and last.accepted:
            # Nothing else may have refused it: of what a world lacks nobody can tell.
            if seen.rules & it.lifts and seen.rules <= _lifted(table):
                yield _met(it, _titles(seen.errors), breaks=True)
        elif seen.rules & it.restates and last.status != seen.status:
            yield _met(it, _titles(seen.errors), breaks=True)
        elif seen.rules & it.rephrases and last.status == seen.status and _reworded_by(seen, last, it):
            yield _met(it, _titles(sorted(_worded(seen, it))), breaks=False)


def _by_other_rules(seen: Seen, table: tuple[Difference, ...]) -> Iterator[Met]:
    """That both refuse: the new one by a rule that the old one has not got, or not by one that it has not got."""
    last = seen.last
    if last is None or last.status != seen.status or seen.status not in _REFUSED:
        return
    for it in table:
        if it.when is not None and not it.when(seen):
            continue
        if broken := [rule for rule in last.rules if rule in it.refuses - seen.rules]:
            yield _met(it, [f"the new {title}" for title in _titles(last.errors)] or broken, breaks=False)
        elif seen.rules & it.lifts - _DATED and not _said_again(seen, last, it):
            yield _met(it, _titles(sorted(_worded_by(seen, it.lifts))), breaks=False)


def _reworded(seen: Seen, met: Iterable[Met], table: tuple[Difference, ...]) -> list[Met]:
    """That both refuse, and nothing of what was met says why in other words."""
    last = seen.last
    if last is None or last.status != seen.status or seen.status not in _REFUSED or seen.errors == last.errors:
        return []
    texts = {it.id for it in table if it.kind in (Kind.TEXT_OTHER, Kind.FORM_OTHER) and it.step is None}
    if any(it.id in texts for it in met):
        return []
    places = [*_titles(seen.errors), *(f"the new {title}" for title in _titles(last.errors))]
    return [Met(id=OTHER_ERRORS, places=tuple(places), breaks=False, played=True)]


def _by_table(seen: Seen, it: Difference) -> Iterator[Met]:
    """What is true of a refusal wherever it is met."""
    found = ((it.lifts - _DEPENDS - _DATED, True), (it.restates - _DEPENDS, True), (it.rephrases - _DEPENDS, False))
    for rules, breaks in found:
        if seen.rules and seen.rules <= rules:
            yield Met(id=it.id, places=tuple(_titles(seen.errors)), breaks=breaks, played=False)
            return


# Rules that are lifted only for some dates, or some histories.
_DATED = frozenset(
    {
        *("declaration.before-milestone", "declaration.after-milestone"),
        "declaration.participant-not-linked",
    }
)
# Rules whose refusal is worded or answered otherwise only for some requests: which, playing alone tells.
_DEPENDS = frozenset(
    {
        *("schedule.unknown", "declaration.date-malformed", "declaration.date-in-future"),
        *("declaration.type-not-in-schedule", "declaration.course-unknown", "participant.course-not-theirs"),
        *("declaration.cohort-closed", "schedule.missing", "schedule.withdrawn"),
    }
)


def _reworded_by(seen: Seen, last: Played, it: Difference) -> bool:
    """Whether what these rules said is not said, and something else is: of the same, as far as one can tell."""
    broken = seen.rules & it.rephrases
    same_field = {title for title, _ in _worded(seen, it)} & {title for title, _ in last.errors}
    if last.rules and broken <= _new_rules() and not broken & set(last.rules) and not same_field:
        return False  # refused for something else, which comes first
    return bool(_worded(seen, it) - set(last.errors)) and bool(set(last.errors) - set(seen.errors))


@cache
def _new_rules() -> frozenset[str]:
    return frozenset(it.id for it in catalogue(service_named(NEW)))


def _said_again(seen: Seen, last: Played, it: Difference) -> bool:
    """Whether what was lifted is refused after all."""
    return bool(_worded_by(seen, it.lifts) & set(last.errors))


def _worded(seen: Seen, it: Difference) -> set[tuple[str, str]]:
    """The errors of the old answer that the rules gave which are worded otherwise now."""
    return _worded_by(seen, it.rephrases)


def _worded_by(seen: Seen, rules: frozenset[str]) -> set[tuple[str, str]]:
    titles = {each.title for each in seen.entry.refusals if each.rule in rules}
    return {error for error in seen.errors if error[0] in titles}


def _lifted(table: tuple[Difference, ...]) -> frozenset[str]:
    return frozenset(rule for it in table for rule in it.lifts)


def _titles(errors: Iterable[tuple[str, str]]) -> list[str]:
    return [f"answer: error {it!r}" for it in dict.fromkeys(title for title, _ in errors)]


def _met(it: Difference, places: list[str], *, breaks: bool) -> Met:
    return Met(id=it.id, places=tuple(places), breaks=breaks, played=True)
