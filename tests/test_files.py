"""What comes with the sandbox is found; a file is written whole or not at all, even if its writer is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ecf_sandbox import files
from ecf_sandbox.files import atomic_write
from tests.served import run, served

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


class TestWhatIsRead:
    def test_is_what_the_file_has_in_it(self, tmp_path):
        (tmp_path / "file").write_bytes(b"12345")

        assert files.read(tmp_path / "file", most=5) == b"12345"

    def test_is_no_more_than_is_asked_for(self, tmp_path):
        (tmp_path / "file").write_bytes(b"1" * (2**20 + 1))

        with pytest.raises(OSError, match="it has more than 1 MB"):
            files.read(tmp_path / "file", most=2**20)

    @pytest.mark.skipif(not Path("/dev/zero").exists(), reason="the system has no such device")
    def test_is_nothing_of_a_device_without_an_end(self):
        with open("/dev/zero", "rb") as device, pytest.raises(OSError, match="it has more than 1 MB"):
            files.read(device, most=2**20)


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

    def test_is_written_through_a_link(self, tmp_path):
        (tmp_path / "folder").mkdir()
        target, link = tmp_path / "folder" / "target", tmp_path / "link"
        target.write_text("old")
        link.symlink_to(Path("folder") / "target")

        atomic_write(link, "new")

        assert link.is_symlink()
        assert target.read_text() == "new"

    def test_is_made_where_a_link_leads_that_leads_nowhere(self, tmp_path):
        (tmp_path / "link").symlink_to("target")

        atomic_write(tmp_path / "link", "new")

        assert (tmp_path / "target").read_text() == "new"

    def test_is_not_written_through_links_without_an_end(self, tmp_path):
        (tmp_path / "link").symlink_to("link")

        with pytest.raises(OSError, match="symbolic links"):
            atomic_write(tmp_path / "link", "new")

    def test_of_tokens_is_read_by_its_owner_only(self, tmp_path):
        old = tmp_path / "old"
        old.write_text("old")
        old.chmod(0o644)

        for path in (old, tmp_path / "new"):
            atomic_write(path, "new", private=True)

            assert path.stat().st_mode & 0o777 == 0o600

    def test_is_whole_where_the_system_has_no_files_without_a_name(self, tmp_path, monkeypatch):
        monkeypatch.setattr(files, "_unnamed", lambda folder: None)

        atomic_write(tmp_path / "x", "new")

        assert (tmp_path / "x").read_text() == "new"
        assert os.listdir(tmp_path) == ["x"]

    def test_may_be_written_by_several_at_once(self, tmp_path):
        with ThreadPoolExecutor(8) as writers:
            list(writers.map(lambda it: atomic_write(tmp_path / "x", f"{it}" * 1000), range(200)))

        assert len(set((tmp_path / "x").read_text()[-3:])) <= 3
        assert os.listdir(tmp_path) == ["x"]

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
        assert os.listdir(tmp_path) == ["x.json"]


# A writer that is stopped between the two calls that put its file in place, and ends or goes on when it is told.
STOPPED = """
import os, sys
from pathlib import Path
from ecf_sandbox.files import atomic_write
def stop(*paths):
    print("stopped", flush=True)
    sys.stdin.readline()
    replace(*paths)
replace, os.replace = os.replace, stop
atomic_write(Path(sys.argv[1]), "of another writer")
"""


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "O_TMPFILE"), reason="the system has no files without a name")
class TestAWriterThatIsStoppedInBetween:
    @pytest.fixture
    def path(self, tmp_path):
        path = tmp_path / "x.json"
        path.write_text("old")
        return path

    @pytest.fixture
    def writer(self, path):
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        with subprocess.Popen([sys.executable, "-c", STOPPED, str(path)], **pipes) as writer:
            assert writer.stdout.readline() == b"stopped\n"
            yield writer
            writer.kill()

    def test_leaves_nothing_that_the_next_one_does_not_clear_away(self, path, writer):
        writer.kill()
        writer.wait()
        assert path.read_text() == "old"
        assert len(os.listdir(path.parent)) == 2

        atomic_write(path, "new")

        assert path.read_text() == "new"
        assert os.listdir(path.parent) == ["x.json"]

    def test_is_not_disturbed_by_another(self, path, writer):
        atomic_write(path, "new")
        assert path.read_text() == "new"

        writer.communicate(b"\n")

        assert writer.returncode == 0
        assert path.read_text() == "of another writer"
        assert os.listdir(path.parent) == ["x.json"]

    def test_of_another_file_is_left_alone(self, path, writer):
        writer.kill()
        writer.wait()
        for name in (".x.json.backup", ".x.json.1-2", ".x.json.1-2-3.bak", ".x.json"):
            path.with_name(name).write_text("kept")

        atomic_write(path, "new")
        atomic_write(path.with_name("json"), "new")

        assert sorted(os.listdir(path.parent)) == [
            ".x.json",
            ".x.json.1-2",
            ".x.json.1-2-3.bak",
            ".x.json.backup",
            "json",
            "x.json",
        ]


# A command that kills itself, as `kill -9` does, at one moment of its writing.
KILLED = {
    "before anything is written": "files._fill = die",
    "when it is half written": "files.os.fsync = die",
    "when it is written but not in its place": "os.replace = die",
    "when it is in its place": "put = os.replace; os.replace = lambda *paths: (put(*paths), die())",
}
COMMAND = """
import os, signal, sys
from ecf_sandbox import files
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


class TestWhatIsNoFile:
    def test_a_pipe_with_a_name_is_written_to(self, tmp_path):
        path = tmp_path / "pipe"
        os.mkfifo(path)

        with ThreadPoolExecutor(1) as other:
            read = other.submit(path.read_text)
            atomic_write(path, "text")

            assert read.result(30) == "text"
        assert path.is_fifo()

    def test_a_device_stays_one(self):
        atomic_write(Path(os.devnull), "text")

        assert Path(os.devnull).is_char_device()

    def test_a_folder_is_refused(self, tmp_path):
        with pytest.raises(IsADirectoryError):
            atomic_write(tmp_path, "text")

    def test_a_device_that_is_full_says_so(self):
        with pytest.raises(OSError, match="No space left"):
            atomic_write(Path("/dev/full"), "text")

    @pytest.mark.slow
    @pytest.mark.parametrize("name", ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1", "link"])
    @pytest.mark.parametrize("into", ["a pipe", "a file"])
    def test_standard_output_is_written_after_what_was_printed(self, tmp_path, name, into):
        (tmp_path / "link").symlink_to("/dev/stdout")
        code = "import sys; from pathlib import Path; from ecf_sandbox.files import atomic_write\n"
        code += "print('first', flush=True); atomic_write(Path(sys.argv[1]), 'second')"
        command = [sys.executable, "-c", code, name]
        if into == "a pipe":
            shown = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True).stdout
        else:
            with (tmp_path / "out").open("w") as out:
                subprocess.run(command, cwd=tmp_path, stdout=out, check=True)
            shown = (tmp_path / "out").read_text()

        assert shown == "first\nsecond"


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
