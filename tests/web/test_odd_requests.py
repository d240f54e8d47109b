"""Pages and control plane answer whatever host and whatever bytes a request names."""

from __future__ import annotations

import pytest

from ecf_sandbox.api.response import Dropped
from ecf_sandbox.app import create_app
from ecf_sandbox.state.worlds import Worlds
from ecf_sandbox.transport import InProcess, environ_of
from tests.api.asking import a_world

PAGES = ("/ui/", "/ui/worlds/main", "/ui/worlds/main/journal", "/docs", "/_sandbox/worlds", "/_sandbox/openapi/v3.json")


@pytest.fixture
def app():
    return create_app(Worlds(a_world()))


def status(app, target, *, query=b"", host="127.0.0.1:8000"):
    """The status of an answer; the bytes of the query come as a server hands them over."""
    environ = environ_of("GET", target, [("Host", host)], b"") | {"QUERY_STRING": query.decode("latin-1")}
    answered = []
    b"".join(app.wsgi_app(environ, lambda status, _: answered.append(int(status[:3]))))
    return answered[0]


@pytest.mark.parametrize("query", [b"x=\xff", b"\xed\xa0\x80", b"find=caf\xe9&\xc3\xa9=1"], ids=repr)
@pytest.mark.parametrize("path", PAGES)
def test_a_query_may_have_bytes_that_are_no_text(app, path, query):
    assert status(app, path, query=query) in (200, 400)


@pytest.mark.parametrize("host", [".0.0.1:8000", "[", "a b", "127.0.0.1:x", ""], ids=repr)
@pytest.mark.parametrize("path", [*PAGES, "/ui/worlds/none", "/ui/worlds/main/reset.json", "/ui/none"])
def test_a_host_that_is_no_name_is_no_mistake_of_ours(app, path, host):
    assert status(app, path, host=host) < 500


def test_a_query_in_utf_8_is_read_as_text(app):
    environ = environ_of("GET", "/_sandbox/worlds/main/journal?provider=%26é", [("Host", "localhost")], b"")

    assert "&é" in b"".join(app.wsgi_app(environ, lambda *_: None)).decode()


@pytest.mark.parametrize("path", ["/_sandbox/openapi/v9.json", "/docs/v9", "/docs/assets/none.js"])
def test_a_page_that_is_not_there_is_answered_as_by_the_service_and_dropped_where_a_fault_drops(path):
    worlds = Worlds(a_world())
    app = create_app(worlds)
    assert status(app, path) == 404

    send = InProcess(app.wsgi_app)
    body = b'{"status": 503, "count": 1, "drop": true}'
    assert send("POST", "/_sandbox/worlds/main/faults", [("Content-Type", "application/json")], body).status < 300
    with pytest.raises(Dropped):
        status(app, path)
