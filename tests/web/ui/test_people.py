"""People in a browser: found by name and state, what happened to somebody, what each provider sees."""

from __future__ import annotations

import pytest

from ecf_sandbox.ecf.pages.people import STATUSES
from tests.web.ui.browsing import Browser
from tests.web.ui.worlds import MAIN, PAYMENT, declare, id_of

PEOPLE = f"{MAIN}/people"


def names(browser: Browser, query: str) -> list[str]:
    return [row[0]["text"] for row in browser.data(f"{PEOPLE}?{query}")["listing"]["table"]["rows"]]


class TestTheList:
    def test_finds_by_parts_of_a_name_and_by_trn(self, reader):
        assert names(reader, "q=smith jane") == names(reader, "q=2500001") == ["Jane Smith"]

    def test_narrows_down_by_provider_status_and_cohort(self, reader):
        found = reader.data(f"{PEOPLE}?provider=Teach First&cohort=2025&status=active")["listing"]["table"]["rows"]

        assert found
        assert {(row[4]["text"], row[5]["text"][-4:], row[6]["text"]) for row in found} == {
            ("Teach First", "2025", "active")
        }

    def test_has_everybody_under_one_status(self, reader):
        everybody = reader.data(PEOPLE)["listing"]["found"]

        assert sum(reader.data(f"{PEOPLE}?status={it}")["listing"]["found"] for it in STATUSES) == everybody

    def test_says_that_nobody_matches(self, reader):
        reader.open(f"{PEOPLE}?q=nobody-at-all")

        assert "Nobody matches." in reader.answer.text

    def test_goes_on_over_pages_and_keeps_the_filters(self, reader):
        first = names(reader, "q=a")
        page = reader.open(f"{PEOPLE}?q=a")
        assert "q=a" in page.links["Page 2 →"]
        second = names(reader, "q=a&page=2")

        assert len(first) + len(second) == reader.data(f"{PEOPLE}?q=a")["listing"]["found"]
        assert not set(first) & set(second)

    @pytest.mark.parametrize("page", ["0", "-1", "x", "99999999999", "²"])
    def test_a_page_that_there_is_not_is_the_nearest(self, reader, page):
        assert names(reader, f"page={page}")


class TestAPerson:
    @pytest.mark.parametrize("name", ["Jane Smith", "Jane%20Smith"])
    def test_is_found_by_name(self, reader, name):
        reader.open(f"{PEOPLE}/{name}?tab=views", status=302)

        assert reader.answer.headers["Location"] == f"{PEOPLE}/{id_of(reader, 'people.Jane Smith')}?tab=views"

    def test_who_is_not_there_is_answered_with_the_nearest(self, reader):
        reader.open(f"{PEOPLE}/Jane Smyth", status=404)

        assert "Jane Smith" in reader.answer.text

    def test_says_how_they_stand(self, reader):
        facts = dict(reader.data(f"{PEOPLE}/{id_of(reader, 'people.Jane Smith')}")["detail"]["facts"])

        assert {name: it["text"] for name, it in facts.items()} == {
            "TRN": "2500001",
            "Trains as": "ECT",
            "School": "Oakfield Academy",
            "Lead provider": "Ambition Institute",
            "Status": "active",
            "Schedule": "ecf-standard-september, cohort 2025",
            "Mentor": "Daniel Osei",
            "Eligibility": "eligible (eligible to start)",
        }

    def test_is_shown_with_each_declaration_and_its_statement(self, reader):
        rows = reader.data(f"{PEOPLE}/{id_of(reader, 'people.Amara Okafor')}?tab=declarations")["detail"]["tables"][0]

        assert [(row[0]["text"], row[3]["text"]) for row in rows["rows"]][:2] == [
            ("started", "paid"),
            ("retained-1", "paid"),
        ]
        assert all(row[-1]["section"] == "statements" for row in rows["rows"])

    def test_with_a_hostile_name_is_shown_as_text(self, browser):
        hostile = "<script>alert(1)</script>"
        browser.submit(f"{MAIN}/act/change_name", participant_id="Jane Smith", full_name=hostile)

        for address in (
            PEOPLE,
            f"{PEOPLE}/{id_of(browser, f'people.{hostile}')}",
            f"{MAIN}/journal",
            f"{MAIN}/act/change_mentor",
        ):
            browser.open(address)
            assert hostile not in browser.answer.text
            assert "&lt;script&gt;" in browser.answer.text


