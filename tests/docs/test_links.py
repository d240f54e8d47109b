"""No link in the documentation leads nowhere."""

from __future__ import annotations

import re

import pytest

from tests.docs.pages import PAGES, ROOT

_LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)
_CODE = re.compile(r"^```.*?^```$|^ {4}.*$", re.MULTILINE | re.DOTALL)


def anchors(page):
    """The names that headings get: small letters, hyphens for spaces, nothing but letters, digits, hyphens."""
    found = set()
    for it in _HEADING.findall(page.read_text()):
        name = re.sub(r"[^\w\- ]", "", it.lower()).strip().replace(" ", "-")
        found.add(name)
    return found | set(re.findall(r'<a (?:id|name)="([^"]+)"', page.read_text()))


@pytest.mark.parametrize("page", PAGES, ids=lambda it: str(it.relative_to(ROOT)))
def test_every_link_leads_to_something_in_the_project(page):
    for link in _LINK.findall(_CODE.sub("", page.read_text())):
        target, _, anchor = link.partition("#")
        if target.startswith(("http:", "https:", "mailto:")):
            continue
        found = (page.parent / target).resolve() if target else page
        assert found.exists(), f"{page.name} links to {link}"
        assert found.is_relative_to(ROOT)
        assert not anchor or found.suffix != ".md" or anchor in anchors(found), f"{page.name} links to {link}"
