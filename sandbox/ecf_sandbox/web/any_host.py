"""Flask for whatever host a request names."""

from __future__ import annotations

from flask import Flask, Request
from werkzeug.routing import MapAdapter


class AnyHost(Flask):
    """Flask, whose routes do not depend on the host that a request names."""

    def create_url_adapter(self, request: Request | None) -> MapAdapter | None:
        """Flask's own is none where the host is no name, and then no page has an address, nor that of the mistake."""
        if request is None:
            return super().create_url_adapter(None)
        root = request.environ.get("SCRIPT_NAME", "")
        return self.url_map.bind("sandbox", root or "/", path_info=request.path, default_method=request.method)
