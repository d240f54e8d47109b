"""Help stands beside the fake, never in it: without `tools/` and `remote/` the sandbox still answers."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from ecf_sandbox.transport import OverHttp
from tests.served import ENVIRONMENT

WITHOUT = """
import sys
from importlib.abc import MetaPathFinder

class Gone(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.startswith(("ecf_sandbox.tools", "ecf_sandbox.remote")):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Gone())
from ecf_sandbox.cli.main import main
main(["serve", "--port", "0"])
"""


@pytest.mark.slow
def test_the_provider_api_is_served_without_tools_and_other_servers():
    with subprocess.Popen(
        [sys.executable, "-c", WITHOUT], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=ENVIRONMENT
    ) as process:
        try:
            greeting = json.loads(process.stdout.readline())
            token = [("Authorization", f"Bearer {greeting['token']}")]
            reply = OverHttp(greeting["url"])("GET", "/api/v3/participants/ecf?filter[nonsense]=1", token, None)
        finally:
            process.kill()

    assert reply.status == 200
    assert "x-sandbox-findings" not in reply.headers
