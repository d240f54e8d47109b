"""Tables: whatever stands in them, they fit, and nothing in them commands the terminal."""

from __future__ import annotations

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecf_sandbox.cli.listings import EXCHANGES
from ecf_sandbox.cli.tables import Column, Table, with_short_ids
from ecf_sandbox.cli.terminal import columns_of, cut, cut_middle, ellipsis_for, plain_json, wants_colour, width_of

PEOPLE = Table(
    [Column("NO", right=True), Column("NAME"), Column("ID", optional=True)],
    [["1", "Jane Smith", "a" * 8], ["12", "Ada", "b"]],
    "Nobody.",
)


class Terminal(io.StringIO):
    def isatty(self):
        return True


class TestATable:
    def test_is_as_wide_as_what_is_in_it(self):
        assert PEOPLE.lines(None) == [
            "NO  NAME        ID",
            " 1  Jane Smith  aaaaaaaa",
            "12  Ada         b",
        ]

    def test_says_so_where_there_is_nothing(self):
        assert Table(PEOPLE.columns, [], "Nobody.", ["Look elsewhere."]).lines(80) == ["Nobody.", "Look elsewhere."]

    def test_leaves_out_what_is_optional_before_it_cuts(self):
        assert PEOPLE.lines(14) == ["NO  NAME", " 1  Jane Smith", "12  Ada"]

    def test_cuts_where_the_terminal_is_narrow(self):
        assert PEOPLE.lines(11)[1] == " 1  Jane S…"

    def test_shortens_ids_before_it_cuts(self):
        path = "/x/52533669-e457-8431-a46a-958f59d67faa/void"

        assert Table([Column("P", shorten=with_short_ids)], [[path]], "").lines(20)[1] == "/x/52533669…/void"

    @given(
        st.lists(
            st.lists(st.text(max_size=60), min_size=len(EXCHANGES), max_size=len(EXCHANGES)), min_size=1, max_size=4
        ),
        st.integers(1, 130),
    )
    def test_fits_whatever_is_in_it(self, rows, width):
        lines = Table(EXCHANGES, rows, "").lines(width)

        assert len(lines) == len(rows) + 1
        assert max(map(columns_of, lines)) <= width
        assert all(it.isprintable() for it in lines)


class TestText:
    @pytest.mark.parametrize(
        ("text", "columns", "shown"),
        [
            ("Jane", 4, "Jane"),
            ("Jane S", 5, "Jane…"),
            ("日本語", 5, "日本…"),
            ("日本語", 4, "日…"),
            ("Zoe\u0308 Ellery", 6, "Zoe\u0308 E…"),
            ("Jane", 0, ""),
        ],
    )
    def test_is_cut_to_what_is_seen(self, text, columns, shown):
        assert cut(text, columns) == shown

    @given(st.text(max_size=40), st.integers(0, 40), st.sampled_from(["…", "..."]))
    def test_is_never_wider_than_there_is_room(self, text, columns, ellipsis):
        assert columns_of(cut(text, columns, ellipsis)) <= columns
        assert columns_of(cut_middle(text, columns, ellipsis)) <= columns

    def test_keeps_its_end_where_that_tells_it_from_others(self):
        assert cut_middle("statements.UCL.2025.November 2026", 21) == "statements…ember 2026"

    @given(st.recursive(st.text(), lambda inner: st.dictionaries(st.text(), inner, max_size=3), max_leaves=5))
    def test_as_json_means_the_same_and_commands_no_terminal(self, document):
        shown = plain_json(json.dumps(document, indent=2, ensure_ascii=False))

        assert json.loads(shown) == document
        assert all(it.isprintable() for it in shown.split("\n"))


class TestATerminal:
    def test_has_the_width_that_is_given(self):
        assert width_of(Terminal(), {"COLUMNS": "70"}) == 70
        assert width_of(io.StringIO(), {"COLUMNS": "70"}) == 70

    @pytest.mark.parametrize("told", ["", "0", "wide", "-1"])
    def test_has_eighty_columns_where_nobody_says(self, told):
        assert width_of(Terminal(), {"COLUMNS": told}) == 80

    def test_that_is_none_cuts_nothing(self):
        assert width_of(io.StringIO(), {}) is None

    def test_shows_colours_unless_it_is_told_not_to(self):
        assert wants_colour(Terminal(), {})
        assert wants_colour(Terminal(), {"NO_COLOR": ""})
        assert not wants_colour(Terminal(), {"NO_COLOR": "1"})
        assert not wants_colour(Terminal(), {"TERM": "dumb"})
        assert not wants_colour(io.StringIO(), {})

    @pytest.mark.parametrize(("encoding", "ellipsis"), [("utf-8", "…"), ("cp1252", "…"), ("ascii", "...")])
    def test_has_the_ellipsis_of_its_encoding(self, encoding, ellipsis):
        assert ellipsis_for(io.TextIOWrapper(io.BytesIO(), encoding=encoding)) == ellipsis
