"""Which operation a path means, and what the newest version has instead of it."""

from __future__ import annotations

import pytest

from ecf_sandbox.api.router import Router
from ecf_sandbox.api.routes import Kind, Route
from ecf_sandbox.ecf.routes import ROUTES
from ecf_sandbox.ecf.versions import VERSIONS


def a_route(**given) -> Route:
    return Route(
        **{"method": "GET", "path": "/things", "endpoint": "somewhere:list_things", "versions": (1, 2), **given}
    )


def newer(target: str, *routes: Route) -> str | None:
    """The path that the newest version has for a GET."""
    found = Router(routes).match(target, "GET")
    assert found is not None
    return None if found.info.newer is None else found.info.newer.path


class TestTheSameOperationInTheNewestVersion:
    def test_has_the_same_path(self):
        assert newer("/api/v1/things", a_route()) == "/api/v2/things"

    def test_may_have_another_path(self):
        moved, now = a_route(path="/old", versions=(1,), successor="/things"), a_route(versions=(2,))

        assert newer("/api/v1/old", moved, now) == "/api/v2/things"

    def test_is_none_for_the_newest_version_itself(self):
        assert newer("/api/v2/things", a_route()) is None

    @pytest.mark.parametrize("version", [1, 3, 12])
    def test_is_none_in_a_service_with_one_version_whatever_its_number(self, version):
        assert newer(f"/api/v{version}/things", a_route(versions=(version,))) is None

    @pytest.mark.parametrize(
        "there",
        [
            {"path": "/others"},
            {"method": "POST"},
            {"kind": Kind.PRIVATE},
            {"kind": Kind.MISSING},
        ],
        ids=["another path", "another method", "for other tokens", "never built"],
    )
    def test_is_none_where_the_newest_version_has_not_got_it(self, there):
        assert newer("/api/v1/things", a_route(versions=(1,)), a_route(versions=(2,), **there)) is None


def test_routes_and_versions_agree_which_filters_are_strict():
    strict = {
        version: {it.info(version).strict_filters for it in ROUTES if version in it.versions and it.endpoint}
        for version in VERSIONS
    }

    assert strict == {version: {it.strict_filters} for version, it in VERSIONS.items()}
