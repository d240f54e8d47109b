"""Statements and schools in a browser."""

from __future__ import annotations

from collections import Counter

from tests.web.ui.browsing import Browser
from tests.web.ui.worlds import MAIN, PAYMENT, id_of

STATEMENTS, SCHOOLS = f"{MAIN}/statements", f"{MAIN}/schools"
AUGUST = "statements.Ambition Institute.2025.August 2026"


def texts(table: dict) -> list[list[str]]:
    return [[it["text"] for it in row] for row in table["rows"]]


class TestStatements:
    def test_are_those_of_a_provider_and_cohort_that_the_api_lists(self, reader):
        world = reader.worlds.main
        token = world.service.tokens(world.state.records)["Teach First"]
        listed = reader.client.get(
            "/api/v3/statements?filter[cohort]=2024&page[per_page]=100", headers={"Authorization": f"Bearer {token}"}
        ).json["data"]

        shown = reader.data(f"{STATEMENTS}?provider=Teach First&cohort=2024")["listing"]["table"]

        assert [row[0]["id"] for row in shown["rows"]] == [it["id"] for it in listed]

    def test_say_that_there_are_no_amounts(self, reader):
        for address in (STATEMENTS, f"{STATEMENTS}/{id_of(reader, AUGUST)}"):
            reader.open(address)
            assert "The API gives no amounts; these are counts." in reader.answer.text

    def test_count_declarations_by_state(self, reader):
        table = reader.data(f"{STATEMENTS}?provider=Ambition Institute&cohort=2025")["listing"]["table"]
        row = dict(zip(table["columns"], next(it for it in texts(table) if it[0] == "August 2026"), strict=True))

        assert (row["State"], row["Paid"], row["Clawed back"], row["Eligible"]) == ("paid", "4", "1", "–")

    def test_of_no_such_provider_are_none(self, reader):
        assert reader.data(f"{STATEMENTS}?provider=Nobody&cohort=x")["listing"]["found"] == 0


class TestAStatement:
    def test_goes_by_name(self, reader):
        reader.open(f"{STATEMENTS}/Ambition Institute.2025.August 2026", status=302)

        assert reader.answer.headers["Location"].endswith(id_of(reader, AUGUST))

    def test_has_a_table_for_each_type_and_one_for_clawbacks(self, reader):
        tables = reader.data(f"{STATEMENTS}/{id_of(reader, AUGUST)}")["detail"]["tables"]

        assert [it["title"] for it in tables] == ["retained-1: 2", "retained-2: 2", "Clawbacks: 1"]
        assert texts(tables[-1])[0] == [
            "Leah Morris",
            "ecf-induction",
            "12 January 2026",
            "retained-1",
            "clawed back",
            "April 2026",
        ]

    def test_holds_as_many_as_the_list_says(self, reader):
        records = reader.worlds.main.state.records
        lines = Counter(it.statement_id for it in records.line_items)
        for id, count in list(lines.items())[:8]:
            tables = reader.data(f"{STATEMENTS}/{id}")["detail"]["tables"]
            assert sum(len(it["rows"]) for it in tables) == count

    def test_says_why_a_declaration_came_late(self, browser):
        """What is eligible only later goes onto the statement of that time."""
        waiting = next(it for it in browser.worlds.main.state.records.declarations if it.state == "submitted")
        browser.submit(f"{MAIN}/act/make_eligible", participant_id=waiting.user_id)
        records = browser.worlds.main.state.records
        line = next(iter(records.line_items.by("declaration_id", waiting.id)))

        tables = browser.data(f"{STATEMENTS}/{line.statement_id}")["detail"]["tables"]

        assert "moved here because it became eligible on 12 October 2026" in [
            row[-1] for it in tables for row in texts(it)
        ]

    def test_says_that_nothing_stands_on_it(self, reader):
        records = reader.worlds.main.state.records
        empty = next(it for it in records.statements if not records.line_items.by("statement_id", it.id))
        reader.open(f"{STATEMENTS}/{empty.id}")

        assert "No declaration stands on this statement." in reader.answer.text

    def test_is_paid_after_the_clock_went_to_its_payment(self, browser):
        id = id_of(browser, "statements.Ambition Institute.2025.October 2026")
        assert dict(browser.data(f"{STATEMENTS}/{id}")["detail"]["facts"])["State"]["text"] == "payable"

        browser.submit(f"{MAIN}/clock", to=PAYMENT)

        assert dict(browser.data(f"{STATEMENTS}/{id}")["detail"]["facts"])["State"]["text"] == "paid"


class TestASchool:
    def tables(self, browser: Browser, name: str) -> dict[str, list[list[str]]]:
        tables = browser.data(f"{SCHOOLS}/{id_of(browser, f'schools.{name}')}")["detail"]["tables"]
        return {it["title"]: texts(it) for it in tables}

    def test_is_found_by_part_of_its_name_or_its_urn(self, reader):
        for query in ("oakfield", "105001"):
            assert [row[0] for row in texts(reader.data(f"{SCHOOLS}?q={query}")["listing"]["table"])] == [
                "Oakfield Academy"
            ]

    def test_goes_by_urn_too(self, reader):
        reader.open(f"{SCHOOLS}/105001", status=302)

    def test_has_partnerships_programmes_and_participants(self, reader):
        tables = self.tables(reader, "Oakfield Academy")

        assert ["2025", "Ambition Institute", "Kestrel Teaching School Hub", "active"] in tables["Partnerships"]
        assert ["2025", "full induction programme", "Ambition Institute"] in tables["Programmes"]
        assert ["Jane Smith", "ECT", "Ambition Institute", "active"] in tables["Participants"]

    def test_has_what_it_challenged_with_its_reason(self, browser):
        browser.submit(
            f"{MAIN}/act/challenge_partnership",
            partnership_id="Oakfield Academy, 2025, Ambition Institute",
            reason="mistake",
        )

        assert self.tables(browser, "Oakfield Academy")["Challenges"] == [
            ["2025", "Ambition Institute", "Kestrel Teaching School Hub", "mistake", "12 October 2026"]
        ]
