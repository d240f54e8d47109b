"""Reads a scenario file into the records that a world begins with, and writes the state of a world as another."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from ecf_sandbox import files
from ecf_sandbox.dates.wire import instant
from ecf_sandbox.rulebook.refusals import OutOfScope
from ecf_sandbox.scenario.builder import builder_of
from ecf_sandbox.scenario.file import STATE, Saved, ScenarioFile, kinds_of_file
from ecf_sandbox.scenario.section import section_of
from ecf_sandbox.scenario.yaml_reader import SHOWN, BadScenario, ScenarioProblem, lines_of, parse
from ecf_sandbox.services import DEFAULT as DEFAULT_SERVICE
from ecf_sandbox.services import service_named, service_names
from ecf_sandbox.state.editions import Edition
from ecf_sandbox.state.exporting import BadExport, plain_records, records_of
from ecf_sandbox.state.records import Records
from ecf_sandbox.state.service import Service
from ecf_sandbox.state.world import World
from ecf_sandbox.suggest import did_you_mean

if TYPE_CHECKING:
    from ecf_sandbox.scenario.steps import Step

DEFAULT = "default"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A scenario that has been read and found sound.

    `as_of` is the moment that its records describe; `now`, if it names one, is where its clock stands still.
    `tokens` are those of its lead providers, in the order of the file; `clients` has them by what the file calls the
    providers. `people` has everybody's line of story by their name. `steps` is the story that it tells, if it tells
    one, and `edition` the one that the story needs, if it needs one. `saved` says that it is the state of a world.
    """

    name: str
    title: str
    about: str
    as_of: datetime
    now: datetime | None
    tokens: tuple[str, ...]
    clients: Mapping[str, str]
    beginning: Records
    service: Service
    people: Mapping[str, str]
    edition: Edition | None = None
    steps: tuple[Step, ...] = ()
    saved: bool = False

    def records(self) -> Records:
        """What a world begins with."""
        return self.beginning


# No file system has longer names of files, and some raise for one.
LONGEST_NAME = 200


def load_scenario(
    path_or_name: str | Path, *, seed: str, service: str | None = None, otherwise: str = DEFAULT_SERVICE
) -> Scenario:
    """The scenario in a file, or one of those that come with a service by its name; `default` is each service's own.

    One that comes with a service is that one's; a file is of the service that it names, or else of `service`, or
    `otherwise`. Raises BadScenario with everything that is wrong with it, so if it is not of the `service` that is
    asked for, and KeyError for an unknown one.
    """
    path, of = _find(path_or_name, service or otherwise)
    try:
        text = files.read(path).decode()
    except OSError as error:
        raise BadScenario(str(path), [ScenarioProblem((), f"cannot be read: {error.strerror}")]) from None
    except UnicodeDecodeError as error:
        raise BadScenario(str(path), [ScenarioProblem((), f"cannot be read: {error}")]) from None
    return read_scenario(text, name=path.stem, file=str(path), seed=seed, service=service_named(of), must_be=service)


def read_scenario(
    text: str, *, name: str, file: str, seed: str, service: Service | None = None, must_be: str | None = None
) -> Scenario:
    """The scenario that a text describes, of that service (or the default one) unless the text names one itself.

    Raises BadScenario with everything that is wrong with it, so if its service `must_be` another.
    """
    document = parse(text, file)
    service = _service_of(document, file, text) or service or service_named()
    if must_be not in (None, service.name):
        raise BadScenario(
            file, [ScenarioProblem(("service",), f"{name} is a scenario of {service.name}, not {must_be}")]
        )
    builder = builder_of(service, seed)
    root = section_of(document, kinds_of_file(service))(document, (), builder.problems)
    title, about = root.title or name, root.about or ""
    now, as_of = root.now, root.as_of
    edition = root.edition.among(service.editions)
    builder.set_as_of(as_of or now)
    if "as_of" not in root and now is None:
        root.note("is missing", "as_of")
    clients: Mapping[str, str]
    if isinstance(root, Saved):
        records, clients = read_saved(root, service)
    else:
        records, clients = builder.beginning(root)
    steps = _steps(root, service, records, clients) if "steps" in root else ()
    root.finish()
    if builder.problems:
        raise BadScenario(file, builder.problems, lines_of(text, [it.path for it in builder.problems[:SHOWN]]))
    return Scenario(
        name=name,
        title=title,
        about=about,
        as_of=builder.as_of,
        now=now,
        tokens=tuple(clients.values()),
        clients=clients,
        beginning=records,
        service=service,
        people=builder.stories,
        edition=edition,
        steps=steps,
        saved=isinstance(root, Saved),
    )


def _service_of(document: object, file: str, text: str) -> Service | None:
    """The service that a file names, if it names one; raises BadScenario, for nothing else can be read then."""
    named = document.get("service") if isinstance(document, dict) else None
    if named is None:
        return None
    try:
        return service_named(str(named))
    except KeyError:
        problem = ScenarioProblem(("service",), f"no service {did_you_mean(named, service_names())}")
        raise BadScenario(file, [problem], lines_of(text, [problem.path])) from None


