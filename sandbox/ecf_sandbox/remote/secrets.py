"""Takes credentials out of whatever is noted of a request and its answer, before it is noted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from ecf_sandbox.state.findings import Finding
from ecf_sandbox.state.redact import (
    IN_A_FORM,
    IN_A_HEADER,
    Credentials,
    header_words,
    is_secret,
    long_enough,
    parameter_values,
    redacted,
)


class Secrets(Credentials):
    """The credentials of one request."""

    def __init__(self, environ: Mapping[str, Any]) -> None:
        super().__init__(long_enough(_credentials(environ)))

    def headers(self, headers: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
        """Headers without them, and without any value of a header that is there for credentials."""
        return tuple((name, redacted(value) if is_secret(name) else self.text(value)) for name, value in headers)

    def finding(self, it: Finding) -> Finding:
        """A finding without them."""
        told = {name: self.text(str(value)) for name, value in msgspec.structs.asdict(it).items()}
        return msgspec.structs.replace(it, **told | {"severity": it.severity})


def _credentials(environ: Mapping[str, Any]) -> Iterator[str]:
    for key, value in environ.items():
        if not (key.startswith("HTTP_") and value):
            continue
        if is_secret(key[5:]):
            yield from (value, value.partition(" ")[2].strip())
            for part in header_words(value):
                yield from (part, part.partition("=")[2].strip('"'))
        else:  # such as Referer, which has the address of a page
            yield from parameter_values(value, IN_A_HEADER)
    yield from parameter_values(environ.get("QUERY_STRING", ""), IN_A_FORM)
