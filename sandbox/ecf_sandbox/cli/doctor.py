"""`ecf-sandbox doctor`: what is wrong with an installation. What may be missing is imported where it is looked at."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple
from urllib.parse import unquote, urlsplit

import click

from ecf_sandbox import __version__
from ecf_sandbox.cli.options import DEFAULT_SERVICE, GIVEN, edition_named, switches_named
from ecf_sandbox.cli.terminal_text import Commands

if TYPE_CHECKING:
    from importlib.metadata import Distribution

WRONG = 1
PACKAGE, PLUGIN, PREFIX, HOST = "ecf-sandbox", "ecf_sandbox.pytest_plugin", "ECF_SANDBOX_", "127.0.0.1"
PYTEST = ">=8.2"  # the oldest that the plugin's own tests have seen
SECONDS = 2.0
AGAIN = "install the sandbox anew: pip install --force-reinstall, with the wheel or the folder that it came from"


class Diagnosis(NamedTuple):
    """What was looked at, how it is, in words, and the fix if there is one; a warning does not keep it from working."""

    about: str
    state: Literal["ok", "warning", "wrong"]
    says: str
    fix: str = ""


@click.command()
@click.option(
    "--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="The port that should be free."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def doctor(context: click.Context, port: int, as_json: bool) -> None:
    """Look at the installation, and say what is wrong with it and how to mend it.

    Looks at Python, the package and what it depends on, its files, the pytest plugin, a port and the environment
    variables. Writes nothing, and asks nobody but this machine.

    Ends with 0, or with 1 if something is wrong; a warning is not.
    """
    found = list(_diagnoses(context.find_root().command, port))
    sound = all(it.state != "wrong" for it in found)
    if as_json:
        click.echo(json.dumps({"ok": sound, "lines": [it._asdict() for it in found]}, indent=2))
    else:
        for it in found:
            click.echo(f"{it.state:<9}{it.about}: {it.says}" + (f"\n{'':<9}-> {it.fix}" if it.fix else ""))
    if not sound:
        raise SystemExit(WRONG)


def register(group: click.Group) -> None:
    """Add the command to a group."""
    group.add_command(doctor)


def _diagnoses(main: click.Command, number: int) -> Iterator[Diagnosis]:
    looks: dict[str, Callable[[], Iterable[Diagnosis]]] = {
        "installation": _installation,
        "server": _server,
        "files": _files,
        f"port {number}": lambda: [port(number)],
        "environment": lambda: variables(os.environ, dict(readers(main))),
    }
    for about, look in looks.items():
        try:
            yield from look()
        except ImportError as error:
            says = f"cannot be looked at, for a package is missing or broken: {error}"
            yield Diagnosis(about, "wrong", says, "install what is missing, then look again")


def _installation() -> Iterator[Diagnosis]:
    it = installed(PACKAGE)
    yield package(it, __version__, Path(__file__).resolve().parent)
    if it is not None:
        yield python(it, platform.python_version())
        yield from requirements(it, lambda name: getattr(installed(name), "version", None))
    yield pytest_plugin(it, getattr(installed("pytest"), "version", None))


def installed(name: str) -> Distribution | None:
    """A package as it is installed; None if it is not."""
    from importlib import metadata

    return next(iter(metadata.distributions(name=name)), None)


def _server() -> Iterator[Diagnosis]:
    # That a package is listed as installed does not mean that it can be imported.
    import ecf_sandbox.app
    import ecf_sandbox.serving.server
    import ecf_sandbox.web.mounted  # noqa: F401 - only whether they can be; the application loads it late

    yield Diagnosis("server", "ok", "can be loaded")


def _files() -> Iterator[Diagnosis]:
    from ecf_sandbox.files import folder

    yield scenarios(folder("scenarios"))
    yield documents(folder("openapi"))


def package(it: Distribution | None, running: str, folder: Path) -> Diagnosis:
    """Which version is installed, and where it comes from; `running` is that of the code, which lies in `folder`."""
    if it is None:
        fix = "install it: pip install, with the wheel or the folder of the checkout"
        return Diagnosis(PACKAGE, "wrong", f"{running} runs without being installed, so pytest and pip miss it", fix)
    if it.version != running:
        fix = "install it anew, in a checkout with: make setup"
        return Diagnosis(PACKAGE, "warning", f"{running} runs, but {it.version} is what was installed", fix)
    try:
        origin = json.loads(it.read_text("direct_url.json") or "{}")
    except ValueError:  # then it is not known
        origin = {}
    source, place = unquote(urlsplit(origin.get("url", "")).path), str(it.locate_file(""))
    whence = f"installed in {place}" + (f" from {source}" if source else "")
    if origin.get("dir_info", {}).get("editable"):
        place, whence = source, f"from the checkout {source}"
    if not folder.is_relative_to(Path(place).resolve()):
        fix = "run it from another folder, or without PYTHONPATH"
        return Diagnosis(PACKAGE, "warning", f"{running} runs from {folder}, but is {whence}", fix)
    return Diagnosis(PACKAGE, "ok", f"{running}, {whence}")


def _within(version: str, bounds: object) -> bool:
    from packaging.specifiers import SpecifierSet
    from packaging.version import InvalidVersion

    try:
        return SpecifierSet(str(bounds)).contains(version, prereleases=True)
    except InvalidVersion:
        return False


def python(it: Distribution, version: str) -> Diagnosis:
    """Whether Python is new enough."""
    needed = it.metadata["Requires-Python"]
    # A Python that was built from a checkout calls itself 3.13.0+.
    if _within(version.rstrip("+"), needed):
        return Diagnosis("Python", "ok", version)
    return Diagnosis(
        "Python", "wrong", f"{version}, and {needed} is needed", "make the environment with a newer Python"
    )


def requirements(it: Distribution, version_of: Callable[[str], str | None]) -> Iterator[Diagnosis]:
    """Whether each package that is needed is there, in a version that will do; and those that only some need."""
    from packaging.requirements import Requirement

    extras = ("", *it.metadata.get_all("Provides-Extra", ()))
    for each in map(Requirement, it.requires or ()):
        for extra in extras:
            if each.marker is None or each.marker.evaluate({"extra": extra}):
                yield _requirement(each.name, each.specifier, extra, version_of(each.name))
                break


def _requirement(name: str, bounds: object, extra: str, version: str | None) -> Diagnosis:
    about, before = (f"extra {extra}", f"{name} ") if extra else (name, "")
    fix = f"pip install '{name}{bounds}'"
    if version is None and extra:
        return Diagnosis(about, "ok", f"{name} is not installed; who needs it:", fix)
    if version is not None and _within(version, bounds):
        return Diagnosis(about, "ok", f"{before}{version}")
    says = f"{before}{version or 'is not installed'}, and {bounds} is needed"
    return Diagnosis(about, "warning" if extra else "wrong", says, fix)


def pytest_plugin(it: Distribution | None, version: str | None) -> Diagnosis:
    """Whether pytest is there, and will find the plugin; `version` is that of pytest, if there is one."""
    about, fix = "pytest plugin", f"pip install 'pytest{PYTEST}'"
    if version is None:
        return Diagnosis(about, "ok", "pytest is not installed; who tests with it:", fix)
    if it is None or not any(one.value == PLUGIN for one in it.entry_points.select(group="pytest11")):
        says = f"pytest {version} does not find it: the entry point {PLUGIN} is not registered"
        return Diagnosis(about, "wrong", says, AGAIN)
    if not _within(version, PYTEST):
        return Diagnosis(about, "warning", f"pytest {version} is older than any it was tried with", fix)
    return Diagnosis(about, "ok", f"registered, with pytest {version}")


def scenarios(folder: Path) -> Diagnosis:
    """Whether every scenario of a folder loads, and the default one is there."""
    from ecf_sandbox.scenario import load_scenario

    return _every("scenarios", folder, ["default.yaml"], lambda it: load_scenario(it, seed="doctor"))


def documents(folder: Path) -> Diagnosis:
    """Whether the OpenAPI documents of a folder load, and what is printed of them for the observer."""
    from ecf_sandbox.services import SERVICES, service_named
    from ecf_sandbox.tools.contract.documents import CONTROL, OpenApiDocument
    from ecf_sandbox.tools.observer.expected import read

    services = [service_named(it) for it in SERVICES]
    expected = [it.part("expected").name for it in services]

    def load(it: Path) -> object:
        return read(it) if it.name in expected else OpenApiDocument(it).operations

    needed = [*expected, f"{CONTROL}.yaml", *(it.name for each in services for it in each.documents.values())]
    return _every("OpenAPI documents", folder, needed, load)


def _every(about: str, folder: Path, needed: Iterable[str], load: Callable[[Path], object]) -> Diagnosis:
    files = {*folder.glob("*.yaml"), *map(folder.joinpath, needed)}
    for it in sorted(files):
        try:
            load(it)
        except Exception as error:  # whatever is the matter with a file: it is to be named, not to end the command
            return Diagnosis(about, "wrong", f"{it} cannot be used: {error}", AGAIN)
    return Diagnosis(about, "ok", f"{len(files)} files in {folder}")


def port(number: int) -> Diagnosis:
    """Whether a port of this machine is free, and if not, whether a sandbox has it. Asks nothing but this machine."""
    from http.client import HTTPException

    from ecf_sandbox.transport import OverHttp

    about = f"port {number}"
    try:
        reply = OverHttp(f"http://{HOST}:{number}", timeout=SECONDS)("GET", "/_sandbox/ready")
        told = json.loads(reply.body)
        if reply.status == 200:
            who = f"ecf-sandbox {told['version']} with scenario {told['scenario']}, edition {told['edition']}"
            return Diagnosis(about, "ok", f"taken, by {who}")
        if str(told["type"]).startswith("urn:ecf-sandbox:problem:"):
            return Diagnosis(about, "ok", "taken, by a sandbox that wants its control token")
    except ConnectionRefusedError:
        return Diagnosis(about, "ok", "free")
    except (OSError, HTTPException, ValueError, KeyError, TypeError):
        pass  # whatever it is, it does not answer as a sandbox does
    fix = "choose another with --port, or stop what listens there; --port 0 takes any free one"
    return Diagnosis(about, "warning", "taken, and no sandbox answers there", fix)


Reader = Callable[[str], object]  # raises ValueError with what is wrong


def variables(environment: Mapping[str, str], known: Mapping[str, Reader]) -> Iterator[Diagnosis]:
    """What is set for the sandbox, unknown or not to be understood; one line if all is well."""
    from ecf_sandbox.cli.options import nearest_variable

    found = {name: it for name, it in sorted(environment.items()) if name.startswith(PREFIX)}
    if not found:
        yield Diagnosis("environment", "ok", f"no {PREFIX}… is set")
    for name, value in found.items():
        if not value:
            yield Diagnosis(name, "ok", "is empty, which counts as not set")
        elif name in GIVEN:
            yield Diagnosis(name, "ok", "is what a client is told that `exercise` runs")
        elif name not in known:
            says = f"is read by no command ({nearest_variable(name, known)})"
            yield Diagnosis(name, "warning", says, f"rename it, or: unset {name}")
        else:
            yield _variable(name, value, known[name])


def _variable(name: str, value: str, read: Reader) -> Diagnosis:
    try:
        read(value)
    except ValueError as error:
        return Diagnosis(name, "wrong", str(error), f"correct it, or: unset {name}")
    return Diagnosis(name, "ok", "is understood")


def readers(command: click.Command, parent: click.Context | None = None) -> Iterator[tuple[str, Reader]]:
    """Every environment variable that a command or those below it read, with what reads its value."""
    settings: dict[str, Any] = {"auto_envvar_prefix": None, **command.context_settings}
    prefix = settings["auto_envvar_prefix"]
    context = click.Context(command, parent, auto_envvar_prefix=prefix)
    for it in command.params:
        if isinstance(it, click.Option) and (it.envvar or (prefix and it.show_envvar)):
            yield str(it.envvar or f"{prefix}_{it.name}".upper()), partial(_read, it, context)
    if isinstance(command, click.Group):
        for each in command.every(context) if isinstance(command, Commands) else command.commands.values():
            yield from readers(each, context)


def _read(it: click.Option, context: click.Context, text: str) -> object:
    from ecf_sandbox.scenario import BadScenario, load_scenario
    from ecf_sandbox.services import service_named
    from ecf_sandbox.transport import OverHttp

    asked_for = os.environ.get(f"{PREFIX}SERVICE") or None
    service = service_named(asked_for or DEFAULT_SERVICE)
    # What is made of a value only when it is used: a scenario is loaded, an address taken apart.
    used: dict[str | None, Reader] = {
        "scenario": lambda name: load_scenario(name, seed="doctor", service=asked_for),
        "edition": lambda name: edition_named(name, service),
        "switches": lambda values: switches_named(values, service),
        "url": OverHttp,
    }
    try:
        value: Any = it.process_value(context, it.type.split_envvar_value(text) if it.multiple else text)
        return used[it.name](value) if it.name in used else value
    except (click.ClickException, BadScenario) as wrong:
        raise ValueError(str(wrong)) from None
