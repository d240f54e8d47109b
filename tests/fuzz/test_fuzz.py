"""A fixed number of drawn requests finds nothing, and what there is to be found, it would find."""

from __future__ import annotations

import pytest

from ecf_sandbox.api.routes import ID
from ecf_sandbox.app import create_app
from ecf_sandbox.services import SERVICES, service_named
from ecf_sandbox.transport import Reply
from tests.fuzz.campaign import ROUND, campaign
from tests.fuzz.corpus import corpus
from tests.fuzz.minimal import minimal
from tests.fuzz.request import Request, read
from tests.fuzz.subject import Subject

pytestmark = pytest.mark.slow

REQUESTS, SEED = 6000, 1
LIST = Request("GET", b"/api/v3/statements", ((b"Authorization", b"Bearer ambition-token"),))


def test_no_request_is_a_mistake_of_ours_and_all_can_be_read_afterwards():
    found = campaign(REQUESTS, SEED)

    assert not found.failures, found.told()
    assert found.requests == REQUESTS


def test_a_seed_draws_the_same_each_time():
    first, again = campaign(1000, SEED, begin_with=[LIST]), campaign(1000, SEED, begin_with=[LIST])

    assert first.answers == again.answers
    assert len(first.answers) > 3  # not all the same


def faulty(worlds):
    """The application, but for one that fails where a body has two letters and a path one."""
    app = create_app(worlds).wsgi_app

    def failing(environ, start_response):
        body = environ["wsgi.input"].getvalue()
        if b"XQ" in body and b"v3" in environ["PATH_INFO"].encode("latin-1"):
            raise RuntimeError("as planned")
        return app(environ, start_response)

    return failing


def test_a_mistake_is_told_with_the_least_that_makes_it():
    asked = Request("POST", LIST.target + b"?a=1&b=2", LIST.headers, b"before XQ after" * 20)

    found = campaign(40, SEED, lambda service: Subject(service, faulty), begin_with=[LIST, asked])

    ((kind, (failure, requests)),) = found.failures.items()
    assert kind.startswith("RuntimeError")
    assert "as planned" in failure.detail
    assert requests == (Request("POST", LIST.target, (), b"XQ"),)
    assert "XQ" in found.told()


def test_what_cannot_be_read_afterwards_is_a_mistake_too():
    def forgetful(worlds):
        app = create_app(worlds).wsgi_app

        def failing(environ, start_response):
            export = environ["PATH_INFO"].endswith("/export")
            if export and any(b"XQ" in it.request_body for it in worlds.main.journal):
                raise RuntimeError("as planned")
            return app(environ, start_response)

        return failing

    asked = Request("POST", LIST.target, LIST.headers, b"XQ")

    found = campaign(40, SEED, lambda service: Subject(service, forgetful), begin_with=[LIST, asked])

    assert any(kind.startswith("unreadable afterwards: RuntimeError") for kind in found.failures)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_fault_that_somebody_set_is_no_mistake(method):
    subject = Subject()
    subject.send(Request("POST", b"/_sandbox/worlds/main/faults", (), b'{"status": 503}'))

    reply = subject.send(Request(method, LIST.target, LIST.headers))

    assert isinstance(reply, Reply)
    assert reply.status == 503


@pytest.mark.parametrize("service", SERVICES)
def test_every_route_of_every_service_is_asked(service):
    routes = {(it.method, it.path.split("/")[-1]) for it in service_named(service).routes if not it.path.endswith(ID)}

    asked = {(it.method, it.target.decode("latin-1").partition("?")[0].split("/")[-1]) for it in corpus(service)}

    assert routes <= asked


def test_a_campaign_asks_every_service():
    asked = []

    def noted(service):
        asked.append(service)
        return Subject(service)

    campaign(2 * ROUND, SEED, noted, begin_with=[LIST])

    assert asked == list(SERVICES)


def test_the_fewest_of_many_requests_are_kept():
    many = [Request("GET", f"/{n}".encode()) for n in range(40)]

    kept = minimal(many, lambda requests: {b"/7", b"/31"} <= {it.target for it in requests})

    assert [it.target for it in kept] == [b"/7", b"/31"]


@pytest.mark.parametrize("raw", [b"", b"\0\xff", b"get /a b\nx\n: y\nz: 1\n\n\n\nbody", b" / \n\n"], ids=repr)
def test_any_bytes_are_a_request(raw):
    request = read(raw)

    assert read(request.written()) == request
