"""The forms of an Authorization header, as in behaviour/http-and-partnerships.md#b3 and in recordings."""

import pytest

from ecf_sandbox.api.auth import authenticate, token_in
from ecf_sandbox.rulebook.refusals import OutOfScope, Unauthenticated
from tests.api.asking import a_world


@pytest.mark.parametrize(
    "header",
    [
        "Bearer t",
        "Bearer    t",
        "Bearer\tt",
        "Bearer t ",
        'Bearer "t"',
        "Bearer token=t",
        'Bearer token="t"',
        "Token t",
        'Token token="t"',
        "Bearer t,other",
        "Bearer t, foo=bar",
        "Bearer t;foo",
        "Bearer t\tfoo",
        "Bearer ,t",
    ],
)
def test_holds_the_token(header):
    assert token_in(header) == "t"


@pytest.mark.parametrize(
    "header",
    [
        "",
        "t",
        "Bearer",
        "Bearer ",
        "bearer t",
        "BEARER t",
        "Bearert",
        "Bearer: t",
        "Bearer=t",
        "Bearer t foo",
        "Bearer 't'",
        "Bearer T",
        "Bearer\u00a0t",
        "Bearer\u0085t",
        "\u00a0Bearer t",
        "Bearer token=",
        "Bearer access_token=t",
        "Bearer Bearer t",
        "Bearer other,t",
        "Bearer ,",
        "Basic dDo=",
        'Digest username="t"',
    ],
)
def test_does_not_hold_the_token(header):
    assert token_in(header) != "t"


class TestAuthenticate:
    world = a_world()

    def test_is_who_has_the_token(self):
        assert authenticate(self.world, self.world.state.records, "Bearer beta-token").id == "beta"

    @pytest.mark.parametrize("header", ["", "Bearer nonsense", "Bearer token="])
    def test_nobody_has_the_token(self, header):
        with pytest.raises(Unauthenticated):
            authenticate(self.world, self.world.state.records, header)

    @pytest.mark.parametrize("token", ["nobody-token", "learn-token"])
    def test_the_token_opens_something_else(self, token):
        with pytest.raises(OutOfScope):
            authenticate(self.world, self.world.state.records, f"Bearer {token}")
