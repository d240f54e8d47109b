"""Whatever bytes came in a request, everything that shows it still answers, and they can be read back."""

from __future__ import annotations

import json
import re
from base64 import b64decode

import pytest

from ecf_sandbox.app import create_app
from ecf_sandbox.control.registry import OPERATIONS, PREFIX
from ecf_sandbox.state.exchange_codec import body_of, read_line
from ecf_sandbox.state.worlds import Worlds
from ecf_sandbox.transport import InProcess
from tests.api.asking import BEARER, JSON, a_world
from tests.builders import id_of

# Each asks every reader.
pytestmark = pytest.mark.slow

FORM = ("Content-Type", "application/x-www-form-urlencoded")
MULTIPART = ("Content-Type", "multipart/form-data; boundary=x")
DECLARATIONS, SCHEDULE = (
    "/api/v3/participant-declarations",
    f"/api/v3/participants/ecf/{id_of('ann')}/change-schedule",
)
LONE = b"\xed\xa0\x80"  # half of a surrogate pair as CESU-8 has it


def declaring(value: bytes) -> bytes:
    """A declaration with this as the value of one attribute."""
    return b'{"data":{"type":"participant-declaration","attributes":{"participant_id":%b}}}' % value


def parts(count: int, disposition: bytes = b'name="a%d"') -> bytes:
    """A multipart body of that many parts."""
    named = (disposition % n if b"%d" in disposition else disposition for n in range(count))
    return b"".join(b"--x\r\nContent-Disposition: form-data; %b\r\n\r\nv\r\n" % it for it in named) + b"--x--\r\n"


