"""`make contract-prism`: plays every story through Prism, a validating proxy, and counts what it objects to."""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from ecf_sandbox.app import create_app
from ecf_sandbox.scenario.loading import load_scenario, shipped
from ecf_sandbox.scenario.player import play_in
from ecf_sandbox.scenario.world import world_of
from ecf_sandbox.services import SERVICES, service_named
from ecf_sandbox.state.worlds import Worlds
from ecf_sandbox.testing.thread_server import ThreadServer
from ecf_sandbox.tools.contract.documents import OpenApiDocument, documents
from ecf_sandbox.transport import Headers, OverHttp, Reply

PRISM = "@stoplight/prism-cli@5"
PATIENCE = 120.0
VERSION = re.compile(r"/api/(v\d)/")


class Stage:
    """What the server serves: the application of whichever story is being played."""

    app: Any = None

    def __call__(self, environ: Any, start_response: Any) -> Any:
        return self.app(environ, start_response)


class ThroughPrism:
    """Sends each request through the proxy of its service and version and keeps what that objects to."""

    service = ""  # whose story is played

    def __init__(self, proxies: dict[tuple[str, str], OverHttp], straight: OverHttp) -> None:
        self.proxies = proxies
        self.straight = straight
        self.sent = self.not_passed_on = 0
        self.objections: list[str] = []

    def __call__(self, method: str, target: str, headers: Headers = (), body: bytes | None = None) -> Reply:
        version = VERSION.match(target)
        # What is asked in a version that the service has not got is held against its newest.
        through = self.proxies.get((self.service, version[1] if version else "v3")) or self.proxies[self.service, "v3"]
        reply = through(method, target, headers, body)
        self.sent += 1
        if "x-request-id" not in reply.headers:  # an answer of Prism's own, as to JSON that cannot be parsed
            self.not_passed_on += 1
            return self.straight(method, target, headers, body)
        # A story also tells of requests that are refused; only those that pass are meant to be sound. A document can
        # name one scheme for tokens: that `Token` is read as well is said in words.
        sound = reply.status < 400 and dict(headers).get("Authorization", "").startswith("Bearer ")
        for it in json.loads(reply.headers.get("sl-violations", "[]")):
            if it["location"][0] == "response" or sound:
                self.objections.append(
                    f"{method} {target} ({reply.status}): {'/'.join(it['location'])} {it['message']}"
                )
        return reply


def main() -> int:
    """Play the stories named (default: all), print what Prism objects to, and answer 1 if it does."""
    parser = argparse.ArgumentParser(prog="python -m tests.tools.contract.prism", description=__doc__)
    parser.add_argument("stories", nargs="*", default=shipped(), help="names of scenarios")
    options = parser.parse_args()
    if shutil.which("npx") is None:
        print("Prism needs node and npm, and npx is not here: nothing is checked.")
        return 0
    started = time.perf_counter()
    services = {it: service_named(it) for it in SERVICES}
    with ExitStack() as open_things:
        stage = Stage()
        url = open_things.enter_context(ThreadServer(stage)).url
        proxies = {
            (service, f"v{version}"): OverHttp(open_things.enter_context(proxy(documents(it)[f"v{version}"], url)))
            for service, it in services.items()
            for version in it.versions
        }
        send = ThroughPrism(proxies, straight=OverHttp(url))
        astray = [line for name in options.stories for line in played(name, stage, send)]
    print(*send.objections, *astray, sep="\n")
    print(f"{len(options.stories)} scenarios played through Prism in {time.perf_counter() - started:.0f} s")
    print(
        f"{send.sent} requests, {send.not_passed_on} of them not passed on: "
        f"{len(send.objections)} violations, {len(astray)} steps astray"
    )
    return 1 if send.objections or astray or not send.sent else 0


def played(name: str, stage: Stage, send: ThroughPrism) -> Iterator[str]:
    """Play one story; what came out differently because of the proxy, or for any other reason."""
    scenario = load_scenario(name, seed="prism")
    world = world_of(scenario, seed="prism")
    stage.app = create_app(Worlds(world))
    send.service = scenario.service.name
    for outcome in play_in(world, scenario, send):
        yield from (f"{name}, step {outcome.number}: {it}" for it in outcome.differences)


@contextmanager
def proxy(document: OpenApiDocument, upstream: str) -> Iterator[str]:
    """Prism before a server, by a document, while it lasts."""
    port = free_port()
    command = ["npx", "--yes", PRISM, "proxy", str(document.file), upstream, "--port", str(port), "-v", "fatal"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True)
    try:
        wait_for(port, process)
        yield f"http://127.0.0.1:{port}"
    finally:
        os.killpg(process.pid, signal.SIGTERM)  # npx leaves its child behind
        process.wait()


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as it:
        it.bind(("127.0.0.1", 0))
        port: int = it.getsockname()[1]
        return port


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    """Wait until something listens there; the first time, npm fetches Prism. Raises RuntimeError if nothing comes."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        with socket.socket() as it:
            if it.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    os.killpg(process.pid, signal.SIGTERM)
    said = process.communicate()[1].decode(errors="replace")
    raise RuntimeError(f"Prism did not start: {said}")


if __name__ == "__main__":
    sys.exit(main())
