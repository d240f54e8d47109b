"""What schemathesis is taught about an API: ids, dates and people become those that a client can know."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from hypothesis import reject
from hypothesis import strategies as st

from ecf_sandbox.tools.contract.known_values import Better, Fuzzing, KnownValues, Values

_A_MEMBER = re.compile(r"[a-z]+\[[A-Za-z_]+\]")
_FAR = (
    10**12
)  # a page that is not there; one that is absurdly far off is a 400, and no schema can say where that begins
_AN_ID = re.compile(r"[^./]+")


def teach(schema: Any, fuzzing_where: Callable[[Any], Fuzzing], known: Callable[[Any], KnownValues]) -> None:
    """Register the hooks with a schema of schemathesis, or with schemathesis itself.

    `fuzzing_where` and `known` tell what is known where the operation of a hook's context is.
    """

    def flatmap_path_parameters(context: Any, parameters: Any) -> Any:
        if not parameters or not _AN_ID.fullmatch(str(parameters.get("id", ""))):
            return st.just(parameters)
        lists = fuzzing_where(context).lists
        ids = known(context).ids[next(it for it in context.operation.path.split("/") if it in lists)]
        return mostly(parameters, {"id": ids})

    def flatmap_query(context: Any, query: Any) -> Any:
        # Hashes come as they are written in a query. What is unknown is ignored as long as all can be read together.
        plain = {name: it for name, it in (query or {}).items() if "[" not in name or _A_MEMBER.fullmatch(name)}
        known_here = known_filters(context.operation)
        if any(name.startswith(known_here) for name in (query or {}) if name not in plain):
            reject()  # a list or an object for one text: wrong by the document, but the service looks away
        if isinstance(plain.get("page[page]"), int):
            plain["page[page]"] = min(plain["page[page]"], _FAR)
        fuzzing = fuzzing_where(context)
        if not fuzzing.readable(context.operation.path, plain):
            return st.just(plain)
        return mostly(plain, fuzzing.filters(known(context), plain)) if plain else st.just(query and plain)

    def flatmap_headers(context: Any, headers: Any) -> Any:
        if not headers or "X-With-Server-Date" not in headers:
            return st.just(headers)
        # An unreadable date is a 400, and any text is allowed, so none is left to chance.
        return st.sampled_from(known(context).dates).map(lambda it: {**headers, "X-With-Server-Date": it})

    def flatmap_body(context: Any, body: Any) -> Any:
        attributes = attributes_of(body)
        if not attributes:
            return st.just(body)
        it, fuzzing = known(context), fuzzing_where(context)
        return st.sampled_from(it.people).flatmap(
            lambda person: mostly(attributes, fuzzing.attributes(it, context.operation.path, attributes, person)).map(
                lambda chosen: {**body, "data": {**body["data"], "attributes": chosen}}
            )
        )

    for hook in (flatmap_path_parameters, flatmap_query, flatmap_headers, flatmap_body):
        schema.hook(hook)


def known_filters(operation: Any) -> tuple[str, ...]:
    """The filters of an operation as they are written in a query, such as `filter[cohort]`."""
    schemas = [it.definition["schema"] for it in operation.query if it.name == "filter"]
    return tuple(f"filter[{name}]" for schema in schemas for name in schema.get("properties", {}))


def mostly(given: Values, better: Better) -> st.SearchStrategy[Values]:
    """What was given, three times in four with better values."""
    drawn = {name: st.sampled_from(values) for name, values in better.items() if values}
    chosen = st.fixed_dictionaries(drawn).map(lambda it: {**given, **it})
    return st.integers(0, 3).flatmap(lambda it: chosen if it else st.just(given))


def attributes_of(body: Any) -> Values | None:
    """The attributes in a body, if it has the shape that it should have."""
    inner = body.get("data") if isinstance(body, dict) else None
    attributes = inner.get("attributes") if isinstance(inner, dict) else None
    return attributes if isinstance(attributes, dict) else None


def without_advice(tree: Any) -> Any:
    """A document without `x-advised`, which binds nobody: what goes against advice alone is not wrong."""
    if isinstance(tree, dict):
        return {name: without_advice(value) for name, value in tree.items() if name != "x-advised"}
    return [without_advice(it) for it in tree] if isinstance(tree, list) else tree
