"""What `openapi/schemathesis.toml` has schemathesis load: a token, what can be known, and a world for each case.

The service is that whose document is read. Importing it registers the hooks, so only schemathesis does. Needs the extra
`schemathesis`.
"""

from __future__ import annotations

import os
from functools import cache
from itertools import count
from typing import Any
from weakref import WeakKeyDictionary

import schemathesis
from hypothesis.control import BuildContext, current_build_context
from schemathesis import AuthContext, Case, DeserializationContext, HookContext, Response

from ecf_sandbox.scenario.loading import load_scenario
from ecf_sandbox.services import service_named, service_names
from ecf_sandbox.state.ids import new_secret
from ecf_sandbox.state.service import Service
from ecf_sandbox.tools.contract.documents import documents
from ecf_sandbox.tools.contract.fuzzing import teach, without_advice
from ecf_sandbox.tools.contract.known_values import TOKEN, Fuzzing, KnownValues, fuzzing_of, known_to
from ecf_sandbox.transport import Headers, OverHttp, Reply

WORLD = "X-Sandbox-World"


def token(service: Service) -> str:
    """That of the client who asks: the environment's, else the first of the service's default scenario."""
    return os.environ.get(TOKEN) or first_token(service)


@cache
def first_token(service: Service) -> str:
    """The first of the service's default scenario."""
    return load_scenario("default", seed="fuzzing", service=service.name).tokens[0]


def service_of(operation: Any) -> Service:
    """The service that has the document of an operation; raises LookupError if none has."""
    return with_paths(frozenset(operation.schema.raw_schema["paths"]))


@cache
def with_paths(paths: frozenset[str]) -> Service:
    """The service that has a document with exactly these paths; raises LookupError if none has."""
    for name in service_names():
        service = service_named(name)
        if any(paths == frozenset(it.tree["paths"]) for it in documents(service).values()):
            return service
    raise LookupError("this document is not one of the sandbox's: no service has these paths")


@schemathesis.auth()
class Bearer:
    """Shows the token. What a check sends without one, or with a wrong one, stays as it is."""

    def get(self, case: Case[Any], context: AuthContext) -> str:  # noqa: ARG002 - as schemathesis calls it
        """The token."""
        return token(service_of(case.operation))

    def set(self, case: Case[Any], data: str, context: AuthContext) -> None:  # noqa: ARG002 - as above
        """Put it into a request."""
        case.headers["Authorization"] = f"Bearer {data}"


@schemathesis.deserializer("text/html", "text/csv")
def text(context: DeserializationContext, response: Response) -> str:  # noqa: ARG001 - as schemathesis calls it
    """A page or a table as it is, so that it can be held against its schema."""
    return response.text


@schemathesis.hook
def before_load_schema(context: HookContext, raw_schema: dict[str, Any]) -> None:  # noqa: ARG001 - as above
    """Leave out what is only advice."""
    raw_schema.update(without_advice(raw_schema))


@schemathesis.hook
def before_call(context: HookContext, case: Case[Any], kwargs: dict[str, Any]) -> None:  # noqa: ARG001 - as above
    """Send each case to a world of its own, and all steps of a story to the same."""
    case.headers[WORLD] = STORIES.setdefault(current_build_context(), new_world()) if a_step(case) else new_world()


def a_step(case: Case[Any]) -> bool:
    """Whether a case is part of a story, along the links of the document."""
    return case.meta is not None and case.meta.phase.name == "stateful"


def new_world() -> str:
    """A name that no world has yet, neither of this run nor of an earlier one against the same server."""
    return f"{RUN}-{next(NUMBERS)}"


RUN = f"fuzz-{new_secret()[:8]}"
NUMBERS = count(1)
# Hypothesis makes one context for each story.
STORIES: WeakKeyDictionary[BuildContext, str] = WeakKeyDictionary()


@cache
def known_at(url: str, given: Headers, service: Service) -> KnownValues:
    """What the client can know of a server, asked for once, with the headers given to schemathesis (`-H`)."""
    straight = OverHttp(url)

    def send(method: str, target: str, headers: Headers = (), body: bytes | None = None) -> Reply:
        return straight(method, target, [*headers, *given], body)

    return known_to(fuzzing_of(service), token(service), send)


def known_where(context: Any) -> KnownValues:
    """What the client can know where the operation of a hook's context is."""
    operation = context.operation
    given = tuple((operation.schema.config.headers or {}).items())
    return known_at(operation.base_url, given, service_of(operation))


def fuzzing_where(context: Any) -> Fuzzing:
    """What the service of a hook's context knows of its documents."""
    return fuzzing_of(service_of(context.operation))


teach(schemathesis, fuzzing_where, known_where)
