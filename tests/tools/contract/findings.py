"""What came of a run of schemathesis, and the application that it ran against, watched."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from ecf_sandbox.state.world import World
from ecf_sandbox.tools.contract.documents import OpenApiDocument


@dataclass
class Findings:
    """What came of a run: how many requests, which statuses by operation, and what was wrong, once each."""

    document: str
    edition: str
    seconds: float = 0.0
    statuses: Counter[tuple[str, int]] = field(default_factory=Counter)
    wrong: dict[str, str] = field(default_factory=dict)

    @property
    def requests(self) -> int:
        """How many requests were sent."""
        return sum(self.statuses.values())

    def share(self, *statuses: int) -> float:
        """Which part of the answers had one of these statuses."""
        return sum(n for (_, status), n in self.statuses.items() if status in statuses) / max(self.requests, 1)

    def summary(self) -> str:
        """One line for people."""
        kinds = {"ok": self.share(200, 304), "refused": self.share(422), "not found": self.share(404)}
        shares = ", ".join(f"{share:.0%} {name}" for name, share in kinds.items())
        return (
            f"{self.document} {self.edition}: {self.requests} requests in {self.seconds:.1f} s ({shares}), "
            f"{len(self.wrong)} findings"
        )


class Watched:
    """An application that counts its answers, and begins anew for each request unless a story is being told."""

    def __init__(self, app: Any, document: OpenApiDocument, world: World, findings: Findings) -> None:
        self.app = app
        self.document = document
        self.world = world
        self.findings = findings
        self.telling = False

    def __call__(self, environ: Any, start_response: Any) -> Any:
        if not self.telling:
            self.world.reset()
        environ.pop("HTTP_ACCEPT_ENCODING", None)  # the client at hand unpacks nothing
        operation = self.document.find(environ["REQUEST_METHOD"], environ["PATH_INFO"])
        name = operation.id if operation else "no operation"

        def start(status: str, headers: Any, error: Any = None) -> Any:
            self.findings.statuses[name, int(status[:3])] += 1
            return start_response(status, headers)

        return self.app(environ, start)
