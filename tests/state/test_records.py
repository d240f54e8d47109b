"""Records are a value: saving makes new records and shares all that did not change."""

from __future__ import annotations

import weakref
from collections.abc import Mapping
from typing import ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecf_sandbox.state import records
from ecf_sandbox.state.record import Record
from ecf_sandbox.state.table import Table


class User(Record, frozen=True, kw_only=True):
    id: str
    full_name: str = "Jo Lee"


class Provider(Record, frozen=True, kw_only=True):
    name: str
    city: str = "Leeds"


class Records(records.Records):
    """The tables of a service that has two."""

    TABLES: ClassVar[Mapping[type[Record], str]] = {User: "users", Provider: "providers"}

    users: Table[str, User]
    providers: Table[str, Provider]

    def __init__(self) -> None:
        super().__init__()
        self.users = Table("id")
        self.providers = Table("name", "city")


class Others(records.Records):
    """Those of another service, which are called the same."""

    TABLES: ClassVar[Mapping[type[Record], str]] = {User: "users", Provider: "providers"}

    def __init__(self) -> None:
        super().__init__()
        self.users: Table[str, User] = Table("id")
        self.providers: Table[str, Provider] = Table("name")


def a_user(id: str = "u1", full_name: str = "Jo Lee") -> User:
    return User(id=id, full_name=full_name)


def a_provider(name: str = "p") -> Provider:
    return Provider(name=name)


def count_users(records: Records) -> int:
    return len(records.users)


def twice_the_users(records: Records) -> int:
    return 2 * records.cached(count_users)


def providers_if_users(records: Records) -> int | None:
    return len(records.providers) if len(records.users) else None


def save_a_user(records: Records) -> Records:
    return records.save(a_user())


def users_if_records(records: Records) -> int | None:
    return len(records.users) if isinstance(records, Records) else None


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

        assert after.users is not before.users
        assert after.providers is before.providers

    def test_and_removing_again_gives_equal_records(self):
        before = Records().save(a_user())

        assert before.save(a_user("u2")).remove(a_user("u2")) == before


ROWS = st.one_of(
    st.builds(User, id=st.sampled_from("abc"), full_name=st.sampled_from(("Jo", "Al"))),
    st.builds(Provider, name=st.sampled_from("abc"), city=st.sampled_from(("Leeds", "York"))),
)


class TestTablesOfAService:
    @given(st.lists(st.tuples(st.booleans(), st.lists(ROWS, max_size=4)), max_size=12))
    def test_hold_what_a_dict_for_each_kind_of_row_would(self, steps):
        made, models = [Records()], [{}]
        for removed, rows in steps:
            model = dict(models[-1])
            for row in rows:
                key = (type(row), row.id if isinstance(row, User) else row.name)
                before = model.get(key)
                # A row that comes into another group of an index comes last in it.
                if removed or (before and getattr(before, "city", None) != getattr(row, "city", None)):
                    model.pop(key, None)
                if not removed:
                    model[key] = row
            made.append(made[-1].remove(*rows) if removed else made[-1].save(*rows))
            models.append(model)

        for it, model in zip(made, models, strict=True):
            assert type(it) is Records
            assert {(User, row.id): row for row in it.users} | {
                (Provider, row.name): row for row in it.providers
            } == model
            cities = {row.name for row in model.values() if isinstance(row, Provider) and row.city == "York"}
            assert {row.name for row in it.providers.by("city", "York")} == cities
            assert it == Records().save(*model.values())
            assert it.cached(count_users) == len(it.users)

    def test_are_no_other_services_even_where_they_are_empty(self):
        assert Records() != Others()
        assert Records() == Records()

    def test_take_no_row_of_a_type_that_they_do_not_name(self):
        class School(Record, frozen=True):
            id: str

        with pytest.raises(KeyError):
            Records().save(School("s"))

    def test_are_what_a_view_sees_of_each_service(self):
        assert Records().save(a_user()).cached(users_if_records) == 1
        assert Others().save(a_user()).cached(users_if_records) is None
        assert Others().save(a_user()).cached(count_users) == 1


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
        [(_, answers)] = [it.view for it in records._views.values()]
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

        names = ("u1", "u2", "u3")
        for it in made:
            assert it.cached_all(described, iter(names), "") == [described(it, name, "") for name in names]
        for name in ("u1", "u2", "u3"):
            assert [it.cached_each(described, name, "") for it in made] == [described(it, name, "") for it in made]
