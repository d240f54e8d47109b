"""Scenarios are read whole or refused with everything that is wrong with them."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecf_sandbox.files import folder
from ecf_sandbox.scenario import BadScenario, Scenario, load_scenario
from ecf_sandbox.scenario.loading import read_scenario, shipped
from ecf_sandbox.scenario.yaml_reader import parse
from ecf_sandbox.state.ids import named_id
from tests.effort import examples
from tests.scenario.small import read, small

DAYS = ["2026-13-45", "9999-12-31T23:59:59Z", "0001-01-01", "0001-01-01T00:00:00+05:00", "9999-12-31"]
JUNK = [None, "", "x", -1, 0, 2**70, 1.5, True, [], {}, [1], {"a": 1}, [[]], {"a": {}}, *DAYS]


def problems(**changes):
    with pytest.raises(BadScenario) as refused:
        read(small(**changes))
    return [f"{it.place}: {it.message}" for it in refused.value.problems]


class TestReading:
    def test_the_same_seed_gives_the_same_records(self):
        assert read(small()).records() == read(small()).records()

    def test_another_seed_gives_other_ids(self):
        one, other = read(small(), "one").records(), read(small(), "other").records()

        assert not {it.id for it in one.users} & {it.id for it in other.users}

    def test_ids_derive_from_names(self):
        assert read(small()).records().users[named_id("s", "person", "Jane Smith")].full_name == "Jane Smith"

    def test_somebody_new_changes_nobodys_id(self):
        before = {it.id for it in read(small()).records().training_records}
        more = small(people=[{"name": "New", "ect": {"school": "oakfield", "cohort": 2024}}, *small()["people"]])

        assert before < {it.id for it in read(more).records().training_records}

    def test_a_moment_is_where_the_clock_stands_still(self):
        assert read(small()).now is None
        assert read(small(now="2026-10-13")).now == datetime(2026, 10, 13, tzinfo=UTC)

    def test_without_as_of_the_moment_is_the_one_described(self):
        scenario = small(now="2026-10-13")
        del scenario["as_of"]

        assert read(scenario).as_of == datetime(2026, 10, 13, tzinfo=UTC)

    def test_a_token_is_made_of_the_providers_name_unless_there_is_one(self):
        assert read(small()).tokens == ("alpha-token", "beta-token")
        assert read(small(providers__alpha__token="a")).tokens == ("a", "beta-token")

    def test_payments_may_never_have_been_frozen(self):
        thawed = read(small(cohorts={2022: {"payments_frozen_at": "never"}})).records()

        assert thawed.cohorts[2022].payments_frozen_at is None
        assert thawed.cohorts[2021].payments_frozen_at is not None


class TestLimits:
    def test_ten_thousand_unknown_keys_are_fifty_complaints_and_a_count(self):
        with pytest.raises(BadScenario) as refused:
            read(small() | {f"unknown-{n}": 1 for n in range(10_000)})

        *shown, last = str(refused.value).splitlines()
        assert [it.partition(": unknown ")[0] for it in shown] == [f"small.yaml:1: unknown-{n}" for n in range(50)]
        assert last == "and 9,950 more"

    def test_a_long_text_in_the_wrong_place_is_not_repeated_whole(self):
        with pytest.raises(BadScenario) as refused:
            read(small(as_of="x" * 100_000))

        assert str(refused.value) == (
            f"small.yaml:1: as_of: expected a date and time such as 2025-10-06T09:30:00Z, not '{'x' * 60}…'"
        )

    @pytest.mark.parametrize("counts", [[1_000_000_000], [60_000, 60_000]], ids=["at once", "together"])
    def test_no_more_people_are_generated_than_fit(self, counts):
        entry = {"provider": "alpha", "delivery_partner": "hub", "cohort": 2025}
        asked = [entry | {"participants": it} for it in counts]

        with pytest.raises(BadScenario) as refused:
            read(small(generate=asked) | {"as_of": "2021-01-01"})

        place = f"generate.{len(counts) - 1}.participants"
        assert f"small.yaml:1: {place}: makes more than 100,000 people in all, which is the most" in str(refused.value)

    @pytest.mark.parametrize("clients", [5, "x", {"alpha": ["x"]}, {"alpha": 1}], ids=str)
    def test_clients_of_a_saved_state_have_tokens(self, clients):
        saved = {"as_of": "2026-01-01", "state": {"rows": {}, "order": {}}, "clients": clients}

        with pytest.raises(BadScenario, match=r"small\.yaml:1: clients"):
            read(saved)


class TestProblems:
    @pytest.mark.parametrize(
        ("changes", "problem"),
        [
            pytest.param(
                {"people__0__ect__schedule": "ecf-standard-septembr"},
                "people.0.ect.schedule: no schedule 'ecf-standard-septembr'; did you mean 'ecf-standard-september'?",
                id="a misspelt schedule",
            ),
            pytest.param(
                {"people__0__ect__duplicity": "primry"},
                "people.0.ect.duplicity: no duplicity 'primry'; did you mean 'primary'?",
                id="a misspelt duplicity",
            ),
            pytest.param(
                {"people__0__ect__schedule": "ecf-replacement-april"},
                "people.0.ect.schedule: is for mentors only",
                id="a schedule for mentors",
            ),
            pytest.param(
                {"people__0__ect__school": "oakfeld"},
                "people.0.ect.school: no school 'oakfeld'; did you mean 'oakfield'?",
                id="a dangling school",
            ),
            pytest.param(
                {"people__0__ect__mentor": "Dan Ossei"},
                "people.0.ect.mentor: no mentor 'Dan Ossei'; did you mean 'Dan Osei'?",
                id="a dangling mentor",
            ),
            pytest.param(
                {"people__0__ect__mentor": "Jane Smith"},
                "people.0.ect.mentor: no mentor 'Jane Smith'; choose from Dan Osei",
                id="an ECT is nobody's mentor",
            ),
            pytest.param(
                {"people__0__ect__cohort": 1066},
                "people.0.ect.cohort: no cohort '1066'; choose from 2021, 2022, 2023, 2024, 2025",
                id="a year without a cohort",
            ),
            pytest.param(
                {"people__0__ect__elegibility": "eligible"},
                "people.0.ect.elegibility: unknown 'elegibility'; did you mean 'eligibility'?",
                id="an unknown key",
            ),
            pytest.param(
                {"people__0__ect__eligibility": "eligable"},
                "people.0.ect.eligibility: unknown 'eligable'; did you mean 'eligible'?",
                id="a bad value",
            ),
            pytest.param(
                {"people__0__ect__registered": "yesterday"},
                "people.0.ect.registered: expected a date and time such as 2025-10-06T09:30:00Z, not 'yesterday'",
                id="a bad moment",
            ),
            pytest.param({"people__0__name": None}, "people.0.name: is missing", id="no name"),
            pytest.param(
                {"people__1__name": "Jane Smith"},
                "people.1.name: somebody else is called 'Jane Smith', too",
                id="a name twice",
            ),
            pytest.param(
                {"providers__beta__token": "alpha-token"},
                "providers.beta.token: is another provider's token, too",
                id="a token twice",
            ),
            pytest.param({"schools__oakfield__urn": None}, "schools.oakfield.urn: is missing", id="no urn"),
            pytest.param(
                {"schools__ashgrove__urn": 100001},
                "schools.ashgrove.urn: '100001' is also the URN of oakfield",
                id="a urn twice",
            ),
            pytest.param(
                {"partnerships__1__cohort": 2024},
                "partnerships.1.delivery_partner: does not work with beta for 2024: say so under works_with",
                id="a partner who does not work with the provider",
            ),
            pytest.param(
                {"partnerships__1__challenged": "2025-10-01"},
                "partnerships.1: a challenge needs both its moment (challenged) and its reason",
                id="a challenge without a reason",
            ),
            pytest.param(
                {"as_of": "soon"},
                "as_of: expected a date and time such as 2025-10-06T09:30:00Z, not 'soon'",
                id="as_of",
            ),
            pytest.param({"people": {}}, "people: expected a list, not a mapping", id="people are a list"),
            pytest.param(
                {"provders": {}}, "provders: unknown 'provders'; did you mean 'providers'?", id="an unknown section"
            ),
            pytest.param(
                {"features": ["closing_2023"]},
                "features.0: no feature 'closing_2023'; did you mean 'closing_2022'?",
                id="an unknown feature",
            ),
            pytest.param(
                {"people__0__ect__history": [{"at": "2026-01-12", "deffered": "other"}]},
                "people.0.ect.history.0.deffered: unknown 'deffered'; did you mean 'deferred'?",
                id="an unknown event",
            ),
            pytest.param(
                {"people__0__ect__history": [{"at": "2026-01-12", "joining": "oakfield", "from": "2026-02-01"}]},
                "people.0.ect.history.0: could not have happened: they train at Oakfield already",
                id="an event that does not fit",
            ),
            pytest.param(
                {"people__0__ect__history": [{"at": "2027-01-12", "deferred": "other"}]},
                "people.0.ect.history.0.at: is after the moment that the scenario describes (as_of)",
                id="an event that is still ahead",
            ),
        ],
    )
    def test_name_the_place_what_is_wrong_and_the_nearest_right_name(self, changes, problem):
        assert problem in problems(**changes)

    def test_come_all_at_once(self):
        found = problems(
            people__0__ect__schedule="x", people__1__mentor__school="y", schools__oakfield__colour="green", extra=1
        )

        assert [it.split(":")[0] for it in found] == [
            "schools.oakfield.colour",
            "people.1.mentor.school",
            "people.0.ect.schedule",
            "extra",
        ]

    def test_say_in_which_line_of_which_file(self):
        with pytest.raises(BadScenario) as refused:
            read_scenario("as_of: 2026-10-12\nproviders:\n  a:\n    nam: A\n", name="a", file="dir/a.yaml", seed="s")

        assert str(refused.value) == "dir/a.yaml:4: providers.a.nam: unknown 'nam'; did you mean 'name'?"

    def test_an_empty_file_lacks_what_is_needed(self):
        with pytest.raises(BadScenario) as refused:
            read_scenario("", name="a", file="a.yaml", seed="s")

        assert "needs at least one lead provider" in str(refused.value)

    @settings(max_examples=examples(60))
    @given(st.data())
    def test_whatever_is_broken_is_a_problem_and_never_a_crash(self, data):
        scenario = parse((folder("scenarios") / "default.yaml").read_text(), "default.yaml")
        place, parent, key = scenario, None, None
        while isinstance(place, dict | list) and place and (parent is None or data.draw(st.booleans())):
            keys = sorted(place) if isinstance(place, dict) else range(len(place))
            parent, key = place, data.draw(st.sampled_from(keys))
            place = parent[key]
        parent[key] = data.draw(st.sampled_from(JUNK))

        try:
            found = read_scenario(json.dumps(scenario), name="a", file="a.yaml", seed="s")
        except BadScenario:
            return
        assert isinstance(found, Scenario)


class TestFinding:
    def test_a_file(self, tmp_path):
        (tmp_path / "mine.yaml").write_text("as_of: 2026-10-12\nproviders: {alpha: {}}\n")

        assert load_scenario(tmp_path / "mine.yaml", seed="s").name == "mine"

    def test_one_that_is_shipped(self):
        assert load_scenario("default", seed="s").name == "default"

    def test_a_name_that_is_nearly_right(self):
        with pytest.raises(BadScenario, match=r"^defalt: there is no scenario 'defalt'; did you mean 'default'\?"):
            load_scenario("defalt", seed="s")

    def test_a_name_that_is_longer_than_a_file_can_have(self):
        with pytest.raises(BadScenario, match=r"^d{200}: there is no scenario"):
            load_scenario("d" * 300, seed="s")

    def test_a_file_that_is_not_there(self, tmp_path):
        with pytest.raises(BadScenario, match="cannot be read"):
            load_scenario(tmp_path / "none.yaml", seed="s")


@pytest.mark.parametrize(
    "name", [pytest.param(it, marks=pytest.mark.slow if it == "large" else ()) for it in shipped()]
)
def test_every_shipped_scenario_is_sound(name):
    assert load_scenario(name, seed="s").about


class TestTheService:
    def test_a_file_names_the_service_that_it_is_for(self):
        found = read_scenario("service: ecf\nnow: 2026-10-12\nproviders: {a: {}}\n", name="a", file="a.yaml", seed="s")

        assert found.service.name == "ecf"

    def test_a_service_that_there_is_not_is_named_with_its_line(self):
        with pytest.raises(BadScenario, match=r"a.yaml:2: service: no service 'efc'; did you mean 'ecf'\?"):
            read_scenario("now: 2026-10-12\nservice: efc\n", name="a", file="a.yaml", seed="s")
