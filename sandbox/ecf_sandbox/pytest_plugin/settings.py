"""What the user has set: `[tool.ecf_sandbox]` in pyproject.toml, options of the command line, and the marker `ecf`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest

TABLE = "tool.ecf_sandbox"
PLACES = ("url", "token", "world")  # what is filled in, in braces, in the texts of `env`
_PLACE = re.compile(r"\{([A-Za-z_]+)\}")


class Settings(NamedTuple):
    """What holds for the whole run. `env` are environment variables with `{url}`, `{token}` or `{world}` in them."""

    scenario: str = "default"
    service: str | None = None
    now: Any = None  # text, or a TOML date-time
    edition: str | None = None
    observer: str = "note"
    report: str | None = None
    min_rules: int = 0
    stray_requests: str = "warn"
    memory: str = "256MB"
    env: Mapping[str, str] = {}


# For each key what it must be, as people and as Python say it, and what it means.
KINDS: dict[str, tuple[str, Any, str]] = {
    "scenario": ("text", str, "the scenario to start with: one that comes with the sandbox, or a YAML file"),
    "service": ("text", str, "the API: ecf, or rect for Register early career teachers; the scenario's if left out"),
    "now": ("a moment such as 2026-10-12T09:00:00Z", object, "the moment at which the clock of each world is frozen"),
    "edition": ("text", str, "the edition: guidance follows the DfE's guidance, live the real service"),
    "observer": ("text", str, "what to do with findings: off, note, or refuse (answers 400)"),
    "report": ("a folder", str, "the folder for journal.jsonl, which has every request and answer"),
    "min_rules": ("a whole number", int, "fail the run unless at least this many rules have been judged"),
    "stray_requests": (
        "ignore, warn or fail",
        str,
        "what to do about a request to main, or to a world that is not of the test: ignore, warn (the default) or fail",
    ),
    "memory": (
        "an amount such as 256MB",
        str,
        "how much may be kept beside records, journals above all; above it the oldest is dropped first",
    ),
    "env": ("names and texts", dict, "what ecf_env sets; {url}, {token} and {world} are filled in"),
}
# Each stands before the key of the same name: what it takes, as people and as Python say it, and its help.
OPTIONS: dict[str, tuple[str, Any, str]] = {
    "service": ("NAME", str, KINDS["service"][2]),
    "edition": ("NAME", str, KINDS["edition"][2]),
    "observer": ("NAME", str, KINDS["observer"][2]),
    "report": ("DIR", str, "write every request and answer to DIR/journal.jsonl"),
    "min_rules": ("N", int, "fail the run unless at least N rules have been judged"),
    "stray_requests": ("NAME", str, KINDS["stray_requests"][2]),
}
MARKED = ("scenario", "service", "now", "edition", "observer", "expect_findings", "stray_requests")
OF_THE_WORLD = MARKED[:5]
STRAY = ("ignore", "warn", "fail")


def add_options(parser: pytest.Parser) -> None:
    """The options of the command line; each stands before the same key of pyproject.toml."""
    group = parser.getgroup("ecf-sandbox", "a DfE Lead Provider API for tests")
    for name, (metavar, kind, help) in OPTIONS.items():
        group.addoption(f"--ecf-{name.replace('_', '-')}", metavar=metavar, type=kind, help=help)
        parser.addini(f"ecf_{name}", help, default=None)


def read_settings(config: pytest.Config) -> Settings:
    """The settings of a run; raises pytest.UsageError with everything that is wrong in pyproject.toml."""
    told = _of_pyproject(config.rootpath / "pyproject.toml")
    ini = {name: given for name in OPTIONS if (given := _of_ini(config, name)) is not None}
    options = {name: it for name in OPTIONS if (it := config.getoption(f"ecf_{name}")) is not None}
    set_by = {f"ecf_{name}": (name, it) for name, it in ini.items()}
    set_by |= {f"--ecf-{name.replace('_', '-')}": (name, it) for name, it in options.items()}
    for key, (name, value) in set_by.items():
        if wrong := _wrong_value(name, value):
            raise pytest.UsageError(f"{key}: {wrong}")
    return Settings(**{**told, **ini, **options})


def _of_ini(config: pytest.Config, name: str) -> Any:
    given = config.getini(f"ecf_{name}")
    if not given:
        return None
    try:
        return OPTIONS[name][1](given)
    except ValueError:
        raise pytest.UsageError(f"ecf_{name} must be {KINDS[name][0]}, not {given!r}") from None


def marked(node: Any) -> dict[str, Any]:
    """What the markers of a test, a class or a module say, the nearest first.

    Raises ValueError for what a marker does not take.
    """
    found: dict[str, Any] = {}
    for mark in node.iter_markers("ecf"):
        if mark.args:
            raise ValueError(f"@pytest.mark.ecf takes names only, not {mark.args[0]!r}: {_takes()}")
        for name, value in read_marked(mark.kwargs, "@pytest.mark.ecf").items():
            if name == "expect_findings":
                found[name] = found.get(name, frozenset()) | value
            else:
                found.setdefault(name, value)
    return found


def read_marked(told: Mapping[str, Any], where: str) -> dict[str, Any]:
    """What a marker or a call says of a world; raises ValueError for a name or a value that there is not."""
    found: dict[str, Any] = {}
    for name, value in told.items():
        if name not in MARKED:
            raise ValueError(f"{where} takes no {_did_you_mean(name, MARKED)}")
        if name == "expect_findings":
            found[name] = _codes(value, where)
        else:
            if wrong := _wrong_value(name, str(value)):
                raise ValueError(wrong)
            found[name] = value if name == "now" else str(value)
    return found


def _wrong_value(name: str, value: Any) -> str | None:
    """What is wrong with a value whose choices are known without a scenario; None if nothing is."""
    if name == "min_rules" and value < 0:
        return f"min_rules must be at least 0, not {value}"
    if name == "stray_requests" and value not in STRAY:
        return f"stray_requests is {_did_you_mean(value, STRAY)}"
    if name == "memory":
        return _wrong_amount(value)
    if name not in ("service", "edition", "observer"):
        return None
    from ecf_sandbox.testing import settings

    known: dict[str, Callable[[str], object]] = {
        "service": settings.service_of,
        "edition": _known_edition,
        "observer": settings.observing_of,
    }
    try:
        known[name](value)
    except settings.BadSetting as wrong:
        return str(wrong)
    return None


def _wrong_amount(text: str) -> str | None:
    from ecf_sandbox.state.memory import bytes_of

    try:
        bytes_of(text)
    except ValueError as wrong:
        return f"memory: {wrong}"
    return None


def _known_edition(name: str) -> None:
    """Raise BadSetting for an edition that no service has: of which one a test's world will be is not known yet."""
    from ecf_sandbox.services import service_named, service_names
    from ecf_sandbox.testing.settings import BadSetting

    known = dict.fromkeys(edition for service in service_names() for edition in service_named(service).editions)
    if name not in known:
        raise BadSetting(f"unknown edition {_did_you_mean(name, known)}")


