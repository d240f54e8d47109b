"""Read a multipart body, which the service takes like a form."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from werkzeug.http import parse_options_header
from werkzeug.sansio.multipart import Data, Epilogue, Field, File, MultipartDecoder, NeedData

from ecf_sandbox.api.form_text import MOST_PAIRS, nested
from ecf_sandbox.api.unreadable import Unreadable


def boundary_of(content_type: str) -> bytes | None:
    """The boundary that the header names, if it does."""
    boundary = parse_options_header(content_type)[1].get("boundary")
    return boundary.encode("latin-1", "replace") if boundary else None


def read_multipart(body: bytes, boundary: bytes) -> dict[str, Any]:
    """The nested parameters of a multipart body; a file is an object, never text. Raises Unreadable."""
    try:
        return nested(_parts(body, boundary))
    except (ValueError, RuntimeError) as wrong:
        raise Unreadable(str(wrong)) from None


def _parts(body: bytes, boundary: bytes) -> Iterator[tuple[str, Any]]:
    decoder = MultipartDecoder(boundary, max_parts=MOST_PAIRS)
    decoder.receive_data(body)
    decoder.receive_data(None)
    name, made, value = "", None, b""
    while not isinstance(event := decoder.next_event(), Epilogue | NeedData):
        if isinstance(event, Field | File):
            name, made, value = event.name or "", event, b""
        elif isinstance(event, Data):
            value += event.data
            if not event.more_data:
                yield name, {"filename": made.filename} if isinstance(made, File) else value.decode()
