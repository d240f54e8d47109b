"""What counts as the same answer, and that nothing else does."""

from __future__ import annotations

import json
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.conformance.comparison import Answer, Side, compare, differences

AT = datetime(2026, 2, 10, 12, tzinfo=UTC)
KNOWN = "00000000-0000-4000-8000-000000000001"
ONE, TWO, THREE = (f"11111111-1111-4111-8111-11111111111{it}" for it in (1, 2, 3))


def recorded(json=None, **fields):
    return {"status": 200, "headers": {"content-type": "application/json"}, "json": json} | fields


def got(value=None, status=200, body=None, **headers):
    sent = {"Content-Type": "application/json"} | {name.replace("_", "-"): it for name, it in headers.items()}
    return Answer.of(status, sent, json.dumps(value).encode() if body is None else body)


def compared(wanted, answer, at=AT, recorded_at=AT):
    """The differences, on sides that know one id and took their first step at these moments."""
    recording, target = Side({KNOWN}), Side({KNOWN})
    recording.happened(0, recorded_at)
    target.happened(0, at)
    return compare(wanted, answer, recording, target)


# Texts without what is compared otherwise: ids, instants, texts that leaked, `{{present}}`.
TEXTS = st.text("abc é|", max_size=5)
SCALARS = st.none() | st.booleans() | st.integers() | TEXTS
NAMES = TEXTS | st.sampled_from(
    ["ecf_enrolments", "participant_id_changes", "participant_type", "created_at", "cohort"]
)
BODIES = st.recursive(SCALARS, lambda it: st.lists(it, max_size=4) | st.dictionaries(NAMES, it, max_size=4))
NEW_IDS = st.uuids(version=4).map(str).filter(lambda it: it not in (KNOWN, ONE, TWO, THREE))


def places(body, path=()):
    """The paths to all scalars of a body."""
    if isinstance(body, dict | list):
        members = body.items() if isinstance(body, dict) else enumerate(body)
        return [found for name, it in members for found in places(it, (*path, name))]
    return [path]


def changed(body, path, scalar):
    """A body with another scalar at one place."""
    if not path:
        return scalar
    body = deepcopy(body)
    holder = body
    for name in path[:-1]:
        holder = holder[name]
    holder[path[-1]] = scalar
    return body


def named(value, names):
    """A body with other ids, one for one."""
    text = json.dumps(value)
    for old, new in names.items():
        text = text.replace(old, new)
    return json.loads(text)


class TestBodies:
    @given(BODIES)
    def test_that_are_equal_are_the_same(self, body):
        assert compared(recorded(body), got(body)) == []

    @given(BODIES, SCALARS, st.data())
    def test_in_which_a_scalar_changed_are_never_the_same(self, body, scalar, data):
        at = data.draw(st.sampled_from(places(body) or [()]))
        other = changed(body, at, scalar)
        assume(json.dumps(other) != json.dumps(body))

        assert compared(recorded(body), got(other)) != []

    @given(BODIES, st.lists(NEW_IDS, min_size=3, max_size=3, unique=True))
    def test_with_new_ids_are_the_same_with_others_one_for_one(self, body, ids):
        wanted = {"list": [ONE, TWO, ONE, KNOWN, THREE], "body": body, "name": TWO}
        other = named(wanted, dict(zip((ONE, TWO, THREE), ids, strict=True)))

        assert compared(recorded(wanted), got(other)) == []

    @pytest.mark.parametrize(
        ("wanted", "answered"),
        [
            pytest.param([ONE, TWO], [ONE, ONE], id="one id in place of two"),
            pytest.param([ONE, ONE], [ONE, TWO], id="two in place of one"),
            pytest.param([KNOWN], [ONE], id="a new one in place of one from the world"),
            pytest.param([ONE], [KNOWN], id="one from the world in place of a new one"),
            pytest.param([1, 2], [2, 1], id="a list in another order"),
            pytest.param([1], [1, 1], id="a longer list"),
            pytest.param({"a": 1}, {"a": 1, "b": None}, id="a member too many"),
            pytest.param({"a": 1, "b": None}, {"a": 1}, id="a member too few"),
            pytest.param(1, True, id="true for one"),
            pytest.param("1", 1, id="a number for a text"),
        ],
    )
    def test_that_differ_are_not_the_same(self, wanted, answered):
        assert compared(recorded(wanted), got(answered)) != []

    def test_may_have_their_members_in_any_order(self):
        assert compared(recorded({"a": ONE, "b": TWO}), got({"b": THREE, "a": KNOWN.replace("1", "2")})) == []

    def test_that_are_no_json_are_compared_as_texts(self):
        wanted = recorded(text=f"a {ONE}")
        del wanted["json"]

        assert compared(wanted, got(body=f"a {TWO}".encode())) == []
        assert compared(wanted, got(body=b"b")) == ['body: expected "a <id 1>", got "b"']

    @pytest.mark.parametrize("text", ["PG::Error: x", "undefined method `x'", "comparison of String with nil failed"])
    def test_into_which_a_text_leaked_are_the_same_as_any_text(self, text):
        assert compared(recorded({"detail": text}), got({"detail": "Enter a date."})) == []
        assert compared(recorded({"detail": text}), got({"detail": 1})) != []


