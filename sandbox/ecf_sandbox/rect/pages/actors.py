"""Who acts: a provider, a school, an appropriate body, the DfE, or time itself."""

from __future__ import annotations

from ecf_sandbox.rect.events.examples import BODY, DFE, EXAMPLES, TUTOR
from ecf_sandbox.web.ui.model import Actor

PROVIDER, TIME = Actor(word="Provider", shape="■"), Actor(word="Time", shape="◷")
SCHOOL, APPROPRIATE_BODY = Actor(word="School", shape="▲"), Actor(word="Appropriate body", shape="◆")
THE_DFE = Actor(word="DfE", shape="●")
_BY = {TUTOR: SCHOOL, BODY: APPROPRIATE_BODY, DFE: THE_DFE}


def actor_of(event: str | None, caller: str | None) -> Actor:
    """Whoever makes an event happen, or the lead provider that sends a request, by its name if it is known."""
    if event is None:
        return Actor(word=PROVIDER.word, shape=PROVIDER.shape, name=caller or "without a valid token")
    known = EXAMPLES.get(event)
    return _BY.get(known.by, TIME) if known else TIME
