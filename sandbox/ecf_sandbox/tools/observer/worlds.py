"""A check on the world that was asked: whether it is still the one that its client knew."""

from __future__ import annotations

from collections.abc import Iterator

from ecf_sandbox.state.findings import Severity
from ecf_sandbox.tools.observer.check import Location, check
from ecf_sandbox.tools.observer.request import ObservedRequest


@check(
    "world.recreated",
    Severity.ERROR,
    message="The world {received} was dropped, since the sandbox keeps only so many, and began anew: what was written,"
    " its clock and its snapshots are gone. How it began is in the answer's header X-Sandbox-World-Recreated.",
    fix="Serve with more --worlds, or delete worlds when their tests end. Reset or create this one to go on with it.",
)
def recreated(sent: ObservedRequest) -> Iterator[Location]:
    """No more worlds are used than the sandbox keeps: above `--worlds` the least recently used is dropped."""
    if sent.world.recreated:
        yield Location("X-Sandbox-World", sent.world.name, "a world that is kept")


CHECKS = (recreated,)
