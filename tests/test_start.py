"""The start loads what the first answer needs, and leaves the rest to whoever needs it."""

from __future__ import annotations

import json
import subprocess
import sys

import click
import pytest

from ecf_sandbox.cli.main import main
from ecf_sandbox.transport import OverHttp
from tests.served import ENVIRONMENT

LOADED = """
import sys

sys.stderr.close = lambda: None  # it is written to at the very end
from ecf_sandbox.cli.main import main

main(["serve", "--port", "0"], standalone_mode=False)
"""
LOADED = """
import atexit, json, sys
from ecf_sandbox.cli.main import main
atexit.register(lambda: print(json.dumps(sorted(sys.modules))))
main(["serve", "--port", "0"])
"""
LATER = {
    "flask",
    "werkzeug",
    "jinja2",
    "http.client",
    "ecf_sandbox.control",
    "ecf_sandbox.web",
    "ecf_sandbox.cli.control",
}


@pytest.mark.parametrize("name", main.later)
def test_a_command_that_is_loaded_later_is_there(name):
    command = main.get_command(click.Context(main), name)

    assert command is not None
    assert command.name == name


@pytest.mark.slow
def test_a_server_that_answered_for_the_provider_api_has_loaded_no_flask():
    with subprocess.Popen(
        [sys.executable, "-c", LOADED], stdout=subprocess.PIPE, text=True, env=ENVIRONMENT
    ) as process:
        greeting = json.loads(process.stdout.readline())
        token = [("Authorization", f"Bearer {greeting['token']}")]
        reply = OverHttp(greeting["url"])("GET", "/api/v3/participants/ecf?page[per_page]=1", token)
        process.terminate()
        loaded = set(json.loads(process.stdout.readline()))

    assert reply.status == 200
    assert "ecf_sandbox.api.pipeline" in loaded
    assert loaded & LATER == set()
