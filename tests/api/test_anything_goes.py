"""Whatever a client sends: never a 500, and what is refused leaves no trace."""

from __future__ import annotations

import json

from hypothesis import example, given, settings
from hypothesis import strategies as st

from ecf_sandbox.ecf.routes import ROUTES
from tests.api.asking import NOW, PARTNERS, TOKENS, Asker, a_world
from tests.builders import id_of
from tests.effort import examples

WORLD = a_world()
ASK = Asker(WORLD)

LONG_TEXTS = ("9" * 25, "9" * 5000, "x" * 200)
KNOWN_IDS = (*PARTNERS[:2], id_of("ann"), id_of("ann").upper(), "{" + id_of("ann") + "}")
MOMENTS = (
    *("2024-10-01T10:00:00Z", "2024-02-30T24:00:00+01:60", "10:30", "1641811320"),
    *("9999-12-31T23:59:59Z", "99999-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "-0001-01-01T00:00:00Z"),
)
WORDS = tuple("started completed ecf-induction other ecf-standard-september active id -created_at ecf".split())
SHORT = ("", " ", "x", "0", "-1", "2024", "2024abc", "９", "\0", "é", "null", "true", "<b>", ",", "1e999", "NaN")
ODD_TEXT = st.sampled_from([*SHORT, *WORDS, *MOMENTS, *KNOWN_IDS, *LONG_TEXTS]) | st.text(
    st.characters(codec="utf-8"), max_size=8
)
ATTRIBUTES = tuple(
    """
    participant_id declaration_type declaration_date course_identifier evidence_held reason schedule_identifier
    cohort school_id delivery_partner_id
    """.split()
)
SCALARS = ODD_TEXT | st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
VALUES = st.recursive(
    SCALARS, lambda it: st.lists(it, max_size=2) | st.dictionaries(ODD_TEXT, it, max_size=2), max_leaves=4
)
SOUND = {
    "participant_id": id_of("ann"),
    "declaration_type": "started",
    "declaration_date": "2024-10-01T10:00:00Z",
    "course_identifier": "ecf-induction",
    "reason": "other",
    "schedule_identifier": "ecf-standard-september",
    "cohort": "2024",
    "delivery_partner_id": PARTNERS[0],
}
ATTRIBUTED = st.dictionaries(st.sampled_from(ATTRIBUTES), VALUES, max_size=2).map(
    lambda odd: {"data": {"attributes": SOUND | odd}}
)
MEMBERS = st.sampled_from(["data", "filter", "page", "sort", "id", "format", "_method"])
DOCUMENTS = ATTRIBUTED | ATTRIBUTED | st.dictionaries(MEMBERS, VALUES, max_size=3) | VALUES
BODIES = (
    st.none()
    | DOCUMENTS.map(lambda it: json.dumps(it).encode())
    | ATTRIBUTED.map(lambda it: json.dumps(it).encode())
    | st.binary(max_size=12)
    | st.sampled_from(
        [b"{bad", b"data[attributes][cohort]=1", b"data=1&data[a]=2", b"_method=PUT", b"--XX\r\n\r\n--XX--"]
    )
)
FILTERS = tuple(
    """
    cohort updated_since participant_id delivery_partner_id urn training_status from_participant_id type
    """.split()
)
NAMES = st.sampled_from(
    [
        *(f"filter[{it}]" for it in FILTERS),
        *("filter", "filter[]", "filter[cohort][]", "filter[updated_since][a]", "data", "format", "[", "a]b["),
        *("page", "page[page]", "page[per_page]", "page[]", "page[page][]", "sort", "sort[]"),
    ]
)
QUERIES = st.lists(st.tuples(NAMES, st.sampled_from("=&;%"), ODD_TEXT), max_size=4).map(
    lambda it: "&".join(name + mark + "".join(c if c != "#" else "" for c in value) for name, mark, value in it)
)
HEADERS = st.lists(
    st.tuples(st.just("X-With-Server-Date"), ODD_TEXT)
    | st.tuples(st.just("Accept"), ODD_TEXT | st.sampled_from(["application/json", "*/*", "text/csv;q=x"]))
    | st.tuples(st.just("Accept-Encoding"), st.sampled_from(["gzip", "identity;q=0", "*;q=0", ";;", "q="]))
    | st.tuples(st.just("If-None-Match"), ODD_TEXT)
    | st.tuples(st.just("X-Request-Id"), ODD_TEXT)
    | st.tuples(st.just("X-HTTP-Method-Override"), st.sampled_from(["PUT", "put", "FOO", "ß"]))
    | st.tuples(
        st.just("Content-Type"),
        st.sampled_from(
            [
                "application/json",
                "application/x-www-form-urlencoded",
                "multipart/form-data; boundary=XX",
                "garbage",
                "",
                "/",
            ]
        ),
    ),
    max_size=3,
)
AUTHORIZATION = st.sampled_from([*(f"Bearer {it.value}" for it in TOKENS), "Bearer", ""]) | ODD_TEXT
PATHS = st.sampled_from([rule for it in ROUTES for _, rule in it.rules()])
IDS = st.sampled_from([*PARTNERS[:1], "bad", "%ff", "%00", "%2F", "x.y", "{}"])
SUFFIXES = st.sampled_from([".csv", ".json", ".html", "/", "//", ".", ".a.b"])
METHODS = st.sampled_from(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "FOO"])


@st.composite
def requests(draw):
    """A request that is sound in most respects, so that it gets far, and odd in some."""

    def mostly(sound, odd):
        return draw(odd) if draw(st.integers(0, 5)) == 0 else sound

    route = draw(st.sampled_from(ROUTES))
    _, rule = draw(st.sampled_from(list(route.rules())))
    path = rule.replace("<segment:id>", mostly(id_of("ann"), IDS)) + mostly("", SUFFIXES)
    query = mostly("filter[cohort]=2024", QUERIES) + mostly("", QUERIES.map("&{}".format))
    method = mostly(route.method, METHODS)
    headers = dict(draw(HEADERS)) | {"Authorization": mostly("Bearer alpha-token", AUTHORIZATION)}
    if draw(st.booleans()):
        headers["Content-Type"] = "application/json"
    return method, f"{path}?{query}", list(headers.items()), draw(BODIES)


def undeliverable(reply):
    """Whether it was answered, in an encoding that nobody would take: what the service did by then, it has done."""
    return reply.status == 406 and reply.body.startswith(b"An acceptable encoding")


@settings(max_examples=examples(600))
@given(requests())
@example(("GET", "/api/v3/participants/ecf?page[page]=" + "9" * 5000, [("Authorization", "Bearer alpha-token")], None))
def test_never_a_mistake_of_ours_and_never_a_trace_of_a_refusal(asked):
    method, target, headers, body = asked
    WORLD.reset()
    before = WORLD.state

    reply = ASK.send(method, target, headers, body)

    assert 200 <= reply.status < 500, reply.body
    if reply.status != 200 and not undeliverable(reply):
        assert WORLD.state is before
    assert WORLD.now() == NOW