ENROLMENTS = st.lists(
    st.fixed_dictionaries(
        {
            "participant_type": st.sampled_from(["ect", "mentor"]),
            "created_at": st.sampled_from(["2024-01-02T03:04:05Z", "2025-01-02T03:04:05Z"]),
            "cohort": st.sampled_from(["2023", "2024", "2025"]),
            "school_urn": st.sampled_from(["100001", "100002"]),
            "training_record_id": NEW_IDS,
            "mentor_id": st.none() | NEW_IDS,
        }
    ),
    max_size=4,
    # Told apart by what they are: with two alike, new ids could be matched crosswise.
    unique_by=lambda it: (it["participant_type"], it["created_at"], it["cohort"], it["school_urn"]),
)


class TestEnrolments:
    @given(ENROLMENTS, st.randoms(use_true_random=False), st.data())
    def test_may_come_in_any_order_with_any_new_ids(self, enrolments, random, data):
        ids = {it[name] for it in enrolments for name in ("training_record_id", "mentor_id") if it[name]}
        names = {it: str(UUID(int=number + 1)) for number, it in enumerate(sorted(ids))}
        other = named(random.sample(enrolments, len(enrolments)), names)

        assert compared(recorded({"ecf_enrolments": enrolments}), got({"ecf_enrolments": other})) == []

    @given(ENROLMENTS, st.data())
    def test_one_of_which_changed_are_not_the_same(self, enrolments, data):
        assume(enrolments)
        at = data.draw(st.integers(0, len(enrolments) - 1))
        other = changed(enrolments, (at, "school_urn"), "100003")

        assert compared(recorded({"ecf_enrolments": enrolments}), got({"ecf_enrolments": other})) != []

    def test_changes_of_ids_may_come_in_any_order(self):
        changes = [{"changed_at": "2024-01-01T00:00:00Z", "from": KNOWN}, {"changed_at": "2025-01-01T00:00:00Z"}]

        answer = got({"participant_id_changes": changes[::-1]})

        assert compared(recorded({"participant_id_changes": changes}), answer) == []


class TestMoments:
    @pytest.mark.parametrize(
        ("seconds", "same"),
        [(0, True), (60, True), (61, False), (-1, False)],
        ids=["the moment itself", "a minute later", "more than a minute later", "earlier"],
    )
    def test_of_a_step_are_the_same_while_the_recordings_clock_ran_on(self, seconds, same):
        then = (AT + timedelta(seconds=seconds)).isoformat().replace("+00:00", "Z")

        assert (compared(recorded([then]), got(["2026-02-10T12:00:00Z"])) == []) is same

    def test_without_a_server_date_are_the_present_of_each_side(self):
        answer = got(["2030-01-01T00:00:05Z"])

        assert compared(recorded(["2026-02-10T12:00:07Z"]), answer, at=datetime(2030, 1, 1, tzinfo=UTC)) == []

    @pytest.mark.parametrize(
        ("text", "same"), [("2001-02-03T04:05:06Z", True), ("2026-02-10T12:00:00Z", True), ("x", False)]
    )
    def test_that_the_database_filled_in_are_any_instant(self, text, same):
        assert (compared(recorded(["{{present}}"]), got([text])) == []) is same


class TestStatusAndHeaders:
    def test_another_status_differs(self):
        assert compared(recorded(), got(status=201)) == ["status: expected 200, got 201"]

    @pytest.mark.parametrize(("status", "same"), [(400, True), (404, True), (422, True), (200, False), (500, False)])
    def test_where_the_service_crashed_any_refusal_is_right(self, status, same):
        assert (compared(recorded(status=500), got({"errors": []}, status=status)) == []) is same

    @pytest.mark.parametrize("name", ["www-authenticate", "cache-control", "retry-after", "location"])
    def test_a_header_more_or_less_or_another_differs(self, name):
        wanted = recorded(headers={"content-type": "application/json", name: "x"})

        assert compared(wanted, got(**{name: "x"})) == []
        assert compared(wanted, got(**{name: "y"})) == [f"header {name}: expected 'x', got 'y'"]
        assert compared(wanted, got()) == [f"header {name}: expected 'x', got None"]
        assert compared(recorded(), got(**{name: "x"})) == [f"header {name}: expected None, got 'x'"]

    def test_an_etag_has_to_be_there_and_may_have_any_value(self):
        wanted = recorded(headers={"content-type": "application/json", "etag": True})

        assert compared(wanted, got(etag="any")) == []
        assert compared(wanted, got()) == ["header etag: expected one"]
        assert compared(recorded(), got(etag="any")) == ["header etag: expected none"]

    def test_other_headers_are_not_compared(self):
        assert compared(recorded(), got(x_request_id="1", x_sandbox_rules="a.b")) == []

    def test_an_html_page_has_to_be_one(self):
        wanted = recorded(html=True, headers={"content-type": "text/html"})

        assert compared(wanted, got(body=b"<p>", Content_Type="text/html")) == []
        assert "body: expected an HTML page" in compared(wanted, got({}))


def test_a_difference_says_where_it_is():
    assert differences({"a": [1, {"b": "x"}]}, {"a": [1, {"b": "y"}]}, "body") == ['body/a/1/b: expected "x", got "y"']
