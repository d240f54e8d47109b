"""All rules of this service by action, and an example of each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ecf_sandbox.rect.rules.change_schedule import CHANGE_SCHEDULE
from ecf_sandbox.rect.rules.declarations import RECORD_DECLARATION
from ecf_sandbox.rect.rules.examples import change_schedule, declarations, participants, partnerships, voiding
from ecf_sandbox.rect.rules.participants import DEFER, RESUME, WITHDRAW
from ecf_sandbox.rect.rules.partnerships import CREATE_PARTNERSHIP, UPDATE_PARTNERSHIP
from ecf_sandbox.rect.rules.voiding import VOID_DECLARATION
from ecf_sandbox.rulebook.rule import Rulebook

RULEBOOKS: tuple[Rulebook[Any], ...] = (
    RECORD_DECLARATION,
    VOID_DECLARATION,
    DEFER,
    RESUME,
    WITHDRAW,
    CHANGE_SCHEDULE,
    CREATE_PARTNERSHIP,
    UPDATE_PARTNERSHIP,
)
EXAMPLES: Mapping[str, Mapping[str, Any]] = {
    id: changes
    for module in (declarations, voiding, participants, change_schedule, partnerships)
    for id, changes in module.EXAMPLES.items()
}
