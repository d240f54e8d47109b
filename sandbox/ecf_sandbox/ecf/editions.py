"""Whose behaviour is shown: the guidance's or the live service's, switch by switch (behaviour/editions.md#switches)."""

from __future__ import annotations

import msgspec

from ecf_sandbox.state.record import Record, replace


class Edition(Record, frozen=True, kw_only=True):
    """A name and its switches. Each switch can also be set alone; nothing asks for the name."""

    name: str
    withdrawal_needs_started: bool
    unvalidated_hidden: bool
    validation_status_shown: bool
    submitted_blocks_schedule_change: bool
    withdrawn_may_resume: bool
    clawback_states_hyphenated: bool


# What each switch means, for --help, `ecf-sandbox editions` and the docs.
SWITCHES: dict[str, str] = {
    "withdrawal_needs_started": "a participant without a started declaration cannot be withdrawn",
    "unvalidated_hidden": "participants whose details the DfE has not validated are not presented",
    "validation_status_shown": "a v3 enrolment has a validation_status",
    "submitted_blocks_schedule_change": "submitted declarations also block a schedule change",
    "withdrawn_may_resume": "a withdrawn participant may resume",
    "clawback_states_hyphenated": "declaration states are spelt awaiting-clawback and clawed-back",
}

GUIDANCE = Edition(
    name="guidance",
    withdrawal_needs_started=True,
    unvalidated_hidden=True,
    validation_status_shown=True,
    submitted_blocks_schedule_change=False,
    withdrawn_may_resume=False,
    clawback_states_hyphenated=False,
)
LIVE = Edition(
    name="live",
    withdrawal_needs_started=False,
    unvalidated_hidden=False,
    validation_status_shown=False,
    submitted_blocks_schedule_change=True,
    withdrawn_may_resume=True,
    clawback_states_hyphenated=True,
)
EDITIONS: dict[str, Edition] = {it.name: it for it in (GUIDANCE, LIVE)}


def with_switches(edition: Edition, switches: dict[str, bool]) -> Edition:
    """The edition with some switches set alone; its name then lists them. Raises KeyError for an unknown switch."""
    unknown = switches.keys() - SWITCHES.keys()
    if unknown:
        raise KeyError(sorted(unknown)[0])
    changed = {name: on for name, on in switches.items() if getattr(edition, name) != on}
    if not changed:
        return edition
    spelt = ",".join(f"{name}={'on' if on else 'off'}" for name, on in sorted(changed.items()))
    return replace(edition, name=f"{edition.name}+{spelt}", **changed)


def switches(edition: Edition) -> dict[str, bool]:
    """Every switch of an edition and how it is set."""
    return {name: value for name, value in msgspec.structs.asdict(edition).items() if name in SWITCHES}
