"""The service of the DfE's how-to guide, as a value: where each of its parts is."""

from __future__ import annotations

from ecf_sandbox.ecf.editions import EDITIONS, SWITCHES
from ecf_sandbox.state.service import Service

_HERE = "ecf_sandbox.ecf"
SERVICE = Service(
    name="ecf",
    title="Lead Provider API",
    client="provider",
    editions=EDITIONS,
    switches=SWITCHES,
    parts={
        "routes": f"{_HERE}.routes:ROUTES",
        "records": f"{_HERE}.records:Records",
        "caller_of": f"{_HERE}.access:caller_of",
        "tokens": f"{_HERE}.queries.names:tokens",
        "names": f"{_HERE}.queries.names:names",
        "named_rows": f"{_HERE}.queries.names:NAMED",
        "named_moments": f"{_HERE}.queries.names:named_moments",
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
        "draw_happening": f"{_HERE}.properties.happenings:draw",
        "client_draws": f"{_HERE}.properties.drawing:",
        "client_invariants": f"{_HERE}.properties.invariants:INVARIANTS",
        "client_lists": f"{_HERE}.properties.invariants:LISTS",
        "client_tasks": f"{_HERE}.properties.tasks:TASKS",
        "draw_client_task": f"{_HERE}.properties.tasks:draw_task",
        "pages": f"{_HERE}.pages.pages:",
        "scenario_sections": f"{_HERE}.scenario.sections:Sections",
        "scenario_builder": f"{_HERE}.scenario.beginning:scenario_builder",
        "clients_of": f"{_HERE}.scenario.beginning:clients_of",
        "names_after": f"{_HERE}.scenario.beginning:names_after",
        "scenario_guide": f"{_HERE}.scenario.guide:GUIDE",
        "compared_lists": f"{_HERE}.compared_lists:COMPARED_LISTS",
        "documents": f"{_HERE}.shipped:DOCUMENTS",
        "expected": f"{_HERE}.shipped:EXPECTED",
        "scenarios": f"{_HERE}.shipped:SCENARIOS",
    },
)
