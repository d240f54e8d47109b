"""A page repeats no more of what it was asked for than somebody types."""

from __future__ import annotations

import pytest

from tests.web.ui.worlds import MAIN, a_browser

pytestmark = pytest.mark.slow

LONG = "x" * 100_000
PAGES = {
    "a search for stories": "/ui/?q={}",
    "a rule to look for": f"{MAIN}/journal?rule={{}}",
    "a path to look for": f"{MAIN}/journal.json?path={{}}",
    "a status to look for": f"{MAIN}/journal?status={{}}",
    "a person to find": f"{MAIN}/people?find={{}}",
    "a parameter that no page has": f"{MAIN}/schools?{{}}=1",
    "a name to change": f"{MAIN}/act/change_name?full_name={{}}",
    "a moment to go to": f"{MAIN}/clock?to={{}}",
    "a page to come back to": "/ui/login?next={}",
}
FORMS = {
    "a name to change": (f"{MAIN}/act/change_name", "full_name"),
    "a moment to go to": (f"{MAIN}/clock", "to"),
    "a control token": ("/ui/login", "token"),
    "a field that no form has": (f"{MAIN}/act/change_name", "nothing"),
}


@pytest.fixture(scope="module")
def client():
    return a_browser(control_token="s3cret").client


@pytest.fixture(scope="module", autouse=True)
def logged_in(client):
    client.post("/ui/login", data={"token": "s3cret"})


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_an_address_that_is_too_long_is_refused_in_short(client, page):
    answer = client.get(page.format(LONG))

    assert answer.status_code == 414
    assert len(answer.data) < 5000


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_one_of_some_hundred_characters_is_answered(client, page):
    assert client.get(page.format("x" * 500)).status_code in (200, 404)


@pytest.mark.parametrize(("page", "field"), FORMS.values(), ids=FORMS)
def test_a_form_that_is_too_long_is_refused_in_short(client, page, field):
    answer = client.post(page, data={field: LONG})

    assert answer.status_code == 413
    assert len(answer.data) < 5000
