"""The machine plays what a client has, tells its story, and holds it to what counts."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, Verbosity, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from ecf_sandbox.app import create_app
from ecf_sandbox.scenario.loading import load_scenario
from ecf_sandbox.scenario.player import play_in
from ecf_sandbox.scenario.world import world_of
from ecf_sandbox.state.properties import Invariant
from ecf_sandbox.state.worlds import Worlds
from ecf_sandbox.testing import ClientMachine
from ecf_sandbox.testing.properties.machine import BrokenInvariant
from ecf_sandbox.transport import InProcess
from tests.properties.clients import ForgetsVoids, Sound

pytestmark = pytest.mark.slow

SETTINGS = settings(
    max_examples=12,
    stateful_step_count=6,
    database=None,
    deadline=None,
    phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck),
    verbosity=Verbosity.quiet,
    print_blob=False,
)


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def played(machine, *, histories=12):
    run_state_machine_as_test(seed(1)(machine), settings=settings(SETTINGS, max_examples=histories))


class KnowsNobody:
    """It reads nothing, and says that there is nobody."""

    def __init__(self, world):
        self.world = world

    def sync(self):
        pass

    def participants(self):
        return {}


def test_a_client_with_nothing_to_play_is_played_all_the_same():
    class Nothing(ClientMachine):
        client = staticmethod(lambda world: object())

    played(Nothing)


def test_what_a_client_has_not_got_is_not_played():
    asked = []

    class OnlyDeclares:
        def __init__(self, world):
            self.world = world

        def declare(self, **attributes):
            asked.append(attributes)

    class Declaring(ClientMachine):
        client = OnlyDeclares

    played(Declaring)

    assert asked
    assert all({"participant_id", "declaration_type", "declaration_date"} <= it.keys() for it in asked)


def test_what_a_client_is_told_to_do_is_accepted():
    answers = []

    class Telling(Sound):
        def send(self, *request):
            answers.append(super().send(*request))
            return answers[-1]

    class Machine(ClientMachine):
        client = Telling
        faults = ()

    played(Machine)

    assert {it.status for it in answers} == {200}


def test_a_failure_has_the_story_that_led_there():
    class Machine(ClientMachine):
        client = KnowsNobody

    with pytest.raises(BrokenInvariant) as failed:
        played(Machine)

    assert failed.value.complaints[0].invariant == "knows-what-the-api-shows"
    assert failed.value.story[-1].endswith("The client synchronises everything.")
    assert "knows-what-the-api-shows: the participant " in str(failed.value)
    assert "  1. " in str(failed.value)


def test_an_invariant_that_is_off_does_not_count():
    class Machine(ClientMachine):
        client = KnowsNobody
        off = ("knows-what-the-api-shows",)

    played(Machine)


def test_an_invariant_of_one_s_own_counts():
    class Machine(ClientMachine):
        client = Sound
        faults = ()
        own_invariants = (
            Invariant(
                id="reads-by-hundreds",
                sentence="A page has a hundred rows.",
                judge=lambda evidence: [it.target for it in evidence.exchanges if "per_page]=2" in it.target],
            ),
        )

    with pytest.raises(BrokenInvariant, match="reads-by-hundreds: /api/v3/"):
        played(Machine)


def test_what_a_client_raises_without_trouble_is_a_failure_with_its_story():
    class Careless(KnowsNobody):
        def sync(self):
            raise ValueError("never heard of it")

    class Machine(ClientMachine):
        client = Careless

    with pytest.raises(ValueError, match="never heard of it") as failed:
        played(Machine)

    assert any("The client synchronises everything." in note for note in failed.value.__notes__)


def test_what_a_client_raises_because_the_network_failed_is_none():
    class GivesUp(Sound):
        def ask(self, method, target, document=None, headers=None):
            answer = self.send(method, target, document, headers)
            if answer.status != 200:
                raise OSError(answer.status)
            return answer

    class Machine(ClientMachine):
        client = GivesUp

    played(Machine)


def test_a_scenario_an_edition_and_a_provider_may_be_chosen():
    worlds = []

    class Looks(KnowsNobody):
        def __init__(self, world):
            super().__init__(world)
            worlds.append((world.edition, world.provider, "Jane Smith" in world.people))

    class Machine(ClientMachine):
        client = Looks
        scenario = "default"
        edition = "live"
        provider = "Teach First"
        off = ("knows-what-the-api-shows",)

    played(Machine, histories=2)

    assert set(worlds) == {("live", "Teach First", True)}


def test_equal_seeds_play_equal_histories():
    stories = ([], [])
    for told in stories:

        class Machine(ClientMachine):
            client = Sound

            def teardown(self, told=told):
                told.append(tuple(self.story))
                super().teardown()

        played(Machine)

    assert stories[0] == stories[1]
    assert len(set(stories[0])) > 3


@pytest.mark.parametrize(
    ("switch", "words"),
    [
        pytest.param({"off": ("waits-out-492",)}, "no invariant 'waits-out-492'; did you mean", id="an invariant"),
        pytest.param({"faults": ("lost befor",)}, "no fault 'lost befor'; did you mean", id="a fault"),
    ],
)
def test_a_switch_for_what_there_is_not_is_refused_with_the_nearest(switch, words):
    machine = type("Machine", (ClientMachine,), {"client": KnowsNobody, **switch})

    with pytest.raises(KeyError, match=words):
        played(machine)


def test_a_failure_is_a_scenario_that_plays(tmp_path):
    class Machine(ClientMachine):
        client = ForgetsVoids

    with pytest.raises(BrokenInvariant) as failed:
        played(Machine, histories=200)

    file = tmp_path / ".ecf-sandbox" / "histories" / "Machine.yaml"
    scenario = load_scenario(file, seed="sandbox")
    world = world_of(scenario)
    outcomes = list(play_in(world, scenario, InProcess(create_app(Worlds(world)).wsgi_app)))
    assert [it.differences for it in outcomes if not it.passed] == []
    assert [it.step.by for it in outcomes if it.step.method].count("alpha") > 2
    assert scenario.about.startswith(failed.value.complaints[0].invariant)
    assert any("scenarios play" in note for note in failed.value.__notes__)


def test_a_failure_is_written_nowhere_if_one_likes(tmp_path):
    class Machine(ClientMachine):
        client = KnowsNobody
        histories = None

    with pytest.raises(BrokenInvariant):
        played(Machine)

    assert list(tmp_path.iterdir()) == []


def test_a_test_has_settings_under_which_it_ends_soon():
    class Machine(ClientMachine):
        client = KnowsNobody

    assert Machine.TestCase.settings.stateful_step_count == 10
    assert not Machine.TestCase.settings.report_multiple_bugs
