"""Flask on waitress with constant documents, at a port that is given: the floor that the sandbox stands on."""

from __future__ import annotations

import json
import logging
import sys

from flask import Flask, jsonify, request
from waitress import serve


def main() -> None:
    """Serve the documents of a file: `bare_server.py FILE PORT THREADS`."""
    with open(sys.argv[1], encoding="utf-8") as file:
        documents = json.load(file)
    app = Flask(__name__)

    @app.get("/api/show/<id>")
    def show(id: str):
        return jsonify(documents["show"])

    @app.get("/api/list")
    def list_all():
        return jsonify(documents["list"])

    @app.post("/api/record")
    def record():
        assert request.get_json()["data"]
        return jsonify(documents["record"])

    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    serve(app, host="127.0.0.1", port=int(sys.argv[2]), threads=int(sys.argv[3]), _quiet=True)


if __name__ == "__main__":
    main()
