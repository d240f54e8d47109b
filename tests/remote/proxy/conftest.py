from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.remote.proxy.standing import Scripted, Standing, standing_before
from tests.served import Answering, standing


@pytest.fixture
def behind() -> Iterator[Scripted]:
    server = Scripted()
    yield server
    server.stop()


@pytest.fixture
def proxy(behind: Scripted) -> Iterator[Standing]:
    with standing_before(behind.url) as it:
        yield it


@pytest.fixture(scope="session")
def sandbox_behind() -> Iterator[Answering]:
    with standing("2026-10-12T09:00:00Z") as it:
        yield it


@pytest.fixture
def before_sandbox(sandbox_behind: Answering) -> Iterator[Standing]:
    with standing_before(sandbox_behind.url) as it:
        yield it
