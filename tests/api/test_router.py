"""Which operation a path means, and what the newest version has instead of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some
from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import BaseConverter, Map, Rule

from ecf_sandbox.api.router import METHODS, Router, operations
from ecf_sandbox.api.routes import ID, Kind, Route
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


class Segment(BaseConverter):
    regex = "[^./]+"


RULES = [path for _, path, _ in operations(ROUTES)]
WORDS = sorted(
    {word for path in RULES for word in path.split("/")} | {".", "a.b", "an-id", "\xc3\xa9", "\xff", "\n", "%2F"}
)
ALMOST = some.tuples(
    some.sampled_from(RULES), some.integers(1, 8), some.sampled_from(WORDS), some.sampled_from(["", "/"])
)
ANY_WORDS = some.lists(some.sampled_from(WORDS), max_size=6).map(lambda words: "/api/" + "/".join(words))


def almost(rule: str, at: int, word: str, end: str) -> str:
    """The path of a rule in which one part is another word, as is its id."""
    parts = rule.replace(ID, "an-id").split("/")
    parts[at % len(parts)] = word
    return "/".join(parts) + end


class TestEveryPath:
    """Leads where Werkzeug's own routing would lead it, which takes longer to load than all the rest."""

    ROUTER = Router(ROUTES)
    WERKZEUG = Map(
        [Rule(path, endpoint=(route, info), methods=[route.method]) for route, path, info in operations(ROUTES)],
        converters={"segment": Segment},
        strict_slashes=False,
        merge_slashes=False,
    ).bind("sandbox")

    @given(
        path=ALMOST.map(lambda it: almost(*it)) | ANY_WORDS,
        method=some.sampled_from([*METHODS, "HEAD", "OPTIONS", "get"]),
    )
    def test_leads_to_the_same_operation_and_id(self, path, method):
        found = self.ROUTER.match(path, method)

        assert (found and (found.route, found.info, found.id)) == self.by_werkzeug(path, method)

    def by_werkzeug(self, path: str, method: str):
        try:
            (route, info), found = self.WERKZEUG.match(path.encode("latin-1").decode(errors="replace"), method)
        except (NotFound, MethodNotAllowed):
            return None
        return route, info, found.get("id")


def test_a_word_of_a_path_comes_before_an_id():
    one, fixed = a_route(path=f"/things/{ID}"), a_route(path="/things/new", method="POST")
    router = Router([one, fixed])

    assert router.match("/api/v1/things/new", "POST").route is fixed
    assert router.match("/api/v1/things/new", "GET").id == "new"
