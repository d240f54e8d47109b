"""`ecf-sandbox doctor`: each thing that it looks at is handed in, sound or with one thing wrong."""

from __future__ import annotations

import json
import re
import shutil
import socket
import subprocess
import sys
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib.metadata import Distribution
from pathlib import Path

import pytest

from ecf_sandbox.cli import doctor
from ecf_sandbox.cli.main import main
from ecf_sandbox.files import folder
from tests.served import ENVIRONMENT, invoke, standing

KNOWN = dict(doctor.readers(main))


@pytest.fixture
def sound(tmp_path):
    """Writes what pip leaves of a sound installation, but for the changes, and finds it there."""

    def write(
        requires=("flask>=3.0", "httpx>=0.27; extra == 'httpx'"), plugin="ecf_sandbox.pytest_plugin", origin=None
    ):
        folder = tmp_path / "ecf_sandbox-1.2.0.dist-info"
        folder.mkdir()
        lines = ["Name: ecf-sandbox", "Version: 1.2.0", "Requires-Python: >=3.11", "Provides-Extra: httpx"]
        lines += [f"Requires-Dist: {it}" for it in requires]
        (folder / "METADATA").write_text("\n".join(["Metadata-Version: 2.4", *lines, ""]))
        (folder / "entry_points.txt").write_text(f"[pytest11]\necf_sandbox = {plugin}\n")
        if origin:
            (folder / "direct_url.json").write_text(origin if isinstance(origin, str) else json.dumps(origin))
        return Distribution.at(folder)

    return write


