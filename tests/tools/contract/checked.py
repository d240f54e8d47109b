"""A way into the application that fails on every answer that the OpenAPI documents do not promise."""

from __future__ import annotations

from functools import cache

from ecf_sandbox.api.request import meant_method
from ecf_sandbox.ecf.service import SERVICE
from ecf_sandbox.tools.contract.answers import Contract
from ecf_sandbox.tools.contract.documents import documents
from ecf_sandbox.transport import Headers, Reply, Transport, environ_of


@cache
def contract() -> Contract:
    """The documents, read once in a run."""
    return Contract(documents(SERVICE))


class Checked:
    """Sends by another transport and judges what comes back. Trouble of the sandbox's own is not judged."""

    def __init__(self, send: Transport) -> None:
        self.send = send

    def __call__(self, method: str, target: str, headers: Headers = (), body: bytes | None = None) -> Reply:
        reply = self.send(method, target, headers, body)
        if not of_the_sandbox(reply):
            faults = contract().faults(meant(method, target, headers, body), target, reply)
            assert not faults, f"{method} {target} was answered with {reply.status}, and:\n  " + "\n  ".join(faults)
        return reply


def of_the_sandbox(reply: Reply) -> bool:
    """Whether the answer is the sandbox's own: a world or a header that cannot be, or a fault that somebody set."""
    ours = (b"Fault ", b"Bad Request\r\n")
    return reply.headers.get("content-type") == "application/problem+json" or reply.body.startswith(ours)


def meant(method: str, target: str, headers: Headers, body: bytes | None) -> str:
    """The method that a request stands for."""
    return meant_method(environ_of(method, target, headers, body or b"")) if method == "POST" else method
