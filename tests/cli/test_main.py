"""The command: a real process is started, asked and stopped."""

import json
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
from contextlib import closing, contextmanager
from importlib import import_module
from urllib.request import Request, urlopen

import click
import pytest
from click.testing import CliRunner

from ecf_sandbox import __version__, services, transport
from ecf_sandbox.cli.main import LATER, MOST_BODY, MOST_WORLDS, main
from ecf_sandbox.cli.options import DEFAULT_SERVICE, MEMORY, MEMORY_BYTES
from ecf_sandbox.state.memory import BUDGET, bytes_of
from ecf_sandbox.state.worlds import LIMIT
from tests.served import ENVIRONMENT, invoke


@pytest.fixture(autouse=True)
def _signals_as_they_were():
    # `serve` in this process, which ends with a mistake, has handled them already.
    kept = {it: signal.getsignal(it) for it in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in kept.items():
        signal.signal(number, handler)


@contextmanager
def serving(*options, **environment):
    """A server on some port; the process, and the first line of its output."""
    with subprocess.Popen(
        [sys.executable, "-m", "ecf_sandbox", "serve", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=ENVIRONMENT | environment,
    ) as process:
        try:
            yield process, process.stdout.readline()
        finally:
            process.kill()


def ask(url, token, path="/api/v3/participants/ecf", **headers):
    with urlopen(Request(url + path, headers={"Authorization": f"Bearer {token}", **headers}), timeout=60) as answer:
        return answer.headers, json.load(answer)


def free_port():
    with closing(socket.create_server(("127.0.0.1", 0))) as found:
        return found.getsockname()[1]


def refused(*options, **environment):
    """What the command says when it does not start."""
    result = CliRunner(env=dict.fromkeys(set(os.environ) - set(ENVIRONMENT)) | environment).invoke(
        main, ["serve", *options]
    )
    assert result.exit_code == 2, result.output
    return result.output


@pytest.mark.slow
class TestServing:
    def test_tells_a_script_where_it_is_and_answers_there(self):
        with serving("--port", "0") as (_, line):
            it = json.loads(line)
            headers, answer = ask(it["url"], it["token"])

        assert it == {"url": it["url"], "token": "ambition-token", "edition": "guidance", "scenario": "default"}
        assert len(answer["data"]) > 40
        assert headers["Server"] is None

    @pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "Ctrl-C"])
    def test_stops_in_good_order(self, number):
        with serving("--port", "0") as (process, line):
            it = json.loads(line)
            with closing(socket.create_connection(("127.0.0.1", int(it["url"].rsplit(":")[-1])))):
                process.send_signal(number)

                assert process.wait(timeout=60) == 0
                assert process.stderr.read() == ""
                assert process.stdout.read() == ""

    def test_stops_while_it_starts_where_signals_end_nothing_by_themselves(self, tmp_path):
        # As for process 1 of a container, which ignores what it does not handle.
        scenario = tmp_path / "slow.yaml"
        os.mkfifo(scenario)
        starting = ["env", "--ignore-signal=TERM", sys.executable, "-m", "ecf_sandbox", "serve", "--scenario", scenario]
        with subprocess.Popen(starting, stdout=subprocess.PIPE, text=True, env=ENVIRONMENT) as process:
            try:
                with scenario.open("w"):  # which waits until the scenario is being read
                    process.terminate()

                    assert process.wait(timeout=20) == 0
                    assert process.stdout.read() == ""
            finally:
                process.kill()

    def test_greets_people_with_a_request_that_works_as_printed(self):
        port = free_port()
        with serving("--port", str(port)) as (process, line):
            assert line == f"ecf-sandbox {__version__} listens on http://127.0.0.1:{port}\n"
            curl = next(it for it in process.stdout if "curl" in it)
            _, flag, header, url = shlex.split(curl)
            name, value = header.split(": ")
            with urlopen(Request(url, headers={name: value}), timeout=60) as answer:
                assert answer.status == 200

        assert flag == "-H"

    def test_takes_everything_from_the_environment(self):
        settings = {
            "ECF_SANDBOX_PORT": "0",
            "ECF_SANDBOX_EDITION": "live",
            "ECF_SANDBOX_SET": "unvalidated_hidden=on validation-status-shown=yes",
            "ECF_SANDBOX_NOW": "2026-02-10T12:00:00+01:00",
            "ECF_SANDBOX_SEED": "other",
            "ECF_SANDBOX_RATE_LIMIT": "1",
        }
        with serving(**settings) as (_, line):
            it = json.loads(line)
            ask(it["url"], it["token"])
            with pytest.raises(OSError, match="429"):
                ask(it["url"], it["token"])

        assert it["edition"] == "live+unvalidated_hidden=on,validation_status_shown=on"

    def test_says_so_where_it_begins_before_what_the_scenario_describes(self):
        with serving("--port", "0", "--now", "2026-10-12T08:59:59Z") as (process, _):
            assert "earliest sound moment is 2026-10-12T09:00:00Z" in process.stderr.readline()

    def test_reads_a_scenario_of_ones_own(self, tmp_path):
        mine = tmp_path / "mine.yaml"
        mine.write_text("as_of: 2026-10-12\nproviders: {alpha: {token: it's}}\n")
        with serving("--port", "0", "--scenario", str(mine)) as (_, line):
            it = json.loads(line)

            assert ask(it["url"], it["token"])[1] == {"data": []}

        assert it["scenario"] == "mine"

    def test_listens_at_version_6_of_the_internet(self):
        if not socket.has_ipv6:
            pytest.skip("this machine has none")
        with serving("--port", "0", "--host", "::1") as (_, line):
            if not line:
                pytest.skip("this machine has none")
            it = json.loads(line)

            assert it["url"].startswith("http://[::1]:")
            assert ask(it["url"], it["token"])[1]["data"]


