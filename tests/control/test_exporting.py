"""An exported world, read in again, answers every read alike; a broken export changes nothing."""

from __future__ import annotations

import copy
import json
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecf_sandbox.ecf.records import Records
from ecf_sandbox.ecf.service import SERVICE as ECF
from ecf_sandbox.scenario.loading import read_scenario
from ecf_sandbox.scenario.world import world_of
from ecf_sandbox.state.exporting import BadExport, plain_records, plain_world, records_of, world_of_document
from ecf_sandbox.state.ids import nth_id
from tests.control.controlling import TOKEN, Sandbox
from tests.effort import examples

READS = (
    "/api/v3/participants/ecf?page[per_page]=100",
    "/api/v3/participants/ecf?sort=-updated_at",
    "/api/v3/participants/ecf/transfers",
    "/api/v3/participant-declarations?page[per_page]=100",
    "/api/v3/statements?page[per_page]=100",
    "/api/v3/partnerships/ecf",
    "/api/v3/schools/ecf?filter[cohort]=2025",
    "/api/v3/delivery-partners",
    "/api/v3/unfunded-mentors/ecf",
    "/api/v2/participants/ecf.csv",
    "/api/v1/participants",
    "/api/v1/participant-declarations",
)
WRITES = st.sampled_from(
    [
        ("declare", "Jane Smith"),
        ("declare", "Amara Okafor"),
        ("defer", "Jane Smith"),
        ("withdraw", "Amara Okafor"),
        ("rename", "Jane Smith"),
        ("advance", 40),
        ("pay", None),
    ]
)


@cache
def exported() -> str:
    return json.dumps(plain_world(Sandbox().world))


def document():
    return json.loads(exported())


def act(sandbox, write):
    """Do something; a refusal is no matter."""
    what, whom = write
    if what == "declare":
        sandbox.declare(whom)
    elif what == "advance":
        sandbox.control("POST", "/worlds/main/clock/advance", {"days": whom})
    elif what == "pay":
        sandbox.control("POST", "/worlds/main/clock/advance", {"to": "statement:next:payment"})
    elif what == "rename":
        told = {"participant_id": f"${{people.{whom}}}", "full_name": f"{whom} B"}
        sandbox.control("POST", "/worlds/main/events", {"event": "change_name", "with": told})
    else:
        body = {"reason": "other", "course_identifier": "ecf-induction"}
        sandbox.provider("PUT", f"/participants/ecf/{sandbox.names[f'people.{whom}']}/{what}", body)


def reads(sandbox, world):
    headers = [("Authorization", f"Bearer {TOKEN}"), ("X-Sandbox-World", world)]
    return [sandbox.send("GET", it, headers).body for it in READS]


class TestAnExport:
    @given(st.lists(WRITES, max_size=6))
    @settings(max_examples=examples(15))
    def test_read_in_answers_every_read_alike(self, writes):
        sandbox = Sandbox()
        for it in writes:
            act(sandbox, it)

        sandbox.done("POST", "/worlds/copy/import", sandbox.done("GET", "/worlds/main/export"))

        assert sandbox.worlds.get("copy").state == sandbox.world.state
        assert reads(sandbox, "copy") == reads(sandbox, "main")

    def test_goes_on_with_the_ids_and_the_edition_that_it_had(self, sandbox):
        sandbox.declare()
        sandbox.done("POST", "/worlds/copy/import", sandbox.done("GET", "/worlds/main/export"))

        told = {"declaration_type": "retained-1", "declaration_date": "2026-02-02T09:00:00Z"}
        made = [sandbox.declare(token=f"{TOKEN}{it}", **told) for it in ("", "~copy")]

        assert made[0] == made[1]
        assert made[0][0] == 200

    def test_may_give_its_moments_in_another_zone(self, sandbox):
        told = document() | {"clock_frozen_at": "2026-10-12T11:00:00+02:00", "stamped": "2026-10-12T11:00:00+02:00"}

        sandbox.done("POST", "/worlds/copy/import", told)

        written = sandbox.done("GET", "/worlds/copy/export")
        assert (written["clock_frozen_at"], written["stamped"]) == ("2026-10-12T09:00:00Z", "2026-10-12T09:00:00Z")

    def test_is_what_a_reset_goes_back_to(self, sandbox):
        sandbox.declare()
        sandbox.done("POST", "/worlds/copy/import", sandbox.done("GET", "/worlds/main/export"))

        sandbox.done("POST", "/worlds/copy/reset")

        assert sandbox.worlds.get("copy").state == sandbox.world.state

    def test_is_of_the_beginning_if_that_is_asked_for(self, sandbox):
        began = sandbox.done("GET", "/worlds/main/export")
        sandbox.declare()

        now = sandbox.done("GET", "/worlds/main/export")
        again = sandbox.done("GET", "/worlds/main/export?from_baseline=true")

        assert now["records"] != began["records"]
        assert again == began

    def test_keeps_the_order_of_what_came_in_the_same_moment(self, sandbox):
        records = sandbox.records

        assert records_of(json.loads(json.dumps(plain_records(records))), Records()) == records


