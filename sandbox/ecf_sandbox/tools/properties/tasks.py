"""What a client may be told to do: each write of an API as a task, with its ids as names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from ecf_sandbox.state.properties import Happening, Request
from ecf_sandbox.tools.properties.requests import named

# The write of each task, by what a client is told to do; they are the same of every service that trains people.
TASKS: Mapping[str, str] = {
    "declare": "createDeclaration",
    "void": "voidDeclaration",
    "defer": "deferParticipant",
    "withdraw": "withdrawParticipant",
    "resume": "resumeParticipant",
    "change-schedule": "changeParticipantSchedule",
    "confirm-partnership": "confirmPartnership",
    "update-partnership": "updatePartnership",
}
_BY_ID = {name for name in TASKS if name not in ("declare", "confirm-partnership")}


class Task(NamedTuple):
    """What a client is told to do, and the request by which it does."""

    told: Mapping[str, Any]
    happening: Happening


def task_of(do: str, client: str, request: Request, names: Mapping[str, str]) -> Task:
    """The task that a request fulfils.

    It has what the document of the request has, and for what exists already its `id`.
    """
    target, body = named(names, request.target), named(names, request.body)
    task: dict[str, Any] = {"do": do}
    if do in _BY_ID:
        task["id"] = _id_in(target)
    task |= body["data"]["attributes"] if body else {}
    happening = Happening(kind="request", by=client, method=request.method, target=target, body=body)
    return Task(told=task, happening=happening)


def _id_in(target: str) -> str:
    """The id, or what stands for it, in `/api/v3/LIST/ID/ACTION`, where a name may have any character."""
    first = target.find("${")
    if first >= 0:
        return target[first : target.index("}", first) + 1]
    return next(it for it in target.split("/") if it.count("-") == 4)
