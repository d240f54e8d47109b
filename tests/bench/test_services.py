"""What `make bench` asks of each service succeeds, so that no refusal is measured."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from tests.bench.load import Connection, request
from tests.bench.servers import sandbox_command, serving
from tests.bench.services import DECLARED, ECF, RECT, TOKEN, MeasuredService

pytestmark = pytest.mark.slow
PARTICIPANTS = 100


@pytest.mark.parametrize("service", [ECF, RECT], ids=lambda it: it.name)
def test_every_request_that_is_measured_succeeds(service: MeasuredService, tmp_path: Path) -> None:
    with serving(sandbox_command(tmp_path, PARTICIPANTS, service)) as server:
        connection, url = Connection(server.url), server.url
        with closing(connection.socket):
            people = service.declarable(connection.ask, url, PARTICIPANTS)
            asked = [service.show(url, people, 1), request(url, service.list_of_100, token=TOKEN)]
            asked += [service.declare(url, people, n) for n in range(len(people) * len(DECLARED))]
            statuses = {connection.ask(it)[0] for it in asked}
    assert len(people) > PARTICIPANTS / 4
    assert statuses == {200}
