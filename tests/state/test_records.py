"""Records are a value: saving makes new records and shares all that did not change."""

from __future__ import annotations

import weakref
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecf_sandbox.ecf.domain.participants import User
from ecf_sandbox.ecf.domain.providers import Provider
from ecf_sandbox.state.records import TABLES, Records

AT = datetime(2024, 9, 1, tzinfo=UTC)


def a_user(id: str = "u1", **changes: object) -> User:
    return User(
        **{"id": id, "full_name": "Jo Lee", "email": f"{id}@example.com", "created_at": AT, "updated_at": AT} | changes
    )


def a_provider(id: str = "p") -> Provider:
    return Provider(id=id, name=id, organisation=id)


def count_users(records: Records) -> int:
    return len(records.users)


def twice_the_users(records: Records) -> int:
    return 2 * records.cached(count_users)


def providers_if_users(records: Records) -> int | None:
    return len(records.providers) if len(records.users) else None


def save_a_user(records: Records) -> Records:
    return records.save(a_user())


def origin_of(records: Records) -> Records | None:
    return records._origin


def described(records: Records, name: str, punctuation: str) -> str:
    """A user's name; of somebody unknown, how many providers there are."""
    user = records.users.get(name)
    return f"{user.full_name if user else len(records.providers)}{punctuation}"


class TestSaving:
    def test_leaves_the_records_before_as_they_were(self):
        before = Records().save(a_user())

        before.save(a_user(full_name="Jo Lee-Smith"))

        assert before.users["u1"].full_name == "Jo Lee"

    def test_shares_every_table_that_did_not_change(self):
        before = Records().save(a_user())

        after = before.save(a_user("u2"))

        assert [name for name in TABLES.values() if getattr(before, name) is not getattr(after, name)] == ["users"]

    def test_and_removing_again_gives_equal_records(self):
        before = Records().save(a_user())

        assert before.save(a_user("u2")).remove(a_user("u2")) == before


class TestAView:
    def test_is_computed_once_while_its_tables_stay_the_same(self):
        asked = []
        records = Records().save(a_user())

        def counted(records: Records) -> int:
            asked.append(records)
            return len(records.users)

        after = records.save(a_provider())
        assert [it.cached(counted) for it in (records, records, after) if it is not after] == [1, 1]
        assert after.cached(counted) == 1
        assert len(asked) == 2  # `after` was made before the view was, so it had nothing to share

    def test_is_shared_with_records_that_differ_elsewhere(self):
        asked = []

        def counted(records: Records) -> int:
            asked.append(records)
            return len(records.users)

        records = Records().save(a_user())
        records.cached(counted)

        assert records.save(a_provider()).cached(counted) == 1
        assert len(asked) == 1

    def test_is_computed_anew_when_one_of_its_tables_changes(self):
        records = Records().save(a_user())
        records.cached(count_users)

        assert records.save(a_user("u2")).cached(count_users) == 2

    def test_depends_on_what_it_read_that_time(self):
        """On the providers only where there are users: whoever reads the same of the users goes the same way."""
        empty = Records()
        assert empty.cached(providers_if_users) is None
        asked = empty.save(a_provider())
        assert list(asked._views) == [(providers_if_users,)]

        assert asked.save(a_user()).cached(providers_if_users) == 1
        assert asked.save(a_user()).save(a_provider("q")).cached(providers_if_users) == 2

    @pytest.mark.parametrize("before", [False, True], ids=["computed for it", "kept already"])
    def test_depends_on_what_a_view_within_it_read(self, before):
        records = Records().save(a_user())
        if before:
            records.cached(count_users)

        assert records.cached(twice_the_users) == 2
        assert records.save(a_user("u2")).cached(twice_the_users) == 4

    def test_changes_nothing(self):
        with pytest.raises(TypeError, match="changes nothing, not even users"):
            Records().cached(save_a_user)

    def test_is_computed_of_tables_alone(self):
        with pytest.raises(AttributeError, match="computed of their tables, not of '_origin'"):
            Records().cached(origin_of)

    def test_is_shared_by_all_that_was_made_from_settled_records_whenever_it_is_computed(self):
        asked = []

        def counted(records: Records) -> int:
            asked.append(records)
            return len(records.users)

        records = Records().save(a_user()).as_baseline()
        forks = [records.save(a_provider(name)) for name in "pq"]

        assert [it.cached(counted) for it in (*forks, records, forks[0].remove(*forks[0].providers))] == [1] * 4
        assert len(asked) == 1

    def test_keeps_no_records_but_the_last_that_were_settled(self):
        """A world that is forked again and again while it changes holds on to what it was at each fork no longer."""
        first = Records().save(a_user()).as_baseline()
        later = first.save(a_user("u2")).as_baseline().save(a_user("u3"))
        seen = weakref.ref(first)
        del first

        assert seen() is None
        assert later.cached(count_users) == 3

    @given(st.lists(st.tuples(st.integers(0, 5), st.booleans(), st.booleans(), st.booleans()), max_size=12))
    def test_is_what_would_be_computed_now_whatever_was_settled_and_asked_before(self, steps):
        """Of any records made so far: add a user or a provider, settle, ask."""
        made = [Records().save(a_user()).as_baseline()]
        for n, (which, user, settled, asked) in enumerate(steps):
            before = made[which % len(made)]
            after = before.save(a_user(f"u{n}") if user else a_provider(f"p{n}"))
            made.append(after.as_baseline() if settled else after)
            if asked:
                before.cached(count_users)

        assert [it.cached(count_users) for it in made] == [len(it.users) for it in made]


