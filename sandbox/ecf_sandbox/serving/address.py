"""The address that a request was sent to, and documents that name it."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

# RFC 9112, 3.2: a name or an address, and a port. Anything else that a client sends is not repeated.
_HOST = re.compile(r"(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._~-]+)(?::[0-9]{1,5})?")
_USUAL = ("localhost", "127.0.0.1", "::1")
# `servers` at the top of a document, as YAML and as JSON.
_SERVERS = {
    "yaml": (
        re.compile(r"^servers:\n(?:[ -].*\n)+", re.MULTILINE),
        "servers:\n- url: {}\n  description: This sandbox\n",
    ),
    "json": (re.compile(r'"servers": \[[^\]]*\]'), '"servers": [{{"url": {}, "description": "This sandbox"}}]'),
}


def host_of(named: str | None) -> str | None:
    """What a `Host` header names, if that is a host."""
    return named if named and _HOST.fullmatch(named) else None


def host_name(named: str) -> str | None:
    """The name or address in a `Host` header, without its port; None for what is none."""
    try:
        return urlsplit(f"//{named}").hostname
    except ValueError:
        return None


def is_this_machine(host: str | None) -> bool:
    """Whether a host name or address means the machine itself."""
    if host is None or host in _USUAL:
        return host is not None
    # Imported here because few call it otherwise, and everybody waits for the start.
    from ipaddress import ip_address

    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.endswith(".localhost")


def origin_of(environ: Mapping[str, Any]) -> str | None:
    """Scheme, host and port that a request was sent to, and the prefix of the application; None if it does not say."""
    host = host_of(environ.get("HTTP_HOST"))
    return f"{environ['wsgi.url_scheme']}://{host}{environ.get('SCRIPT_NAME', '')}" if host else None


def at_address(document: bytes, format: str, origin: str | None) -> bytes:
    """A document in a format whose server is that of the address, so that what is made of it works at once."""
    if origin is None:
        return document
    pattern, written = _SERVERS[format]
    return pattern.sub(lambda _: written.format(json.dumps(origin)), document.decode(), count=1).encode()


def url_of(listening: socket.socket) -> str:
    """Where a client on this machine finds what listens there."""
    host, port = listening.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
