"""The floor: a bare Flask application on the server that the sandbox uses, which answers constant documents."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Mapping
from typing import Any

from flask import Flask, jsonify, request
from waitress import create_server


def make_app(documents: Mapping[str, Any]) -> Flask:
    """The application that answers these documents."""
    app = Flask(__name__)

    @app.get("/show/<id>")
    def show(id: str):
        return jsonify(documents["show"])

    @app.get("/list")
    def list_all():
        return jsonify(documents["list"])

    @app.post("/record")
    def record():
        assert request.get_json()["data"]
        return jsonify(documents["record"])

    return app


def main() -> None:
    """Serve the documents of the file named on the command line; the first line printed is `{"url": …}`."""
    with open(sys.argv[1], encoding="utf-8") as file:
        app = make_app(json.load(file))
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    server = create_server(app, host="127.0.0.1", port=0, threads=int(sys.argv[2]))
    print(json.dumps({"url": f"http://127.0.0.1:{server.effective_port}"}), flush=True)
    server.run()


if __name__ == "__main__":
    main()
