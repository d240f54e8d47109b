"""The page on property tests: its code runs, and its table has every strategy."""

from __future__ import annotations

import ast
import inspect
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, Verbosity, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from ecf_sandbox.testing.properties.machine import BrokenInvariant
from ecf_sandbox.testing.strategies import TROUBLE
from tests.testing.test_strategies import PUBLIC

PAGE = (Path(__file__).parents[3] / "docs" / "properties.md").read_text(encoding="utf-8")
SECTIONS = {it.partition("\n")[0]: it for it in PAGE.split("\n## ")}
STRATEGIES, MACHINE = SECTIONS["Strategies"], SECTIONS["A machine for a client in Python"]
FEW = settings(
    max_examples=10,
    stateful_step_count=5,
    database=None,
    deadline=None,
    phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck),
    verbosity=Verbosity.quiet,
)


class OurClient:
    """Reads everybody, a page at a time, and thinks that a page is full."""

    def __init__(self, session, wait):
        self.session, self.wait, self.people = session, wait, {}

    def read_everything(self):
        answer = self.session.get("http://ecf/api/v3/participants/ecf", params={"page[per_page]": 1})
        answer.raise_for_status()
        self.people = {it["id"]: it["attributes"] for it in answer.json()["data"]}

    def declare(self, **attributes):
        document = {"data": {"type": "participant-declaration", "attributes": attributes}}
        self.session.post("http://ecf/api/v3/participant-declarations", json=document).raise_for_status()


def code_of(section):
    scope = {"OurClient": OurClient}
    exec(
        compile(ast.parse(re.search(r"```python\n(.*?)```", section, re.DOTALL)[1]), "the example of the page", "exec"),
        scope,
    )
    return scope


def test_the_example_of_strategies_holds():
    FEW(code_of(STRATEGIES)["test_a_refusal_says_why"])()


def test_the_example_of_a_machine_finds_the_client_s_mistake(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    machine = code_of(MACHINE)["OurMachine"]

    with pytest.raises(BrokenInvariant, match=r"knows-what-the-api-shows: the participant .* is not known"):
        run_state_machine_as_test(seed(1)(machine), settings=FEW)


def test_every_strategy_is_on_the_page_with_its_first_sentence():
    rows = dict(re.findall(r"^\| `(\w+)` \| (.*) \|$", STRATEGIES, re.MULTILINE))

    assert rows == {name: " ".join(inspect.getdoc(it).partition("\n\n")[0].split()) for name, it in PUBLIC.items()}


@pytest.mark.parametrize("trouble", TROUBLE)
def test_every_trouble_is_on_the_page(trouble):
    assert f"`{trouble}`" in MACHINE