SENT = {
    "half a pair as bytes": ("POST", DECLARATIONS, [JSON], declaring(b'"' + LONE + b'"')),
    "half a pair as a name": ("POST", DECLARATIONS, [JSON], b'{"' + LONE + b'":1,"data":{"' + LONE + b'":{}}}'),
    "half a pair alone": ("POST", DECLARATIONS, [JSON], b'"' + LONE + b'"'),
    "half a pair outside a text": ("POST", DECLARATIONS, [JSON], b'{"data":' + LONE + b"}"),
    "half a pair to a path that audits nothing": (
        "PUT",
        SCHEDULE,
        [JSON],
        b'{"data":{"attributes":{"reason":"' + LONE + b'"}}}',
    ),
    "half a pair to a path that is none": ("POST", "/api/v3/nothing", [JSON], declaring(b'"' + LONE + b'"')),
    "half a pair without a token": ("POST", DECLARATIONS, [JSON, ("Authorization", "no")], declaring(LONE)),
    "half a pair escaped": ("POST", DECLARATIONS, [JSON], declaring(rb'"\ud800"')),
    "half a pair escaped, as a name": ("PUT", SCHEDULE, [JSON], rb'{"data":{"attributes":{"\udfff":"\ud800x"}}}'),
    "half a pair in a form": ("POST", DECLARATIONS, [FORM], b"data[attributes][x]=%ed%a0%80&data[" + LONE + b"]=1"),
    "half a pair in a query": ("GET", "/api/v3/statements?filter[cohort]=%ed%a0%80&%ed%b0%80=1", [], None),
    "half a pair in a path": ("GET", "/api/v3/participants/ecf/%ed%a0%80", [], None),
    "half a pair in a header": ("GET", "/api/v3/statements", [("X-Request-Id", "\udced\udca0\udc80")], None),
    "half a pair as the server date": (
        "GET",
        "/api/v3/statements",
        [("X-With-Server-Date", "\udced\udca0\udc80")],
        None,
    ),
    "UTF-16": ("POST", DECLARATIONS, [JSON], declaring(b'"x"').decode().encode("utf-16")),
    "half a pair in UTF-16": (
        "POST",
        DECLARATIONS,
        [JSON],
        '{"a":"\ud800"}'.encode("utf-16-le", "surrogatepass"),
    ),
    "UTF-32": ("PUT", SCHEDULE, [JSON], '{"a":"x"}'.encode("utf-32-be")),
    "a byte order mark": ("PUT", SCHEDULE, [JSON], b'\xef\xbb\xbf{"data":{}}'),
    "Latin-1": ("POST", DECLARATIONS, [JSON], declaring(b'"\xe9"')),
    "a NUL": ("POST", DECLARATIONS, [JSON], declaring(b'"\x00"')),
    "a NUL escaped": ("POST", DECLARATIONS, [JSON], declaring(rb'"\u0000"')),
    "NaN and infinities": ("PUT", SCHEDULE, [JSON], b'{"data":{"attributes":{"cohort":NaN,"a":-Infinity,"b":1e999}}}'),
    "a number of 5,000 digits": ("PUT", SCHEDULE, [JSON], b'{"data":{"attributes":{"cohort":' + b"9" * 5000 + b"}}}"),
    "a number of 5,000 digits alone": ("POST", DECLARATIONS, [JSON], b"9" * 5000),
    "lists 5,000 deep": ("POST", DECLARATIONS, [JSON], b"[" * 5000 + b"]" * 5000),
    "objects 5,000 deep": ("PUT", SCHEDULE, [JSON], b'{"a":' * 5000 + b"1" + b"}" * 5000),
    "an object of base64": ("PUT", SCHEDULE, [JSON], b'{"base64":"@"}'),
    "a name twice": ("PUT", SCHEDULE, [JSON], b'{"data":{"a":1},"data":{"attributes":{"a":1,"a":2}}}'),
    "5,000 parts": ("POST", DECLARATIONS, [MULTIPART], parts(5000)),
    "a part with half a pair as its name": ("POST", DECLARATIONS, [MULTIPART], parts(1, b'name="' + LONE + b'"')),
    "a part with no name": ("POST", DECLARATIONS, [MULTIPART], parts(2, b"x")),
    "a file with an odd name": (
        "POST",
        DECLARATIONS,
        [MULTIPART],
        parts(1, b"name=\"data[a]\"; filename*=utf-8''%ED%A0%80"),
    ),
    "a boundary that is no text": (
        "POST",
        DECLARATIONS,
        [("Content-Type", "multipart/form-data; boundary=\udcff")],
        b"--\xff\r\n\r\nv",
    ),
    "a boundary of nothing": ("POST", DECLARATIONS, [("Content-Type", 'multipart/form-data; boundary=""')], b"----"),
    "a boundary of 300 characters": (
        "POST",
        DECLARATIONS,
        [("Content-Type", f"multipart/form-data; boundary={'x' * 300}")],
        b"--x",
    ),
    "a Content-Type that is no text": ("PUT", SCHEDULE, [("Content-Type", "\udced\udca0\udc80/x")], b"{}"),
    "a token that is no text": (
        "GET",
        "/api/v3/statements",
        [("Authorization", "Bearer \udced\udca0\udc80")],
        None,
    ),
    "an unknown document": ("GET", f"{PREFIX}/openapi/v9.yaml", [], None),
    "an unknown page of documentation": ("GET", "/docs/none", [], None),
    "an unknown asset": ("GET", "/docs/assets/none", [], None),
}
WHOLE = [
    *(it.path for it in OPERATIONS if it.method == "GET" and "{number}" not in it.path and it.path.count("{") <= 1),
    "/worlds/{world}/journal/export?format=har",
    "/worlds/{world}/journal/export?explain=true",
    "/journal/export?explain=true",
    "/worlds/{world}/journal?path=*&operation=*&status=4xx",
    *(f"/worlds/{{world}}/timeline?{it}" for it in (f"person={id_of('ann')}", f"person={id_of('ann')}&reads=true")),
]
EACH = ("", "/explain", "/explain?format=text")


def readers(sandbox: InProcess, flask) -> list[str]:
    """Every address that shows what was sent: of the control plane, and of the pages with their twins."""
    named = {"world": "main", "number": "1", "event": "ect_registered", "scenario": "default"}
    control = [PREFIX + re.sub(r"\{(\w+)\}", lambda it: named.get(it[1], "none"), it) for it in WHOLE]
    control += [f"{PREFIX}/worlds/main/journal/1{it}" for it in EACH]
    pages = [
        it.rule.replace("<world>", "main").replace("<int:number>", "1")
        for it in flask.ui().url_map.iter_rules()
        if "GET" in it.methods and it.arguments <= {"world", "number"}
    ]
    return [*control, *pages, "/ui/worlds/main/journal/1/again?ask=1"]


