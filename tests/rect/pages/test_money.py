"""Statements, schools and partnerships in a browser."""

from __future__ import annotations

import pytest

from tests.rect.pages.worlds import MAIN, PAYMENT, declare, id_of, send, texts
from tests.web.ui.browsing import Browser

STATEMENTS, SCHOOLS, PARTNERSHIPS = f"{MAIN}/statements", f"{MAIN}/schools", f"{MAIN}/partnerships"
NOVEMBER, AUGUST = "statements.Ambition Institute.2025.2025-11", "statements.Ambition Institute.2025.2026-8"


def tables(browser: Browser, address: str) -> dict[str, list[list[str]]]:
    return {it["title"]: texts(it) for it in browser.data(address)["detail"]["tables"]}


def standing(browser: Browser, statement: str, title: str) -> list[list[str]]:
    """What stands on a statement in the table of a type, or among the clawbacks."""
    found = tables(browser, f"{STATEMENTS}/{id_of(browser, statement)}")
    return [row for name, rows in found.items() if name.startswith(f"{title}:") for row in rows]


class TestStatements:
    def test_are_those_of_a_provider_and_cohort_that_the_api_lists(self, reader):
        world = reader.worlds.main
        token = world.service.tokens(world.state.records)["Teach First"]
        listed = reader.client.get(
            "/api/v3/statements?filter[cohort]=2024", headers={"Authorization": f"Bearer {token}"}
        ).json["data"]

        shown = reader.data(f"{STATEMENTS}?provider=Teach First&cohort=2024")["listing"]["table"]

        assert [row[0]["id"] for row in shown["rows"]] == [it["id"] for it in listed]

    def test_count_declarations_by_state(self, reader):
        table = reader.data(f"{STATEMENTS}?provider=Ambition Institute&cohort=2025")["listing"]["table"]
        row = dict(zip(table["columns"], texts(table)[0], strict=True))

        standing = reader.worlds.main.state.records.declarations.by("payment_statement_id", id_of(reader, NOVEMBER))
        assert (row["Statement"], row["State"], row["Paid"]) == ("November 2025", "paid", str(len(standing)))

    def test_of_no_such_provider_are_none(self, reader):
        assert reader.data(f"{STATEMENTS}?provider=Nobody&cohort=x")["listing"]["found"] == 0


class TestAStatement:
    def test_goes_by_name(self, reader):
        reader.open(f"{STATEMENTS}/Ambition Institute.2025.2025-11", status=302)

        assert reader.answer.headers["Location"].endswith(id_of(reader, NOVEMBER))

    def test_has_a_table_for_each_type(self, reader):
        found = standing(reader, NOVEMBER, "started")

        assert {"Hannah Boyle", "Noor Khan"} <= {row[0] for row in found}

    def test_says_that_nothing_stands_on_it(self, reader):
        records = reader.worlds.main.state.records
        used = {id for it in records.declarations for id in (it.payment_statement_id, it.clawback_statement_id)}
        empty = next(it for it in records.statements if it.output_fee and it.id not in used)
        reader.open(f"{STATEMENTS}/{empty.id}")

        assert "No declaration stands on this statement." in reader.answer.text
        assert "Nothing is clawed back with this one." in reader.answer.text

    def test_says_where_something_paid_is_clawed_back(self, browser):
        id = id_of(browser, "declarations.Hannah Boyle.started")
        assert send(browser, "PUT", f"/participant-declarations/{id}/void") == 200

        paid = standing(browser, NOVEMBER, "started")
        back = standing(browser, AUGUST, "Clawbacks")

        assert ["Hannah Boyle", "paid, now awaiting clawback"] in [[row[0], row[4]] for row in paid]
        assert ("Hannah Boyle", "awaiting clawback", "November 2025") in [(row[0], row[5], row[6]) for row in back]

    def test_does_not_have_what_was_voided_before_it_was_paid(self, browser):
        assert declare(browser, "Hannah Boyle", "retained-1", "2026-04-10") == 200
        assert "Hannah Boyle" in [row[0] for row in standing(browser, AUGUST, "retained-1")]

        send(browser, "PUT", f"/participant-declarations/{id_of(browser, 'declarations.Hannah Boyle.retained-1')}/void")

        assert "Hannah Boyle" not in [row[0] for row in standing(browser, AUGUST, "retained-1")]

    def test_is_paid_after_the_clock_went_to_its_payment(self, browser):
        declare(browser, "Hannah Boyle", "retained-1", "2026-04-10")

        browser.submit(f"{MAIN}/clock", to=PAYMENT)

        detail = browser.data(f"{STATEMENTS}/{id_of(browser, AUGUST)}")["detail"]
        assert dict(detail["facts"])["State"]["text"] == "paid"
        assert {row[4] for row in texts(detail["tables"][0])} == {"paid"}


class TestASchool:
    def test_is_found_by_part_of_its_name_or_its_urn(self, reader):
        for query in ("oakfield", "105001"):
            assert [row[0] for row in texts(reader.data(f"{SCHOOLS}?q={query}")["listing"]["table"])] == [
                "Oakfield Academy"
            ]

    @pytest.mark.parametrize(("urn", "status"), [("105001", 302), ("²", 404), ("999999", 404)])
    def test_goes_by_urn_too(self, reader, urn, status):
        reader.open(f"{SCHOOLS}/{urn}", status=status)

    def test_has_partnerships_what_the_api_shows_and_people(self, reader):
        found = tables(reader, f"{SCHOOLS}/{id_of(reader, 'schools.Birchwood High School')}")

        assert {row[1] for row in found["Partnerships"] if row[0] == "2025"} == {
            "Teach First",
            "UCL Institute of Education",
        }
        assert ["2025", "yes", "provider led"] in found["What the API shows of it"]
        assert ["Noor Khan", "ECT", "from 5 January 2026", "Teach First", "active"] in found["People"]

    def test_has_who_waits_for_a_partnership_until_there_is_one(self, browser):
        waiting = f"{SCHOOLS}/{id_of(browser, 'schools.Waitworth School')}"
        interest = "Interest in a lead provider, without a partnership yet"
        assert ["Rosa Dell", "Ambition Institute", "2025"] in tables(browser, waiting)[interest]

        send(
            browser,
            "POST",
            "/partnerships",
            cohort="2025",
            school_id=id_of(browser, "schools.Waitworth School"),
            delivery_partner_id=id_of(browser, "delivery_partners.Kestrel Teaching School Hub"),
        )

        assert "Rosa Dell" not in [row[0] for row in tables(browser, waiting)[interest]]
        assert ["2025", "Ambition Institute"] in [row[:2] for row in tables(browser, waiting)["Partnerships"]]


class TestPartnerships:
    def test_are_found_by_school_provider_and_cohort(self, reader):
        found = texts(reader.data(f"{PARTNERSHIPS}?q=birch&cohort=2025&provider=Teach First")["listing"]["table"])

        assert [row[:4] for row in found] == [["Birchwood High School", "2025", "Teach First", "Dales Partnership"]]

    def test_goes_by_name_and_has_who_trains_in_it(self, reader):
        reader.open(f"{PARTNERSHIPS}/Birchwood High School.2025.Teach First", status=302)
        found = tables(reader, reader.answer.headers["Location"])

        assert {("Noor Khan", "ECT"), ("Yusuf Amin", "mentor")} <= {(row[0], row[1]) for row in found["Training in it"]}
