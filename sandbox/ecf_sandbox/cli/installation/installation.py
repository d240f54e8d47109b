"""Looks at Python, the package, what it depends on, and the pytest plugin."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from urllib.parse import unquote, urlsplit

from ecf_sandbox.cli.installation.diagnosis import Diagnosis, ok, warning, wrong
from ecf_sandbox.cli.installation.requirements import Requirement, requirement, within

PACKAGE = "ecf-sandbox"
PLUGIN = "ecf_sandbox.pytest_plugin"
PYTEST = ">=8.2"  # the oldest that the plugin's own tests have seen
AGAIN = "install the sandbox anew: pip install --force-reinstall, with the wheel or the folder that it came from"

Versions = Callable[[str], str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Installed:
    """What the metadata of the installed package says. `origin` is the content of direct_url.json, if there is any."""

    version: str
    python: str
    requires: tuple[Requirement, ...]
    plugins: Mapping[str, str]
    origin: str | None
    place: str


def installed() -> Installed | None:
    """The package as it is installed; None if it is not."""
    try:
        it = metadata.distribution(PACKAGE)
    except metadata.PackageNotFoundError:
        return None
    return Installed(
        version=it.version,
        python=it.metadata["Requires-Python"] or "",
        requires=tuple(map(requirement, it.requires or ())),
        plugins={one.name: one.value for one in it.entry_points if one.group == "pytest11"},
        origin=it.read_text("direct_url.json"),
        place=str(it.locate_file("")),
    )


def version_of(name: str) -> str | None:
    """The installed version of a package; None if it is not there."""
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def python(version: str, needed: str) -> Diagnosis:
    """Whether Python is new enough."""
    if within(version, needed):
        return ok("Python", version)
    return wrong("Python", f"{version}, and {needed} is needed", "make the environment with a newer Python")


def package(it: Installed | None, running: str, folder: Path) -> Diagnosis:
    """Which version is installed, and where it comes from; `running` is that of the code, which lies in `folder`."""
    if it is None:
        fix = "install it: pip install, with the wheel or the folder of the checkout"
        return wrong(PACKAGE, f"{running} runs without being installed, so pytest and pip do not know it", fix)
    if it.version != running:
        fix = "install it anew, in a checkout with: make setup"
        return warning(PACKAGE, f"{running} runs, but {it.version} is what was installed", fix)
    if not folder.is_relative_to(Path(_checkout(it) or it.place).resolve()):
        fix = "run it from another folder, or without PYTHONPATH"
        return warning(PACKAGE, f"{running} runs from {folder}, but is {_whence(it)}", fix)
    return ok(PACKAGE, f"{it.version}, {_whence(it)}")


def _whence(it: Installed) -> str:
    if checkout := _checkout(it):
        return f"from the checkout {checkout}"
    source, _ = _origin(it)
    return f"installed in {it.place}" + (f" from {source}" if source else "")


def _checkout(it: Installed) -> str | None:
    source, editable = _origin(it)
    return source if editable else None


def _origin(it: Installed) -> tuple[str, bool]:
    """The path that the package was installed from, if that is known, and whether it still lies there."""
    try:
        origin = json.loads(it.origin or "{}")
        return unquote(urlsplit(origin.get("url", "")).path), bool(origin.get("dir_info", {}).get("editable"))
    except (ValueError, AttributeError):
        return "", False


def dependencies(requires: Iterable[Requirement], version_of: Versions) -> Iterator[Diagnosis]:
    """Whether each package that is needed is there, in a version that will do."""
    for it in requires:
        if it.extra is not None:
            continue
        version, fix = version_of(it.name), f"pip install '{it.name}{it.bounds}'"
        if version is None:
            yield wrong(it.name, f"is not installed, and {it.bounds or 'some version'} is needed", fix)
        elif not it.met_by(version):
            yield wrong(it.name, f"{version}, and {it.bounds} is needed", fix)
        else:
            yield ok(it.name, version)


def extras(requires: Iterable[Requirement], version_of: Versions) -> Iterator[Diagnosis]:
    """What there is of the packages that only some need."""
    for it in requires:
        if it.extra is None:
            continue
        about, version, fix = f"extra {it.extra}", version_of(it.name), f"pip install '{it.name}{it.bounds}'"
        if version is None:
            yield ok(about, f"{it.name} is not installed; who needs it:", fix)
        elif not it.met_by(version):
            yield warning(about, f"{it.name} {version}, and {it.bounds} is needed", fix)
        else:
            yield ok(about, f"{it.name} {version}")


def pytest_plugin(it: Installed | None, version: str | None) -> Diagnosis:
    """Whether pytest is there, and will find the plugin; `version` is that of pytest, if there is one."""
    about = "pytest plugin"
    if version is None:
        return ok(about, "pytest is not installed; who tests with it:", f"pip install 'pytest{PYTEST}'")
    if it is None or PLUGIN not in it.plugins.values():
        return wrong(about, f"pytest {version} does not find it: the entry point {PLUGIN} is not registered", AGAIN)
    if not within(version, PYTEST):
        return warning(about, f"pytest {version} is older than any it was tried with", f"pip install 'pytest{PYTEST}'")
    return ok(about, f"registered, with pytest {version}")
