"""The pieces of printed pages: what they look like."""

from __future__ import annotations

import pytest

from ecf_sandbox.printing import bullets, code, entry, table


def test_a_table_has_its_head_and_a_row_for_each_thing():
    assert table(("name", "steps"), [("a", "1"), ("b", "")]) == "| name | steps |\n| --- | --- |\n| a | 1 |\n| b |  |"


def test_facts_are_a_list():
    assert bullets({"field": "date", "source": "guidance"}) == "- field: date\n- source: guidance"


@pytest.mark.parametrize(("text", "printed"), [("a = b", "`a = b`"), ("the `id`", "`` the `id` ``")])
def test_code_may_have_backticks_in_it(text, printed):
    assert code(text) == printed


def test_the_facts_of_an_entry_stand_in_a_column():
    assert entry("x.y", "About it.", {"fix": "this", "broken by": "that"}) == (
        "x.y\n  About it.\n  fix       this\n  broken by that"
    )
