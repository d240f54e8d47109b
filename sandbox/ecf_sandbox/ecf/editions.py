"""Whose behaviour is shown: the guidance's or the live service's, switch by switch (behaviour/editions.md#switches)."""

from __future__ import annotations

from ecf_sandbox.state.editions import Edition

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
    switches={
        "withdrawal_needs_started": True,
        "unvalidated_hidden": True,
        "validation_status_shown": True,
        "submitted_blocks_schedule_change": False,
        "withdrawn_may_resume": False,
        "clawback_states_hyphenated": False,
    },
)
LIVE = Edition(
    name="live",
    switches={
        "withdrawal_needs_started": False,
        "unvalidated_hidden": False,
        "validation_status_shown": False,
        "submitted_blocks_schedule_change": True,
        "withdrawn_may_resume": True,
        "clawback_states_hyphenated": True,
    },
)
EDITIONS: dict[str, Edition] = {it.name: it for it in (GUIDANCE, LIVE)}
