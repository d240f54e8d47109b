"""No character of a request or an answer commands the terminal on which it is shown."""

from __future__ import annotations

import json

import pytest

from tests.served import invoke, standing

ODD = "\x1b[31m\x07\x9b\u202e"
COMMANDS = {
    "the journal": ("journal", "list"),
    "the journal as JSON": ("journal", "list", "--json"),
    "an exchange": ("journal", "show", "1"),
    "an export": ("journal", "export"),
    "an export with explanations": ("journal", "export", "--explain"),
    "an archive": ("journal", "export", "--format", "har"),
    "all journals": ("journal", "export-all"),
    "an explanation": ("journal", "explain", "1", "--format", "text"),
    "an explanation as JSON": ("journal", "explain", "1"),
    "explained": ("explain", "1"),
    "explained as JSON": ("explain", "1", "--json"),
    "a dry run": ("explain", "--curl", f"curl -d '{ODD}' http://x/api/v3/{ODD}"),
    "a report": ("report",),
    "a match": ("journal", "verify", "--match", "path=/api/v3/none"),
    "a world that is not there": ("world", "show", ODD),
    "an event that is not there": ("event", "show", ODD),
}


@pytest.fixture(scope="module")
def server():
    with standing("2026-10-12T09:00:00Z") as it:
        headers = [("Authorization", f"Bearer {it.token}"), ("Content-Type", "application/json")]
        attributes = {"cohort": ODD, "school_id": ODD, f"odd{ODD}": ODD}
        document = json.dumps({"data": {"attributes": attributes}}, ensure_ascii=False).replace("\x1b", r"\u001b")
        it.send("POST", "/api/v3/partnerships/ecf?x=%1b%9b", headers, document.replace("\x07", r"\u0007").encode())
        yield it


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_what_is_shown_has_none_that_a_terminal_obeys(server, command):
    shown = invoke(*command, ECF_SANDBOX_URL=server.url)

    assert [it for it in shown.stdout + shown.stderr if not it.isprintable() and it != "\n"] == []


def test_an_export_stays_what_it_was(server):
    shown = invoke("journal", "export", ECF_SANDBOX_URL=server.url)

    body = json.loads(shown.stdout.splitlines()[0])["request"]["body"]
    assert body["data"]["attributes"]["cohort"] == ODD
