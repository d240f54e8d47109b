import pytest

from tests.control.controlling import Sandbox


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox()
