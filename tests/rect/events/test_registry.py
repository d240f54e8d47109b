"""Every event is described, and nothing that is asked for breaks it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecf_sandbox.rect.events.registry import EVENTS
from ecf_sandbox.rect.service import SERVICE
from ecf_sandbox.rulebook.refusals import BadEvent, DoesNotFit
from tests.effort import examples
from tests.rect.builders import NOON, a_world
from tests.rect.machine.country import PARTNERS, PEOPLE, SCHOOLS, id_of

IDS = [
    *(id_of("person", it[0]) for it in PEOPLE),
    *(id_of("school", it) for it in SCHOOLS),
    *(id_of("partner", it) for it in PARTNERS),
    id_of("statement", "alpha 2025 6"),
]
DAYS = st.dates(date(2020, 1, 1), date(2031, 1, 1)).map(date.isoformat)
NEAR = st.integers(-400, 400).map(lambda it: (NOON + timedelta(days=it)).date().isoformat())
ANYTHING = (
    st.none()
    | st.booleans()
    | st.integers(-1, 3000)
    | st.text(max_size=8)
    | st.sampled_from([*IDS, "Alpha", "Beta", "ect", "mentor", "pass", "2500001", 2022, 2025])
    | DAYS
    | NEAR
)


def fitting(parameter):
    """What a parameter takes, mostly."""
    if parameter.name.endswith("_id"):
        return st.sampled_from(IDS)
    if parameter.type is date:
        return NEAR
    return {"lead_provider": st.sampled_from(["Alpha", "Beta", None]), "trn": st.sampled_from(["2500001", "77"])}.get(
        parameter.name, ANYTHING
    )


@pytest.mark.parametrize("event", EVENTS.values(), ids=list(EVENTS))
def test_an_event_says_what_it_is_and_what_it_takes(event):
    assert event.summary.endswith(".")
    assert all(it.description for it in event.parameters)


@given(data=st.data(), events=st.lists(st.sampled_from(sorted(EVENTS)), min_size=1, max_size=4))
@settings(max_examples=examples(300))
def test_nothing_that_is_asked_for_breaks_an_event_or_what_it_leaves(data, events):
    world = a_world()
    for number, event in enumerate(events):
        told = {it.name: data.draw(fitting(it) | ANYTHING, label=it.name) for it in EVENTS[event].parameters}
        before = world.state
        try:
            with world.turn(NOON + timedelta(days=number)) as turn:
                SERVICE.play(turn, event, told)
        except (BadEvent, DoesNotFit):
            assert world.state is before

    records = world.state.records
    for row_type, table in records.TABLES.items():
        for row in getattr(records, table):
            for name in set(row_type.__struct_fields__) & records.REFERS_TO.keys():
                assert getattr(row, name) is None or getattr(row, name) in getattr(records, records.REFERS_TO[name])
