"""Looks at what surrounds the sandbox: the port it would listen at, and the environment variables that are for it."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator, Mapping
from http.client import HTTPException

from ecf_sandbox.cli.installation.diagnosis import Diagnosis, ok, warning, wrong
from ecf_sandbox.transport import OverHttp, Reply

HOST, PREFIX = "127.0.0.1", "ECF_SANDBOX_"
SECONDS = 2.0
OTHER = "choose another with --port, or stop what listens there; --port 0 takes any free one"

# For each variable what reads it: raises ValueError with what is wrong.
Variables = Mapping[str, Callable[[str], object]]


def port(number: int) -> Diagnosis:
    """Whether a port of this machine is free, and if not, whether a sandbox has it. Asks nothing but this machine."""
    about = f"port {number}"
    try:
        socket.create_connection((HOST, number), timeout=SECONDS).close()
    except ConnectionRefusedError:
        return ok(about, "free")
    except OSError as error:
        return warning(about, f"cannot be tried: {error}", OTHER)
    try:
        reply = OverHttp(f"http://{HOST}:{number}", timeout=SECONDS)("GET", "/_sandbox/ready")
    except (OSError, HTTPException):
        return warning(about, "taken, by something that does not speak HTTP", OTHER)
    who = _sandbox(reply)
    return ok(about, f"taken, by {who}") if who else warning(about, "taken, and not by a sandbox", OTHER)


def _sandbox(reply: Reply) -> str | None:
    """Which sandbox answers so; None if it is none."""
    try:
        told = json.loads(reply.body)
        if reply.status == 200:
            return f"ecf-sandbox {told['version']} with scenario {told['scenario']}, edition {told['edition']}"
        if str(told["type"]).startswith("urn:ecf-sandbox:problem:"):
            return "a sandbox that wants its control token"
    except (ValueError, KeyError, TypeError):
        pass
    return None


def variables(environment: Mapping[str, str], known: Variables) -> Iterator[Diagnosis]:
    """What is set for the sandbox, unknown or not to be understood; one line if all is well."""
    from ecf_sandbox.scenario.problems import unlike

    found = {name: it for name, it in sorted(environment.items()) if name.startswith(PREFIX)}
    if not found:
        yield ok("environment", f"no {PREFIX}… is set")
    for name, value in found.items():
        if not value:
            yield ok(name, "is empty, which counts as not set")
            continue
        if name not in known:
            yield warning(name, f"is read by nothing: {unlike(name, known)}", f"rename it, or: unset {name}")
            continue
        try:
            known[name](value)
        except ValueError as error:
            yield wrong(name, str(error), f"correct it, or: unset {name}")
        else:
            yield ok(name, "is understood")