def _codes(given: Any, where: str) -> frozenset[str]:
    codes, known = frozenset([given] if isinstance(given, str) else given), _known_codes()
    for it in sorted(codes.difference(known)):
        raise ValueError(f"{where} expects an unknown finding: {_did_you_mean(it, known)}")
    return codes


def _known_codes() -> list[str]:
    """Those of all services: of which one a test's world will be is not known yet."""
    from ecf_sandbox.services import service_named, service_names
    from ecf_sandbox.tools.observer.catalogue import checks_of

    found = [it.code for name in service_names() for it in checks_of(service_named(name))]
    return list(dict.fromkeys(found))


def _takes() -> str:
    return "@pytest.mark.ecf(" + ", ".join(f"{name}=…" for name in MARKED) + ")"


def _of_pyproject(file: Path) -> dict[str, Any]:
    text = file.read_bytes() if file.is_file() else b""
    if b"ecf" not in text and b"sandbox" not in text:
        return {}
    import tomllib

    tables = tomllib.loads(text.decode()).get("tool", {})
    told = tables.get("ecf_sandbox", {})
    problems = list(_problems(told)) if isinstance(told, dict) else ["names and values are expected"]
    problems += (f"[tool.{it}] is read by nothing; did you mean [{TABLE}]?" for it in tables if _is_misspelt(it))
    if problems:
        raise pytest.UsageError("\n".join(f"{file}: [{TABLE}]: {it}" for it in problems))
    return dict(told)


def _is_misspelt(table: str) -> bool:
    from ecf_sandbox.suggest import nearest

    return table != "ecf_sandbox" and nearest(table.lower(), ["ecf_sandbox"], least=0.85) is not None


def _problems(told: Mapping[str, Any]) -> Iterable[str]:
    for name, value in told.items():
        if name not in KINDS:
            yield f"there is no {_did_you_mean(name, KINDS)}"
        elif not isinstance(value, KINDS[name][1]) or isinstance(value, bool):
            yield f"{name} must be {KINDS[name][0]}, not {value!r}"
        elif wrong := _wrong_value(name, value):
            yield wrong
    for name, value in told["env"].items() if isinstance(told.get("env"), dict) else ():
        if not isinstance(value, str):
            yield f'env.{name} must be text such as "{{url}}", not {value!r}'
        else:
            yield from _misspelt_places(name, value)


def _misspelt_places(name: str, text: str) -> Iterable[str]:
    from ecf_sandbox.suggest import nearest

    for it in _PLACE.findall(text):
        near = nearest(it, PLACES, least=0.6)
        if it not in PLACES and near:  # what is like none of them is the user's own text
            yield f"env.{name}: {{{it}}} is filled in with nothing; did you mean {{{near}}}?"


def _did_you_mean(found: str, known: Iterable[str]) -> str:
    from ecf_sandbox.suggest import did_you_mean  # a test run without a world loads nothing but the plugin

    return did_you_mean(found, known)
