"""The pictures of `docs/pictures/`: what each shows, and how one tells that it is of the page as it is now.

A picture holds a digest of its page and the stylesheet. Pixels would not do: other fonts draw other pixels.
"""

from __future__ import annotations

import re
import struct
import zlib
from hashlib import sha256
from pathlib import Path

from ecf_sandbox.web.ui.application import HERE

FOLDER = Path(__file__).resolve().parents[3] / "docs" / "pictures"
MOST = 100_000  # bytes
NOW = "2026-10-12T09:00:00+00:00"
EARLY = "/ui/stories/started-too-early-and-too-late/1"
PICTURES = {
    "home": "/ui/",
    "refused": EARLY,
    "why": f"{EARLY}/why",
    "variation": f"{EARLY}/vary?declaration_date=2025-10-10",
    "changed": "/ui/stories/paid-void-clawback/6?present=1",
}
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_KEYWORD = b"page\x00"


def digest(html: str) -> str:
    """What a picture of a page is known by: its main part and the stylesheet."""
    main = html.partition("<main")[2].partition("</main>")[0]
    # Where a sandbox happens to stand is in the curl of a request.
    main = re.sub(r"http://[\w.]+(:\d+)?", "", main)
    style = (HERE / "ui.css").read_text(encoding="utf-8")
    return sha256(f"{main}\n{style}".encode()).hexdigest()


def stamped(png: bytes, digest: str) -> bytes:
    """A picture with a digest in it."""
    head = len(_SIGNATURE) + 25  # the signature and the first chunk, which says how large the picture is
    return png[:head] + _chunk(b"tEXt", _KEYWORD + digest.encode()) + png[head:]


def stamp_of(png: bytes) -> str:
    """The digest in a picture; empty if there is none."""
    at = len(_SIGNATURE)
    while at < len(png):
        length, kind = struct.unpack(">I4s", png[at : at + 8])
        if kind == b"tEXt" and png[at + 8 :].startswith(_KEYWORD):
            return png[at + 8 + len(_KEYWORD) : at + 8 + length].decode()
        at += length + 12
    return ""


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