class TestTheTimeline:
    def rows(self, browser: Browser, name: str, query: str = "") -> list[dict]:
        timeline = browser.data(f"{PEOPLE}/{id_of(browser, f'people.{name}')}?{query}")["detail"]["timeline"]
        lanes = [*timeline["lanes"]]
        return [{**row, "lane": None if row["lane"] is None else lanes[row["lane"]]} for row in timeline["rows"]]

    def test_begins_with_the_registration_and_runs_in_time(self, reader):
        rows = self.rows(reader, "Amara Okafor")

        assert next(row["lane"] for row in rows if "Registered as an ECT" in row["text"]) == "School"
        assert [row["at"] for row in rows] == sorted(row["at"] for row in rows)

    def test_has_milestones_and_statements_as_rules_across(self, reader):
        across = [row["text"] for row in self.rows(reader, "Amara Okafor") if row["lane"] is None]

        assert "started can be declared, until 31 December 2025" in across
        assert "Payment of the January 2026 statement, cohort 2025" in across
        assert "Now" in across

    def test_shows_a_refusal_with_its_reason_and_the_way_to_why(self, browser):
        assert declare(browser, "Jane Smith", "started", "2026-01-15") == 422

        refused = [row for row in self.rows(browser, "Jane Smith") if row["refused"]]

        assert [(row["lane"], row["number"], row["note"]) for row in refused] == [
            ("Provider", 1, "Enter a '#/declaration_date' that's before the milestone end date.")
        ]
        browser.open(f"{PEOPLE}/{id_of(browser, 'people.Jane Smith')}")
        assert browser.follow("Why?").headings == ["Why was this refused?"]

    def test_leaves_refusals_out_if_so_asked(self, browser):
        declare(browser, "Jane Smith", "started", "2026-01-15")

        assert not [row for row in self.rows(browser, "Jane Smith", "refused=0") if row["refused"]]

    def test_tells_what_the_journal_has_once(self, browser):
        declare(browser, "Jane Smith", "started", "2025-10-10")

        told = [row for row in self.rows(browser, "Jane Smith") if "Declare training" in row["text"]]

        assert [row["number"] for row in told] == [1]

    def test_tells_a_payment_in_the_lane_of_the_dfe_once(self, browser):
        browser.submit(f"{MAIN}/clock", to=PAYMENT)

        paid = [
            row
            for row in self.rows(browser, "Farid Aziz")
            if row["lane"] == "DfE" and "October 2026" in row["text"] + row["note"]
        ]

        assert [row["note"] for row in self.rows(browser, "Farid Aziz") if row["number"]] == [
            "Declaration retained-3 of Farid Aziz: payable → paid"
        ]
        assert [(row["text"], bool(row["number"])) for row in paid] == [
            ("Pay statement: October 2026 statement of Ambition Institute for 2025", True)
        ]

    def test_shows_what_a_school_did_in_its_lane(self, browser):
        browser.submit(f"{MAIN}/act/change_mentor", participant_id="Jane Smith", mentor_id="Grace Whitfield")

        assert [(row["lane"], row["note"]) for row in self.rows(browser, "Jane Smith") if row["number"]] == [
            ("School", "Mentor of Jane Smith: Daniel Osei → Grace Whitfield")
        ]

    def test_leaves_out_what_was_taken_back(self, browser):
        declare(browser, "Jane Smith", "started", "2025-10-10")
        browser.submit(f"{MAIN}/back", number="1")

        assert not [row for row in self.rows(browser, "Jane Smith") if row["number"]]


def test_each_provider_sees_what_the_api_shows_it(browser):
    """A transfer to a school of another provider: leaving here, joining there, not found elsewhere."""
    browser.submit(
        f"{MAIN}/act/school_transfer",
        participant_id="Jane Smith",
        school_id="Ashgrove High School",
        date="2027-01-04",
        keep_provider="false",
    )
    id = id_of(browser, "people.Jane Smith")
    table = browser.data(f"{PEOPLE}/{id}?tab=views")["detail"]["tables"][0]
    seen = dict(zip(table["columns"], (it["text"] for it in table["rows"][0]), strict=True))

    assert seen == {
        "": "participant status",
        "Ambition Institute": "leaving",
        "Teach First": "joining",
        "UCL Institute of Education": "not found",
    }
    world = browser.worlds.main
    for provider, token in world.service.tokens(world.state.records).items():
        answer = browser.client.get(f"/api/v3/participants/ecf/{id}", headers={"Authorization": f"Bearer {token}"})
        shown = (
            answer.json["data"]["attributes"]["ecf_enrolments"][0]["participant_status"]
            if answer.status_code == 200
            else "not found"
        )
        assert seen[provider] == shown


@pytest.mark.slow
def test_everybody_every_statement_and_every_school_has_a_page(reader):
    records = reader.worlds.main.state.records
    for it in records.training_records:
        id = records.identities[it.identity_id].user_id
        for tab in ("", "declarations", "views"):
            reader.open(f"{PEOPLE}/{id}?tab={tab}")
    for it in records.statements:
        reader.open(f"{MAIN}/statements/{it.id}")
    for it in records.schools:
        reader.open(f"{MAIN}/schools/{it.id}")
