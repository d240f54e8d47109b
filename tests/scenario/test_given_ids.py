"""Ids that a scenario gives, milestones that it opens earlier, and the e-mail address of an induction tutor."""

from __future__ import annotations

from datetime import date

import pytest

from ecf_sandbox.scenario.yaml_reader import BadScenario
from tests.scenario.small import JANE, read, small

ID, OTHER = "db3a7848-7308-4879-942a-c4a70ced400a", "24b61d1c-ad95-4000-aee0-afbdd542294a"


def problems(document):
    with pytest.raises(BadScenario) as raised:
        read(document)
    return [(it.path, it.message) for it in raised.value.problems]


class TestGivenIds:
    @pytest.mark.parametrize(
        ("name", "table"),
        [
            ("people.Jane Smith", "users"),
            ("training_records.Jane Smith.ect", "training_records"),
            ("training_records.Dan Osei.mentor", "training_records"),
            ("declarations.Jane Smith.ect.started", "declarations"),
            ("schools.oakfield", "schools"),
            ("delivery_partners.hub", "delivery_partners"),
            ("partnerships.oakfield.alpha.2025", "partnerships"),
            ("statements.alpha.2025.January 2026", "statements"),
        ],
    )
    def test_are_those_of_what_they_name(self, name, table):
        document = small(ids={name: ID})
        document["people"][0]["ect"]["declarations"] = [{"type": "started", "date": "2025-10-06"}]
        plain = small()
        plain["people"][0]["ect"]["declarations"] = [{"type": "started", "date": "2025-10-06"}]

        records, without = read(document).records(), read(plain).records()

        assert ID in getattr(records, table)
        assert len(getattr(records, table)) == len(getattr(without, table))

    def test_leave_all_other_ids_as_they_are(self):
        given, plain = read(small(ids={"schools.oakfield": ID})).records(), read(small()).records()

        assert {it.id for it in given.users} == {it.id for it in plain.users}
        assert {it.id for it in given.schools} - {ID} < {it.id for it in plain.schools}

    def test_may_be_the_same_for_things_of_two_kinds(self):
        records = read(small(ids={"schools.oakfield": ID, "people.Jane Smith": ID})).records()

        assert ID in records.schools
        assert ID in records.users

    @pytest.mark.parametrize(
        ("ids", "message"),
        [
            pytest.param(
                {"schools.oakfeild": ID},
                "there is no 'schools.oakfeild'; did you mean 'schools.oakfield'?",
                id="a name that nothing has",
            ),
            pytest.param(
                {"schools.oakfield": "cd3a12347-7308-4879-942a-c4a70ced400a"},
                f"expected an id such as {ID}, not 'cd3a12347-7308-4879-942a-c4a70ced400a'",
                id="a digit too many",
            ),
            pytest.param(
                {"schools.oakfield": ID.upper()}, f"expected an id such as {ID}, not '{ID.upper()}'", id="capitals"
            ),
            pytest.param({"schools.oakfield": 7}, f"expected an id such as {ID}, not '7'", id="a number"),
            pytest.param(
                {"schools.ashgrove": ID, "schools.oakfield": ID}, "is the id of schools.ashgrove, too", id="given twice"
            ),
        ],
    )
    def test_that_cannot_be_are_told(self, ids, message):
        assert problems(small(ids=ids)) == [(("ids", list(ids)[-1]), message)]


class TestMilestonesFrom:
    def test_opens_them_on_that_day_at_the_latest(self):
        records = read(small(cohorts={"2025": {"milestones_from": "2025-07-01"}})).records()
        published = read(small()).records()

        for it in records.schedules:
            before = published.schedules[it.id]
            assert [m.end for m in it.milestones] == [m.end for m in before.milestones]
            for now, then in zip(it.milestones, before.milestones, strict=True):
                assert now.start == (min(then.start, date(2025, 7, 1)) if it.cohort == 2025 else then.start)

    def test_lets_a_declaration_be_earlier(self):
        early = [{"type": "started", "date": "2025-09-03T10:00:00Z", "sent": "2025-09-04"}]
        document = small(cohorts={"2025": {"milestones_from": "2025-01-01"}})
        document["people"][0]["ect"]["declarations"] = early
        document["people"][0]["ect"]["registered"] = "2025-08-01"
        late = small()
        late["people"][0]["ect"] |= {
            "declarations": [{"type": "retained-1", "date": "2025-09-03", "evidence": "other"}]
        }

        assert len(read(document).records().declarations) == 1
        assert [path[:3] for path, _ in problems(late)] == [JANE]


class TestAnInductionTutor:
    def test_has_the_address_that_is_given(self):
        document = small(schools__oakfield__induction_tutor="Judith Crane")
        document["schools"]["oakfield"]["induction_tutor_email"] = "judith@example.com"

        assert "judith@example.com" in {it.email for it in read(document).records().users}

    def test_has_to_be_there_for_an_address(self):
        path = ("schools", "oakfield", "induction_tutor_email")

        found = problems(small(schools__oakfield__induction_tutor_email="judith@example.com"))

        assert found == [(path, "there is no induction_tutor whose address it could be")]
