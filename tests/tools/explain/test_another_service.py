"""A client that moved to another service, or not yet, is told whose path it asks for."""

from __future__ import annotations

import pytest

from ecf_sandbox.app import create_app
from ecf_sandbox.scenario import load_scenario
from ecf_sandbox.scenario.world import world_of
from ecf_sandbox.state.worlds import Worlds
from ecf_sandbox.tools.explain.explain import explain
from ecf_sandbox.transport import InProcess

SOMEBODY = "1d4e6f7a-0000-4000-8000-000000000000"
OTHER = {"ecf": "rect", "rect": "ecf"}


def serve(world):
    return InProcess(create_app(Worlds(world)).wsgi_app)


def reasons(service, method, path):
    """What explains the answer to a request in a world of a service."""
    world = world_of(load_scenario("default", seed="sandbox", service=service))
    serve(world)(method, path, [("Authorization", "Bearer ambition-token")], None)
    return explain(world, world.journal.get(1), serve).reasons


@pytest.mark.parametrize(
    ("service", "method", "path"),
    [
        ("ecf", "GET", "/api/v3/participants"),
        ("ecf", "GET", f"/api/v3/participants/{SOMEBODY}"),
        ("ecf", "PUT", f"/api/v3/participants/{SOMEBODY}/defer"),
        ("ecf", "GET", "/api/v3/partnerships"),
        ("rect", "GET", "/api/v3/participants/ecf"),
        ("rect", "GET", f"/api/v3/participants/ecf/{SOMEBODY}"),
        ("rect", "POST", "/api/v3/partnerships/ecf"),
        ("rect", "GET", "/api/v1/participants/ecf.csv"),
    ],
)
def test_a_path_of_another_service_is_said_to_be_one(service, method, path):
    assert any(f"serve --service {OTHER[service]}" in it for it in reasons(service, method, path))


@pytest.mark.parametrize(
    ("service", "path"),
    [
        ("ecf", f"/api/v3/participants/ecf/{SOMEBODY}"),
        ("rect", f"/api/v3/participants/{SOMEBODY}"),
        ("ecf", f"/api/v3/statements/{SOMEBODY}"),
        ("rect", "/api/v3/nowhere"),
    ],
)
def test_nothing_is_said_of_others_where_the_path_is_its_own_or_nobodys(service, path):
    assert not any("another service" in it for it in reasons(service, "GET", path))
