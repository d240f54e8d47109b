"""What may happen in a world at its present, beside what one provider's client does: only what fits is drawn."""

from __future__ import annotations

from ecf_sandbox.rect.properties.arguments import VOCABULARY
from ecf_sandbox.rect.properties.requests import WRITES, sound
from ecf_sandbox.rect.records import Records
from ecf_sandbox.tools.properties.happenings import Happenings

# The plainest and the likeliest first; what time alone brings about happens as time passes.
ORDER = tuple(
    """
    change_name register_ect change_lead_provider merge_participants ect_leaves induction_starts pay_statement
    change_email mentor_leaves register_mentor assign_mentor induction_ends change_tutor rename_delivery_partner
    school_eligibility add_delivery_partnership close_contract_period freeze_contract_period
    """.split()
)
# What a client gets wrong most easily is drawn more often.
_OFTEN = ORDER[:5]


def _id_of(records: Records, client: str) -> str:
    found = records.lead_providers.one("name", client)
    return found.id if found else ""


HAPPENINGS = Happenings(
    events=(*ORDER, *_OFTEN, *_OFTEN, *_OFTEN, *["merge_participants"] * 3),
    vocabulary=VOCABULARY,
    writes=WRITES,
    sound=sound,
    id_of=_id_of,
)
draw, draw_event, draw_request = HAPPENINGS.draw, HAPPENINGS.draw_event, HAPPENINGS.draw_request
event_that_fits = HAPPENINGS.event_that_fits
