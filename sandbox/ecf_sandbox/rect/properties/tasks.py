"""What a provider's client may be told to do: each write of the API as a task, with its ids as names."""

from __future__ import annotations

from ecf_sandbox.rect.properties.arguments import names_of
from ecf_sandbox.rect.properties.requests import sound
from ecf_sandbox.rect.records import records_in
from ecf_sandbox.state.properties import Choose
from ecf_sandbox.state.world import World
from ecf_sandbox.tools.properties.tasks import TASKS, Task, task_of

__all__ = ["TASKS", "draw_task"]


def draw_task(world: World, client: str, do: str, choose: Choose) -> Task | None:
    """Something sound that the provider of that name may be told to do now; None where there is nothing of the kind."""
    request = sound(world, client, TASKS[do], choose)
    return None if request is None else task_of(do, client, request, names_of(records_in(world.state)))
