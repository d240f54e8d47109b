"""Whatever a client sends, the observer neither stumbles nor changes the answer."""

from __future__ import annotations

import logging

from hypothesis import given, settings

from ecf_sandbox.state.findings import Observing
from tests.api.asking import Asker
from tests.api.test_anything_goes import requests
from tests.effort import examples
from tests.tools.observer.requests import a_small_world

NOTING, SILENT = Asker(a_small_world()), Asker(a_small_world(Observing.OFF))
REFUSING = Asker(a_small_world(Observing.REFUSE))


class Stumbles(logging.Handler):
    """Collects what the edge logs."""

    def __init__(self):
        super().__init__()
        self.seen = []

    def emit(self, record):
        self.seen.append(record.getMessage())


@settings(max_examples=examples(300))
@given(requests())
def test_observed_or_not_the_answer_is_the_same(asked):
    method, target, headers, body = asked
    stumbles, log = Stumbles(), logging.getLogger("ecf_sandbox.api.pipeline")
    log.addHandler(stumbles)
    for it in (NOTING, SILENT, REFUSING):
        it.world.reset()

    try:
        noted, plain, judged = (it.send(method, target, headers, body) for it in (NOTING, SILENT, REFUSING))
    finally:
        log.removeHandler(stumbles)

    assert stumbles.seen == []
    assert (noted.status, noted.body) == (plain.status, plain.body)
    if judged.headers.get("x-sandbox-refused") is None:
        assert (judged.status, judged.body) == (plain.status, plain.body)
    else:
        assert REFUSING.world.state is REFUSING.world.baseline
