"""What the API shows is read without a trace, and what a client can hold of it is kept."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ecf_sandbox.testing.properties.shown import Kept, Shown
from tests.ecf.properties.placed import a_world, pool

AT = datetime(2026, 12, 1, 9, tzinfo=UTC)
LATER = datetime(2026, 12, 1, 10, tzinfo=UTC)


def people(**rows):
    return {"participants": {id: {"full_name": name} for id, name in rows.items()}}


def held(kept):
    return {id: [it["full_name"] for it in values] for id, values in kept.rows["participants"].items()}


@pytest.fixture
def beside():
    it = a_world()
    shown = Shown(it.world, pool().worlds, pool().send, it.token)
    yield it, shown
    shown.close()


def test_what_is_shown_is_what_the_api_answers(beside):
    it, shown = beside
    listed = it.client.get("/api/v3/participants/ecf?page[per_page]=3000").json["data"]

    assert shown.now()["participants"] == {row["id"]: row["attributes"] for row in listed}


def test_reading_leaves_no_trace(beside):
    it, shown = beside
    before = it.world.state

    shown.now()

    assert it.journal == ()
    assert it.world.state is before


def test_what_happened_is_shown(beside):
    it, shown = beside
    jane = it.people["Jane Smith"]
    it.event("change_name", participant_id=jane, full_name="Jane Jones")

    assert shown.now()["participants"][jane]["full_name"] == "Jane Jones"
    assert list(shown.now(it.now)["participants"]) == [jane]


class TestKept:
    def test_after_everything_only_what_was_shown_is_held_and_has_to_be_known(self):
        kept = Kept().after_all([people(a="Ann", b="Bob")], AT).after_all([people(a="Anna")], LATER)

        assert held(kept) == {"a": ["Anna"]}
        assert kept.required == {"participants": {"a"}}
        assert kept.seen == {"participants": {"a", "b"}}
        assert kept.since == LATER

    def test_after_what_changed_the_rest_is_held_as_it_was(self):
        kept = Kept().after_all([people(a="Ann", b="Bob")], AT)
        now = people(a="Anna", b="Robert", c="Cat")

        after = kept.after_changes([now], {"participants": ["a", "c"]}, LATER)

        assert held(after) == {"a": ["Anna"], "b": ["Bob"], "c": ["Cat"]}
        assert after.required == {"participants": {"a", "b", "c"}}

    @pytest.mark.parametrize("full", [True, False])
    def test_what_happened_meanwhile_may_have_been_read_or_not(self, full):
        kept = Kept().after_all([people(a="Ann")], AT)
        shown = [people(a="Ann"), people(a="Anna", b="Bob")]

        after = (
            kept.after_all(shown, LATER, quiet=False)
            if full
            else kept.after_changes(shown, {"participants": ["a", "b"]}, LATER, quiet=False)
        )

        assert held(after) == {"a": ["Ann", "Anna"], "b": ["Bob"]}
        assert after.required == ({} if full else {"participants": {"a"}})
        assert after.since == LATER

    def test_an_answer_to_the_client_s_own_write_may_be_held(self):
        kept = Kept().after_all([people(a="Ann")], AT)

        assert held(kept.also(people(a="Anna"))) == {"a": ["Ann", "Anna"]}
