"""Every claim about a served sandbox holds under its attack, in small."""

from __future__ import annotations

import pytest

from tests.attack.cases import CASES
from tests.attack.target import attacked

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("it", CASES, ids=lambda it: it.act.__name__)
def test_holds(it):
    with attacked(1, *it.options) as target:
        it.act(target)
