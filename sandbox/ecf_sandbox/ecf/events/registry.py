"""Every event by its name, and how one is played: the same for HTTP, the command line, scenarios and Python."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ecf_sandbox.ecf.events.cohorts import amend_cohort, freeze_cohort, move_milestone, set_feature_flag
from ecf_sandbox.ecf.events.eligibility import make_eligible, make_ineligible, record_check, set_eligibility
from ecf_sandbox.ecf.events.event import event_of
from ecf_sandbox.ecf.events.mentors import change_mentor, remove_expired_school_mentors
from ecf_sandbox.ecf.events.participants import (
    change_email,
    change_name,
    complete_induction,
    merge_participants,
    school_reregisters,
    school_withdraws_record,
    set_mentor_completion,
)
from ecf_sandbox.ecf.events.partnerships import (
    add_provider_relationship,
    challenge_partnership,
    change_programme_choice,
    change_provider,
    discard_delivery_partner,
    discard_provider_relationship,
    set_programme_choice,
)
from ecf_sandbox.ecf.events.registration import ect_becomes_mentor, register_ect, register_mentor
from ecf_sandbox.ecf.events.statements import cut_off_statement, dfe_void_declaration, nightly_cut_off, pay_statement
from ecf_sandbox.ecf.events.transfers import school_marks_leaving, school_transfer
from ecf_sandbox.ecf.records import Turn
from ecf_sandbox.state.event import Event, play_event
from ecf_sandbox.state.record import Record

_FUNCTIONS: tuple[Callable[..., Record | None], ...] = (
    register_ect,
    register_mentor,
    ect_becomes_mentor,
    school_marks_leaving,
    school_transfer,
    school_withdraws_record,
    school_reregisters,
    change_mentor,
    change_name,
    change_email,
    complete_induction,
    remove_expired_school_mentors,
    set_programme_choice,
    change_programme_choice,
    challenge_partnership,
    change_provider,
    record_check,
    make_eligible,
    make_ineligible,
    set_eligibility,
    merge_participants,
    set_mentor_completion,
    amend_cohort,
    freeze_cohort,
    move_milestone,
    cut_off_statement,
    nightly_cut_off,
    pay_statement,
    dfe_void_declaration,
    discard_delivery_partner,
    discard_provider_relationship,
    add_provider_relationship,
    set_feature_flag,
)

EVENTS: dict[str, Event] = {it.name: it for it in map(event_of, _FUNCTIONS)}


def play(turn: Turn, name: str, arguments: Mapping[str, object]) -> Record | None:
    """Make an event happen now, and answer the row that it is about.

    Raises BadEvent if there is no such event or its arguments are wrong, DoesNotFit if it could not have happened.
    """
    return play_event(EVENTS, turn, name, arguments)
