"""Flask's test client for the sandbox: what it sends arrives as it would over HTTP."""

from __future__ import annotations

from typing import Any

from flask.testing import FlaskClient
from werkzeug.datastructures import Headers
from werkzeug.test import TestResponse

from ecf_sandbox.transport import DROPPED_HEADERS


class SandboxClient(FlaskClient):
    """Drops headers whose names have an underscore, as servers do, and tells the application which."""

    def open(self, *args: Any, **options: Any) -> TestResponse:
        """Send one request."""
        headers = [(name, value.strip(" \t")) for name, value in Headers(options.get("headers"))]
        dropped = tuple(it for it in headers if "_" in it[0])
        options["headers"] = [it for it in headers if it not in dropped]
        if dropped:
            others = options.get("environ_overrides") or {}
            options["environ_overrides"] = {**others, DROPPED_HEADERS: dropped}
        return super().open(*args, **options)
