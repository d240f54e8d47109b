"""What must hold of a client, whatever others and the network do: what services share of their invariants.

A service says what is its own by an `Api`, and puts its list together of what is made here.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ecf_sandbox.state.findings import Severity
from ecf_sandbox.state.journal import Exchange
from ecf_sandbox.state.properties import Evidence, Invariant

_TOO_MANY, _REFUSED, _OK = 429, 422, 200
Attributes = Mapping[str, Any]
KNOWS, INCREMENTAL = "knows-what-the-api-shows", "incremental-equals-full"
TAKEN_BACK, RETIRED = "knows-voids-and-clawbacks", "follows-retired-ids"
PARTNERSHIPS, TRANSFERS = "follows-partnerships", "follows-transfers"
_TAKEN_BACK = frozenset({"voided", "awaiting_clawback", "awaiting-clawback", "clawed_back", "clawed-back"})
_OF_TRANSFERS = ("school_urn", "training_status", "participant_status")
ONE = {"participants": "participant", "declarations": "declaration", "partnerships": "partnership"}


@dataclass(frozen=True)
class Api:
    """What is a service's own: the rule that refuses a declaration made before, and its records' way to tell one.

    `of_partnership` says whether a difference in a partnership, at the first part of a path, is one that a client has
    to follow: of what is shown, and what it is about.
    """

    already_made: str
    of_partnership: Callable[[Attributes, Sequence[str]], bool]


def differences(known: Any, shown: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Where what a client knows is otherwise than shown: each place with how. What only one of them has is let be."""
    if isinstance(known, Mapping) and isinstance(shown, Mapping):
        for name in known:
            if name in shown:
                yield from differences(known[name], shown[name], f"{path}/{name}" if path else name)
    elif isinstance(known, list | tuple) and isinstance(shown, list | tuple) and len(known) == len(shown):
        for at, (one, other) in enumerate(zip(known, shown, strict=True)):
            yield from differences(one, other, f"{path}/{at}")
    elif known != shown:
        yield path, f"{path} is {_text(known)}, and the API shows {_text(shown)}"


