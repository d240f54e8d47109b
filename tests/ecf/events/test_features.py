"""The switches of the DfE's staff."""

from __future__ import annotations

import pytest

from ecf_sandbox.ecf.events.cohorts import set_feature_flag
from tests.ecf.events.builders import turn_with


@pytest.mark.parametrize("active", [True, False])
def test_a_feature_is_what_was_said_last(active):
    turn = turn_with()
    set_feature_flag(turn, "programme_type_changes_2025", not active)

    set_feature_flag(turn, "programme_type_changes_2025", active)

    assert turn.records.feature("programme_type_changes_2025") is active
