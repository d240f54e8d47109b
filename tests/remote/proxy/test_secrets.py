"""No token is kept: neither in memory, nor in a file, nor in anything that the journal is written out as."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecf_sandbox.control.har import as_har
from ecf_sandbox.ecf.service import SERVICE
from ecf_sandbox.remote.recorder import Recorder
from ecf_sandbox.remote.upstream import UpstreamResponse
from ecf_sandbox.state.exchange_codec import as_json_lines
from ecf_sandbox.state.redact import redacted_query
from ecf_sandbox.transport import environ_of
from tests.effort import examples

TOKEN = "s3cr3t-of-a-provider"
URL = "https://api.example.org"
SECRETS = st.text(st.sampled_from("ABCdef0189-_.~+/="), min_size=8, max_size=40)


def noted(target: str = "/api/v3/statements", *, answer: bytes = b"{}", body: bytes = b"", **headers: str) -> Recorder:
    notes = Recorder(URL, SERVICE)
    sent = [(name.replace("_", "-"), value) for name, value in headers.items()]
    answered = UpstreamResponse(
        200, "OK", [("Content-Type", "application/json"), ("Set-Cookie", f"s={TOKEN}")], answer, None
    )
    notes.note(environ_of("GET", target, sent, body), body, answered)
    return notes


def everything(notes: Recorder) -> str:
    """All that is kept, in every form in which it can be had."""
    journal = list(notes.world.journal)
    kept = repr([msgspec.structs.replace(it, before=None) for it in journal]) + repr(vars(notes._callers))
    return kept + as_json_lines(journal) + as_har(journal, URL)


class TestAToken:
    @pytest.mark.parametrize(
        "value",
        [
            f"Bearer {TOKEN}",
            f"bearer  {TOKEN}",
            f"Token token={TOKEN}",
            f'Token token="{TOKEN}", x=1',
            TOKEN,
            f"{TOKEN} more",
            f"Bearer {TOKEN}~world",
            f"Mine {TOKEN}",
        ],
    )
    def test_of_the_header_is_not_kept(self, value):
        assert TOKEN not in everything(noted(Authorization=value))

    @pytest.mark.parametrize("name", ["Cookie", "Proxy-Authorization", "X-Api-Key", "X-Sandbox-Token"])
    def test_of_another_header_is_not_kept(self, name):
        assert TOKEN not in everything(noted(**{name.replace("-", "_"): f"session={TOKEN}"}))

    @pytest.mark.parametrize("name", ["token", "access_token", "API-KEY", "%74oken", "filter[token]", "authorization"])
    def test_of_the_query_is_not_kept(self, name):
        notes = noted(f"/api/v3/statements?a=1&{name}={TOKEN};b=2")

        assert TOKEN not in everything(notes)
        assert "a=1" in everything(notes)

    def test_of_an_address_in_a_header_is_not_kept(self):
        assert TOKEN not in everything(noted(Referer=f"https://portal.example.org/?a=1&access_token={TOKEN}"))

    def test_that_the_server_repeats_is_not_kept(self):
        assert TOKEN not in everything(noted(Authorization=f"Bearer {TOKEN}", answer=f'{{"t": "{TOKEN}"}}'.encode()))

    def test_that_the_client_repeats_is_not_kept(self):
        target = f"/api/v3/statements/{TOKEN}?filter[{TOKEN}]={TOKEN}&sort={TOKEN}"

        assert TOKEN not in everything(noted(target, Authorization=f"Bearer {TOKEN}", body=f"x={TOKEN}".encode()))

    def test_in_a_cookie_of_the_answer_is_not_kept(self):
        assert TOKEN not in everything(noted())

    def test_leaves_its_scheme(self):
        assert "Bearer [redacted]" in everything(noted(Authorization=f"Bearer {TOKEN}"))

    @settings(max_examples=examples(40))
    @given(
        secret=SECRETS,
        form=st.sampled_from(["Bearer {}", "Token token={}", 'Token token="{}"', "{}", "Basic {}", "Bearer a {}"]),
    )
    def test_of_any_look_is_not_kept(self, secret, form):
        kept = everything(noted(Authorization=form.format(secret), answer=f"you are {secret}".encode()))

        assert secret not in kept


class TestAQuery:
    @settings(max_examples=examples(60))
    @given(query=st.text(st.sampled_from("ab=&;%[]"), max_size=20))
    def test_without_credentials_stays_as_it_is(self, query):
        assert redacted_query(query) == query
