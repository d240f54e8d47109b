"""Pages to read the API's documents and try requests in a browser; everything on them comes from this machine."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from html import escape
from importlib.util import find_spec
from pathlib import Path
from string import Template
from typing import Any

from flask import Response, send_from_directory

from ecf_sandbox.scenario.yaml_writer import as_yaml
from ecf_sandbox.services import DEFAULT, SERVICES, service_named
from ecf_sandbox.state.service import Service
from ecf_sandbox.state.world import World
from ecf_sandbox.state.worlds import Worlds
from ecf_sandbox.tools.contract.documents import CONTROL, OpenApiDocument, control_document, documents
from ecf_sandbox.tools.explain.dry_run import Serve
from ecf_sandbox.web.examples import WorldExamples, is_of

YAML, JSON = "application/yaml", "application/json"


class Library:
    """The documents of the services and of the control plane by name, with examples for whoever asks (`examples.py`).

    Those of the main world's service are called `v3`, those of another one that comes with the sandbox `rect-v3`.
    """

    def __init__(self, service: Service, examples: WorldExamples) -> None:
        others = (service_named(it) for it in SERVICES)
        of_others = {
            f"{it.name}-{name}": document
            for it in others
            if it is not service or it.name != DEFAULT
            for name, document in documents(it).items()
        }
        self._documents = {**documents(service), **of_others, CONTROL: control_document()}
        self._examples = examples

    def names(self) -> list[str]:
        """The names of the documents that there are."""
        return list(self._documents)

    def __getitem__(self, name: str) -> OpenApiDocument:
        return self._documents[name]

    def answer(self, name: str, format: str, environ: Mapping[str, Any]) -> Response | None:
        """A document (`v3`) in a format (`yaml` or `json`); None if there is none of that name."""
        document = self._documents.get(name)
        if document is None:
            return None
        body = _WRITTEN[format](self._examples.tree(name, document, environ))
        response = Response(body, content_type=YAML if format == "yaml" else JSON)
        # A contract may be read by a page or a tool from anywhere.
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Cache-Control"] = "no-cache"
        response.headers["Vary"] = "Authorization, X-Sandbox-World"
        return response


def _as_json(tree: Any) -> bytes:
    return json.dumps(tree, ensure_ascii=False, default=str).encode()


_WRITTEN: dict[str, Callable[[Any], bytes]] = {"yaml": lambda tree: as_yaml(tree).encode(), "json": _as_json}


HERE = Path(__file__).resolve().parent
OUR_OWN = frozenset({"docs.js", "docs.css"})
# Whatever a document or an answer contains, a browser runs and loads nothing but what the sandbox serves.
_POLICY = "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'"


class Pages:
    """The pages of one application; `worlds` says which tokens can be chosen, `serve` tries the documents' examples."""

    def __init__(self, worlds: Worlds, serve: Serve) -> None:
        self.worlds = worlds
        self.examples = WorldExamples(worlds, serve)
        self.library = Library(worlds.main.service, self.examples)

    def documentation(self, root: str, name: str | None = None) -> Response | None:
        """The page of one document, below the path `root` of the application; None if there is no such document.

        Without a name it is that of the newest version.
        """
        name = name or f"v{self.worlds.main.service.newest}"
        if name not in self.library.names():
            return None
        document = self.library[name]
        world = self.examples.world_for(document)
        tried = name == CONTROL or is_of(document, world.service)
        page = Template((HERE / "docs.html").read_text(encoding="utf-8")).substitute(
            root=escape(root),
            name=escape(name),
            title=escape(_title(name)),
            client=escape(self.worlds.main.service.client),
            links=self._links(root, name),
            tokens=_tokens(world) if tried else "",
            token=escape(self.examples.token_for(world) or "") if tried else "",
            world=escape(world.name) if world is not self.worlds.main else "",
            note="" if tried else _NO_WORLD.format(service=escape(name.rpartition("-v")[0])),
        )
        response = Response(page, content_type="text/html; charset=utf-8")
        response.headers["Content-Security-Policy"] = _POLICY
        response.headers["Cache-Control"] = "no-cache"
        return response

    def asset(self, file: str) -> Response:
        """A file that the pages need, ours or Swagger UI's; raises NotFound."""
        return send_from_directory(HERE if file in OUR_OWN else _swagger_ui(), file, max_age=3600)

    def _links(self, root: str, chosen: str) -> str:
        return "\n".join(
            f'<a href="{escape(root)}/docs/{name}"{" aria-current=page" if name == chosen else ""}>{_title(name)}</a>'
            for name in self.library.names()
        )


# What a request tried on the page of a document would be answered with is another service's.
_NO_WORLD = (
    "<p>No world is of this service, so nothing can be tried here yet. Make one:"
    " <code>ecf-sandbox world create today --service {service}</code></p>"
)


def _tokens(world: World) -> str:
    tokens = world.service.tokens(world.state.records)
    return "\n".join(f'<option value="{escape(it)}">{escape(name)}</option>' for name, it in tokens.items())


def _title(name: str) -> str:
    if name == CONTROL:
        return "Control"
    service, _, version = name.rpartition("-v")
    return f"{service.upper()} version {version}" if service else f"Version {name.removeprefix('v')}"


def _swagger_ui() -> Path:
    """The files of Swagger UI, wherever the package that holds them is; it is not imported."""
    found = find_spec("flask_swagger_ui")
    if found is None or found.origin is None:
        raise FileNotFoundError("Swagger UI is missing: pip install flask-swagger-ui")
    return Path(found.origin).parent / "dist"
