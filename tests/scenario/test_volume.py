"""`generate:` makes as many sound participants as asked for, the same every time."""

import pytest

from ecf_sandbox.scenario import BadScenario
from tests.scenario.small import read, small
from tests.scenario.soundness import complaints

GROUPS = [
    {"provider": "alpha", "delivery_partner": "hub", "cohort": 2024, "participants": 60, "per_school": 20},
    {"provider": "beta", "delivery_partner": "hub", "cohort": 2025, "participants": 45},
]


def volume(*groups):
    return read(small(generate=list(groups)))


class TestGenerated:
    def test_has_as_many_as_asked_for_besides_what_is_written(self):
        records = volume(*GROUPS).records()

        assert len(records.training_records) == 2 + 60 + 45
        assert len(records.schools) == 2 + 3 + 2

    def test_is_sound(self):
        scenario = volume(*GROUPS)

        assert not list(complaints(scenario.records(), scenario.as_of))

    def test_is_the_same_every_time(self):
        assert volume(*GROUPS).records() == volume(*GROUPS).records()

    def test_has_a_mentor_for_every_ect(self):
        records = volume(*GROUPS).records()
        ects = [it for it in records.training_records if it.ect and records.users.get(it.identity_id) is None]

        assert all(it.mentor_record_id for it in ects)

    def test_has_declarations_in_several_states(self):
        assert len({it.state for it in volume(*GROUPS).records().declarations}) >= 3

    @pytest.mark.parametrize(
        ("changes", "problem"),
        [
            pytest.param(
                {"provider": "alfa"},
                "generate.0.provider: no lead provider 'alfa'; did you mean 'alpha'?",
                id="provider",
            ),
            pytest.param(
                {"cohort": 2023},
                "generate.0.delivery_partner: does not work with that provider for that cohort",
                id="partner",
            ),
            pytest.param(
                {"participants": "many"}, "generate.0.participants: expected a whole number, not 'many'", id="count"
            ),
            pytest.param(
                {"participant": 3},
                "generate.0.participant: unknown 'participant'; did you mean 'participants'?",
                id="key",
            ),
        ],
    )
    def test_what_is_wrong_with_a_group_is_said_once(self, changes, problem):
        with pytest.raises(BadScenario) as refused:
            volume(GROUPS[0] | changes)

        assert [f"{it.place}: {it.message}" for it in refused.value.problems] == [problem]
