"""Faults and rate limits of a world."""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus
from typing import Annotated

import msgspec

from ecf_sandbox.api.operation_names import (
    METHODS,
    has_query,
    is_no_operation,
    nearest_path,
    operation_names,
    paths_fit,
    too_long,
)
from ecf_sandbox.control.journal import noting
from ecf_sandbox.control.matching import NO_PATH, unknown_provider
from ecf_sandbox.control.operation import operation
from ecf_sandbox.control.perform import Json
from ecf_sandbox.control.problem import Problem, bad_request, not_known
from ecf_sandbox.state.faults import Allowance, Fault
from ecf_sandbox.state.world import World
from ecf_sandbox.suggest import did_you_mean

LONGEST = 60.0
MOST = 1000


@operation("GET", "/worlds/{world}/faults", command="fault list")
def list_faults(world: World) -> Json:
    """List the faults of a world, in the order in which they are matched."""
    return {"faults": [msgspec.to_builtins(it) for it in world.faults.all()]}


@operation("POST", "/worlds/{world}/faults", command="fault set", makes_world=True, status=201)
def set_fault(
    world: World,
    operation: Annotated[
        str, "the operation, such as createDeclaration or 'v3 createDeclaration'; * and ? are wildcards"
    ] = "*",
    path: Annotated[str, "the path without the query; * and ? are wildcards"] = "*",
    method: Annotated[str | None, "the method; any if left out"] = None,
    provider: Annotated[str | None, "the name of the lead provider that asks; any if left out"] = None,
    probability: Annotated[float, "the probability, from 0 to 1; drawn from the seed, so that equal runs agree"] = 1.0,
    count: Annotated[int | None, "the largest number of requests that get it"] = None,
    status: Annotated[int | None, "the status to answer with instead"] = None,
    latency: Annotated[float, "how many seconds to delay the answer"] = 0.0,
    drop: Annotated[bool, "close the connection without an answer"] = False,
    truncate: Annotated[bool, "cut the body of the answer off in the middle"] = False,
) -> Json:
    """Set a fault. A request gets the first fault that matches it; one that no request can match is refused."""
    if len(world.faults.all()) >= MOST:
        raise Problem("too-many-faults", 409, f"world {world.name!r} has {MOST} faults: delete some first")
    method = None if method is None else method.upper()
    problems = too_long(operation=operation, path=path) or list(_never_matches(world, operation, path, method))
    if provider is not None:
        problems += unknown_provider(world, provider)
    if not 0 <= probability <= 1:
        problems.append(f"probability must be between 0 and 1, not {probability}")
    if count is not None and count < 1:
        problems.append(f"count must be at least 1, not {count}")
    if status is not None and not 200 <= status <= 599:
        problems.append(f"status must be between 200 and 599, such as {HTTPStatus.SERVICE_UNAVAILABLE}, not {status}")
    if not 0 <= latency <= LONGEST:
        problems.append(f"latency must be between 0 and {LONGEST:g} seconds, not {latency}")
    if not (status or latency or drop or truncate):
        problems.append("give at least one of status, latency, drop and truncate")
    if problems:
        raise bad_request(problems)
    names = operation_names(world.service)
    fault = Fault(
        id="",
        operation=names.in_present_terms(operation),
        operations=() if operation == "*" else tuple(it.name for it in names.named(operation)),
        path=path,
        method=method,
        provider=provider,
        probability=probability,
        count=count,
        status=status,
        latency=latency,
        drop=drop,
        truncate=truncate,
    )
    made: Json = msgspec.to_builtins(world.faults.set(fault))
    return made | noting(world, operation)


@operation("DELETE", "/worlds/{world}/faults", command="fault clear")
def clear_faults(world: World) -> Json:
    """Delete all faults of a world."""
    return {"cleared": world.faults.clear()}


@operation("DELETE", "/worlds/{world}/faults/{fault}", command="fault delete")
def delete_fault(world: World, fault: Annotated[str, "the id of the fault"]) -> Json:
    """Delete one fault."""
    if not world.faults.clear(fault):
        raise not_known("fault", fault, [it.id for it in world.faults.all()])
    return {"deleted": fault}


@operation("PUT", "/worlds/{world}/rate-limit", command="fault rate-limit", makes_world=True)
def set_rate_limit(
    world: World,
    requests: Annotated[int | None, "how many requests each token has in a window; no limit if left out"] = None,
    window: Annotated[float, "the length of the window in seconds; the service's is 300"] = 300.0,
) -> Json:
    """Limit the requests of each token in a world. Above the limit the answer is 429. Counting starts again."""
    if (requests is not None and requests < 1) or not 0 < window <= 86400:
        raise Problem(
            "bad-request", 400, "requests must be at least 1, and window more than 0 and at most 86400 seconds"
        )
    world.allowance = Allowance(requests=requests, window=window)
    world.counted.clear()
    return {"requests": requests, "window": window}


@operation("DELETE", "/worlds/{world}/rate-limit", command="fault no-rate-limit")
def clear_rate_limit(world: World) -> Json:
    """Go back to the limit that the sandbox was started with."""
    world.allowance = None
    return {"world": world.name}


def _never_matches(world: World, operation: str, path: str, method: str | None) -> Iterator[str]:
    """Why no request can match these three, each alone or together; nothing if one can."""
    names = operation_names(world.service)
    if method is not None and method not in METHODS:
        yield f"there is no method {did_you_mean(method, METHODS)}"
    elsewhere = is_no_operation(operation)
    meant = names.named(operation)
    if not meant and not elsewhere:
        yield f"there is no operation {names.did_you_mean(operation)}"
        return
    if elsewhere:  # a request for any path, and by any method, can lead nowhere
        return
    if has_query(path) or not any(paths_fit(it, path, suffixes=True) for it in names.operations):
        yield f"path: no operation has {nearest_path(names.operations, path)} ({NO_PATH})"
        return
    there = [it for it in meant if paths_fit(it, path, suffixes=True)]
    if not there:
        yield f"{operation} has no path {path!r}, but {nearest_path(meant, path)}"
    elif method in METHODS and not any(it.takes(method) for it in there):
        takes = ", ".join(dict.fromkeys(it.method for it in there))
        yield f"{path if operation == '*' else operation} takes {takes}, not {method}"