class TestNotServing:
    def test_a_port_that_is_taken_is_one_line_and_3(self):
        with closing(socket.create_server(("127.0.0.1", 0))) as taken:
            port = taken.getsockname()[1]
            result = invoke("serve", "--port", str(port))

        assert (result.returncode, result.stdout) == (3, "")
        assert re.fullmatch(rf"ecf-sandbox: port {port} of 127\.0\.0\.1 is taken: .*\n", result.stderr)

    @pytest.mark.parametrize(
        ("options", "says"),
        [
            pytest.param(["--edition", "lice"], "unknown edition 'lice'; did you mean 'live'?", id="edition"),
            pytest.param(
                ["--set", "withdrawn-may-resum=on"],
                "there is no switch 'withdrawn_may_resum'; did you mean 'withdrawn_may_resume'?",
                id="switch",
            ),
            pytest.param(
                ["--set", "withdrawn_may_resume"],
                "is neither on nor off: write withdrawn_may_resume=on or",
                id="setting",
            ),
            pytest.param(
                ["--scenario", "defalt"], "there is no scenario 'defalt'; did you mean 'default'?", id="scenario"
            ),
            pytest.param(
                ["--now", "yesterday"], "'yesterday' is not a date and time: write one such as 2026-", id="moment"
            ),
            pytest.param(["--port", "70000"], "70000 is not in the range", id="port"),
            pytest.param(["--rate-limit", "0"], "0 is not in the range", id="rate limit"),
            pytest.param(["--worlds", "1"], "1 is not in the range", id="worlds"),
            pytest.param(["--memory", "lots"], "write a whole number with KB, MB or GB, such as 256MB", id="memory"),
            pytest.param(["--memory", "10KB"], "give at least 1MB", id="too little memory"),
            pytest.param(["--prt", "1"], "--port", id="option"),
        ],
    )
    def test_a_wrong_value_names_the_nearest_right_one(self, options, says):
        assert says in refused("--port", "0", *options)

    def test_a_wrong_value_in_the_environment_is_as_wrong(self):
        assert "did you mean 'live'?" in refused("--port", "0", ECF_SANDBOX_EDITION="lvie")
        assert "'256' is not an amount of memory" in refused("--port", "0", ECF_SANDBOX_MEMORY="256")

    def test_a_bad_scenario_is_told_with_every_problem(self, tmp_path):
        bad = tmp_path / "bad.yaml"
        bad.write_text("as_of: soon\nproviders: {a: {nam: A}}\n")
        said = refused("--port", "0", "--scenario", str(bad))

        assert f"{bad}:1: as_of: " in said
        assert f"{bad}:2: providers.a.nam: unknown 'nam'; did you mean 'name'?" in said


class TestHelp:
    def test_names_every_environment_variable(self):
        shown = CliRunner().invoke(main, ["serve", "--help"], terminal_width=200).output

        for name in ("HOST", "PORT", "SCENARIO", "EDITION", "SET", "SEED", "NOW", "RATE_LIMIT", "QUIET"):
            assert f"ECF_SANDBOX_{name}" in shown

    def test_shows_the_version(self):
        assert __version__ in CliRunner().invoke(main, ["--version"]).output

    @pytest.mark.slow
    def test_comes_without_loading_the_application(self):
        shown = "try: main(['serve', '--help'])\nfinally: print(*sys.modules)"
        code = f"import sys; from ecf_sandbox.cli.main import main\n{shown}"
        loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()

        assert not {"flask", "yaml", "msgspec", "waitress"} & set(loaded)


def test_as_many_worlds_are_kept_as_the_server_keeps_by_itself():
    assert MOST_WORLDS == LIMIT


def test_as_large_a_body_is_read_as_the_server_reads_by_itself():
    assert MOST_BODY == transport.MOST_BODY


@pytest.mark.parametrize("module", LATER)
def test_a_module_of_commands_adds_the_ones_that_are_said_to_be_in_it(module):
    group = click.Group()

    import_module(f"ecf_sandbox.cli.{module}").register(group)

    assert sorted(group.commands) == sorted(LATER[module])


def test_as_much_memory_is_used_as_the_server_uses_by_itself():
    assert bytes_of(MEMORY) == MEMORY_BYTES == BUDGET


def test_the_service_that_is_served_by_default_is_the_default_one():
    assert DEFAULT_SERVICE == services.DEFAULT


def test_a_service_that_there_is_not_is_refused_with_those_that_there_are():
    result = CliRunner().invoke(main, ["serve", "--service", "efc"])

    assert result.exit_code == 2
    assert "no service 'efc'; did you mean 'ecf'?" in result.output
