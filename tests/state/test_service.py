"""A service: its parts by name, and its versions by its routes."""

from __future__ import annotations

import statistics

import pytest

from ecf_sandbox.api.routes import Route
from ecf_sandbox.state.editions import Edition
from ecf_sandbox.state.service import NoSuchPart, Service, resolve_name

ROUTES = (Route(method="GET", path="/things", versions=(4,)), Route(method="GET", path="/others", versions=(7, 4)))


def a_service(**parts: str) -> Service:
    return Service(
        name="toy",
        title="Toys",
        editions={"usual": Edition(name="usual")},
        switches={},
        parts={"routes": f"{__name__}:ROUTES", **parts},
    )


class TestAName:
    def test_stands_for_what_a_module_has(self):
        assert resolve_name("statistics:mean") is statistics.mean

    def test_stands_for_the_module_where_nothing_follows(self):
        assert resolve_name("statistics:") is statistics


class TestAService:
    def test_has_the_versions_of_its_routes_in_order(self):
        assert a_service().versions == (4, 7)

    def test_has_a_newest_version(self):
        assert a_service().newest == 7

    def test_has_the_parts_that_it_names(self):
        assert a_service(readable="builtins:str").part("readable")(12) == "12"

    def test_has_no_other_parts(self):
        with pytest.raises(NoSuchPart, match="the service toy has no part 'readable'"):
            a_service().part("readable")
