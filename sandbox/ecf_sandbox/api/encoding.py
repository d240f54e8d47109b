"""Write a document as the service writes JSON: UTF-8, no blanks, and nothing that a browser could take for markup."""

from __future__ import annotations

from typing import Any

import msgspec

_encode = msgspec.json.Encoder().encode

# In JSON these stand only inside strings, so they can be replaced wherever they are.
_MARKUP = ((b"<", rb"\u003c"), (b">", rb"\u003e"), (b"&", rb"\u0026"))
_SEPARATORS = (("\u2028".encode(), rb"\u2028"), ("\u2029".encode(), rb"\u2029"))
_SEPARATOR_BEGINS = b"\xe2"


def encode(document: Any) -> bytes:
    """The bytes of a document. Source: behaviour/http-and-partnerships.md#b18."""
    raw = _encode(document)
    # To look for one byte takes next to no time; to look for several, or to replace, as long as to encode it all.
    for plain, escaped in _MARKUP:
        if plain in raw:
            raw = raw.replace(plain, escaped)
    if _SEPARATOR_BEGINS in raw:
        for plain, escaped in _SEPARATORS:
            raw = raw.replace(plain, escaped)
    return raw
