"""`make contract-generators` and `make contract-lint`: what generators, clients and linters say of the documents.

Prints a table: for each program its version, and the errors and warnings of each document. With `--before DIR` it has
those of the documents of another folder beside them.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
import venv
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from ecf_sandbox.files import folder
from ecf_sandbox.printing import table
from tests.tools.contract import node, postman
from tests.tools.contract.shipped import DOCUMENTS

# Of each the newest major that runs on Node 20; axios as it was when orval 7.13 came, whose code later ones refuse.
PACKAGES = {
    "openapi-typescript": "openapi-typescript@7",
    "@hey-api/openapi-ts": "@hey-api/openapi-ts@0.80",
    "orval": "orval@7.13",
    "newman": "newman@6",
    "openapi-to-postmanv2": "openapi-to-postmanv2@6",
    "@redocly/cli": "@redocly/cli@2",
    "@stoplight/spectral-cli": "@stoplight/spectral-cli@6",
    "@apidevtools/swagger-parser": "@apidevtools/swagger-parser@13.0",
    "typescript": "typescript@5",
    "axios": "axios@1.12",
}
PYTHON = {"openapi-python-client": "0.29.1", "openapi-spec-validator": "0.9.0"}
LINTERS = ("Redocly", "Spectral")
ROOT = Path(__file__).parents[3]
_TSC = (
    *("--noEmit", "--strict", "--skipLibCheck", "--target", "es2022", "--module", "esnext"),
    *("--moduleResolution", "bundler", "--lib", "es2022,dom,dom.iterable"),
)
_PATIENCE = 300.0


class Count(NamedTuple):
    """What a program says of a document; `said` has the first of it."""

    errors: int
    warnings: int
    said: str = ""


class Job(NamedTuple):
    """One document for one program, and a folder to write into; `ours` if the project's own settings are to hold."""

    programs: node.Programs
    name: str
    file: Path
    scratch: Path
    ours: bool


def _compiled(job: Job, made: subprocess.CompletedProcess[str], source: str) -> Count:
    """A generator of TypeScript: its own warnings, and the errors of what it has written."""
    said = made.stdout + made.stderr
    if made.returncode or not (job.scratch / source).exists():
        return Count(1, 0, said[-300:])
    compiled = job.programs("tsc", *_TSC, job.scratch / source)
    # A compiler that broke off says no `error TS`.
    errors = max(compiled.stdout.count("error TS"), int(compiled.returncode != 0))
    return Count(errors, len(re.findall(r"(?i)\bwarn(ing)?\b", said)), (compiled.stdout + compiled.stderr)[:300])


def _openapi_typescript(job: Job) -> Count:
    return _compiled(job, job.programs("openapi-typescript", job.file, "-o", job.scratch / "types.ts"), "types.ts")


def _hey_api(job: Job) -> Count:
    made = job.programs("openapi-ts", "-i", job.file, "-o", job.scratch / "hey", "--client", "@hey-api/client-fetch")
    return _compiled(job, made, "hey/index.ts")


def _orval(job: Job) -> Count:
    made = job.programs("orval", "--input", job.file, "--output", job.scratch / "orval.ts", cwd=job.scratch)
    return _compiled(job, made, "orval.ts")


def _python_client(job: Job) -> Count:
    made = _python(
        job, "openapi-python-client", "generate", "--path", job.file, "--output-path", job.scratch / "client"
    )
    said = made.stdout + made.stderr
    return Count(int(made.returncode != 0), said.count("WARNING"), said[:300])


def _spec_validator(job: Job) -> Count:
    made = _python(job, "openapi-spec-validator", job.file)
    return Count(int(made.returncode != 0), 0, made.stdout[:300])


def _postman(job: Job) -> Count:
    served = job.file.parent == folder("openapi")
    outcome = postman.sent(job.programs, job.name, None if served else job.file)
    return Count(len(outcome.failed), 0, f"of {outcome.sent} requests")


def _redocly(job: Job) -> Count:
    settings = ROOT / "tests" / "openapi" if job.ours else job.scratch
    named = job.name if job.ours else job.file
    made = job.programs("redocly", "lint", named, "--format=json", "--max-problems=1000", cwd=settings)
    totals = json.loads(made.stdout)["totals"]
    return Count(totals["errors"], totals["warnings"], made.stdout[:300])


def _spectral(job: Job) -> Count:
    rules = ROOT / "tests" / "openapi" / "spectral.yaml"
    if not job.ours:
        rules = job.scratch / "rules.yaml"
        rules.write_text('extends: ["spectral:oas"]')
    made = job.programs("spectral", "lint", job.file, "-r", rules, "-f", "json", "--quiet")
    found = json.loads(made.stdout[: made.stdout.rindex("]") + 1])
    severe = sum(it["severity"] == 0 for it in found)
    return Count(severe, len(found) - severe, "; ".join(it["message"] for it in found[:5]))