@pytest.mark.parametrize("sent", SENT.values(), ids=SENT)
class TestWhatCame:
    @pytest.fixture
    def flask(self):
        return create_app(Worlds(a_world()))

    @pytest.fixture
    def sandbox(self, flask):
        return InProcess(flask.wsgi_app)

    @staticmethod
    def send(sandbox, sent):
        method, target, headers, body = sent
        named = {name for name, _ in headers}
        return sandbox(method, target, headers if "Authorization" in named else [BEARER, *headers], body)

    def test_is_no_mistake_of_ours(self, sandbox, sent):
        assert self.send(sandbox, sent).status < 500

    def test_keeps_nobody_from_reading_the_world_its_journal_or_a_page(self, sandbox, flask, sent):
        self.send(sandbox, sent)

        answered = {it: sandbox("GET", it).status for it in readers(sandbox, flask)}

        assert {it: status for it, status in answered.items() if status >= 500} == {}
        assert answered[f"{PREFIX}/worlds/main/journal/1/explain?format=text"] == 200

    def test_can_be_found_by_what_was_sent(self, sandbox, sent):
        self.send(sandbox, sent)
        wanted = json.dumps({"match": {"body": {"data": {"attributes": {"x": "y"}}}}}).encode()

        reply = sandbox("POST", f"{PREFIX}/worlds/main/journal/verify", [JSON], wanted)

        assert reply.status == 200
        assert json.loads(reply.body)["near_misses"]

    def test_can_be_read_back(self, sandbox, sent):
        self.send(sandbox, sent)

        exported = sandbox("GET", f"{PREFIX}/worlds/main/journal/export").body
        entry = read_line(exported.splitlines()[0])

        assert same(body_of(entry.request.body), sent[3] or b"")

    def test_can_be_read_back_from_an_archive(self, sandbox, sent):
        self.send(sandbox, sent)

        archive = json.loads(sandbox("GET", f"{PREFIX}/worlds/main/journal/export?format=har").body)
        kept = archive["log"]["entries"][0]["request"].get("postData", {"text": ""})

        back = b64decode(kept["text"]) if kept.get("encoding") == "base64" else kept["text"].encode()
        assert back == (sent[3] or b"")

    def test_can_be_sent_again_from_a_page(self, sandbox, sent):
        self.send(sandbox, sent)

        assert sandbox("POST", "/ui/worlds/main/journal/1/again", [FORM], b"").status < 500

    def test_can_be_explained_as_it_was_exported(self, sandbox, sent):
        self.send(sandbox, sent)
        line = json.loads(sandbox("GET", f"{PREFIX}/worlds/main/journal/export").body.splitlines()[0])
        asked = {
            "method": line["method"],
            "target": line["target"],
            "headers": dict(line["request"]["headers"]),
            "body": line["request"]["body"],
        }

        statuses = [
            sandbox(
                "POST", f"{PREFIX}/worlds/main/explain", [JSON], json.dumps({**asked, "format": it}).encode()
            ).status
            for it in ("json", "text")
        ]

        assert set(statuses) <= {200, 400}


def same(back: bytes, sent: bytes) -> bool:
    """Whether these are the bytes that were sent, or the same JSON with other blanks."""
    if back == sent:
        return True
    try:
        return json.loads(back) == json.loads(sent)
    except ValueError:
        return False


CREDENTIALS = {
    "in JSON": ("POST", DECLARATIONS, [JSON], rb'{"token":"\ud800\udbff\ud800t0ken","data":{}}'),
    "in a header": ("GET", "/api/v3/statements", [("X-Api-Key", "\udced\udca0t0ken")], None),
    "in a parameter": ("GET", "/api/v3/statements?token=%ed%a0%80t0ken", [], None),
}


@pytest.mark.parametrize("sent", CREDENTIALS.values(), ids=CREDENTIALS)
@pytest.mark.parametrize("ended", [False, True], ids=["a world", "a world that is no more"])
def test_a_credential_with_half_a_pair_is_read_back_without_it(sent, ended):
    worlds = Worlds(a_world())
    send = InProcess(create_app(worlds).wsgi_app)
    method, target, headers, body = sent
    send(method, target, [BEARER, ("X-Sandbox-World", "x"), *headers], body)
    journal = f"{PREFIX}/worlds/x/journal"
    reads = [f"{PREFIX}/journal/export"]
    if ended:
        assert send("DELETE", f"{PREFIX}/worlds/x").status == 200
    else:
        reads += [journal, f"{journal}/1", f"{journal}/1/explain", f"{journal}/export", f"{journal}/export?format=har"]

    replies = [send("GET", it) for it in reads]

    assert [it.status for it in replies] == [200] * len(reads)
    assert not any(b"t0ken" in it.body for it in replies)
