"""Reference pages are what the code prints."""

from __future__ import annotations

import pytest

from ecf_sandbox.cli import reference
from ecf_sandbox.control import description, event_reference
from ecf_sandbox.moving import page
from ecf_sandbox.rulebook import catalogue as rules
from ecf_sandbox.scenario import file_reference, file_schema, load_scenario
from ecf_sandbox.scenario.loading import DEFAULT
from ecf_sandbox.services import service_named
from ecf_sandbox.tools.observer import build_expected, catalogue
from tests.docs.pages import ROOT


def rules_page(service):
    return rules.as_markdown(rules.catalogue(service), service)


@pytest.mark.parametrize(
    ("name", "print_it"),
    [
        ("command-line.md", reference.as_markdown),
        ("control-plane.md", description.as_markdown),
        ("events.md", event_reference.as_markdown),
        ("rect-events.md", lambda: event_reference.as_markdown(load_scenario(DEFAULT, seed="sandbox", service="rect"))),
        ("findings.md", catalogue.page),
        ("rect-rules.md", lambda: rules_page(service_named("rect"))),
        ("scenario-file.md", file_reference.as_markdown),
        ("rect-scenario-file.md", lambda: file_reference.as_markdown(service_named("rect"))),
        ("moving-to-rect.md", page.as_markdown),
    ],
)
def test_the_page_is_up_to_date(name, print_it):
    assert (ROOT / "docs" / name).read_text() == print_it(), "print it anew: make docs"


@pytest.mark.parametrize(("name", "file"), [("ecf", "expected.json"), ("rect", "rect-expected.json")])
def test_the_observer_expects_what_the_documents_say(name, file):
    assert (ROOT / "openapi" / file).read_text() == build_expected.as_json(service_named(name)), (
        "print it anew: make docs"
    )


def test_the_schema_for_editors_is_up_to_date():
    file = ROOT / "scenarios" / "scenario.schema.json"
    assert file.read_text(encoding="utf-8") == file_schema.as_json(), "print it anew: make docs"
