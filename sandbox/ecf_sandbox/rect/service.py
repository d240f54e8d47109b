"""Register early career teachers, the service that providers call since April 2026, as a value."""

from __future__ import annotations

from ecf_sandbox.rect.editions import EDITIONS, SWITCHES
from ecf_sandbox.state.service import Service

_HERE = "ecf_sandbox.rect"
SERVICE = Service(
    name="rect",
    title="Register early career teachers API",
    client="provider",
    editions=EDITIONS,
    switches=SWITCHES,
    parts={
        "http": f"{_HERE}.http:HTTP",
        "routes": f"{_HERE}.routes:ROUTES",
        "records": f"{_HERE}.records:Records",
        "caller_of": f"{_HERE}.access:caller_of",
        "tokens": f"{_HERE}.queries.names:tokens",
        "names": f"{_HERE}.queries.names:names",
        "named_rows": f"{_HERE}.queries.names:NAMED",
        "named_moments": f"{_HERE}.queries.moments:named_moments",
        "falls_due": f"{_HERE}.actions.passing_time:falls_due",
        "events": f"{_HERE}.events.registry:EVENTS",
        "event_examples": f"{_HERE}.events.examples:EXAMPLES",
        "event_introduction": f"{_HERE}.events.examples:INTRODUCTION",
        "rulebooks": f"{_HERE}.rules.catalogue:RULEBOOKS",
        "rules_introduction": f"{_HERE}.rules.catalogue:INTRODUCTION",
        "rule_examples": f"{_HERE}.rules.catalogue:EXAMPLES",
        "advice": f"{_HERE}.explain.advice:ADVICE",
        "words": f"{_HERE}.explain.wording:WORDS",
        "name_of": f"{_HERE}.explain.wording:name_of",
        "checks": f"{_HERE}.checks:CHECKS",
        "worth_checking": f"{_HERE}.observed:worth_checking",
        "filters_of_whole_lists": f"{_HERE}.observed:FILTERS_OF_WHOLE_LISTS",
        "personal_attributes": f"{_HERE}.report.personal:KINDS",
        "examples": f"{_HERE}.examples:candidates",
        "event_example": f"{_HERE}.examples:event",
        "person": f"{_HERE}.queries.inside:person",
        "statement": f"{_HERE}.queries.inside:statement",
        "checklist": f"{_HERE}.report.checklist:checklist",
        "compared_lists": f"{_HERE}.compared_lists:COMPARED_LISTS",
        "pages": f"{_HERE}.pages.pages:",
        "fuzzing": f"{_HERE}.contract.fuzzing:FUZZING",
        "scenario_sections": f"{_HERE}.scenario.sections:Sections",
        "scenario_builder": f"{_HERE}.scenario.beginning:scenario_builder",
        "scenario_guide": f"{_HERE}.scenario.guide:GUIDE",
        "names_after": f"{_HERE}.scenario.beginning:names_after",
        "expected": f"{_HERE}.shipped:EXPECTED",
        "documents": f"{_HERE}.shipped:DOCUMENTS",
        "scenarios": f"{_HERE}.shipped:SCENARIOS",
    },
)
