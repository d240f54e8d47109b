"""Who acts: a provider, a school, the DfE, or time itself."""

from __future__ import annotations

from ecf_sandbox.ecf.events.examples import DFE, EXAMPLES, SERVICE
from ecf_sandbox.web.ui.model import Actor

PROVIDER = Actor(word="Provider", shape="■")
SCHOOL = Actor(word="School", shape="▲")
THE_DFE = Actor(word="DfE", shape="●")
TIME = Actor(word="Time", shape="◷")


def actor_of(event: str | None, caller: str | None) -> Actor:
    """Whoever makes an event happen, or the lead provider that sends a request, by its name if it is known."""
    if event is None:
        return Actor(word=PROVIDER.word, shape=PROVIDER.shape, name=caller or "without a valid token")
    known = EXAMPLES.get(event)
    by = known.by if known else ""
    return TIME if by == SERVICE or not known else THE_DFE if by.startswith(DFE) else SCHOOL