@contextmanager
def a_listener(answer: bytes | None):
    """Something at a free port that is no sandbox: it answers so to every GET, or closes the connection."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            if answer is not None:
                self.send_response(200)
                self.end_headers()
                self.wfile.write(answer)

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server.server_port
        server.shutdown()


class TestTheInstallation:
    @pytest.mark.parametrize(("version", "state"), [("3.11.0", "ok"), ("3.13.0+", "ok"), ("3.10.9", "wrong")])
    def test_wants_a_python_that_is_new_enough(self, version, state, sound):
        assert doctor.python(sound(), version).state == state

    @pytest.mark.parametrize(
        ("origin", "folder", "says"),
        [
            pytest.param(
                {"url": "file:///home/me/ecf%20x", "dir_info": {"editable": True}},
                "/home/me/ecf x/sandbox/ecf_sandbox",
                "1.2.0, from the checkout /home/me/ecf x",
                id="from a checkout",
            ),
            pytest.param(
                {"url": "file:///tmp/it.whl", "archive_info": {}},
                "{place}/ecf_sandbox",
                "1.2.0, installed in {place} from /tmp/it.whl",
                id="from a wheel",
            ),
            pytest.param(None, "{place}/ecf_sandbox", "1.2.0, installed in {place}", id="from an index"),
            pytest.param(
                "{", "{place}/ecf_sandbox", "1.2.0, installed in {place}", id="from somewhere that is garbled"
            ),
        ],
    )
    def test_says_where_it_comes_from(self, origin, folder, says, sound, tmp_path):
        it = doctor.package(sound(origin=origin), "1.2.0", Path(folder.format(place=tmp_path)))

        assert (it.state, it.says) == ("ok", says.format(place=tmp_path))

    def test_is_there_and_of_the_version_that_runs(self, sound, tmp_path):
        assert doctor.package(None, "1.2.0", tmp_path).state == "wrong"
        assert doctor.package(sound(), "1.3.0", tmp_path).state == "warning"

    def test_is_what_runs_and_not_a_copy_that_lies_elsewhere(self, sound, tmp_path):
        it = doctor.package(sound(), "1.2.0", Path("/home/me/copy/ecf_sandbox"))

        assert it.state == "warning"
        assert it.says == f"1.2.0 runs from /home/me/copy/ecf_sandbox, but is installed in {tmp_path}"
        assert "PYTHONPATH" in it.fix

    @pytest.mark.parametrize(
        ("there", "state", "says"),
        [
            pytest.param({"flask": "3.1"}, "ok", "3.1", id="new enough"),
            pytest.param({"flask": "3.1rc1"}, "ok", "3.1rc1", id="a candidate of something newer"),
            pytest.param({"flask": "2.3"}, "wrong", "2.3, and >=3.0 is needed", id="too old"),
            pytest.param({"flask": "old"}, "wrong", "old, and >=3.0 is needed", id="no version at all"),
            pytest.param({"flask": "3.0rc1"}, "wrong", "3.0rc1, and >=3.0 is needed", id="a candidate of the bound"),
            pytest.param({}, "wrong", "is not installed, and >=3.0 is needed", id="missing"),
        ],
    )
    def test_has_what_the_package_depends_on(self, there, state, says, sound):
        [it] = doctor.requirements(sound(requires=["flask>=3.0"]), there.get)

        assert (it.about, it.state, it.says) == ("flask", state, says)
        assert it.fix == ("" if state == "ok" else "pip install 'flask>=3.0'")

    def test_lacks_nothing_that_only_another_system_needs(self, sound):
        assert list(doctor.requirements(sound(requires=["flask; sys_platform == 'amiga'"]), {}.get)) == []

    @pytest.mark.parametrize(
        ("there", "state"),
        [({"httpx": "0.28"}, "ok"), ({"httpx": "0.1"}, "warning"), ({}, "ok")],
        ids=["new enough", "too old", "missing"],
    )
    def test_may_lack_extras_and_says_how_to_have_them(self, there, state, sound):
        [it] = doctor.requirements(sound(requires=["httpx>=0.27; extra == 'httpx'"]), there.get)

        assert (it.about, it.state) == ("extra httpx", state)
        assert it.fix == ("" if there == {"httpx": "0.28"} else "pip install 'httpx>=0.27'")

    @pytest.mark.parametrize(
        ("plugin", "version", "state"),
        [
            pytest.param("ecf_sandbox.pytest_plugin", "9.0", "ok", id="registered"),
            pytest.param("ecf_sandbox.pytest_plugin", None, "ok", id="no pytest"),
            pytest.param("ecf_sandbox.pytest_plugin", "7.0", "warning", id="an old pytest"),
            pytest.param("somebody.else", "9.0", "wrong", id="not registered"),
        ],
    )
    def test_registers_the_plugin_where_there_is_pytest(self, plugin, version, state, sound):
        assert doctor.pytest_plugin(sound(plugin=plugin), version).state == state


class TestTheFiles:
    @pytest.mark.parametrize(
        ("look", "name", "needed"),
        [(doctor.scenarios, "scenarios", "default"), (doctor.documents, "openapi", "v3")],
    )
    class TestOfEachKind:
        @pytest.mark.slow
        def test_all_load(self, look, name, needed):
            assert look(folder(name)).state == "ok"

        def test_are_wrong_where_one_is_missing(self, look, name, needed, tmp_path):
            shutil.copytree(folder(name), tmp_path / name)
            (tmp_path / name / f"{needed}.yaml").unlink()

            it = look(tmp_path / name)

            assert it.state == "wrong"
            assert needed in it.says

        def test_are_wrong_where_one_cannot_be_read(self, look, name, needed, tmp_path):
            shutil.copytree(folder(name), tmp_path / name)
            (tmp_path / name / f"{needed}.yaml").write_text("paths: [")

            it = look(tmp_path / name)

            assert it.state == "wrong"
            assert f"{needed}.yaml" in it.says

        def test_are_wrong_where_the_folder_is(self, look, name, needed, tmp_path):
            assert look(tmp_path / "nowhere").state == "wrong"

    @pytest.mark.parametrize("text", [None, "[]", "{"])
    def test_are_wrong_where_the_observer_cannot_read_what_it_expects(self, text, tmp_path):
        shutil.copytree(folder("openapi"), tmp_path / "openapi")
        file = tmp_path / "openapi" / "expected.json"
        file.unlink() if text is None else file.write_text(text)

        it = doctor.documents(tmp_path / "openapi")

        assert it.state == "wrong"
        assert str(file) in it.says


class TestThePort:
    def test_is_free(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            number = taken.getsockname()[1]

        assert doctor.port(number).says == "free"

    def test_is_taken_by_a_sandbox_and_that_is_fine(self):
        with standing(edition="live") as server:
            it = doctor.port(int(server.url.rpartition(":")[2]))

        assert it.state == "ok"
        assert it.says.endswith("with scenario default, edition live")

    def test_is_taken_by_a_sandbox_that_keeps_to_itself(self):
        with standing(control_token="secret") as server:
            it = doctor.port(int(server.url.rpartition(":")[2]))

        assert it.says == "taken, by a sandbox that wants its control token"

    @pytest.mark.parametrize("answer", [b"hello", b"[]", b'{"status": "ready"}', None])
    def test_is_taken_by_something_else(self, answer):
        with a_listener(answer) as number:
            it = doctor.port(number)

        assert it.state == "warning"
        assert "--port 0" in it.fix


class TestTheEnvironment:
    def test_says_nothing_of_what_is_for_others(self):
        [it] = doctor.variables({"HOME": "/root", "ECF_OTHER": "1"}, KNOWN)

        assert it.state == "ok"

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("ECF_SANDBOX_PORT", "8001"),
            ("ECF_SANDBOX_SET", "withdrawal_needs_started=off"),
            ("ECF_SANDBOX_NOW", "2026-10-12T09:00:00Z"),
            ("ECF_SANDBOX_URL", "http://127.0.0.1:8000"),
            ("ECF_SANDBOX_WORLD", "test-1"),
            ("ECF_SANDBOX_CONTROL_TOKEN", "secret"),
            ("ECF_SANDBOX_SCENARIO", "paid-void-clawback"),
            ("ECF_SANDBOX_PROXY_PORT", "8001"),
            ("ECF_SANDBOX_PORT", ""),
        ],
    )
    def test_may_set_what_a_command_reads(self, name, value):
        [it] = doctor.variables({name: value}, KNOWN)

        assert it.state == "ok"
        assert "secret" not in it.says

    @pytest.mark.parametrize(
        ("name", "value", "says"),
        [
            ("ECF_SANDBOX_PORT", "eighty", "eighty"),
            ("ECF_SANDBOX_PORT", "70000", "70000"),
            ("ECF_SANDBOX_EDITION", "liv", "did you mean 'live'?"),
            ("ECF_SANDBOX_SET", "withdrawal_needs_started=maybe", "neither on nor off"),
            ("ECF_SANDBOX_NOW", "tomorrow", "2026-10-12T09:00:00Z"),
            ("ECF_SANDBOX_URL", "localhost", "http://127.0.0.1:8000"),
            ("ECF_SANDBOX_SCENARIO", "defalt", "did you mean 'default'?"),
            ("ECF_SANDBOX_OBSERVER", "loud", "refuse"),
        ],
    )
    def test_is_wrong_where_a_value_cannot_be_understood(self, name, value, says):
        [it] = doctor.variables({name: value}, KNOWN)

        assert it.state == "wrong"
        assert says in it.says

    def test_is_warned_of_a_name_that_nothing_reads(self):
        [it] = doctor.variables({"ECF_SANDBOX_PROT": "8001"}, KNOWN)

        assert it.state == "warning"
        assert "did you mean 'ECF_SANDBOX_PORT'?" in it.says


class TestTheCommand:
    @pytest.mark.slow
    def test_finds_nothing_wrong_here(self):
        done = invoke("doctor")

        assert done.returncode == 0, done.stdout
        assert "ok       pytest plugin: registered" in done.stdout

    @pytest.mark.slow  # it reads the scenario `large`
    def test_ends_with_1_and_the_fix_where_something_is_wrong(self):
        done = invoke("doctor", ECF_SANDBOX_PORT="eighty")

        assert done.returncode == 1
        assert "wrong    ECF_SANDBOX_PORT" in done.stdout
        assert "-> correct it, or: unset ECF_SANDBOX_PORT" in done.stdout

    @pytest.mark.slow
    def test_prints_json(self):
        told = json.loads(invoke("doctor", "--json", ECF_SANDBOX_PORT="eighty").stdout)

        assert told["ok"] is False
        assert {"about", "state", "says", "fix"} == set(told["lines"][0])
        assert [it["about"] for it in told["lines"] if it["state"] == "wrong"] == ["ECF_SANDBOX_PORT"]

    @pytest.mark.slow
    @pytest.mark.parametrize("missing", ["msgspec", "yaml", "flask", "immutables", "waitress", "packaging"])
    def test_says_so_where_a_package_cannot_be_imported(self, missing):
        without = (
            f"import sys; sys.modules[{missing!r}] = None; from ecf_sandbox.cli.main import main; main(['doctor'])"
        )
        done = subprocess.run(
            [sys.executable, "-c", without], env=ENVIRONMENT, capture_output=True, text=True, timeout=60, check=False
        )

        assert "Traceback" not in done.stderr
        assert "ok       ecf-sandbox: " in done.stdout
        assert re.search(rf"wrong .*missing or broken: .*\b{missing}\b", done.stdout)
        assert done.returncode == 1, done.stdout
