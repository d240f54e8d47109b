"""People in a browser: found by name and status, their periods, what happened to them, what each provider sees."""

from __future__ import annotations

import pytest

from ecf_sandbox.rect.pages.words import STANDINGS
from tests.rect.pages.worlds import MAIN, PEOPLE, act_on, declare, id_of, person, send, texts
from tests.web.ui.browsing import Browser

pytestmark = pytest.mark.slow


def listed(browser: Browser, query: str) -> list[list[str]]:
    return texts(browser.data(f"{PEOPLE}?{query}")["listing"]["table"])


class TestTheList:
    def test_finds_by_parts_of_a_name_and_by_trn(self, reader):
        assert [row[0] for row in listed(reader, "q=boyle hannah")] == ["Hannah Boyle"]
        assert [row[0] for row in listed(reader, "q=1500002")] == ["Hannah Boyle"]

    def test_narrows_down_by_provider_status_and_cohort(self, reader):
        found = listed(reader, "provider=Ambition Institute&cohort=2023&status=active")

        assert "Wendy Bright" in [row[0] for row in found]
        assert {(row[4], row[5][-4:], row[6]) for row in found} == {("Ambition Institute", "2023", "active")}

    def test_has_everybody_under_one_status(self, reader):
        everybody = reader.data(PEOPLE)["listing"]["found"]

        assert sum(reader.data(f"{PEOPLE}?status={it}")["listing"]["found"] for it in STANDINGS) == everybody

    @pytest.mark.parametrize(
        ("name", "trained_by", "status"),
        [
            ("Rosa Dell", "interest in Ambition Institute", "active"),
            ("Sam Pryce", "the school itself", "active"),
            ("Ulla Norris", "–", "not in training"),
            ("Greta Pike", "Ambition Institute", "deferred"),
            ("Petra Lind", "Ambition Institute", "joining"),
            ("Omar Reid", "Ambition Institute", "leaving"),
        ],
    )
    def test_says_who_trains_somebody_if_anybody_does(self, reader, name, trained_by, status):
        [row] = listed(reader, f"q={name}")

        assert (row[4], row[6]) == (trained_by, status)

    def test_has_who_is_ect_and_mentor_twice(self, browser):
        browser.submit(
            f"{MAIN}/act/register_mentor",
            trn="1500014",
            first_name="Wendy",
            last_name="Bright",
            email="w@example.com",
            school_id="Oakfield Academy",
            started_on="2026-05-12",
        )

        assert [row[2] for row in listed(browser, "q=Wendy Bright")] == ["ECT", "mentor"]


