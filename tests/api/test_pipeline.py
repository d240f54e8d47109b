"""The generic surface of the API, as in behaviour/http-and-partnerships.md#b1 to #b17, through the real application."""

import gc
import gzip
import json
import logging
from dataclasses import replace
from typing import ClassVar

import pytest

from ecf_sandbox.api.routes import Route
from ecf_sandbox.ecf.routes import ROUTES
from ecf_sandbox.ecf.service import SERVICE
from tests.api.asking import JSON, PARTNERS, Asker, a_world, an_error, keys
from tests.builders import at

LIST = "/api/v3/delivery-partners"
ONE = f"{LIST}/{PARTNERS[0]}"
CONFIRM = "/api/v3/partnerships/ecf"
SECURITY = {
    "x-frame-options",
    "x-xss-protection",
    "x-content-type-options",
    "x-permitted-cross-domain-policies",
    "referrer-policy",
    "x-download-options",
}
ALWAYS = {"x-request-id", "x-runtime", "x-sandbox-request-id", "content-length", "content-type"}
NOT_FOUND = {"error": "Resource not Found"}
DATED = "X-With-Server-Date"
PRIVATE = ("users", "ecf-users")


@pytest.fixture
def ask():
    return Asker()


def same_name(reply):
    return reply.status, reply.headers["content-type"], reply.body


