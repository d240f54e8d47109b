"""Who may use the control plane: programs of this machine, or whoever knows the control token.

A web page that somebody visits can make a browser send requests to this machine. So a request must name the
machine as its host (or a page elsewhere could point a name of its own at it), and must not come from a page elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from hmac import compare_digest
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from ecf_sandbox.control.problem import Problem

Environ = Mapping[str, Any]


def admit(environ: Environ, token: str | None) -> None:
    """Let a request pass or raise Problem. With a `token` it must be shown; without, only this machine may ask."""
    if token is not None:
        shown = environ.get("HTTP_X_SANDBOX_TOKEN") or environ.get("HTTP_AUTHORIZATION", "").removeprefix("Bearer ")
        if not compare_digest(shown.encode("latin-1", "replace"), token.encode()):
            detail = "show the control token, which was printed at the start, in the header X-Sandbox-Token"
            raise Problem("control-token-needed", 401, detail)
    elif not is_this_machine(_host(environ.get("HTTP_HOST", "localhost"))):
        raise Problem("not-this-machine", 403, "address the control plane as http://127.0.0.1 or http://localhost")
    if environ.get("HTTP_SEC_FETCH_SITE", "none") not in ("none", "same-origin") or not _same_origin(environ):
        raise Problem("from-elsewhere", 403, "a page from elsewhere may not use the control plane")


def is_this_machine(host: str | None) -> bool:
    """Whether a host name or address means the machine itself."""
    if host is None:
        return False
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _host(named: str) -> str | None:
    try:
        return urlsplit(f"//{named}").hostname
    except ValueError:
        return None


def _same_origin(environ: Environ) -> bool:
    origin = environ.get("HTTP_ORIGIN")
    return origin is None or origin.partition("//")[2] == environ.get("HTTP_HOST")
