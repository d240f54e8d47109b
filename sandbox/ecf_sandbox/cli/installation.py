"""Whether an installation is sound: Python, the package, what it depends on, its files, and what is around it."""

from __future__ import annotations

import json
import operator
import re
import socket
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from http.client import HTTPException
from importlib import metadata
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from ecf_sandbox.transport import OverHttp, Reply


class State(StrEnum):
    """How a thing is: a warning does not keep the sandbox from working."""

    OK = "ok"
    WARNING = "warning"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """What was looked at, how it is, in words, and the fix if there is one."""

    about: str
    state: State
    says: str
    fix: str = ""


def ok(about: str, says: str, fix: str = "") -> Diagnosis:
    """Nothing to mend; `fix` says how to have more."""
    return Diagnosis(about=about, state=State.OK, says=says, fix=fix)


def warning(about: str, says: str, fix: str) -> Diagnosis:
    """Something may surprise."""
    return Diagnosis(about=about, state=State.WARNING, says=says, fix=fix)


def wrong(about: str, says: str, fix: str) -> Diagnosis:
    """Something does not work until it is mended."""
    return Diagnosis(about=about, state=State.WRONG, says=says, fix=fix)


def as_text(found: Sequence[Diagnosis]) -> str:
    """A line for each, with the fix below it."""
    lines = []
    for it in found:
        lines.append(f"{it.state:<9}{it.about}: {it.says}")
        if it.fix:
            lines.append(f"{'':<9}-> {it.fix}")
    return "\n".join(lines)


def as_plain(found: Sequence[Diagnosis]) -> dict[str, Any]:
    """What `--json` prints."""
    return {"ok": sound(found), "lines": [asdict(it) for it in found]}


def sound(found: Sequence[Diagnosis]) -> bool:
    """Whether nothing is wrong."""
    return all(it.state is not State.WRONG for it in found)