class TestAnAnswerOfAnEndpoint:
    def test_has_the_services_headers(self, ask):
        reply = ask(ONE)

        wanted = SECURITY | ALWAYS | {"vary", "etag", "cache-control", "content-security-policy"}
        assert (reply.status, keys(reply)) == (200, wanted)
        assert reply.headers["content-type"] == "application/vnd.api+json"
        assert reply.headers["cache-control"] == "max-age=0, private, must-revalidate"

    def test_says_its_length(self, ask):
        reply = ask(ONE)

        assert int(reply.headers["content-length"]) == len(reply.body)

    def test_to_head_has_everything_but_the_body(self, ask):
        read, headed = ask(ONE), ask(ONE, method="HEAD")

        assert headed.body == b""
        assert [headed.headers[it] for it in ("etag", "content-length")] == [
            read.headers[it] for it in ("etag", "content-length")
        ]

    def test_over_tls_says_that_it_stays_there(self, ask):
        reply = ask.flask.test_client().get(
            ONE, base_url="https://sandbox", headers=[("Authorization", "Bearer alpha-token")]
        )

        assert reply.headers["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains"

    def test_keeps_what_is_harmless_of_the_clients_request_id(self, ask):
        assert ask(ONE, ("X-Request-Id", "a b/c<d>_é-")).headers["x-request-id"] == "abcd_-"
        assert ask(ONE, ("X-Request-Id", "x" * 300)).headers["x-request-id"] == "x" * 255

    def test_has_a_request_id_of_its_own_that_equal_runs_repeat(self, ask):
        ids = [ask(ONE).headers["x-request-id"] for _ in range(3)]

        assert len(set(ids)) == 3
        again = Asker()
        assert [again(ONE).headers["x-request-id"] for _ in range(3)] == ids

    def test_with_the_same_tag_is_not_sent_again(self, ask):
        tag = ask(ONE).headers["etag"]

        reply = ask(ONE, ("If-None-Match", tag))

        assert (reply.status, reply.body) == (304, b"")
        assert reply.headers["etag"] == tag
        assert keys(reply).isdisjoint({"content-type", "content-length", "content-security-policy"})

    @pytest.mark.parametrize("spelt", ["*", "{tag}, x", "{strong}", ""])
    def test_is_sent_again_for_any_other_spelling_of_the_tag(self, ask, spelt):
        tag = ask(ONE).headers["etag"]

        assert ask(ONE, ("If-None-Match", spelt.format(tag=tag, strong=tag[2:]))).status == 200

    def test_is_compressed_for_who_likes_it(self, ask):
        reply = ask(ONE, ("Accept-Encoding", "gzip"))

        assert reply.headers["content-encoding"] == "gzip"
        assert gzip.decompress(reply.body) == ask(ONE).body

    def test_that_nobody_could_read_is_a_406(self, ask):
        reply = ask(f"{LIST}?a=1", ("Accept-Encoding", "identity;q=0"))

        text = f"An acceptable encoding for the requested resource {LIST}?a=1 could not be found."
        assert same_name(reply) == (406, "text/plain", text.encode())


class TestErrors:
    @pytest.mark.parametrize("headers", [(), (("Authorization", "Bearer nonsense"),)])
    def test_without_a_known_token(self, ask, headers):
        reply = ask(ONE, *headers, token=False)

        assert (reply.status, json.loads(reply.body)) == (401, {"error": "HTTP Token: Access denied"})
        assert reply.headers["www-authenticate"] == 'Token realm="Application"'
        assert reply.headers["cache-control"] == "no-cache"

    @pytest.mark.parametrize("token", ["learn-token", "nobody-token"])
    def test_with_a_token_for_something_else(self, ask, token):
        assert same_name(ask(ONE, ("Authorization", f"Bearer {token}"), token=False)) == (403, "text/html", b"")

    def test_a_record_that_is_not_there_comes_from_outside_tags_and_compression(self, ask):
        reply = ask(f"{LIST}/bad", ("Accept-Encoding", "gzip"))

        assert (reply.status, json.loads(reply.body), keys(reply)) == (404, NOT_FOUND, SECURITY | ALWAYS)

    @pytest.mark.parametrize(
        ("suffix", "type", "body"),
        [
            ("", "application/vnd.api+json", b'{"error":"Resource not Found"}'),
            (".json", "application/vnd.api+json", b'{"error":"Resource not Found"}'),
            (".csv", "text/plain", b""),
            (".foo", "text/plain", b""),
        ],
    )
    def test_a_record_that_is_not_there_is_told_in_the_format_of_the_suffix(self, ask, suffix, type, body):
        assert same_name(ask(f"{LIST}/bad{suffix}")) == (404, type, body)

    def test_a_record_that_is_not_there_is_a_page_for_html(self, ask):
        assert b"Page not found" in ask(f"{LIST}/bad.html").body

    @pytest.mark.parametrize("path", ["/api/v3/nope", "/api", "/api/v4/participants/ecf", "/API/v3/delivery-partners"])
    def test_a_path_that_is_not_there_is_a_page_and_needs_no_token(self, ask, path):
        reply = ask(path, token=False)

        assert (reply.status, reply.headers["content-type"]) == (404, "text/html")
        assert b"Page not found" in reply.body

    def test_a_path_that_is_not_there_is_json_for_who_accepts_that(self, ask):
        reply = ask("/api/v3/nope", ("Accept", "application/json"))

        assert (reply.status, json.loads(reply.body), reply.headers["vary"]) == (404, NOT_FOUND, "Accept")

    def test_two_suffixes_are_no_path(self, ask):
        assert same_name(ask(f"{ONE}.json.xml")) == (404, "text/plain", b"")

    @pytest.mark.parametrize("method", ["DELETE", "OPTIONS", "TRACE", "PUT", "POST", "PATCH", "PROPFIND"])
    def test_another_method_is_another_path(self, ask, method):
        reply = ask(LIST, method=method)

        assert (reply.status, reply.headers["content-type"], "allow" in reply.headers) == (404, "text/html", False)

    @pytest.mark.parametrize(
        ("status", "target", "headers"),
        [
            pytest.param(405, "FOO " + ONE, (), id="unknown verb"),
            pytest.param(400, f"GET {LIST}?a=%zz", (), id="bad escape"),
            pytest.param(400, f"GET {LIST}?filter=1&filter[cohort]=1", (), id="conflict"),
            pytest.param(400, f"GET {LIST}/%ff", (), id="path not UTF-8"),
            pytest.param(406, f"GET {LIST}", (("Content-Type", "garbage"),), id="no media type"),
            pytest.param(406, "GET /api/v1/participants/ecf.xml", (), id="no such format"),
            pytest.param(406, "GET /api/v2/participant-declarations.CSV", (), id="format in capitals"),
        ],
    )
    def test_what_is_not_understood_is_answered_without_a_word(self, ask, status, target, headers):
        method, path = target.split(" ", 1)
        reply = ask(path, *headers, method=method)

        assert same_name(reply) == (status, "text/html; charset=", b"")
        assert keys(reply) == ALWAYS

    def test_a_mistake_of_ours_is_logged_and_told(self, caplog):
        world = a_world()
        world.service = replace(SERVICE, parts={**SERVICE.parts, "routes": f"{__name__}:BROKEN"}, _loaded={})
        ask = Asker(world, judged=False)

        with caplog.at_level(logging.CRITICAL, "ecf_sandbox.api.pipeline"):
            reply = ask(LIST)

        assert (reply.status, json.loads(reply.body)) == (500, {"error": "Internal server error"})


BROKEN = (Route(method="GET", path="/delivery-partners", endpoint="ecf_sandbox.ecf.endpoints.schools:no_such_one"),)


class TestOrder:
    """Server date, limit, path, token, scope, shape, endpoint: the first that fails is told."""

    broken = "?filter=abc"

    def test_the_server_date_comes_first(self, ask):
        reply = ask("/api/v3/nope", (DATED, "2022-13-45T00:00:00Z"), token=False)

        assert (reply.status, json.loads(reply.body)["errors"][0]["title"]) == (400, "Bad request")

    def test_the_path_comes_before_the_token(self, ask):
        assert ask(LIST + self.broken, method="DELETE", token=False).status == 404

    def test_the_token_comes_before_the_parameters(self, ask):
        assert ask(LIST + "?a=%zz", token=False).status == 401
        assert ask(CONFIRM, JSON, method="POST", body=b"{bad", token=False).status == 401

    def test_the_scope_comes_before_the_filter(self, ask):
        assert ask(LIST + self.broken, ("Authorization", "Bearer learn-token"), token=False).status == 403

    def test_malformed_json_comes_before_the_filter(self, ask):
        assert ask(CONFIRM + self.broken, JSON, method="POST", body=b"{bad").body == b""

    @pytest.mark.parametrize("method", ["GET", "POST"])
    def test_the_filter_comes_before_the_endpoint(self, ask, method):
        reply = ask(CONFIRM + self.broken, JSON, method=method, body=b"{}")

        assert (reply.status, json.loads(reply.body)) == (400, an_error("Bad parameter", "Filter must be a hash"))

    def test_a_filter_in_the_body_counts(self, ask):
        assert b"Filter must be a hash" in ask(CONFIRM, JSON, method="POST", body=b'{"filter":"x"}').body

    def test_the_format_comes_after_the_filter(self, ask):
        assert ask("/api/v1/participants/ecf.xml", token=False).status == 401
        assert ask("/api/v1/participants/ecf.xml" + self.broken).status == 400

    def test_the_raw_body_of_a_declaration_comes_before_the_token(self, ask):
        for body in (b'{"data":"\0"}', b"\xff"):
            reply = ask("/api/v3/participant-declarations", JSON, method="POST", body=body, token=False)

            assert (reply.status, reply.headers["content-type"]) == (400, "application/vnd.api+json")

    def test_an_unbuilt_path_is_not_found_whoever_asks(self, ask):
        reply = ask(f"/api/v2/participants/{PARTNERS[0]}/defer", ("Accept", "text/html"), method="PUT", token=False)

        assert (reply.status, json.loads(reply.body)) == (404, NOT_FOUND)

    @pytest.mark.parametrize(
        ("method", "path"),
        [
            *((method, f"/api/v{it}/{path}") for method in ("GET", "POST") for it in (1, 2) for path in PRIVATE),
            ("GET", "/api/v1/data-studio/school-rollout"),
        ],
    )
    @pytest.mark.parametrize("token", ["alpha-token", "learn-token", "nobody-token"])
    def test_a_private_path_is_for_nobody_who_has_a_token(self, ask, method, path, token):
        reply = ask(path, ("Authorization", f"Bearer {token}"), method=method, token=False)

        assert (reply.status, reply.headers["content-type"], reply.body) == (403, "text/html", b"")
        assert ask(path, method=method, token=False).status == 401

    @pytest.mark.parametrize("path", ["/api/v3/users", "/api/v3/ecf-users", "/api/v2/data-studio/school-rollout"])
    def test_a_private_path_of_another_version_leads_nowhere(self, ask, path):
        assert ask(path).status == 404


class TestPaths:
    @pytest.mark.parametrize(
        "path",
        [
            f"{ONE}/",
            f"/{ONE}",
            ONE.replace("/", "//"),
            f"{ONE}.json",
            f"{ONE}.foo",
            f"{ONE}.csv/",
            f"{LIST}/{PARTNERS[0].upper()}",
            f"{LIST}/%7B{PARTNERS[0]}%7D",
            f"{LIST}/{PARTNERS[0].replace('-', '')}",
        ],
    )
    def test_has_other_spellings(self, ask, path):
        assert ask(path).body == ask(ONE).body

    @pytest.mark.parametrize("path", [f"{LIST}/%00", f"{LIST}/%zz", f"{ONE}x", f"{LIST}/é", f"{LIST}/1"])
    def test_what_is_no_id_is_not_found(self, ask, path):
        assert json.loads(ask(path).body) == NOT_FOUND

    @pytest.mark.parametrize("escape", ["%2F", "%2Ecsv"])
    def test_an_escaped_slash_or_dot_divides_nothing(self, ask, escape):
        reply = ask.flask.test_client().get(ONE + escape, headers=[("Authorization", "Bearer alpha-token")])

        assert (reply.status_code, reply.json) == (404, NOT_FOUND)

    @pytest.mark.parametrize(
        "path",
        [
            LIST.replace("/v3/", "/v3%2F"),
            LIST.replace("/api/", "/api%2f"),
            LIST.replace("/api/", "/%61pi/"),
            LIST.replace("/api/", "/%2Fapi/"),
            LIST + "%2F",
            LIST.replace("v3", "%763"),
            ONE.replace(f"/{PARTNERS[0]}", f"%2F{PARTNERS[0]}"),
            f"/api/v3/participants/ecf/{PARTNERS[0]}/%2F",
            "/api/v3/participants%2Fecf",
            "/api/v3/participants/ecf%2Ftransfers",
        ],
    )
    def test_an_escape_in_what_is_no_id_leads_nowhere(self, ask, path):
        html, json_wanted = ask(path), ask(path, ("Accept", "application/json"), token=False)

        assert (html.status, html.headers["content-type"]) == (404, "text/html")
        assert (json_wanted.status, json.loads(json_wanted.body)) == (404, NOT_FOUND)

    @pytest.mark.parametrize("id", ["%2F", "%2F%2F", f"{PARTNERS[0]}%2F", f"%2F{PARTNERS[0]}", "a%2Fb", "%2E%2E%2F"])
    @pytest.mark.parametrize(
        ("method", "path", "status"),
        [
            ("GET", "/api/v3/partnerships/ecf/{}", 404),
            ("GET", "/api/v3/participants/ecf/{}/transfers", 404),
            ("GET", "/api/v1/participant-declarations/{}", 404),
            ("PUT", "/api/v3/partnerships/ecf/{}", 404),
            ("PUT", "/api/v2/participant-declarations/{}/void", 404),
            ("PUT", "/api/v3/participants/ecf/{}/defer", 422),
        ],
    )
    def test_an_id_with_an_escaped_slash_is_nobodys(self, ask, method, path, status, id):
        body = b'{"data":{"attributes":{"course_identifier":"ecf-induction","reason":"other"}}}'
        reply = ask(path.format(id), JSON, method=method, body=body if method == "PUT" else None)

        assert (reply.status, reply.headers["content-type"]) == (status, "application/vnd.api+json")

    @pytest.mark.parametrize("name", ["X-HTTP-Method-Override", "x-http-method-override"])
    @pytest.mark.parametrize("method", ["GET", "get"])
    def test_a_post_may_stand_for_another_method(self, ask, name, method):
        assert ask(ONE, (name, method), method="POST").body == ask(ONE).body

    @pytest.mark.parametrize("method", ["FOO", "", "TRACE"])
    def test_a_post_does_not_stand_for_a_method_that_forms_have_not(self, ask, method):
        assert ask(ONE, ("X-HTTP-Method-Override", method), method="POST").status == 404

    def test_a_get_stands_for_itself(self, ask):
        assert ask(ONE, ("X-HTTP-Method-Override", "DELETE")).status == 200

    def test_a_form_may_name_the_method(self, ask):
        reply = ask(ONE, ("Content-Type", "application/x-www-form-urlencoded"), method="POST", body=b"_method=get")

        assert reply.status == 200

    def test_every_route_has_an_endpoint(self):
        for route in ROUTES:
            if route.endpoint:
                module, _, function = route.endpoint.partition(":")
                assert function in endpoint_functions(module.rpartition(".")[2])


def endpoint_functions(module):
    import ast
    from pathlib import Path

    import ecf_sandbox.ecf.endpoints as endpoints

    source = (Path(endpoints.__file__).parent / f"{module}.py").read_text()
    return {it.name for it in ast.parse(source).body if isinstance(it, ast.FunctionDef)}


class TestBodies:
    good = json.dumps({"data": {"attributes": {"cohort": "1999"}}}).encode()
    missing: ClassVar = an_error("Bad request", "correct json data structure required. See API docs for reference")

    def post(self, ask, body, type="application/json", query=""):
        headers = () if type is None else (("Content-Type", type),)
        return ask(CONFIRM + query, *headers, method="POST", body=body)

    @pytest.mark.parametrize(
        "type",
        [
            "application/json",
            "APPLICATION/JSON",
            "application/json; charset=iso-8859-1",
            "application/json, text/plain",
            "application/vnd.api+json",
            "text/x-json",
            "application/jsonrequest",
            "application/problem+json",
        ],
    )
    def test_are_read_as_json(self, ask, type):
        assert self.post(ask, self.good, type).status == 422

    @pytest.mark.parametrize("type", [None, "text/plain", "text/json", "application/ld+json", "multipart/form-data"])
    def test_of_another_type_say_nothing(self, ask, type):
        reply = self.post(ask, self.good, type)

        assert (reply.status, json.loads(reply.body)) == (400, self.missing)

    @pytest.mark.parametrize(
        "body", [b"", b"{}", b"[]", b"null", b'"x"', b'{"data":null}', b'{"data":{}}', b'{"data":"x"}', b'{"data":[1]}']
    )
    def test_without_data_are_refused(self, ask, body):
        reply = self.post(ask, body)

        assert (reply.status, json.loads(reply.body)) == (400, self.missing)

    @pytest.mark.parametrize("attributes", [[], [1], [{"cohort": "1"}]])
    def test_with_a_list_of_attributes_are_refused(self, ask, attributes):
        reply = self.post(ask, json.dumps({"data": {"attributes": attributes}}).encode())

        assert (reply.status, json.loads(reply.body)) == (400, self.missing)

    def test_may_be_forms(self, ask):
        form = b"data[attributes][cohort]=1999"
        multipart = b'--XX\r\nContent-Disposition: form-data; name="data[attributes][cohort]"\r\n\r\n1999\r\n--XX--\r\n'

        replies = [
            self.post(ask, self.good),
            self.post(ask, form, "application/x-www-form-urlencoded"),
            self.post(ask, form, None),
            self.post(ask, multipart, "multipart/form-data; boundary=XX"),
        ]

        assert len({it.body for it in replies}) == 1

    def test_that_are_no_multipart_are_unreadable(self, ask):
        assert same_name(self.post(ask, b"{}", "multipart/form-data; boundary=XX")) == (400, "text/html; charset=", b"")

    def test_give_way_to_the_query(self, ask):
        reply = self.post(ask, self.good, query="?data[attributes][cohort]=2024")

        assert "cohort" not in {it["title"] for it in json.loads(reply.body)["errors"]}

    def test_of_a_get_count(self, ask):
        assert len(json.loads(ask(LIST, JSON, body=b'{"page":{"per_page":2}}').body)["data"]) == 2
        assert ask(LIST, JSON, body=b"{bad").status == 400


class TestCsv:
    def test_lists_of_the_old_versions_may_be_csv(self, ask):
        reply = ask("/api/v1/participant-declarations.csv")

        assert (same_name(reply), reply.headers["cache-control"]) == ((200, "text/csv", b""), "no-cache")

    def test_what_was_to_be_csv_is_refused_as_csv(self, ask):
        reply = ask("/api/v1/participant-declarations.csv?filter[updated_since]=bad")

        assert (reply.status, reply.headers["content-type"]) == (400, "text/csv")
        assert b"RCF3339" in reply.body

    def test_the_new_version_has_none(self, ask):
        assert ask(f"{LIST}.csv").body == ask(LIST).body


class TestServerDate:
    body = json.dumps(
        {"data": {"attributes": {"cohort": "2024", "school_id": "00000000-0000-0000-0000-000000000000"}}}
    ).encode()

    @pytest.mark.parametrize(
        "value", ["", "  ", "soon", "0", "2025-03-01T00:00:00Z", "2025-02-30", "10:30", "99999-01-01T00:00:00Z"]
    )
    def test_is_read_or_ignored(self, ask, value):
        assert ask(ONE, (DATED, value)).status == 200

    @pytest.mark.parametrize("value", ["2022-13-45T00:00:00Z", "1641811320", "2022", "x" * 129, "2022-01-01T25:00:00Z"])
    def test_is_refused_where_the_service_crashes(self, ask, value):
        reply = ask(ONE, (DATED, value))

        assert (reply.status, json.loads(reply.body)["errors"][0]["title"]) == (400, "Bad request")
        assert DATED in json.loads(reply.body)["errors"][0]["detail"]

    def test_moves_its_own_request_only(self):
        ask = Asker()
        before = ask.world.now()
        ask(ONE, (DATED, "2030-01-01T00:00:00Z"))

        assert ask.world.now() == before


class TestRateLimit:
    def statuses(self, *asked):
        ask = Asker(rate_limit=3)
        return [ask(ONE, *headers, token=False).status for headers in asked]

    def bearer(self, moment="2025-02-10T12:00:00Z", token="Bearer alpha-token"):
        return (("Authorization", token), (DATED, moment))

    def test_the_next_request_is_too_many(self):
        assert self.statuses(*[self.bearer()] * 5) == [200, 200, 200, 429, 429]

    def test_is_told_in_plain_text_without_the_six_headers(self):
        ask = Asker(rate_limit=0)
        reply = ask("//api/v3/nope", ("Accept", "application/json"))

        assert same_name(reply) == (429, "text/plain", b"Retry later\n")
        assert keys(reply) == ALWAYS | {"vary", "cache-control", "content-security-policy"}

    def test_windows_are_fixed_and_follow_the_pretended_clock(self):
        moments = ["12:04:50", "12:04:51", "12:04:52", "12:04:59", "12:05:00", "11:59:59", "12:04:59"]

        assert self.statuses(*(self.bearer(f"2025-02-10T{it}Z") for it in moments)) == [
            200,
            200,
            200,
            429,
            200,
            200,
            429,
        ]

    def test_headers_are_counted_as_they_are_written(self):
        asked = [self.bearer()] * 3 + [self.bearer(token="Token alpha-token"), self.bearer(token="Bearer  alpha-token")]

        assert self.statuses(*asked) == [200] * 5

    def test_wrong_tokens_are_counted_and_missing_ones_are_not(self):
        assert self.statuses(*[self.bearer(token="Bearer x")] * 4) == [401, 401, 401, 429]
        assert self.statuses(*[()] * 6) == [401] * 6

    def test_without_a_limit_nothing_is_too_many(self):
        ask = Asker()

        assert {ask(ONE).status for _ in range(50)} == {200}


class TestState:
    def test_a_refused_write_leaves_the_world_as_it_was(self):
        world = a_world()
        before = world.state

        assert Asker(world)(CONFIRM, JSON, method="POST", body=b'{"data":{"attributes":{}}}').status == 422
        assert world.state is before

    def test_reading_leaves_the_world_as_it_was(self):
        world = a_world()
        before = world.state

        Asker(world)(LIST, (DATED, "2030-01-01T00:00:00Z"))

        assert world.state is before

    def test_the_clock_of_the_world_is_what_counts(self):
        world = a_world()

        assert world.now() == at("2025-02-10T12:00:00")


@pytest.mark.parametrize(
    ("method", "target", "body", "status"),
    [
        ("GET", LIST, None, 200),
        ("GET", f"{LIST}/unknown", None, 404),
        ("POST", CONFIRM, {"data": {"type": "ecf-partnership-confirmation", "attributes": {"cohort": "1999"}}}, 422),
        ("POST", CONFIRM, {"data": "odd"}, 400),
    ],
)
def test_what_was_sent_is_let_go_without_the_collector(ask, method, target, body, status):
    def answered():
        sent = None if body is None else json.dumps(body).encode()
        return ask(target, JSON, method=method, body=sent).status

    assert answered() == status
    gc.collect()
    gc.disable()
    try:
        for _ in range(5):
            answered()
        assert gc.collect() == 0
    finally:
        gc.enable()
