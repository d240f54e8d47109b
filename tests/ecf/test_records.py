"""The tables of the service: each is named, made and typed, and what its rows refer to is one of them."""

from __future__ import annotations

from typing import get_args, get_type_hints

import pytest

from ecf_sandbox.ecf.records import Records, records_in
from ecf_sandbox.ecf.service import SERVICE as ECF
from ecf_sandbox.state import records
from ecf_sandbox.state.table import Table
from ecf_sandbox.state.world import State

NAMES = set(Records.TABLES.values())


def test_every_table_has_a_row_type_of_its_own():
    assert len(NAMES) == len(Records.TABLES)


def test_every_table_that_is_named_is_made_empty():
    assert {name for name, it in vars(Records()).items() if isinstance(it, Table)} == NAMES
    assert [name for name in NAMES if len(getattr(Records(), name))] == []


def test_every_table_is_typed_by_its_rows():
    typed = {name: get_args(it)[1] for name, it in get_type_hints(Records).items() if name in NAMES}

    assert typed == {name: row_type for row_type, name in Records.TABLES.items()}


def test_what_rows_refer_to_and_what_is_counted_are_tables():
    members = {it for row_type in Records.TABLES for it in row_type.__struct_fields__}

    assert set(Records.REFERS_TO.values()) | set(Records.COUNTED) <= NAMES
    assert set(Records.REFERS_TO) <= members


def test_are_those_of_the_service():
    assert ECF.records_type is Records


def test_records_of_another_service_are_not_read():
    with pytest.raises(TypeError, match="another service"):
        records_in(State(records=records.Records()))
