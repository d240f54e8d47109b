"""What must hold of every provider's client, whatever schools, the DfE, other providers and the network do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ecf_sandbox.rect.rules import declarations as declaration_rules
from ecf_sandbox.state.properties import Invariant
from ecf_sandbox.tools.properties.invariants import Api, Attributes, invariants

# Where the API shows what a client may know, by the name under which it says so.
LISTS: Mapping[str, str] = {
    "participants": "/api/v3/participants",
    "declarations": "/api/v3/participant-declarations",
    "partnerships": "/api/v3/partnerships",
}


def _of_the_delivery_partner(_: Attributes, path: Sequence[str]) -> bool:
    return bool(path) and path[0].startswith("delivery_partner_")


INVARIANTS: tuple[Invariant, ...] = invariants(
    Api(already_made=declaration_rules.already_made.id, of_partnership=_of_the_delivery_partner),
    "The client knows with which delivery partner each partnership is.",
)
