"""Clients to run: programs in Python without anything to install, sound and unsound."""

from __future__ import annotations

import sys
from pathlib import Path

# What every client here begins with.
WHOLE = """
import json, os, pathlib, sys, time, urllib.parse, urllib.request

URL, TOKEN, NOW = (os.environ[f"ECF_SANDBOX_{it}"] for it in ("URL", "TOKEN", "NOW"))
STATE = pathlib.Path(os.environ["ECF_SANDBOX_STATE"], "state.json")
TASK = os.environ.get("ECF_SANDBOX_TASK")
LISTS = {
    "participants": "participants/ecf",
    "declarations": "participant-declarations",
    "partnerships": "partnerships/ecf",
}


def ask(method, path, body=None):
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{URL}/api/v3/{path}", method=method, headers=headers, data=data)
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)["data"]


def pages(path, **query):
    for page in range(1, 1000):
        asked = urllib.parse.urlencode({"page[page]": page, "page[per_page]": 100, **query})
        found = ask("GET", f"{path}?{asked}")
        if not found:
            return
        yield from found


def whole(path):
    return {it["id"]: it["attributes"] for it in pages(path)}
"""
SOUND = WHOLE + "\nprint(json.dumps({name: whole(path) for name, path in LISTS.items()}))\n"
# Keeps what it knew once, and asks for what changed from its last time on.
INCREMENTAL = (
    WHOLE
    + """
kept = json.loads(STATE.read_text()) if STATE.exists() else {"at": None, "rows": {}}
query = {"filter[updated_since]": kept["at"]} if kept["at"] else {}
kept["rows"].update({it["id"]: it["attributes"] for it in pages(LISTS["participants"], **query)})
kept["at"] = NOW
STATE.write_text(json.dumps(kept))
print(json.dumps({"participants": kept["rows"]}))
"""
)
# Reads everything the first time, and nothing ever after.
ONCE = (
    WHOLE
    + """
if not STATE.exists():
    STATE.write_text(json.dumps({name: whole(path) for name, path in LISTS.items()}))
print(STATE.read_text())
"""
)


def of_rect(source: str) -> str:
    """The same client of the other service."""
    return source.replace('"participants/ecf"', '"participants"').replace('"partnerships/ecf"', '"partnerships"')


def command(folder: Path, source: str) -> tuple[str, ...]:
    """How to run a program in Python."""
    file = folder / "client.py"
    file.write_text(source)
    return sys.executable, str(file)
