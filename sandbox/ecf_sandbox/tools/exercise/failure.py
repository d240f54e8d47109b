"""A history that a client does not come through, as it is kept: to read, play, and repeat in pytest and with curl."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from shlex import join, quote
from typing import Any

import msgspec

from ecf_sandbox.dates.wire import instant
from ecf_sandbox.files import atomic_write
from ecf_sandbox.scenario.yaml_writer import as_yaml
from ecf_sandbox.services import DEFAULT
from ecf_sandbox.state.properties import Complaint, Invariant
from ecf_sandbox.state.record import Record, plain
from ecf_sandbox.testing.properties.playing import in_lines
from ecf_sandbox.tools.exercise.beginning import SEED, Beginning, Told
from ecf_sandbox.tools.exercise.client import fill
from ecf_sandbox.tools.exercise.history import History, written
from ecf_sandbox.tools.exercise.run import in_words

Json = dict[str, Any]


class Failure(Record, frozen=True, kw_only=True):
    """A history, how the client broke invariants in it, and its story; `again` says that it did so when repeated."""

    history: History
    complaints: tuple[Complaint, ...]
    story: tuple[Told, ...]
    again: bool = True

    @property
    def name(self) -> str:
        """A name that follows from the history."""
        return self.history.name


def failure_of(told: object) -> Failure:
    """The failure that a worker told of."""
    return msgspec.convert(told, Failure)


def sentences(failure: Failure) -> list[str]:
    """The story, a numbered line for each thing that happened."""
    return list(in_lines(map(in_words, failure.story)))


def judgement(failure: Failure, invariants: Mapping[str, Invariant]) -> Iterator[str]:
    """What was broken: each invariant with its sentence, and how."""
    for id in dict.fromkeys(it.invariant for it in failure.complaints):
        yield f"{id}: {invariants[id].sentence}" if id in invariants else id
        own = [it.text for it in failure.complaints if it.invariant == id]
        yield from (f"  {text}" for text in own[:_MOST])
        if len(own) > _MOST:
            yield f"  and {len(own) - _MOST} more"


_MOST = 5


def keep(failure: Failure, begun: Beginning, more: Mapping[str, str], folder: Path) -> dict[str, Path]:
    """Write the four files of a failure into a folder, and answer where each is; raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    name = failure.name
    files = {
        "history": (folder / f"{name}.json", written(failure.history)),
        "scenario": (folder / f"{name}.yaml", as_scenario(failure, begun)),
        "pytest": (folder / f"test_{name.replace('-', '_')}.py", as_pytest(failure, more)),
        "curl": (folder / f"{name}.sh", as_curl(failure, begun, more)),
    }
    for path, text in files.values():
        atomic_write(path, text)
    return {kind: path for kind, (path, _) in files.items()}


def title_of(failure: Failure) -> str:
    """What the story is called."""
    broken = failure.complaints[0].invariant if failure.complaints else "nothing"
    return f"A client breaks {broken}"


# A scenario file


def as_scenario(failure: Failure, begun: Beginning) -> str:
    """The story as a scenario file, which plays what happened, what the client asked, and what the API shows then."""
    about = " ".join([*(it.text for it in failure.complaints[:_MOST]), "Found by ecf-sandbox exercise."])
    now = failure.history.now or instant(begun.world.now())
    head: Json = {"title": title_of(failure), "about": about, "as_of": instant(begun.story.as_of), "now": now}
    if begun.world.service.name != DEFAULT:
        head["service"] = begun.world.service.name
    if failure.history.edition:
        head["edition"] = failure.history.edition
    sections = _sections(begun)
    steps = list(_steps(failure, begun))
    return f"{as_yaml(head)}\n{sections.strip()}\n\n{as_yaml({'steps': steps})}"