def _text(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 100 else f"{text[:97]}..."


def attributes_of(row: Attributes) -> Attributes:
    """The attributes of a row, which may be given as the API gives it: with `id`, `type` and `attributes`."""
    inner = row.get("attributes")
    return inner if isinstance(inner, Mapping) else row


def retired_ids(participants: Mapping[str, Attributes]) -> dict[str, str]:
    """Every retired participant id that the participants tell of, with the id that took its place."""
    return {
        change["from_participant_id"]: id
        for id, row in participants.items()
        for change in attributes_of(row).get("participant_id_changes") or ()
        if change.get("from_participant_id") != id
    }


# What a client knows


def _unlike(api: Api, evidence: Evidence) -> Iterator[tuple[str, str]]:
    """Every difference between what is known and shown, with the id of the invariant that it breaks."""
    for name in ONE:
        if name in evidence.known:
            yield from _unlike_in(api, evidence, name)


def _unlike_in(api: Api, evidence: Evidence, name: str) -> Iterator[tuple[str, str]]:
    known, shown, one = evidence.known[name], evidence.shown.get(name, {}), ONE[name]
    caught_up = evidence.caught_up
    usual = KNOWS if caught_up is None else INCREMENTAL
    retired = _retired(evidence)
    required = (
        shown if caught_up is None else (caught_up if evidence.required is None else evidence.required).get(name, ())
    )
    for id in required:
        if id in shown and id not in known:
            yield _about(api, name, shown[id], (), usual), f"the {one} {id} is not known{_whose(shown[id])}"
    for id, row in known.items():
        kept = () if caught_up is None else caught_up.get(name, {}).get(id, ())
        if name == "participants" and id in retired and id not in shown:
            yield RETIRED, f"the participant {id} is still known, and the id was retired for {retired[id]}"
        elif id in shown or kept:
            options = [*([shown[id]] if id in shown else []), *kept]
            yield from _unlike_row(api, name, id, row, options, usual)
        elif caught_up is None:
            yield usual, f"the {one} {id} is known, and the API does not show it"
        elif id not in evidence.seen.get(name, ()):
            yield usual, f"the {one} {id} is known, and the API has never shown it"


def _retired(evidence: Evidence) -> dict[str, str]:
    """The retired ids that the client was told of, whatever it kept."""
    if evidence.caught_up is None:
        return retired_ids(evidence.shown.get("participants", {}))
    rows = evidence.caught_up.get("participants", {})
    told = {id: values[0] for id, values in rows.items() if len(values) == 1}
    return retired_ids(told)


def _unlike_row(
    api: Api, name: str, id: str, row: Attributes, options: Sequence[Attributes], usual: str
) -> Iterator[tuple[str, str]]:
    """How a row is unlike each of what it may be; told of the first."""
    found = [list(differences(attributes_of(row), attributes_of(it))) for it in options]
    if found and all(found):
        for path, text in found[0]:
            yield (
                _about(api, name, attributes_of(options[0]), path.split("/"), usual),
                f"of the {ONE[name]} {id}, {text}",
            )


def _about(api: Api, name: str, shown: Attributes, path: Sequence[str], usual: str) -> str:
    """The invariant that a difference belongs to."""
    shown = attributes_of(shown)
    if name == "declarations" and shown.get("state") in _TAKEN_BACK:
        return TAKEN_BACK
    if name == "declarations" and path and path[0] == "participant_id":
        return RETIRED
    if name == "partnerships" and api.of_partnership(shown, path):
        return PARTNERSHIPS
    if name == "participants" and path and path[-1] in _OF_TRANSFERS:
        return TRANSFERS
    return usual


def _whose(row: Attributes) -> str:
    named = attributes_of(row).get("full_name")
    return f" ({named})" if named else ""


def _broken(api: Api, id: str) -> Callable[[Evidence], Iterable[str]]:
    def judge(evidence: Evidence) -> Iterable[str]:
        return [text for broken, text in _unlike(api, evidence) if broken == id]

    return judge


# What a client does


def _nothing_twice(api: Api) -> Callable[[Evidence], Iterable[str]]:
    """An accepted declaration is not sent once more, whether its answer arrived or not."""

    def judge(evidence: Evidence) -> Iterator[str]:
        made: dict[tuple[Any, ...], Exchange] = {}
        for it in evidence.exchanges:
            if it.operation.endswith("createDeclaration") and (what := _declared(it)) is not None:
                if it.status == _OK:
                    made[what] = it
                elif any(refusal.rule == api.already_made for refusal in it.refusals) and _stands(made.get(what), it):
                    yield f"{what[2]} of {what[0]} was accepted, and sent again"

    return judge


def _stands(made: Exchange | None, then: Exchange) -> bool:
    """Whether the declaration that a request made still counted when another request came."""
    rows = [it for it in made.changes if it.table == "declarations" and it.before is None] if made else []
    declarations: Any = getattr(then.before.records, "declarations")  # noqa: B009 - of records of any service
    return any((row := declarations.get(it.key)) is not None and row.live for it in rows)


def _declared(exchange: Exchange) -> tuple[Any, ...] | None:
    try:
        told = json.loads(exchange.request_body)["data"]["attributes"]
        return tuple(told.get(it) for it in ("participant_id", "course_identifier", "declaration_type"))
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _no_errors(evidence: Evidence) -> Iterator[str]:
    for it in evidence.exchanges:
        for finding in it.findings:
            if finding.severity is Severity.ERROR:
                yield f"{it.method} {it.target}: {finding.message}"


def _waits(evidence: Evidence) -> Iterator[str]:
    for it, then in zip(evidence.exchanges, evidence.exchanges[1:], strict=False):
        at_once = then.number == it.number + 1 and then.at <= it.at
        # Whoever gave up is not to blame for when it is started the next time.
        if it.status == _TOO_MANY and at_once and then.number not in evidence.turns:
            yield f"{then.method} {then.target} was sent in the very moment in which the service had had enough"


def _not_again(evidence: Evidence) -> Iterator[str]:
    refused: dict[tuple[str, str, bytes], Exchange] = {}
    for it in evidence.exchanges:
        request = (it.method, it.target, it.request_body)
        before = refused.get(request)
        if it.status == _REFUSED and before is not None and before.before.records is it.before.records:
            yield f"{it.method} {it.target} was refused, and sent again unchanged though nothing else had changed"
        if it.status == _REFUSED:
            refused[request] = it


def invariants(api: Api, following: str) -> tuple[Invariant, ...]:
    """What must hold of every client of an API; `following` says what has to be known of partnerships."""
    return (
        Invariant(
            id=KNOWS,
            sentence="After a sync of everything the client knows what the API shows, no more and no less.",
            judge=_broken(api, KNOWS),
        ),
        Invariant(
            id=INCREMENTAL,
            sentence="A sync of what has changed leaves the client with what a sync of everything would have shown.",
            judge=_broken(api, INCREMENTAL),
        ),
        Invariant(
            id=TAKEN_BACK,
            sentence="The client knows which declarations were voided or clawed back.",
            judge=_broken(api, TAKEN_BACK),
        ),
        Invariant(
            id=RETIRED,
            sentence="The client follows a participant whose id was retired to the id that took its place.",
            judge=_broken(api, RETIRED),
        ),
        Invariant(
            id=PARTNERSHIPS,
            sentence=following,
            judge=_broken(api, PARTNERSHIPS),
        ),
        Invariant(
            id=TRANSFERS,
            sentence="The client knows who joined, left or moved, and how their training stands.",
            judge=_broken(api, TRANSFERS),
        ),
        Invariant(
            id="nothing-declared-twice",
            sentence="A declaration that was accepted is not sent again, though its answer was lost.",
            judge=_nothing_twice(api),
        ),
        Invariant(
            id="no-observer-errors",
            sentence="The client sends nothing that the observer calls an error.",
            judge=_no_errors,
        ),
        Invariant(
            id="waits-out-429",
            sentence="After a 429 the client waits before it asks again.",
            judge=_waits,
        ),
        Invariant(
            id="does-not-repeat-422",
            sentence="What was refused with 422 is not sent again unchanged.",
            judge=_not_again,
        ),
    )
