"""Takes credentials out of whatever is noted of a request and its answer, before it is noted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from ecf_sandbox.state.findings import Finding
from ecf_sandbox.state.redact import SCHEMES, Credentials, is_secret, parameter_values, redacted

# Shorter texts are no credentials, and would be found everywhere.
_SHORTEST = 6
_BETWEEN = re.compile(r"[\s,;]+")


class Secrets(Credentials):
    """The credentials of one request."""

    def __init__(self, environ: Mapping[str, Any]) -> None:
        super().__init__(it for it in _credentials(environ) if len(it) >= _SHORTEST and it.lower() not in SCHEMES)

    def headers(self, headers: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
        """Headers without them, and without any value of a header that is there for credentials."""
        return tuple((name, redacted(value) if is_secret(name) else self.text(value)) for name, value in headers)

    def finding(self, it: Finding) -> Finding:
        """A finding without them."""
        told = {name: self.text(str(value)) for name, value in msgspec.structs.asdict(it).items()}
        return msgspec.structs.replace(it, **told | {"severity": it.severity})


def _credentials(environ: Mapping[str, Any]) -> Iterator[str]:
    for key, value in environ.items():
        if key.startswith("HTTP_") and is_secret(key[5:]) and value:
            yield from (value, value.partition(" ")[2].strip())
            for part in _BETWEEN.split(value):
                yield from (part, part.partition("=")[2].strip('"'))
        elif key.startswith("HTTP_") and value:
            yield from parameter_values(value)
    yield from parameter_values(environ.get("QUERY_STRING", ""))
