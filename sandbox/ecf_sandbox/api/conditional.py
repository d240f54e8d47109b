"""Entity tags and compression of an answer."""

from __future__ import annotations

import re
from hashlib import sha256

_PART = re.compile(r"\s*([^\s;,]+)\s*(?:;\s*q\s*=\s*([0-9.]+))?")


def entity_tag(body: bytes) -> str:
    """The weak tag of the bytes that are sent."""
    return f'W/"{sha256(body).hexdigest()[:32]}"'


def compressed(body: bytes, second: int) -> bytes:
    """The body as gzip, stamped with the second.

    The stamp is part of the bytes, so the tag of a compressed answer is another one every second, as it is at the
    service (behaviour/http-and-partnerships.md#b14).
    """
    import gzip  # not everybody asks for it, and everybody waits for the start

    return gzip.compress(body, compresslevel=6, mtime=second % 2**32)


def best_encoding(accepted: str) -> str | None:
    """`gzip` or `identity`, whichever an `Accept-Encoding` header likes better; None if it forbids both."""
    if not accepted:
        return "identity"
    likes = {it[1]: _quality(it[2]) for it in map(_PART.match, accepted.split(",")) if it}
    others = likes.get("*")
    zipped = likes.get("gzip", others or 0.0)
    plain = likes.get("identity", 1e-9 if others is None else others)
    if max(zipped, plain) <= 0:
        return None
    return "gzip" if zipped >= plain else "identity"


def _quality(text: str | None) -> float:
    try:
        return 1.0 if text is None else float(text)
    except ValueError:
        return 0.0
