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

INTRODUCTION = """# Rules of Register early career teachers

Printed by `ecf-sandbox rules --markdown --service rect`; a test compares. Those of the other service are in
[rules.md](rules.md). Rules are listed by action, in the order in which they are judged. A refusal names the field as
the `title` and the message as the `detail` of an error; each message is an error of its own. Sources lead to the
[behaviour specification](behaviour/README.md).
"""
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
