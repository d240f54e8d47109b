"""A server that is no sandbox, or a file without an end, is told in a line, whatever the command."""

from __future__ import annotations

from pathlib import Path

import pytest

from ecf_sandbox import files
from tests.cli.test_wait import answering
from tests.served import invoke

pytestmark = pytest.mark.slow

COMMANDS = (
    *("world list", "world show main", "world export", "journal list", "journal tail", "journal export", "clock show"),
    *("explain last", "explain 1", "explain 1 --json", "fault list", "snapshot list", "event list"),
    *("event play change_name full_name=Jane", "report", "move"),
)
WRONG = {
    "a page": b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\n<html>",
    "a list": b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n[]",
    "a number": b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1\r\n\r\n1",
    "bytes": b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n\xff\xfe",
    "another place": b"HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n",
    "another protocol": b"SSH-2.0-OpenSSH_9.2\r\n",
    "a failure": b"HTTP/1.1 500 X\r\nContent-Length: 0\r\n\r\n",
}


@pytest.mark.parametrize("answer", WRONG.values(), ids=WRONG)
@pytest.mark.parametrize("command", COMMANDS)
def test_a_server_that_is_no_sandbox(command, answer):
    with answering(answer) as url:
        done = invoke(*command.split(), "--url", url)

    assert "Traceback" not in done.stderr
    assert done.stderr.startswith("ecf-sandbox: ") or done.returncode == 0, done.stderr
    assert len(done.stderr.splitlines()) <= 1
    assert "<html>" not in done.stdout


@pytest.mark.parametrize("answer", WRONG.values(), ids=WRONG)
class TestAServerThatIsNoSandboxIsAsked:
    def test_for_a_scenario_and_nothing_is_saved(self, answer, tmp_path):
        with answering(answer) as url:
            done = invoke("scenarios", "save", str(tmp_path / "saved.yaml"), "--url", url)

        assert done.stderr.startswith("ecf-sandbox: ")
        assert not list(tmp_path.iterdir())

    def test_about_a_request_in_a_file(self, answer, tmp_path):
        (tmp_path / "request.txt").write_text("GET /api/v3/statements HTTP/1.1\nHost: localhost\n\n")
        with answering(answer) as url:
            done = invoke("explain", str(tmp_path / "request.txt"), "--url", url)

        assert done.stderr.startswith("ecf-sandbox: ")
        assert len(done.stderr.splitlines()) == 1


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="the system has no such device")
@pytest.mark.parametrize(
    "command",
    [
        *("serve --port 0 --scenario", "scenarios show", "report", "report --baseline", "move", "world import copy"),
        *("explain", "explain --read-files --curl", "exercise --replay"),
    ],
)
def test_a_file_without_an_end(command, monkeypatch):
    monkeypatch.setattr(files, "MOST", 1000)
    file = "curl -d @/dev/zero http://localhost/" if command.endswith("--curl") else "/dev/zero"

    done = invoke(*command.split(), file, *(["--", "true"] if "exercise" in command else []))

    assert done.returncode in (2, 3)
    assert "it has more than" in done.stderr


@pytest.mark.parametrize("url", ["http://[::1", "ftp://localhost", "localhost:8000", "http://", "http://:80"])
def test_an_address_that_is_none(url):
    done = invoke("world", "list", "--url", url)

    assert done.returncode == 2
    assert f"{url!r} is not the address of a server" in done.stderr


@pytest.mark.parametrize("command", ["serve", "proxy --to http://localhost"])
def test_no_address_to_listen_on(command):
    done = invoke(*command.split(), "--port", "0", "--host", "")

    assert done.returncode == 3
    assert "no address is given" in done.stderr