class TestAPerson:
    def test_is_found_by_name(self, reader):
        reader.open(f"{PEOPLE}/Hannah Boyle?tab=views", status=302)

        assert reader.answer.headers["Location"] == f"{PEOPLE}/{id_of(reader, 'people.Hannah Boyle')}?tab=views"

    def test_who_is_not_there_is_answered_with_the_nearest(self, reader):
        reader.open(f"{PEOPLE}/Hannah Boil", status=404)

        assert "Hannah Boyle" in reader.answer.text

    def test_says_how_they_stand(self, reader):
        assert {name: it["text"] for name, it in person(reader, "Hannah Boyle")["facts"]} == {
            "TRN": "1500002",
            "Trains as": "ECT",
            "School": "Oakfield Academy",
            "Trained by": "Ambition Institute",
            "Status": "active",
            "Schedule": "ecf-standard-september, 2025",
            "Mentor": "Mina Vale",
            "Induction": "since 2 September 2025",
            "Funding": "eligible since 2 September 2025",
        }

    def test_has_each_period_with_its_days(self, reader):
        tables = {it["title"]: texts(it) for it in person(reader, "Noor Khan", "tab=periods")["tables"]}

        assert [row[:4] for row in tables["At schools"]] == [
            ["Oakfield Academy", "ECT", "1 September 2025", "4 January 2026"],
            ["Birchwood High School", "ECT", "5 January 2026", "–"],
        ]
        assert [(row[0], row[3], row[6], row[7]) for row in tables["In training"]] == [
            ("Ambition Institute", "4 January 2026", "left", "started"),
            ("Teach First", "–", "active", "–"),
        ]
        assert tables["In induction"] == [["2 September 2025", "–", "–"]]

    def test_has_a_mentorship_on_both_sides(self, reader):
        for name in ("Hannah Boyle", "Mina Vale"):
            [mentored] = [it for it in person(reader, name, "tab=periods")["tables"] if it["title"] == "With mentors"]
            assert ["Hannah Boyle", "Mina Vale"] in [row[:2] for row in texts(mentored)]

    def test_is_shown_with_each_declaration_and_its_statement(self, reader):
        [table] = person(reader, "Hannah Boyle", "tab=declarations")["tables"]

        assert [(row[0], row[4], row[6]) for row in texts(table)] == [
            ("started", "paid", "November 2025 of Ambition Institute for 2025")
        ]

    def test_goes_by_the_retired_id_after_a_merger(self, browser):
        retired, kept = (id_of(browser, f"people.{name}") for name in ("Omar Reid", "Mina Vale"))
        browser.submit(f"{MAIN}/act/merge_participants", from_id=retired, to_id=kept)

        browser.open(f"{PEOPLE}/{retired}", status=302)

        assert browser.answer.headers["Location"] == f"{PEOPLE}/{kept}"
        deed = browser.data(f"{MAIN}/journal/1")["line"]["deed"]
        assert deed == "Merge participants: Omar Reid, Mina Vale"
        send(browser, "GET", f"/participants?filter[from_participant_id]={retired}")
        assert browser.data(f"{MAIN}/journal/2")["line"]["deed"].endswith("Mina Vale (by a retired id)")
        assert "Their participant id changed" not in [
            it["text"] for it in person(browser, "Mina Vale")["timeline"]["rows"]
        ]

    def test_with_a_hostile_name_is_shown_as_text(self, browser):
        hostile = "<script>alert(1)</script>"
        browser.submit(f"{MAIN}/act/change_name", participant_id="Hannah Boyle", name=hostile)

        for address in (PEOPLE, f"{PEOPLE}/{id_of(browser, f'people.{hostile}')}", f"{MAIN}/journal", f"{MAIN}/clock"):
            browser.open(address)
            assert hostile not in browser.answer.text
        assert hostile in [row[0] for row in listed(browser, "q=script")]