def without(table):
    def change(it):
        it["records"]["rows"][table] = []

    return change


def changed(path, value):
    def change(it):
        *parents, last = path
        for step in parents:
            it = it[step]
        it[last] = value

    return change


def running(shift):
    def change(it):
        it |= {"clock_frozen_at": None, "clock_shift": shift}

    return change


BROKEN = {
    "another format": (changed(["format"], "zip"), "no exported world"),
    "a later version": (changed(["version"], 2), "reads version 1"),
    "an unknown member": (changed(["extra"], 1), "extra"),
    "an unknown edition": (changed(["edition"], "guidence"), "did you mean 'guidance'"),
    "an unknown switch": (changed(["switches", "withdrawn_may_resum"], True), "did you mean 'withdrawn_may_resume'"),
    "an unknown table": (changed(["records", "rows", "user"], []), "did you mean 'users'"),
    "a table that is no list": (changed(["records", "rows", "users"], {}), "a list is expected"),
    "a text for a number": (changed(["records", "rows", "cohorts", 0, "start_year"], "x"), "records.rows.cohorts[0]"),
    "a member too many": (changed(["records", "rows", "users", 0, "emial"], "x"), "did you mean 'email'"),
    "a moment without a zone": (
        changed(["records", "rows", "users", 0, "created_at"], "2025-01-01T00:00:00"),
        "time zone",
    ),
    "a moment before the calendar": (
        changed(["records", "rows", "users", 0, "created_at"], "0001-01-01T00:00:00+02:00"),
        "records.rows.users[0]: created_at is beyond the calendar",
    ),
    "a clock without a zone": (changed(["clock_frozen_at"], "2026-10-12T09:00:00"), "timezone"),
    "a clock before the calendar": (changed(["clock_frozen_at"], "0001-01-01T00:00:00+02:00"), "clock_frozen_at"),
    "a clock that runs beyond the calendar": (running(3e11), "clock_shift"),
    "a clock that runs before the calendar": (running(-1e11), "clock_shift"),
    "a clock beyond all numbers": (running(1e300), "clock_shift"),
    "a last write without a zone": (changed(["stamped"], "2026-10-12T09:00:00"), "timezone"),
    "fewer ids than none": (changed(["ids_taken"], -1), "ids_taken"),
    "more ids than can be counted": (changed(["ids_taken"], 2**64 - 1), "ids_taken"),
    "a gap": (without("identities"), "is not in identities"),
    "an order of rows that are not there": (
        changed(["records", "order", "users"], [{"index": "email", "keys": ["x"]}]),
        "not the keys of a group",
    ),
    "an order that is no order": (changed(["records", "order", "users"], [7]), "records.order.users[0]"),
}


EDGES = ["0001-01-01T00:00:00+02:00", "9999-12-31T23:59:59-02:00", 1e300, "2026-10-12T09:00:00"]


