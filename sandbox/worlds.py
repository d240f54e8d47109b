"""All worlds of one process, and which one a request is for."""

from __future__ import annotations

from sandbox.world import World

MAIN = "main"


class Worlds:
    """Worlds by name. The first, `main`, answers requests that name no other."""

    def __init__(self, main: World) -> None:
        self.by_name: dict[str, World] = {MAIN: main}

    @property
    def main(self) -> World:
        """The world that answers unless another is asked for."""
        return self.by_name[MAIN]
