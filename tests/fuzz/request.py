"""One request as bytes: what the corpus keeps, what is mutated and what a report shows."""

from __future__ import annotations

from dataclasses import dataclass

LONGEST = 65_536  # what is longer than this is for `make attack`
_METHOD = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ")


@dataclass(frozen=True, slots=True)
class Request:
    """What a client sends, as it sends it but for the connection's own headers."""

    method: str
    target: bytes
    headers: tuple[tuple[bytes, bytes], ...] = ()
    body: bytes = b""

    def written(self) -> bytes:
        """As text: the request line, a line for each header, an empty line, the body."""
        lines = [self.method.encode() + b" " + self.target, *(name + b": " + value for name, value in self.headers)]
        return b"\n".join(lines) + b"\n\n" + self.body

    def curl(self) -> str:
        """For a report: the same, with what is no ASCII escaped."""
        return self.written().decode("latin-1").encode("unicode_escape").decode().replace("\\n", "\n")


def read(raw: bytes) -> Request:
    """The request that some bytes mean. Any do, so that whatever a fuzzer makes of them can be sent."""
    head, _, body = raw[:LONGEST].partition(b"\n\n")
    first, *lines = head.split(b"\n")
    method, _, target = first.partition(b" ")
    pairs = [line.partition(b":") for line in lines]
    return Request(
        method="".join(chr(it) for it in method[:20] if it in _METHOD) or "GET",
        target=_without_spaces(target) or b"/",
        headers=tuple((name.strip(), value.strip()) for name, _, value in pairs if name.strip()),
        body=body,
    )


def _without_spaces(target: bytes) -> bytes:
    """A target as a request line can carry it: a space or a line break would end it."""
    made = target.translate(None, b" \r\n\t\0")
    return made if made.startswith(b"/") else b"/" + made