class TestAViewOfItems:
    def test_is_computed_once_for_each_while_its_tables_stay_the_same(self):
        asked = []

        def noted(records: Records, name: str) -> str:
            asked.append(name)
            return described(records, name, "")

        records = Records().save(a_user(), a_user("u2", full_name="Al"))
        for _ in range(3):
            assert [records.cached_each(noted, name) for name in ("u1", "u2")] == ["Jo Lee", "Al"]
            records = records.save(a_provider())
        assert asked == ["u1", "u2"]

    def test_is_each_arguments_own(self):
        records = Records().save(a_user())

        assert [records.cached_each(described, "u1", it) for it in "!?"] == ["Jo Lee!", "Jo Lee?"]

    def test_follows_the_tables_that_any_item_read(self):
        records = Records().save(a_user())
        assert [records.cached_each(described, name, "") for name in ("u1", "nobody")] == ["Jo Lee", "0"]

        after = records.save(a_provider())

        assert [after.cached_each(described, name, "") for name in ("u1", "nobody")] == ["Jo Lee", "1"]

    def test_is_not_lost_to_records_that_have_fewer_of_its_tables(self):
        asked = []

        def noted(records: Records, name: str) -> str:
            asked.append(name)
            return described(records, name, "")

        settled = Records().save(a_user()).as_baseline()
        for it in (settled, settled.save(a_provider()), settled):
            it.cached_each(noted, "nobody" if it is settled else "u1")

        assert asked == ["nobody", "u1"]

    def test_is_kept_of_so_many_items_only(self, monkeypatch):
        monkeypatch.setattr("ecf_sandbox.state.records._MOST_ITEMS", 1)
        records = Records().save(a_user(), a_user("u2", full_name="Al"))

        for _ in range(2):
            assert [records.cached_each(described, name, "") for name in ("u1", "u2")] == ["Jo Lee", "Al"]
        [(_, answers)] = records._views.values()
        assert answers == {"u1": "Jo Lee"}

    @given(
        st.lists(st.tuples(st.integers(0, 5), st.booleans(), st.booleans(), st.sampled_from(("u1", "u3"))), max_size=12)
    )
    def test_is_what_would_be_computed_now_whatever_was_settled_and_asked_before(self, steps):
        """Of any records made so far: add a user or a provider, settle, ask for somebody known or not yet."""
        made = [Records().save(a_user()).as_baseline()]
        for n, (which, user, settled, name) in enumerate(steps):
            before = made[which % len(made)]
            after = before.save(a_user(f"u{n}") if user else a_provider(f"p{n}"))
            made.append(after.as_baseline() if settled else after)
            before.cached_each(described, name, "")

        for name in ("u1", "u2", "u3"):
            assert [it.cached_each(described, name, "") for it in made] == [described(it, name, "") for it in made]


def test_every_table_has_a_row_type_of_its_own():
    assert len(set(TABLES.values())) == len(TABLES)
    assert all(hasattr(Records(), name) for name in TABLES.values())
