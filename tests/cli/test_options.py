"""Nothing that is addressed to the sandbox by a misspelt name is passed over by the command line."""

from __future__ import annotations

import pytest

from tests.served import invoke


class TestAVariableOfTheEnvironment:
    @pytest.mark.parametrize(
        ("name", "near"),
        [
            ("ECF_SANDBOX_PROT", "ECF_SANDBOX_PORT"),
            ("ECF_SANDBOX_WORDL", "ECF_SANDBOX_WORLD"),
            ("ECF_SANDBOX_SCENARO", "ECF_SANDBOX_SCENARIO"),
            ("ECF_SANDBOX_DRIFT_TOKN", "ECF_SANDBOX_DRIFT_TOKEN"),
            ("ECF_SANDBOX_NONSENSE_OF_MINE", "choose from"),
        ],
    )
    @pytest.mark.parametrize("command", [["editions"], ["scenarios", "list"], ["world", "list"]], ids=" ".join)
    def test_that_no_command_reads_is_refused_with_the_nearest(self, name, near, command):
        ended = invoke(*command, **{name: "1"})

        assert ended.returncode == 2
        assert ended.stderr.count(name) == 1
        assert near in ended.stderr

    @pytest.mark.parametrize("name", ["ECF_SANDBOX_PORT", "ECF_SANDBOX_URL", "ECF_SANDBOX_PROXY_TO", "OTHER"])
    def test_that_some_command_reads_or_that_is_not_ours_is_not(self, name):
        assert invoke("editions", **{name: "1"}).returncode == 0

    def test_that_is_empty_counts_as_not_set(self):
        assert invoke("editions", ECF_SANDBOX_PROT="").returncode == 0

    @pytest.mark.slow
    def test_is_left_to_doctor_to_tell(self):
        told = invoke("doctor", ECF_SANDBOX_PROT="1")

        assert "did you mean 'ECF_SANDBOX_PORT'?" in told.stdout


def test_a_switch_is_not_set_both_on_and_off():
    ended = invoke("serve", "--set", "withdrawn_may_resume=on", "--set", "withdrawn-may-resume=off")

    assert (ended.returncode, "both on and off" in ended.stderr) == (2, True)


@pytest.mark.parametrize(
    ("arguments", "near"),
    [
        (["serv"], "'serve'"),
        (["scenarios", "lst"], "'list'"),
        (["journal", "verfy"], "'verify'"),
        (["jornal", "verify"], "'journal'"),
        (["serve", "--edition", "liv"], "'live'"),
        (["serve", "--set", "withdrawn_may_resum=on"], "'withdrawn_may_resume'"),
        (["serve", "--scenario", "defalt"], "'default'"),
        (["rules", "declaration.allready-made"], "'declaration.already-made'"),
        (["findings", "filter.unknwon"], "'filter.unknown'"),
        (["report", "--jnit", "x.xml"], "--junit"),
    ],
    ids=lambda it: " ".join(it) if isinstance(it, list) else "",
)
def test_a_misspelt_name_is_answered_with_the_nearest(arguments, near):
    ended = invoke(*arguments)

    assert (ended.returncode, near in ended.stderr) == (2, True)