def _sections(begun: Beginning) -> str:
    """What the scenario begins with, as its own file says it."""
    text = begun.path.read_text(encoding="utf-8")
    # A key of the first level and all lines below it, with the comments above it.
    kept, keeping, above = [], False, []
    for line in text.splitlines():
        if line[:1] == "#" or not line.strip():
            above.append(line)
            continue
        if not line[:1].isspace() and line[:1] not in "-}]":
            keeping = line.partition(":")[0].strip() not in _HEAD
        if keeping:
            kept += [*above, line]
        above = []
    return "\n".join(kept)


_HEAD = ("title", "about", "as_of", "now", "service", "edition", "steps")


def _steps(failure: Failure, begun: Beginning) -> Iterator[Json]:
    last = failure.story[-1].at if failure.story else instant(begun.world.now())
    told_there = {step.get("say") for it in failure.story for step in it.seen}
    pending: list[str] = []  # what leaves no step of its own is told with the next one
    for it in failure.story:
        if it.text not in told_there:
            pending.append(it.text)
        for step in it.seen:
            words = " ".join([*pending, step.get("say", "")]).strip()
            pending = []
            rest = {name: value for name, value in plain(step).items() if name != "say"}
            yield {"say": words, **rest} if words else rest
    by = next(name for name, token in begun.story.clients.items() if token == begun.token)
    texts = [it.text for it in failure.complaints]
    for name, path in begun.world.service.client_lists.items():
        mine = [it for it in texts if name[:-1] in it] or (texts if name == "participants" else [])
        if mine:
            said = [*pending, f"This is what the API shows then. The client: {'; '.join(mine[:_MOST])}."]
            pending = []
            yield {
                "say": " ".join(said),
                "at": last,
                "by": by,
                "send": f"GET {path}?page[per_page]=3000",
                "expect": 200,
            }


# A test in pytest


def as_pytest(failure: Failure, more: Mapping[str, str]) -> str:
    """A test that repeats the history with the same command, and fails as long as the client breaks the invariant."""
    lines = [*sentences(failure), "", *(f"{it.invariant}: {it.text}" for it in failure.complaints[:_MOST])]
    doc = "\n".join(lines).replace("\\", "\\\\").replace('"""', "'''")
    name = failure.name.replace("-", "_")
    return f'''"""{title_of(failure)}.

{doc}
"""

from pathlib import Path

from ecf_sandbox.testing.replay import replay

COMMAND = {json.dumps(list(failure.history.command), ensure_ascii=False)}
ENVIRONMENT = {json.dumps(dict(more), ensure_ascii=False)}


def test_{name}():
    history = Path(__file__).with_name("{failure.name}.json")

    assert replay(history, COMMAND, environment=ENVIRONMENT) == []
'''


# A script with curl


