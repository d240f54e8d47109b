"""Mistakes can be made in a module without touching its file, and the tests notice those that matter."""

from __future__ import annotations

import ast

import pytest

from tests.mutants.mutation import mutated, mutations
from tests.mutants.run import KILLED, SURVIVED, UNREACHED, Results, accepted, modules, mutants, name_of, try_one

SOURCE = '''"""Doc."""


def enough(count: int | None, least: int = 3) -> bool:
    """Whether it is enough."""
    return count is not None and count >= least
'''


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


def test_a_rulebook_loses_each_rule_and_has_neighbours_in_the_other_order():
    afters = [it.after for it in mutations("BOOK = Rulebook('book', (one, two, three))")]

    assert afters == ["(two, three)", "(one, three)", "(one, two)", "(two, one, three)", "(one, three, two)"]


def test_what_came_of_a_mutant_is_known_the_next_time(tmp_path):
    it = mutants("ecf_sandbox.ecf.rules.voiding")[0]

    Results(tmp_path / "results").add(it, KILLED)

    assert Results(tmp_path / "results").of(it) == KILLED


@pytest.mark.slow
def test_every_reason_for_accepting_one_is_about_one_that_there_is():
    names = {name_of(it) for module in modules() for it in mutants(module)}

    assert set(accepted()) <= names


def the(module, function, before, after):
    """The mutant that reads so."""
    (found,) = (
        it
        for it in mutants(f"ecf_sandbox.ecf.{module}")
        if (it.mutation.function, it.mutation.before, it.mutation.after) == (function, before, after)
    )
    return found


RULES, ACTIONS = ["tests/ecf/rules/test_declarations.py"], ["tests/ecf/actions/test_change_schedule.py"]
MATTERING = [
    pytest.param("rules.declarations", "npq_course", "True", "False", RULES, id="an NPQ course alone"),
    *(
        pytest.param("rules.declarations", name, "True", "False", RULES, id=f"{name} when clean")
        for name in (
            *("course_unknown", "training_record_unknown", "participant_not_linked"),
            *("evidence_missing", "evidence_unknown", "duplicate_in_closed_cohort"),
        )
    ),
    *(
        pytest.param(
            "actions.change_schedule", function, before, before.replace("==", other), ACTIONS, id=f"{function} {other}"
        )
        for function, before in (
            ("_usable_partnership", "it.provider_id == provider.id"),
            ("_only_reschedules", "change.cohort_now == change.year"),
        )
        for other in ("<=", ">=", "!=")
    ),
]


@pytest.mark.slow
@pytest.mark.parametrize(("module", "function", "before", "after", "tests"), MATTERING)
def test_a_mistake_that_matters_is_noticed(module, function, before, after, tests):
    assert try_one(the(module, function, before, after), tests) == KILLED


@pytest.mark.slow
def test_one_that_no_test_looks_at_is_told():
    it = the("rules.declarations", "npq_course", "True", "False")

    assert try_one(it, ["tests/rulebook/test_scalars.py"]) == SURVIVED
    assert try_one(it, []) == UNREACHED
