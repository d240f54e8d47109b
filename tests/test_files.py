"""What comes with the sandbox is found; a file is written whole or not at all, even if its writer is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from ecf_sandbox import files
from ecf_sandbox.files import atomic_write
from tests.serving import run, served

WRITER = """
import sys
from pathlib import Path
from ecf_sandbox.files import atomic_write
size = 2_000_000
print("ready", flush=True)
while True:
    for letter in "ab":
        atomic_write(Path(sys.argv[1]), letter * size)
"""


class TestAFile:
    def test_has_what_was_written(self, tmp_path):
        atomic_write(tmp_path / "x.json", "é\n")

        assert (tmp_path / "x.json").read_bytes() == "é\n".encode()
        assert os.listdir(tmp_path) == ["x.json"]

    def test_keeps_its_permissions(self, tmp_path):
        path = tmp_path / "x.json"
        path.write_text("old")
        path.chmod(0o600)

        atomic_write(path, "new")

        assert path.stat().st_mode & 0o777 == 0o600

    def test_stays_as_it_was_where_it_cannot_be_written(self, tmp_path):
        with pytest.raises(OSError, match="No such file"):
            atomic_write(tmp_path / "nowhere" / "x.json", "new")

    @pytest.mark.slow
    @pytest.mark.parametrize("round", range(8))
    def test_is_the_old_or_the_new_one_after_kill_9(self, tmp_path, round):
        path = tmp_path / "x.json"
        with subprocess.Popen([sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE) as writer:
            writer.stdout.readline()
            while not path.exists():
                pass
            for _ in range(round * 3):  # some time goes by, another each round
                path.read_text()
            writer.send_signal(signal.SIGKILL)

        assert path.read_text() in ("a" * 2_000_000, "b" * 2_000_000)


# A command that kills itself, as `kill -9` does, at one moment of its writing.
KILLED = {
    "before anything is written": "tempfile.mkstemp = die",
    "when it is written but not in its place": "os.replace = die",
    "when it is in its place": "put = os.replace; os.replace = lambda *paths: (put(*paths), die())",
}
COMMAND = """
import os, signal, sys, tempfile
die = lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)
{killed}
from ecf_sandbox.cli.main import main
main()
"""
WRITERS = {
    "world export": ("world", "export", "--out"),
    "scenarios save": ("scenarios", "save"),
    "journal export": ("journal", "export", "--out"),
}


@pytest.fixture(scope="module")
def server():
    with served("--now", "2026-10-12T09:00:00Z") as it:
        it.send("GET", "/api/v3/statements", [("Authorization", f"Bearer {it.token}")])
        yield it


@pytest.mark.slow
@pytest.mark.parametrize("writer", WRITERS.values(), ids=WRITERS)
class TestACommandThatWrites:
    @pytest.mark.parametrize("killed", KILLED.values(), ids=KILLED)
    def test_leaves_the_old_file_or_the_new_one_after_kill_9(self, server, tmp_path, writer, killed):
        path, whole = tmp_path / "file", tmp_path / "whole"
        path.write_text("old")
        assert run(*writer, str(whole), "--url", server.url).returncode == 0

        code = COMMAND.format(killed=killed)
        done = subprocess.run([sys.executable, "-c", code, *writer, str(path), "--url", server.url], check=False)

        assert done.returncode == -signal.SIGKILL
        assert path.read_text() == (whole.read_text() if killed == KILLED["when it is in its place"] else "old")


@pytest.mark.parametrize("name", ["scenarios", "openapi"])
class TestAFolderThatComesWithTheSandbox:
    def test_is_found_in_a_checkout(self, name):
        assert files.folder(name).is_dir()

    def test_is_found_inside_an_installed_package_first(self, name, tmp_path, monkeypatch):
        installed = tmp_path / "site-packages" / "ecf_sandbox"
        (installed / name).mkdir(parents=True)
        (tmp_path / "site-packages" / name).mkdir()
        monkeypatch.setattr(files, "__file__", str(installed / "files.py"))

        assert files.folder(name) == installed / name
