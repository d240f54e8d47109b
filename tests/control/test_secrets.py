"""Credentials of a client stand in nothing that is written or shown, wherever in a request they were."""

from __future__ import annotations

import json

import pytest

from ecf_sandbox.api.request_log import RequestLog
from ecf_sandbox.app import create_app
from ecf_sandbox.cli.request_lines import as_json as as_log_line
from ecf_sandbox.control.registry import PREFIX
from ecf_sandbox.state.worlds import Worlds
from ecf_sandbox.transport import InProcess
from tests.api.asking import BEARER, JSON, a_world

SECRET = "s3cr3t/v4lue+x"
QUOTED = "s3cr3t%2Fv4lue%2Bx"
STATEMENTS, DECLARATIONS = "/api/v3/statements", "/api/v3/participant-declarations"
FORM = ("Content-Type", "application/x-www-form-urlencoded")
HEADERS = (
    *("Authorization", "Proxy-Authorization", "Cookie", "X-Api-Key", "X-Auth-Token", "X_Auth_Token", "X-Access-Token"),
    *("Api-Key", "Ocp-Apim-Subscription-Key", "X-Client-Secret", "X-Amz-Security-Token", "X-Password", "X-CSRF-Token"),
    *(
        "X-Session-Token",
        "X-Goog-Credential",
        "X-Vault-Token",
        "Private-Token",
        "X-Auth",
        "Authentication",
        "X-Session",
    ),
)
NAMES = (
    *("token", "access_token", "accessToken", "api_key", "apikey", "api-key", "apiKey", "client_secret", "password"),
    *("passwd", "authorization", "bearer", "refresh_token", "id_token", "auth", "jwt", "secret_key", "filter[token]"),
    *("pwd", "sig", "session", "session_key"),
)
# Names of headers that have an address in them, and that address.
ADDRESSES = {
    "Referer": f"https://sandbox.example/page?a=1&access_token={QUOTED}",
    "X-Original-URL": f"/api/v3/statements?api_key={QUOTED}",
    "X-Forwarded-Uri": f"/api/v3/statements?sig={QUOTED}#part",
    "Origin-Of-This": f"https://sandbox.example/#id_token={QUOTED}",
}


def body(name, value=SECRET):
    return json.dumps({"data": {"attributes": {name: value}, "x": [{name: value}]}}).encode()


SENT = {
    **{f"the header {it}": ("GET", STATEMENTS, [(it, f"Bearer {SECRET}")], None) for it in HEADERS},
    "a bare header": ("GET", STATEMENTS, [("X-Api-Key", SECRET)], None),
    **{f"the parameter {it}": ("GET", f"{STATEMENTS}?a=1&{it}={QUOTED}", [], None) for it in NAMES},
    **{f"the member {it}": ("POST", DECLARATIONS, [JSON], body(it)) for it in NAMES},
    **{f"the field {it}": ("POST", DECLARATIONS, [FORM], f"a=1&{it}={QUOTED}".encode()) for it in NAMES},
    **{f"an address in {it}": ("GET", STATEMENTS, [(it, address)], None) for it, address in ADDRESSES.items()},
    "the parameter key": ("GET", f"{STATEMENTS}?key={QUOTED}", [], None),
    "a member whose name is escaped": ("POST", DECLARATIONS, [JSON], body("pwd").replace(b"pwd", rb"p\u0077d")),
    "no JSON, and a name that is escaped": (
        "POST",
        DECLARATIONS,
        [JSON],
        rb'{"pass\u0077ord": "' + SECRET.encode() + b'", ',
    ),
    "a member with parts": ("POST", DECLARATIONS, [JSON], body("tokens", [SECRET, {"a": SECRET}])),
    "JSON that is none": ("POST", DECLARATIONS, [JSON], b'{"password": "' + SECRET.encode() + b'", '),
    "JSON in Latin-1": ("POST", DECLARATIONS, [JSON], b'{"a": "\xe9", "api_key": "' + SECRET.encode() + b'"}'),
    "a part of a form": (
        "POST",
        DECLARATIONS,
        [("Content-Type", "multipart/form-data; boundary=x")],
        b'--x\r\nContent-Disposition: form-data; name="password"\r\n\r\n' + SECRET.encode() + b"\r\n--x--\r\n",
    ),
    "a token in the body too": ("POST", DECLARATIONS, [JSON, ("X-Api-Key", SECRET)], body("reason")),
    "a token in the query too": ("GET", f"{STATEMENTS}?x={QUOTED}", [("X-Api-Key", SECRET)], None),
    "a token in the path": ("GET", f"/api/v3/nothing/{QUOTED}", [("Authorization", f"Bearer {SECRET}")], None),
    "an unknown path": ("GET", f"/api/v3/statments?token={QUOTED}", [], None),
    "an unknown filter": ("GET", f"{STATEMENTS}?filter[api_token]={QUOTED}&filter[cohort]=x", [], None),
}
READERS = (
    *(f"{PREFIX}/worlds/main/journal{it}" for it in ("", "/1", "/1/explain", "/1/explain?format=text", "/export")),
    *(f"{PREFIX}/worlds/main/journal/export?{it}" for it in ("format=har", "explain=true")),
    *(f"{PREFIX}/journal/export", f"{PREFIX}/journal/export?explain=true"),
    *("/ui/worlds/main", "/ui/report", "/ui/report.json"),
    *(f"/ui/worlds/main/journal{it}{twin}" for it in ("", "/1", "/1/why") for twin in ("", ".json")),
)