def as_curl(failure: Failure, begun: Beginning, more: Mapping[str, str]) -> str:
    """A script that makes the same happen in a world of a running sandbox, and runs the client there."""
    history = failure.history
    world = failure.name[:64]
    now = history.now or instant(begun.world.now())
    create: Json = {"name": world, "scenario": history.scenario, "seed": SEED, "now": now}
    if history.edition:
        create["edition"] = history.edition
    shipped, service = begun.shipped, begun.world.service.name
    needs = "ecf-sandbox serve"
    if service != DEFAULT and shipped:
        create["service"] = service
    elif service != DEFAULT:
        needs += f" --service {service}"
    needs += "" if shipped else f" --scenario {quote(history.scenario)}"
    if not shipped:
        del create["scenario"]
    exports = "\n".join(f"  export {name}={_shell(value)}" for name, value in more.items())
    body = "\n".join(_curl_lines(failure, begun))
    shows = "\n".join(f'shown "{path}?page%5Bper_page%5D=3000"' for path in begun.world.service.client_lists.values())
    comments = "\n".join(
        f"# {it}" for it in [*sentences(failure), *(f"{it.invariant}: {it.text}" for it in failure.complaints[:_MOST])]
    )
    return f"""#!/bin/sh
# {title_of(failure)}. Repeats it in a world of a running sandbox (`{needs}`), with the
# command that is given, or the one that was run before:
#
#     sh {failure.name}.sh [COMMAND [ARGUMENT]...]
#
{comments}
set -eu

url=${{ECF_SANDBOX_URL:-http://127.0.0.1:8000}}
world={quote(world)}
token={quote(begun.token)}~$world
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
[ $# -gt 0 ] || set -- {join(history.command)}

control() {{ # METHOD PATH [JSON]
  curl --silent --show-error --fail-with-body --request "$1" --header 'Content-Type: application/json' \\
    ${{3:+--data "$3"}} "$url/_sandbox/worlds$2" >"$work/answer" || {{ cat "$work/answer" >&2; return 3; }}
}}
shown() {{ # PATH
  echo "$1"
  curl --silent --show-error --header "Authorization: Bearer $token" "$url$1"
}}
client() {{ # [TASK, as JSON]; then the command
  control GET "/$world/clock"
  now=$(sed 's/.*"now": *"\\([^"]*\\)".*/\\1/' "$work/answer")
  task=$1
  shift
  export ECF_SANDBOX_URL="$url" ECF_SANDBOX_TOKEN="$token" ECF_SANDBOX_WORLD="$world" ECF_SANDBOX_NOW="$now"
  export ECF_SANDBOX_STATE="$work/state" ECF_SANDBOX_KNOWS="$work/knows.json"
  mkdir -p "$work/state"
  if [ -n "$task" ]; then
    printf '%s' "$task" >"$work/task.json"
    export ECF_SANDBOX_TASK="$work/task.json"
  else
    unset ECF_SANDBOX_TASK
  fi
{exports}
  "$@" || echo "the client ended with $?"
  if [ -s "$work/knows.json" ]; then cat "$work/knows.json"; fi
  control DELETE "/$world/faults"
}}

control DELETE "/$world" 2>/dev/null || true # of an earlier time
control POST "" {quote(json.dumps(create))}
{body}
echo
echo "What the API shows:"
{shows}
"""


def _curl_lines(failure: Failure, begun: Beginning) -> Iterator[str]:
    names = begun.world.service.names(begun.story.records())
    for number, it in enumerate(failure.story, 1):
        yield ""
        yield f"echo {quote(f'{number}. {it.text}')}"
        happening = it.happens
        if it.turn:
            yield f'client {quote(json.dumps(it.task)) if it.task else repr("")} "$@"'
        elif happening is None:
            continue
        elif happening.kind == "event":
            told = {"event": happening.name, "with": plain(happening.told)}
            yield f'control POST "/$world/events" {quote(json.dumps(told, ensure_ascii=False))}'
        elif happening.kind == "time":
            yield f'control POST "/$world/clock/advance" {quote(json.dumps(plain(happening.told)))}'
        elif happening.kind == "fault":
            yield f'control POST "/$world/faults" {quote(json.dumps(plain(happening.told)))}'
        else:
            token = begun.world.service.tokens(begun.world.state.records)[happening.by]
            target, sent = happening.target, json.dumps(plain(happening.body), ensure_ascii=False)
            for name, id in names.items():
                target, sent = target.replace(f"${{{name}}}", id), sent.replace(f"${{{name}}}", id)
            data = "" if happening.body is None else f" --header 'Content-Type: application/json' --data {quote(sent)}"
            yield (
                f"curl --silent --show-error --request {happening.method} --header 'Authorization: Bearer {token}'"
                f'"~$world"{data} "$url{target}" >/dev/null'
            )


def _shell(value: str) -> str:
    """A value in double quotes in which the places are the script's variables."""
    places = {"ECF_SANDBOX_URL": "$ECF_SANDBOX_URL", "ECF_SANDBOX_TOKEN": "$ECF_SANDBOX_TOKEN"}
    places |= {f"ECF_SANDBOX_{it}": f"$ECF_SANDBOX_{it}" for it in ("WORLD", "NOW", "STATE", "KNOWS")}
    escaped = re.sub(r'([\\"$`])', r"\\\1", value)
    return f'"{fill(escaped, places)}"'
