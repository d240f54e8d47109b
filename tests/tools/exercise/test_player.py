"""What becomes of a history with a client that runs: who breaks what, and how that is told and repeated."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from ecf_sandbox.app import create_app
from ecf_sandbox.scenario import load_scenario
from ecf_sandbox.scenario.player import play_in
from ecf_sandbox.scenario.world import world_of
from ecf_sandbox.state.properties import Happening, Seeded
from ecf_sandbox.state.record import replace as with_changes
from ecf_sandbox.state.worlds import Worlds
from ecf_sandbox.testing.replay import replay
from ecf_sandbox.tools.exercise.beginning import Settings, Story
from ecf_sandbox.tools.exercise.client import Client, NoKnowledge
from ecf_sandbox.tools.exercise.failure import Failure, keep, sentences
from ecf_sandbox.tools.exercise.history import History, Step
from ecf_sandbox.tools.exercise.player import Player
from ecf_sandbox.transport import InProcess
from tests.served import standing
from tests.tools.exercise.clients import INCREMENTAL, SOUND, WHOLE, command, of_rect

pytestmark = pytest.mark.slow

MERGED = Happening(
    kind="event",
    name="merge_participants",
    told={"from_participant_id": "${people.Tara Quinn}", "to_participant_id": "${people.Amara Okafor}"},
)
RENAMED = Happening(
    kind="event",
    name="change_name",
    told={"participant_id": "${people.Jane Smith}", "full_name": "Una Brown"},
)
DAY = Happening(kind="time", told={"days": 1})
DECLARE = {
    "do": "declare",
    "participant_id": "${people.Jane Smith}",
    "declaration_type": "started",
    "declaration_date": "2025-10-06T09:00:00Z",
    "course_identifier": "ecf-induction",
    "evidence_held": "other",
}
DECLARES = (
    WHOLE
    + """
if TASK:
    told = json.loads(pathlib.Path(TASK).read_text())
    told.pop("do")
    ask("POST", "participant-declarations", {"data": {"type": "participant-declaration", "attributes": told}})
else:
    print(json.dumps({"declarations": whole(LISTS["declarations"])}))