class TestABrokenExport:
    @pytest.mark.parametrize(("change", "said"), BROKEN.values(), ids=BROKEN)
    def test_changes_nothing_and_says_where_it_is_broken(self, sandbox, change, said):
        broken = document()
        change(broken)
        before = sandbox.world.state

        status, problem = sandbox.control("POST", "/worlds/main/import", broken)

        assert status == 422
        assert any(said in it for it in problem["problems"]), problem
        assert sandbox.worlds.main is sandbox.world
        assert sandbox.world.state is before

    def test_names_all_that_is_wrong_at_once(self):
        broken = document()
        broken["records"]["rows"]["users"][0]["full_name"] = 7
        broken["records"]["rows"]["schools"][0]["urn"] = None

        with pytest.raises(BadExport) as wrong:
            world_of_document(broken, "x", ECF)

        assert len(wrong.value.problems) == 2

    @given(st.data())
    @settings(max_examples=examples(60))
    def test_is_refused_or_read_whatever_was_done_to_it(self, data):
        """Any member, anywhere, exchanged for anything: a world or BadExport, nothing else."""
        anything = st.sampled_from(
            [None, 0, -1, 1.5, "", "x", True, [], {}, "2025-01-01", "2025-01-01T00:00:00+02:00", *EDGES]
        )
        broken = copy.deepcopy(document())
        it, path = broken, []
        while isinstance(it, dict | list) and it and (not path or data.draw(st.integers(0, 3))):
            step = data.draw(st.sampled_from(sorted(it) if isinstance(it, dict) else range(len(it))))
            path, parent, it = [*path, step], it, it[step]
        parent[path[-1]] = data.draw(anything)

        try:
            made = world_of_document(broken, "x", ECF)
        except BadExport:
            return

        assert isinstance(made.state.records, Records)


class TestIds:
    def test_an_import_that_would_give_an_id_again_is_refused(self, sandbox):
        sandbox.declare()

        status, problem = sandbox.control("POST", "/worlds/copy/import", plain_world(sandbox.world) | {"ids_taken": 0})

        assert status == 422
        assert problem["problems"][0].startswith("ids_taken: 0 would give ids again that rows have")
        assert "copy" not in sandbox.worlds.names()

    def test_an_import_with_the_number_that_it_names_is_taken(self, sandbox):
        sandbox.declare()
        document = plain_world(sandbox.world)
        _, problem = sandbox.control("POST", "/worlds/copy/import", document | {"ids_taken": 0})
        least = int(problem["problems"][0].rpartition(" ")[2])

        status, _ = sandbox.control("POST", "/worlds/copy/import", document | {"ids_taken": least})

        assert (status, least <= document["ids_taken"]) == (201, True)

    @pytest.mark.parametrize("ahead", [0, 1, 2000])
    def test_an_id_that_a_row_has_is_given_to_no_other_however_far_ahead_it_is(self, sandbox, ahead):
        document = plain_world(sandbox.world)
        document["records"]["order"] = {}
        renamed = document["records"]["rows"]["line_items"][0]
        renamed["id"] = nth_id(document["seed"], 5000 + ahead)
        world = world_of_document(document | {"ids_taken": 5000}, "copy", ECF)

        for it in (world, world.fork("fork")):
            with it.turn() as turn:
                given = [turn.new_id() for _ in range(ahead + 1)]
            assert renamed["id"] not in given
            assert len(set(given)) == len(given)

    def test_a_world_that_begins_with_a_saved_state_gives_no_id_again(self, sandbox):
        sandbox.declare()
        text = sandbox.done("GET", "/worlds/main/scenario")
        seed = sandbox.world.seed

        world = world_of(read_scenario(text, name="x", file="x.yaml", seed=seed), seed=seed)

        with world.turn() as turn:
            given = {turn.new_id() for _ in range(100)}
        assert not given & {it.id for it in (*sandbox.records.declarations, *sandbox.records.line_items)}


class TestASavedScenario:
    def test_begins_as_the_world_was(self, sandbox):
        sandbox.declare()

        text = sandbox.done("GET", "/worlds/main/scenario?title=Monday")
        story = read_scenario(text, name="monday", file="monday.yaml", seed="any")

        assert story.records() == sandbox.records
        assert (story.title, story.now) == ("Monday", sandbox.world.now())
        assert story.clients["ambition-institute"] == TOKEN

    def test_can_be_given_steps(self, sandbox):
        text = sandbox.done("GET", "/worlds/main/scenario")
        text += (
            "steps:\n  - { say: Look., by: ucl-institute-of-education, send: GET /api/v3/statements, expect: 200 }\n"
        )

        story = read_scenario(text, name="x", file="x.yaml", seed="any")

        assert [it.say for it in story.steps] == ["Look."]
