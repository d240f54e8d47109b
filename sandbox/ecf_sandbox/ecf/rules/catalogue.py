"""Every rule of all actions, and the smallest change that breaks each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ecf_sandbox.ecf.rules.change_schedule import CHANGE_SCHEDULE
from ecf_sandbox.ecf.rules.declarations import RECORD_DECLARATION
from ecf_sandbox.ecf.rules.examples import (
    becoming_eligible,
    change_schedule,
    declarations,
    participants,
    partnerships,
    voiding,
)
from ecf_sandbox.ecf.rules.participants import DEFER, RESUME, WITHDRAW
from ecf_sandbox.ecf.rules.partnerships import CONFIRM_PARTNERSHIP, UPDATE_PARTNERSHIP
from ecf_sandbox.ecf.rules.voiding import BECOME_ELIGIBLE, VOID_DECLARATION
from ecf_sandbox.rulebook.rule import Rulebook

INTRODUCTION = """# Rules

Printed by `ecf-sandbox rules --markdown`; a test compares. Rules are listed by action, in the order in which they are
judged. A refusal names the field as its `title` and the message as its `detail`; messages for one field are joined with
`, `. Sources lead to the [behaviour specification](behaviour/README.md).
"""
RULEBOOKS: tuple[Rulebook[Any], ...] = (
    RECORD_DECLARATION,
    VOID_DECLARATION,
    BECOME_ELIGIBLE,
    DEFER,
    RESUME,
    WITHDRAW,
    CHANGE_SCHEDULE,
    CONFIRM_PARTNERSHIP,
    UPDATE_PARTNERSHIP,
)
EXAMPLES: Mapping[str, Mapping[str, Any]] = {
    id: changes
    for module in (declarations, voiding, becoming_eligible, participants, change_schedule, partnerships)
    for id, changes in module.EXAMPLES.items()
}
