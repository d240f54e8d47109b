"""Every event by its name: the same for HTTP, the command line, scenarios and Python."""

from __future__ import annotations

from collections.abc import Callable

from ecf_sandbox.rect.events.dfe import (
    add_delivery_partnership,
    close_contract_period,
    freeze_contract_period,
    mark_statements_payable,
    merge_participants,
    nightly_partnership_touch,
    nightly_refresh,
    pay_statement,
    rename_delivery_partner,
    school_eligibility,
)
from ecf_sandbox.rect.events.event import event_of
from ecf_sandbox.rect.events.inductions import induction_ends, induction_starts
from ecf_sandbox.rect.events.registration import assign_mentor, register_ect, register_mentor
from ecf_sandbox.rect.events.schools import (
    change_email,
    change_lead_provider,
    change_name,
    change_tutor,
    ect_leaves,
    mentor_leaves,
)
from ecf_sandbox.state.event import Event
from ecf_sandbox.state.record import Record

_FUNCTIONS: tuple[Callable[..., Record | None], ...] = (
    register_ect,
    register_mentor,
    assign_mentor,
    ect_leaves,
    mentor_leaves,
    change_lead_provider,
    change_email,
    change_name,
    change_tutor,
    induction_starts,
    induction_ends,
    school_eligibility,
    mark_statements_payable,
    pay_statement,
    merge_participants,
    freeze_contract_period,
    close_contract_period,
    add_delivery_partnership,
    rename_delivery_partner,
    nightly_refresh,
    nightly_partnership_touch,
)

EVENTS: dict[str, Event] = {it.name: it for it in map(event_of, _FUNCTIONS)}