@pytest.fixture
def app():
    world = a_world()
    return world, create_app(Worlds(world))


@pytest.mark.slow
@pytest.mark.parametrize("sent", SENT.values(), ids=SENT)
def test_credentials_are_shown_nowhere(app, sent):
    world, flask = app
    send = InProcess(flask.wsgi_app)
    method, target, headers, document = sent
    own = [] if "Authorization" in dict(headers) else [BEARER]
    logged = []
    InProcess(RequestLog(flask.wsgi_app, lambda it: logged.append(as_log_line(it))))(
        method, target, [*own, *headers], document
    )

    number = world.journal.count
    shown = {it: send("GET", it.replace("/1", f"/{number}")).body.decode() for it in READERS}
    shown["the log"] = "".join(logged)

    spelt = (SECRET, QUOTED, SECRET.replace("+", " "), SECRET.replace("/", r"\/"))
    found = {it: at for it, text in shown.items() if (at := max(map(text.find, spelt))) >= 0}
    assert {it: shown[it][max(0, at - 200) : at + 50] for it, at in found.items()} == {}


def test_the_sandboxs_own_tokens_stay_in_the_commands_that_are_offered():
    send = InProcess(create_app(Worlds(a_world())).wsgi_app)
    send("POST", DECLARATIONS, [BEARER, JSON], b'{"data":{"attributes":{}}}')

    assert b"alpha-token" in send("GET", "/ui/worlds/main/journal/1").body
    assert b"alpha-token" not in send("GET", f"{PREFIX}/worlds/main/journal/export").body


@pytest.mark.parametrize(
    "name", ["author", "authority", "keyword", "monkey", "sessions", "passed", "evidence_held", "sign", "design"]
)
def test_what_only_sounds_alike_is_shown(name):
    send = InProcess(create_app(Worlds(a_world())).wsgi_app)
    send(
        "POST",
        f"{DECLARATIONS}?{name}=shown",
        [BEARER, JSON, (f"X-{name}".replace("_", "-"), "shown")],
        body(name, "shown"),
    )

    written = json.loads(send("GET", f"{PREFIX}/worlds/main/journal/export").body)

    assert written["request"]["body"] == json.loads(body(name, "shown"))
    assert written["target"].endswith(f"?{name}=shown")
    assert [f"X-{name}".replace("_", "-").title(), "shown"] in written["request"]["headers"]
