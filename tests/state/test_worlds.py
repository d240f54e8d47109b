"""A world that its first use makes is kept once what was done to it is done, dropped ones with their settings."""

from __future__ import annotations

from ecf_sandbox.state.worlds import Worlds
from tests.state.test_archive import a_world


def dropped(name: str) -> Worlds:
    """Worlds with room for `main` and one more, of which the one of that name was dropped."""
    worlds = Worlds(a_world(), limit=2)
    worlds.get_or_fork(name)
    worlds.get_or_fork("another")
    return worlds


class TestAFreshWorld:
    def test_is_one_that_nobody_made(self):
        assert Worlds(a_world()).fresh("one").made_on_first_use

    def test_is_not_there_until_it_is_kept(self):
        worlds = Worlds(a_world())
        fresh = worlds.fresh("one")
        assert worlds.names() == ["main"]

        assert worlds.keep_fresh(fresh)
        assert worlds.get("one") is fresh

    def test_is_not_kept_where_another_has_its_name_by_now(self):
        worlds = Worlds(a_world())
        fresh, other = worlds.fresh("one"), worlds.get_or_fork("one")

        assert not worlds.keep_fresh(fresh)
        assert worlds.get("one") is other

    def test_is_the_one_that_was_dropped_if_there_was_one(self):
        worlds = dropped("one")
        fresh = worlds.fresh("one")

        assert fresh.recreated
        assert worlds.keep_fresh(fresh)
        assert worlds.get("one") is fresh

    def test_is_not_kept_where_one_of_its_name_was_dropped_meanwhile(self):
        worlds = Worlds(a_world(), limit=2)
        fresh = worlds.fresh("one")
        worlds.get_or_fork("one")
        worlds.get_or_fork("another")

        assert not worlds.keep_fresh(fresh)
        assert worlds.fresh("one").recreated


class TestAWorldThatEndedMeanwhile:
    def test_by_being_dropped_is_not_kept_again(self):
        worlds = Worlds(a_world(), limit=2)
        found = worlds.get_or_fork("one")
        worlds.get_or_fork("another")

        assert not worlds.keep_fresh(found)
        assert worlds.get("one").recreated

    def test_by_being_deleted_is_not_kept_again(self):
        worlds = Worlds(a_world())
        found = worlds.get_or_fork("one")
        worlds.delete("one")

        assert not worlds.keep_fresh(found)
        assert worlds.names() == ["main"]
