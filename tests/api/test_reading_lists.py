"""Pages, filters and orders of lists, as in behaviour/http-and-partnerships.md#b8 to #b12."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecf_sandbox.api.context import RequestContext
from ecf_sandbox.api.form_body import read_pairs
from ecf_sandbox.api.lists import cohorts, order_of, page_of, updated_since, uuids
from ecf_sandbox.ecf.records import Records
from ecf_sandbox.rulebook.refusals import BadRequest
from tests.builders import a_provider, a_turn, at, id_of

ALPHA = a_provider("alpha")[0]


def a_request(query: str = "", **parameters: Any) -> RequestContext:
    context = RequestContext({"REQUEST_METHOD": "GET", "PATH_INFO": "/"})
    context.turn, context.provider = a_turn(Records()), ALPHA
    context.params = {**read_pairs(query.encode(), b"&;"), **parameters}
    return context


class TestPageOf:
    rows = range(250)

    @pytest.mark.parametrize(
        ("query", "first", "last"),
        [
            ("", 0, 99),
            ("page", 0, 99),
            ("page[page]=2", 100, 199),
            ("page[page]=3", 200, 249),
            ("page[page]=2&page[per_page]=10", 10, 19),
            ("page[page]=2abc&page[per_page]=10.9", 10, 19),
            ("page[page]=%2B2&page[per_page]=%2010", 10, 19),
            (f"page[page]={'0' * 60}2&page[per_page]=10", 10, 19),
            ("page[per_page]=3001", 0, 249),
            ("page[number]=2&page[size]=1&per_page=1", 0, 99),
        ],
    )
    def test_is_that_part_of_the_rows(self, query, first, last):
        page = page_of(a_request(query), self.rows)

        assert (page[0], page[-1]) == (first, last)

    @pytest.mark.parametrize("query", ["page[page]=4", "page[page]=999", "page[page]=1_000"])
    def test_is_empty_beyond_the_end(self, query):
        assert len(page_of(a_request(query), self.rows)) == 0

    @pytest.mark.parametrize("value", ["0", "-1", "abc", "", "0.9", "0x2", "２", "null", "true", '"2"'])
    @pytest.mark.parametrize("name", ["page", "per_page"])
    def test_is_refused_for_what_is_no_number_from_one_up(self, name, value):
        with pytest.raises(BadRequest, match=r"must be a valid number \(equal and more than 1\)"):
            page_of(a_request(page={name: value}), self.rows)

    @pytest.mark.parametrize("query", ["page=2", "page=", "page[]=2", "page[page][]=2", "page[per_page][a]=2"])
    def test_is_refused_where_the_service_crashes(self, query):
        with pytest.raises(BadRequest, match="must be a valid number"):
            page_of(a_request(query), self.rows)

    @pytest.mark.parametrize(
        "number",
        [
            pytest.param(str(2**63 // 100 + 2), id="a row beyond"),
            pytest.param("9" * 5000, id="far beyond"),
        ],
    )
    def test_is_refused_beyond_what_the_database_counts(self, number):
        with pytest.raises(BadRequest, match="too large"):
            page_of(a_request(page={"page": number}), self.rows)

    def test_of_a_body_may_be_numbers(self):
        assert list(page_of(a_request(page={"page": 2, "per_page": 3}), self.rows)) == [3, 4, 5]

    @given(st.lists(st.integers(), max_size=30), st.integers(1, 12))
    def test_all_pages_together_are_all_rows(self, rows, size):
        pages = [page_of(a_request(page={"page": n, "per_page": size}), rows) for n in range(1, len(rows) // size + 2)]

        assert [it for page in pages for it in page] == rows


class TestCohorts:
    @pytest.mark.parametrize(
        ("query", "years"),
        [
            ("", None),
            ("filter", None),
            ("filter[cohort]=", None),
            ("filter[cohort]=%20", None),
            ("filter[cohort][]=2023", None),
            ("filter[cohort]=2023", {2023}),
            ("filter[cohort]=2023,2024", {2023, 2024}),
            ("filter[cohort]=%202023,2024abc,2022.9", {2023, 2024, 2022}),
            ("filter[cohort]=abc", {0}),
            ("filter[cohort]=,", set()),
            ("filter[cohort]=%C2%A0", None),
            ("filter[cohort]=%1C", {0}),
            (f"filter[cohort]={'0' * 60}2023", {2023}),
        ],
    )
    def test_are_the_years_named(self, query, years):
        assert cohorts(a_request(query)) == years


class TestUpdatedSince:
    def test_is_the_moment(self):
        assert updated_since(a_request("filter[updated_since]=2024-09-01T10:00:00Z")) == at("2024-09-01T10:00:00")

    @pytest.mark.parametrize("query", ["", "filter[updated_since]=", "filter[updated_since][]=bad"])
    def test_is_none_without_a_value(self, query):
        assert updated_since(a_request(query)) is None

    def test_is_refused_if_it_is_no_moment(self):
        with pytest.raises(BadRequest, match="must be a valid RCF3339 date"):
            updated_since(a_request("filter[updated_since]=2024-09-01"))

    def test_is_refused_if_it_is_a_control_character_which_is_not_blank(self):
        with pytest.raises(BadRequest, match="must be a valid RCF3339 date"):
            updated_since(a_request("filter[updated_since]=%1C"))


class TestUuids:
    def test_are_the_ids_in_canonical_spelling(self):
        text = f"{id_of('ann').upper()},bad,{{{id_of('ben')}}}"

        assert uuids(a_request(filter={"participant_id": text}), "participant_id") == {id_of("ann"), id_of("ben")}

    @pytest.mark.parametrize("text", ["", " ", ","])
    def test_are_none_without_a_value(self, text):
        assert uuids(a_request(filter={"participant_id": text}), "participant_id") is None

    def test_are_nobody_if_none_is_an_id(self):
        assert uuids(a_request(filter={"participant_id": "bad"}), "participant_id") == frozenset()


class TestOrderOf:
    @pytest.mark.parametrize(
        ("query", "order"),
        [
            ("", None),
            ("sort", None),
            ("sort=", None),
            ("sort=%20", None),
            ("sort=%C2%A0", None),
            ("sort=%1C", ()),
            ("sort[]=name", None),
            ("sort[a]=name", None),
            ("sort=name", (("name", False),)),
            ("sort=-name", (("name", True),)),
            ("sort=%2Bname", (("name", False),)),
            ("sort=name,-id", (("name", False), ("id", True))),
            ("sort=unknown,name", (("name", False),)),
            ("sort=-name,name", (("name", True),)),
            ("sort=+name", ()),
            ("sort=Name,--name,-,name desc", ()),
            ("sort=,", ()),
        ],
    )
    def test_is_the_columns_named(self, query, order):
        assert order_of(a_request(query), ("id", "name")) == order

    def test_of_a_body_may_be_anything(self):
        assert [order_of(a_request(sort=it), ("id",)) for it in (5, True, None, [], {"a": 1})] == [
            (),
            (),
            None,
            None,
            None,
        ]
