"""The description of the behaviour can be cited by section, rule and step: each has an anchor of its own."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from tests.docs.pages import ROOT

_DOCUMENTS = sorted((ROOT / "docs" / "behaviour").glob("*.md"))
_ANCHOR = re.compile(r'<a id="([^"]+)"></a>')
_NUMBERED = re.compile(r"#+ ([A-H]|[A-H]?\d+(?:\.\d+)*)\.? ")


@pytest.mark.parametrize("document", _DOCUMENTS, ids=lambda it: it.name)
def test_no_two_places_of_a_document_have_the_same_anchor(document):
    found = Counter(_ANCHOR.findall(document.read_text()))

    assert [name for name, times in found.items() if times > 1] == []


@pytest.mark.parametrize("document", _DOCUMENTS, ids=lambda it: it.name)
def test_a_numbered_section_has_its_number_as_its_anchor(document):
    lines = document.read_text().splitlines()

    for above, line in zip(["", *lines], lines, strict=False):
        if number := _NUMBERED.match(line):
            assert above == f'<a id="{number[1].lower().replace(".", "-")}"></a>', line
