"""Mistakes can be made in a module without touching its file, and the tests notice those that matter."""

from __future__ import annotations

import ast
import os
import subprocess
import sys

import pytest

from tests.mutants.catalogue import ROOT, accepted, modules, mutants
from tests.mutants.mutation import mutated, mutations
from tests.mutants.results import KILLED, SURVIVED, Results

SOURCE = '''"""Doc."""


def enough(count: int | None, least: int = 3) -> bool:
    """Whether it is enough."""
    return count is not None and count >= least
'''
BOOK = "BOOK = Rulebook('book', (one, two, three))"


def test_what_can_be_made_wrong_is_listed_with_the_lines_that_a_test_has_to_reach():
    found = {it.after: it for it in mutations(SOURCE)}

    assert {"count > least", "count < least", "count is None", "return None", "count >= least"} <= set(found)
    assert found["count > least"].function == "enough"
    assert found["count > least"].lines == (6,)


def test_each_makes_one_thing_wrong():
    for number, it in enumerate(mutations(SOURCE)):
        made = ast.unparse(mutated(SOURCE, number))

        assert it.after in made
        assert made != ast.unparse(ast.parse(SOURCE))


def test_a_mutation_keeps_its_key_when_other_functions_change_and_no_longer():
    keys = [it.key for it in mutations(SOURCE)]

    assert [it.key for it in mutations(f"{SOURCE}\n\ndef other():\n    return 1\n")][: len(keys)] == keys
    assert not {it.key for it in mutations(SOURCE.replace("least", "fewest"))} & set(keys)


def test_the_switches_of_a_decorator_are_reached_by_what_reaches_the_function():
    source = "@rule(when_clean=True)\ndef broken(it):\n    return it.wrong\n"

    assert next(it for it in mutations(source) if it.after == "False").lines == (3,)


@pytest.mark.parametrize(
    ("source", "at_import"),
    [
        pytest.param("@rule(when_clean=True)\ndef broken(it):\n    pass\n", True, id="a decorator"),
        pytest.param("class Attempt:\n    linked: bool = False\n", True, id="a default of a record"),
        pytest.param("def broken(it):\n    it.late = True\n", False, id="a function"),
        pytest.param("class Attempt:\n    def late(self):\n        self.it = True\n", False, id="a method"),
    ],
)
def test_what_stands_outside_functions_takes_effect_at_import(source, at_import):
    assert {it.at_import for it in mutations(source)} == {at_import}


def test_a_rulebook_loses_each_rule_and_has_neighbours_in_the_other_order():
    found = [(it.function, it.before, it.after) for it in mutations(BOOK)]

    assert found == [
        ("BOOK", "one, two", "two"),
        ("BOOK", "two, three", "three"),
        ("BOOK", "three", "(nothing)"),
        ("BOOK", "one, two", "two, one"),
        ("BOOK", "two, three", "three, two"),
    ]


def test_what_silences_a_rule_has_no_order():
    source = "@rule(quiet_after=(ONE, TWO))\ndef broken(it):\n    pass\n"

    assert [(it.before, it.after) for it in mutations(source)] == [("ONE, TWO", "TWO"), ("TWO", "(nothing)")]


def test_what_is_long_is_shown_where_it_differs():
    long = " and ".join(f"a_rather_long_name_{n}" for n in range(20))

    (found,) = (it for it in mutations(f"def f():\n    return {long}\n") if " or " in it.after)
    without = [it for it in mutations(f"def f():\n    return {long}\n") if it.before != it.after]

    assert "name_0 or" in found.after
    assert len(without) == len({(it.before, it.after) for it in without})
    assert all(len(text) < 120 for it in without for text in (it.before, it.after))


def test_no_two_have_the_same_name():
    names = [it.name for module in modules() for it in mutants(module)]

    assert len(set(names)) == len(names)


def test_what_came_of_a_mutant_is_known_the_next_time(tmp_path):
    it = mutants("ecf_sandbox.ecf.rules.voiding")[0]

    Results("the tests", tmp_path / "results").add(it, KILLED, "a test")

    known = Results("other tests", tmp_path / "results").of(it)
    assert known is not None
    assert (known.outcome, known.test) == (KILLED, "a test")


def test_what_survived_is_tried_again_once_the_tests_are_others(tmp_path):
    it = mutants("ecf_sandbox.ecf.rules.voiding")[0]

    Results("the tests", tmp_path / "results").add(it, SURVIVED)

    assert Results("the tests", tmp_path / "results").of(it) is not None
    assert Results("other tests", tmp_path / "results").of(it) is None


def test_every_reason_for_accepting_one_is_about_one_that_there_is():
    names = {it.name for module in modules() for it in mutants(module)}

    assert set(accepted()) <= names


def survivors(cache, *arguments):
    """The mutants that a run prints as left, and its exit status."""
    command = [sys.executable, "-m", "tests.mutants", *arguments]
    environment = {**os.environ, "XDG_CACHE_HOME": str(cache)}
    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert ended.returncode in (0, 1), ended.stderr
    left = ended.stdout.partition("| all |")[2].splitlines()[2:]
    return ended.returncode, [it.partition("  (line")[0] for it in left]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("module", "only", "tests"),
    [
        pytest.param("ecf.rules.declarations", "True  →  False", "tests/ecf/rules/test_declarations.py", id="switches"),
        pytest.param(
            *("ecf.actions.change_schedule", "_only_reschedules", "tests/ecf/actions/test_change_schedule.py"),
            id="a condition",
        ),
        pytest.param("rect.rules.consistency", "super()", "tests/rect/rules/test_consistency.py", id="an initialiser"),
    ],
)
def test_mistakes_that_matter_are_noticed_wherever_they_take_effect(tmp_path, module, only, tests):
    assert survivors(tmp_path, "--module", module, "--only", only, "--tests", tests) == (0, [])


@pytest.mark.slow
def test_one_that_no_test_looks_at_is_told(tmp_path):
    status, left = survivors(
        tmp_path, "--module", "ecf.rules.declarations", "--only", "npq_course", "--tests", "tests/ecf/test_records.py"
    )

    assert status == 1
    assert "not reached: ecf.rules.declarations.npq_course: True  →  False" in left
