"""A table behaves as a dictionary would, and its indexes as a search through all rows would."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecf_sandbox.state.record import Record
from ecf_sandbox.state.table import Table


class Row(Record, frozen=True, kw_only=True):
    id: str
    colour: str | None = None
    size: int = 0


ids = st.sampled_from([f"row {n}" for n in range(12)])
rows = st.builds(Row, id=ids, colour=st.sampled_from([None, "red", "green", "blue"]), size=st.integers(0, 3))
changes = st.lists(st.one_of(st.lists(rows, max_size=5), ids), max_size=25)


def a_table() -> Table[str, Row]:
    return Table("id", "colour", "colour,size")


def played(steps: list[list[Row] | str]) -> tuple[Table[str, Row], dict[str, Row]]:
    table, model = a_table(), {}
    for step in steps:
        if isinstance(step, str):
            table = table.drop([step])
            model.pop(step, None)
        else:
            table = table.put(step)
            model |= {row.id: row for row in step}
    return table, model


class TestATableAgainstADictionary:
    @given(changes)
    def test_holds_the_same_rows(self, steps):
        table, model = played(steps)

        assert len(table) == len(model)
        assert {row.id: row for row in table} == model
        assert all(table.get(id) == model.get(id) and (id in table) == (id in model) for id in model)

    @given(changes)
    def test_is_walked_in_the_order_of_its_keys(self, steps):
        table, _ = played(steps)

        assert [row.id for row in table] == sorted(row.id for row in table)

    @given(changes, st.sampled_from(["red", "green", "blue"]))
    def test_an_index_finds_what_a_search_finds(self, steps, colour):
        table, model = played(steps)

        assert set(table.by("colour", colour)) == {row for row in model.values() if row.colour == colour}
        for size in range(4):
            expected = {row for row in model.values() if (row.colour, row.size) == (colour, size)}
            assert set(table.by("colour,size", (colour, size))) == expected

    @given(changes, st.lists(rows, max_size=5), ids)
    def test_a_change_leaves_the_table_before_as_it_was(self, steps, more, gone):
        table, model = played(steps)

        table.put(more)
        table.drop([gone])

        assert {row.id: row for row in table} == model

    @given(changes)
    def test_equal_tables_can_be_made_along_different_ways(self, steps):
        table, model = played(steps)

        assert set(table) == set(a_table().put(model.values()))


class TestAnIndex:
    def test_keeps_the_order_in_which_rows_were_added(self):
        table = a_table().put([Row(id="b", colour="red"), Row(id="a", colour="red")])

        assert [row.id for row in table.by("colour", "red")] == ["b", "a"]

    def test_keeps_the_place_of_a_row_that_is_replaced(self):
        table = a_table().put([Row(id="b", colour="red"), Row(id="a", colour="red")])

        assert [row.size for row in table.put([Row(id="b", colour="red", size=3)]).by("colour", "red")] == [3, 0]

    @pytest.mark.parametrize("count", [255, 256, 257, 1000])
    def test_keeps_many_rows_in_order_however_they_were_added(self, count):
        many = [Row(id=f"{n * 7919 % count:04}", colour="red") for n in range(count)]
        one_by_one = a_table()
        for row in many:
            one_by_one = one_by_one.put([row])

        at_once = a_table().put(many)

        assert at_once == one_by_one
        assert at_once.by("colour", "red") == tuple(many)
        assert at_once.drop([many[3].id]).by("colour", "red") == (*many[:3], *many[4:])
        assert at_once.one("colour", "red") == many[0]

    def test_leaves_out_rows_without_a_value(self):
        assert a_table().put([Row(id="a")]).by("colour", None) == ()

    def test_that_does_not_exist_is_named_with_those_that_do(self):
        with pytest.raises(KeyError, match="no index 'weight'; there are colour, colour,size"):
            a_table().by("weight", 1)
