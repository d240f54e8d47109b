"""The stories of the old API, moved: what breaks in each that no step mends, and that all of it is explained."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from ecf_sandbox.control.stories import play_steps
from ecf_sandbox.moving.result import Moving
from ecf_sandbox.scenario import load_scenario
from ecf_sandbox.scenario.loading import shipped
from ecf_sandbox.scenario.world import world_of
from ecf_sandbox.state.exchange_codec import as_json_lines
from tests.moving.client import moved, serve

pytestmark = pytest.mark.slow
# By the exchange, held against docs/behaviour/rect.md#17 by hand; nothing breaks in the others.
BREAKS: Mapping[str, Mapping[str, set[int]]] = {
    "another-provider-has-the-school": {"another-provider": {2}, "participant-found": {7}},
    "challenged-partnership-and-its-return": {
        "challenged-update": {8},
        "challenged-confirmed-again": {9},
        "participant-found": {4},
    },
    "closed-cohort-and-move-to-2024": {"schedule-with-declarations": {4}},
    "declaration-stuck-in-submitted": {"started-evidence": {2}},
    "delta-sync": {"started-evidence": {6}},
    "duplicate-declaration": {"started-evidence": {1, 6, 8}},
    "future-declarations-with-server-date": {"started-evidence": {5}},
    "mentor-starting-in-2025": {"started-evidence": {1}},
    "not-yet-validated": {"unknown-participant": {4}, "started-evidence": {8}},
    "payment-of-statements": {"started-evidence": {2, 3, 7}},
    "retired-id": {"retired-id": {7}},
    "schedule-change-blocked": {"schedule-with-declarations": {2}, "started-evidence": {1, 8}},
    "school-has-not-left-last-years-provider": {"school-not-registered": {2, 3}},
    "started-too-early-and-too-late": {"started-evidence": {4}},
    "tokens": {"forbidden": {6, 7, 8}},
    "twelve-step-overview": {"started-evidence": {6}},
    "where-the-live-service-differs": {"schedule-with-declarations": {5}},
    "withdrawn-before-and-after-started": {
        "withdrawal-without-started": {1},
        "resume-withdrawn": {9},
        "started-evidence": {3},
    },
    "wrong-course": {"started-evidence": {8, 9}},
}
# A school takes a record away between two requests, which no answer shows.
UNEXPLAINED = {"school-removes-a-participant"}
WITHOUT_STEPS = {"cohort-2025-from-the-start", "default", "guide-examples", "large"}
STORIES = [name for name in shipped("ecf") if name not in WITHOUT_STEPS]


def moved_story(name: str, *, knowing: bool) -> Moving:
    story = load_scenario(name, seed="sandbox")
    world = world_of(story)
    began = world.fork("main", from_baseline=True)
    play_steps(world, story, len(story.steps), serve)
    return moved(as_json_lines(world.journal, world="main").encode(), began if knowing else None)


@pytest.mark.parametrize("name", STORIES)
class TestAStory:
    def test_breaks_where_the_specification_says_so(self, name):
        found = moved_story(name, knowing=True)

        broken = {it.id: set(it.exchanges) for it in found.found if it.breaks and not it.step}
        assert broken == {id: {f"main#{number}" for number in numbers} for id, numbers in BREAKS.get(name, {}).items()}
        assert bool(found.unexplained) == (name in UNEXPLAINED)

    def test_is_explained_by_its_journal_alone_or_not_judged(self, name):
        found = moved_story(name, knowing=False)

        assert bool(found.unexplained) == (name in UNEXPLAINED)
        broken = {it.id for it in found.found if it.breaks and not it.step}
        assert broken <= BREAKS.get(name, {}).keys()
