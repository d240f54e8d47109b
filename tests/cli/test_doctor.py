"""`ecf-sandbox doctor`: each thing that it looks at is handed in, sound or with one thing wrong."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
import threading
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from ecf_sandbox.cli import installation
from ecf_sandbox.cli.doctor import variables
from ecf_sandbox.cli.installation import Installed, State, requirement, within
from ecf_sandbox.cli.main import main
from ecf_sandbox.files import folder
from tests.serving import ENVIRONMENT, invoke, standing

KNOWN = dict(variables(main))
SOUND = Installed(
    version="1.2.0",
    python=">=3.11",
    requires=(requirement("flask>=3.0"), requirement("httpx>=0.27; extra == 'httpx'")),
    plugins={"ecf_sandbox": "ecf_sandbox.pytest_plugin"},
    origin=None,
    place="/venv/site-packages",
)
PLACE = Path("/venv/site-packages/ecf_sandbox")


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


class TestVersions:
    @pytest.mark.parametrize(
        ("version", "bounds", "met"),
        [
            pytest.param("3.1.3", ">=3.0", True, id="newer"),
            pytest.param("3", ">=3.0.0", True, id="the same with fewer numbers"),
            pytest.param("2.9", ">=2.10", False, id="compared as numbers, not as text"),
            pytest.param("3.0rc1", ">=3.0", True, id="what follows the numbers is not looked at"),
            pytest.param("4.0", ">=3.0,<4", False, id="both bounds count"),
            pytest.param("1.5", "!=1.5", False, id="excluded"),
            pytest.param("1.0", "", True, id="no bound"),
        ],
    )
    def test_are_held_against_their_bounds(self, version, bounds, met):
        assert within(version, bounds) is met

    def test_of_an_extra_are_read_with_its_name(self):
        it = requirement('jsonschema-rs>=0.40 ; extra == "contract"')

        assert (it.name, it.bounds, it.extra) == ("jsonschema-rs", ">=0.40", "contract")


class TestTheInstallation:
    def test_wants_a_python_that_is_new_enough(self):
        assert installation.python("3.11.0", ">=3.11").state is State.OK
        assert installation.python("3.10.9", ">=3.11").state is State.WRONG

    def test_is_said_to_come_from_a_checkout_or_not(self):
        checkout = replace(SOUND, origin='{"url": "file:///home/me/ecf", "dir_info": {"editable": true}}')
        wheel = replace(SOUND, origin='{"url": "file:///tmp/it.whl", "archive_info": {}}')

        def says(it, folder):
            return installation.package(it, "1.2.0", Path(folder)).says

        assert says(checkout, "/home/me/ecf/sandbox/ecf_sandbox") == "1.2.0, from the checkout /home/me/ecf"
        assert says(wheel, PLACE) == "1.2.0, installed in /venv/site-packages from /tmp/it.whl"
        assert says(SOUND, PLACE) == "1.2.0, installed in /venv/site-packages"

    def test_is_there_and_of_the_version_that_runs(self):
        assert installation.package(None, "1.2.0", PLACE).state is State.WRONG
        assert installation.package(SOUND, "1.3.0", PLACE).state is State.WARNING

    def test_is_what_runs_and_not_a_copy_that_lies_elsewhere(self):
        it = installation.package(SOUND, "1.2.0", Path("/home/me/copy/ecf_sandbox"))

        assert it.state is State.WARNING
        assert it.says == "1.2.0 runs from /home/me/copy/ecf_sandbox, but is installed in /venv/site-packages"
        assert "PYTHONPATH" in it.fix

    @pytest.mark.parametrize(
        ("there", "state"),
        [({"flask": "3.1"}, State.OK), ({"flask": "2.3"}, State.WRONG), ({}, State.WRONG)],
        ids=["new enough", "too old", "missing"],
    )
    def test_has_what_the_package_depends_on(self, there, state):
        [it] = installation.dependencies(SOUND.requires, there.get)

        assert it.state is state
        assert (it.fix == "pip install 'flask>=3.0'") is (state is State.WRONG)

    @pytest.mark.parametrize(
        ("there", "state"),
        [({"httpx": "0.28"}, State.OK), ({"httpx": "0.1"}, State.WARNING), ({}, State.OK)],
        ids=["new enough", "too old", "missing"],
    )
    def test_may_lack_extras_and_says_how_to_have_them(self, there, state):
        [it] = installation.extras(SOUND.requires, there.get)

        assert it.state is state
        assert it.fix == ("" if there == {"httpx": "0.28"} else "pip install 'httpx>=0.27'")

    def test_registers_the_plugin_where_there_is_pytest(self):
        assert installation.pytest_plugin(SOUND, "9.0").state is State.OK
        assert installation.pytest_plugin(SOUND, None).state is State.OK
        assert installation.pytest_plugin(SOUND, "7.0").state is State.WARNING
        assert installation.pytest_plugin(replace(SOUND, plugins={}), "9.0").state is State.WRONG


class TestTheFiles:
    @pytest.mark.parametrize(
        ("look", "name", "needed"),
        [(installation.scenarios, "scenarios", "default"), (installation.documents, "openapi", "v3")],
    )
    class TestOfEachKind:
        @pytest.mark.slow
        def test_all_load(self, look, name, needed):
            assert look(folder(name)).state is State.OK

        def test_are_wrong_where_one_is_missing(self, look, name, needed, tmp_path):
            shutil.copytree(folder(name), tmp_path / name)
            (tmp_path / name / f"{needed}.yaml").unlink()

            it = look(tmp_path / name)

            assert it.state is State.WRONG
            assert needed in it.says

        def test_are_wrong_where_one_cannot_be_read(self, look, name, needed, tmp_path):
            shutil.copytree(folder(name), tmp_path / name)
            (tmp_path / name / f"{needed}.yaml").write_text("paths: [")

            it = look(tmp_path / name)

            assert it.state is State.WRONG
            assert f"{needed}.yaml" in it.says

        def test_are_wrong_where_the_folder_is(self, look, name, needed, tmp_path):
            assert look(tmp_path / "nowhere").state is State.WRONG

    @pytest.mark.parametrize("text", [None, "[]", "{"])
    def test_are_wrong_where_the_observer_cannot_read_what_it_expects(self, text, tmp_path):
        shutil.copytree(folder("openapi"), tmp_path / "openapi")
        file = tmp_path / "openapi" / "expected.json"
        file.unlink() if text is None else file.write_text(text)

        it = installation.documents(tmp_path / "openapi")

        assert it.state is State.WRONG
        assert str(file) in it.says


class TestThePort:
    def test_is_free(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            number = taken.getsockname()[1]

        assert installation.port(number).says == "free"

    def test_is_taken_by_a_sandbox_and_that_is_fine(self):
        with standing(edition="live") as server:
            it = installation.port(int(server.url.rpartition(":")[2]))

        assert it.state is State.OK
        assert it.says.endswith("with scenario default, edition live")

    def test_is_taken_by_a_sandbox_that_keeps_to_itself(self):
        with standing(control_token="secret") as server:
            it = installation.port(int(server.url.rpartition(":")[2]))

        assert it.says == "taken, by a sandbox that wants its control token"

    @pytest.mark.parametrize("answer", [b"hello", b"[]", b'{"status": "ready"}', None])
    def test_is_taken_by_something_else(self, answer):
        with a_listener(answer) as number:
            it = installation.port(number)

        assert it.state is State.WARNING
        assert "--port 0" in it.fix


class TestTheEnvironment:
    def test_says_nothing_of_what_is_for_others(self):
        [it] = installation.variables({"HOME": "/root", "ECF_OTHER": "1"}, KNOWN)

        assert it.state is State.OK

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
        [it] = installation.variables({name: value}, KNOWN)

        assert it.state is State.OK
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
        [it] = installation.variables({name: value}, KNOWN)

        assert it.state is State.WRONG
        assert says in it.says

    def test_is_warned_of_a_name_that_nothing_reads(self):
        [it] = installation.variables({"ECF_SANDBOX_PROT": "8001"}, KNOWN)

        assert it.state is State.WARNING
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
    @pytest.mark.parametrize("missing", ["msgspec", "yaml", "flask", "immutables", "waitress"])
    def test_says_so_where_a_package_cannot_be_imported(self, missing):
        without = (
            f"import sys; sys.modules[{missing!r}] = None; from ecf_sandbox.cli.main import main; main(['doctor'])"
        )
        done = subprocess.run(
            [sys.executable, "-c", without], env=ENVIRONMENT, capture_output=True, text=True, timeout=60, check=False
        )

        assert "Traceback" not in done.stderr
        assert "ok       Python" in done.stdout
        assert done.returncode == 1, done.stdout
