"""What is found when another server is compared with the sandbox."""

from __future__ import annotations

import pytest

from ecf_sandbox.remote.drift_run import LeadsElsewhere, RefusesToken, TooMany, Unreachable
from ecf_sandbox.transport import Reply
from tests.remote.drift.builders import TOKEN, Other, changing, found_at, listening, of_each

pytestmark = pytest.mark.slow

STATEMENTS = "/api/v3/statements"
DECLARATIONS = "/api/v3/participant-declarations"


def named(found):
    return {(it.kind, it.path.partition("?")[0], it.pointer, it.there, it.here) for it in found.differences}


class TestTwoEqualSandboxes:
    @pytest.mark.parametrize("version", [1, 2, 3])
    def test_do_not_differ(self, version):
        found = found_at(Other(), version=version)

        assert found.differences == ()
        assert found.requests > 20

    @pytest.mark.parametrize("version", [1, 2, 3])
    def test_are_only_ever_asked_to_get(self, version):
        other = Other()
        found_at(other, version=version)

        assert {method for method, _ in other.heard} == {"GET"}
        assert all(path.startswith(f"/api/v{version}/") for _, path in other.heard)


class TestTheOtherEdition:
    def test_differs_in_what_the_editions_differ_in(self):
        added = ("key-added", "present", "absent")
        enrolment, one = "/data/*/attributes/ecf_enrolments/*", "/data/attributes/ecf_enrolments/*"

        assert named(found_at(Other(edition="guidance"))) == {
            (added[0], "/api/v3/participants/ecf", f"{enrolment}/validation_status", *added[1:]),
            (added[0], "/api/v3/participants/ecf/{id}", f"{one}/validation_status", *added[1:]),
            ("spelling", DECLARATIONS, "/data/*/attributes/state", "awaiting_clawback", "awaiting-clawback"),
            ("spelling", DECLARATIONS, "/data/*/attributes/state", "clawed_back", "clawed-back"),
        }

    def test_does_not_differ_from_a_sandbox_of_that_edition(self):
        assert found_at(Other(edition="guidance"), edition="guidance").differences == ()


AT = "/data/*/attributes"
DOCTORED = [
    pytest.param(lambda it: it.pop("paid"), ("key-missing", f"{AT}/paid", "absent", "present"), id="drops one"),
    pytest.param(lambda it: it.update(new=1), ("key-added", f"{AT}/new", "present", "absent"), id="adds one"),
    pytest.param(
        lambda it: it.update(year=int(it["year"])), ("type", f"{AT}/year", "integer", "string"), id="another type"
    ),
    pytest.param(
        lambda it: it.update(type="npq"), ("value", f"{AT}/type", "npq", "one of ecf"), id="a value nobody knows"
    ),
    pytest.param(
        lambda it: it.update(created_at=it["created_at"].replace("Z", ".000Z")),
        (
            "format",
            f"{AT}/created_at",
            "a moment such as 2026-10-12T09:00:00.000Z",
            "a moment such as 2026-10-12T09:00:00Z",
        ),
        id="moments otherwise",
    ),
    pytest.param(
        lambda it: it.update(month=it.pop("month")),
        (
            "key-order",
            AT,
            "year, type, cohort, cut_off_date, payment_date, paid, created_at, updated_at, month",
            "month, year, type, cohort, cut_off_date, payment_date, paid, created_at, updated_at",
        ),
        id="keys in another order",
    ),
]


class TestADoctoredServer:
    @pytest.mark.parametrize(("change", "expected"), DOCTORED)
    @pytest.mark.slow
    def test_has_its_change_named_once(self, change, expected):
        kind, *rest = expected
        found = found_at(Other(doctor=changing(STATEMENTS, of_each(change))))

        assert [it for it in named(found) if it[1] == STATEMENTS and it[0] != "document"] == [(kind, STATEMENTS, *rest)]
        assert all(it.meaning for it in found.differences)

    def test_may_have_null_where_we_have_something(self):
        nulled = of_each(lambda it: it.update(induction_tutor_name=None))

        assert found_at(Other(doctor=changing("/api/v3/partnerships/ecf", nulled))).differences == ()

    def test_has_another_text_of_a_refusal_named(self):
        def doctor(target: str, reply: Reply) -> Reply:
            return Reply(reply.status, reply.headers, reply.body.replace(b"must be a hash", b"is no hash"))

        assert named(found_at(Other(doctor=doctor))) == {
            ("text", STATEMENTS, "/errors/0/detail", "Filter is no hash", "Filter must be a hash")
        }

    def test_has_another_status_named(self):
        def doctor(target: str, reply: Reply) -> Reply:
            return Reply(410, reply.headers, reply.body) if target.endswith("no-such-path") else reply

        assert named(found_at(Other(doctor=doctor))) == {("status", "/api/v3/no-such-path", "", "410", "404")}

    def test_has_another_type_of_content_named(self):
        def doctor(target: str, reply: Reply) -> Reply:
            if target != STATEMENTS or reply.status != 401:
                return reply
            return Reply(401, {**reply.headers, "content-type": "application/json"}, reply.body)

        found = [it for it in found_at(Other(doctor=doctor)).differences if it.kind == "content-type"]

        assert [(it.with_, it.there, it.here) for it in found] == [
            (with_, "application/json", "application/vnd.api+json") for with_ in ("no token", "an unknown token")
        ]

    @pytest.mark.parametrize(
        ("change", "claim"),
        [
            pytest.param(lambda it: it["data"].reverse(), "in the order of created_at", id="the wrong way round"),
            pytest.param(
                lambda it: it["data"].extend(it["data"][:1] * 2), "no more items than per_page asks for", id="too many"
            ),
        ],
    )
    def test_has_its_lists_judged(self, change, claim):
        found = found_at(Other(doctor=changing(DECLARATIONS, change)))

        assert (f"not so: {claim}", claim) in {(it.there, it.here) for it in found.differences}


