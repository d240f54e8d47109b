"""The wheel alone exercises clients of a foreign project, in languages that have nothing to do with Python."""

from __future__ import annotations

import pytest

from tests.examples.folders import needs
from tests.release.artefacts import ROOT, build
from tests.release.exercising import exercises_a_node_client, exercises_a_shell_client
from tests.release.installation import install

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("foreign")
    return install(build("wheel", ROOT, folder / "wheel"), folder)


def test_a_client_in_node(installed):
    needs("node")

    exercises_a_node_client(installed)


def test_a_client_in_shell(installed):
    needs("curl")

    exercises_a_shell_client(installed)