"""
)


def played(tmp_path: Path, source: str, *steps: Step, **settings) -> Story:
    set_ = Settings(command=command(tmp_path, source), **settings)
    with Player(set_, Client(set_.command, limit=20)) as player:
        return player.tell(History(steps=steps))


def broken(story: Story) -> list[str]:
    return list(story.judged.broken)


class TestAClient:
    def test_that_reads_everything_comes_through(self, tmp_path):
        steps = [Step(), Step(happens=MERGED), Step(), Step(happens=DAY), Step(happens=RENAMED)]

        assert broken(played(tmp_path, SOUND, *steps)) == []

    def test_that_keeps_a_retired_id_breaks_an_invariant(self, tmp_path):
        story = played(tmp_path, INCREMENTAL, Step(), Step(happens=MERGED))

        assert broken(story) == ["follows-retired-ids"]
        assert "(Tara Quinn) is still known" in story.judged.complaints[0].text

    def test_may_know_and_not_know_whom_no_list_of_changes_tells_of(self, tmp_path):
        challenged = Happening(
            kind="event",
            name="challenge_partnership",
            told={"partnership_id": "${partnerships.Oakfield Academy.2025.Ambition Institute}", "reason": "mistake"},
        )

        assert broken(played(tmp_path, INCREMENTAL, Step(), Step(happens=DAY), Step(happens=challenged))) == []

    def test_that_takes_the_first_page_for_all_is_found(self, tmp_path):
        source = SOUND.replace('"page[per_page]": 100', '"page[per_page]": 10').replace("range(1, 1000)", "range(1, 2)")

        assert "knows-what-the-api-shows" in broken(played(tmp_path, source))

    def test_that_fails_where_nothing_is_wrong_is_told_with_what_it_said(self, tmp_path):
        story = played(tmp_path, SOUND + "\nsys.exit('no more')\n")

        assert [it.text for it in story.judged.complaints] == ["the client ended with 1: no more"]

    def test_may_fail_where_the_network_does(self, tmp_path):
        fault = Happening(kind="fault", told={"drop": True, "count": 1})

        story = played(tmp_path, SOUND, Step(happens=fault), Step())

        assert broken(story) == []
        assert story.judged.runs == 2

    def test_that_sends_an_accepted_declaration_again_is_found(self, tmp_path):
        lost = Happening(kind="fault", told={"drop": True, "count": 1, "method": "POST"})

        story = played(tmp_path, DECLARES, Step(happens=lost), Step(task=DECLARE))

        assert broken(story) == ["nothing-declared-twice"]

    def test_that_waits_after_a_429_is_seen_to(self, tmp_path):
        fault = Happening(kind="fault", told={"status": 429, "count": 1})
        patient = SOUND.replace(
            "    with urllib.request.urlopen(request, timeout=10) as answer:",
            "    try:\n        answer = urllib.request.urlopen(request, timeout=10)\n"
            "    except urllib.error.HTTPError:\n        time.sleep(PAUSE)\n"
            "        answer = urllib.request.urlopen(request, timeout=10)\n    with answer:",
        )

        waits = played(tmp_path, patient.replace("PAUSE", "0.5"), Step(happens=fault), Step())
        does_not = played(tmp_path, patient.replace("PAUSE", "0"), Step(happens=fault), Step())

        assert broken(waits) == []
        assert broken(does_not) == ["waits-out-429"]

    def test_is_not_judged_by_what_happens_while_it_reads(self, tmp_path):
        story = played(tmp_path, SOUND, Step(), Step(happens=MERGED, before=2), Step())

        assert broken(story) == []
        assert [it.text for it in story.told if it.text.startswith("Before request 2 of the client: ")]

    def test_is_held_against_chosen_invariants_only(self, tmp_path):
        story = played(tmp_path, INCREMENTAL, Step(), Step(happens=MERGED), invariants=("ends-well",))

        assert broken(story) == []


class TestTheFirstTry:
    @pytest.mark.parametrize(
        ("source", "said"),
        [
            pytest.param("import sys; sys.exit('no token')", "the command ended with 1\nno token", id="fails"),
            pytest.param("print('done')", "the command ended with 0, but it wrote no JSON: 'done'", id="no JSON"),
            pytest.param(
                "print('{\"participant\": {}}')",
                "the command ended with 0, but it says what it knows of 'participant'; did you mean 'participants'?",
                id="misspelt",
            ),
            pytest.param(
                "print('{\"participants\": [{}]}')",
                "the command ended with 0, but participants is neither an object by id nor a list of objects with an"
                " id each",
                id="another shape",
            ),
        ],
    )
    def test_says_what_is_wrong_with_a_command(self, tmp_path, source, said):
        settings = Settings(command=command(tmp_path, source))

        with Player(settings, Client(settings.command)) as player, pytest.raises(NoKnowledge) as raised:
            player.try_it()

        assert str(raised.value) == said


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """A failure with every kind of step, and its files."""
    folder = tmp_path_factory.mktemp("kept")
    by_others = Happening(
        kind="request",
        by="Teach First",
        method="PUT",
        target="/api/v3/participants/ecf/${people.Hugo Brandt}/defer",
        body={
            "data": {
                "type": "participant-defer",
                "attributes": {"reason": "career-break", "course_identifier": "ecf-induction"},
            }
        },
    )
    fault = Happening(kind="fault", told={"status": 503, "count": 1})
    happening = (MERGED, by_others, RENAMED, Happening(kind="time", told={"to": "statement:next:cut-off"}), fault)
    renames = Happening(
        kind="event",
        name="change_name",
        told={"participant_id": "${people.Bethan Rhys}", "full_name": "Victor Lane"},
    )
    steps = (Step(happens=renames, before=2), Step(), *(Step(happens=it) for it in happening), Step())
    settings = Settings(command=command(folder, INCREMENTAL))
    with Player(settings, Client(settings.command)) as player:
        history = History(steps=steps)
        story = player.tell(history)
        history = with_changes(history, broken=story.judged.broken, command=settings.command)
        failure = Failure(history=history, complaints=story.judged.complaints, story=story.told)
        return failure, keep(failure, player.beginning, {"API": "{url}/api/v3"}, folder / "found")


class TestAFailure:
    def test_is_told_in_sentences(self, kept):
        failure, _ = kept

        told = sentences(failure)

        assert told[2] == (
            "  3. 12 October 2026, 09:00 UTC: Everything of one person goes to another, who is the same: Tara Quinn,"
            " Amara Okafor."
        )
        assert told[3].startswith("  4. 12 October 2026, 09:00 UTC: Teach First sends PUT ")
        assert any("The network fails: the answer is 503." in it for it in told)

    def test_is_a_scenario_that_plays(self, kept):
        _, files = kept
        story = load_scenario(files["scenario"], seed="sandbox")
        world = world_of(story, seed="sandbox")

        outcomes = list(play_in(world, story, InProcess(create_app(Worlds(world)).wsgi_app)))

        assert [it.differences for it in outcomes if not it.passed] == []
        assert {"merge_participants", "change_name"} <= {it.step.event for it in outcomes}
        assert "is still known" in outcomes[-1].step.say

    def test_is_a_scenario_in_which_all_is_in_the_order_in_which_it_happened(self, kept):
        _, files = kept

        steps = load_scenario(files["scenario"], seed="sandbox").steps

        at = next(number for number, it in enumerate(steps) if it.say.startswith("Before request 2 of the client: "))
        assert [it.event or it.method for it in steps[at - 1 : at + 2]] == ["GET", "change_name", "GET"]

    def test_is_repeated_by_its_history(self, kept):
        failure, files = kept

        assert [it.partition(": ")[0] for it in replay(files["history"])] == list(failure.history.broken)

    def test_is_repeated_by_a_test(self, kept):
        _, files = kept
        compiled = compile(files["pytest"].read_text(), str(files["pytest"]), "exec")
        module: dict = {"__file__": str(files["pytest"])}
        exec(compiled, module)
        [test] = [it for name, it in module.items() if name.startswith("test_")]

        with pytest.raises(AssertionError):
            test()

    def test_is_repeated_with_curl(self, kept):
        _, files = kept

        with standing(now="2026-10-12T09:00:00Z") as server:
            done = subprocess.run(
                ["sh", str(files["curl"])],
                env={"PATH": "/usr/bin:/bin", "ECF_SANDBOX_URL": server.url},
                capture_output=True,
                text=True,
                timeout=60,
                check=False,
            )

        assert done.returncode == 0, done.stderr
        known, shown = done.stdout.split("What the API shows:")
        last = json.loads(known.strip().splitlines()[-1])
        assert "Tara Quinn" in {it["full_name"] for it in last["participants"].values()}
        assert "Tara Quinn" not in shown


MERGED_OF_RECT = Happening(
    kind="event",
    name="merge_participants",
    told={"from_id": "${people.Idris Cole}", "to_id": "${people.Hannah Boyle}"},
)


@pytest.fixture(scope="module")
def kept_of_rect(tmp_path_factory):
    """A failure of a client of RECT, and its files."""
    folder = tmp_path_factory.mktemp("rect")
    settings = Settings(command=command(folder, of_rect(INCREMENTAL)), service="rect", now="2026-05-12T12:00:00Z")
    with Player(settings, Client(settings.command)) as player:
        history = player.empty().with_steps((Step(), Step(happens=MERGED_OF_RECT), Step()))
        story = player.tell(history)
        history = with_changes(history, broken=story.judged.broken, command=settings.command)
        failure = Failure(history=history, complaints=story.judged.complaints, story=story.told)
        return failure, keep(failure, player.beginning, {}, folder / "found")


class TestAnotherService:
    def test_has_a_sound_client_that_comes_through(self, tmp_path):
        settings = Settings(command=command(tmp_path, of_rect(SOUND)), service="rect", tasks=("defer",))
        with Player(settings, Client(settings.command)) as player:
            history = player.draw(Seeded("a history of the other service"))
            told = player.tell(history)

        assert history.service == "rect"
        assert len(told.told) > 2
        assert told.judged.complaints == ()

    def test_has_a_failure_whose_scenario_is_of_it_and_plays(self, kept_of_rect):
        failure, files = kept_of_rect
        story = load_scenario(files["scenario"], seed="sandbox")

        outcomes = list(play_in(world := world_of(story, seed="sandbox"), story, sender_to(world)))

        assert failure.history.broken == ("follows-retired-ids",)
        assert "service: rect" in files["scenario"].read_text().splitlines()
        assert story.service.name == "rect"
        assert [it.differences for it in outcomes if not it.passed] == []

    def test_has_a_history_that_says_whose_it_is(self, kept_of_rect):
        failure, files = kept_of_rect

        assert [it.partition(": ")[0] for it in replay(files["history"])] == list(failure.history.broken)

    def test_has_a_script_that_makes_a_world_of_it_on_any_sandbox(self, kept_of_rect):
        _, files = kept_of_rect

        with standing(now="2026-10-12T09:00:00Z") as server:
            done = subprocess.run(
                ["sh", str(files["curl"])],
                env={"PATH": "/usr/bin:/bin", "ECF_SANDBOX_URL": server.url},
                capture_output=True,
                text=True,
                timeout=60,
                check=False,
            )

        assert done.returncode == 0, done.stderr
        known, shown = done.stdout.split("What the API shows:")
        assert "Idris Cole" in known
        assert "Idris Cole" not in shown


def sender_to(world):
    return InProcess(create_app(Worlds(world)).wsgi_app)
