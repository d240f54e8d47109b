"""What may happen in a world at its present, beside what one provider's client does: only what fits is drawn."""

from __future__ import annotations

from ecf_sandbox.ecf.properties.arguments import VOCABULARY
from ecf_sandbox.ecf.properties.requests import WRITES, sound
from ecf_sandbox.ecf.records import Records
from ecf_sandbox.tools.properties.happenings import Happenings

# The plainest and the likeliest first; what time alone brings about happens as time passes.
ORDER = tuple(
    """
    change_name school_transfer challenge_partnership merge_participants dfe_void_declaration school_marks_leaving
    change_email register_ect make_eligible cut_off_statement pay_statement school_withdraws_record school_reregisters
    complete_induction change_mentor register_mentor ect_becomes_mentor make_ineligible set_eligibility record_check
    change_provider amend_cohort set_mentor_completion set_programme_choice change_programme_choice move_milestone
    add_provider_relationship discard_provider_relationship discard_delivery_partner set_feature_flag freeze_cohort
    """.split()
)
# What a client gets wrong most easily is drawn more often.
_OFTEN = ORDER[:5]


def _id_of(records: Records, client: str) -> str:
    return next((it.id for it in records.providers if it.name == client), "")


HAPPENINGS = Happenings(
    events=(*ORDER, *_OFTEN, *_OFTEN, *_OFTEN, *["merge_participants"] * 3),
    vocabulary=VOCABULARY,
    writes=WRITES,
    sound=sound,
    id_of=_id_of,
)
draw, draw_event, draw_request = HAPPENINGS.draw, HAPPENINGS.draw_event, HAPPENINGS.draw_request
event_that_fits = HAPPENINGS.event_that_fits