def _swagger_parser(job: Job) -> Count:
    script = (
        "const it = require('@apidevtools/swagger-parser'); "
        "(it.default ?? it).validate(process.argv[1])"
        ".catch((wrong) => { console.log(wrong.message); process.exit(1); })"
    )
    made = job.programs.script(script, job.file)
    return Count(int(made.returncode != 0), 0, made.stdout[:300])


class Tool(NamedTuple):
    """A program: the packages whose versions count, what it does, how."""

    packages: tuple[str, ...]
    does: str
    run: Callable[[Job], Count]


TOOLS: Mapping[str, Tool] = {
    "openapi-typescript": Tool(("openapi-typescript",), "types, compiled", _openapi_typescript),
    "hey-api": Tool(("@hey-api/openapi-ts",), "a TypeScript client, compiled", _hey_api),
    "orval": Tool(("orval",), "a TypeScript client, compiled", _orval),
    "openapi-python-client": Tool(("openapi-python-client",), "a Python client", _python_client),
    "Postman": Tool(("newman", "openapi-to-postmanv2"), "requests not answered with success", _postman),
    "Redocly": Tool(("@redocly/cli",), "recommended rules", _redocly),
    "Spectral": Tool(("@stoplight/spectral-cli",), "default rules", _spectral),
    "openapi-spec-validator": Tool(("openapi-spec-validator",), "OpenAPI 3.0", _spec_validator),
    "swagger-parser": Tool(("@apidevtools/swagger-parser",), "OpenAPI 3.0", _swagger_parser),
}


def main() -> int:
    """Print the table, and answer 1 if a program finds fault with a document, where the project's settings hold."""
    parser = argparse.ArgumentParser(prog="python -m tests.tools.contract.generators", description=__doc__)
    parser.add_argument("--lint", action="store_true", help="the linters only, with the project's settings")
    parser.add_argument("--only", action="append", choices=TOOLS, help="only this program (may be repeated)")
    parser.add_argument("--document", action="append", choices=DOCUMENTS, help="only this one (may be repeated)")
    parser.add_argument("--before", type=Path, help="a folder with the documents of before")
    options = parser.parse_args()
    if not node.at_hand():
        print("These programs come by npm, and npm is not here: nothing is checked.")
        return 0
    names = options.only or (LINTERS if options.lint else tuple(TOOLS))
    folders = [*([options.before.resolve()] if options.before else []), folder("openapi").resolve()]
    wanted = {it for name in names for it in TOOLS[name].packages} if options.lint else PACKAGES
    chosen = options.document or list(DOCUMENTS)
    with node.installed([version for package, version in PACKAGES.items() if package in wanted]) as programs:
        counts = {name: [list(_counts(programs, name, it, chosen, options.lint)) for it in folders] for name in names}
        versions = {name: _version(programs, TOOLS[name]) for name in names}
    rows = (
        (name, versions[name], TOOLS[name].does, *(_cell(it) for row in counts[name] for it in row)) for name in names
    )
    when = ("before: ", "") if options.before else ("",)
    print(table(("program", "version", "what", *(f"{it}{name}" for it in when for name in chosen)), rows))
    now = [it for name in names for it in counts[name][-1]]
    for it in now:
        if it.errors or it.warnings:
            print(it.said, file=sys.stderr)
    return 1 if any(it.errors or (options.lint and it.warnings) for it in now) else 0


def _counts(programs: node.Programs, tool: str, where: Path, names: list[str], ours: bool) -> Iterator[Count]:
    for name in names:
        with tempfile.TemporaryDirectory(dir=programs.folder) as scratch:
            yield TOOLS[tool].run(Job(programs, name, where / f"{name}.yaml", Path(scratch), ours))
        print(f"{tool} {where.name}/{name}", file=sys.stderr)


def _version(programs: node.Programs, tool: Tool) -> str:
    """The version of a program; of one that is two packages, each by its name."""
    versions = {it: PYTHON.get(it) or programs.version(it) for it in tool.packages}
    if len(versions) == 1:
        return versions[tool.packages[0]]
    return ", ".join(f"{name} {version}" for name, version in versions.items())


def _cell(it: Count) -> str:
    return f"{it.errors} / {it.warnings}"


def _python(job: Job, program: str, *arguments: Any) -> subprocess.CompletedProcess[str]:
    """A program in Python, in an environment beside those that came by npm."""
    environment = job.programs.folder / program
    if not environment.exists():
        venv.create(environment, with_pip=True)
        wanted = f"{program}=={PYTHON[program]}"
        subprocess.run([environment / "bin" / "pip", "install", "--quiet", wanted], check=True, timeout=_PATIENCE)
    command = [str(it) for it in (environment / "bin" / program, *arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=_PATIENCE)


if __name__ == "__main__":
    sys.exit(main())
