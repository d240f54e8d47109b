"""What is printed gets through whatever the terminal's encoding, and ends as it would with any other."""

from __future__ import annotations

import json
import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from ecf_sandbox.cli.main import main
from ecf_sandbox.cli.terminal_text import Commands
from tests.running import cli_runner
from tests.served import ENVIRONMENT, standing

ENCODINGS = ["cp1252", "ascii", "utf-8"]
TEXT = "Łódź – “né” 😀 \udcff"


@pytest.fixture(scope="module")
def server():
    with standing("2026-10-12T09:00:00Z") as it:
        headers = [("Authorization", f"Bearer {it.token}"), ("Content-Type", "application/json")]
        document = json.dumps({"data": {"attributes": {"cohort": "Łódź 😀"}}}, ensure_ascii=False).encode()
        it.send("POST", "/api/v3/partnerships/ecf", headers, document)
        yield it


def runner(encoding: str) -> CliRunner:
    made = cli_runner()
    made.charset = encoding
    return made


COMMANDS = {
    "rules": ("rules",),
    "rules as JSON": ("rules", "--json"),
    "findings": ("findings", "--markdown"),
    "scenarios": ("scenarios", "list"),
    "a scenario": ("scenarios", "show", "default"),
    "the schema": ("scenarios", "schema"),
    "help": ("serve", "--help"),
    "the journal": ("journal", "list"),
    "an exchange": ("journal", "show", "1"),
    "an export": ("journal", "export"),
    "an archive": ("journal", "export", "--format", "har"),
    "an explanation": ("explain", "1"),
    "an explanation as JSON": ("explain", "1", "--json"),
    "a dry run": ("explain", "--curl", "curl http://x/api/v3/Łódź😀"),
    "a report": ("report",),
    "a report as JSON": ("report", "--format", "json"),
    "names": ("world", "names"),
    "verified": ("journal", "verify", "--match", "path=/Łódź", "--max", "0"),
    "not as expected": ("journal", "verify", "--match", "path=/Łódź😀", "--min", "1"),
    "not there": ("rules", "Łódź😀"),
    "no option": ("rules", "--Łódź😀"),
    "no command": ("Łódź😀",),
    "no world": ("world", "show", "--world", "Łódź😀"),
    "no file": ("explain", "Łódź😀"),
}


@pytest.mark.parametrize("arguments", COMMANDS.values(), ids=COMMANDS.keys())
def test_a_command_ends_alike_in_every_encoding(server, arguments, monkeypatch):
    monkeypatch.setenv("ECF_SANDBOX_URL", server.url)
    ended = {it: runner(it).invoke(main, arguments) for it in ENCODINGS}

    assert {
        it: result.exception for it, result in ended.items() if not isinstance(result.exception, SystemExit | None)
    } == {}
    assert len({it.exit_code for it in ended.values()}) == 1


@click.command(cls=Commands)
def printing() -> None:
    """Print."""


@printing.command()
@click.option("--json", "as_json", is_flag=True)
@click.option("--err", is_flag=True)
def text(as_json: bool, err: bool) -> None:
    click.echo(json.dumps({"text": TEXT}, ensure_ascii=False) if as_json else TEXT, err=err)


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1", "cp437", "cp932", "utf-8"])
class TestWhatIsPrinted:
    def test_stays_json(self, encoding):
        printed = runner(encoding).invoke(printing, ["text", "--json"]).stdout_bytes

        assert json.loads(printed.decode(encoding)) == {"text": TEXT}

    def test_has_escapes_for_what_the_terminal_lacks(self, encoding):
        ended = runner(encoding).invoke(printing, ["text"])

        printed = ended.stdout_bytes.decode(encoding)
        assert ended.exit_code == 0
        assert json.loads(f'"{printed.strip()}"') == TEXT

    def test_reaches_stderr_too(self, encoding):
        assert runner(encoding).invoke(printing, ["text", "--err"]).exit_code == 0


def test_a_file_is_utf8_whatever_the_terminal(server, tmp_path):
    path = tmp_path / "journal.jsonl"
    ended = runner("cp1252").invoke(main, ["journal", "export", "--url", server.url, "--out", str(path)])

    assert ended.exit_code == 0
    assert "Łódź 😀" in path.read_bytes().decode("utf-8")


@pytest.mark.slow
@pytest.mark.parametrize(
    "environment",
    [
        {"PYTHONIOENCODING": "cp1252"},
        {"PYTHONIOENCODING": "ascii"},
        {"PYTHONIOENCODING": "latin-1:strict"},
        {"LC_ALL": "C"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"LC_ALL": "POSIX", "PYTHONIOENCODING": "cp850"},
    ],
    ids=str,
)
class TestAProcess:
    def run(self, environment: dict[str, str], *arguments: str | bytes) -> subprocess.CompletedProcess[bytes]:
        command = [sys.executable, "-m", "ecf_sandbox", *arguments]
        sound = {name: value for name, value in ENVIRONMENT.items() if not name.startswith(("LC_", "PYTHON"))}
        return subprocess.run(command, capture_output=True, env=sound | environment, timeout=60, check=False)

    def test_explains(self, server, environment):
        curl = f"curl -H 'Authorization: Bearer {server.token}' {server.url}/api/v3/Łódź😀 -d 'x=é'".encode()

        ended = self.run(environment, "explain", "--url", server.url, "--curl", curl)

        assert (ended.returncode, ended.stderr) == (0, b"")

    @pytest.mark.parametrize(("most", "code"), [("0", 1), ("9", 0)])
    def test_keeps_the_meaning_of_its_code(self, server, environment, most, code):
        match = ("journal", "verify", "--url", server.url, "--match", "method=POST", "--max", most)

        assert self.run(environment, *match).returncode == code

    def test_says_of_an_argument_that_it_is_no_text(self, server, environment):
        ended = self.run(environment, "world", "show", "--url", server.url, "--world", b"\xff")

        assert ended.returncode == 2
        assert b"Traceback" not in ended.stderr


def test_no_stream_is_needed(monkeypatch):
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)

    with pytest.raises(SystemExit):
        main(["--version"])