class TestTheDocument:
    def test_judges_what_shapes_do_not_show_and_tells_no_values(self):
        pytest.importorskip("jsonschema_rs")
        secret = of_each(lambda it: it.update(cohort="Jane Doe"))
        found = found_at(Other(doctor=changing(STATEMENTS, secret)))

        (it,) = [it for it in found.differences if it.kind == "document"]
        assert it.pointer == f"{AT}/cohort"
        assert it.there.startswith("does not match")
        assert not any("Jane" in it.there for it in found.differences)


class TestWhatCannotBeCompared:
    def test_is_said(self):
        emptied = changing(STATEMENTS, lambda it: it["data"].clear())
        found = found_at(Other(doctor=emptied))

        assert (STATEMENTS, "nothing is listed there") in found.not_compared
        assert (f"{STATEMENTS}/{{id}}", "nothing is listed there") in found.not_compared


class TestTheToken:
    def test_is_in_no_difference_even_if_the_server_says_it(self):
        def doctor(target: str, reply: Reply) -> Reply:
            body = reply.body.replace(b"Filter must be", b"Filter of " + TOKEN.encode() + b" must be")
            return Reply(reply.status, reply.headers, body)

        (it,) = found_at(Other(doctor=doctor)).differences

        assert it.there == "Filter of [redacted] must be a hash"

    def test_that_is_refused_ends_it_with_the_first_request(self):
        other = Other()
        with pytest.raises(RefusesToken, match="401"):
            found_at(other, token="of-somebody-else")

        assert len(other.heard) == 1

    def test_is_not_sent_where_a_redirect_leads(self):
        elsewhere = Other()
        with listening(elsewhere) as url:

            def doctor(target: str, reply: Reply) -> Reply:
                return Reply(302, {"location": url + target}, b"")

            with pytest.raises(LeadsElsewhere):
                found_at(Other(doctor=doctor))

        assert elsewhere.heard == []


class TestRedirects:
    def test_within_the_server_are_followed(self):
        def doctor(target: str, reply: Reply) -> Reply:
            path, _, query = target.partition("?")
            if path != STATEMENTS or "again=1" in query:
                return reply
            return Reply(307, {"location": f"{path}?{query}{'&' if query else ''}again=1"}, b"")

        assert found_at(Other(doctor=doctor)).differences == ()


class TestTooManyRequests:
    def limiting(self, headers, times):
        left = [times]

        def doctor(target: str, reply: Reply) -> Reply:
            left[0] -= 1
            return Reply(429, {"content-type": "text/plain", **headers}, b"Retry later\n") if left[0] >= 0 else reply

        return Other(doctor=doctor)

    @pytest.mark.parametrize(
        ("headers", "waited"),
        [
            pytest.param({"retry-after": "7"}, 7, id="in seconds"),
            pytest.param({"ratelimit-reset": "8"}, 8, id="in the other header"),
            pytest.param(
                {"retry-after": "Mon, 12 Oct 2026 09:00:09 GMT", "date": "Mon, 12 Oct 2026 09:00:00 GMT"},
                9,
                id="until a moment",
            ),
            pytest.param({}, 10, id="without saying how long"),
        ],
    )
    def test_are_waited_for(self, headers, waited):
        waits = []
        found = found_at(self.limiting(headers, times=2), sleep=waits.append)

        assert (waits, found.differences) == ([waited, waited], ())

    def test_are_not_waited_for_a_third_time(self):
        waits = []
        with pytest.raises(TooMany):
            found_at(self.limiting({"retry-after": "1"}, times=3), sleep=waits.append)

        assert waits == [1, 1]

    def test_are_not_waited_for_too_long(self):
        waits = []
        with pytest.raises(TooMany, match="300 seconds"):
            found_at(self.limiting({"retry-after": "300"}, times=1), sleep=waits.append)

        assert waits == []


def test_what_never_answers_is_unreachable():
    with listening(Other()) as url:
        pass
    from ecf_sandbox.remote.drift_run import There

    with pytest.raises(Unreachable):
        There(url, timeout=5).get("/")
