"""A world that its first use makes is kept once what was done to it is done, dropped ones with their settings."""

from __future__ import annotations

from contextlib import suppress

from hypothesis import given
from hypothesis import strategies as st

from ecf_sandbox.state.worlds import WHY_FORGOTTEN, WHY_RECREATED, NoSuchWorld, Worlds
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


class TestWorldsThatWereDropped:
    """With room for main and two more, of worlds that have records of their own two are remembered with them."""

    def dropped(self, *names: str) -> Worlds:
        worlds = Worlds(a_world(), limit=3)
        for name in names:
            own = a_world()
            own.name = name
            own.allowance = f"that of {name}"
            worlds.add(own)
        worlds.get_or_fork("last")
        worlds.get_or_fork("the-very-last")
        return worlds

    def test_are_remembered_with_what_they_began_with(self):
        worlds = self.dropped("one", "two")

        assert worlds.get("one").baseline is not worlds.main.baseline
        assert worlds.why_recreated("one") == WHY_RECREATED

    def test_before_many_others_begin_as_main_did_and_say_so(self):
        worlds = self.dropped("one", "two", "three", "four")

        one = worlds.get("one")

        assert one.baseline is worlds.main.baseline
        assert one.allowance == "that of one"
        assert worlds.why_recreated("one") == WHY_FORGOTTEN
        assert worlds.get("four").baseline is not worlds.main.baseline

    def test_say_so_no_more_when_they_are_begun_anew(self):
        worlds = self.dropped("one", "two", "three", "four")

        worlds.get("one").reset()

        assert worlds.why_recreated("one") == ""

    @given(
        st.lists(st.tuples(st.sampled_from(["add", "fork", "delete", "get"]), st.sampled_from("abcdefgh")), max_size=40)
    )
    def test_keep_records_of_their_own_for_no_more_than_there_may_be_worlds(self, did):
        worlds, shared = Worlds(a_world(), limit=3), a_world()
        for what, name in did:
            with suppress(NoSuchWorld):
                if what == "add":
                    worlds.add(shared.fork(name))
                elif what == "fork":
                    worlds.get_or_fork(name)
                elif what == "delete":
                    worlds.delete(name)
                else:
                    worlds.get(name)

            gone = worlds._gone
            own = {name for name, it in gone.items() if it.baseline is not worlds.main.baseline}
            assert len(own) <= 3
            assert own == set(worlds._gone_with_records)
            assert not set(gone) & set(worlds.names())


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
