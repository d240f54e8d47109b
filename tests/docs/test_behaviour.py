"""What the code cites is in the behaviour specification, `docs/behaviour/`."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ecf_sandbox.ecf.editions import SWITCHES
from ecf_sandbox.ecf.service import SERVICE
from ecf_sandbox.rulebook.catalogue import catalogue
from tests.docs.pages import ROOT
from tests.docs.test_links import anchors

DOCS = ROOT / "docs"
_CITING = ("sandbox", "tests", "scenarios", "openapi", "docs", "examples")
_SUFFIXES = {".py", ".md", ".yaml", ".yml", ".toml", ".txt", ".json", ".html", ".js"}
_SOURCE = re.compile(
    r"behaviour/[\w-]+\.md#[\w-]+(, behaviour/[\w-]+\.md#[\w-]+)*(, where [\w ]+)?(; guidance: [A-Z][\w ]+)?"
)
# A path with its anchor, and further anchors of the same document.
_REFERENCE = re.compile(r"\b(behaviour/[\w-]+\.md)((?:(?:,|,? and| to)?\s*(?:#\s+)?#[\w-]+)*)")
# How the documents were cited before they were part of the project.
_OLD = re.compile(
    r"\bspec/[\w-]+(?:\.md|…)|\bspec [AB]\d+|\b(?:ERRATA|EDITIONS)\.md|\bconformance (?:http|declarations)/"
)
_GUIDANCE = re.compile(r"guidance: ([A-Z][\w ]+)")


def citing():
    """The files that may cite the specification: all but the documents' own account of citing, and this one."""
    own = {Path(__file__).resolve(), DOCS / "behaviour" / "README.md"}
    files = (it for folder in _CITING for it in (ROOT / folder).rglob("*"))
    return sorted(it for it in files if it.suffix in _SUFFIXES and it.is_file() and it not in own)


def references(text):
    """Each reference in a text, as path and anchor; without an anchor, None."""
    for path, cited in _REFERENCE.findall(text):
        names = re.findall(r"#([\w-]+)", cited)
        yield from ((path, it) for it in names or [None])


def dangling(text, known):
    """The references of a text that lead to no anchor. Only the folder's own page may be cited as a whole."""
    return [
        f"{path}#{it}" if it else path
        for path, it in references(text)
        if it not in known.get(path, ()) and (path, it) != ("behaviour/README.md", None)
    ]


def documents():
    """The anchors of each document, by the path that is cited."""
    return {str(it.relative_to(DOCS)): anchors(it) for it in (DOCS / "behaviour").glob("*.md")}


def test_every_reference_leads_to_an_anchor():
    known = documents()
    found = [f"{it.relative_to(ROOT)}: {lost}" for it in citing() for lost in dangling(it.read_text(), known)]

    assert not found, "\n" + "\n".join(found)


def test_no_reference_has_the_form_of_old():
    found = [
        f"{it.relative_to(ROOT)}:{number}: {line.strip()}"
        for it in citing()
        for number, line in enumerate(it.read_text().splitlines(), 1)
        if _OLD.search(line)
    ]

    assert not found, "\n" + "\n".join(found)


@pytest.mark.parametrize(
    ("text", "lost"),
    [
        pytest.param("(behaviour/a.md#1-2)", [], id="one"),
        pytest.param(
            "behaviour/a.md#1-2, #2 to #3 and #4", ["behaviour/a.md#3", "behaviour/a.md#4"], id="several anchors"
        ),
        pytest.param("behaviour/a.md#9, behaviour/b.md#b1", ["behaviour/a.md#9"], id="two documents"),
        pytest.param("behaviour/c.md#1", ["behaviour/c.md#1"], id="an unknown document"),
        pytest.param("see behaviour/a.md.", ["behaviour/a.md"], id="no anchor"),
    ],
)
def test_a_reference_is_found_in_each_of_its_forms(text, lost):
    assert dangling(text, {"behaviour/a.md": {"1-2", "2"}, "behaviour/b.md": {"b1"}}) == lost


def test_the_source_of_each_rule_is_references_and_headings():
    unreadable = [f"{it.id}: {it.source}" for it in catalogue(SERVICE) if not _SOURCE.fullmatch(it.source)]

    assert not unreadable, "\n" + "\n".join(unreadable)


def test_what_is_cited_of_the_guidance_is_a_heading_of_it():
    listed = set(re.findall(r"^\| ([A-Z][\w ]+) \| \[", (DOCS / "behaviour" / "README.md").read_text(), re.MULTILINE))
    cited = {it for entry in catalogue(SERVICE) for it in _GUIDANCE.findall(entry.source)}

    assert cited <= listed


def test_every_switch_of_the_editions_has_an_anchor():
    assert {it.replace("_", "-") for it in SWITCHES} <= documents()["behaviour/editions.md"]