class TestTheTimeline:
    def rows(self, browser: Browser, name: str, query: str = "") -> list[dict]:
        timeline = person(browser, name, query)["timeline"]
        lanes = timeline["lanes"]
        return [{**row, "lane": None if row["lane"] is None else lanes[row["lane"]]} for row in timeline["rows"]]

    def test_has_each_kind_of_period_in_a_lane_of_its_own(self, reader):
        rows = [(row["lane"], row["text"]) for row in self.rows(reader, "Hannah Boyle")]

        assert ("At school", "Begins at Oakfield Academy as ECT") in rows
        assert ("Mentor", "Mentor: Mina Vale") in rows
        assert ("Training", "Trained by Ambition Institute as ECT") in rows
        assert ("Induction", "Induction begins") in rows
        assert ("Declarations", "The DfE pays started with the November 2025 statement") in rows

    def test_runs_in_time(self, reader):
        times = [row["at"] for row in self.rows(reader, "Noor Khan")]

        assert times == sorted(times)

    def test_shows_days_of_the_united_kingdom(self, reader):
        """A day in summer begins at 23:00 UTC, and is not the day before."""
        [begins] = [row for row in self.rows(reader, "Hannah Boyle") if row["text"].startswith("Begins")]
        assert (begins["on"], begins["at"]) == ("2025-09-01", "2025-08-31T23:00:00Z")

        reader.open(f"{PEOPLE}/{id_of(reader, 'people.Hannah Boyle')}")
        assert "31 August 2025" not in reader.answer.text

    def test_has_milestones_of_one_window_and_statements_as_rules_across(self, reader):
        across = [row["text"] for row in self.rows(reader, "Wendy Bright") if row["lane"] is None]
        assert "started can be declared, until 31 December 2023" in across

        across = [row["text"] for row in self.rows(reader, "Hannah Boyle") if row["lane"] is None]
        assert len([it for it in across if "can be declared, without an end" in it]) == 1
        assert "Payment of the November 2025 statement, cohort 2025" in across
        assert "Now" in across

    def test_has_what_lies_ahead_after_now(self, reader):
        told = [row["text"] for row in self.rows(reader, "Omar Reid")]

        assert told.index("Now") < told.index("Last day at Oakfield Academy")

    def test_tells_what_the_journal_has_of_a_day_once(self, browser):
        assert act_on(browser, "Hannah Boyle", "defer", reason="parental-leave") == 200

        told = [row for row in self.rows(browser, "Hannah Boyle") if row["on"] == "2026-05-12" or row["number"]]

        assert [(row["lane"], row["number"], row["text"]) for row in told] == [
            ("Training", 1, "Ambition Institute: Defer participant: Hannah Boyle")
        ]
        assert "active → deferred (parental-leave)" in told[0]["note"]

    def test_has_a_resumption_as_new_training(self, browser):
        act_on(browser, "Hannah Boyle", "defer", reason="parental-leave")
        browser.submit(f"{MAIN}/clock", to="2026-05-13T09:00:00Z")
        assert act_on(browser, "Hannah Boyle", "resume") == 200

        [training] = [
            it for it in person(browser, "Hannah Boyle", "tab=periods")["tables"] if it["title"] == "In training"
        ]

        assert [(row[2], row[3], row[6]) for row in texts(training)] == [
            ("1 September 2025", "12 May 2026", "deferred (parental-leave)"),
            ("13 May 2026", "–", "active"),
        ]

    def test_shows_a_refusal_with_its_reason_and_leaves_it_out_if_so_asked(self, browser):
        assert declare(browser, "Hannah Boyle", "started", "2025-10-10") == 422

        refused = [row for row in self.rows(browser, "Hannah Boyle") if row["refused"]]
        assert [(row["lane"], row["number"]) for row in refused] == [("Declarations", 1)]
        assert refused[0]["note"].startswith("A declaration has already been submitted")
        assert not [row for row in self.rows(browser, "Hannah Boyle", "refused=0") if row["refused"]]

    def test_says_nothing_of_nights_that_change_nothing_of_somebody(self, browser):
        browser.submit(f"{MAIN}/clock", to="2026-07-22")

        assert [row["text"] for row in self.rows(browser, "Petra Lind") if row["number"]] == []

    def test_shows_what_an_appropriate_body_did_in_its_lane(self, browser):
        browser.submit(f"{MAIN}/act/induction_starts", participant_id="Idris Cole", started_on="2026-05-01")

        [told] = [row for row in self.rows(browser, "Idris Cole") if row["number"]]

        assert told["lane"] == "Induction"
        assert "submitted → eligible" in told["note"]


class TestAsEachProviderSeesThem:
    def test_is_what_the_api_shows(self, reader):
        [table] = person(reader, "Noor Khan", "tab=views")["tables"]
        seen = dict(zip(table["columns"], texts(table)[0], strict=True))
        world, id = reader.worlds.main, id_of(reader, "people.Noor Khan")

        for provider, token in world.service.tokens(world.state.records).items():
            answer = reader.client.get(f"/api/v3/participants/{id}", headers={"Authorization": f"Bearer {token}"})
            shown = (
                answer.json["data"]["attributes"]["ecf_enrolments"][0]["participant_status"]
                if answer.status_code == 200
                else "not found"
            )
            assert seen[provider] == shown
        assert list(seen.values())[1:] == ["left", "active", "not found"]

    def test_shows_interest_to_nobody(self, reader):
        [table] = person(reader, "Rosa Dell", "tab=views")["tables"]

        assert texts(table) == [["participant status", "not found", "not found", "not found"]]


def test_everybody_every_statement_school_and_partnership_has_a_page(reader):
    records = reader.worlds.main.state.records
    for it in records.teachers:
        for tab in ("", "periods", "declarations", "views"):
            reader.open(f"{PEOPLE}/{it.id}?tab={tab}")
    for section, rows in (
        ("statements", records.statements),
        ("schools", records.schools),
        ("partnerships", records.school_partnerships),
    ):
        for it in rows:
            reader.open(f"{MAIN}/{section}/{it.id}")
