"""A client of the default scenario that is told why."""

from __future__ import annotations

import pytest

from tests.tools.explain.asking import Explained


@pytest.fixture
def client() -> Explained:
    return Explained()