def shipped(service: str = "") -> list[str]:
    """The names of the scenarios that come with the services, or with one of them."""
    folders = [service_named(service).scenarios] if service else [it for it, _ in _folders()]
    return sorted({it.stem for folder in folders for it in folder.glob("*.yaml")})


class Heading(NamedTuple):
    """What is on top of a scenario, and what its steps say; nothing else of it has been read."""

    name: str
    title: str
    steps: int
    about: str
    edition: str
    says: tuple[str, ...]


def heading_of(scenario: Scenario) -> Heading:
    """What would be on top of a scenario that has been read."""
    return Heading(
        name=scenario.name,
        title=scenario.title,
        steps=len(scenario.steps),
        about=" ".join(scenario.about.split()),
        edition=scenario.edition.name if scenario.edition else "",
        says=tuple(text for it in scenario.steps for text in (it.say, *it.refused_by)),
    )


def headings(names: Iterable[str] | None = None) -> Iterator[Heading]:
    """Those of scenarios that come with the sandbox, by default of all, by name."""
    for name in shipped() if names is None else names:
        path, _ = _find(name, DEFAULT_SERVICE)
        document = parse(path.read_text(encoding="utf-8"), str(path))
        steps = document.get("steps", ())
        yield Heading(
            name=name,
            title=document.get("title", name),
            steps=len(steps),
            about=" ".join(document.get("about", "").split()),
            edition=document.get("edition", ""),
            says=tuple(text for step in steps for text in (step.get("say", ""), *step.get("refused_by", ()))),
        )


def _steps(root: ScenarioFile, service: Service, records: Records, clients: Mapping[str, str]) -> tuple[Step, ...]:
    # Only a story pays for what it takes to read one.
    from ecf_sandbox.scenario.steps import read_steps

    return tuple(read_steps(root.steps, service, service.names(records), clients))


def _folders(first: str = DEFAULT_SERVICE) -> Iterator[tuple[Path, str]]:
    """Where scenarios are that come with services, and with which, those of the first one first."""
    yield service_named(first).scenarios, first
    yield from ((service_named(name).scenarios, name) for name in service_names() if name != first)


def _find(path_or_name: str | Path, service: str) -> tuple[Path, str]:
    """Where a scenario is, and the service that it comes with, or that it is of unless it says so itself."""
    text = str(path_or_name)
    path = Path(path_or_name)
    if "/" in text or "\\" in text or path.suffix in (".yaml", ".yml"):
        return path, service
    # A service has a default scenario of its own, under a name that it shares with no other.
    own = [f"{service}-{DEFAULT}"] if text == DEFAULT else []
    for it, of in _folders(service) if len(text) <= LONGEST_NAME else ():
        for name in (*own, text):
            if (found := it / f"{name}.yaml").is_file():
                return found, of
    raise BadScenario(
        text[:LONGEST_NAME], [ScenarioProblem((), f"there is no scenario {did_you_mean(text, shipped())}")]
    )


def saved(world: World, title: str, about: str) -> str:
    """The present state of a world as the text of a scenario file, with a line for each row."""
    now, records = world.now(), world.state.records
    head: list[tuple[str, Any]] = [("title", title), ("about", about), ("as_of", instant(now))]
    if world.service.name != DEFAULT_SERVICE:
        head.append(("service", world.service.name))
    if world.state.clock.frozen_at is not None:
        head.append(("now", instant(now)))
    head.append(("clients", world.service.clients_of(records)))
    # JSON is YAML, and says plainly what is text.
    lines = [f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in head]
    return "\n".join([*lines, f"{STATE}:", *_state(plain_records(records))]) + "\n"


def read_saved(root: Saved, service: Service) -> tuple[Records, Mapping[str, str]]:
    """The records of such a file and its tokens by what it calls the providers; what is wrong is noted."""
    try:
        records = records_of(root.state, service.records_type())
    except BadExport as wrong:
        for it in wrong.problems:
            root.note(it, STATE)
        return service.records_type(), {}
    clients = dict(root.clients)
    for name, token in clients.items():
        if not _is_token(service, records, token):
            root.clients.note(f"{token!r} is no token in its state", name)
    return records, clients or service.clients_of(records)


def _is_token(service: Service, records: Records, token: str) -> bool:
    try:
        return service.caller_of(records, token) is not None
    except OutOfScope:
        return True


def _state(plain: Mapping[str, Mapping[str, list[Any]]]) -> list[str]:
    lines = []
    for part, tables in plain.items():
        lines.append(f"  {part}:" if tables else f"  {part}: {{}}")
        for table, items in tables.items():
            lines.append(f"    {table}:" if items else f"    {table}: []")
            lines += (f"      - {json.dumps(it, ensure_ascii=False)}" for it in items)
    return lines
