"""The pictures of the documentation can be taken, and are small; with `--pictures` they are taken anew."""

from __future__ import annotations

import pytest

from tests.served import standing
from tests.web.browser.driving import PROJECTOR, tab_of
from tests.web.ui.pictures import FOLDER, MOST, NOW, PICTURES, digest, stamped

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_can_be_taken(browser, request, name):
    # As wide as a page of documentation shows it.
    with standing(NOW) as sandbox, tab_of(browser, sandbox.url, PROJECTOR, scale=0.625) as it:
        answer = it.page.goto(sandbox.url + PICTURES[name])
        it.page.evaluate("document.activeElement.blur()")
        picture = stamped(it.page.screenshot(), digest(answer.text()))

    assert len(picture) < MOST
    if request.config.getoption("--pictures", default=False):
        (FOLDER / f"{name}.png").write_bytes(picture)
