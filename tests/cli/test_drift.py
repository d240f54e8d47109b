"""`ecf-sandbox drift` against another server."""

from __future__ import annotations

import json
import signal
import subprocess
import sys

import pytest

from tests.remote.drift.builders import TOKEN, Other, listening
from tests.remote.proxy.standing import Scripted
from tests.served import ENVIRONMENT, invoke


@pytest.fixture(scope="module")
def same():
    with listening(Other()) as url:
        yield url


@pytest.fixture(scope="module")
def guidance():
    with listening(Other(edition="guidance")) as url:
        yield url


class TestDrift:
    def test_ends_with_0_if_nothing_differs(self, same):
        ended = invoke("drift", "--to", same, "--token", TOKEN)

        assert (ended.returncode, ended.stdout.splitlines()[-1]) == (0, "88 requests, 0 differences")
        assert "[88/88] GET /api/v3/statements" in ended.stderr
        assert TOKEN not in ended.stdout + ended.stderr

    @pytest.mark.parametrize("version", ["2", "v2", "V2"])
    def test_takes_a_version_as_people_write_it(self, same, version):
        ended = invoke("drift", "--to", same, "--token", TOKEN, "--version", version, "--quiet", "--json")

        assert (ended.returncode, json.loads(ended.stdout)["version"]) == (0, 2)

    @pytest.mark.parametrize("version", ["v4", "two", "", "vv2"])
    def test_takes_no_version_that_there_is_not(self, same, version):
        ended = invoke("drift", "--to", same, "--token", TOKEN, "--version", version)

        assert (ended.returncode, "there is no version" in ended.stderr) == (2, True)

    def test_ends_with_1_and_names_what_differs(self, guidance):
        ended = invoke("drift", "--to", guidance, "--quiet", ECF_SANDBOX_DRIFT_TOKEN=TOKEN)

        assert (ended.returncode, ended.stderr) == (1, "")
        assert "key-added /data/*/attributes/ecf_enrolments/*/validation_status" in ended.stdout
        assert TOKEN not in ended.stdout

    def test_prints_json_with_a_version(self, guidance):
        ended = invoke("drift", "--to", guidance, "--token", TOKEN, "--json", "--now", "2026-10-12T09:00:00Z")
        printed = json.loads(ended.stdout)

        assert (printed["schema_version"], printed["version"], len(printed["differences"])) == (1, 3, 4)
        assert printed["here"] == {"scenario": "default", "edition": "live", "now": "2026-10-12T09:00:00Z"}
        assert set(printed["differences"][0]) == {
            *("kind", "method", "path", "with", "pointer", "there", "here", "meaning")
        }

    def test_ends_with_3_if_the_token_is_refused_and_does_not_print_it(self, same):
        ended = invoke("drift", "--to", same, "--token", "of-somebody-else")

        assert ended.returncode == 3
        assert "ECF_SANDBOX_DRIFT_TOKEN or --token" in ended.stderr
        assert "somebody" not in ended.stdout + ended.stderr

    def test_ends_with_3_if_nobody_answers(self):
        ended = invoke("drift", "--to", "http://127.0.0.1:9", "--token", TOKEN)

        assert ended.returncode == 3
        assert "--to" in ended.stderr

    @pytest.mark.parametrize(
        "options",
        [
            pytest.param(("--token", TOKEN), id="no server"),
            pytest.param(("--to", "http://127.0.0.1:9"), id="no token"),
            pytest.param(("--to", "127.0.0.1", "--token", TOKEN), id="no address"),
            pytest.param(("--to", "http://127.0.0.1:9", "--token", "s3cr3t\nX: y"), id="no token at all"),
            pytest.param(("--to", "http://127.0.0.1:9", "--token", TOKEN, "--edition", "lve"), id="no edition"),
            pytest.param(("--to", "http://127.0.0.1:9", "--token", TOKEN, "--scenario", "none"), id="no scenario"),
        ],
    )
    def test_ends_with_2_if_the_command_is_wrong(self, options):
        ended = invoke("drift", *options)

        assert ended.returncode == 2
        assert "s3cr3t" not in ended.stderr

    @pytest.mark.slow
    def test_ends_at_once_on_ctrl_c(self):
        silent = Scripted()
        silent.says = None
        with subprocess.Popen(
            [sys.executable, "-m", "ecf_sandbox", "drift", "--to", silent.url, "--token", TOKEN, "--quiet"],
            stderr=subprocess.PIPE,
            text=True,
            env=ENVIRONMENT,
            # As at a terminal: what a script starts in the background ignores Ctrl-C, and these tests may run there.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        ) as process:
            silent.wait_for_request()
            process.send_signal(signal.SIGINT)

            assert process.wait(60) == 130
            assert process.stderr.read() == ""
        silent.stop()
