"""The cases, each under its claim. To add one, write a function here with `@case`."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from signal import SIGTERM

from tests.attack.target import CLOSED, DECLARATIONS, Answer, Target, answer_on, is_closed, send_all

MEGABYTE = 1_000_000
MOST_MEGABYTES = 400.0  # of a process that is attacked: the budget for what is kept, and what serves besides
CHEAP = 3.0  # seconds of processor for any one request, on any machine
SOON = 10.0  # until a connection that is to be closed counts as open
LONGEST_COMPLAINT = 20_000  # bytes of an answer that says what is wrong


@dataclass(frozen=True)
class Case:
    """A claim, what is done against it, and the options of the server that it is done to."""

    claim: str
    act: Callable[[Target], None]
    options: tuple[str, ...] = ()


CASES: list[Case] = []


def case(claim: str, *options: str) -> Callable[[Callable[[Target], None]], Callable[[Target], None]]:
    """Put a function among the cases."""

    def added(act: Callable[[Target], None]) -> Callable[[Target], None]:
        CASES.append(Case(claim, act, options))
        return act

    return added


def declaration(participant: str, type: str = "started", **more: object) -> bytes:
    """A declaration as a body."""
    attributes = {
        "participant_id": participant,
        "declaration_type": type,
        "declaration_date": "2025-10-01T00:00:00Z",
        "course_identifier": "ecf-induction",
    }
    return json.dumps({"data": {"type": "participant-declaration", "attributes": attributes | more}}).encode()


def all_at_once(target: Target, requests: list[bytes]) -> list[Answer]:
    """The answers to requests that are sent at the same time, each on a connection of its own."""
    together = threading.Barrier(len(requests))

    def one(request: bytes) -> Answer:
        with target.connect() as connection:
            together.wait()
            connection.sendall(request)
            return answer_on(connection)

    with ThreadPoolExecutor(len(requests)) as pool:
        return list(pool.map(one, requests))


# Order and isolation


@case("of many equal declarations at once one is made")
def one_winner(target: Target) -> None:
    for person in target.people()[: 4 * target.size]:
        answers = all_at_once(target, [target.request("POST", DECLARATIONS, declaration(person))] * 16)
        made = {it.json["data"]["id"] for it in answers if it.status == 200}
        assert len(made) <= 1, made
        assert {it.status for it in answers} <= {200, 422}


@case("the journal has writes in the order in which they were made, and undo takes back the last")
def order_of_writes(target: Target) -> None:
    odd = {f"unknown_{n}": n for n in range(300)}
    for person, other in zip(target.people()[::2], target.people()[1::2], strict=False):
        requests = [
            target.request("POST", DECLARATIONS, declaration(person, **odd)),
            target.request("POST", DECLARATIONS, declaration(other)),
        ]
        made = [it.json["data"]["id"] for it in all_at_once(target, requests) if it.status == 200]
        if len(made) < 2:
            continue
        assert target.control("POST", "/worlds/main/journal/undo").status == 200
        left = [target.ask("GET", f"{DECLARATIONS}/{it}").status for it in made]
        assert sorted(left) == [200, 404], left
        return


@case("worlds that are used at once do not see each other")
def isolation(target: Target) -> None:
    person = target.people()[0]
    names = [f"w{n}" for n in range(12 * target.size)]
    path = f"{DECLARATIONS}?page[per_page]=100"
    before = len(target.ask("GET", path, b"", "X-Sandbox-World: fresh").json["data"])
    body = declaration(person, "started", declaration_date="2025-10-02T00:00:00Z")
    answers = all_at_once(
        target, [target.request("POST", DECLARATIONS, body, f"X-Sandbox-World: {it}") for it in names]
    )
    after = [len(target.ask("GET", path, b"", f"X-Sandbox-World: {it}").json["data"]) for it in names]
    assert len(answers) == len(names)
    assert set(after) <= {before, before + 1}
    assert len({it.status for it in answers}) == 1  # equal worlds answer alike


# What was asked can be read


@case("half a surrogate pair in JSON leaves journal, exports and explanations readable")
def lone_surrogates(target: Target) -> None:
    body = b'{"data":{"attributes":{"participant_id":"\xed\xa0\x80","\xed\xb0\x80":1}}}'
    assert target.ask("POST", DECLARATIONS, body).status < 500
    readable(target)


@case("bytes that are no text leave journal, exports and explanations readable")
def no_text(target: Target) -> None:
    every = bytes(range(256))
    assert target.ask("POST", DECLARATIONS, every).status < 500
    target.send(target.request("GET", "/api/v3/statements?x=\xff\xfe%ff", b"", "X-Request-Id: \xff\x80"))
    readable(target)


@case("the explanation of a request for a page or a document that is none can be read")
def explained_pages(target: Target) -> None:
    for method, path in (
        *(("GET", "/_sandbox/openapi/v9.json"), ("GET", "/_sandbox/openapi/x/y"), ("POST", "/docs")),
        *(("POST", "/healthcheck"), ("TRACE", "/docs/v3"), ("TRACE", "/_sandbox/worlds"), ("PUT", "/")),
    ):
        assert target.ask(method, path).status < 500
    readable(target)


def readable(target: Target) -> None:
    """Everything that is kept of `main` can be read."""
    at = "/worlds/main/journal"
    numbers = [it["number"] for it in target.control("GET", at).json["exchanges"]]
    kept = [at, f"{at}/export", f"{at}/export?format=har", "/journal/export", "/worlds/main/export"]
    kept += [f"{at}/{n}{more}" for n in numbers for more in ("", "/explain", "/explain?format=text")]
    for path in kept:
        answer = target.control("GET", path)
        assert answer.status == 200, (path, answer.status, answer.body[:300])
        answer.body.decode()
    for page in ("/ui/worlds/main/journal", "/ui/report", *(f"/ui/worlds/main/journal/{n}" for n in numbers)):
        assert target.ask("GET", page).status == 200, page


# Size and work


@case("a body without end is refused before it is read, without a token too")
def endless_body(target: Target) -> None:
    megabytes = 64 * target.size
    piece = b"1," * (MEGABYTE // 2)
    head = target.request("POST", DECLARATIONS, b"", "Content-Type: application/json", token="")[:-2]
    before = target.memory()
    with target.connect() as connection:
        send_all(connection, [head + f"Content-Length: {megabytes * MEGABYTE}\r\n\r\n".encode(), *[piece] * megabytes])
        answer = answer_on(connection)
    assert answer.status in (413, 0), answer.status  # 0: closed while we were still sending
    assert target.memory() - before < 30


@case("a body in chunks without end is refused before it is read")
def endless_chunks(target: Target) -> None:
    megabytes = 64 * target.size
    chunk = b"%x\r\n" % MEGABYTE + b"1" * MEGABYTE + b"\r\n"
    head = target.request("POST", DECLARATIONS, b"", "Content-Type: application/json", "Transfer-Encoding: chunked")
    before = target.memory()
    assert target.send(head, *[chunk] * megabytes).status in (413, 0)
    assert target.memory() - before < 30


@case("100,000 unknown attributes cost no more than other bodies of their length")
def many_attributes(target: Target) -> None:
    body = declaration(target.people()[0], **{f"attribute_{n}": n for n in range(100_000)})
    before = target.processor()
    answer = target.ask("POST", DECLARATIONS, body)
    assert answer.status < 500
    assert target.processor() - before < CHEAP


@case("a name of a megabyte is refused in a few lines")
def long_names(target: Target) -> None:
    name = "change_nam" + "e" * MEGABYTE
    before = target.processor()
    for method, path, document in (
        ("POST", "/worlds/main/events", {"event": name, "with": {}}),
        ("POST", "/worlds", {"name": "x", "scenario": name}),
        ("POST", "/worlds", {"name": "x", "edition": name}),
        ("POST", "/worlds/main/faults", {"operation": name, "status": 503}),
        ("POST", "/worlds/main/faults", {name: 1}),
    ):
        answer = target.control(method, path, document)
        assert 400 <= answer.status < 500, answer.status
        assert len(answer.body) < LONGEST_COMPLAINT, (path, len(answer.body))
    assert target.processor() - before < 5 * CHEAP


@case("JSON that is deep, long or has huge numbers is answered")
def odd_json(target: Target) -> None:
    for body in (b"[" * 200_000, b'{"a":' * 100_000, b"9" * 500_000, b'{"data":' + b"1e" + b"9" * 5000 + b"}"):
        assert 400 <= target.ask("POST", DECLARATIONS, body).status < 500
        assert 400 <= target.ask("POST", "/_sandbox/worlds", body).status < 500


@case("a form of many parts is answered")
def many_parts(target: Target) -> None:
    part = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nv\r\n'
    head = "Content-Type: multipart/form-data; boundary=x"
    assert target.ask("POST", DECLARATIONS, part * 5000 + b"--x--\r\n", head).status < 500
    pairs = b"&".join(b"a[%d]=1" % n for n in range(20_000))
    assert target.ask("POST", DECLARATIONS, pairs, "Content-Type: application/x-www-form-urlencoded").status < 500
    readable(target)


@case("requests with headers of 250 kB do not fill the memory")
def long_headers(target: Target) -> None:
    for n in range(1500 * target.size):
        target.ask("GET", "/api/v3/statements?page[per_page]=1", b"", f"X-Long-{n}: {'a' * 250_000}")
    assert target.memory() < MOST_MEGABYTES, target.memory()


@case("long paths, each another, do not fill the memory")
def long_paths(target: Target) -> None:
    for n in range(2000 * target.size):
        target.ask("GET", f"/api/v3/{n}/{'a' * 100_000}")
    assert target.memory() < MOST_MEGABYTES, target.memory()


@case("unknown attributes that are kept do not fill the memory")
def kept_attributes(target: Target) -> None:
    body = declaration("nobody", **{f"attribute_{n}": "x" * 50 for n in range(2000)})
    for _ in range(300 * target.size):
        target.ask("POST", DECLARATIONS, body)
    assert target.memory() < MOST_MEGABYTES, target.memory()


# Others wait for nobody


@case("requests under a fault that waits hold up no other world")
def latency(target: Target) -> None:
    target.control("POST", "/worlds", {"name": "slow"})
    assert target.control("POST", "/worlds/slow/faults", {"path": "*", "latency": 5}).status == 201
    answered: list[str] = []
    request = target.request("GET", "/api/v3/statements", b"", "X-Sandbox-World: slow")

    def wait() -> None:
        assert target.send(request).status == 200
        answered.append("slow")

    waiting = [threading.Thread(target=wait) for _ in range(12)]
    for it in waiting:
        it.start()
    for _ in range(20):
        assert target.ask("GET", "/api/v3/statements", b"", "X-Sandbox-World: quick").status == 200
        answered.append("quick")
    for it in waiting:
        it.join()
    assert answered[:20] == ["quick"] * 20, answered


@case("connections that never finish their request hold up nobody")
def unfinished(target: Target) -> None:
    held = [target.connect() for _ in range(150 * target.size)]
    for n, it in enumerate(held):
        it.sendall(b"POST /api/v3/participant-declarations HTTP/1.1\r\nHost: localhost\r\n"[: 10 + n % 60])
    target.is_well()
    for it in held:
        it.close()
    target.is_well()


@case("connections that are cut off in the middle leave no trouble")
def cut_off(target: Target) -> None:
    whole = target.request("POST", DECLARATIONS, declaration("nobody"))
    for end in range(0, len(whole), 7):
        with target.connect() as connection:
            connection.sendall(whole[:end])
    target.is_well()


# HTTP itself


@case("a request with two lengths is refused or ends its connection, so that nothing is smuggled")
def two_lengths(target: Target) -> None:
    hidden = target.request("GET", "/api/v3/statements")
    for lengths in (
        b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
        b"Content-Length: 5\r\nContent-Length: 6\r\n",
    ):
        with target.connect() as connection:
            head = target.request("POST", DECLARATIONS)[:-2]
            send_all(connection, [head + lengths + b"\r\n0\r\n\r\n" + hidden])
            answer_on(connection)
            connection.settimeout(SOON)
            assert is_closed(connection), lengths


@case("what is no HTTP is refused or closed, and others are served")
def no_http(target: Target) -> None:
    for raw in (
        *(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"SSH-2.0-x\r\n", b"\0" * 100 + b"\r\n\r\n", b"GET\r\n\r\n"),
        *(
            b"GET / HTTP/9.9\r\n\r\n",
            b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            b"GET  /  HTTP/1.1\r\n\r\n",
            b"*1\r\n$4\r\nPING\r\n",
        ),
        *(b"GET / HTTP/1.1\r\nHost localhost\r\n\r\n", b"GET / HTTP/1.1\r\n: x\r\n\r\n"),
        *(b"GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", b"POST / HTTP/1.1\r\nContent-Length: 1e3\r\n\r\n"),
        *(b"GET / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n", b"GET http://[/ HTTP/1.1\r\n\r\n"),
        *(
            b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
            b"GET /" + b"a" * 300_000 + b" HTTP/1.1\r\n\r\n",
        ),
    ):
        with target.connect() as connection:
            send_all(connection, [raw])
            connection.shutdown(1)  # no more comes
            status = answer_on(connection).status
            assert status < 500 or status == 501, (raw[:40], status)  # 501: an encoding that is not implemented
    target.is_well()


@case("answers to requests that come together come in their order")
def pipelined(target: Target) -> None:
    paths = [f"/api/v3/participants/ecf/{it}" for it in target.people()[:20]]
    with target.connect() as connection:
        connection.sendall(b"".join(target.request("GET", it) for it in paths))
        stream = connection.makefile("rb")
        for path in paths:
            length = 0
            while line := stream.readline().strip():
                if line.lower().startswith(b"content-length:"):
                    length = int(line.split(b":")[1])
            assert path.rpartition("/")[2].encode() in stream.read(length)


# Who may ask


@case("a page from elsewhere and a name that is not this machine's get nothing")
def from_elsewhere(target: Target) -> None:
    for path in (
        "/_sandbox/worlds",
        "/_sandbox/journal/export",
        "/ui/",
        "/ui/worlds/main/journal",
        "/api/v3/statements",
    ):
        assert 400 <= target.ask("GET", path, host="attacker.example").status < 500, path
    for header in ("Origin: http://attacker.example", "Sec-Fetch-Site: cross-site"):
        assert target.ask("DELETE", "/_sandbox/worlds/main/journal", b"", header).status == 403
        assert target.ask("POST", "/_sandbox/worlds", b"{}", header).status == 403


@case("the control plane wants its token where one was given", "--control-token", "a-secret-of-the-test")
def control_token(target: Target) -> None:
    for header in ("X: y", "X-Sandbox-Token: a-secret-of-the-tes", "X-Sandbox-Token: \xff", "Authorization: Bearer "):
        assert target.ask("GET", "/_sandbox/worlds", b"", header).status == 401, header
        assert target.ask("GET", "/ui/worlds/main/journal", b"", header).status in (302, 303, 401, 403), header
    assert target.ask("GET", "/_sandbox/worlds", b"", "X-Sandbox-Token: a-secret-of-the-test").status == 200


@case("no path leads to a file that is not meant to be read")
def files(target: Target) -> None:
    for base in ("/docs/assets/", "/ui/assets/", "/_sandbox/openapi/", "/docs/", "/_sandbox/scenarios/"):
        for name in (
            "../../etc/passwd",
            "..%2f..%2f..%2fetc%2fpasswd",
            "%2e%2e/%2e%2e/etc/passwd",
            "/etc/passwd",
            "%00",
        ):
            answer = target.ask("GET", base + name)
            assert 300 <= answer.status < 500, (base + name, answer.status)
            assert b"root:" not in answer.body
    for scenario in ("/etc/passwd", "../../etc/passwd", "file:///etc/passwd"):
        assert target.control("POST", "/worlds", {"name": "x", "scenario": scenario}).status == 400


@case("no secret that a client sends is in a journal, an export or a page")
def secrets(target: Target) -> None:
    secret = "never-to-be-seen-again"
    names = ("Authorization", "Cookie", "X-Api-Key", "X-Auth-Token", "Proxy-Authorization")
    for name in names:
        value = f"Bearer {secret}" if "Authorization" in name else secret
        target.send(target.request("GET", "/api/v3/statements", b"", f"{name}: {value}", token=""))
    target.ask("GET", f"/api/v3/statements?access_token={secret}&token={secret}")
    numbers = [it["number"] for it in target.control("GET", "/worlds/main/journal").json["exchanges"]]
    at = "/worlds/main/journal"
    for path in (f"{at}/export", f"{at}/export?format=har", at, *(f"{at}/{n}" for n in numbers)):
        assert secret.encode() not in target.control("GET", path).body, path
    for n in numbers:
        assert secret.encode() not in target.ask("GET", f"/ui/worlds/main/journal/{n}").body


@case("markup in a request is text on every page")
def markup(target: Target) -> None:
    script = "<script>alert(1)</script>"
    target.ask("POST", DECLARATIONS, declaration(script, script))
    target.ask(
        "GET", "/api/v3/statements?filter[cohort]=%3Cscript%3Ealert(1)%3C/script%3E", b"", f"X-Request-Id: {script}"
    )
    numbers = [it["number"] for it in target.control("GET", "/worlds/main/journal").json["exchanges"]]
    pages = ["/ui/worlds/main/journal", "/ui/report", "/ui/stories/%3Cscript%3Ealert(1)%3C/script%3E"]
    pages += [f"/ui/worlds/main/journal/{n}{more}" for n in numbers for more in ("", "/why", "/again")]
    for page in pages:
        assert script.encode() not in target.ask("GET", page).body, page


@case("an import that would have ids given twice replaces no record")
def import_of_ids(target: Target) -> None:
    declared = (target.ask("POST", DECLARATIONS, declaration(it)) for it in target.people())
    assert next(it.status for it in declared if it.status == 200)
    document = target.control("GET", "/worlds/main/export").json | {"ids_taken": 0}
    if target.control("POST", "/worlds/copy/import", document).status >= 400:
        return
    path, world = f"{DECLARATIONS}?page[per_page]=1000", "X-Sandbox-World: copy"
    for person in target.people():
        before = {it["id"] for it in target.ask("GET", path, b"", world).json["data"]}
        answer = target.ask("POST", DECLARATIONS, declaration(person), world)
        after = {it["id"] for it in target.ask("GET", path, b"", world).json["data"]}
        assert before <= after
        assert len(after) == len(before) + (answer.status == 200), "a record was replaced"


@case("a request that is being answered when the server is told to stop is answered")
def stopped_under_load(target: Target) -> None:
    target.control("POST", "/worlds/main/faults", {"path": "*", "latency": 0.3})
    request = target.request("GET", "/api/v3/participants/ecf?page[per_page]=100")
    connections = [target.connect() for _ in range(4)]
    for it in connections:
        it.sendall(request)
    threading.Event().wait(0.1)  # until they have been read
    target.server.process.send_signal(SIGTERM)
    answers = [answer_on(it) for it in connections]
    for it in connections:
        it.close()
    assert [it.status for it in answers if it != CLOSED] == [200] * 4, answers
    assert all(len(it.body) == int(it.headers["content-length"]) for it in answers)
    assert target.server.process.wait(30) == 0
