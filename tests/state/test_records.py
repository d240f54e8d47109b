"""Records are a value: saving makes new records and shares all that did not change."""

from __future__ import annotations

import weakref
from datetime import UTC, datetime

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


def count_users(records: Records) -> int:
    return len(records.users)


USERS = frozenset({"users"})


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

        after = records.save(Provider(id="p", name="P", organisation="P"))
        assert [it.cached(USERS, counted) for it in (records, records, after) if it is not after] == [1, 1]
        assert after.cached(USERS, counted) == 1
        assert len(asked) == 2  # `after` was made before the view was, so it had nothing to share

    def test_is_shared_with_records_that_differ_elsewhere(self):
        asked = []

        def counted(records: Records) -> int:
            asked.append(records)
            return len(records.users)

        records = Records().save(a_user())
        records.cached(USERS, counted)

        assert records.save(Provider(id="p", name="P", organisation="P")).cached(USERS, counted) == 1
        assert len(asked) == 1

    def test_is_computed_anew_when_one_of_its_tables_changes(self):
        records = Records().save(a_user())
        records.cached(USERS, count_users)

        assert records.save(a_user("u2")).cached(USERS, count_users) == 2

    def test_is_shared_by_all_that_was_made_from_settled_records_whenever_it_is_computed(self):
        asked = []

        def counted(records: Records) -> int:
            asked.append(records)
            return len(records.users)

        records = Records().save(a_user()).as_baseline()
        forks = [records.save(Provider(id=name, name=name, organisation=name)) for name in "pq"]

        assert [it.cached(USERS, counted) for it in (*forks, records, forks[0].remove(*forks[0].providers))] == [1] * 4
        assert len(asked) == 1

    def test_keeps_no_records_but_the_last_that_were_settled(self):
        """A world that is forked again and again while it changes holds on to what it was at each fork no longer."""
        first = Records().save(a_user()).as_baseline()
        later = first.save(a_user("u2")).as_baseline().save(a_user("u3"))
        seen = weakref.ref(first)
        del first

        assert seen() is None
        assert later.cached(USERS, count_users) == 3

    @given(st.lists(st.tuples(st.integers(0, 5), st.booleans(), st.booleans(), st.booleans()), max_size=12))
    def test_is_what_would_be_computed_now_whatever_was_settled_and_asked_before(self, steps):
        """Of any records made so far: add a user or a provider, settle, ask."""
        made = [Records().save(a_user()).as_baseline()]
        for n, (which, user, settled, asked) in enumerate(steps):
            before = made[which % len(made)]
            after = before.save(a_user(f"u{n}") if user else Provider(id=f"p{n}", name="P", organisation="P"))
            made.append(after.as_baseline() if settled else after)
            if asked:
                before.cached(USERS, count_users)

        assert [it.cached(USERS, count_users) for it in made] == [len(it.users) for it in made]


def test_every_table_has_a_row_type_of_its_own():
    assert len(set(TABLES.values())) == len(TABLES)
    assert all(hasattr(Records(), name) for name in TABLES.values())