_NAME = re.compile(r"\s*([A-Za-z0-9][\w.-]*)\s*(?:\[[^\]]*\])?\s*([^;]*)(?:;(.*))?")
_EXTRA = re.compile(r"""extra\s*==\s*['"]([^'"]+)['"]""")
_BOUND = re.compile(r"\s*(>=|<=|==|!=|>|<)\s*([\d.]+)\s*")
_COMPARE: dict[str, Callable[[tuple[int, ...], tuple[int, ...]], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    "==": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    "<": operator.lt,
}


@dataclass(frozen=True, slots=True)
class Requirement:
    """A package, its bounds as written, and the extra for which it is needed, if it is for one."""

    name: str
    bounds: str
    extra: str | None = None

    def met_by(self, version: str) -> bool:
        """Whether a version lies within the bounds; what follows the numbers (`3.0rc1`) is not looked at."""
        return within(version, self.bounds)


def requirement(text: str) -> Requirement:
    """Read a line of `Requires-Dist`; raises ValueError."""
    found = _NAME.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is no requirement")
    extra = _EXTRA.search(found[3] or "")
    return Requirement(found[1], found[2].strip(), extra[1] if extra else None)


def within(version: str, bounds: str) -> bool:
    """Whether a version meets bounds such as `>=3.0,<4`; a bound of a kind that is not used here counts as met."""
    return all(
        _COMPARE[found[1]](*_alike(version, found[2]))
        for it in bounds.strip("() ").split(",")
        if (found := _BOUND.fullmatch(it))
    )


def _alike(one: str, other: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    # 3 and 3.0.0 are the same version.
    left, right = _numbers(one), _numbers(other)
    length = max(len(left), len(right))
    return left + (0,) * (length - len(left)), right + (0,) * (length - len(right))


def _numbers(version: str) -> tuple[int, ...]:
    found = re.match(r"\d+(?:\.\d+)*", version)
    return tuple(map(int, found[0].split("."))) if found else ()


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


def scenarios(folder: Path) -> Diagnosis:
    """Whether every scenario of a folder loads, and the default one is there."""
    from ecf_sandbox.scenario import load_scenario

    return _every("scenarios", folder, ("default",), lambda it: load_scenario(it, seed="doctor"))


def documents(folder: Path) -> Diagnosis:
    """Whether the OpenAPI documents of a folder load, and what is printed of them for the observer."""
    from ecf_sandbox.tools.contract.documents import NAMES, OpenApiDocument
    from ecf_sandbox.tools.observer.expected import FILE, read

    found = _every("OpenAPI documents", folder, NAMES, lambda it: OpenApiDocument(it).operations)
    if found.state is not State.OK:
        return found
    return _broken(found.about, [folder / FILE], read) or found


def _every(about: str, folder: Path, needed: tuple[str, ...], load: Callable[[Path], object]) -> Diagnosis:
    there = sorted(folder.glob("*.yaml")) if folder.is_dir() else []
    missing = [name for name in needed if name not in {it.stem for it in there}]
    if missing:
        return wrong(about, f"{', '.join(missing)} missing in {folder}", AGAIN)
    return _broken(about, there, load) or ok(about, f"{len(there)} in {folder}")


def _broken(about: str, files: Iterable[Path], load: Callable[[Path], object]) -> Diagnosis | None:
    """The first of the files that cannot be used, or None."""
    for it in files:
        try:
            load(it)
        except Exception as error:  # whatever is the matter with a file: it is to be named, not to end the command
            return wrong(about, f"{it} cannot be used: {error}", AGAIN)
    return None


HOST, PREFIX = "127.0.0.1", "ECF_SANDBOX_"
SECONDS = 2.0
OTHER = "choose another with --port, or stop what listens there; --port 0 takes any free one"

# For each variable what reads it: raises ValueError with what is wrong.
Variables = Mapping[str, Callable[[str], object]]


def port(number: int) -> Diagnosis:
    """Whether a port of this machine is free, and if not, whether a sandbox has it. Asks nothing but this machine."""
    about = f"port {number}"
    try:
        socket.create_connection((HOST, number), timeout=SECONDS).close()
    except ConnectionRefusedError:
        return ok(about, "free")
    except OSError as error:
        return warning(about, f"cannot be tried: {error}", OTHER)
    try:
        reply = OverHttp(f"http://{HOST}:{number}", timeout=SECONDS)("GET", "/_sandbox/ready")
    except (OSError, HTTPException):
        return warning(about, "taken, by something that does not speak HTTP", OTHER)
    who = _sandbox(reply)
    return ok(about, f"taken, by {who}") if who else warning(about, "taken, and not by a sandbox", OTHER)


def _sandbox(reply: Reply) -> str | None:
    """Which sandbox answers so; None if it is none."""
    try:
        told = json.loads(reply.body)
        if reply.status == 200:
            return f"ecf-sandbox {told['version']} with scenario {told['scenario']}, edition {told['edition']}"
        if str(told["type"]).startswith("urn:ecf-sandbox:problem:"):
            return "a sandbox that wants its control token"
    except (ValueError, KeyError, TypeError):
        pass
    return None


def variables(environment: Mapping[str, str], known: Variables) -> Iterator[Diagnosis]:
    """What is set for the sandbox, unknown or not to be understood; one line if all is well."""
    from ecf_sandbox.suggest import did_you_mean

    found = {name: it for name, it in sorted(environment.items()) if name.startswith(PREFIX)}
    if not found:
        yield ok("environment", f"no {PREFIX}… is set")
    for name, value in found.items():
        if not value:
            yield ok(name, "is empty, which counts as not set")
            continue
        if name not in known:
            yield warning(name, f"is read by nothing: {did_you_mean(name, known)}", f"rename it, or: unset {name}")
            continue
        try:
            known[name](value)
        except ValueError as error:
            yield wrong(name, str(error), f"correct it, or: unset {name}")
        else:
            yield ok(name, "is understood")
