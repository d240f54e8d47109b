"""The fixtures for a provider's own tests. What they need of the sandbox is imported when they are first used."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from ecf_sandbox.pytest_plugin.run import Run
from ecf_sandbox.pytest_plugin.shared import EcfWorlds

if TYPE_CHECKING:
    from ecf_sandbox.testing.client import EcfClient
    from ecf_sandbox.testing.pool import WorldPool
    from ecf_sandbox.testing.world import EcfWorld

RUN = pytest.StashKey[Run]()
WORLD = pytest.StashKey["EcfWorld"]()


@pytest.fixture
def ecf_world(request: pytest.FixtureRequest) -> Iterator[EcfWorld]:
    """A world of the test's own: a copy of a scenario that nobody else sees or changes."""
    run, item = request.config.stash[RUN], request.node
    try:
        world = run.world(item)
    except ValueError as wrong:
        raise pytest.fail.Exception(f"ecf-sandbox: {wrong}", pytrace=False) from None
    item.stash[WORLD] = world
    yield world
    run.learn(item, world)


@pytest.fixture
def ecf_client(ecf_world: EcfWorld) -> EcfClient:
    """A client of the test's world, without a socket: `get`, `post`, `put` and `patch` with JSON."""
    return ecf_world.client


@pytest.fixture(scope="session")
def ecf_worlds(request: pytest.FixtureRequest) -> EcfWorlds:
    """Makes worlds that several tests share: each lives as long as the fixture, of any scope, that asks for it."""
    return EcfWorlds(request.config.stash[RUN])


@pytest.fixture(scope="session")
def ecf_server(request: pytest.FixtureRequest) -> WorldPool:
    """The server of all worlds, one for each pytest process: `url`, at a free port; it stops when the run ends."""
    run = request.config.stash[RUN]
    try:
        stage = run.stage
    except ValueError as wrong:
        raise pytest.fail.Exception(f"ecf-sandbox: {wrong}", pytrace=False) from None
    stage.server  # noqa: B018  # started when first asked for
    return stage


@pytest.fixture
def ecf_env(request: pytest.FixtureRequest, ecf_world: EcfWorld, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Your own environment variables for the length of the test, as `env` in `[tool.ecf_sandbox]` says."""
    env = request.config.stash[RUN].settings.env
    if not env:
        pytest.fail(
            "ecf-sandbox: ecf_env has nothing to set; configure it in pyproject.toml:\n"
            '[tool.ecf_sandbox]\nenv = { LEAD_PROVIDER_API_URL = "{url}", LEAD_PROVIDER_API_TOKEN = "{token}" }',
            pytrace=False,
        )
    values = {name: _filled(text, ecf_world) for name, text in env.items()}
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    return values


def _filled(text: str, world: EcfWorld) -> str:
    for fact in ("token", "url"):
        if f"{{{fact}}}" in text:  # the url only where it is asked for: that starts the server
            text = text.replace(f"{{{fact}}}", getattr(world, fact))
    return text.replace("{world}", world.name)
